"""What has just been done around open cases: they were queued and picked, planned, answered with articles, and shown.

Everything is done by the acts, as the people of the company would do it in the last hours before now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final, Self

from tortoise.functions import Max

from actions.attaching import attach_file, delete_attachments
from actions.automating import automate
from actions.changing import update_case
from actions.covering import remove_entitlement, set_decrement_entitlement
from actions.doing import cancel_activity, complete_activity, create_activity, update_activity
from actions.knowing import link_article, unlink_article
from actions.queueing import add_to_queue, pick_queue_item, release_queue_item, remove_from_queue
from actions.recording import add_internal_record, record_response
from actions.signature import Changes
from actions.staging import advance_stage
from actions.trail import following
from cases.content.kinds import kind_of
from cases.viewer import Viewer
from cases.vocabulary import ActivityKind, Audience, Origin, Priority, Role, Severity
from demo.catalogue import STAGES, Catalogue
from demo.desk import ESCALATIONS, Desk, team_for
from demo.files import delivery_note, picture
from demo.people import TEAMS, Staff
from models import Article, Case, CaseEvent, Person, Upload
from models.file_store import FileStore

LATELY: Final = timedelta(hours=5)
QUEUED, PLANNED, ANSWERED, RECORDED, STAGED, SHOWN = 44, 70, 40, 9, 6, 14
"""How many cases are in queues, have activities, articles and internal records, went on a stage, and have files."""

PLANS: Final[Sequence[tuple[ActivityKind, str, str]]] = (
    (ActivityKind.PHONE_CALL, "Call back", "They can be reached until five."),
    (ActivityKind.TASK, "Order the part", "Ask for the shorter hose, the long one kinks."),
    (ActivityKind.APPOINTMENT, "Visit", "Key at the reception; the machine is on the third floor."),
    (ActivityKind.EMAIL, "Send the written confirmation", ""),
    (ActivityKind.TASK, "Look at the log of the machine", "Remote Care keeps it for 30 days."),
)


@dataclass(frozen=True, kw_only=True)
class Around:
    """All that doing something around a case takes. `last_at` is when something last happened to it, by its id."""

    now: datetime
    rng: Random
    staff: Staff
    catalogue: Catalogue
    desk: Desk
    articles: Mapping[object, Article]
    last_at: Mapping[object, datetime]

    def when(self, case: Case) -> datetime:
        """An instant of the last hours, not before the last thing that is known of the case."""
        lately = self.now - LATELY * self.rng.random()
        return max(lately, self.last_at[case.id], case.updated_at)

    @classmethod
    async def these(cls, cases: Sequence[Case], **said: Any) -> Self:
        """What is around these cases."""
        ids = [case.id for case in cases]
        lasts = CaseEvent.filter(case_id__in=ids).group_by("case_id").annotate(last=Max("at"))
        return cls(last_at=dict(await lasts.values_list("case_id", "last")), **said)

    def by(self, case: Case) -> Viewer:
        """Who works on the case, or who leads the first line if nobody does yet."""
        leader = self.staff.people_by_team[TEAMS[0]][0]
        person = next((one for one in self.everybody if one.id == case.owner_id), leader)
        return Viewer(case.tenant_id, person.role, person.name, person.id)

    @property
    def lead(self) -> Viewer:
        person = self.staff.admins[0]
        return Viewer(person.tenant_id, person.role, person.name, person.id)

    @property
    def everybody(self) -> list[Person]:
        return [*self.staff.admins, *(one for people in self.staff.people_by_team.values() for one in people)]


async def write_doings(around: Around, cases: Sequence[Case], files: FileStore | None) -> None:
    """Does what is to be done around these open cases; without a store nobody sends a file."""
    rng = around.rng
    unowned = [case for case in cases if case.owner_id is None]
    owned = [case for case in cases if case.owner_id is not None]
    for case in (*unowned, *rng.sample(owned, max(QUEUED - len(unowned), 0))):
        await _queue(around, case)
    for case in rng.sample(owned, PLANNED):
        await _plan(around, await Case.get(id=case.id))
    answerable = [case for case in owned if case.subject_id in around.articles]
    for number, case in enumerate([await Case.get(id=case.id) for case in answerable[:ANSWERED]]):
        by, article = around.by(case), around.articles[case.subject_id]
        case, _ = await link_article(case, article, actor=by, now=around.when(case))
        if number % 10 == 9:  # it did not help
            await unlink_article(case, article, actor=by, now=around.when(case))
    await _settle(around, owned)
    await _know(around, owned)
    if files is not None:
        for number, case in enumerate(rng.sample(owned, SHOWN)):
            await _send(around, await Case.get(id=case.id), files, number)


async def _queue(around: Around, case: Case) -> None:
    stands_still = case.severity is Severity.OUTAGE and case.priority is Priority.CRITICAL
    queue = around.desk.queues[ESCALATIONS if stands_still else team_for(around.catalogue, case.subject_id)]
    by = around.lead if stands_still else around.by(case)
    case, _ = await add_to_queue(case, queue, actor=by, now=around.when(case))
    if case.owner_id is None:
        return
    case, _ = await pick_queue_item(case, actor=by, now=around.when(case))
    second_thought = around.rng.random()
    if second_thought < 0.15:
        await release_queue_item(case, actor=by, now=around.when(case))
    elif second_thought < 0.3:
        await remove_from_queue(case, actor=by, now=around.when(case))


async def _plan(around: Around, case: Case) -> None:
    """One thing to be done, and for some cases one that was done or was not needed."""
    rng, by = around.rng, around.by(case)
    kind, subject, description = rng.choice(PLANS)
    due = around.now + timedelta(hours=rng.randint(-6, 72))
    is_timed = kind is ActivityKind.APPOINTMENT
    case, activity = await create_activity(
        case,
        kind,
        subject,
        description,
        due_at=None if is_timed else due,
        starts_at=due if is_timed else None,
        ends_at=due + timedelta(hours=1) if is_timed else None,
        duration_minutes=30,
        actor=by,
        now=around.when(case),
    )
    ending = rng.choice(("open", "open", "put off", "completed", "canceled"))
    if ending == "put off":
        await update_activity(activity, description="They are away this week.", actor=by, now=around.when(case))
    elif ending == "completed":
        worked = rng.choice((5, 15, 25, 40))
        billed = worked if rng.random() < 0.4 else 0
        await complete_activity(activity, worked, billed, actor=by, now=around.when(case))
    elif ending == "canceled":
        await cancel_activity(activity, actor=by, now=around.when(case))


async def _settle(around: Around, cases: Sequence[Case]) -> None:
    """A lead lets some cases cost nothing, or takes them from their contract; others turn out to be outages."""
    covered = [case for case in cases if case.entitlement_id is not None]
    free, free_for_a_while, wrong = [await Case.get(id=case.id) for case in covered[:3]]
    lead = around.lead
    await set_decrement_entitlement(free, False, "Our own mistake.", actor=lead, now=around.when(free))
    for decrement in (False, True):
        now = around.when(free_for_a_while)
        await set_decrement_entitlement(free_for_a_while, decrement, actor=lead, now=now)
    await remove_entitlement(wrong, actor=lead, now=around.when(wrong))
    mild = [case for case in cases if case.priority is Priority.MEDIUM and case.severity is Severity.NORMAL]
    for case in [await Case.get(id=case.id) for case in mild[:3]]:
        now = around.when(case)
        with following() as trail:
            await update_case(case, Changes({"severity": Severity.OUTAGE}), actor=around.by(case), now=now)
            await automate(trail, case.tenant_id, now)


async def _know(around: Around, cases: Sequence[Case]) -> None:
    """Owners keep to themselves what is for nobody else, record what they said on the telephone, and go on."""
    for case in [await Case.get(id=case.id) for case in around.rng.sample(list(cases), RECORDED)]:
        by, now = around.by(case), around.when(case)
        case, _ = await add_internal_record(case, around.rng.choice(RECORDS), actor=by, now=now)
        await record_response(case, Origin.VOICE, note="Called back.", actor=by, now=now)
    at_work = [case for case in cases if case.stage == STAGES[0]["key"] and case.product_id is not None]
    for case in [await Case.get(id=case.id) for case in at_work[:STAGED]]:
        await advance_stage(case, actor=around.by(case), now=around.when(case))


async def _send(around: Around, case: Case, store: FileStore, number: int) -> None:
    """The customer sends a picture, or a delivery note; for some cases somebody of the staff adds one for the staff."""
    name, content = (
        ("display.png", picture())
        if number % 2 == 0
        else (f"delivery-note-{number}.pdf", delivery_note("A-41234", LINES))
    )
    is_internal = number % 5 == 4
    staff = around.by(case)
    sender = (
        staff
        if is_internal or case.contact_id is None
        else Viewer(case.tenant_id, Role.CUSTOMER, "", contact_id=case.contact_id, account_id=case.account_id)
    )
    incoming = store.receive()
    incoming.write(content)
    upload = await Upload.create(
        tenant_id=case.tenant_id,
        name=name,
        media_type=kind_of(name, content).media_type,
        size_bytes=incoming.size_bytes,
        digest=incoming.digest,
        uploader_person_id=sender.person_id,
        uploader_contact_id=sender.contact_id,
        created_at=around.now,
    )
    store.keep(incoming, case.tenant_id)
    audience = Audience.INTERNAL if is_internal else Audience.PUBLIC
    attached = await attach_file(case, [upload], audience, actor=sender, now=around.when(case))
    if number == 0:  # the wrong picture
        await delete_attachments(attached.attachments, actor=staff, now=around.when(attached.case))


RECORDS: Final = (
    "Threatened to cancel; has an offer of a competitor on the table. Keep calm.",
    "The machine was opened by a stranger, seals broken. Not to be said before the technician has been there.",
    "Knows our managing director personally.",
)
LINES: Final = ["2 x Clarity Cartridge", "1 x Crema hose, 60 cm", "Received by: reception"]
