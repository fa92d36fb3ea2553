"""Finding: what a viewer's words lead to, what resembles a case, and what may help with it. Nothing here writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from tortoise.models import Model

from cases import permissions, words
from cases.conditions import EVERYTHING, All, Compare, Condition, Op
from cases.similarity import LEAST, Rarity, Traits, is_duplicate, similarity
from cases.viewer import Viewer
from cases.vocabulary import ArticleState, Audience, Source, Status
from models.case import Case, Message
from models.fulltext import Hit, found, frequencies, speaking
from models.knowledge import Article, ArticleLink
from models.reading import by_ids, select
from models.statements import Order
from models.visibility import visible

CANDIDATES: Final = 100
"""So many of what shares words with a case are compared with it."""

TELLING_WORDS: Final = 8
"""By so many of its words, the rarest of its title and then of its text, others like a case are looked for."""

COMPARED_WORDS: Final = 40
"""So many of its first words are counted to learn which are rare."""

RECENT: Final = 50
"""Among so many open cases of a customer, the newest, a new one may be a duplicate."""

DUPLICATES: Final = 5


@dataclass(frozen=True)
class Found:
    """Something that words lead to, and the place in it that they lead to."""

    row: Any
    score: int
    snippet: str


@dataclass(frozen=True)
class Alike:
    """Something that resembles a case; `score` goes from 0 to 100."""

    row: Any
    score: int


def sources(viewer: Viewer) -> list[Source]:
    """Where the viewer may look for cases: what they may read of them."""
    internal = Audience.INTERNAL in permissions.audiences(viewer)
    return [Source.CASE, Source.PUBLIC, *([Source.INTERNAL] if internal else [])]


async def matching(
    model: type[Model], text: str, viewer: Viewer, limit: int, further: Condition = EVERYTHING
) -> list[Hit]:
    """The visible cases or articles that all words of `text` lead to, best first."""
    where = sources(viewer) if model is Case else [Source.ARTICLE]
    condition = All((visible(model, viewer), further))
    return await found(model, words.asked(text), where, condition, tenant_id=viewer.tenant_id, limit=limit)


async def search(text: str, viewer: Viewer, limit: int) -> list[Found]:
    """The cases and articles that all words of `text` lead to, best first; at most `limit`.

    Takes at most four statements: cases, articles, and for cases found by what was said on them, which messages.
    """
    asked = words.asked(text)
    cases = await matching(Case, text, viewer, limit)
    articles = await matching(Article, text, viewer, limit)
    best = sorted([*cases, *articles], key=lambda hit: (hit.score, hit.row.id), reverse=True)[:limit]
    said = await _said(asked, [hit.row for hit in best if isinstance(hit.row, Case)], viewer)
    return [Found(hit.row, hit.score, words.snippet(_text_of(hit.row, said), asked)) for hit in best]


async def similar_cases(case: Case, viewer: Viewer, limit: int) -> list[Alike]:
    """Other cases that the viewer may see and that resemble this one, the most similar first."""
    others = Compare("id", Op.NIN, (case.id,))
    candidates, rarity = await _candidates(Case, case, viewer, [Source.CASE], others)
    one = Traits.of(case)
    return _best([Alike(other, similarity(one, Traits.of(other), rarity)) for other in candidates], limit)


async def suggested_articles(case: Case, viewer: Viewer, limit: int) -> list[Alike]:
    """Published articles that may help with a case and are not linked to it yet, the most promising first."""
    linked = await select(ArticleLink, Compare("case_id", Op.EQ, case.id), columns=("id", "article_id"))
    fresh = All(
        (
            Compare("state", Op.EQ, ArticleState.PUBLISHED),
            Compare("id", Op.NIN, tuple(link.article_id for link in linked)),
        )
    )
    candidates, rarity = await _candidates(Article, case, viewer, [Source.ARTICLE], fresh)
    one = Traits.of(case)
    return _best([Alike(other, similarity(one, _traits(other), rarity)) for other in candidates], limit)


async def possible_duplicates(case: Case, viewer: Viewer) -> list[Case]:
    """Open cases of the same customer, visible to the viewer, that ask what this one does; the newest first."""
    customer = ("account_id", case.account_id) if case.account_id else ("contact_id", case.contact_id)
    condition = All(
        (
            visible(Case, viewer),
            Compare(customer[0], Op.EQ, customer[1]),
            Compare("status", Op.EQ, Status.ACTIVE),
            Compare("id", Op.NIN, (case.id,)),
        )
    )
    recent = await select(Case, condition, order=(Order("created_at", True), Order("id", True)), limit=RECENT)
    return [other for other in recent if is_duplicate(case.title, other.title)][:DUPLICATES]


async def _candidates(
    model: type[Model], case: Case, viewer: Viewer, where: Sequence[Source], further: Condition
) -> tuple[list[Any], Rarity]:
    """What shares a telling word with the case, and how telling its words are."""
    title = list(dict.fromkeys(words.words(case.title)))
    asked = list(dict.fromkeys([*title, *words.words(case.description)]))[:COMPARED_WORDS]
    rarity = Rarity(await frequencies(asked, where[0], tenant_id=viewer.tenant_id))
    telling = rarity.rarest(title, TELLING_WORDS)
    telling += rarity.rarest(set(asked) - set(telling), TELLING_WORDS - len(telling))
    condition = All((visible(model, viewer), further))
    hits = await found(model, telling, where, condition, tenant_id=viewer.tenant_id, limit=CANDIDATES, every=False)
    return [hit.row for hit in hits], rarity


def _best(alike: list[Alike], limit: int) -> list[Alike]:
    worth = [one for one in alike if one.score >= LEAST]
    return sorted(worth, key=lambda one: (one.score, one.row.id), reverse=True)[:limit]


def _traits(article: Article) -> Traits:
    title = words.words(f"{article.title} {' '.join(article.keywords)}")
    return Traits(frozenset(title), frozenset(words.words(article.body)), None, article.subject_id)


async def _said(asked: Sequence[str], cases: Sequence[Case], viewer: Viewer) -> dict[UUID, str]:
    """For cases of which neither title nor description says what was asked, the message that says most of it."""
    silent = [case.id for case in cases if not _says(f"{case.title} {case.description}", asked)]
    where = [source for source in sources(viewer) if source is not Source.CASE]
    spoken = await speaking(asked, where, silent, tenant_id=viewer.tenant_id)
    messages = await by_ids(Message, list(spoken.values()), visible(Message, viewer))
    return {messages[key].case_id: messages[key].body for key in spoken.values() if key in messages}


def _says(text: str, asked: Sequence[str]) -> bool:
    there = set(words.words(text))
    return bool(there.intersection(asked)) or any(word.startswith(asked[-1]) for word in there)


def _text_of(row: Case | Article, said: dict[UUID, str]) -> str:
    if isinstance(row, Article):
        return row.body
    return said.get(row.id) or row.description or row.title
