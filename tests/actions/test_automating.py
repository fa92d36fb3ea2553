"""Automation: rules do their part in the act that sets them off, and never get in its way."""

from itertools import pairwise
from typing import Any

import pytest
from pytest import param

from actions import automation_rules, changing, ending, following, opening, promising
from actions import deeds as deeds_of
from actions.stays import open_item
from cases.automation import AutomationOutcome, AutomationTrigger
from cases.refusals import BadInput, Duplicate, RetryLater, Unknown
from cases.vocabulary import Audience, FactKind, Priority, Role, SlaSource, StatusReason
from models import AutomationRule, AutomationRun, Case, CaseEvent, Message, Notification, Person, Queue
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.actions.test_record import assert_consistent
from tests.given import NOW, done, hours

ON_CREATE, ON_UPDATE = AutomationTrigger.ON_CREATE, AutomationTrigger.ON_UPDATE
URGENT = {"priority": {"eq": "CRITICAL"}}


async def causes(case: Case) -> list[tuple[FactKind, str]]:
    rows = await CaseEvent.filter(case_id=case.id).order_by("number")
    return [(row.kind, row.cause.partition(":")[0]) for row in rows]


async def outcomes() -> list[tuple[str, AutomationOutcome]]:
    return [(run.rule_name, run.outcome) for run in await AutomationRun.all().order_by("id")]


async def raised(case: Case, **said: Any) -> Case:
    """The case, after somebody has made it critical."""
    words = {"priority": Priority.CRITICAL, **said}
    rows = await done(changing.update_case, by=await given.viewer(), case=case, **words)
    changed: Case = rows["case"]
    return changed


async def test_a_rule_acts_in_the_transaction_of_the_act_that_set_it_off(database: Database):
    vera, case = await given.person("Vera"), await given.case()
    rule = await given.automation_rule("Urgent", {"assign_person": str(vera.id)}, {"comment": "Hurry"}, when=URGENT)

    answered = await raised(case)
    event = await CaseEvent.filter(kind=FactKind.ASSIGNED).get()
    note = await Message.all().get()
    run = await AutomationRun.all().get()

    assert (answered.owner_id, answered.version) == (vera.id, 4)
    assert (event.cause, event.actor_person_id, event.actor_contact_id) == (f"automation:{rule.id}", None, None)
    assert (note.body, note.audience, note.author_person_id) == ("Hurry", Audience.INTERNAL, None)
    assert (run.outcome, run.event_number, run.version_after, run.depth) == (AutomationOutcome.DONE, 2, 4, 1)
    assert run.did == ["assigns it to Vera", "notes: Hurry"]
    await assert_consistent(case)


async def test_a_rule_whose_condition_does_not_hold_leaves_no_trace(database: Database):
    case = await given.case()
    await given.automation_rule("Urgent", when=URGENT)

    await raised(case, priority=Priority.HIGH)

    assert await causes(case) == [(FactKind.OPENED, "create_case"), (FactKind.CHANGED, "update_case")]
    assert await outcomes() == []


async def test_rules_for_new_cases_see_the_customer_of_the_case(database: Database):
    gold = {"account": {"name": {"eq": "Gold"}}}
    await given.automation_rule("Gold", {"set": {"priority": "HIGH"}}, trigger=ON_CREATE, when=gold)

    plain = await given.case()
    golden = await given.case(customer=await given.account("Gold"))

    assert (plain.priority, golden.priority, golden.version) == (Priority.MEDIUM, Priority.HIGH, 2)
    await assert_consistent(golden)


async def test_rules_act_in_their_order_and_set_off_one_another_but_none_twice(database: Database):
    """The first answers to the act, the second to the first, and then the first would answer to the second."""
    case = await given.case()
    await given.automation_rule("Note", when=URGENT)
    await given.automation_rule("Raise", {"set": {"severity": "OUTAGE"}}, when={"message_count": {"gte": 0}})
    await given.automation_rule("Pause", {"status_reason": "ON_HOLD"}, when={"severity": {"eq": "OUTAGE"}})

    await raised(case)

    assert [run.depth for run in await AutomationRun.all().order_by("id")] == [1, 1, 2]
    assert await causes(case) == [
        (FactKind.OPENED, "create_case"),
        (FactKind.CHANGED, "update_case"),
        (FactKind.COMMENTED, "automation"),
        (FactKind.CHANGED, "automation"),
        (FactKind.SUSPENDED, "automation"),
    ]
    await assert_consistent(case)


async def test_rules_stop_five_deep(database: Database, caplog):
    """Each of seven rules waits for what the one before it sets."""
    case, subjects = await given.case(), [await given.subject(str(number)) for number in range(8)]
    for number, (seen, then) in enumerate(pairwise(subjects)):
        on = {"subject_id": {"eq": str(seen.id)}}
        await given.automation_rule(f"Rule {number}", {"set": {"subject": str(then.id)}}, when=on)

    await raised(case, subject_id=subjects[0])

    assert [outcome for _, outcome in await outcomes()] == [*[AutomationOutcome.DONE] * 5, AutomationOutcome.STOPPED]
    assert (await given.stored(case)).subject_id == subjects[5].id
    assert "deep" in caplog.text


async def left(row: Any) -> None:
    row.active = False
    await row.save()


@pytest.mark.parametrize("wrong", ["person", "queue"])
async def test_a_rule_that_cannot_act_does_nothing_of_what_it_should_and_is_told_in_its_log(database: Database, wrong):
    case, after = await given.case(), {"set": {"severity": "OUTAGE"}}
    if wrong == "person":
        of: Any = await given.person("Vera")
        deed = {"assign_person": str(of.id)}
    else:
        of = await given.queue("Desk")
        deed = {"queue": str(of.id)}
    await given.automation_rule("Broken", {"comment": "Before"}, deed, when=URGENT)
    await given.automation_rule("Whole", after, when=URGENT)
    await left(of)

    answered = await raised(case)
    broken = await AutomationRun.get(rule_name="Broken")

    assert (broken.outcome, broken.did, broken.version_after) == (AutomationOutcome.FAILED, [], 2)
    assert of.name in (broken.why or "")
    assert not await Message.all().exists()
    assert await outcomes() == [("Broken", AutomationOutcome.FAILED), ("Whole", AutomationOutcome.DONE)]
    assert (answered.priority, answered.version) == (Priority.CRITICAL, 3)
    await assert_consistent(case)


async def test_a_mistake_of_ours_in_a_rule_does_not_reach_whoever_acts(database: Database, monkeypatch, caplog):
    async def broken(*_: Any) -> None:
        raise ArithmeticError("a mistake")

    monkeypatch.setitem(deeds_of._DEEDS, "comment", broken)
    case = await given.case()
    await given.automation_rule("Broken", {"set": {"severity": "OUTAGE"}}, {"comment": "x"}, when=URGENT)

    answered = await raised(case)

    assert answered.version == 2
    assert await outcomes() == [("Broken", AutomationOutcome.FAILED)]
    assert "a mistake" in caplog.text
    await assert_consistent(case)


async def test_trouble_of_the_storage_is_no_fault_of_a_rule(database: Database, monkeypatch):
    async def troubled(*_: Any) -> None:
        raise RetryLater

    monkeypatch.setitem(deeds_of._DEEDS, "comment", troubled)
    case = await given.case()
    await given.automation_rule("Troubled", when=URGENT)

    with pytest.raises(RetryLater):
        await raised(case)

    assert (await given.stored(case)).version == 1


@pytest.mark.parametrize(
    ("watched", "acts"),
    [param(["OWNER"], False, id="not what changed"), param(["OWNER", "PRIORITY"], True, id="one that changed")],
)
async def test_a_rule_may_watch_some_fields_only(database: Database, watched, acts):
    case = await given.case()
    await given.automation_rule("Watch", watched=watched)

    await raised(case)

    assert bool(await outcomes()) is acts


async def test_what_rules_can_do(database: Database):
    """Every deed once, each through the act that people do it by."""
    vera, line, desk = await given.person("Vera"), await given.team(), await given.queue("Desk")
    gold, repair, steam = await given.sla_policy("Gold"), await given.case_type(), await given.subject()
    deeds: list[dict[str, Any]] = [
        {"assign_team": str(line.id)},
        {"assign_person": str(vera.id)},
        {"unassign": True},
        {"queue": str(desk.id)},
        {"sla_policy": str(gold.id)},
        {"set": {"type": str(repair.id), "subject": str(steam.id), "follow_up_in_minutes": 60, "title": "Leak"}},
        {"status_reason": "ON_HOLD"},
    ]
    case = await given.case()
    await given.automation_rule("All", *deeds, when=URGENT)
    await given.automation_rule("Routed", {"routing_rules": True}, {"queue": str(desk.id)}, when=URGENT)

    answered = await raised(case)

    assert await outcomes() == [("All", AutomationOutcome.DONE), ("Routed", AutomationOutcome.NOTHING_TO_DO)]
    assert (answered.owner_id, answered.team_id, answered.sla_source) == (None, line.id, SlaSource.AUTOMATION)
    assert (answered.type_id, answered.subject_id, answered.title) == (repair.id, steam.id, "Leak")
    assert (answered.follow_up_at, answered.status_reason) == (NOW + hours(1), StatusReason.ON_HOLD)
    assert (await open_item(case.id)) is not None
    await assert_consistent(case)


async def test_rules_escalate_and_tell_people_also_of_a_case_that_has_just_ended(database: Database):
    vera, ann = await given.person("Vera"), await given.person("Ann")
    line, owner = await given.team("Line", [vera, ann]), await given.person("Olga")
    case = await given.case(owner=owner)
    told = [{"text": "Look", "person": str(vera.id)}, {"text": "All", "team": str(line.id)}, {"text": "You"}]
    await given.automation_rule("Up", {"escalate": "It is urgent"}, when=URGENT)
    await given.automation_rule("Tell", *[{"notify": one} for one in told], when={"status": {"eq": "RESOLVED"}})

    answered = await raised(case)
    await done(ending.resolve_case, by=await given.viewer(), case=case, summary="Done")
    notes = await Notification.filter(kind="AUTOMATED").order_by("id")

    assert answered.escalated_at == NOW
    assert {(note.recipient_id, note.text) for note in notes} == {
        (vera.id, "Look"),
        (vera.id, "All"),
        (ann.id, "All"),
        (owner.id, "You"),
    }
    assert (await AutomationRun.get(rule_name="Tell")).did[:2] == ["tells Vera: Look", "tells Line: All"]
    await assert_consistent(case)


async def test_following_a_case_or_being_told_of_it_sets_off_nothing(database: Database):
    case = await given.case()
    await given.automation_rule("Any", {"notify": {"text": "Something changed"}})

    await done(following.follow_case, by=await given.viewer(), case=case)
    nothing = await outcomes()
    await raised(case)

    assert nothing == []
    assert await outcomes() == [("Any", AutomationOutcome.DONE)]


async def test_a_policy_chosen_by_hand_is_stronger_than_a_rule(database: Database):
    case, gold, iron = await given.case(), await given.sla_policy("Gold"), await given.sla_policy("Iron")
    await given.automation_rule("Iron", {"sla_policy": str(iron.id)}, when=URGENT)
    await done(promising.apply_sla, by=await given.viewer(), case=case, policy=gold)

    answered = await raised(case)

    assert answered.sla_source is SlaSource.HAND
    assert await outcomes() == [("Iron", AutomationOutcome.NOTHING_TO_DO)]


SAID: dict[str, Any] = {"trigger": ON_UPDATE, "actions": [{"comment": "x"}]}


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param({"name": ""}, ("name",), id="no name"),
        param({"actions": []}, ("actions",), id="nothing to do"),
        param({"when": {"colour": {"eq": "red"}}}, ("when", "colour"), id="no such field"),
        param({"watched": ["HAIR"]}, ("watched",), id="nothing to watch"),
        param({"watched": ["OWNER"], "trigger": ON_CREATE}, ("watched",), id="a new case has not changed"),
        param({"trigger": AutomationTrigger.SCHEDULE}, ("every_minutes",), id="how often?"),
        param({"every_minutes": 60}, ("every_minutes",), id="no schedule"),
        param({"idle_minutes": 60}, ("idle_minutes",), id="no idleness either"),
        param(
            {"trigger": AutomationTrigger.SCHEDULE, "every_minutes": 5, "idle_minutes": 0}, ("idle_minutes",), id="none"
        ),
    ],
)
async def test_a_rule_that_cannot_work_is_refused_where_it_is_wrong(sqlite_database: Database, said, path):
    with pytest.raises(BadInput) as refused:
        await done(
            automation_rules.save_automation_rule,
            by=await given.viewer(Role.ADMIN),
            **{"name": "x", **SAID, **said},
        )

    assert refused.value.path == path


async def test_a_rule_names_what_is_there_and_another_name_than_others(sqlite_database: Database):
    lead, elsewhere = await given.viewer(Role.ADMIN), await given.person(tenant=await given.tenant("other"))
    actions = [{"comment": "x"}, {"assign_person": str(elsewhere.id)}]

    with pytest.raises(Unknown) as refused:
        await done(automation_rules.save_automation_rule, by=lead, name="x", **{**SAID, "actions": actions})
    await given.automation_rule("Tidy")
    with pytest.raises(Duplicate):
        await done(automation_rules.save_automation_rule, by=lead, name="Tidy", **SAID)

    assert refused.value.path == ("actions", 1, "assign_person_id")


async def test_rules_are_reordered_switched_off_and_deleted_and_their_log_stays(database: Database):
    lead, case = await given.viewer(Role.ADMIN), await given.case()
    first, second, third = [await given.automation_rule(name) for name in ("a", "b", "c")]
    await done(automation_rules.reorder_automation_rules, by=lead, rules=[third, first])
    await done(automation_rules.deactivate_automation_rule, by=lead, rule=second)
    await done(automation_rules.save_automation_rule, by=lead, rule=first, name="a anew", **SAID)

    await raised(case)
    await done(automation_rules.delete_automation_rule, by=lead, rule=third)
    runs = await AutomationRun.all().order_by("id")

    assert [(run.rule_name, run.rule_id) for run in runs] == [("c", None), ("a anew", first.id)]
    assert [rule.name for rule in await AutomationRule.all().order_by("place")] == ["a anew", "b"]


async def test_a_preview_says_what_every_rule_would_do_and_which_part_of_its_condition_failed(database: Database):
    lead, bob, case = await given.viewer(Role.ADMIN), await given.viewer(Role.CUSTOMER), await given.case()
    vera = await given.person("Vera")
    both = {"priority": {"eq": "MEDIUM"}, "severity": {"eq": "OUTAGE"}}
    await given.automation_rule("Never", when=both)
    await given.automation_rule("Always", {"assign_person": str(vera.id)}, trigger=ON_CREATE)
    text = (
        """query($id: ID!) { previewAutomation(caseId: $id) { name trigger active held trace wouldDo rule { id } } }"""
    )
    before = await given.rows_stored()

    shown = (await given.answer(text, viewer=lead, id=id_of(case)))["previewAutomation"]

    assert [(one["name"], one["held"], one["wouldDo"]) for one in shown] == [
        ("Never", False, ["notes: Never"]),
        ("Always", True, ["assigns it to Vera"]),
    ]
    assert [(part["held"], part["seen"]) for part in shown[0]["trace"]["parts"]] == [
        (True, "MEDIUM"),
        (False, "NORMAL"),
    ]
    assert (await given.answer(text, viewer=bob, id=id_of(case)))["previewAutomation"] is None
    assert await given.rows_stored() == before


async def test_a_new_case_is_routed_noted_and_answered_as_it_is_after_all(database: Database):
    """What `createCase` answers is what is stored."""
    desk: Queue = await given.queue("Desk")
    await given.automation_rule("In", {"queue": str(desk.id)}, trigger=ON_CREATE)
    await given.automation_rule("Then", {"comment": "Queued"}, when={"message_count": {"eq": 0}})
    people = await Person.all().count()

    rows = await done(opening.create_case, by=await given.viewer(), title="Leak", customer=await given.account())
    kept = await given.stored(rows["case"])

    assert dict(rows["case"]) == dict(kept)
    assert [kind for kind, _ in await causes(kept)] == [FactKind.OPENED, FactKind.QUEUED, FactKind.COMMENTED]
    assert people <= await Person.all().count()
    await assert_consistent(kept)
