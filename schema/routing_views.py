"""What the routing rules say of a case, rule by rule, and who was considered for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import strawberry
from strawberry import ID, UNSET
from strawberry.scalars import JSON

import models
from actions.clocks import columns_of
from actions.opening import customer_columns
from actions.routing import Decision, Outcome, active_sets, decide
from cases.conditions import Trace
from cases.details import Details
from cases.facts import Fact
from cases.history import Event, fold
from cases.obstacles import Unfit
from cases.refusals import BadInput, Unknown
from cases.routing import Consideration, Verdict
from cases.stored_conditions import to_json
from cases.vocabulary import FactKind, Origin, Priority, Role, Severity
from models.reading import by_ids
from models.visibility import visible
from schema.context import Context, Info
from schema.derived import NAMES, Member, derive_input, settle
from schema.enums import public_enum
from schema.ids import read_id
from schema.relations import one


@strawberry.type(description="What became of one rule when it was asked of a case.")
class RoutingVerdict:
    rule_set: str
    place: int = strawberry.field(description="The place of the rule in its set, from 1.")
    rule: str
    held: bool
    chosen: bool = strawberry.field(description="Whether it decides: the first that holds.")
    trace: JSON = strawberry.field(description="The condition part by part, with what was seen of the case.")


@strawberry.type(description="Somebody who was considered for a case.")
class RoutingCandidate:
    key: strawberry.Private[UUID]
    name: str
    fits: bool
    reasons: list[public_enum(Unfit)] = strawberry.field(description="Every reason why not.")  # type: ignore[valid-type]
    open_cases: int
    most_open: int | None
    last_assigned_at: datetime | None

    @strawberry.field
    async def person(self, info: Info) -> Any:
        return await one(info.context, models.Person, self.key)


@strawberry.type(description="What the active rules say of a case: where it goes, to whom, and why.")
class RoutingDecision:
    decision: strawberry.Private[Decision]
    rule_set: str | None = strawberry.field(description="Null if no rule holds, and the case stays where it is.")
    rule: str | None
    unassigned: str | None = strawberry.field(description="Why nobody gets it, if it was to be given to somebody.")
    verdicts: list[RoutingVerdict] = strawberry.field(description="Every rule of every active set, in order.")
    candidates: list[RoutingCandidate] = strawberry.field(description="Who was considered, the best first.")

    @strawberry.field(description="The queue it goes to.")
    async def queue(self, info: Info) -> Any:
        return await _place(self.decision, models.Queue, info.context)

    @strawberry.field(description="The team it goes to.")
    async def team(self, info: Info) -> Any:
        return await _place(self.decision, models.Team, info.context)

    @strawberry.field(description="Who gets it.")
    async def assignee(self, info: Info) -> Any:
        key = self.decision.person_id
        return None if key is None else await one(info.context, models.Person, key)


@strawberry.type(description="A case, and what the rules made of it.")
class RoutingOutcome:
    case: Any
    changed: bool = strawberry.field(description="False if it was there already, or no rule holds.")
    rule: str | None
    unassigned: str | None = strawberry.field(description="Why nobody got it, if it was to be given to somebody.")

    @strawberry.field(description="How it came to that.")
    def decision(self) -> RoutingDecision:
        # the payload carries the act's own outcome, which has all of this as attributes
        return shown(cast(Outcome, self).decision)


def shown(decision: Decision) -> RoutingDecision:
    """A decision as clients see it."""
    verdict = decision.chosen
    return RoutingDecision(
        decision=decision,
        rule_set=verdict.rule_set.name if verdict else None,
        rule=verdict.rule.name if verdict else None,
        unassigned=decision.unassigned,
        verdicts=[_verdict(each) for each in decision.verdicts],
        candidates=[_candidate(each) for each in (decision.choice.considered if decision.choice else ())],
    )


def _verdict(verdict: Verdict) -> RoutingVerdict:
    return RoutingVerdict(
        rule_set=verdict.rule_set.name,
        place=verdict.place,
        rule=verdict.rule.name,
        held=verdict.held,
        chosen=verdict.chosen,
        trace=traced(verdict.trace),
    )


def traced(trace: Trace) -> Any:
    """A condition part by part, with what was seen."""
    told: dict[str, Any] = {"condition": to_json(trace.condition), "held": trace.held}
    if trace.parts:
        told["parts"] = [traced(part) for part in trace.parts]
    else:
        told["seen"] = None if trace.seen is None else str(trace.seen)
    return told


def _candidate(considered: Consideration) -> RoutingCandidate:
    candidate = considered.candidate
    return RoutingCandidate(
        key=candidate.person_id,
        name=candidate.name,
        fits=considered.fits,
        reasons=list(considered.reasons),
        open_cases=candidate.open_cases,
        most_open=candidate.most_open,
        last_assigned_at=candidate.last_assigned_at,
    )


async def _place(decision: Decision, model: Any, context: Context) -> Any:
    place = decision.place
    return await one(context, model, place.id) if isinstance(place, model) else None


async def preview_routing(info: Info, input: Any) -> RoutingDecision | None:
    """What the active rules would make of a case, or of a draft that is no case yet, rule by rule. Writes nothing.

    Null if there is no such case for this viewer; for customers there is nothing to see.
    """
    context: Context = info.context
    if context.viewer.role is Role.CUSTOMER:
        return None
    given = {name: value for name, value in vars(input).items() if value is not UNSET and value is not None}
    if ("case_id" in given) is ("draft" in given):
        raise BadInput("Say one: a case, or a draft.", path=("case_id",))
    columns = await _of_case(context, given["case_id"]) if "case_id" in given else await _of_draft(context, given)
    if columns is None:
        return None
    return shown(await decide(await active_sets(context.viewer.tenant_id), columns))


async def _of_case(context: Context, public: str) -> Mapping[str, Any] | None:
    case = await _found(context, models.Case, public)
    return None if case is None else {**columns_of(case), "id": case.id, "tenant_id": case.tenant_id}


async def _of_draft(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The columns of the case that would be opened with these details."""
    draft = {name: value for name, value in vars(given["draft"]).items() if value is not UNSET and value is not None}
    said = dict(draft)
    for name, model in (("type_id", models.CaseType), ("subject_id", models.Subject), ("product_id", models.Product)):
        if name in draft:
            said[name] = (await _row(context, model, draft[name], "draft", name)).id
    customer = said.pop("customer_id", None)
    if customer is not None:
        asks: Any = models.Contact if (read_id(customer) or ("",))[0] == "Contact" else models.Account
        account_id, contact = customer_columns(await _row(context, asks, customer, "draft", "customer_id"), None)
        said |= {"account_id": account_id, "contact_id": contact and contact.id}
    defaults = vars(Details(title=said.get("title", "")))
    opened = Fact(FactKind.OPENED, {**defaults, **said})
    columns = fold([Event(1, context.now, opened)]).columns
    return {**columns, "id": None, "tenant_id": context.viewer.tenant_id}


async def _row(context: Context, model: Any, public: str, *path: str) -> Any:
    """The row that an input names. Raises Unknown for one that is not there, or not for this viewer."""
    found = await _found(context, model, public)
    if found is None:
        raise Unknown(path=path)
    return found


async def _found(context: Context, model: Any, public: str) -> Any:
    parsed = read_id(public)
    if parsed is None or parsed[0] != model.__name__:
        return None
    return (await by_ids(model, [parsed[1]], visible(model, context.viewer))).get(parsed[1])


derive_input(
    "RoutingDraftInput",
    {
        "title": Member(str | None),
        "description": Member(str | None),
        "priority": Member(public_enum(Priority) | None),
        "severity": Member(public_enum(Severity) | None),
        "origin": Member(public_enum(Origin) | None),
        "type_id": Member(ID | None),
        "subject_id": Member(ID | None),
        "product_id": Member(ID | None),
        "customer_id": Member(ID | None),
        "external_id": Member(str | None),
    },
    "What a case would say that is not opened yet; what is left out is as in a new case.",
)
preview_routing.__annotations__["input"] = derive_input(
    "PreviewRoutingInput",
    {"case_id": Member(ID | None, "A case; or a `draft`."), "draft": Member("RoutingDraftInput | None")},
    "The case to be asked of.",
)
settle(RoutingCandidate, {"person": "Person | None"})
settle(RoutingDecision, {"queue": "Queue | None", "team": "Team | None", "assignee": "Person | None"})
settle(RoutingOutcome, {"case": "Case | None"})
NAMES["RoutingOutcome"] = RoutingOutcome
