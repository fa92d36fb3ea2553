"""What a second process does to the same database; run as a program by tests.

python tests/models/processes.py add URL TIMES        reads a counter and writes it back one higher, so often;
                                                          prints how often it had to
python tests/models/processes.py hold PATH            takes SQLite's write lock, says so, and holds it until told to end
python tests/models/processes.py write URL            writes rows for ever, printing each that is acknowledged
python tests/models/processes.py migrate URL          brings the database up to date, printing what it ran
"""

import asyncio
import sys
from functools import partial
from itertools import count
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[2]))

from models import Counter
from models.database import open_database
from models.migrate import migrate
from models.unit_of_work import unit_of_work

OWNER = UUID(int=7)


async def add(url: str, times: int) -> None:
    runs = 0

    async def body() -> None:
        nonlocal runs
        runs += 1
        row = await Counter.filter(name="a").select_for_update().get()
        await Counter.filter(name="a").update(value=row.value + 1)

    async with open_database(url):
        for _ in range(times):
            await unit_of_work(body)
    say(str(runs))


async def write(url: str) -> None:
    async with open_database(url):
        for name in map(str, count()):
            await unit_of_work(partial(Counter.create, tenant_id=OWNER, name=name))
            say(name)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["add", url, times]:
            asyncio.run(add(url, int(times)))
        case ["write", url]:
            asyncio.run(write(url))
        case ["migrate", url]:
            say(" ".join(asyncio.run(migrate(url))))
