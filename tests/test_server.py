"""The command line, and the server as its operators meet it: a process."""

import asyncio
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from cases.vocabulary import Role
from models import Contact, Person, Tenant
from models.backup import backup
from models.database import open_database
from tests.serving import command, migrated, serving

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADA = "ada@acme.example"


async def fill(url: str) -> None:
    async with open_database(url):
        for slug in ("acme", "other"):
            tenant = await Tenant.create(name=slug.title(), slug=slug, created_at=NOW)
            await Person.create(tenant=tenant, name="Ada", email=ADA, role=Role.ADMIN, created_at=NOW)
        await Contact.create(tenant=tenant, name="Carol", email="carol@contoso.example", created_at=NOW)
        await Person.create(tenant=tenant, name="Bob", email="bob@acme.example", role=Role.AGENT, created_at=NOW)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with people in it, complete in itself."""
    folder = tmp_path_factory.mktemp("filled")
    url = migrated(folder)
    asyncio.run(fill(url))
    asyncio.run(backup(url, folder / "whole.sqlite3"))
    return folder / "whole.sqlite3"


@pytest.fixture
def url(filled: Path, tmp_path: Path) -> str:
    """A copy of it for one test."""
    shutil.copy(filled, tmp_path / "casegraph.sqlite3")
    return f"sqlite://{tmp_path / 'casegraph.sqlite3'}"


def who(server_url: str, token: str) -> dict[str, str]:
    answer = httpx.post(
        f"{server_url}/graphql",
        json={"query": "{ viewer { name role } }"},
        headers={"authorization": f"Bearer {token}"},
    )
    viewer: dict[str, str] = answer.json()["data"]["viewer"]
    return viewer


def test_staff_customers_and_machines_sign_in_with_what_the_command_line_gave_them(url):
    token = command(url, "token", "--person", ADA, "--tenant", "acme").stdout.strip()
    customer = command(url, "token", "--person", "carol@contoso.example").stdout.strip()
    key = command(url, "apikey", "--tenant", "acme", "--name", "warehouse", "--scope", "read").stdout.strip()
    with serving(url) as server:
        signed_in = [who(server.url, credentials) for credentials in (token, customer, key)]

    assert signed_in == [
        {"name": "Ada", "role": "ADMIN"},
        {"name": "Carol", "role": "CUSTOMER"},
        {"name": "warehouse", "role": "INTEGRATION"},
    ]


def test_a_server_that_is_told_to_stop_says_goodbye_in_order(url):
    with serving(url) as server:
        assert httpx.get(f"{server.url}/readyz").status_code == 200
        assert server.stop() == 0


def test_the_answer_does_not_say_which_server_it_is(url):
    with serving(url) as server:
        assert "server" not in httpx.get(f"{server.url}/livez").headers


def test_several_workers_serve_one_address(url):
    with serving(url, "--workers", "2") as server, httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
        assert [client.get(f"{server.url}/livez").status_code for _ in range(5)] == [200] * 5
        assert server.stop() == 0


def test_development_tokens_are_not_made_in_production(url):
    done = command(url, "token", "--person", ADA, environment="production")

    assert (done.returncode, done.stdout) == (2, "")
    assert "do not exist in production" in done.stderr


def test_an_address_that_several_tenants_know_needs_the_tenant(url):
    done = command(url, "token", "--person", ADA)

    assert (done.returncode, done.stdout) == (2, "")
    assert "--tenant" in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("token", "--person", "nobody@acme.example"),
        ("apikey", "--tenant", "nowhere", "--name", "x"),
        ("apikey", "--tenant", "acme", "--name", "x", "--person", "bob@acme.example"),
        ("apikey", "--tenant", "acme", "--name", "x", "--role", "CUSTOMER"),
        ("apikey", "--tenant", "acme", "--name", "x", "--scope", "everything"),
        ("fly",),
        (),
    ],
)
def test_what_does_not_exist_is_refused_with_a_sentence_and_no_trace(url, words):
    done = command(url, *words)

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_an_unreadable_setting_stops_the_start_with_its_name(url):
    done = command(url, "serve", port="eighty")

    assert done.returncode != 0
    assert "CASEGRAPH_PORT" in done.stderr


@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("token", "--person", ADA)])
def test_a_database_that_was_not_migrated_is_not_served(tmp_path: Path, words):
    done = command(f"sqlite://{tmp_path / 'casegraph.sqlite3'}", *words)

    assert (done.returncode, done.stdout) == (1, "")
    assert "server.py migrate" in done.stderr


def test_migrating_twice_is_migrating_once(tmp_path: Path):
    url = f"sqlite://{tmp_path / 'new' / 'casegraph.sqlite3'}"
    first, second = command(url, "migrate"), command(url, "migrate")

    assert (first.returncode, second.returncode, second.stdout) == (0, 0, "")
    assert first.stdout.startswith("Migrated: ")


def test_a_backup_is_a_whole_database_and_never_overwrites_one(url, tmp_path: Path):
    copy = tmp_path / "copy.sqlite3"
    first, second = command(url, "backup", str(copy)), command(url, "backup", str(copy))

    assert (first.returncode, second.returncode) == (0, 2)
    with sqlite3.connect(copy) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
