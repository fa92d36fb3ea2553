"""Columns of ours: instants, ranks, texts to sort by and time-ordered keys, the same on SQLite and PostgreSQL.

Values are normalised here and written by the driver: PostgreSQL takes an instant as it is, SQLite as the text made by
`models/engines/sqlite.py`. So an instant may also be given to raw SQL, on either.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

import uuid_utils.compat
from tortoise.fields import CharField, Field, SmallIntField

Rank = TypeVar("Rank", bound=StrEnum)


def uuid7() -> UUID:
    """A new key: unique, and later ones sort after earlier ones to the millisecond (RFC 9562 §5.7)."""
    return uuid_utils.compat.uuid7()


def in_utc(value: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime: it names no instant."""
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError(f"{value!r} is naive: an instant needs a zone")
    return value.astimezone(UTC)


class UtcDateTimeField(Field[datetime], datetime):
    """An instant. Any zone comes in, UTC comes out, to the microsecond; naive datetimes are refused.

    Tortoise's own field hands a foreign zone to SQLite unconverted in `filter`, `update`, `save` and `bulk_update`,
    where text is then compared with text: wrong rows, wrong order.
    """

    SQL_TYPE = "TIMESTAMPTZ"
    skip_to_python_if_native = True  # asyncpg returns aware datetimes in UTC

    class _db_sqlite:
        # "2026-01-31 09:00:00.000000+00:00": always UTC, always six digits, so that text order is time order
        SQL_TYPE = "VARCHAR(32)"
        skip_to_python_if_native = False

    def to_db_value(self, value: Any, instance: Any) -> datetime | None:
        if value is None:
            self.validate(value)
            return None
        instant = self.to_python_value(value)
        self.validate(instant)
        return instant

    def to_python_value(self, value: Any) -> datetime | None:
        match value:
            case None:
                return None
            case str():
                return in_utc(datetime.fromisoformat(value))
            case datetime():
                return in_utc(value)
            case _:
                raise ValueError(f"{value!r} is not an instant")


class SortedCharField(CharField[str]):
    """A text that lists sort by. The column itself sorts by code point, so that the indexes over it do.

    An index in PostgreSQL's own collation would be of no use to such a list: all rows would be sorted instead.
    """

    class _db_postgres:
        def __init__(self, field: "SortedCharField") -> None:
            self.field = field

        @property
        def SQL_TYPE(self) -> str:
            return f'{self.field.SQL_TYPE} COLLATE "C"'


class RankedEnumField(SmallIntField, Generic[Rank]):
    """A StrEnum stored as the position of its member (0, 1, …): ORDER BY is the order in which the members stand.

    Members may be renamed and appended freely; one inserted in the middle needs a migration that renumbers the rows.
    """

    def __init__(self, enum_type: type[Rank], **options: Any) -> None:
        super().__init__(**options)
        self.enum_type = enum_type
        self._members = dict(enumerate(enum_type))
        self._positions = {member: position for position, member in self._members.items()}

    def to_db_value(self, value: Any, instance: Any) -> int | None:
        """The position of a member or of its value. Raises ValueError for anything else."""
        position = None if value is None else self._positions[self.enum_type(value)]
        self.validate(position)
        return position

    def to_python_value(self, value: Any) -> Rank | None:
        match value:
            case None:
                return None
            case int() if value in self._members:
                return self._members[value]
            case _:
                return self.enum_type(value)
