"""Links between cases: what is said of one is said of the other, and taken back from both."""

import asyncio
from typing import Any

import pytest

from actions import ending, linking
from cases.kinship import CaseLinkKind
from cases.refusals import BadInput, NotPermitted, Unknown
from cases.vocabulary import FactKind, Role, Status
from models import Case, CaseEvent, CaseLink
from models.database import Database
from schema.ids import id_of
from tests import given
from tests.given import done

LINKS = """query($id: ID!) { case(key: {id: $id}) { links { totalCount nodes {
    kind note other { number } linkedBy { name } createdAt } } } }"""


async def linked(one: Case, other: Case, kind: CaseLinkKind = CaseLinkKind.RELATED, **said: Any) -> CaseLink:
    rows = await done(linking.link_cases, by=await given.viewer(), case=one, other=other, kind=kind, **said)
    link: CaseLink = rows["case_link"]
    return link


async def links_of(case: Case, by: Any) -> list[Any]:
    found: list[Any] = (await given.answer(LINKS, viewer=by, id=case))["case"]["links"]["nodes"]
    return found


@pytest.mark.parametrize(
    ("kind", "reverse"),
    [("RELATED", "RELATED"), ("DUPLICATES", "DUPLICATED_BY"), ("BLOCKS", "BLOCKED_BY"), ("CAUSED_BY", "CAUSES")],
)
async def test_each_end_shows_the_link_from_its_side(database: Database, kind: str, reverse: str):
    by, one, other = await given.viewer(), await given.case(), await given.case()

    await linked(one, other, CaseLinkKind(kind), note="Same seal")
    (here,), (there,) = await links_of(one, by), await links_of(other, by)

    assert (here["kind"], here["other"]["number"]) == (kind, other.number)
    assert (there["kind"], there["other"]["number"]) == (reverse, one.number)
    assert (here["note"], here["linkedBy"]) == (there["note"], there["linkedBy"]) == ("Same seal", {"name": "Vera"})


async def test_both_histories_tell_of_it(database: Database):
    one, other = await given.case(), await given.case()

    link = await linked(one, other, CaseLinkKind.BLOCKS, note="No parts")
    here, there = [await CaseEvent.get(case_id=case.id, kind=FactKind.LINKED) for case in (one, other)]

    assert here.payload["details"] == {
        "link_id": str(link.id),
        "other_case_id": str(other.id),
        "link": "BLOCKS",
        "note": "No parts",
    }
    assert (there.payload["details"]["link"], there.payload["details"]["other_case_id"]) == ("BLOCKED_BY", str(one.id))


async def test_what_is_linked_stays_as_it_is_when_it_is_linked_again(database: Database):
    one, other = await given.case(), await given.case()
    link = await linked(one, other)
    before = await given.rows_stored()

    again, reversed_ = await linked(one, other, note="Once more"), await linked(other, one)
    after = await given.rows_stored()

    assert (again.id, again.note, reversed_.other_id) == (link.id, "", one.id)
    assert {name for name in after if after[name] != before[name]} == {"Person"}


async def test_one_case_may_be_several_things_to_another(sqlite_database: Database):
    one, other = await given.case(), await given.case()
    await linked(one, other, CaseLinkKind.BLOCKS)
    await linked(one, other, CaseLinkKind.CAUSES)
    await linked(other, one, CaseLinkKind.BLOCKS)

    kinds = {link["kind"] for link in await links_of(one, await given.viewer())}

    assert kinds == {"BLOCKS", "CAUSES", "BLOCKED_BY"}


@pytest.mark.parametrize("end", [0, 1])
async def test_a_link_is_taken_back_for_both_from_either_end(database: Database, end: int):
    cases = [await given.case(), await given.case()]
    await linked(cases[0], cases[1], CaseLinkKind.BLOCKS)
    link = await CaseLink.get(case_id=cases[end].id)

    rows = await done(linking.unlink_cases, by=await given.viewer(), link=link)

    assert (rows["case"].id, rows["other"].id) == (cases[end].id, cases[1 - end].id)
    assert await CaseLink.all().count() == 0
    for case in cases:
        assert (await CaseEvent.filter(case_id=case.id).order_by("-number").first()).kind == FactKind.UNLINKED  # type: ignore[union-attr]


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.CANCELED, Status.CLOSED])
async def test_what_is_over_can_be_linked_still(sqlite_database: Database, status: Status):
    over, now_open = await given.case_that_is(status), await given.case()

    link = await linked(now_open, over, CaseLinkKind.CAUSED_BY)
    await done(linking.unlink_cases, by=await given.viewer(), link=link)

    assert (await given.stored(over)).version == over.version + 2


async def test_a_case_is_not_linked_to_itself(sqlite_database: Database):
    case = await given.case()

    with pytest.raises(BadInput) as refused:
        await linked(case, case)

    assert tuple(refused.value.path) == ("other_id",)


async def test_customers_see_links_between_their_cases_without_notes_and_make_none(sqlite_database: Database):
    acme = await given.account()
    carl = await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl", acme))
    one, other, foreign = [await given.case(customer=of) for of in (acme, acme, await given.account("Umbrella"))]
    await linked(one, other, note="Careless")
    hidden = await linked(one, foreign)

    (seen,) = await links_of(one, carl)
    node = await given.answer("query($id: ID!) { node(id: $id) { id } }", viewer=carl, id=id_of(hidden))

    assert (seen["other"], seen["note"]) == ({"number": other.number}, None)
    assert node == {"node": None}
    with pytest.raises(NotPermitted):
        await done(linking.link_cases, by=carl, case=one, other=other)


async def test_a_link_to_a_deleted_case_is_not_there(sqlite_database: Database):
    by, one, other = await given.viewer(Role.ADMIN), await given.case(), await given.case()
    link = await linked(one, other)

    await done(ending.delete_case, by=by, case=other)

    assert await links_of(one, by) == []
    with pytest.raises(Unknown):
        await done(linking.unlink_cases, by=by, link=link)


async def test_of_many_who_link_the_same_at_once_from_both_ends_one_makes_the_link(database: Database):
    by = await given.viewer()
    for _ in range(5):
        one, other = await given.case(), await given.case()

        await asyncio.gather(
            *(done(linking.link_cases, by=by, case=one, other=other) for _ in range(3)),
            *(done(linking.link_cases, by=by, case=other, other=one) for _ in range(3)),
        )

        assert await CaseLink.filter(case_id__in=[one.id, other.id]).count() == 2
        assert [(await given.stored(case)).version for case in (one, other)] == [2, 2]
