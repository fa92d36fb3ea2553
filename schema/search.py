"""Search: what words lead to, what resembles a case, and lists narrowed by words or by a view."""

from typing import Any, Final

import strawberry
from strawberry import ID, UNSET
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from tortoise.models import Model

import models
from actions import finding, viewing
from cases.conditions import EVERYTHING, All, Compare, Condition, Op
from cases.refusals import BadInput
from cases.vocabulary import BuiltInView
from models.paging import Asked, Order
from schema.cases import Case
from schema.connections import RootListField, arguments_named
from schema.context import Context, Info
from schema.derived import NAMES
from schema.enums import public_enum
from schema.filters import within_sight
from schema.ids import read_id
from schema.knowledge import Article
from schema.node import Node
from schema.relations import one

MOST_HITS: Final = 50
"""A search shows no more; more words say better what is meant than a second page does."""

MOST_ALIKE: Final = 20

MOST_MATCHES: Final = 500
"""A list narrowed by words shows the best of so many."""


@strawberry.type(description="A case or an article that words lead to.")
class SearchHit:
    node: Node
    snippet: str = strawberry.field(description="The place that the words lead to, as plain text on one line.")
    score: int = strawberry.field(description="More is better; comparable within one answer only.")


@strawberry.type(description="What words lead to, best first.")
class SearchResult:
    hits: list[SearchHit] = strawberry.field(metadata={"size": MOST_HITS})
    has_more: bool = strawberry.field(description="Whether there is more than was asked for. There is no second page.")


@strawberry.type(description="A case that resembles another.")
class SimilarCase:
    case: Case
    score: int = strawberry.field(description="0 to 100.")


@strawberry.type(description="An article that may help with a case.")
class SuggestedArticle:
    article: Article
    score: int = strawberry.field(description="0 to 100.")


@strawberry.input(one_of=True, description="A view of cases: a saved one, or one that everybody has.")
class ViewKey:
    id: ID | None = UNSET
    built_in: public_enum(BuiltInView) | None = UNSET  # type: ignore[valid-type]


async def search(info: Info, text: str, first: int = 20) -> SearchResult:
    """The cases and articles that all words of a text lead to, best first, within what the viewer may see.

    Of the last word its beginning is enough. Cases are found by number, title and description and by the messages on
    them, articles by number, title, keywords and body. Eight words count. `first` is at most 50.
    """
    with arguments_named():
        limit = _at_most(first, MOST_HITS)
    found = await finding.search(text, info.context.viewer, limit + 1)
    hits = [SearchHit(node=hit.row, snippet=hit.snippet, score=hit.score) for hit in found[:limit]]
    return SearchResult(hits=hits, has_more=len(found) > limit)


async def similar_cases(info: Info, case_id: ID, first: int = 5) -> list[SimilarCase] | None:
    """Other cases that resemble this one, the most similar first; null if there is no such case for this viewer.

    Compared are titles, descriptions, products and subjects. `first` is at most 20.
    """
    context: Context = info.context
    with arguments_named():
        limit = _at_most(first, MOST_ALIKE)
    case = await _case(context, case_id)
    if case is None:
        return None
    return [
        SimilarCase(case=alike.row, score=alike.score)
        for alike in await finding.similar_cases(case, context.viewer, limit)
    ]


async def suggested_articles(info: Info, case_id: ID, first: int = 5) -> list[SuggestedArticle] | None:
    """Published articles that may help with a case and are not linked to it yet; null if there is no such case.

    Compared as `similarCases` are, with keywords as part of the title. `first` is at most 20.
    """
    context: Context = info.context
    with arguments_named():
        limit = _at_most(first, MOST_ALIKE)
    case = await _case(context, case_id)
    if case is None:
        return None
    return [
        SuggestedArticle(article=alike.row, score=alike.score)
        for alike in await finding.suggested_articles(case, context.viewer, limit)
    ]


class FoundListField(RootListField):
    """All visible rows of a table, narrowed by words and, if it is the table of cases, by a view."""

    @property
    def arguments(self) -> list[StrawberryArgument]:
        further: dict[str, Any] = {"search": str | None}
        if self.metadata["node"] == "Case":
            further["view"] = "ViewKey | None"
        return [
            *super().arguments,
            *(
                StrawberryArgument(name, None, StrawberryAnnotation(of, namespace=NAMES), default=UNSET)
                for name, of in further.items()
            ),
        ]

    @arguments.setter
    def arguments(self, value: list[StrawberryArgument]) -> None:
        """As in every list, they follow from the type of the rows."""

    async def wanted(self, context: Context, kwargs: dict[str, Any]) -> tuple[Condition, tuple[Order, ...], Asked]:
        condition, order, part = self.asked(context, kwargs)
        narrowed, ordered = await self._narrowed(context, kwargs)
        return All((narrowed, condition)), order if kwargs.get("order_by") else ordered or order, part

    async def _narrowed(self, context: Context, kwargs: dict[str, Any]) -> tuple[Condition, tuple[Order, ...]]:
        """What words and view leave of the list, and the order that the view wants."""
        condition: Condition = EVERYTHING
        order: tuple[Order, ...] = ()
        if view := kwargs.get("view") or None:
            condition, order = await _viewed(context, view)
        if not (text := kwargs.get("search") or None):
            return condition, order
        hits = await finding.matching(self.model, text, context.viewer, MOST_MATCHES, condition)
        return Compare("id", Op.IN, tuple(hit.row.id for hit in hits)), order


async def _viewed(context: Context, key: ViewKey) -> tuple[Condition, tuple[Order, ...]]:
    """Raises BadInput for a view that is not there, or not there for this viewer."""
    if key.built_in:
        return await viewing.built_in(BuiltInView(key.built_in), context.viewer), ()
    view = await _found(context, models.SavedView, key.id or "")
    if view is None:
        raise BadInput("There is no such view.", path=("view", "id"))
    return within_sight(viewing.condition_of(view), models.Case, context.viewer), viewing.order_of(view)


def found_listing(node: str, *, along: str, newest_first: bool = False, description: str) -> Any:
    """A list of all visible rows of the type called `node`, that can be narrowed by words."""
    return FoundListField(
        metadata={"node": node, "model": lambda: NAMES[node].model, "order": (Order(along, newest_first, True),)},
        type_annotation=StrawberryAnnotation(f"Connection[{node}]", namespace=NAMES),
        description=description,
    )


def _at_most(first: int, most: int) -> int:
    if not 0 <= first <= most:
        raise BadInput(f"There are at most {most} to be had.", path=("first",))
    return first


async def _case(context: Context, public: str) -> Any:
    return await _found(context, models.Case, public)


async def _found(context: Context, model: type[Model], public: str) -> Any:
    parsed = read_id(public)
    if parsed is None or parsed[0] != model.__name__:
        return None
    return await one(context, model, parsed[1])


NAMES["ViewKey"] = ViewKey
