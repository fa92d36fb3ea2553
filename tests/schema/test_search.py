"""Search through the API: what is found, by whom, in which order, and that no question breaks anything."""

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as random
from hypothesis import strategies as st
from pytest import param

from actions import changing, ending, indexing, knowing, talking
from cases.viewer import Viewer
from cases.vocabulary import Audience, Role, Source
from cases.words import asked as words_asked
from models import Article, Case
from models.database import Database
from models.fulltext import SearchWord, frequencies
from models.unit_of_work import unit_of_work
from schema.ids import id_of
from tests import given
from tests.given import done
from tests.schema.test_statements import statements

SEARCH = """query($asked: String!, $first: Int) { search(text: $asked, first: $first) {
    hasMore hits { score snippet node { id __typename ... on Case { number title } ... on Article { number title } } }
} }"""


async def found(text: str, viewer: Viewer, first: int | None = 20) -> list[str]:
    data = await given.answer(SEARCH, viewer=viewer, asked=text, first=first)
    return [hit["node"]["title"] for hit in data["search"]["hits"]]


async def article(title: str, body: str = "Do as it says.", *, publish: bool = True, **said: Any) -> Article:
    by = said.pop("by", None) or await given.viewer(Role.ADMIN)
    rows = await done(knowing.save_article, by=by, title=title, body=body, **said)
    if publish:
        rows = await done(knowing.publish_article, by=by, article=rows["article"])
    written: Article = rows["article"]
    return written


async def test_cases_are_found_by_all_their_words_and_by_what_was_said_on_them(database: Database):
    by = await given.viewer()
    case = await given.case("The kettle leaks", by=by, description="Water on my desk", external_id="ERP/77-b")
    await given.case("The toaster burns", by=by)
    await done(talking.add_comment, by=by, case=case, body="Have you tried a new gasket?")
    await done(talking.add_comment, by=by, case=case, body="She is a shareholder", audience=Audience.INTERNAL)

    for text in ("kettle", "KETTLE Leaks", "kettle leak", "desk water", "gasket", "shareh", "leaks gasket", "77-b erp"):
        assert await found(text, by) == ["The kettle leaks"], text
    for text in (case.number, case.number.lower(), "000001"):
        assert await found(text, by) == ["The kettle leaks"], text
    for text in ("kettle burns", "ettle", "leak kettle", "nothing"):
        assert await found(text, by) == [], text
    assert await found("the", by) == ["The toaster burns", "The kettle leaks"]


async def test_what_changes_is_found_by_what_it_says_now(database: Database):
    by, case = await given.viewer(), await given.case("The kettle leaks")
    await done(talking.add_comment, by=by, case=case, body="gasket")

    await done(changing.update_case, by=by, case=case, title="The toaster burns")

    assert await found("kettle", by) == []
    assert await found("toaster gasket", by) == ["The toaster burns"]


async def test_of_a_deleted_case_no_word_is_left(database: Database):
    by, case = await given.viewer(), await given.case("The kettle leaks")
    await done(talking.add_comment, by=by, case=case, body="gasket")

    await done(ending.delete_case, by=await given.viewer(Role.ADMIN), case=case)

    assert await found("kettle", by) == await found("gasket", by) == []
    assert await SearchWord.all().count() == 0


async def test_what_was_refused_is_not_found(database: Database):
    by, case = await given.viewer(), await given.case()
    before = await SearchWord.all().count()

    async def add_comment(case: Case, *, actor: Any, now: Any) -> Case:
        await talking.add_comment(case, "gasket", actor=actor, now=now)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await done(add_comment, by=by, case=case)

    assert await SearchWord.all().count() == before


async def test_the_index_made_anew_is_the_index_there_is(database: Database):
    by = await given.viewer(Role.ADMIN)
    case, gone = await given.case("The kettle leaks", by=by), await given.case("Gone", by=by)
    await done(talking.add_comment, by=by, case=case, body="A new gasket, a new lid")
    await done(talking.add_comment, by=by, case=gone, body="Gone")
    await done(changing.update_case, by=by, case=case, title="The lid leaks")
    await done(ending.delete_case, by=by, case=gone)
    await article("Descaling", keywords=["lime"])

    async def lines() -> list[Any]:
        columns = ("tenant_id", "word", "source", "subject_id", "document_id", "weight")
        return sorted(map(str, await SearchWord.all().values_list(*columns)))

    before = await lines()
    documents = await unit_of_work(lambda: indexing.rebuild(by.tenant_id))

    assert documents == 3
    assert await lines() == before


async def test_titles_count_more_than_texts_and_whole_words_more_than_beginnings(database: Database):
    by = await given.viewer()
    said = await given.case("Something else", by=by)
    await done(talking.add_comment, by=by, case=said, body="It is the lid.")
    await given.case("Another thing", by=by, description="I think it is the lid")
    await given.case("Lidless", by=by)
    await given.case("The lid is broken", by=by)

    assert await found("lid", by) == ["The lid is broken", "Lidless", "Another thing", "Something else"]


async def test_of_two_that_fit_alike_the_newer_comes_first_and_the_rest_is_announced(database: Database):
    by = await given.viewer()
    cases = [await given.case(f"Lid number {number}", by=by) for number in range(4)]

    data = await given.answer(SEARCH, viewer=by, asked="lid", first=3)

    assert [hit["node"]["id"] for hit in data["search"]["hits"]] == [id_of(case) for case in cases[:0:-1]]
    assert data["search"]["hasMore"] is True
    assert (await given.answer(SEARCH, viewer=by, asked="lid", first=4))["search"]["hasMore"] is False


async def test_a_snippet_is_taken_from_what_matched(database: Database):
    by = await given.viewer()
    case = await given.case("Help", by=by, description="Nothing works. " * 40)
    await done(talking.add_comment, by=by, case=case, body="Hello! " * 60 + "The gasket is torn. " + "Regards! " * 60)
    await article("Seals", body="Introduction. " * 40 + "Every gasket wears out.")

    data = await given.answer(SEARCH, viewer=by, asked="gask")
    snippets = {hit["node"]["title"]: hit["snippet"] for hit in data["search"]["hits"]}

    assert "The gasket is torn." in snippets["Help"]
    assert "Every gasket wears out." in snippets["Seals"]
    assert all(len(one) < 170 for one in snippets.values())


async def test_customers_find_their_own_cases_public_messages_and_published_articles(database: Database):
    acme, rival = await given.account(), await given.account("Rival")
    carl = await given.contact("Carl", acme)
    staff, customer = await given.viewer(), await given.viewer(Role.CUSTOMER, contact=carl)
    case = await given.case("Mine", by=staff, customer=acme)
    await given.case("Theirs: gasket", by=staff, customer=rival)
    await done(talking.add_comment, by=staff, case=case, body="We send a gasket")
    await done(talking.add_comment, by=staff, case=case, body="He shouts, the rascal", audience=Audience.INTERNAL)
    await article("Gaskets")
    await article("Gasket prices", publish=False)
    old = await article("Gaskets of old")
    await done(knowing.archive_article, by=await given.viewer(Role.ADMIN), article=old)

    assert await found("gasket", customer) == ["Gaskets", "Mine"]
    assert await found("rascal", customer) == await found("theirs", customer) == await found("prices", customer) == []
    assert await found("mine rascal", customer) == []
    assert len(await found("gasket", staff)) == 5


async def test_of_an_internal_word_no_snippet_is_shown_to_customers(database: Database):
    carl = await given.contact("Carl", await given.account())
    staff, customer = await given.viewer(), await given.viewer(Role.CUSTOMER, contact=carl)
    case = await given.case("Mine", by=customer)
    await done(
        talking.add_comment, by=staff, case=case, body="gasket gasket gasket: rascal", audience=Audience.INTERNAL
    )
    await done(talking.add_comment, by=staff, case=case, body="one gasket")

    data = await given.answer(SEARCH, viewer=customer, asked="gasket")

    assert [hit["snippet"] for hit in data["search"]["hits"]] == ["one gasket"]


async def test_what_is_being_written_of_an_article_is_not_found_before_it_is_published(database: Database):
    by, written = await given.viewer(Role.ADMIN), await article("Descaling")

    await done(knowing.save_article, by=by, article=written, title="Decalcifying", body="Lemon")

    assert await found("lemon", by) == []
    await done(knowing.publish_article, by=by, article=written)
    assert await found("lemon", by) == ["Decalcifying"]
    assert await found("descaling", by) == []


async def test_tenants_find_nothing_of_each_other(database: Database):
    here, there = await given.viewer(), await given.viewer(Role.ADMIN, tenant=await given.tenant("other"))
    await given.case("A gasket here", by=here)
    await given.case("A gasket there", by=there)
    await article("Gaskets there", by=there)

    assert await found("gasket", here) == ["A gasket here"]
    assert sorted(await found("gasket", there)) == ["A gasket there", "Gaskets there"]


async def test_how_often_a_word_is_used_elsewhere_says_nothing_here(database: Database):
    here, there = await given.viewer(), await given.viewer(tenant=await given.tenant("other"))
    await given.case("A gasket here", by=here)
    await given.case("A gasket there", by=there)

    assert await frequencies(["gasket", "there"], Source.CASE, tenant_id=here.tenant_id) == {"gasket": 1}


HOSTILE = [
    param("", id="nothing"),
    param(" \t\n", id="blanks"),
    param('"', id="a quote"),
    param("'; DROP TABLE search_word; --", id="an injection"),
    param('kettle" OR "1"="1', id="a quoted injection"),
    param("NEAR(kettle leaks, 5) AND NOT title:kettle*", id="the language of another engine"),
    param("kettle & leaks | !x:*", id="and of yet another"),
    param("* % _ ? \\ ( ) [ ] { } ^ $ : ; , . / < > = + - ~ ` @ #", id="signs"),
    param("\x00\x01\x7f", id="control characters"),
    param("\ud800 \udfff", id="halves of surrogate pairs"),
    param("\U0010ffff \ufffe \u200b \u202e", id="what is hardly a character"),
    param("a" * 15_000, id="a long word"),
    param("kettle " * 2_000, id="a long question"),
    param(" ".join(f"w{n}" for n in range(3_000)), id="many words"),
    param("ÿ\u00ff\U0001f600 " * 5, id="high bytes"),
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_any_question_has_an_answer(database: Database, text):
    by = await given.viewer()
    await given.case("The kettle leaks", by=by)
    await article("Kettles")
    lists = "query($asked: String) { cases(search: $asked) { totalCount } articles(search: $asked) { totalCount } }"

    for document in (SEARCH, lists):
        result = await given.execute(document, viewer=by, asked=text)

        assert not result.errors, result.errors
    assert await SearchWord.all().count() > 0


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@random(text=st.text(st.characters(exclude_categories=()), max_size=80))
async def test_any_text_is_found_by_any_of_its_words(sqlite_database: Database, text):
    by = await given.viewer()
    case = await given.case("x", by=by)
    shown = "".join(one for one in text if one != "\x00" and not "\ud800" <= one <= "\udfff")
    await done(talking.add_comment, by=by, case=case, body=f"x {shown}")

    for word in words_asked(shown):
        assert await found(word, by), word
    await done(ending.delete_case, by=await given.viewer(Role.ADMIN), case=case)


@pytest.mark.parametrize("first", [-1, 51, 2**31 - 1])
async def test_more_than_there_is_to_be_had_cannot_be_asked_for(sqlite_database: Database, first):
    result = await given.execute(SEARCH, viewer=await given.viewer(), asked="x", first=first)

    assert [error.extensions["code"] for error in result.errors] == ["BAD_INPUT"]


async def test_a_search_takes_four_statements_however_much_it_finds(database: Database):
    by = await given.viewer()
    for number in range(12):
        case = await given.case(f"Case {number}", by=by)
        await done(talking.add_comment, by=by, case=case, body="The gasket")
        await article(f"Gaskets {number}")

    with statements() as sent:
        data = await given.answer(SEARCH, viewer=by, asked="gasket", first=50)

    assert len(data["search"]["hits"]) == 24
    assert len(sent) == 4, sent


async def test_lists_are_narrowed_by_words_and_keep_their_order_and_pages(database: Database):
    by = await given.viewer()
    for title in ("Lid B", "Lid A", "Pot", "Lid C"):
        await given.case(title, by=by)
        await article(title)
    text = """query($after: String) { articles(search: "lid", first: 2, after: $after) {
        totalCount nodes { title } pageInfo { hasNextPage endCursor } }
        cases(search: "li", where: {title: {contains: "B"}}) { nodes { title } } }"""

    one = await given.answer(text, viewer=by)
    two = await given.answer(text, viewer=by, after=one["articles"]["pageInfo"]["endCursor"])

    assert [node["title"] for node in one["articles"]["nodes"]] == ["Lid A", "Lid B"]
    assert [node["title"] for node in two["articles"]["nodes"]] == ["Lid C"]
    assert (one["articles"]["totalCount"], two["articles"]["pageInfo"]["hasNextPage"]) == (3, False)
    assert one["cases"]["nodes"] == [{"title": "Lid B"}]


SIMILAR = """query($id: ID!) { similarCases(caseId: $id) { score case { title } }
    suggestedArticles(caseId: $id) { score article { title } } }"""


async def test_similar_cases_and_fitting_articles_are_found(database: Database):
    by, kettle = await given.viewer(), await given.product()
    for number in range(12):
        await given.case(f"The question number {number}", by=by)
    await given.case("Kettle leaks at the lid", by=by, product_id=kettle)
    await given.case("The kettle hums", by=by)
    for title, keywords in (("When the kettle leaks", []), ("Toast", ["bread"]), ("Lids", ["leaks"])):
        await article(title, keywords=keywords)
    await article("The kettle leaks: what we do not say yet", publish=False)
    case = await given.case("The kettle leaks", by=by, product_id=kettle)

    data = await given.answer(SIMILAR, viewer=by, id=case)
    similar = [one["case"]["title"] for one in data["similarCases"]]
    scores = [one["score"] for one in data["similarCases"]]

    assert similar[:2] == ["Kettle leaks at the lid", "The kettle hums"]
    assert scores == sorted(scores, reverse=True)
    assert 0 < scores[-1] <= scores[0] <= 100
    assert [one["article"]["title"] for one in data["suggestedArticles"]] == ["When the kettle leaks", "Lids"]


async def test_an_article_that_is_linked_is_not_suggested_again(database: Database):
    by, case, leaks = await given.viewer(), await given.case("The kettle leaks"), await article("The kettle leaks")
    await done(knowing.link_article, by=by, case=case, article=leaks)

    assert (await given.answer(SIMILAR, viewer=by, id=case))["suggestedArticles"] == []


async def test_customers_are_shown_similar_cases_of_their_own(database: Database):
    acme = await given.account()
    customer = await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl", acme))
    case = await given.case("The kettle leaks", by=customer)
    await given.case("The kettle leaks", customer=await given.account("Rival"))
    own = await given.case("The kettle leaks again", customer=acme)

    data = await given.answer("query($id: ID!) { similarCases(caseId: $id) { case { id } } }", viewer=customer, id=case)

    assert data["similarCases"] == [{"case": {"id": id_of(own)}}]


async def test_similar_cases_take_three_statements(database: Database):
    by = await given.viewer()
    for number in range(12):
        case = await given.case(f"The kettle leaks {number}", by=by)

    with statements() as sent:
        await given.answer("query($id: ID!) { similarCases(caseId: $id) { case { id } } }", viewer=by, id=case)

    assert len(sent) == 3, sent
