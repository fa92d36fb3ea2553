"""Automation as clients see it: rules, what they did, and what they would make of a case."""

from typing import TYPE_CHECKING, Any

import strawberry
from strawberry import ID, auto
from strawberry.scalars import JSON

import models
from actions.automating import names_of, rows_of
from actions.stored_rules import readable
from cases.automation import AutomationTrigger, told
from cases.case_fields import CaseField
from cases.conditions import EVERYTHING, All, explain
from cases.vocabulary import Origin, Priority, Role, Severity, StatusReason
from models.reading import by_ids, select
from models.statements import Order
from models.visibility import visible
from schema.connections import Connection, children
from schema.context import Context, Info
from schema.derived import NAMES, Member, derive_input, required, settle
from schema.enums import public_enum
from schema.ids import read_id
from schema.mirror import mirrors
from schema.node import Node
from schema.relations import one, related
from schema.routing_views import traced

if TYPE_CHECKING:
    from schema.cases import Case


@mirrors(models.AutomationRule, order=("name", "place", "next_at"))
class AutomationRule(Node):
    name: auto
    place: auto
    active: auto
    trigger: auto
    watched: list[public_enum(CaseField)]  # type: ignore[valid-type]
    when: auto
    actions: auto
    every_minutes: auto
    idle_minutes: auto
    next_at: auto
    created_at: auto
    runs: "Connection[AutomationRun]" = children("rule", newest_first=True)


@mirrors(models.AutomationRun, order=("created_at",))
class AutomationRun(Node):
    rule_name: auto
    outcome: auto
    event_number: auto
    version_after: auto
    depth: auto
    did: list[str]
    why: auto
    created_at: auto
    rule: "AutomationRule | None" = related()
    case: "Case | None" = related()


@strawberry.type(description="What a rule would make of a case as it stands, if it was set off now.")
class AutomationVerdict:
    key: strawberry.Private[Any]
    name: str
    trigger: public_enum(AutomationTrigger)  # type: ignore[valid-type]
    active: bool
    held: bool = strawberry.field(description="Whether its condition holds.")
    trace: JSON = strawberry.field(description="The condition part by part, with what was seen of the case.")
    would_do: list[str] = strawberry.field(description="What it does where its condition holds, in words.")

    @strawberry.field(description="The rule itself.")
    async def rule(self, info: Info) -> Any:
        return await one(info.context, models.AutomationRule, self.key)


async def preview_automation(info: Info, case_id: ID) -> list[AutomationVerdict] | None:
    """What every rule would make of a case, active or not, in their order: which part of its condition holds, and what
    it would do. Writes nothing.

    Null if there is no such case for this viewer; for customers there is nothing to see.
    """
    context: Context = info.context
    case = await _case(context, case_id)
    if case is None or context.viewer.role is Role.CUSTOMER:
        return None
    theirs = All((visible(models.AutomationRule, context.viewer), EVERYTHING))
    stored = await select(models.AutomationRule, theirs, order=(Order("place"), Order("id")))
    rules = [(row, rule) for row in stored if (rule := readable(row)) is not None]
    row = (await rows_of([rule for _, rule in rules], [case]))[case.id]
    names = await names_of(deed for _, rule in rules for deed in rule.deeds)
    shown = []
    for of, rule in rules:
        trace = explain(rule.when, row)
        shown.append(
            AutomationVerdict(
                key=of.id,
                name=of.name,
                trigger=of.trigger,
                active=of.active,
                held=trace.held,
                trace=traced(trace),
                would_do=[told(deed, names) for deed in rule.deeds],
            )
        )
    return shown


async def _case(context: Context, public: str) -> models.Case | None:
    parsed = read_id(public)
    if parsed is None or parsed[0] != models.Case.__name__:
        return None
    found = await by_ids(models.Case, [parsed[1]], visible(models.Case, context.viewer))
    return found.get(parsed[1])


settle(AutomationVerdict, {"rule": "AutomationRule | None"})
NAMES["CaseField"] = public_enum(CaseField)

derive_input(
    "AutomationChangesInput",
    {
        "title": Member(str | None),
        "priority": Member(public_enum(Priority) | None),
        "severity": Member(public_enum(Severity) | None),
        "origin": Member(public_enum(Origin) | None),
        "type_id": Member(ID | None),
        "subject_id": Member(ID | None),
        "product_id": Member(ID | None),
        "deadline_in_minutes": Member(int | None, "Counted from when the rule acts."),
        "follow_up_in_minutes": Member(int | None, "Counted from when the rule acts."),
    },
    "Fields of a case that a rule sets.",
)
derive_input(
    "AutomationNoticeInput",
    {"text": required(str), "person_id": Member(ID | None), "team_id": Member(ID | None)},
    "What a rule tells somebody: a person, everybody in a team, or, if nobody is named, the owner of the case.",
)
derive_input(
    "AutomationActionInput",
    {
        "set": Member("AutomationChangesInput | None"),
        "status_reason": Member(public_enum(StatusReason) | None, "Moves the case on, into a pause, or out of one."),
        "assign_person_id": Member(ID | None),
        "assign_team_id": Member(ID | None),
        "unassign": Member(bool | None, "Takes it from its owner."),
        "queue_id": Member(ID | None, "Puts it into a queue, out of another one if it is in one."),
        "routing_rules": Member(bool | None, "Sends it where the routing rules say."),
        "sla_policy_id": Member(ID | None, "Unless somebody has chosen a policy by hand."),
        "comment": Member(str | None, "Notes something, among the staff."),
        "escalate": Member(str | None, "Escalates it, for this reason."),
        "notify": Member("AutomationNoticeInput | None"),
    },
    "One thing that a rule does: exactly one of these.",
)
