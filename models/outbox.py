"""The outbox as a log: what was told, each thing once, in an order that nothing comes into later.

On PostgreSQL a sequence is not the order of commits: who took number 5 may commit after 6 was read. Readers therefore
read *windows*. A window is a range of transactions that are all over, from where the last one ended up to the oldest
transaction that is under way (`pg_snapshot_xmin`); its rows are read by their positions. Nothing is added to a window
that was read, and of one case, whose row is locked while its history grows, the later row is never in the earlier
window: who waited for a lock was under way as long as the one who held it. A transaction that writes for long holds up
everybody's news, of other databases of the same server as well, until it is over.

On SQLite there is one window, in which positions are the order of commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models.columns import Parameters, column, quoted
from models.database import reading
from models.delivery import Outbox
from models.reading import dialect

TABLE: Final = quoted(Outbox._meta.db_table)
COLUMNS: Final = ("id", "tenant_id", "topic", "key", "payload", "written_by", "position")
_LISTED: Final = ", ".join(quoted(name) for name in COLUMNS)
_HORIZON: Final = "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: all of the transactions before `since`, and of those before `until` the rows up to
    `position`.
    """

    since: int
    until: int
    position: int

    def includes(self, news: "News") -> bool:
        """Whether this was read already."""
        if news.written_by < self.since:
            return True
        return news.written_by < self.until and news.position <= self.position


@dataclass(frozen=True, slots=True, eq=False)
class News:
    """Something that was told. `place` is how far has read who has read this; `told_at` is in seconds of the epoch."""

    place: Place
    tenant_id: UUID
    topic: str
    key: UUID
    payload: Mapping[str, Any]
    written_by: int
    position: int
    told_at: int
    #: What those who show it have found out about it, and share: see schema/live/sharing.py.
    shared: dict[Any, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batch:
    """News in their order. `place` is where to go on, at once if there is `more`.

    `held_back` says that something is there already, but a transaction that began before it is not over yet.
    """

    news: Sequence[News]
    place: Place
    more: bool = False
    held_back: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """Which news are wanted: of a tenant, of a topic, and, with a key, about one thing."""

    tenant_id: UUID
    topic: str
    key: UUID | None = None


async def latest() -> Place:
    """The place at which everything that is over has been read."""
    if dialect() == "postgres":
        (found,) = await reading().execute_query_dict(f"SELECT {_HORIZON} AS horizon")
        return Place(found["horizon"], found["horizon"], 0)
    (found,) = await reading().execute_query_dict(f"SELECT coalesce(max(position), 0) AS position FROM {TABLE}")
    return Place(0, 1, found["position"])


async def is_ahead(place: Place) -> bool:
    """Whether more was read there than was ever told: that was in a database of which this is an older copy."""
    last = await latest()
    return place.until > last.until or (dialect() == "sqlite" and place.position > last.position)


async def news_after(place: Place, limit: int, about: About | None = None) -> Batch:
    """What was told behind `place`, at most `limit` of it; all of it, or only what it is `about`."""
    found = [_news(row, place.since, place.until) for row in await _rest(place, limit, about)]
    if len(found) == limit:
        return Batch(found, found[-1].place, more=True)
    if dialect() == "sqlite":
        return Batch(found, found[-1].place if found else place)
    rows, horizon, held_back = await _beyond(place.until, limit - len(found), about)
    found += [_news(row, place.until, horizon) for row in rows]
    if len(found) == limit:
        return Batch(found, found[-1].place, more=True)
    return Batch(found, Place(horizon, horizon, 0), held_back=held_back)


async def _rest(place: Place, limit: int, about: About | None) -> Sequence[Mapping[str, Any]]:
    """The rows of the window that was begun."""
    if place.since == place.until:
        return ()
    parameters = Parameters(dialect())
    conditions = [f"position > {parameters.add(place.position)}", *_about(about, parameters)]
    if parameters.dialect == "postgres":
        conditions += [f"written_by >= {parameters.add(place.since)}", f"written_by < {parameters.add(place.until)}"]
    sql = f"SELECT {_LISTED} FROM {TABLE} WHERE {' AND '.join(conditions)} ORDER BY position LIMIT {int(limit)}"
    _, rows = await reading().execute_query(sql, parameters.values)
    return rows


async def _beyond(since: int, limit: int, about: About | None) -> tuple[Sequence[Mapping[str, Any]], int, bool]:
    """The first rows of the window from `since` to the present, its end, and whether there is something behind it.

    One statement, so that rows and end are seen at the same moment. `position + 0` keeps the planner from walking the
    index of positions from the beginning of time.
    """
    parameters = Parameters("postgres")
    from_ = parameters.add(since)
    conditions = [f"o.written_by >= {from_}", "o.written_by < w.horizon", *_about(about, parameters)]
    listed = ", ".join(f"o.{quoted(name)}" for name in COLUMNS)
    sql = (
        f"WITH w AS MATERIALIZED (SELECT {_HORIZON} AS horizon) SELECT {listed}, w.horizon, "
        f"EXISTS (SELECT 1 FROM {TABLE} AS later WHERE later.written_by >= w.horizon) AS held_back "
        f"FROM w LEFT JOIN {TABLE} AS o ON {' AND '.join(conditions)} ORDER BY o.position + 0 LIMIT {int(limit)}"
    )
    _, rows = await reading().execute_query(sql, parameters.values)
    first = rows[0]
    return [row for row in rows if row["id"] is not None], first["horizon"], first["held_back"]


def _about(about: About | None, parameters: Parameters) -> list[str]:
    if about is None:
        return []
    wanted = [("tenant_id", about.tenant_id), ("topic", about.topic), ("key", about.key)]
    stored = [(name, column(Outbox, name).stored(value)) for name, value in wanted if value is not None]
    return [f"{quoted(name)} = {parameters.add(value)}" for name, value in stored]


def _news(row: Mapping[str, Any], since: int, until: int) -> News:
    read = {name: column(Outbox, name).field.to_python_value(row[name]) for name in COLUMNS}
    return News(
        Place(since, until, read["position"]),
        read["tenant_id"],
        read["topic"],
        read["key"],
        read["payload"],
        read["written_by"],
        read["position"],
        made_at(read["id"]),
    )


def made_at(key: UUID) -> int:
    """When a key was made, in seconds of the epoch (RFC 9562 §5.7)."""
    return (key.int >> 80) // 1000


def first_key_of(instant: datetime) -> UUID:
    """A key that sorts before all that were made at `instant` or later."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)


async def forget(before: datetime, at_most: int) -> int:
    """Deletes at most so many rows that were written before an instant, and says how many; never the latest one, behind
    which SQLite counts on.
    """
    parameters = Parameters(dialect())
    key = parameters.add(column(Outbox, "id").stored(first_key_of(before)))
    old = f"SELECT id FROM {TABLE} WHERE id < {key} AND position < (SELECT max(position) FROM {TABLE})"
    sql = f"DELETE FROM {TABLE} WHERE id IN ({old} ORDER BY id LIMIT {int(at_most)}) RETURNING id"
    return len(await reading().execute_query_dict(sql, parameters.values))
