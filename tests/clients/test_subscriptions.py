"""The subscription clients that front ends use, each against the server as it is started for real."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from cases.vocabulary import Role
from models import Person, Tenant
from models.database import open_database
from schema.ids import id_of
from tests import given
from tests.clients.test_audit import HERE, node
from tests.serving import Server, command, migrated, serving

CHANGED = """subscription Changed($id: ID!) { caseChanged(id: $id) {
    cursor case { id title version messageCount } events { id kind number } } }"""
TIMERS = """subscription Timers { slaTimers {
    cursor timers { id kpi countdown { state remaining serverNow running } } } }"""
SAY = """mutation Say($input: AddCommentInput!) { addComment(input: $input) { userErrors { message } } }"""


@dataclass
class House:
    """A running server, somebody's token for it, and the id of a case."""

    server: Server
    token: str
    case_id: str

    def say(self, body: str) -> None:
        answer = httpx.post(
            f"{self.server.url}/graphql",
            json={"query": SAY, "variables": {"input": {"caseId": self.case_id, "body": body}}},
            headers={"authorization": f"Bearer {self.token}"},
        )
        assert answer.json() == {"data": {"addComment": {"userErrors": []}}}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    url = migrated(Path(tmp_path_factory.mktemp("clients")))

    async def populate() -> tuple[str, str]:
        async with open_database(url):
            by = await given.viewer(Role.ADMIN)
            person = await Person.get(id=by.person_id)
            assert await Tenant.all().count() == 1
            return person.email, id_of(await given.case(by=by))

    email, case_id = asyncio.run(populate())
    token = command(url, "token", "--person", email).stdout.strip()
    with serving(url) as server:
        yield House(server, token, case_id)


@pytest.mark.parametrize("client", ["graphql-ws", "@apollo/client", "@urql/core"])
def test_a_client_is_told_what_happens(house: House, client):
    asked = {"query": CHANGED, "variables": {"id": house.case_id}, "count": 3}
    seen: list[Any] = []
    with listening(house, client, asked) as process:
        for body in ("Hello", "Hello again", ""):
            seen.append(json.loads(process.stdout.readline())["caseChanged"])
            if body:
                house.say(body)
        assert process.wait(30) == 0

    assert [one["events"] and one["events"][0]["kind"] for one in seen] == [[], "COMMENTED", "COMMENTED"]
    assert [one["case"]["version"] - seen[0]["case"]["version"] for one in seen] == [0, 1, 2]
    assert len({one["cursor"] for one in seen}) == 3


@pytest.mark.parametrize("client", ["graphql-ws", "@apollo/client", "@urql/core"])
def test_a_client_is_shown_clocks(house: House, client):
    with listening(house, client, {"query": TIMERS, "variables": {}, "count": 1}) as process:
        first = json.loads(process.stdout.readline())["slaTimers"]
        assert process.wait(30) == 0

    assert first["cursor"]
    assert first["timers"] == []


@pytest.mark.parametrize("client", ["graphql-ws", "@apollo/client", "@urql/core"])
def test_a_client_hears_why_it_is_refused(house: House, client):
    asked = {"query": CHANGED, "variables": {"id": "nothing"}, "count": 1}
    with listening(house, client, asked) as process:
        said, _ = process.communicate(timeout=30)

    assert (process.returncode, said) == (1, "")


@contextmanager
def listening(house: House, client: str, asked: dict[str, Any]) -> Iterator[Any]:
    """A process with a client that subscribes to what is asked; gone when the block ends."""
    words = [node(), "subscribe.mjs", client, f"{house.server.url}/graphql", house.token, json.dumps(asked)]
    process = subprocess.Popen(words, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
