"""Routing through acts: what the active rules make of a case, when it is opened and when somebody asks."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from actions import changing, ending, opening, queueing, routing, rule_sets, skills
from actions.clocks import history_of
from cases.obstacles import Unfit
from cases.refusals import BadInput, Duplicate, IllegalTransition, NotPermitted, Unknown
from cases.vocabulary import CaseCategory, FactKind, Priority, QueueItemState, Role
from models import Case, PersonCapacity, QueueItem, RoutingRuleSet
from models.database import Database
from tests import given
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


def to(place: Any, name: str = "All", when: dict[str, Any] | None = None, **said: Any) -> dict[str, Any]:
    return {"name": name, "when": when or {}, type(place).__name__.lower(): str(place.id), **said}


async def routed(case: Any, **said: Any) -> Any:
    rows = await done(routing.apply_routing_rules, by=await given.viewer(), cases=[case], **said)
    return rows["outcomes"][0]


async def can(person: Any, **level_by_skill: int) -> None:
    said = [{"skill": skill, "level": level} for skill, level in level_by_skill.items()]
    await done(skills.save_person_skills, by=await given.viewer(Role.ADMIN), person=person, skills=said)


async def may_have(person: Any, most_open: int | None, *, away: bool = False) -> None:
    lead = await given.viewer(Role.ADMIN)
    await done(skills.save_person_capacity, by=lead, person=person, most_open=most_open, away=away)


async def test_a_new_case_goes_to_the_queue_of_the_first_rule_that_holds(database: Database):
    urgent, rest = await given.queue("Urgent"), await given.queue("Rest")
    await given.rule_set("Rules", to(urgent, "Urgent", {"priority": {"eq": "HIGH"}}), to(rest))

    high, low = await given.case(priority=Priority.HIGH), await given.case()

    assert (await QueueItem.get(case_id=high.id)).queue_id == urgent.id
    assert (await QueueItem.get(case_id=low.id)).queue_id == rest.id
    event = (await history_of(high.id))[-1]
    assert (event.fact.kind, event.fact.details["rule"], event.actor.person_id) == (FactKind.ROUTED, "Urgent", None)


async def test_without_an_active_set_nothing_is_routed(database: Database):
    made = await given.rule_set("Rules", to(await given.queue()))
    await done(rule_sets.deactivate_routing_rule_set, by=await given.viewer(Role.ADMIN), rule_set=made)

    case = await given.case()

    assert [event.fact.kind for event in await history_of(case.id)] == [FactKind.OPENED]


async def test_a_case_is_not_routed_that_says_so_or_says_whose_it_is(sqlite_database: Database):
    await given.rule_set("Rules", to(await given.queue()))
    vera, line = await given.person("Vera"), await given.team()

    for said in ({"route": False}, {"owner": vera}, {"team": line}):
        await given.case(**said)
    assert await QueueItem.all().count() == 0
    await given.case(by=await given.viewer(Role.CUSTOMER), route=False)  # customers do not decide that

    assert await QueueItem.all().count() == 1


async def test_sets_are_asked_by_their_place(sqlite_database: Database):
    first, second = await given.queue("First"), await given.queue("Second")
    await given.rule_set("Later", to(second), place=2)
    await given.rule_set("Sooner", to(first, "Urgent", {"priority": {"eq": "HIGH"}}), place=1)

    high, low = await given.case(priority=Priority.HIGH), await given.case()

    assert (await QueueItem.get(case_id=high.id)).queue_id == first.id
    assert (await QueueItem.get(case_id=low.id)).queue_id == second.id


async def test_conditions_ask_of_the_customer_too(database: Database):
    desk, acme = await given.queue(), await given.account("Acme")
    await given.rule_set("Rules", to(desk, "Acme", {"account": {"name": {"eq": "Acme"}}}))

    theirs, others = await given.case(customer=acme), await given.case(customer=await given.account("Rival"))

    assert [item.case_id for item in await QueueItem.all()] == [theirs.id]
    assert others.owner_id is None


async def test_of_a_team_the_least_loaded_gets_it_and_of_equals_whoever_waits_longest(database: Database):
    ann, bea, cid = [await given.person(name) for name in ("Ann", "Bea", "Cid")]
    line = await given.team("Line", [ann, bea, cid])
    await given.case(owner=ann)
    await given.rule_set("Rules", to(line))

    owners = [(await given.case(now=NOW + timedelta(minutes=n))).owner_id for n in range(5)]

    assert set(owners[:2]) == {bea.id, cid.id}  # Ann has one already
    assert owners[2] == ann.id  # now all have one, and she has never been given any
    assert owners[3:] == owners[:2]
    assert {case.team_id for case in await Case.filter(owner_id__in=owners)} == {None, line.id}


async def test_resolved_cases_are_no_load(sqlite_database: Database):
    ann, bea = await given.person("Ann"), await given.person("Bea")
    await given.case(owner=bea)
    lead = await given.viewer(Role.ADMIN)
    for _ in range(2):
        await done(ending.resolve_case, by=lead, case=await given.case(owner=ann), summary="Done")
    await given.rule_set("Rules", to(await given.team("Line", [ann, bea])))

    assert (await given.case()).owner_id == ann.id


async def test_skills_room_and_presence_are_needed(database: Database):
    people = {name: await given.person(name) for name in ("Able", "Full", "Away", "Weak")}
    for name, level in (("Able", 5), ("Full", 9), ("Away", 9), ("Weak", 2)):
        await can(people[name], ice=level)
    await may_have(people["Full"], 0)
    await may_have(people["Away"], None, away=True)
    for _ in range(3):
        await given.case(owner=people["Able"])
    line = await given.team("Line", list(people.values()))
    await given.rule_set("Rules", to(line, skills=[{"skill": "ice", "level": 3}]))

    case = await given.case(route=False)
    outcome = await routed(case)
    reasons = {one.candidate.name: one.reasons for one in outcome.decision.choice.considered}

    assert (await given.stored(case)).owner_id == people["Able"].id
    assert reasons == {"Able": (), "Full": (Unfit.FULL,), "Away": (Unfit.AWAY,), "Weak": (Unfit.LACKS_SKILL,)}


async def test_nobody_fits_is_said_in_the_payload_the_history_and_on_the_item(database: Database):
    ann = await given.person("Ann")
    desk = await given.queue(members=[await given.team("Line", [ann])])
    await given.rule_set("Rules", to(desk, skills=[{"skill": "ice"}]))
    told = "Nobody in Desk fits: Ann lacks a skill."

    created = await given.case()
    outcome = await routed(by_hand := await given.case(route=False))

    assert outcome.unassigned == told
    for case in (created, by_hand):
        (item,) = await QueueItem.filter(case_id=case.id)
        assert (item.unassigned, item.state, item.queue_id) == (told, QueueItemState.AVAILABLE, desk.id)
        assert (await history_of(case.id))[-1].fact.details["unassigned"] == told


async def test_nobody_of_a_team_fits_and_the_team_has_it_all_the_same(database: Database):
    line = await given.team("Line")
    await given.rule_set("Rules", to(line))

    case = await given.case()

    assert (case.team_id, case.owner_id) == (line.id, None)
    assert (await history_of(case.id))[-1].fact.details["unassigned"] == "Line has nobody in it."


async def test_of_a_queues_people_whoever_has_the_skill_works_on_it(database: Database):
    ann, bea = await given.person("Ann"), await given.person("Bea")
    await can(bea, ice=1)
    desk = await given.queue(members=[ann, bea])
    await given.rule_set("Rules", to(desk, skills=[{"skill": "ice"}]))

    case = await given.case()
    (item,) = await QueueItem.all()

    assert case.owner_id == item.worker_id == bea.id
    assert item.state is QueueItemState.PICKED


async def test_a_full_person_is_not_given_more_even_by_name(sqlite_database: Database):
    ann = await given.person("Ann")
    await may_have(ann, 1)
    await given.rule_set("Rules", to(ann))

    first, second = await given.case(), await given.case()

    assert (first.owner_id, second.owner_id) == (ann.id, None)
    assert (await history_of(second.id))[-1].fact.details["unassigned"] == "Nobody in Ann fits: Ann has no room."


async def test_a_queue_that_does_not_take_it_leaves_it_where_it_is(sqlite_database: Database):
    asks = await given.queue("Asks", accepts=[CaseCategory.QUESTION])
    await given.rule_set("Rules", to(asks))

    case = await given.case()

    assert await QueueItem.all().count() == 0
    assert (await history_of(case.id))[-1].fact.details["unassigned"] == "Asks does not take such cases."


async def test_applied_again_nothing_changes(database: Database):
    await given.rule_set("Rules", to(await given.queue()))
    case = await given.case()

    outcome = await routed(case)

    assert not outcome.changed
    assert (await given.stored(case)).version == case.version


async def test_applied_to_a_case_that_has_ended_all_are_refused(database: Database):
    await given.rule_set("Rules", to(await given.queue()))
    by, ended, active = await given.viewer(), await given.case(route=False), await given.case(route=False)
    await done(ending.resolve_case, by=by, case=ended, summary="Done")

    with pytest.raises(IllegalTransition):
        await done(routing.apply_routing_rules, by=by, cases=[active, ended])

    assert await QueueItem.all().count() == 0


async def test_whoever_works_on_a_case_keeps_it_when_the_rules_find_nobody(sqlite_database: Database):
    desk, by = await given.queue(), await given.viewer()
    await given.rule_set("Rules", to(desk, skills=[{"skill": "ice"}]))
    case = await given.case()
    await done(queueing.pick_queue_item, by=by, case=case)

    await routed(case)

    assert (await QueueItem.get(case_id=case.id)).worker_id == by.person_id


async def test_the_last_room_is_given_once(database: Database):
    ann, bea = await given.person("Ann"), await given.person("Bea")
    for person in (ann, bea):
        await may_have(person, 1)
    cases = [await given.case() for _ in range(6)]
    await given.rule_set("Rules", to(await given.team("Line", [ann, bea])))

    outcomes = await asyncio.gather(*(routed(case) for case in cases))

    assert await Case.filter(owner_id=ann.id).count() == await Case.filter(owner_id=bea.id).count() == 1
    assert sum(outcome.unassigned is not None for outcome in outcomes) == 4


async def test_a_set_that_cannot_be_read_stops_no_case(sqlite_database: Database, caplog: pytest.LogCaptureFixture):
    good, bad = await given.queue("Good"), await given.queue("Bad")
    broken = await given.rule_set("Broken", to(bad))
    await RoutingRuleSet.filter(id=broken.id).update(items=[{"name": "x", "when": {"colour": {"eq": 1}}}])
    await given.rule_set("Rules", to(good), place=1)

    case = await given.case()

    assert (await QueueItem.get(case_id=case.id)).queue_id == good.id
    assert "is left out" in caplog.text


async def test_what_is_saved_is_checked(sqlite_database: Database):
    by, desk = await given.viewer(Role.ADMIN), await given.queue()
    elsewhere = await given.team("Theirs", tenant=await given.tenant("other"))

    async def refused(kind: type[Exception], path: tuple[Any, ...], **said: Any) -> None:
        with pytest.raises(kind) as caught:
            await done(rule_sets.save_routing_rule_set, by=by, **said)
        assert tuple(caught.value.path) == path  # type: ignore[attr-defined]

    await refused(Unknown, ("items", 0, "team_id"), name="New", items=[to(elsewhere)])
    await refused(BadInput, ("name",), name=" ", items=[])
    await refused(BadInput, ("items", 1), name="New", items=[to(desk), {"name": "nowhere"}])
    await refused(BadInput, ("place",), name="New", items=[], place=2**31)
    empty = (await done(rule_sets.save_routing_rule_set, by=by, name="New", items=[]))["routing_rule_set"]
    await refused(Duplicate, ("name",), name="New", items=[])
    with pytest.raises(BadInput):
        await done(rule_sets.activate_routing_rule_set, by=by, rule_set=empty)
    with pytest.raises(NotPermitted):
        await done(rule_sets.save_routing_rule_set, by=await given.viewer(), name="Mine", items=[])


async def test_skills_and_room_are_said_anew(database: Database):
    ann = await given.person("Ann")
    await can(ann, ice=3, gas=2)
    await can(ann, gas=4)
    await may_have(ann, 3)
    await may_have(ann, None, away=True)

    capacity = await PersonCapacity.get(person_id=ann.id)

    assert (capacity.most_open, capacity.away) == (None, True)
    with pytest.raises(BadInput):
        await may_have(ann, -1)
    with pytest.raises(BadInput):
        await can(ann, ice=0)


async def test_a_case_that_changes_is_routed_anew_when_somebody_asks(database: Database):
    urgent, rest = await given.queue("Urgent"), await given.queue("Rest")
    await given.rule_set("Rules", to(urgent, "Urgent", {"priority": {"eq": "HIGH"}}), to(rest))
    case, by = await given.case(), await given.viewer()
    await done(changing.update_case, by=by, case=case, priority=Priority.HIGH)

    outcome = await routed(case, now=LATER)
    (item,) = await QueueItem.all()

    assert (outcome.changed, outcome.rule) == (True, "Urgent")
    assert (item.queue_id, item.entered_at, item.priority) == (urgent.id, LATER, Priority.HIGH)


async def test_opening_with_a_key_twice_routes_once(sqlite_database: Database):
    ann = await given.person("Ann")
    await given.rule_set("Rules", to(await given.team("Line", [ann])))
    by, acme = await given.viewer(), await given.account()

    for _ in range(2):
        await done(opening.create_case, by=by, key="k", title="Help", customer=acme)

    assert await Case.filter(owner_id=ann.id).count() == 1
