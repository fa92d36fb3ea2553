"""Statement: what happened to cases in a period, grouped, as one SELECT for both databases.

    SELECT g0, g1, COUNT(*) AS … FROM (SELECT b.n AS g0, t10.team_id AS g1, … FROM b, t0, t10 WHERE …) AS x GROUP BY …

`b` are the stretches into which the period is cut, or the period as one; `t0` is the table in which it happened, found
by its index of tenant and instant; `t10` are their cases, as far as they exist for the viewer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import orjson
from tortoise.models import Model

from cases.conditions import EVERYTHING, All, Compare, Condition, Op
from cases.viewer import Viewer
from models import conditions_sql
from models.addresses import Dialect
from models.case import Case
from models.columns import Parameters, quoted
from models.engines.sqlite import as_text
from models.reading import dialect, rows
from models.statements import Statement
from models.visibility import visible
from reports.dimensions import CASE, Dimension, Part, expression, parts, place, stretch_of
from reports.period import Bucket, Period
from reports.report import check_length
from settings import Limits


@dataclass
class Happened:
    """A SELECT under way: rows of `model` whose `instant` lies in one of `buckets`, of cases that the viewer sees.

    The buckets follow one another without gaps.

    `columns` are what is read of each of them, by name; `where` is what must hold besides.
    """

    model: type[Model]
    instant: str
    buckets: Sequence[Bucket]
    viewer: Viewer
    by: Sequence[Dimension]
    which: Condition = EVERYTHING
    columns: Mapping[str, str] = field(default_factory=dict)
    where: str = "1=1"
    parameters: Parameters = field(default_factory=lambda: Parameters(dialect()))

    @property
    def keys(self) -> str:
        """The names of the columns by which it is grouped, or a constant if it is not."""
        return ", ".join(f"g{place}" for place in range(len(self.by))) or "g"

    def each(self) -> str:
        """The SELECT of what happened, one row for each, with its keys and columns."""
        of_clocks = self.model.__name__ == "SlaKpiInstance"
        said = [f"{expression(one, self.viewer, self.parameters, of_clocks=of_clocks)}" for one in self.by]
        read = [f"{text} AS g{number}" for number, text in enumerate(said)] or ["1 AS g"]
        read += [f"{text} AS {quoted(name)}" for name, text in self.columns.items()]
        own = conditions_sql.compile(Compare("tenant_id", Op.EQ, self.viewer.tenant_id), self.model, self.parameters)
        at = f"t0.{quoted(self.instant)}"
        seen = All((visible(Case, self.viewer), self.which))
        return (
            f"SELECT {', '.join(read)} FROM {self._cut(quoted(self.model._meta.db_table), at)}"
            f" AND {own} AND {CASE}.id = t0.case_id AND {conditions_sql.compile(seen, Case, self.parameters, CASE)}"
            f" AND {self.where}"
        )

    def _cut(self, table: str, at: str) -> str:
        """What stands behind FROM: what happened, joined to the stretch in which it did, and the cases."""
        if self.parameters.dialect == "sqlite":
            # CROSS JOIN keeps SQLite to this order: each stretch, what happened in it by the index, its case
            return (
                f'{_table(self.buckets, self.parameters)} AS b CROSS JOIN {table} AS t0 CROSS JOIN "case" AS {CASE}'
                f" WHERE {at} >= b.starts_at AND {at} < b.ends_at"
            )
        starts = self.parameters.add([bucket.starts_at for bucket in self.buckets])
        first, last = (given(one, self.parameters) for one in _bounds(self.buckets))
        return (
            # two plain bounds for the index, and OFFSET 0 so that each case is found by its key: before a table has
            # statistics, the planner would as soon read all cases of the tenant for each of what happened
            f'{table} AS t0 CROSS JOIN LATERAL (SELECT * FROM "case" WHERE id = t0.case_id OFFSET 0) AS {CASE}'
            f" CROSS JOIN LATERAL (SELECT width_bucket({at}, {starts}::timestamptz[]) - 1 AS n) AS b"
            f" WHERE {at} >= {first} AND {at} < {last}"
        )

    def summed(self, figures: Mapping[str, str]) -> Statement:
        """The statement of one row for each group, with these figures by name."""
        told = ", ".join(f"{text} AS {quoted(name)}" for name, text in figures.items())
        text = f"SELECT {self.keys}, {told} FROM ({self.each()}) AS x GROUP BY {self.keys}"
        return Statement(text, self.parameters.values)

    async def grouped(self, statement: Statement, limits: Limits) -> list[tuple[tuple[Part, ...], Mapping[str, Any]]]:
        """What the statement finds, in order, each with what it is about."""
        text = f"{statement.sql} LIMIT {limits.report_rows + 1}"
        found = await rows(Statement(text, statement.values))
        check_length(found, limits)
        keys = [tuple(row[f"g{number}"] for number in range(len(self.by))) for row in found]
        about = await parts(self.by, keys, self.buckets, self.viewer)
        return sorted(zip(about, found, strict=True), key=lambda pair: place(pair[0]))


def buckets(period: Period, by: Sequence[Dimension]) -> list[Bucket]:
    """The stretches into which `by` cuts a period, or the period as one."""
    stretch = stretch_of(by)
    return period.cut(stretch) if stretch else [Bucket(period.first, period.starts_at, period.ends_at)]


def of_cases(
    viewer: Viewer,
    by: Sequence[Dimension],
    which: Condition,
    parameters: Parameters,
    *,
    columns: Mapping[str, str] | None = None,
    where: str = "1=1",
) -> str:
    """The SELECT of the cases that the viewer sees, one row for each, with its keys and columns."""
    read = [f"{expression(one, viewer, parameters, of_clocks=False)} AS g{n}" for n, one in enumerate(by)] or ["1 AS g"]
    read += [f"{text} AS {quoted(name)}" for name, text in (columns or {}).items()]
    seen = conditions_sql.compile(All((visible(Case, viewer), which)), Case, parameters, CASE)
    return f'SELECT {", ".join(read)} FROM "case" AS {CASE} WHERE {seen} AND {where}'


def _table(buckets: Sequence[Bucket], parameters: Parameters) -> str:
    """The stretches as SQLite reads a table; the text does not depend on how many they are."""
    told = [[as_text(bucket.starts_at), as_text(bucket.ends_at)] for bucket in buckets]
    return (
        "(SELECT key AS n, json_extract(value, '$[0]') AS starts_at, json_extract(value, '$[1]') AS ends_at"
        f" FROM json_each({parameters.add(orjson.dumps(told).decode())}))"
    )


def _bounds(buckets: Sequence[Bucket]) -> tuple[datetime, datetime]:
    """Where stretches that follow one another begin and end; nothing lies within the bounds of none."""
    return (buckets[0].starts_at, buckets[-1].ends_at) if buckets else (NEVER, NEVER)


NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def given(value: datetime, parameters: Parameters) -> str:
    """The text that stands for an instant."""
    return parameters.add(value) + ("::timestamptz" if parameters.dialect == "postgres" else "")


def microseconds_between(start: str, end: str, of: Dialect) -> str:
    """How long it is from one instant to another, exactly."""
    if of == "postgres":
        return f"CAST(EXTRACT(EPOCH FROM ({end} - {start})) * {_MICROSECONDS} AS bigint)"
    return f"({_epoch(end)} - {_epoch(start)})"


def _epoch(instant: str) -> str:
    """Microseconds since 1970 of an instant as SQLite keeps it: seconds and six digits apart, for no real is exact."""
    seconds = f"CAST(strftime('%s', substr({instant}, 1, 19)) AS INTEGER)"
    return f"({seconds} * {_MICROSECONDS} + CAST(substr({instant}, 21, 6) AS INTEGER))"


_MICROSECONDS: Final = 1_000_000
