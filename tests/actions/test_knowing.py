"""Articles: written, published in versions, archived, and linked to cases."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from pytest import param

from actions import changing, ending, knowing, opening
from cases.refusals import BadInput, IllegalTransition, Refused, Unknown
from cases.vocabulary import ArticleState, FactKind, Role
from models import Article, ArticleLink, ArticleVersion, Case, CaseEvent
from models.database import Database
from tests import given
from tests.given import NOW, done

LATER = NOW + timedelta(hours=1)


async def saved(title: str = "Descaling", body: str = "Boil vinegar.", **said: Any) -> Article:
    by = said.pop("by", None) or await given.viewer(Role.ADMIN)
    rows = await done(knowing.save_article, by=by, **{"title": title, "body": body, **said})
    article: Article = rows["article"]
    return article


async def published(**said: Any) -> Article:
    rows = await done(knowing.publish_article, by=await given.viewer(Role.ADMIN), article=await saved(**said))
    article: Article = rows["article"]
    return article


async def test_an_article_is_a_draft_until_it_is_published(database: Database):
    by = await given.viewer(Role.ADMIN)
    heat = await given.subject("Heat")
    article = await saved(by=by, subject=heat, keywords=["lime", "scale", "lime"], language="en-GB")

    assert (article.number, article.state, article.version) == ("KB-000001", ArticleState.DRAFT, 0)
    assert (article.keywords, article.language, article.subject_id) == (["lime", "scale"], "en-GB", heat.id)
    assert (article.author_id, await ArticleVersion.all().count()) == (by.person_id, 0)

    shown = (await done(knowing.publish_article, by=by, now=LATER, article=article))["article"]

    assert (shown.state, shown.version, shown.published_at) == (ArticleState.PUBLISHED, 1, LATER)


async def test_every_publication_keeps_a_version_and_readers_wait_for_it(database: Database):
    article, by = await published(), await given.viewer(Role.ADMIN)

    await done(knowing.save_article, by=by, article=article, title="Descaling kettles", body="Use lemon.")
    waiting = await Article.get(id=article.id)
    await done(knowing.publish_article, by=by, article=article)
    read = await Article.get(id=article.id)

    assert (waiting.title, waiting.version) == ("Descaling", 1)
    assert waiting.draft is not None
    assert waiting.draft["title"] == "Descaling kettles"
    assert (read.title, read.body, read.version, read.draft) == ("Descaling kettles", "Use lemon.", 2, None)
    assert await ArticleVersion.all().order_by("number").values_list("number", "title") == [
        (1, "Descaling"),
        (2, "Descaling kettles"),
    ]


async def test_publishing_what_is_published_changes_nothing(database: Database):
    article = await published()
    before = await given.rows_stored()

    rows = await done(knowing.publish_article, by=await given.viewer(Role.ADMIN), now=LATER, article=article)

    assert (rows["article"].version, rows["article"].published_at) == (1, NOW)
    assert (await given.rows_stored())["ArticleVersion"] == before["ArticleVersion"]


async def test_an_archived_article_can_be_published_again(database: Database):
    article, by = await published(), await given.viewer(Role.ADMIN)

    archived = (await done(knowing.archive_article, by=by, article=article))["article"]
    again = (await done(knowing.publish_article, by=by, article=article))["article"]

    assert archived.state is ArticleState.ARCHIVED
    assert (again.state, again.version) == (ArticleState.PUBLISHED, 2)


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param({"title": ""}, ("title",), id="no title"),
        param({"title": "a" * 201}, ("title",), id="a long title"),
        param({"body": " \n"}, ("body",), id="nothing to read"),
        param({"body": "a" * 20_001}, ("body",), id="too much to read"),
        param({"body": "\x00"}, ("body",), id="what cannot be stored"),
        param({"language": "Klingon!"}, ("language",), id="no language tag"),
        param({"keywords": [str(n) for n in range(21)]}, ("keywords",), id="too many keywords"),
        param({"keywords": ["fine", ""]}, ("keywords", 1), id="an empty keyword"),
    ],
)
async def test_an_article_that_cannot_be_kept_is_refused(sqlite_database: Database, said, path):
    before = await given.rows_stored()

    with pytest.raises(Refused) as refused:
        await saved(**said)

    problems = getattr(refused.value, "problems", [refused.value])
    assert tuple(path) in [tuple(problem.path) for problem in problems]
    assert (await given.rows_stored())["Article"] == before["Article"]


async def test_a_link_says_who_and_when_and_stands_in_the_history(database: Database):
    by, case, article = await given.viewer(), await given.case(), await published()

    rows = await done(knowing.link_article, by=by, now=LATER, case=case, article=article)
    link, event = rows["article_link"], await CaseEvent.get(case_id=case.id, number=2)

    assert (link.linked_by_id, link.created_at) == (by.person_id, LATER)
    assert (event.kind, event.payload["details"]) == (FactKind.ARTICLE_LINKED, {"article_id": str(article.id)})
    assert (event.actor_person_id, event.at, rows["case"].version) == (by.person_id, LATER, 2)


async def test_linking_twice_links_once(database: Database):
    by, case, article = await given.viewer(), await given.case(), await published()

    first = await done(knowing.link_article, by=by, case=case, article=article)
    second = await done(knowing.link_article, by=await given.viewer(), now=LATER, case=case, article=article)

    assert first["article_link"].id == second["article_link"].id
    assert (second["article_link"].linked_by_id, second["case"].version) == (by.person_id, 2)
    assert await ArticleLink.all().count() == 1


async def test_of_many_who_link_at_once_one_link_and_one_event_come(database: Database):
    by, case, article = await given.viewer(), await given.case(), await published()

    rows = await asyncio.gather(*(done(knowing.link_article, by=by, case=case, article=article) for _ in range(6)))

    assert len({row["article_link"].id for row in rows}) == 1
    assert await CaseEvent.filter(kind=FactKind.ARTICLE_LINKED).count() == 1


async def test_unlinking_is_remembered_and_done_once(database: Database):
    by, case, article = await given.viewer(), await given.case(), await published()
    await done(knowing.link_article, by=by, case=case, article=article)

    await done(knowing.unlink_article, by=by, case=case, article=article)
    rows = await done(knowing.unlink_article, by=by, case=case, article=article)

    assert await ArticleLink.all().count() == 0
    assert rows["case"].version == 3
    kinds: list[Any] = await CaseEvent.filter(case_id=case.id).order_by("number").values_list("kind", flat=True)
    assert kinds == [
        FactKind.OPENED,
        FactKind.ARTICLE_LINKED,
        FactKind.ARTICLE_UNLINKED,
    ]


async def test_an_archived_article_is_not_linked_but_stays_where_it_was(database: Database):
    by, case, other, article = await given.viewer(), await given.case(), await given.case(), await published()
    await done(knowing.link_article, by=by, case=case, article=article)
    await done(knowing.archive_article, by=await given.viewer(Role.ADMIN), article=article)

    with pytest.raises(BadInput):
        await done(knowing.link_article, by=by, case=other, article=article)

    assert await ArticleLink.all().values_list("case_id", flat=True) == [case.id]


async def test_a_case_that_has_ended_keeps_its_articles_as_they_are(database: Database):
    by, case, article = await given.viewer(), await given.case(), await published()
    await done(knowing.link_article, by=by, case=case, article=article)
    await done(ending.resolve_case, by=by, case=case, summary="Descaled")

    for act in (knowing.link_article, knowing.unlink_article):
        with pytest.raises(IllegalTransition):
            await done(act, by=by, case=case, article=article)

    assert await ArticleLink.all().count() == 1


async def test_an_article_of_another_tenant_cannot_be_linked(database: Database):
    case = await given.case()
    stranger = await given.viewer(Role.ADMIN, tenant=await given.tenant("other"))
    theirs = await saved(by=stranger)

    with pytest.raises(Unknown):
        await done(knowing.link_article, by=await given.viewer(), case=case, article=theirs)


async def test_a_new_case_comes_with_those_it_may_duplicate(database: Database):
    by, acme, rival = await given.viewer(), await given.account(), await given.account("Rival")
    same = await given.case("The kettle leaks", by=by, customer=acme)
    await given.case("The kettle leaks", by=by, customer=rival)
    await given.case("My invoice is wrong", by=by, customer=acme)
    ended = await given.case("The kettle leaks", by=by, customer=acme)
    await done(ending.cancel_case, by=by, case=ended)

    rows = await done(opening.create_case, by=by, title="Kettle leaks!", customer=acme)

    assert [case.id for case in rows["possible_duplicates"]] == [same.id]
    assert await Case.all().count() == 5


async def test_duplicates_are_named_only_to_those_who_may_see_them(database: Database):
    acme = await given.account()
    bob, carl = await given.contact("Bob"), await given.contact("Carl", acme)
    await given.case("The kettle leaks", customer=bob)

    rows = await done(opening.create_case, by=await given.viewer(Role.CUSTOMER, contact=carl), title="The kettle leaks")

    assert rows["possible_duplicates"] == []
    assert (await done(changing.update_case, by=await given.viewer(), case=rows["case"], title="Two"))["case"]
