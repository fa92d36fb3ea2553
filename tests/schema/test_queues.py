"""Queues and routing as clients see them."""

from datetime import timedelta
from typing import Any

import models
from actions import queueing, skills
from cases.vocabulary import Priority, QueueKind, Role
from models import QueueItem
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import NOW, done
from tests.schema.test_statements import statements

PICK = """mutation($input: PickQueueItemInput!) { pickQueueItem(input: $input) {
    case { number owner { name } queueItem { state } } queueItem { state worker { name } }
    userErrors { __typename code message ... on AlreadyPicked { worker pickedAt } } } }"""

QUEUE = """query($id: ID!) { queue(id: $id) { name kind
    items { totalCount nodes { state case { title } worker { name } } }
    available { totalCount nodes { case { title } } }
    members { nodes { person { name } team { name } } } } }"""


async def titles(queue: Any, viewer: Any, field: str = "items") -> list[str]:
    data = await given.answer(QUEUE, viewer=viewer, id=queue)
    return [node["case"]["title"] for node in data["queue"][field]["nodes"]]


async def test_a_queue_is_worked_through_by_priority_and_then_oldest_first(database: Database):
    by, desk = await given.viewer(), await given.queue()
    for minutes, title, priority in ((3, "new", "HIGH"), (1, "old", "HIGH"), (0, "low", "LOW"), (2, "top", "CRITICAL")):
        then = NOW + timedelta(minutes=minutes)
        await given.queued_case(desk, title=title, priority=Priority[priority], now=then)

    assert await titles(desk, by) == ["top", "old", "new", "low"]


async def test_what_is_picked_is_in_the_queue_but_not_available_and_what_has_left_is_not_in_it(database: Database):
    by, desk = await given.viewer(), await given.queue()
    for title in ("waits", "worked on", "left"):
        await given.queued_case(desk, title=title)
    picked, left = [await QueueItem.get(case__title=title) for title in ("worked on", "left")]
    await done(queueing.pick_queue_item, by=by, case=await picked.case)
    await done(queueing.remove_from_queue, by=by, case=await left.case)

    data = await given.answer(QUEUE, viewer=by, id=desk)

    assert data["queue"]["items"]["totalCount"] == 2
    assert await titles(desk, by) == ["waits", "worked on"]
    assert await titles(desk, by, "available") == ["waits"]
    mine = "query($me: ID!) { queueItems(where: {workerId: {eq: $me}}) { totalCount nodes { case { title } } } }"
    data = await given.answer(mine, viewer=by, me=await models.Person.get(id=by.person_id))
    assert data["queueItems"] == {"totalCount": 1, "nodes": [{"case": {"title": "worked on"}}]}


async def test_picking_answers_with_the_item_and_refuses_with_a_type_of_its_own(database: Database):
    first, second, case = await given.viewer(), await given.viewer(), await given.queued_case()

    won = await given.answer(PICK, viewer=first, input={"caseId": id_of(case)})
    lost = await given.answer(PICK, viewer=second, input={"caseId": id_of(case)})

    assert won["pickQueueItem"] == {
        "case": {"number": case.number, "owner": {"name": "Vera"}, "queueItem": {"state": "PICKED"}},
        "queueItem": {"state": "PICKED", "worker": {"name": "Vera"}},
        "userErrors": [],
    }
    assert lost["pickQueueItem"]["userErrors"] == [
        {
            "__typename": "AlreadyPicked",
            "code": "ILLEGAL_TRANSITION",
            "message": "Vera works on this already.",
            "worker": "Vera",
            "pickedAt": "2025-06-04T12:00:00Z",
        }
    ]


async def test_a_private_queue_shows_strangers_its_name_and_nothing_that_is_in_it(database: Database):
    member, stranger = await given.viewer(), await given.viewer()
    person = await models.Person.get(id=member.person_id)
    private = await given.queue("Private", kind=QueueKind.PRIVATE, members=[person])
    case = await given.queued_case(private)
    text = "query($key: CaseKey!) { case(key: $key) { queueItem { state } } queueItems { totalCount } }"

    async def seen(viewer: Any) -> Any:
        return await given.answer(text, viewer=viewer, key={"id": id_of(case)})

    assert await titles(private, member) == ["The kettle leaks"]
    assert await titles(private, stranger) == []
    assert await seen(member) == {"case": {"queueItem": {"state": "AVAILABLE"}}, "queueItems": {"totalCount": 1}}
    assert await seen(stranger) == {"case": {"queueItem": None}, "queueItems": {"totalCount": 0}}
    # nor can it be spelled out by filters of what is visible
    asked = '{ queues(where: {name: {eq: "Private"}}) { nodes { items(where: {case: {title: {contains: "k"}}}) {\
        totalCount } } } }'
    data = await given.answer(asked, viewer=stranger)
    assert data["queues"]["nodes"] == [{"items": {"totalCount": 0}}]


async def test_customers_see_no_queues(database: Database):
    customer = await given.viewer(Role.CUSTOMER)
    case = await given.case(by=customer)
    await given.queued_case(case=case)
    text = """query($key: CaseKey!) {
        case(key: $key) { queueItem { state } } queues { totalCount } queueItems { totalCount } }"""

    data = await given.answer(text, viewer=customer, key={"id": id_of(case)})

    assert data == {"case": {"queueItem": None}, "queues": {"totalCount": 0}, "queueItems": {"totalCount": 0}}


async def board(cases: int) -> Any:
    by = await given.viewer()
    people = [await given.person(f"Vera {n}") for n in range(3)]
    line = await given.team("Line", people)
    desks = [await given.queue(f"Desk {n}", members=[line, *people], owner=people[n]) for n in range(3)]
    for number in range(cases):
        case = await given.queued_case(desks[number % 3], owner=people[number % 3], by=by)
        if number % 2:
            await done(queueing.pick_queue_item, by=by, case=case)
    return by


BOARD = """{ queues(first: 5) { totalCount nodes { name owner { name }
    members(first: 5) { nodes { person { name } team { name } } }
    items(first: 20) { totalCount nodes { state priority enteredAt worker { name } previousOwner { name }
        case { number title owner { name } queueItem { queue { name } } } } }
    available { totalCount } } } }"""


async def test_a_board_of_queues_takes_one_statement_per_relation_and_level(database: Database):
    by = await board(12)

    with statements() as sent:
        data = await given.answer(BOARD, viewer=by)

    assert [queue["items"]["totalCount"] for queue in data["queues"]["nodes"]] == [4, 4, 4]
    # queues, count; owners; members, their people and teams; items, count; workers, former owners; cases, their owners,
    # their items, the queues of these; what is available is only counted, but its page is read
    assert len(sent) <= 16, sent


async def test_a_larger_board_takes_no_more_statements(database: Database):
    by = await board(3)
    with statements() as few:
        await given.answer(BOARD, viewer=by)
    for _ in range(9):
        await given.queued_case(await models.Queue.first())

    with statements() as many:
        await given.answer(BOARD, viewer=by)

    assert len(many) <= len(few)


PREVIEW = """query($input: PreviewRoutingInput!) { previewRouting(input: $input) {
    ruleSet rule unassigned queue { name } team { name } assignee { name }
    verdicts { ruleSet place rule held chosen trace }
    candidates { name fits reasons openCases mostOpen person { name } } } }"""


async def test_a_dry_run_explains_item_by_item_and_writes_nothing(database: Database):
    by, desk = await given.viewer(), await given.queue()
    ann, bea = await given.person("Ann"), await given.person("Bea")
    lead = await given.viewer(Role.ADMIN)
    await done(skills.save_person_skills, by=lead, person=ann, skills=[{"skill": "ice", "level": 2}])
    urgent = {"name": "Urgent", "when": {"priority": {"eq": "HIGH"}}, "queue": str(desk.id)}
    line = await given.team("Line", [ann, bea])
    await given.rule_set("Rules", urgent, {"name": "Rest", "team": str(line.id), "skills": [{"skill": "ice"}]})
    case = await given.case(route=False)
    before = await given.rows_stored()

    draft = await given.answer(PREVIEW, viewer=by, input={"draft": {"priority": "HIGH"}})
    real = await given.answer(PREVIEW, viewer=by, input={"caseId": id_of(case)})

    assert (draft["previewRouting"]["rule"], draft["previewRouting"]["queue"]) == ("Urgent", {"name": "Desk"})
    assert [(one["held"], one["chosen"]) for one in draft["previewRouting"]["verdicts"]] == [
        (True, True),
        (True, False),
    ]
    told = real["previewRouting"]
    assert told["verdicts"][0]["trace"] == {
        "condition": {"priority": {"eq": "HIGH"}},
        "held": False,
        "seen": "MEDIUM",
    }
    assert (told["rule"], told["assignee"], told["team"], told["queue"]) == (
        "Rest",
        {"name": "Ann"},
        {"name": "Line"},
        None,
    )
    assert [(one["name"], one["fits"], one["reasons"]) for one in told["candidates"]] == [
        ("Ann", True, []),
        ("Bea", False, ["LACKS_SKILL"]),
    ]
    assert await given.rows_stored() == before


async def test_a_dry_run_of_neither_or_both_is_refused(sqlite_database: Database):
    by, case = await given.viewer(), await given.case()
    for said in ({}, {"caseId": id_of(case), "draft": {}}, {"draft": {"customerId": "x"}}, {"draft": {"typeId": "x"}}):
        result = await given.execute(PREVIEW, viewer=by, input=said)

        assert result.errors, said
        assert result.errors[0].extensions is not None


APPLY = """mutation($input: ApplyRoutingRulesInput!) { applyRoutingRules(input: $input) {
    outcomes { changed rule unassigned case { number queueItem { unassigned } } decision { verdicts { held } } }
    userErrors { code path } } }"""


async def test_rules_are_applied_to_several_cases_and_each_says_what_became_of_it(database: Database):
    by, desk = await given.viewer(), await given.queue()
    cases = [await given.case(title=title) for title in ("ice", "gas")]
    iced = {"name": "Ice", "when": {"title": {"contains": "ice"}}, "queue": str(desk.id), "skills": [{"skill": "ice"}]}
    await given.rule_set("Rules", iced)

    data = await given.answer(APPLY, viewer=by, input={"caseIds": [id_of(case) for case in cases]})
    first, second = data["applyRoutingRules"]["outcomes"]

    assert (first["changed"], first["rule"], first["unassigned"]) == (True, "Ice", "Desk has nobody in it.")
    assert first["case"]["queueItem"] == {"unassigned": "Desk has nobody in it."}
    assert second == {
        "changed": False,
        "rule": None,
        "unassigned": None,
        "case": {"number": cases[1].number, "queueItem": None},
        "decision": {"verdicts": [{"held": False}]},
    }


async def test_rules_and_members_are_saved_by_public_ids(database: Database):
    lead, ann, line = await given.viewer(Role.MANAGER), await given.person("Ann"), await given.team("Line")
    save = """mutation($input: SaveQueueInput!) { saveQueue(input: $input) {
        queue { id accepts owner { name } members { nodes { person { name } team { name } } } }
        userErrors { code } } }"""
    members = [{"personId": id_of(ann)}, {"teamId": id_of(line)}]
    said = {"name": "Desk", "members": members, "accepts": ["PROBLEM"], "ownerId": id_of(ann)}
    queue = (await given.answer(save, viewer=lead, input=said))["saveQueue"]["queue"]

    assert (queue["accepts"], queue["owner"]) == (["PROBLEM"], {"name": "Ann"})
    assert {"person": {"name": "Ann"}, "team": None} in queue["members"]["nodes"]
    rules = """mutation($input: SaveRoutingRuleSetInput!) { saveRoutingRuleSet(input: $input) {
        routingRuleSet { active items } userErrors { code path } } }"""
    rule = {"name": "All", "queueId": queue["id"], "when": {"priority": {"in": ["HIGH"]}}, "skills": [{"skill": "ice"}]}
    data = (await given.answer(rules, viewer=lead, input={"name": "Rules", "items": [rule]}))["saveRoutingRuleSet"]

    assert data["userErrors"] == []
    assert data["routingRuleSet"]["active"] is False
    wrong = {**rule, "queueId": "garbage"}
    data = (await given.answer(rules, viewer=lead, input={"name": "More", "items": [wrong]}))["saveRoutingRuleSet"]
    assert data["userErrors"] == [{"code": "BAD_INPUT", "path": ["input", "items", "0", "queueId"]}]
