"""Reports as clients see them. A line of `Reports` makes one public: as a field, and as a file (`web/reports.py`)."""

import inspect
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any, Final, get_args, get_type_hints
from uuid import UUID

import strawberry
from strawberry import UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

import models
from reports import (
    agent_workload,
    backlog,
    backlog_ages,
    breach_forecast,
    entitlement_consumption,
    flow,
    pause_audit,
    response_times,
    sla_attainment,
)
from reports.dimensions import Dimension, Part
from reports.report import Report, may_read
from schema.connections import arguments_named
from schema.context import Context, Info
from schema.derived import NAMES, Member, derive_type, required
from schema.enums import public_enum, public_type
from schema.filters import condition_of, within_sight
from schema.ids import public_id

REPORTS: Final[dict[str, Report]] = {}
"""Every public report by its name."""

ROWS_PRICED: Final = 50
ROW_COST: Final = 4
GROUPS_PRICED: Final = 3
"""What an answer is taken to be when its price is told before it runs: a page with all reports is within the limit."""

_MODELS: Final[Mapping[str, Any]] = {"CaseWhere": models.Case, "EntitlementWhere": models.Entitlement}


@strawberry.input(description="The days that a report is about, in the zone of the tenant.")
class ReportPeriod:
    from_: date | None = strawberry.field(
        name="from", default=UNSET, description="The first day; without one, 30 days before `to`."
    )
    to: date | None = strawberry.field(
        default=UNSET, description="The day before which it ends; without one, the day after today."
    )


@strawberry.type(description="What a row of a report is about, in one dimension.")
class ReportGroup:
    dimension: public_enum(Dimension)  # type: ignore[valid-type]
    key: str | None = strawberry.field(
        description="The id of a row, the name of a member of an enum or of a KPI, or the first day of a stretch; null "
        "for what has none, such as cases of no team."
    )
    label: str = strawberry.field(description="The key in words.")


class ReportField(StrawberryField):
    """The rows of one report."""

    @property
    def is_basic_field(self) -> bool:
        return False

    @property
    def report(self) -> Report:
        found: Report = self.metadata["report"]
        return found

    @property
    def arguments(self) -> list[StrawberryArgument]:
        dimension: Any = public_enum(Dimension)
        said: dict[str, Any] = {"period": ReportPeriod | None, "by": list[dimension] | None}
        said |= {"hours": int | None, "which": f"{self.report.where} | None"}
        return [
            StrawberryArgument(_SPELLED.get(name, name), None, StrawberryAnnotation(of, namespace=NAMES))
            for name, of in said.items()
            if name in self.report.takes
        ]

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        """The arguments follow from the report; the library's copies of a field may set them, to no effect."""

    async def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        context: Context = info.context
        given = {name: value for name, value in kwargs.items() if value is not UNSET and value is not None}
        period = given.pop("period", None) or ReportPeriod()
        with arguments_named():
            if "where" in given:
                asked = condition_of(given.pop("where"), context.limits)
                given["which"] = within_sight(asked, _MODELS[self.report.where], context.viewer)
            given |= {"by": [Dimension(one) for one in given["by"]]} if "by" in given else {}
            rows = await self.report.read(
                context.viewer, period.from_ or None, period.to or None, now=context.now, limits=context.limits, **given
            )
        return [_shown(row) for row in rows]


_SPELLED: Final = {"which": "where"}


def report(of: Report) -> Any:
    """The field that answers with the rows of a report."""
    REPORTS[of.name] = of
    derive_type(of.row.__name__, _members(of.row), inspect.getdoc(of.row) or "")
    field = ReportField(
        metadata={"report": of, "cost": ROW_COST, "size": ROWS_PRICED},
        type_annotation=StrawberryAnnotation(f"list[{of.row.__name__}]", namespace=NAMES),
        description=inspect.getdoc(of.rows),
    )
    field.init = False  # nobody gives it a value: it is read when it is asked for
    return field


def _members(row: type) -> dict[str, Member]:
    hints = get_type_hints(row, include_extras=True)
    groups = Member(list[ReportGroup], "What the row is about.", default=MISSING, size=GROUPS_PRICED)
    return {name: groups if name == "groups" else _figure(hint) for name, hint in hints.items()}


def _figure(hint: Any) -> Member:
    """A figure with what is said of it."""
    of, about = get_args(hint)
    return required(public_type(of), about)


def _shown(row: Any) -> Any:
    """The row with public keys."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    values["groups"] = [
        ReportGroup(dimension=part.dimension, key=public_key(part), label=part.label) for part in row.groups
    ]
    return NAMES[type(row).__name__](**values)


def public_key(part: Part) -> str | None:
    """The key of a part as clients know it."""
    match part.key:
        case None:
            return None
        case UUID() if part.table is not None:
            return public_id(part.table.__name__, part.key)
        case date():
            return part.key.isoformat()
        case _:
            return str(part.key)


@strawberry.type(description="Figures of what happened, as lists of rows. Dates are days of the tenant's zone.")
class Reports:
    sla_attainment = report(sla_attainment.REPORT)
    response_times = report(response_times.REPORT)
    backlog = report(backlog.REPORT)
    backlog_ages = report(backlog_ages.REPORT)
    flow = report(flow.REPORT)
    breach_forecast = report(breach_forecast.REPORT)
    entitlement_consumption = report(entitlement_consumption.REPORT)
    agent_workload = report(agent_workload.REPORT)
    pause_audit = report(pause_audit.REPORT)


async def reports(info: Info) -> Reports | None:
    """Figures of what happened; null for customers, and without the scope to read."""
    return Reports() if may_read(info.context.viewer) else None
