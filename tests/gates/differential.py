#!/usr/bin/env python
"""At least 2,000 operations written at random: both executors answer each with the same bytes, on both databases.

So do the documents of the console and of the docs, with values written at random. Each is asked as administrator,
agent and customer, in a world of two tenants. The seed of the first can be given, so that every night may ask something
else: `tests/gates/differential.py 123456`.
"""

import asyncio
import gc
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path
from random import Random

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from models.database import open_database  # noqa: E402  # the project is put on the path above
from tests.databases import database_of, fresh_name, make_tables, on_server, postgres_server  # noqa: E402
from tests.schema.execution.documents import asked as with_values  # noqa: E402
from tests.schema.execution.documents import documents  # noqa: E402
from tests.schema.execution.executors import LATE, LIMITS, agree, executors, scene  # noqa: E402

OPERATIONS, TIMES = 2_000, 4
TIDY = 25
"""After so many, resolvers that graphql-core left behind are ended."""


async def ask(engine: str, url: str, first: int) -> None:
    """Raises AssertionError, with the operation and both answers' difference, at the first disagreement."""
    await make_tables(url)
    reasons: Counter[str] = Counter()
    async with open_database(url, LIMITS):
        asked = await scene()
        for number, (_, text) in enumerate(documents()):
            if number % TIDY == 0:
                tidy()
            for seed in range(first, first + TIMES if text.startswith(("query", "{")) else first):
                for viewer in asked.viewers.values():
                    reasons += await agree(with_values(text, asked, Random(seed)), viewer)
        for seed in range(first, first + OPERATIONS):
            operation = asked.author(Random(seed)).operation()
            for viewer in asked.viewers.values():
                reasons += await agree(operation, viewer)
            if seed % TIDY == 0:
                tidy()
        executors.cache_clear()
        await asyncio.sleep(0)
        gc.unfreeze()
        gc.collect()  # while the loop still runs: what graphql-core left behind cannot be ended after it
    late = [reason for reason in reasons if reason.startswith(LATE)]
    assert not late, "\n".join(late)
    assert reasons["taken"] > reasons.total() / 2, reasons
    print(f"{engine}: {reasons.total()} answers agree; {dict(reasons.most_common())}")


def tidy() -> None:
    """Ends what was left behind; what is still in use is not looked through again, for that is a second each time."""
    gc.collect()
    gc.freeze()


def main() -> None:
    # graphql-core leaves resolvers behind when another one fails
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)
    gc.disable()  # done in between: where it begins in a named tuple, nothing can be imported, not even to warn
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(ask("SQLite", f"sqlite://{Path(folder) / 'rows.sqlite3'}", first))
    with postgres_server() as server:
        name = fresh_name("differential")
        on_server(server, f'CREATE DATABASE "{name}"')
        asyncio.run(ask("PostgreSQL", database_of(server, name), first))


if __name__ == "__main__":
    main()
