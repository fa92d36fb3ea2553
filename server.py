#!/usr/bin/env python
"""Casegraph: the server and its command line.

Commands end with 0 when done, 1 when refused, 2 when asked for something that does not exist or is not allowed here.
This file and worker.py are the only places that read the clock.
"""

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import uvloop

from cases.refusals import Refused
from cases.vocabulary import Role
from settings import Settings, from_environment

if TYPE_CHECKING:
    from starlette.applications import Starlette

#: Seconds that requests under way are given when the server is told to stop.
GRACE: Final = 20


def now() -> datetime:
    return datetime.now(UTC)


def app() -> "Starlette":
    """The application, for any ASGI server: `uvicorn --factory server:app`. Each worker process calls this once."""
    from actions.delivering import Senders
    from models.file_store import FileStore
    from web.app import build_app
    from web.slow_clients import SlowHeadProtocol
    from worker import work

    settings = from_environment()
    SlowHeadProtocol.head_seconds = settings.limits.head_seconds  # uvicorn makes the protocol, so it cannot be told
    SlowHeadProtocol.head_bytes = settings.limits.head_bytes
    working = partial(work, store=FileStore(settings.files), senders=Senders.of(settings))
    made = build_app(settings, now, working if settings.worker else None)
    spare_what_is_loaded()
    return made


def spare_what_is_loaded() -> None:
    """Takes what was made so far out of the garbage collector's rounds, and makes those rarer.

    It stays until the end; looking through it again and again costs as much as thousands of sockets do, or a tenth of
    what a worker announces.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)


def serve(settings: Settings, options: argparse.Namespace) -> int:
    import uvicorn

    if trouble := asyncio.run(not_ready(settings)):
        return complain(trouble, 1)
    asyncio.run(announce(settings))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn, once it has stopped in order, raises it again
    uvicorn.run(
        "server:app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=options.workers,
        loop="uvloop",
        http="web.slow_clients:SlowHeadProtocol",
        ws="websockets-sansio",
        ws_max_size=settings.limits.socket_message_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        limit_concurrency=settings.limits.concurrent_connections,
        backlog=512,
        timeout_graceful_shutdown=GRACE,
        server_header=False,
        proxy_headers=False,  # whom to charge is the address that connects, not one that a header claims
        access_log=options.access_log,
        log_level="info" if options.access_log else "warning",
        lifespan="on",
    )
    return 0


async def announce(settings: Settings) -> None:
    """Says where the server is, and in development how to come in."""
    from models.database import open_database
    from web.console_files import Console
    from web.sign_in import sign_ins

    print(f"Casegraph is at {settings.base_url}", flush=True)
    if not settings.in_development:
        return
    async with open_database(settings.database_url, settings.limits):
        known = await sign_ins(settings, now=now(), hours=12)
    if known:
        door, path = ("the console", "/") if Console().is_built else ("GraphiQL", "/graphql")
        print(f"\nOpen {door} signed in as (tokens of this machine, good for 12 hours):\n")
    for one in known:
        print(f"  {one.role:<10}{one.name} <{one.email}>\n  {settings.base_url}{path}#token={one.token}\n")
    print("Stop with Ctrl-C.", flush=True)


async def migrate(settings: Settings, options: argparse.Namespace) -> int:
    from models.migrate import MigrationRefused
    from models.migrate import migrate as run

    if settings.database_url.startswith("sqlite://"):
        Path(settings.database_url.removeprefix("sqlite://")).parent.mkdir(parents=True, exist_ok=True)
    try:
        done = await run(settings.database_url)
    except MigrationRefused as refused:
        return complain(str(refused), 1)
    if done:
        print(f"Migrated: {', '.join(done)}")
    return 0


async def demo(settings: Settings, options: argparse.Namespace) -> int:
    from demo.seed import is_empty, seed
    from models.file_store import FileStore

    if await is_empty() or not options.if_empty:
        await seed(now(), FileStore(settings.files))
    return 0


async def import_(settings: Settings, options: argparse.Namespace) -> int:
    from imports.servicenow import import_file

    print(await import_file(options.file, now=now(), tenant=options.tenant, zone=options.zone, rejects=options.rejects))
    return 0


async def attainment(settings: Settings, options: argparse.Namespace) -> int:
    from imports.attainment import judge, report

    for line in report(await judge(options.tenant, now())):
        print(line)
    return 0


async def token(settings: Settings, options: argparse.Namespace) -> int:
    from web.sign_in import SignInRefused, token_for

    try:
        print(await token_for(settings, options.person, tenant=options.tenant, now=now(), hours=options.hours))
    except SignInRefused as refused:
        return complain(str(refused), 2)
    return 0


async def apikey(settings: Settings, options: argparse.Namespace) -> int:
    from models import Person, Tenant
    from web import api_keys

    tenant = await Tenant.get_or_none(slug=options.tenant)
    person = await Person.get_or_none(tenant=tenant, email=options.person) if tenant and options.person else None
    if tenant is None or (options.person and person is None):
        return complain("There is no such tenant, or no such person in it.", 2)
    made_at = now()
    _, text = await api_keys.mint(
        tenant.id,
        options.name,
        scopes=options.scope or ["*"],
        now=made_at,
        role=Role(options.role),
        person=person,
        expires_at=made_at + timedelta(days=options.days) if options.days else None,
    )
    print(text)
    print("Keep it well: it is shown this once.", file=sys.stderr)
    return 0


async def worker(settings: Settings, options: argparse.Namespace) -> int:
    import signal

    from actions.delivering import Senders
    from models.database import current_database
    from models.file_store import FileStore
    from models.wakeups import wakeups
    from worker import work

    spare_what_is_loaded()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with wakeups(current_database()):  # servers hear at once of what it announces
        await work(now, until=stop, store=FileStore(settings.files), senders=Senders.of(settings))
    return 0


async def collect_files(settings: Settings, options: argparse.Namespace) -> int:
    from actions.collecting import collect_files as collect
    from models.file_store import FileStore

    done = await collect(FileStore(settings.files), now())
    print(f"Removed {done.uploads} uploads, {done.files} files and {done.incoming} that broke off coming in.")
    return 0


async def backup(settings: Settings, options: argparse.Namespace) -> int:
    from models.backup import backup as copy

    try:
        await copy(settings.database_url, options.file)
    except FileExistsError:
        return complain(f"{options.file} is there already.", 2)
    except ValueError as error:
        return complain(str(error), 2)
    print(f"Copied to {options.file}")
    return 0


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="server.py", description="Casegraph, the server and its tools.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[..., object], text: str, *, database: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run, database=database)
        return made

    made = command("serve", serve, "answer requests", database=False)
    made.add_argument("--host", help="address to listen on")
    made.add_argument("--port", type=int, help="port to listen on")
    made.add_argument("--workers", type=int, default=1, help="processes; more than one wants PostgreSQL")
    made.add_argument("--access-log", action="store_true", help="a line per request")

    command("migrate", migrate, "bring the database to the shape of the tables", database=False)

    made = command("demo", demo, "fill the database with demo data")
    made.add_argument("--if-empty", action="store_true", help="only if there is no tenant yet")

    made = command("import", import_, "bring in cases from another system")
    made.add_argument("source", choices=["servicenow"])
    made.add_argument("file", type=Path)
    made.add_argument("--tenant", metavar="SHORT-NAME", help="made if there is none; default: the only one there is")
    made.add_argument("--zone", default="UTC", help="time zone of the file's clocks")
    made.add_argument(
        "--rejects", type=Path, metavar="FILE", help="for lines that cannot be read; default: FILE.rejects.csv"
    )

    made = command("attainment", attainment, "what promises would have made of an imported log, beside its own word")
    made.add_argument("--tenant", metavar="SHORT-NAME", help="default: the only one there is")

    made = command("token", token, "a development token for a person, or for a customer's contact")
    made.add_argument("--person", required=True, metavar="EMAIL")
    made.add_argument("--tenant", metavar="SHORT-NAME")
    made.add_argument("--hours", type=float, default=12)

    made = command("apikey", apikey, "a new API key, printed once")
    made.add_argument("--tenant", required=True, metavar="SHORT-NAME")
    made.add_argument("--name", required=True, help="what it is for")
    made.add_argument("--scope", action="append", choices=["read", "write"], help="default: both")
    made.add_argument("--role", choices=[role for role in Role if role is not Role.CUSTOMER], default=Role.INTEGRATION)
    made.add_argument("--person", metavar="EMAIL", help="act as this person instead of in a role")
    made.add_argument("--days", type=int, help="days until it expires")

    command("worker", worker, "do what falls due, apart from a server: announce breaches, send, tidy up")

    command("collect-files", collect_files, "remove files that nobody attached to a case within a day")

    made = command("backup", backup, "copy a SQLite database while it is in use", database=False)
    made.add_argument("file", type=Path)
    return parser


def main(words: list[str] | None = None) -> int:
    options = arguments().parse_args(words)
    if options.run is serve:
        for name in ("host", "port"):  # by the environment, so that worker processes hear of it too
            if getattr(options, name) is not None:
                os.environ[f"CASEGRAPH_{name.upper()}"] = str(getattr(options, name))
        listening = from_environment()
        os.environ.setdefault("CASEGRAPH_BASE_URL", f"http://{listening.host}:{listening.port}")
    settings = from_environment()
    try:
        return serve(settings, options) if options.run is serve else uvloop.run(run(settings, options))
    except Refused as refused:
        return complain(refused.message, 1)
    except KeyboardInterrupt:
        return 130


async def run(settings: Settings, options: argparse.Namespace) -> int:
    act: Callable[[Settings, argparse.Namespace], Awaitable[int]] = options.run
    if not options.database:
        return await act(settings, options)
    from models.database import open_database

    if trouble := await not_ready(settings):
        return complain(trouble, 1)
    async with open_database(settings.database_url, settings.limits):
        return await act(settings, options)


async def not_ready(settings: Settings) -> str | None:
    """What must be done before the database can be used, if anything."""
    from models.migrate import MIGRATIONS, applied, missing, names

    if missing(names(MIGRATIONS), await applied(settings.database_url)):
        return "The database is not in the shape that this version needs: run `python server.py migrate` first."
    return None


def complain(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
