"""What clocks were and would be: their ledgers, the verdicts behind them, and previews of a change."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast
from uuid import UUID

import strawberry
from strawberry import ID, UNSET
from strawberry.scalars import JSON

import models
from actions import clocks
from actions.policies import policy_of, version_of
from actions.previewing import Supposed, preview
from cases.conditions import EVERYTHING, All, Compare, Op, Trace
from cases.refusals import BadInput, Unknown
from cases.stored_conditions import to_json
from cases.vocabulary import Priority, Status
from models.reading import by_ids
from models.visibility import visible
from schema.context import Context, Info
from schema.derived import NAMES, Member, derive_input, settle
from schema.enums import public_enum
from schema.filters import condition_of, within_sight
from schema.ids import read_id
from schema.people import Actor
from schema.plain import plain
from schema.relations import one
from sla.clock import Clock, State
from sla.explain import explain
from sla.ledger import Entry, EntryKind, ledger
from sla.moments import moments
from sla.preview import Breach

MOST_CASES: Final = 500
PREVIEW_COST: Final = 1_000
"""So many cases are replayed, twice each: a good part of a second."""


@strawberry.type(description="A stretch of a clock's life: it ran, was paused, or rested out of hours.")
class SlaSegment:
    entry: strawberry.Private[Entry]
    start: datetime
    end: datetime
    kind: public_enum(EntryKind)  # type: ignore[valid-type]
    open_time: timedelta = strawberry.field(description="What of it was open; all that ran adds up to `activeFor`.")
    reasons: list[str] = strawberry.field(description="Why it was paused.")
    holiday: str | None
    calendar_digest: str = strawberry.field(description="Names the hours by which this was counted.")
    event_number: int = strawberry.field(description="The event of the case with which it began.")

    @strawberry.field(description="Who began it; null for the system.")
    async def actor(self, info: Info) -> Actor | None:
        who = self.entry.actor
        if who.person_id is not None:
            return await one(info.context, models.Person, who.person_id)
        return None if who.contact_id is None else await one(info.context, models.Contact, who.contact_id)


@strawberry.type(description="Whether an item of the policy applies to a case, and why.")
class SlaVerdict:
    place: int = strawberry.field(description="The place of the item in the policy, from 1.")
    item: str
    kpi: str
    held: bool
    chosen: bool = strawberry.field(description="Whether it makes the promise: the first of its KPI that holds.")
    behind: str | None = strawberry.field(description="The item that is chosen before it, though it holds.")
    trace: JSON = strawberry.field(description="The condition part by part, with what was seen of the case.")


@strawberry.type(description="A clock in short.")
class SlaOutcome:
    item: str
    state: public_enum(State)  # type: ignore[valid-type]
    fail_at: datetime | None
    warn_at: datetime | None
    breached_at: datetime | None
    remaining: timedelta


@strawberry.type(description="A clock that is, or would be, another. Null is one that was not there, or would not be.")
class SlaDifference:
    case: Any
    kpi: str
    cycle: int
    before: SlaOutcome | None
    after: SlaOutcome | None
    breach: public_enum(Breach) | None  # type: ignore[valid-type]
    moved_by: timedelta | None = strawberry.field(description="How much later it falls due, by the clock on the wall.")


@strawberry.type(description="What a change would do, without anything having been written.")
class SlaPreview:
    cases: int = strawberry.field(description="How many cases were looked at.")
    changed: int = strawberry.field(description="How many of them would have another clock.")
    gained: int = strawberry.field(description="How many breaches would come.")
    lost: int = strawberry.field(description="How many breaches would go.")
    differences: list[SlaDifference]


async def ledger_of(row: models.SlaKpiInstance, context: Context) -> list[SlaSegment]:
    """Every segment of the clock's life until now, or until it ended.

    A clock of a policy that was replaced is told as that policy had it, until it gave way.
    """
    clock = await _clock(row, context)
    until = context.now if row.canceled_at is None else row.canceled_at
    return [] if clock is None else [_segment(entry) for entry in ledger(clock, until)]


def _segment(entry: Entry) -> SlaSegment:
    return SlaSegment(
        entry=entry,
        start=entry.start,
        end=entry.end,
        kind=entry.kind,
        open_time=entry.open_time,
        reasons=list(entry.reasons),
        holiday=entry.holiday or None,
        calendar_digest=entry.calendar,
        event_number=entry.event,
    )


async def _clock(row: models.SlaKpiInstance, context: Context) -> Clock | None:
    """The clock behind a row, replayed from the history of its case; all that ask in a turn are read together."""

    async def load(asked: list[tuple[UUID, UUID]]) -> Sequence[Any]:
        case_ids = list(dict.fromkeys(case_id for case_id, _ in asked))
        cases = await by_ids(models.Case, case_ids, visible(models.Case, context.viewer))
        histories = await clocks.histories_of(list(cases))
        columns = {key: clocks.columns_of(case) for key, case in cases.items()}
        versions = {key: await version_of(key) for key in dict.fromkeys(version_id for _, version_id in asked)}
        seen = [(case_id, version_id) for case_id, version_id in asked if case_id in cases]
        known = await clocks.known_rows((versions[version_id].policy, columns[case_id]) for case_id, version_id in seen)
        return [
            clocks.replayed(histories[case_id], columns[case_id], versions[version_id], known)
            if case_id in cases
            else None
            for case_id, version_id in asked
        ]

    evaluated = await context.loader("evaluated", load).load((row.case_id, row.policy_version_id))
    found = evaluated.clocks if evaluated else ()
    return next((clock for clock in found if (clock.kpi.name, clock.cycle) == (row.kpi, row.cycle)), None)


async def explain_sla(info: Info, case_id: ID) -> list[SlaVerdict] | None:
    """For each item of the case's policy, whether it applies, which condition held or failed, and which item won.

    Null if there is no such case for this viewer, or no policy; customers see no policies.
    """
    case = await _case(info.context, case_id)
    if case is None or case.sla_version_id is None:
        return None
    if await one(info.context, models.SlaPolicyVersion, case.sla_version_id) is None:
        return None
    policy = await policy_of(case.sla_version_id)
    columns = clocks.columns_of(case)
    history = await clocks.history_of(case.id)
    row = moments(history, await clocks.known_rows([(policy, columns)]))[-1].row
    return [
        SlaVerdict(
            place=verdict.place + 1,
            item=verdict.item.name,
            kpi=verdict.item.kpi,
            held=verdict.held,
            chosen=verdict.chosen,
            behind=verdict.behind.name if verdict.behind else None,
            trace=_trace(verdict.trace),
        )
        for verdict in explain(row, policy)
    ]


def _trace(trace: Trace) -> Any:
    shown: dict[str, Any] = {"condition": to_json(trace.condition), "held": trace.held}
    if trace.parts:
        shown["parts"] = [_trace(part) for part in trace.parts]
    else:
        shown["seen"] = None if trace.seen is None else str(trace.seen)
    return shown


async def preview_sla(info: Info, input: Any) -> SlaPreview:
    """What a changed priority, policy or calendar would do to the clocks of one case, or of many. Writes nothing."""
    context: Context = info.context
    viewer, limits = context.viewer, context.limits
    given = {name: value for name, value in vars(input).items() if value is not UNSET and value is not None}
    policy = await _row(context, models.SlaPolicy, given.get("policy_id"), "policy_id")
    calendar = await _row(context, models.Calendar, given.get("calendar_id"), "calendar_id")
    hours = plain(given["hours"], limits) if "hours" in given else None
    if (calendar is None) is not (hours is None):
        raise BadInput("A calendar and its hours are given together.", path=("hours",))
    which = All(
        (
            visible(models.Case, viewer),
            Compare("status", Op.EQ, Status.ACTIVE),
            within_sight(condition_of(given["where"], limits), models.Case, viewer) if "where" in given else EVERYTHING,
        )
    )
    if "case_id" in given:
        case = await _row(context, models.Case, given["case_id"], "case_id")
        which = All((which, Compare("id", Op.EQ, case.id)))
    found = await preview(
        Supposed(given.get("priority"), policy, calendar, hours), which, context.now, first=MOST_CASES
    )
    breaches = [changed.difference.breach for changed in found.differences]
    return SlaPreview(
        cases=len(found.cases),
        changed=len({changed.case.id for changed in found.differences}),
        gained=breaches.count(Breach.GAINED),
        lost=breaches.count(Breach.LOST),
        differences=cast(list[SlaDifference], found.differences),
    )


async def _case(context: Context, public_id: str) -> models.Case | None:
    parsed = read_id(public_id)
    viewer = context.viewer
    if parsed is None or parsed[0] != "Case":
        return None
    return (await by_ids(models.Case, [parsed[1]], visible(models.Case, viewer))).get(parsed[1])


async def _row(context: Context, model: Any, public_id: str | None, name: str) -> Any:
    """The row that an input names. Raises Unknown for one that is not there, or not for this viewer."""
    if public_id is None:
        return None
    parsed = read_id(public_id)
    if parsed is not None and parsed[0] == model.__name__:
        found = (await by_ids(model, [parsed[1]], visible(model, context.viewer))).get(parsed[1])
        if found is not None:
            return found
    raise Unknown(path=(name,))


preview_sla.__annotations__["input"] = derive_input(
    "PreviewSlaInput",
    {
        "case_id": Member(ID | None, "One case; or `where`, or all active cases, up to 500, newest first."),
        "where": Member("CaseWhere | None"),
        "priority": Member(public_enum(Priority) | None, "The priority that they would have."),
        "policy_id": Member(ID | None, "The policy that they would have, as it was last saved."),
        "calendar_id": Member(ID | None, "The calendar that would have other `hours`."),
        "hours": Member("CalendarHoursInput | None"),
    },
    "What is supposed to be otherwise, and for which cases.",
)
settle(SlaDifference, {"case": "Case | None"})
NAMES["SlaDifference"] = SlaDifference
