"""A small warehouse: tables with every kind of column, and rows full of what databases disagree about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from random import Random
from types import SimpleNamespace
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from tortoise import fields
from tortoise.models import Model
from tortoise.utils import generate_schema_for_client

from models.database import Database, open_database
from models.fields import RankedEnumField, UtcDateTimeField, uuid7


class Row(SimpleNamespace):
    """A row in memory, relations and all."""


class Grade(StrEnum):
    """Ranks whose order is not that of their letters."""

    POOR = "POOR"
    FAIR = "FAIR"
    BEST = "BEST"


class Stage(StrEnum):
    """The same, stored as text."""

    PACKED = "PACKED"
    SENT = "SENT"
    ARRIVED = "ARRIVED"


class Shelf(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    label = fields.CharField(max_length=40, null=True)
    room = fields.IntField(null=True)
    above: Any = fields.ForeignKeyField("models.Shelf", null=True, related_name=False)


class Item(Model):
    id = fields.UUIDField(primary_key=True, default=uuid7)
    title = fields.CharField(max_length=40)
    note = fields.TextField(null=True)
    pieces = fields.IntField(null=True)
    serial = fields.BigIntField(default=0)
    weight = fields.DecimalField(max_digits=12, decimal_places=3, null=True)
    is_sold = fields.BooleanField(null=True)
    made_at = UtcDateTimeField()
    due_at = UtcDateTimeField(null=True)
    day = fields.DateField(null=True)
    grade = RankedEnumField(Grade, null=True)
    stage: Any = fields.CharEnumField(Stage, null=True)
    token = fields.UUIDField(null=True)
    extra: Any = fields.JSONField(null=True)
    shelf_id: Any
    shelf: Any = fields.ForeignKeyField("models.Shelf", null=True, related_name=False)


TEXTS: Final = (
    *("", " ", "a", "A", "b", "B", "ab", "AB", "aB", "abc", "_", "%", "\\", "a%b", "a_b", "a\\b", "'", '"', "''"),
    *("ß", "ẞ", "SS", "İ", "i", "\u0131", "I", "i̇", "é", "e\u0301", "É", "Ω", "ω", "\u017f", "\u212a", "k", "K"),
    *("😀", "😀a", "\uffff", "\ue000", "\U0010ffff", "\u0001", "\t", "\n", "a\nb", "~", "{", "\x7f", "\x80"),
    *("null", "NULL", "0", "1", "10", "9", "$1", "?1", "?", "1e3", "2026-01-01"),
)
NUMBERS: Final = (-(2**31), -1, 0, 1, 2, 7, 10, 2**31 - 1)
SERIALS: Final = (*NUMBERS, -(2**63), 2**63 - 1, 2**53, 2**53 + 1)
BEYOND: Final = (2**31, -(2**31) - 1, 2**63, -(2**63) - 1, 2**70, -(2**70))
WEIGHTS: Final = tuple(map(Decimal, ("-1.5", "-0.001", "0", "0.5", "0.500", "1", "9", "10", "10.25", "99999999.999")))
BERLIN: Final = ZoneInfo("Europe/Berlin")
INSTANTS: Final = (
    datetime(2026, 1, 1, tzinfo=UTC),
    datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
    datetime(2026, 1, 1, 5, 45, tzinfo=ZoneInfo("Asia/Kathmandu")),
    datetime(2025, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),  # the hour that comes twice
    datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN),
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
    datetime(2026, 3, 29, 2, 30, tzinfo=BERLIN),  # the hour that does not come
    datetime(2026, 1, 1, 23, 13, 0, 123_456, tzinfo=timezone(timedelta(hours=23, minutes=13, seconds=7))),
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2099, 12, 31, 23, 59, 59, 999_999, tzinfo=ZoneInfo("America/St_Johns")),
)
DAYS: Final = (date(2026, 1, 1), date(2024, 2, 29), date(1999, 12, 31))
TOKENS: Final = (UUID(int=0), UUID(int=1), UUID(int=2**128 - 1), UUID("018f0000-0000-7000-8000-0000000000ab"))


def rows(amount: int, seed: int = 20260101) -> tuple[list[Row], list[Row]]:
    """Nine shelves, the lowest first, and `amount` items, as values in memory; the same ones for the same seed."""
    chance = Random(seed)  # not for secrets: for the same rows each time
    shelves: list[Row] = []
    for _ in range(9):
        label, room = chance.choice((None, *TEXTS)), chance.choice((None, *NUMBERS))
        shelves.append(row(chance, label=label, room=room, above=chance.choice((None, *shelves))))
    return shelves, [item(chance, shelves) for _ in range(amount)]


def item(chance: Random, shelves: list[Row]) -> Row:
    return row(
        chance,
        title=chance.choice(TEXTS),
        note=chance.choice((None, *TEXTS)),
        pieces=chance.choice((None, *NUMBERS)),
        serial=chance.choice(SERIALS),
        weight=chance.choice((None, *WEIGHTS)),
        is_sold=chance.choice((None, True, False)),
        made_at=chance.choice(INSTANTS),
        due_at=chance.choice((None, *INSTANTS)),
        day=chance.choice((None, *DAYS)),
        grade=chance.choice((None, *Grade)),
        stage=chance.choice((None, *Stage)),
        token=chance.choice((None, *TOKENS)),
        extra=chance.choice((None, {"a": 1})),
        shelf=chance.choice((None, *shelves)),
    )


def row(chance: Random, **values: Any) -> Row:
    """The values with an id, and with the id of each row that one of them is."""
    keys = {f"{name}_id": value and value.id for name, value in values.items() if name in ("shelf", "above")}
    return Row(id=UUID(int=chance.getrandbits(128)), **values, **keys)


@asynccontextmanager
async def warehouse(url: str) -> AsyncIterator[Database]:
    """The empty warehouse at `url`."""
    async with open_database(url, shared=True, tables=["tests.models.reading_tables"]) as database:
        await generate_schema_for_client(database.writer, safe=False)
        yield database


async def fill(shelves: list[Row], items: list[Row]) -> None:
    for model, several in ((Shelf, shelves), (Item, items)):
        for one in several:  # one by one: each shelf stands above an earlier one
            stored = {name: value for name, value in vars(one).items() if name not in ("shelf", "above")}
            await model.create(**stored)
