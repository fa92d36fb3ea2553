"""Two databases are alike if they hold the same things, whatever their indexes are called."""

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from pytest import param

from models.shape import differences, sqlite_shape

PLAIN = """
CREATE TABLE a (id INT PRIMARY KEY, b TEXT, c INT);
CREATE TABLE d (id INT PRIMARY KEY, a_id INT REFERENCES a (id))
"""


async def shape(script: str) -> Mapping[str, frozenset[str]]:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    connection.executescript(script)

    async def query(sql: str) -> Iterable[Mapping[str, Any]]:
        return [dict(row) for row in connection.execute(sql)]

    found = await sqlite_shape(query)
    connection.close()
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        param("CREATE TABLE a (b TEXT UNIQUE)", "CREATE TABLE a (b TEXT); CREATE UNIQUE INDEX n ON a (b)", id="unique"),
        param("CREATE TABLE a (b TEXT, c INT)", "CREATE TABLE a (c INT, b TEXT)", id="order of columns"),
        param("CREATE TABLE a (b TEXT /* what it is */)", "CREATE TABLE a (b TEXT)", id="comments"),
        param(f"{PLAIN}; CREATE INDEX x ON a (b)", f"{PLAIN}; CREATE INDEX y ON a (b)", id="names of indexes"),
    ],
)
async def test_alike(one: str, other: str):
    assert differences(await shape(one), await shape(other)) == []


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        param(PLAIN.replace("b TEXT", "b INT"), "a: missing column b TEXT", id="type"),
        param(PLAIN.replace("b TEXT", "b TEXT NOT NULL"), "a: unexpected column b TEXT NOT NULL", id="null"),
        param(PLAIN.replace("b TEXT", "b TEXT DEFAULT 'x'"), "a: unexpected column b TEXT DEFAULT 'x'", id="default"),
        param(PLAIN.replace(", c INT", ""), "a: missing column c INT", id="column"),
        param(PLAIN.replace("c INT)", "c INT CHECK (c > (0)))"), "a: unexpected check c > (0)", id="check"),
        param(f"{PLAIN}; CREATE INDEX x ON a (b)", "a: unexpected index over b BINARY", id="index"),
        param(
            f"{PLAIN}; CREATE INDEX x ON a (b || 'x')",
            "a: unexpected index over None BINARY of b || 'x')",
            id="index over an expression",
        ),
        param(
            f"{PLAIN}; CREATE INDEX x ON a (b) WHERE c > 0",
            "a: unexpected index over b BINARY of b) WHERE c > 0",
            id="partial index",
        ),
        param(
            PLAIN.replace("REFERENCES a (id)", "REFERENCES a (id) ON DELETE CASCADE"),
            "d: missing reference ['a_id'] to a ['id'] on delete NO ACTION",
            id="reference",
        ),
        param(
            f"{PLAIN}; CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1; END",
            "a: unexpected trigger CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1; END",
            id="trigger",
        ),
        param(f"{PLAIN}; CREATE TABLE e (x INT)", "e: unexpected table", id="table"),
    ],
)
async def test_not_alike(found: str, difference: str):
    assert difference in differences(await shape(found), await shape(PLAIN))
