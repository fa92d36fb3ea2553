"""Given: values for tests, read from strings, and worlds with good defaults.

    at("Tue 09:30")                                          half past nine on Tuesday of the week of all tests, in UTC
    history("opened 09:00, answered 09:07, resolved Tue 10:00 as INFORMATION_PROVIDED")
    await case(priority=Priority.HIGH)                       a case of the test's tenant, opened through `create_case`

The week begins on Monday 2 June 2025: no holiday, no change of clocks.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from tortoise.models import Model

import models
from actions import (
    attaching,
    automation_rules,
    calendars,
    doing,
    ending,
    knowing,
    opening,
    promises,
    queueing,
    queues,
    rule_sets,
    working,
)
from actions.perform import Call, perform
from actions.signature import Act, Reference
from cases import lifecycle
from cases.automation import AutomationTrigger
from cases.history import Actor, Event, Fact
from cases.standing import Standing
from cases.viewer import Viewer
from cases.vocabulary import (
    PAUSE_REASONS,
    STATUS_BY_REASON,
    ActivityKind,
    Audience,
    CaseCategory,
    FactKind,
    ProductKind,
    ProductState,
    Role,
    Status,
    StatusReason,
)
from models import (
    Account,
    Activity,
    Article,
    Attachment,
    AutomationRule,
    Calendar,
    Case,
    CaseType,
    Contact,
    Membership,
    Person,
    Product,
    Queue,
    SlaPolicy,
    Subject,
    Team,
    Tenant,
    Upload,
)
from models.fields import uuid7
from schema.context import Context
from schema.graph import build_schema
from schema.hardened import CasegraphSchema
from schema.ids import id_of
from settings import Limits

M = TypeVar("M", bound=Model)

MONDAY: Final = datetime(2025, 6, 2, tzinfo=UTC)
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

AGENT: Final = Actor(person_id=UUID(int=0xA))
CUSTOMER: Final = Actor(contact_id=UUID(int=0xC))

PUBLIC: Final = {"audience": Audience.PUBLIC}
INTERNAL: Final = {"audience": Audience.INTERNAL}

WORDS: Final[Mapping[str, tuple[FactKind, Actor, Mapping[str, object]]]] = {
    "opened": (FactKind.OPENED, CUSTOMER, {}),
    "answered": (FactKind.COMMENTED, AGENT, PUBLIC),
    "asked": (FactKind.COMMENTED, CUSTOMER, PUBLIC),
    "noted": (FactKind.COMMENTED, AGENT, INTERNAL),
    "changed": (FactKind.CHANGED, AGENT, {}),
    "assigned": (FactKind.ASSIGNED, AGENT, {}),
    "progressed": (FactKind.PROGRESSED, AGENT, {}),
    "suspended": (FactKind.SUSPENDED, AGENT, {}),
    "resumed": (FactKind.RESUMED, AGENT, {}),
    "resolved": (FactKind.RESOLVED, AGENT, {}),
    "closed": (FactKind.CLOSED, AGENT, {}),
    "canceled": (FactKind.CANCELED, CUSTOMER, {}),
    "reactivated": (FactKind.REACTIVATED, CUSTOMER, {}),
    "deleted": (FactKind.DELETED, AGENT, {}),
}
"""The words of `history`, each with what it stands for and who does it unless the story says otherwise."""

SENTENCE: Final = re.compile(
    r"(?P<word>\w+) (?P<at>(\w{3} |\d{4}-\d\d-\d\d )?\d\d:\d\d)( as (?P<reason>\w+))?( by (?P<actor>agent|customer))?"
)


def at(text: str, zone: tzinfo = UTC) -> datetime:
    """An instant from "09:30" (that Monday), "Tue 09:30" or "2025-03-30 01:30", on the clocks of `zone`."""
    *day, clock = text.split()
    hour, minute = map(int, clock.split(":"))
    match day:
        case []:
            date = MONDAY
        case [weekday] if weekday in WEEKDAYS:
            date = MONDAY + timedelta(days=WEEKDAYS.index(weekday))
        case [written]:
            date = datetime.fromisoformat(written)
        case _:
            raise ValueError(f"no instant: {text}")
    return date.replace(hour=hour, minute=minute, tzinfo=zone)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def history(story: str) -> list[Event]:
    """The events of a case from a story such as "opened 09:00 by agent, suspended Tue 09:10 as ON_HOLD".

    Steps of the lifecycle lead to the reason after `as`, or to the one they lead to by default; a step that the
    lifecycle refuses cannot be told.
    """
    events: list[Event] = []
    standing = lifecycle.opening()
    for number, sentence in enumerate(filter(None, re.split(r",\s*", story)), start=1):
        parts = SENTENCE.fullmatch(sentence.strip())
        if parts is None or parts["word"] not in WORDS:
            raise ValueError(f"no sentence of a story: {sentence}")
        kind, actor, details = WORDS[parts["word"]]
        changes: dict[str, object] = {}
        if kind is not FactKind.OPENED:
            standing = lifecycle.step(standing, kind, StatusReason[parts["reason"]] if parts["reason"] else None)
        if kind in lifecycle.REASONS:
            changes = {"status_reason": standing.reason}
        if parts["actor"]:
            actor = {"agent": AGENT, "customer": CUSTOMER}[parts["actor"]]
        events.append(Event(number, at(parts["at"]), Fact(kind, changes, details), actor))
    return events


def events(*facts: Fact, actors: Sequence[Actor] = ()) -> list[Event]:
    """`facts` as one history, an hour apart from Monday 09:00, by the agent where `actors` do not say otherwise."""
    return [
        Event(number, at("09:00") + hours(number - 1), fact, actors[number - 1] if number <= len(actors) else AGENT)
        for number, fact in enumerate(facts, start=1)
    ]


def standing(reason: StatusReason, *, paused_from: StatusReason | None = None) -> Standing:
    """Where a case stands that has `reason`; a paused one was in progress unless `paused_from` says otherwise."""
    if reason in PAUSE_REASONS:
        paused_from = paused_from or StatusReason.IN_PROGRESS
    return Standing(STATUS_BY_REASON[reason], reason, paused_from)


# Worlds: rows in the database of the test, all of one tenant unless the test says otherwise.

NOW: Final = at("Wed 12:00")
"""The instant at which things happen in worlds, where nothing else is said."""


async def tenant(slug: str = "home", **columns: Any) -> Tenant:
    """The tenant of this name, made when it is first asked for."""
    found = await Tenant.get_or_none(slug=slug)
    return found or await Tenant.create(**{"name": slug.title(), "slug": slug, "created_at": NOW, **columns})


home = tenant
"""The tenant that is meant where none is named."""


async def person(name: str = "Ann", role: Role = Role.AGENT, **columns: Any) -> Person:
    """A member of staff, who works there unless `active` says otherwise."""
    return await _row(Person, name=name, role=role, email=f"{name}.{uuid7()}@example.com", **columns)


async def team(name: str = "First line", members: Sequence[Person] = (), **columns: Any) -> Team:
    made = await _row(Team, name=name, **columns)
    for member in members:
        await _row(Membership, tenant=columns.get("tenant"), team=made, person=member)
    return made


async def account(name: str = "Acme", **columns: Any) -> Account:
    return await _row(Account, name=name, **columns)


async def contact(name: str = "Bob", account: Account | None = None, **columns: Any) -> Contact:
    """Somebody of `account`, or on their own."""
    return await _row(Contact, name=name, account=account, **columns)


async def product(
    name: str = "Kettle",
    kind: ProductKind = ProductKind.PRODUCT,
    state: ProductState = ProductState.ACTIVE,
    **columns: Any,
) -> Product:
    return await _row(Product, name=name, kind=kind, state=state, **columns)


async def subject(name: str = "Steam", **columns: Any) -> Subject:
    return await _row(Subject, name=name, **columns)


async def case_type(name: str = "Repair", **columns: Any) -> CaseType:
    """A case type whose `moves` and `sequence` narrow nothing unless they are given."""
    return await _row(CaseType, **{"name": name, "category": CaseCategory.PROBLEM, **columns})


async def calendar(name: str = "Office", *, by: Viewer | None = None, **more: Any) -> Calendar:
    """A calendar that is open Monday to Friday from nine to five, in UTC; `more` of its hours as in a specification."""
    hours = {"timezone": "UTC", "weekly_hours": {day.lower(): [["09:00", "17:00"]] for day in WEEKDAYS[:5]}, **more}
    rows = await done(calendars.save_calendar, by=by or await viewer(Role.ADMIN), name=name, hours=hours)
    return cast(Calendar, rows["calendar"])


async def queue(name: str = "Desk", *, members: Sequence[Model] = (), by: Viewer | None = None, **said: Any) -> Queue:
    """A queue for everybody, unless its `kind` says otherwise. Members are people and teams."""
    spelled = [{type(member).__name__.lower(): str(member.pk)} for member in members]
    rows = await done(queues.save_queue, by=by or await viewer(Role.ADMIN), name=name, members=spelled, **said)
    return cast(Queue, rows["queue"])


async def queued_case(
    queue: Queue | None = None, *, now: datetime = NOW, case: Case | None = None, **said: Any
) -> Case:
    """A case that waits in a queue."""
    waits = case or await _opened(now=now, **said)
    home = await Tenant.get(id=waits.tenant_id)
    lead = await viewer(Role.ADMIN, tenant=home)
    to = queue or await Queue.get_or_none(tenant=home, name="Desk") or await _row(Queue, tenant=home, name="Desk")
    rows = await done(queueing.add_to_queue, by=lead, now=now, case=waits, queue=to)
    return cast(Case, rows["case"])


async def rule_set(name: str = "Rules", *items: dict[str, Any], by: Viewer | None = None, place: int = 0) -> Any:
    """An active set of routing rules."""
    by = by or await viewer(Role.ADMIN)
    saved = await done(rule_sets.save_routing_rule_set, by=by, name=name, items=list(items), place=place)
    rows = await done(rule_sets.activate_routing_rule_set, by=by, rule_set=saved["routing_rule_set"])
    return rows["routing_rule_set"]


async def automation_rule(
    name: str = "Tidy",
    *deeds: dict[str, Any],
    trigger: AutomationTrigger = AutomationTrigger.ON_UPDATE,
    by: Viewer | None = None,
    now: datetime = NOW,
    **said: Any,
) -> AutomationRule:
    """An active rule that notes its name, unless `deeds` say otherwise."""
    by = by or await viewer(Role.ADMIN)
    does = list(deeds) or [{"comment": name}]
    saved = await done(
        automation_rules.save_automation_rule, by=by, now=now, name=name, trigger=trigger, actions=does, **said
    )
    of = saved["automation_rule"]
    rows = await done(automation_rules.activate_automation_rule, by=by, now=now, rule=of)
    return cast(AutomationRule, rows["automation_rule"])


async def sla_policy(name: str = "Gold", *items: dict[str, Any], by: Viewer | None = None) -> SlaPolicy:
    """An active policy; without items it promises an answer within an hour."""
    by = by or await viewer(Role.ADMIN)
    said = list(items) or [{"name": "Answer", "kpi": "first_response", "fail_after": {"amount": 60, "unit": "MINUTES"}}]
    rows = await done(promises.save_sla_policy, by=by, name=name, items=said)
    rows = await done(promises.activate_sla_policy, by=by, policy=rows["sla_policy"])
    return cast(SlaPolicy, rows["sla_policy"])


async def article(
    title: str = "Descaling", body: str = "Boil vinegar.", *, by: Viewer | None = None, **said: Any
) -> Article:
    """An article that is published."""
    by = by or await viewer(Role.ADMIN)
    rows = await done(knowing.save_article, by=by, title=title, body=body, **said)
    rows = await done(knowing.publish_article, by=by, article=rows["article"])
    return cast(Article, rows["article"])


async def activity(subject: str = "Call back", *, by: Viewer | None = None, **said: Any) -> Activity:
    """A task that is open, on a case of its own unless `case` is given."""
    by = by or await viewer(Role.ADMIN)
    of = said.pop("case", None) or await case(by=by)
    rows = await done(doing.create_activity, by=by, case=of, **{"kind": ActivityKind.TASK, "subject": subject, **said})
    return cast(Activity, rows["activity"])


async def upload(name: str = "kettle.png", *, by: Viewer | None = None, **columns: Any) -> Upload:
    """A file that somebody has sent, without its content."""
    by = by or await viewer(Role.ADMIN)
    said = {"media_type": "image/png", "size_bytes": 1000, "digest": uuid7().hex * 2, **columns}
    sender = {"uploader_person_id": by.person_id, "uploader_contact_id": by.contact_id}
    return await _row(Upload, tenant=await Tenant.get(id=by.tenant_id), name=name, **sender, **said)


async def attachment(name: str = "kettle.png", *, by: Viewer | None = None, **said: Any) -> Attachment:
    """A file of a case, without its content."""
    by = by or await viewer(Role.ADMIN)
    of = said.pop("case", None) or await case(by=by)
    words = {key: said.pop(key) for key in ("audience", "now") if key in said}
    rows = await done(attaching.attach_file, by=by, case=of, uploads=[await upload(name, by=by, **said)], **words)
    return cast(Attachment, rows["attachments"][0])


async def viewer(
    role: Role = Role.AGENT, *, contact: Contact | None = None, tenant: Tenant | None = None, scopes: str = "*"
) -> Viewer:
    """Somebody of `role`, new to the tenant; or, for a customer, `contact`. `scopes` are words."""
    granted = frozenset(scopes.split())
    if role is Role.CUSTOMER:
        contact = contact or await _row(Contact, tenant=tenant, name="Carl")
        return Viewer(contact.tenant_id, role, contact.name, None, contact.id, contact.account_id, scopes=granted)
    works = await person("Vera", role, tenant=tenant)
    return Viewer(works.tenant_id, role, works.name, person_id=works.id, scopes=granted)


async def case(title: str = "The kettle leaks", *, by: Viewer | None = None, now: datetime = NOW, **said: Any) -> Case:
    """A case as `create_case` opens it, by an agent for an account unless `by` or `customer` say otherwise."""
    by = by or await viewer()
    if "customer" not in said and by.role is not Role.CUSTOMER:
        said["customer"] = await account(tenant=await Tenant.get(id=by.tenant_id))
    rows = await done(opening.create_case, by=by, now=now, title=title, **said)
    return cast(Case, rows["case"])


_opened = case
"""The above, where something else is called a case."""


async def case_that_is(status: Status | StatusReason, **said: Any) -> Case:
    """A case that was brought to `status` by the acts that lead there."""
    brought = await case(**said)
    lead = Viewer(brought.tenant_id, Role.ADMIN, "Somebody who sees to it")
    for act, words in WAYS[status]:
        brought = (await done(act, by=lead, case=brought, **words))["case"]
    return brought


WAYS: Final[Mapping[Status | StatusReason, Sequence[tuple[Act, Mapping[str, Any]]]]] = {
    Status.ACTIVE: [],
    Status.RESOLVED: [(ending.resolve_case, {"summary": "A new seal"})],
    Status.CLOSED: [(ending.resolve_case, {"summary": "A new seal"}), (ending.close_case, {})],
    Status.CANCELED: [(ending.cancel_case, {})],
    StatusReason.SUSPENDED: [(working.suspend_case, {})],
}
"""How a case that was just opened gets to where it is wanted."""


async def done(
    act: Act,
    *,
    by: Viewer,
    now: datetime = NOW,
    expected_version: int | None = None,
    key: str | None = None,
    **said: Any,
) -> Mapping[str, Any]:
    """What `perform` answers when `act` is done with what is `said`; rows are named by themselves."""
    named = {name: _named(value) for name, value in said.items()}
    return await perform(Call(act, named, by, now, expected_version, key))


def _named(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(one, Model) for one in value):
        return [_named(one) for one in value]
    return Reference(type(value).__name__, value.pk) if isinstance(value, Model) else value


async def execute(text: str, *, viewer: Viewer | None = None, now: datetime = NOW, **variables: Any) -> Any:
    """What the schema answers to a document, as `viewer` (nobody is nobody). Rows among variables become their ids."""
    given = {name: id_of(value) if isinstance(value, Model) else value for name, value in variables.items()}
    context = Context(viewer, now, Limits(), b"the secret of all cursors in tests")
    return await graph().execute(text, variable_values=given, context_value=context)


async def answer(text: str, *, viewer: Viewer, now: datetime = NOW, **variables: Any) -> Any:
    """The data that the schema answers, which answers nothing else."""
    result = await execute(text, viewer=viewer, now=now, **variables)
    assert not result.errors, [error.formatted for error in result.errors or ()]
    return result.data


@cache
def graph() -> CasegraphSchema:
    return build_schema()


async def stored(case: Case) -> Any:
    """The row of a case as it is in the database by now."""
    return await Case.get(id=case.id)


async def rows_stored() -> dict[str, int]:
    """How many rows each table has: what was refused leaves this as it was."""
    tables = vars(models)
    return {name: await tables[name].all().count() for name in models.__all__ if name != "TABLES"}


async def _row(model: type[M], *, tenant: Tenant | None = None, **columns: Any) -> M:
    return await model.create(**{"created_at": NOW, **columns}, tenant=tenant or await home())
