"""Full text: which words stand in which case, message or article; kept by their writers, in the same transaction.

The index is an ordinary table of ours, alike on SQLite and PostgreSQL: a line for each document and word. So both
databases find and rank the same, a tenant is part of every look-up, and nothing of what a client asks for enters a
statement but as a parameter. Words are stored as UTF-8 bytes, because bytes sort alike on both databases, and words
that begin alike are then one range of the index. ARCHITECTURE.md says why it is neither FTS5 nor tsvector.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from cases.conditions import All, Compare, Condition, Op
from cases.vocabulary import Source
from cases.words import counted
from models import bulk, conditions_sql, writing
from models.columns import Parameters, columns, quoted
from models.fields import RankedEnumField, uuid7
from models.reading import dialect, rows
from models.statements import Statement

M = TypeVar("M", bound=Model)

MOST_WORDS: Final = 1_000
"""So many different words of one document are kept, those first that stand in its weightiest field."""

MOST_REPEATS: Final = 3
"""A word said more often than this is said no louder."""


class SearchWord(Model):
    """A word of a document: how much it weighs there, and which case or article the document leads to."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    tenant_id = fields.UUIDField()
    word: fields.Field[bytes] = fields.BinaryField()
    source = RankedEnumField(Source)
    #: The case or the article that is found.
    subject_id = fields.UUIDField()
    #: The case, message or article that the word stands in.
    document_id = fields.UUIDField()
    weight = fields.SmallIntField()

    class Meta:
        table = "search_word"
        # the first has all that ranking asks for, so that a frequent word is counted through without the table
        indexes = (("tenant_id", "word", "source", "subject_id", "weight"), ("subject_id", "document_id"))


@dataclass(frozen=True)
class Document:
    """A text that can be found. `fields` are its parts, the weightiest first, each with its weight."""

    tenant_id: UUID
    source: Source
    subject_id: UUID
    document_id: UUID
    fields: Sequence[tuple[str, int]]

    def weight_by_word(self) -> Mapping[str, int]:
        weights: Counter[str] = Counter()
        for text, weight in self.fields:
            for word, times in counted(text).items():
                weights[word] += weight * min(times, MOST_REPEATS)
        return dict(list(weights.items())[:MOST_WORDS])


@dataclass(frozen=True)
class Hit:
    """What was found, how well it fits (more is better; comparable within one answer only)."""

    row: Any
    score: int


async def index(documents: Sequence[Document]) -> None:
    """Lets documents that are new be found."""
    await bulk.insert(
        SearchWord,
        [
            {
                "id": uuid7(),
                "tenant_id": document.tenant_id,
                "word": word.encode(),
                "source": document.source,
                "subject_id": document.subject_id,
                "document_id": document.document_id,
                "weight": weight,
            }
            for document in documents
            for word, weight in document.weight_by_word().items()
        ],
    )


async def reindex(document: Document) -> None:
    """Lets a document be found by what it says now."""
    await SearchWord.filter(subject_id=document.subject_id, document_id=document.document_id).delete()
    await index([document])


async def lead_to(document_ids: Collection[UUID], subject_id: UUID, before: Collection[UUID]) -> None:
    """Lets documents that led to the subjects of `before` lead to another one."""
    which = All((Compare("subject_id", Op.IN, tuple(before)), Compare("document_id", Op.IN, tuple(document_ids))))
    await writing.lead_to(SearchWord, "subject_id", subject_id, which)


async def forget(subject_id: UUID) -> None:
    """Lets a case or an article, and all that was said on it, not be found any more."""
    await SearchWord.filter(subject_id=subject_id).delete()


async def found(
    model: type[M],
    asked: Sequence[str],
    sources: Collection[Source],
    condition: Condition,
    *,
    tenant_id: UUID,
    limit: int,
    every: bool = True,
) -> list[Hit]:
    """The rows of `model` for which `condition` holds and that the words `asked` lead to, best first, in one statement.

    With `every`, each of the words must stand somewhere in the documents of a row; of the last one its beginning is
    enough, and counts half. Without, one of the words must stand there as it is. Of rows that fit alike the newer
    is first.
    """
    if not asked or not sources or not limit:
        return []
    parameters = Parameters(dialect())
    scope = _scope(tenant_id, sources, parameters)
    lines = [
        f"SELECT subject_id, {_weight(word, open_ended, parameters)} AS best FROM search_word "
        f"WHERE {scope} AND {_is(word, open_ended, parameters)} GROUP BY subject_id"
        for word, open_ended in _endings(asked, every)
    ]
    enough = f" HAVING COUNT(*) = {len(lines)}" if every else ""
    hits = f"SELECT subject_id, SUM(best) AS score FROM ({' UNION ALL '.join(lines)}) AS w GROUP BY subject_id{enough}"
    listed = ", ".join(f"t0.{column.sql}" for column in columns(model))
    where = conditions_sql.compile(condition, model, parameters)
    sql = (
        f"SELECT {listed}, hits.score AS _score FROM ({hits}) AS hits "
        f"JOIN {quoted(model._meta.db_table)} AS t0 ON t0.id = hits.subject_id WHERE {where} "
        f"ORDER BY hits.score DESC, t0.id DESC LIMIT {int(limit)}"
    )
    answered = await rows(Statement(sql, parameters.values))
    return [_hit(model, dict(row)) for row in answered]


def _hit(model: type[M], row: dict[str, Any]) -> Hit:
    score = int(row.pop("_score"))
    return Hit(model._init_from_db(**row), score)


async def speaking(
    asked: Sequence[str], sources: Collection[Source], subjects: Collection[UUID], *, tenant_id: UUID
) -> dict[UUID, UUID]:
    """For each of the `subjects`, the document that says most of what was `asked`, the newer if two say as much."""
    if not asked or not subjects:
        return {}
    parameters = Parameters(dialect())
    scope = _scope(tenant_id, sources, parameters)
    among = ", ".join(parameters.add(_key(one)) for one in subjects)
    words = " OR ".join(_is(word, open_ended, parameters) for word, open_ended in _endings(asked, True))
    sql = (
        f"SELECT subject_id, document_id FROM search_word "
        f"WHERE {scope} AND ({words}) AND subject_id IN ({among}) "
        "GROUP BY subject_id, document_id ORDER BY SUM(weight), document_id"
    )
    answered = await rows(Statement(sql, parameters.values))
    return {_uuid(row["subject_id"]): _uuid(row["document_id"]) for row in answered}


async def frequencies(asked: Collection[str], source: Source, *, tenant_id: UUID) -> dict[str, int]:
    """In how many documents of one kind each word stands; one that stands in none is left out."""
    if not asked:
        return {}
    parameters = Parameters(dialect())
    scope = _scope(tenant_id, [source], parameters)
    words = ", ".join(parameters.add(word.encode()) for word in asked)
    sql = f"SELECT word, COUNT(*) AS n FROM search_word WHERE {scope} AND word IN ({words}) GROUP BY word"
    return {bytes(row["word"]).decode(): row["n"] for row in await rows(Statement(sql, parameters.values))}


def _endings(asked: Sequence[str], every: bool) -> list[tuple[str, bool]]:
    """The words, each with whether its beginning is enough."""
    return [(word, every and place == len(asked)) for place, word in enumerate(asked, 1)]


def _scope(tenant_id: UUID, sources: Collection[Source], parameters: Parameters) -> str:
    kinds = ", ".join(str(list(Source).index(source)) for source in sorted(sources))
    return f"tenant_id = {parameters.add(_key(tenant_id))} AND source IN ({kinds})"


def _is(word: str, open_ended: bool, parameters: Parameters) -> str:
    exact = word.encode()
    if not open_ended:
        return f"word = {parameters.add(exact)}"
    end = exact + b"\xff"  # no byte of UTF-8: what lies between are the words that begin so
    return f"(word >= {parameters.add(exact)} AND word < {parameters.add(end)})"


def _weight(word: str, open_ended: bool, parameters: Parameters) -> str:
    if not open_ended:
        return "MAX(weight) * 2"
    return f"MAX(CASE WHEN word = {parameters.add(word.encode())} THEN weight * 2 ELSE weight END)"


def _key(key: UUID) -> UUID | str:
    return key if dialect() == "postgres" else str(key)


def _uuid(stored: UUID | str) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(str(stored))
