"""Two populated tenants side by side: nothing of one is ever shown to, found by or changed by the other.

What is walked is made from the schema (`walk.py`): a new type, field, list or mutation is covered or fails a test here.
"""

import json
from typing import Any, cast

import pytest
from graphql import GraphQLInterfaceType, get_named_type, is_leaf_type, is_required_argument
from strawberry.utils.str_converters import to_camel_case

import models
from actions import merging
from actions.signature import parameters
from cases import permissions
from cases.vocabulary import Role
from models.visibility import RULES
from schema.ids import id_of, public_id
from schema.mirror import MIRRORS
from schema.mutations import Mutation
from settings import Limits
from tests import given
from tests.actions import contracts
from tests.given import done
from tests.schema import further, walk
from tests.schema.told import INPUTS
from tests.schema.walk import ERRORS, MUTATION, NODES, OBJECTS, QUERY, SCHEMA, TOLD, Seen
from tests.schema.worlds import TABLES, World, missing

LOOKUPS = {
    "node": "query($id: ID!) { node(id: $id) { __typename id } }",
    "nodes": "query($id: ID!) { nodes(ids: [$id, $id]) { __typename id } }",
    "case": "query($id: ID!) { case(key: {id: $id}) { __typename id number } }",
    "account": "query($id: ID!) { account(id: $id) { __typename id name } }",
    "contact": "query($id: ID!) { contact(id: $id) { __typename id name } }",
    "article": "query($id: ID!) { article(id: $id) { __typename id title } }",
    "similarCases": "query($id: ID!) { similarCases(caseId: $id) { __typename score case { __typename id } } }",
    "suggestedArticles": """query($id: ID!) { suggestedArticles(caseId: $id) {
        __typename score article { __typename id } } }""",
    "entitlementBalance": """query($id: ID!) { entitlementBalance(entitlementId: $id) {
        pool channel remaining } }""",
    "entitlementsFor": """query($id: ID!) { entitlementsFor(customerId: $id) {
        eligible entitlement { id } reasons { reason message } } }""",
    "queue": "query($id: ID!) { queue(id: $id) { __typename id name } }",
    "previewRouting": "query($id: ID!) { previewRouting(input: {caseId: $id}) { rule unassigned } }",
    "previewMerge": "query($id: ID!) { previewMerge(caseId: $id, mergedIds: [$id]) { possible } }",
    "previewAutomation": "query($id: ID!) { previewAutomation(caseId: $id) { name held } }",
    "previewNotification": 'query($id: ID!) { previewNotification(caseId: $id, body: "{{case.number}}") { body } }',
    "explainSla": "query($id: ID!) { explainSla(caseId: $id) { item held } }",
    "previewSla": "query($id: ID!) { previewSla(input: {caseId: $id}) { cases changed } }",
}
"""A document for every query that takes an id."""

ACTS = {to_camel_case(of.act.__name__): of.act for of in Mutation.__strawberry_definition__.fields}  # type: ignore[attr-defined]
"""Every act under the name of its mutation."""


async def ids_of(world: World) -> dict[str, list[str]]:
    ids: dict[str, list[str]] = {type_name: [] for type_name in NODES}
    for row in await world.rows():
        if type(row).__name__ in ids:
            ids[type(row).__name__].append(id_of(row))
    return ids


def assert_nothing_of(names: set[str], text: str) -> None:
    found = sorted(name for name in names if name in text)
    assert not found, f"{found[:5]} appear in {text[:2000]}"


def test_every_public_table_has_a_rule_a_type_and_a_place_in_the_world():
    assert set(MIRRORS) <= set(RULES)
    implementing = SCHEMA.get_implementations(cast(GraphQLInterfaceType, SCHEMA.type_map["Node"])).objects

    assert {of.name for of in implementing} == {model.__name__ for model in MIRRORS} == set(NODES)


def test_every_query_that_takes_an_id_is_looked_up_here():
    with_arguments = {name for name, field in QUERY.items() if any(map(is_required_argument, field.args.values()))}

    assert with_arguments == set(LOOKUPS) | set(walk.ASKED)


def test_every_mutation_is_tried_here_and_has_a_row_of_permissions():
    assert set(INPUTS) == set(MUTATION) == set(ACTS)
    assert {act.__name__ for act in ACTS.values()} == set(permissions.ROLES_BY_ACT)


def test_errors_lead_to_no_rows():
    assert not ERRORS & set(NODES)


async def test_every_table_has_rows_in_both_worlds(worlds):
    for world in worlds:
        empty = {table.__name__ for table in TABLES} - {type(row).__name__ for row in await world.rows()}

        assert not empty


async def test_a_walk_through_everything_meets_every_field_and_nothing_of_the_other(worlds):
    seen: Seen = set()
    for own, other in (worlds, worlds[::-1]):
        ids, gone = await ids_of(own), await _deleted(own) | await _of_others(own)
        text = await walk.walk(own.admin, ids, seen) + await further.entitled(own, ids, seen)
        text += await further.promises(own, ids, seen)
        await further.route(own, seen)
        await further.change_many(own, seen)
        await further.merge(own, seen)
        await _mutate_all(own, seen)

        assert_nothing_of(await other.names(), text)
        assert {name for of_type in ids.values() for name in of_type if name not in text} == gone

    unseen = {(name, field) for name, of in OBJECTS.items() if name not in ERRORS | TOLD for field in of.fields} - seen
    unseen -= {("Mutation", name) for name in MUTATION}
    unseen -= {("Query", name) for name in LOOKUPS}  # asked below
    unseen -= {(name, "userErrors") for name in OBJECTS}  # empty here
    unseen -= {("Viewer", "contact")}  # seen by customers
    assert not unseen, f"no world has a value for {sorted(unseen)}"


async def _deleted(own: World) -> set[str]:
    """The ids of a deleted case and of what belongs to it: nobody sees them."""
    cases = await models.Case.filter(tenant_id=own.tenant.id).exclude(deleted_at=None)
    rows: list[Any] = [*cases]
    for table in TABLES:
        if "case_id" in table._meta.db_fields:
            rows += await table.filter(case_id__in=[case.id for case in cases])
    return {id_of(row) for row in rows}


async def _of_others(own: World) -> set[str]:
    """The ids of what is for somebody else alone."""
    theirs = models.Notification.filter(tenant_id=own.tenant.id).exclude(recipient_id=own.admin.person_id)
    return {id_of(row) for row in await theirs}


async def _mutate_all(own: World, seen: Seen) -> None:
    """Does everything once on a case of its own, and looks at all of the answer."""
    ready = {"closeCase": ["resolveCase"], "reactivateCase": ["resolveCase"], "resumeCase": ["suspendCase"]}
    ready |= {"unlinkArticle": ["linkArticle"], "createCase": ["createCase"]}  # the second may be a duplicate
    ready |= {name: ["applyEntitlement"] for name in ("removeEntitlement", "changeCaseCustomer")}
    ready |= {name: ["activateSlaPolicy"] for name in ("applySla", "setDefaultSlaPolicy")}
    ready |= {name: ["createActivity"] for name in ("updateActivity", "completeActivity", "cancelActivity")}
    ready |= {name: ["addToQueue"] for name in ("pickQueueItem", "routeQueueItem", "removeFromQueue")}
    ready["advanceStage"] = ["updateCase"]
    ready |= {"unfollowCase": ["followCase"], "urgeCase": ["assignCase"]}
    ready["splitCase"] = ["addComment"]
    ready["releaseQueueItem"] = ["addToQueue", "pickQueueItem"]
    ready |= {"removeChildCase": ["addChildCases"], "unlinkCases": ["linkCases"]}
    examples = await own.one_of_each()
    made = (models.Activity, models.Attachment, models.CaseLink, models.Message)
    for name in MUTATION:
        case = await given.case(by=own.admin, customer=own.own_account)
        other = await given.case(by=own.admin, customer=own.own_account)
        examples["Case"] = id_of(other)
        if name == "unmergeCase":
            await done(merging.merge_cases, by=own.admin, case=other, merged=[case])
        for step in [*ready.get(name, []), name]:
            examples |= await own.one_of_each(made)
            of = await contracts.ready_for(step, by=own.admin, customer=own.own_account)
            examples["Entitlement"] = id_of(of)
            result = await given.execute(document(step), viewer=own.admin, input=spelled(step, id_of(case), examples))
            assert not result.errors
            assert not result.data[step]["userErrors"], result.data
            walk.note(seen, OBJECTS["Mutation"], result.data)


def document(mutation: str) -> str:
    payload = get_named_type(MUTATION[mutation].type)
    of_input = get_named_type(MUTATION[mutation].args["input"].type).name
    errors = "userErrors { __typename code message path }"
    rows = " ".join(
        name if is_leaf_type(get_named_type(field.type)) else f"{name} {{ {walk.leaves(get_named_type(field.type))} }}"
        for name, field in payload.fields.items()
        if name != "userErrors"
    )
    return f"mutation($input: {of_input}!) {{ {mutation}(input: $input) {{ __typename {rows} {errors} }} }}"


def spelled(mutation: str, case: str, examples: dict[str, str]) -> dict[str, Any]:
    said = {key: examples.get(str(value), value) for key, value in INPUTS[mutation].items()}
    about: dict[str, Any] = {"caseId": case, "caseIds": [case]}
    return said | {name: about[name] for name in id_fields(mutation) if name in about}


def id_fields(mutation: str) -> list[str]:
    of = get_named_type(MUTATION[mutation].args["input"].type)
    return [name for name, field in of.fields.items() if get_named_type(field.type).name == "ID"]


async def answered(text: str, viewer: Any, **variables: Any) -> str:
    """The whole answer as text, errors and all."""
    result = await given.execute(text, viewer=viewer, **variables)
    return json.dumps([result.data, [error.formatted for error in result.errors or ()]], default=str)


GARBAGE = ["", "x", "CAS-000001", "é", "=" * 70, "A" * 5000, "Q2FzZTo", "' OR 1=1 --"]


@pytest.mark.parametrize("name", LOOKUPS)
async def test_a_foreign_a_missing_a_wrong_and_a_garbled_id_are_looked_up_alike(worlds, name):
    own, other = worlds
    of_other = await other.one_of_each()
    wrong = [public_id(kind, row.pk) for row in await own.rows() for kind in ("Nothing", "CaseEventX", "case", "")]
    gone, *_ = await models.Case.exclude(deleted_at=None)

    nothing = await answered(LOOKUPS[name], own.admin, id=missing("Case"))
    tried = [*of_other.values(), *map(missing, of_other), *wrong[:12], *GARBAGE, id_of(gone)]

    assert "null" in nothing
    assert {await answered(LOOKUPS[name], own.admin, id=one) for one in tried} == {nothing}
    assert {await answered(LOOKUPS[name], own.customer, id=one) for one in tried} == {nothing}


async def test_what_is_not_public_has_no_id(worlds):
    own, _ = worlds
    of_own = await own.one_of_each()
    hidden = set(of_own) - set(NODES)

    assert hidden >= {"ApiKey", "Outbox", "IdempotencyKey"}
    for name in hidden:
        assert (await given.answer(LOOKUPS["node"], viewer=own.admin, id=of_own[name]))["node"] is None


async def test_names_of_another_tenants_cases_name_nothing(worlds):
    own, other = worlds
    for _ in range(20):
        last = await given.case(by=other.admin, customer=other.own_account)
    text = "query($key: CaseKey!) { case(key: $key) { id number } }"

    nothing = await answered(text, own.admin, key={"number": "CAS-999999"})

    assert await answered(text, own.admin, key={"number": last.number}) == nothing
    assert await answered(text, own.admin, key={"externalId": "umbrella 1"}) == nothing
    assert await answered(text, own.admin, key={"externalId": "acorn gone"}) == nothing
    assert (await given.answer(text, viewer=other.admin, key={"number": last.number}))["case"]["id"] == id_of(last)


LISTS = sorted(name for name, field in QUERY.items() if "where" in field.args)


@pytest.mark.parametrize("name", LISTS)
async def test_filters_by_ids_of_another_tenant_find_what_filters_by_missing_ids_find(worlds, name):
    own, other = worlds
    of_own, foreign = await own.one_of_each(), list((await other.one_of_each()).values())
    where = get_named_type(QUERY[name].args["where"].type)
    text = (
        f"query($where: {where.name}) {{ {walk.connection(name, get_named_type(QUERY[name].type), 'where: $where')} }}"
    )
    places = list(walk.id_members(where, depth=1))

    found = await answered(text, own.admin, where=compared(("id",), {"in": list(of_own.values())}))
    nothing = await answered(text, own.admin, where=compared(("id",), {"in": [missing("Case")]}))
    assert found != nothing
    for place in places:
        for op in ("in", "nin"):
            asked = [compared(place, {op: ids}) for ids in (foreign, [missing("Case")], ["garbage"])]
            answers = {await answered(text, own.admin, where=one) for one in asked}
            assert len(answers) == 1, (place, op)
            assert_nothing_of({"umbrella"}, answers.pop())
        some = [[compared(place, {"eq": one}) for one in ids] for ids in (*batched(foreign), [missing("Case")])]
        answers = {await answered(text, own.admin, where={"or": one}) for one in some}
        answers.add(await answered(text, own.admin, where=compared(place, {"eq": "garbage"})))
        assert len(answers) == 1, place
        assert_nothing_of({"umbrella"}, answers.pop())


def compared(place: tuple[str, ...], comparison: dict[str, Any]) -> dict[str, Any]:
    """The condition that compares what is found along `place`."""
    for member in reversed(place):
        comparison = {member: comparison}
    return comparison


def batched(ids: list[str]) -> list[list[str]]:
    """As many in one condition as it may have leaves."""
    most = Limits().filter_leaves
    return [ids[start : start + most] for start in range(0, len(ids), most)]


@pytest.mark.parametrize("name", sorted(MUTATION))
async def test_mutations_with_ids_of_another_tenant_are_mutations_with_missing_ids(worlds, name):
    own, other = worlds
    of_own, of_other = await own.one_of_each(), await other.one_of_each()
    before = await given.rows_stored()

    for field in id_fields(name):
        answers = set()
        for one in (*of_other.values(), id_of(other.open_case), missing("Case"), "garbage", ""):
            said = spelled(name, id_of(own.open_case), of_own) | {field: one}
            answers.add(await answered(document(name), own.admin, input=said))

        assert len(answers) == 1, (field, answers)
        assert '"NOT_FOUND"' in (answer := answers.pop())
        assert json.dumps(["input", field]) in answer
    assert await given.rows_stored() == before


async def test_a_promise_cannot_count_in_a_calendar_of_another_tenant(worlds):
    own, other = worlds
    of_own, of_other = await own.one_of_each(), await other.one_of_each()

    async def saved(calendar: str) -> str:
        item = {"name": "Mine", "kpi": "resolution", "failAfter": {"amount": 1}, "calendarId": calendar}
        said = {"name": "Mine", "items": [item]}
        return await answered(document("saveSlaPolicy"), own.admin, input=said)

    assert await saved(of_other["Calendar"]) == await saved(missing("Calendar"))
    assert '"userErrors": []' not in await saved(missing("Calendar"))
    assert '"userErrors": []' in await saved(of_own["Calendar"])


async def test_every_row_that_a_mutation_names_is_found_by_its_own_tenant_only(worlds):
    """The acts say which tables their ids lead to; a foreign row of exactly that table is as missing as any."""
    own, other = worlds
    of_own, of_other = await own.one_of_each(), await other.one_of_each()
    for name, act in ACTS.items():
        for parameter in parameters(act):
            for table in parameter.rows:
                field = parameter.public
                said = spelled(name, id_of(own.open_case), of_own)
                said[to_camel_case(field)] = of_other[table.__name__]

                assert '"NOT_FOUND"' in await answered(document(name), own.admin, input=said), (name, field)


async def test_a_customer_walks_through_their_own_part_only(worlds):
    own, other = worlds
    seen: Seen = set()
    text = await walk.walk(own.customer, await ids_of(own), seen)
    mine = {own.own_contact.id, own.own_account.id}

    hidden: list[Any] = await models.CaseEvent.all()
    hidden += await models.Membership.all()
    hidden += await models.Message.filter(audience="INTERNAL")
    hidden += await models.Activity.all()
    hidden += await models.CaseFollower.all()
    hidden += await models.Notification.all()
    hidden += await models.Delivery.all()
    hidden += await models.InternalRecord.all()
    hidden += await models.Attachment.filter(audience="INTERNAL")
    hidden += await models.Upload.all()
    hidden += [row for row in await models.Account.all() if row.id not in mine]
    hidden += [row for row in await models.Contact.all() if row.account_id not in mine]
    hidden += [row for row in await models.Case.all() if row.account_id not in mine or row.deleted_at]
    hidden += [row for row in await models.Product.all() if row.state != "ACTIVE"]
    hidden += await models.Message.exclude(case__account_id=own.own_account.id)
    hidden += await models.Resolution.exclude(case__account_id=own.own_account.id)

    assert_nothing_of({id_of(row) for row in hidden} | {str(row.id) for row in hidden}, text)
    unseen = ("secret", "psst", "call", "open", "note", "Rival", "Eve")
    assert_nothing_of({f"acorn {word}" for word in unseen}, text)
    assert_nothing_of(await other.names(), text)
    assert {("Viewer", "contact"), ("Case", "messages"), ("Message", "body"), ("Account", "contacts")} <= seen
    assert own.customer.role is Role.CUSTOMER


@pytest.mark.parametrize("name", sorted(MUTATION))
async def test_what_is_hidden_from_customers_and_what_is_missing_are_refused_alike(worlds, name):
    own, _ = worlds
    of_own = await own.one_of_each()
    of_own["Account"] = id_of(own.own_account)
    rival = await models.Account.get(name="acorn Rival")
    eve = await models.Contact.get(name="acorn Eve")
    before = await given.rows_stored()

    for field in id_fields(name):
        answers = set()
        for one in (id_of(own.open_case), id_of(rival), id_of(eve), missing("Case"), "garbage"):
            mine = id_of(await models.Case.get(external_id="acorn 1"))
            said = spelled(name, mine, of_own) | {field: one}
            answers.add(await answered(document(name), own.customer, input=said))
        assert len(answers) == 1, (field, answers)
    assert await given.rows_stored() == before
