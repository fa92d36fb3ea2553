"""Views of cases through the API: saved ones, and those that everybody has."""

from actions import ending, following, queueing, viewing
from cases.viewer import Viewer
from cases.vocabulary import BuiltInView, Priority, Role
from models import Case, Person
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import done
from tests.schema.test_statements import statements

SAVE = """mutation($input: SaveViewInput!) { saveView(input: $input) {
    savedView { id name where order shared owner { name } } userErrors { code path } } }"""
THROUGH = "query($view: ViewKey!) { cases(view: $view) { totalCount nodes { title } } }"


async def titles(viewer: Viewer, **view: str) -> list[str]:
    data = await given.answer(THROUGH, viewer=viewer, view=view)
    return [node["title"] for node in data["cases"]["nodes"]]


async def test_a_view_is_saved_as_it_is_asked_and_looked_through(database: Database):
    by, acme = await given.viewer(), await given.account("Acme")
    for title, priority in (("B", Priority.HIGH), ("A", Priority.CRITICAL), ("C", Priority.LOW)):
        await given.case(title, by=by, customer=acme, priority=priority)
    where = {"priority": {"gte": "HIGH"}, "account": {"name": {"contains": "acm"}}, "accountId": {"eq": id_of(acme)}}
    said = {"name": "Urgent", "where": where, "orderBy": [{"priority": "DESC"}, {"createdAt": "ASC"}]}

    saved = (await given.answer(SAVE, viewer=by, input=said))["saveView"]
    listed = await given.answer("{ savedViews { nodes { id name } } }", viewer=by)
    key = saved["savedView"]["id"]

    assert saved["userErrors"] == []
    assert listed["savedViews"]["nodes"] == [{"id": key, "name": "Urgent"}]
    assert await titles(by, id=key) == ["A", "B"]


async def test_further_filters_orders_and_words_narrow_a_view(database: Database):
    by = await given.viewer()
    for title in ("Lid A", "Lid B", "Pot A"):
        await given.case(title, by=by)
    view = (await done(viewing.save_view, by=by, name="Lids", where={"title": {"contains": "Lid"}}))["saved_view"]
    text = """query($id: ID!) { cases(view: {id: $id}, search: "a", orderBy: [{createdAt: ASC}],
        where: {priority: {eq: MEDIUM}}) { nodes { title } } }"""

    assert (await given.answer(text, viewer=by, id=view))["cases"]["nodes"] == [{"title": "Lid A"}]


async def test_everybody_sees_through_a_shared_view_what_they_may_see_and_customers_have_none(database: Database):
    acme = await given.account()
    by, colleague = await given.viewer(), await given.viewer()
    customer = await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl", acme))
    await given.case("Theirs", customer=acme)
    shared = (await done(viewing.save_view, by=by, name="All", where={}, shared=True))["saved_view"]
    own = (await done(viewing.save_view, by=by, name="Own", where={}))["saved_view"]

    assert await titles(colleague, id=id_of(shared)) == ["Theirs"]
    for viewer, view in ((colleague, own), (customer, shared), (by, acme)):
        result = await given.execute(THROUGH, viewer=viewer, view={"id": id_of(view)})

        assert [error.extensions["code"] for error in result.errors] == ["BAD_INPUT"]
        assert result.errors[0].extensions["input"] == ["view", "id"]
    assert (await given.answer("{ savedViews { totalCount } }", viewer=customer))["savedViews"]["totalCount"] == 0


async def test_built_in_views_are_about_the_viewer(database: Database):
    by, colleague = await given.viewer(), await given.viewer()
    me = await Person.get(id=by.person_id)
    ours, theirs = await given.team("Ours", [me]), await given.team("Theirs")
    await given.case("Mine", by=by, owner=me)
    await given.case("Done", by=by, owner=me)
    await given.case("Waiting", by=by, team=ours)
    await given.case("Taken", by=by, team=ours, owner=await Person.get(id=colleague.person_id))
    await given.case("Elsewhere", by=by, team=theirs)
    done_case = await Case.get(title="Done")
    await done(ending.resolve_case, by=by, case=done_case, summary="Done")

    assert await titles(by, builtIn="MY_ACTIVE_CASES") == ["Mine"]
    assert await titles(by, builtIn="MY_RESOLVED_CASES") == ["Done"]
    assert await titles(by, builtIn="UNASSIGNED_IN_MY_TEAMS") == ["Waiting"]
    assert await titles(colleague, builtIn="UNASSIGNED_IN_MY_TEAMS") == []
    customer = await given.viewer(Role.CUSTOMER)
    for view in BuiltInView:
        assert await titles(customer, builtIn=view.value) == []


async def test_what_is_available_in_my_queues_waits_where_i_am_a_member_or_the_owner(database: Database):
    by, colleague = await given.viewer(), await given.viewer()
    me = await Person.get(id=by.person_id)
    mine = await given.queue("Mine", owner=me)
    ours = await given.queue("Ours", members=[await given.team("Ours", [me])])
    theirs = await given.queue("Theirs")
    for title, queue in (("By name", mine), ("By team", ours), ("Elsewhere", theirs), ("Picked", ours)):
        await given.queued_case(queue, case=await given.case(title))
    await done(queueing.pick_queue_item, by=colleague, case=await Case.get(title="Picked"))

    assert sorted(await titles(by, builtIn="AVAILABLE_IN_MY_QUEUES")) == ["By name", "By team"]
    assert await titles(colleague, builtIn="AVAILABLE_IN_MY_QUEUES") == []


async def test_followed_cases_are_those_one_follows_by_now(database: Database):
    by, colleague = await given.viewer(), await given.viewer()
    for title in ("Followed", "Left alone", "No more"):
        await given.case(title)
    for title in ("Followed", "No more"):
        await done(following.follow_case, by=by, case=await Case.get(title=title))
    await done(following.unfollow_case, by=by, case=await Case.get(title="No more"))

    assert await titles(by, builtIn="FOLLOWED_BY_ME") == ["Followed"]
    assert await titles(colleague, builtIn="FOLLOWED_BY_ME") == []


async def test_looking_through_a_view_takes_one_statement_more(database: Database):
    by = await given.viewer()
    view = (await done(viewing.save_view, by=by, name="All", where={}))["saved_view"]
    text = "query($view: ViewKey) { cases(view: $view) { nodes { title } } }"

    with statements() as plain:
        await given.answer(text, viewer=by)
    with statements() as through:
        await given.answer(text, viewer=by, view={"id": id_of(view)})

    assert (len(plain), len(through)) == (1, 2)
