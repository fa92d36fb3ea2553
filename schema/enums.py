"""Enums under their public names. Inside, a case's `Status` needs no prefix; in an API of everything it does."""

from enum import Enum
from typing import Any

import strawberry

from cases.vocabulary import FactKind, Status, StatusReason
from entitlements.vocabulary import Allocation, DecrementOn, OveragePolicy, Period, PostingKind, Trigger
from reports.dimensions import Dimension
from sla.clock import State
from sla.kpis import Reopening
from sla.moments import Signal
from sla.policy import Deed, Unit
from sla.responses import Sender

_PUBLIC_NAMES: dict[type[Enum], str] = {
    Status: "CaseStatus",
    StatusReason: "CaseStatusReason",
    FactKind: "CaseEventKind",
    State: "SlaKpiInstanceState",
    Unit: "SlaUnit",
    Deed: "SlaDeed",
    Signal: "SlaSignal",
    Reopening: "SlaReopening",
    Sender: "MessageSender",
    Allocation: "EntitlementAllocation",
    DecrementOn: "EntitlementDecrementOn",
    OveragePolicy: "EntitlementOveragePolicy",
    Period: "EntitlementPeriod",
    PostingKind: "EntitlementPostingKind",
    Trigger: "EntitlementTrigger",
    Dimension: "ReportDimension",
}


def public_enum(enum: type[Enum]) -> type[Enum]:
    """The enum, known to GraphQL under its public name and with its docstring as description."""
    if "__strawberry_definition__" not in vars(enum):
        strawberry.enum(enum, name=_PUBLIC_NAMES.get(enum, enum.__name__), description=enum.__doc__)
    return enum


def public_type(of: Any) -> Any:
    """A plain Python type as GraphQL takes it: enums become public, everything else is known already."""
    return public_enum(of) if isinstance(of, type) and issubclass(of, Enum) else of
