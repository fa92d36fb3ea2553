"""Both executors on the same question: the fast path, and graphql-core, which is the reference."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

import orjson

from cases.viewer import Viewer
from cases.vocabulary import Role
from schema.context import Context
from schema.graph import build_schema
from schema.hardened import CasegraphSchema
from settings import Limits
from tests import given
from tests.given import NOW
from tests.schema.execution.operations import Author, Operation
from tests.schema.worlds import World, populated

LIMITS = Limits(cost=100_000, nodes=1_000_000, sql_seconds=120, lock_seconds=120, operation_seconds=240)
"""What is compared is answers, not speed: on a machine that is busy with other tests, one executor would run into a
time limit where the other does not."""
TIMED_OUT = frozenset({"TIMEOUT", "StatementTimeout", "TimeoutError"})
LATE = "ran into a time limit"
"""What is counted, under its text, where one of them had no time: then there is nothing to compare."""
SECRET = b"the secret of all cursors in tests"
REPEATS = 5
EXCUSES = frozenset({"introspection", "variables"})
"""Reasons to leave an operation to the reference although it may be answered without an error."""


@cache
def executors() -> tuple[CasegraphSchema, CasegraphSchema]:
    """The fast one and the reference."""
    return build_schema(LIMITS), build_schema(LIMITS, fast_reads=False)


@dataclass
class Scene:
    """Two tenants full of rows, those who ask, and what they know of one of them."""

    viewers: dict[str, Viewer]
    ids: dict[str, str]
    cursors: dict[str, list[str]] = field(default_factory=dict)

    def author(self, dice: Random) -> Author:
        return Author(executors()[0]._schema, dice, self.ids, self.cursors)


async def scene() -> Scene:
    world = await populated("acorn")
    await populated("birch")
    return await of_world(world)


async def of_world(world: World) -> Scene:
    agent = await given.viewer(Role.AGENT, tenant=world.tenant)
    found = Scene({"admin": world.admin, "agent": agent, "customer": world.customer}, dict(await world.one_of_each()))
    for name, definition in executors()[0]._schema.query_type.fields.items():  # type: ignore[union-attr]
        of = str(definition.type).rstrip("!")
        if of.endswith("Connection"):
            result = await answered(
                executors()[1], Operation(f"{{ {name} {{ edges {{ cursor }} }} }}", {}), world.admin
            )
            found.cursors[of.removesuffix("Connection")] = [edge["cursor"] for edge in result[0][name]["edges"]]
    return found


async def answered(schema: CasegraphSchema, operation: Operation, viewer: Viewer | None) -> tuple[Any, list[Any]]:
    context = Context(viewer, NOW, LIMITS, SECRET)
    result = await schema.execute(operation.text, variable_values=dict(operation.variables), context_value=context)
    return result.data, [error.formatted for error in result.errors or ()]


async def agree(operation: Operation, viewer: Viewer | None) -> Counter[str]:
    """Holds both answers against each other, byte for byte; says why the fast path left it, or that it took it."""
    fast, reference = executors()
    assert fast.fast_reads is not None
    before = Counter(fast.fast_reads.left)
    data, errors = await answered(fast, operation, viewer)
    reasons = Counter(fast.fast_reads.left) - before
    expected, expected_errors = await answered(reference, operation, viewer)
    if TIMED_OUT & {*reasons, *(error.get("extensions", {}).get("code") for error in (*errors, *expected_errors))}:
        return Counter({f"{LATE}: {operation.text} with {dict(operation.variables)}": 1})
    told = (operation.text, operation.variables, reasons, expected_errors)
    assert orjson.dumps(data) == orjson.dumps(expected), told
    assert await _could_be(errors, expected_errors, operation, viewer), (errors, *told)
    assert not reasons or expected_errors or set(reasons) <= EXCUSES, told
    return reasons or Counter({"refused": 1} if expected_errors else {"taken": 1})


async def _could_be(errors: list[Any], expected: list[Any], operation: Operation, viewer: Viewer | None) -> bool:
    """Whether these are the errors that the reference gives, each byte by byte, whatever their order.

    graphql-core notes an error when the field that failed has been waited for, and no more below a place that is null
    already. Fields that wait for statements on different connections fail in the order in which PostgreSQL answers, so
    that it may disagree with itself: where it does, one of its answers has to be this one.
    """
    if len(errors) == len(expected) == 0 or _settled(errors) == _settled(expected):
        return True
    for _ in range(REPEATS):
        _, again = await answered(executors()[1], operation, viewer)
        if _settled(errors) == _settled(again):
            return True
    return False


def _settled(errors: list[Any]) -> list[bytes]:
    """Errors as bytes, in the order of their places."""
    return [orjson.dumps(error) for error in sorted(_named(errors), key=lambda error: str(error.get("path")))]


def _named(errors: list[Any]) -> list[Any]:
    """Errors without the random names that some carry for whoever reads the log."""
    return [
        {**error, "extensions": {k: v for k, v in error.get("extensions", {}).items() if k != "traceId"}}
        for error in errors
    ]
