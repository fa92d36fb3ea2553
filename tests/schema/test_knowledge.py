"""Articles through the API: who sees which, with what, and for how many statements."""

from typing import Any

from actions import knowing
from cases.vocabulary import Role
from models.database import Database
from schema.ids import id_of
from schema.scalars import write_instant
from tests import given
from tests.given import NOW, done
from tests.schema.test_statements import statements

ARTICLE = """query($id: ID!) { article(id: $id) { number title body language keywords state version draft
    subject { name } author { name } versions { nodes { number title publishedBy { name } } } } }"""


async def test_an_article_is_written_published_and_linked_through_the_api(database: Database):
    by, case, heat = await given.viewer(Role.ADMIN), await given.case(), await given.subject()
    save = """mutation($input: SaveArticleInput!) { saveArticle(input: $input) {
        article { id state draft keywords } userErrors { path message } } }"""
    said: dict[str, Any] = {"title": "Descaling", "body": "Vinegar.", "keywords": ["lime"], "subjectId": id_of(heat)}

    article = (await given.answer(save, viewer=by, input=said))["saveArticle"]["article"]
    publish = "mutation($id: ID!) { publishArticle(input: {articleId: $id}) { article { state version } } }"
    published = await given.answer(publish, viewer=by, id=article["id"])
    link = """mutation($input: LinkArticleInput!) { linkArticle(input: $input) {
        case { version articles { nodes { createdAt linkedBy { name } article { title } } } }
        articleLink { id } userErrors { code } } }"""
    linked = await given.answer(link, viewer=by, input={"caseId": id_of(case), "articleId": article["id"]})
    read = await given.answer(ARTICLE, viewer=by, id=article["id"])

    assert article["state"] == "DRAFT"
    assert published["publishArticle"]["article"] == {"state": "PUBLISHED", "version": 1}
    assert linked["linkArticle"]["case"]["version"] == 2
    assert linked["linkArticle"]["case"]["articles"]["nodes"] == [
        {"createdAt": write_instant(NOW), "linkedBy": {"name": "Vera"}, "article": {"title": "Descaling"}}
    ]
    assert read["article"]["subject"] == {"name": "Steam"}
    assert read["article"]["versions"]["nodes"] == [
        {"number": 1, "title": "Descaling", "publishedBy": {"name": "Vera"}}
    ]


async def test_customers_read_what_is_published_and_not_what_is_being_written(database: Database):
    by, customer = await given.viewer(Role.ADMIN), await given.viewer(Role.CUSTOMER)
    article = await given.article(by=by)
    await done(knowing.save_article, by=by, article=article, title="Secret", body="Secret")
    unwritten = (await done(knowing.save_article, by=by, title="Secret", body="Secret"))["article"]

    read = (await given.answer(ARTICLE, viewer=customer, id=article))["article"]
    hidden = (await given.answer(ARTICLE, viewer=customer, id=unwritten))["article"]
    listed = await given.answer("{ articles { totalCount nodes { title } } }", viewer=customer)
    staff = (await given.answer(ARTICLE, viewer=by, id=article))["article"]

    assert (read["title"], read["draft"], read["versions"]["nodes"]) == ("Descaling", None, [])
    assert hidden is None
    assert listed["articles"] == {"totalCount": 1, "nodes": [{"title": "Descaling"}]}
    assert staff["draft"]["title"] == "Secret"


async def test_customers_see_links_of_their_own_cases_to_published_articles(database: Database):
    acme = await given.account()
    by, customer = (
        await given.viewer(Role.ADMIN),
        await given.viewer(Role.CUSTOMER, contact=await given.contact("Carl", acme)),
    )
    own, rivals = await given.case(customer=acme), await given.case(customer=await given.account("Rival"))
    shown, old = await given.article("Shown"), await given.article("Old")
    for case in (own, rivals):
        for article in (shown, old):
            await done(knowing.link_article, by=by, case=case, article=article)
    await done(knowing.archive_article, by=by, article=old)

    data = await given.answer(
        "{ cases { nodes { articles { nodes { article { title cases { totalCount } } } } } } }", viewer=customer
    )

    assert data["cases"]["nodes"] == [
        {"articles": {"nodes": [{"article": {"title": "Shown", "cases": {"totalCount": 1}}}]}}
    ]


async def test_articles_of_many_cases_take_one_statement_a_level(database: Database):
    by, articles = await given.viewer(), [await given.article(f"Article {number}") for number in range(3)]
    for number in range(9):
        case = await given.case(by=by)
        for article in articles[: number % 4]:
            await done(knowing.link_article, by=by, case=case, article=article)

    with statements() as sent:
        data = await given.answer(
            "{ cases { nodes { articles { nodes { linkedBy { name } article { title } } } } } }", viewer=by
        )

    assert sum(len(node["articles"]["nodes"]) for node in data["cases"]["nodes"]) == 12
    assert len(sent) == 4, sent


async def test_the_history_names_the_article_by_its_id(database: Database):
    by, case, article = await given.viewer(), await given.case(), await given.article()
    await done(knowing.link_article, by=by, case=case, article=article)

    data = await given.answer("{ cases { nodes { events(last: 1) { nodes { kind details } } } } }", viewer=by)

    assert data["cases"]["nodes"][0]["events"]["nodes"] == [
        {"kind": "ARTICLE_LINKED", "details": {"articleId": id_of(article)}}
    ]


async def test_a_new_case_is_answered_with_its_possible_duplicates(database: Database):
    by, acme = await given.viewer(), await given.account()
    first = await given.case("The kettle leaks", customer=acme)
    text = """mutation($input: CreateCaseInput!) { createCase(input: $input) {
        case { title } possibleDuplicates { id owner { name } } userErrors { code } } }"""

    data = await given.answer(
        text, viewer=by, input={"title": "Kettle leaks", "customerId": id_of(acme), "idempotencyKey": "k"}
    )

    assert data["createCase"] == {
        "case": {"title": "Kettle leaks"},
        "possibleDuplicates": [{"id": id_of(first), "owner": None}],
        "userErrors": [],
    }
