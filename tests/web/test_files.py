"""Files through the real server: in, onto a case, and out again."""

import asyncio
import contextlib
import http.client
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from pytest import param

from cases.vocabulary import Role
from models import Account, Contact, Person, Tenant
from models.database import open_database
from models.migrate import migrate
from tests import given
from tests.databases import database_of, fresh_name, on_server
from tests.files import doc, docx, gif, jpeg, pdf, png
from tests.serving import command, migrated, serving, tokens

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ADA, CARL, EVE, ZOE = "ada@acme.example", "carl@acme.example", "eve@rival.example", "zoe@other.example"
NEW = "mutation($i: CreateCaseInput!) { createCase(input: $i) { case { id } userErrors { message } } }"
ATTACH = """mutation($i: AttachFileInput!) { attachFile(input: $i) {
    attachments { id name mediaType sizeBytes digest url previewUrl } userErrors { code message path } } }"""


@dataclass(frozen=True)
class Desk:
    """A server with two customers and two tenants, and how each of its people come in."""

    url: str
    files: Path
    tokens: dict[str, str]
    database_url: str
    pid: int

    def client(self, who: str = ADA) -> httpx.Client:
        return httpx.Client(base_url=self.url, headers={"authorization": f"Bearer {self.tokens[who]}"}, timeout=30)

    def graph(self, text: str, who: str = ADA, **given: Any) -> Any:
        with self.client(who) as client:
            answer = client.post("/graphql", json={"query": text, "variables": {"i": given}}).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def send(self, name: str, data: bytes, who: str = ADA) -> httpx.Response:
        with self.client(who) as client:
            return client.post("/files", params={"name": name}, content=data)

    def case(self) -> str:
        account = self.graph("{ customers { nodes { id name } } }")["customers"]["nodes"]
        acme = next(row["id"] for row in account if row["name"] == "Acme")
        made: str = self.graph(NEW, title="The kettle leaks", customerId=acme)["createCase"]["case"]["id"]
        return made

    def attached(self, name: str, data: bytes, **said: Any) -> Any:
        upload = self.send(name, data).json()["uploads"][0]["id"]
        answer = self.graph(ATTACH, caseId=self.case(), uploadIds=[upload], **said)["attachFile"]
        assert answer["userErrors"] == []
        return answer["attachments"][0]

    def stored(self) -> list[Path]:
        return sorted(path for path in self.files.rglob("*") if path.is_file())

    def incoming(self) -> list[Path]:
        return [path for path in self.stored() if "incoming" in path.parts]


async def fill(url: str) -> None:
    async with open_database(url):
        home = await Tenant.create(name="Home", slug="home", created_at=NOW)
        other = await Tenant.create(name="Other", slug="other", created_at=NOW)
        await Person.create(tenant=home, name="Ada", email=ADA, role=Role.ADMIN, created_at=NOW)
        await Person.create(tenant=other, name="Zoe", email=ZOE, role=Role.ADMIN, created_at=NOW)
        for name, email in (("Acme", CARL), ("Rival", EVE)):
            account = await Account.create(tenant=home, name=name, created_at=NOW)
            await Contact.create(tenant=home, account=account, name=email, email=email, created_at=NOW)


@contextlib.contextmanager
def desk_on(url: str, folder: Path) -> Iterator[Desk]:
    asyncio.run(fill(url))
    signed_in = tokens(url, {ADA: "home", CARL: "home", EVE: "home", ZOE: "other"})
    with serving(url, files=str(folder)) as server:
        yield Desk(server.url, folder, signed_in, url, server.process.pid)


@pytest.fixture(scope="module")
def sqlite_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk")
    with desk_on(migrated(folder), folder / "files") as desk:
        yield desk


@pytest.fixture(scope="module")
def postgres_desk(postgres_url_of_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    name = fresh_name("desk")
    on_server(postgres_url_of_server, f'CREATE DATABASE "{name}"')
    url = database_of(postgres_url_of_server, name)
    asyncio.run(migrate(url))
    with desk_on(url, tmp_path_factory.mktemp("desk") / "files") as desk:
        yield desk
    on_server(postgres_url_of_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request: pytest.FixtureRequest) -> Desk:
    desk: Desk = request.getfixturevalue(f"{request.param}_desk")
    return desk


def test_a_file_goes_in_onto_a_case_and_out_again(desk):
    answer = desk.send("../Kettle ü.png", png())
    said = answer.json()["uploads"][0]
    attached = desk.graph(ATTACH, caseId=desk.case(), uploadIds=[said["id"]])["attachFile"]["attachments"][0]
    with desk.client() as client:
        out, shown = client.get(attached["url"]), client.get(attached["previewUrl"])

    assert (answer.status_code, said["name"], said["mediaType"]) == (201, "Kettle ü.png", "image/png")
    assert said["sizeBytes"] == attached["sizeBytes"] == len(png())
    assert out.content == shown.content == png()
    assert out.headers["content-disposition"] == (
        "attachment; filename=\"Kettle _.png\"; filename*=UTF-8''Kettle%20%C3%BC.png"
    )
    assert shown.headers["content-disposition"].startswith("inline; ")
    for headers in (out.headers, shown.headers):
        assert headers["content-type"] == "image/png"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "sandbox; default-src 'none'"
        assert headers["cache-control"] == "private, no-store"
    assert [path.name for path in desk.stored()].count(attached["digest"]) == 1


def test_customers_get_the_public_files_of_their_cases_and_nobody_gets_more(desk):
    public = desk.attached("public.pdf", pdf())
    internal = desk.attached("internal.pdf", pdf(), audience="INTERNAL")
    seen = {}
    for who in (ADA, CARL, EVE, ZOE):
        with desk.client(who) as client:
            seen[who] = [client.get(file["url"]).status_code for file in (public, internal)]
    nobody = httpx.get(desk.url + public["url"])
    wrong = httpx.get(desk.url + public["url"], headers={"authorization": "Bearer x"})

    assert seen == {ADA: [200, 200], CARL: [200, 404], EVE: [404, 404], ZOE: [404, 404]}
    assert (nobody.status_code, wrong.status_code) == (401, 401)
    assert nobody.headers["www-authenticate"] == "Bearer"


def test_an_upload_of_one_is_not_there_for_another(desk):
    upload = desk.send("a.png", png(), who=CARL).json()["uploads"][0]["id"]

    assert desk.graph(ATTACH, caseId=desk.case(), uploadIds=[upload])["attachFile"] == {
        "attachments": None,
        "userErrors": [{"code": "NOT_FOUND", "message": "There is no such thing.", "path": ["input", "uploadIds"]}],
    }


def test_a_word_document_is_not_shown_in_place_even_if_somebody_asks(sqlite_desk):
    file = sqlite_desk.attached("letter.docx", docx())
    with sqlite_desk.client() as client:
        answer = client.get(file["url"], params={"preview": "1"})

    assert file["previewUrl"] is None
    assert answer.headers["content-disposition"].startswith("attachment; ")


def test_a_form_brings_up_to_five_files(sqlite_desk):
    contents = {"a.png": png(), "b.jpg": jpeg(), "c.gif": gif(), "d.pdf": pdf(), "e.doc": doc()}
    five = [("file", (name, data, "text/html")) for name, data in contents.items()]
    with sqlite_desk.client() as client:
        answer = client.post("/files", files=five, data={"note": "passed by"})
        six = client.post("/files", files=[*five, ("file", ("f.png", png()))])

    assert [(one["name"], one["sizeBytes"]) for one in answer.json()["uploads"]] == [
        (name, len(data)) for name, data in contents.items()
    ]
    assert {one["mediaType"] for one in answer.json()["uploads"]} == {
        *("image/png", "image/jpeg", "image/gif", "application/pdf", "application/msword")
    }
    assert six.status_code == 413


BOUNDED = {"content-type": "multipart/form-data; boundary=x"}
HEAD = b'--x\r\ncontent-disposition: form-data; name="f"; filename="a.png"\r\n\r\n'


@pytest.mark.parametrize(
    ("params", "headers", "body"),
    [
        param({}, {}, png(), id="no name"),
        param({"name": "a.png"}, {}, b"", id="nothing"),
        param({"name": "a.png"}, {}, b"<html>", id="a page called PNG"),
        param({"name": "a.pdf"}, {}, png(), id="a PNG called PDF"),
        param({"name": "a.svg"}, {}, b"<svg/>", id="a kind that is not taken"),
        param({"name": "a.php.png"}, {}, png(), id="two extensions"),
        param({"name": "a\x00.png"}, {}, png(), id="NUL in a name"),
        param({"name": "a\u202egnp.png"}, {}, png(), id="a name written backwards"),
        param({"name": "a.docx"}, {}, docx({"word/bomb.bin": bytes(60_000_000)}), id="a bomb"),
        param({}, {"content-type": "multipart/form-data"}, b"", id="a form without a boundary"),
        param({}, {"content-type": "multipart/form-data; boundary=" + "x" * 300}, b"", id="an endless boundary"),
        param({}, BOUNDED, b"", id="an empty form"),
        param({}, BOUNDED, b"no form", id="no form"),
        param({}, BOUNDED, HEAD + png(), id="a form that breaks off"),
        param({}, BOUNDED, HEAD.replace(b"a.png", b"\xff.png") + png() + b"\r\n--x--", id="a name that is no text"),
        param({}, BOUNDED, b"--x\r\n" + b"a: b\r\n" * 5000, id="a form of headers"),
        param({}, BOUNDED, HEAD.replace(b"; filename", b"; other") + b"text\r\n--x--\r\n", id="a form without files"),
    ],
)
def test_what_is_no_file_is_refused_and_leaves_nothing(sqlite_desk, params, headers, body):
    before = sqlite_desk.stored()
    with sqlite_desk.client() as client:
        answer = client.post("/files", params=params, headers=headers, content=body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert sqlite_desk.stored() == before


def test_whoever_is_not_signed_in_or_may_only_read_sends_nothing(sqlite_desk):
    key = command(
        sqlite_desk.database_url, "apikey", "--tenant", "home", "--name", "reader", "--scope", "read"
    ).stdout.strip()
    nobody = httpx.post(f"{sqlite_desk.url}/files?name=a.png", content=png())
    reader = httpx.post(
        f"{sqlite_desk.url}/files?name=a.png", content=png(), headers={"authorization": f"Bearer {key}"}
    )

    assert (nobody.status_code, reader.status_code) == (401, 403)


def test_more_than_five_mebibytes_are_refused(sqlite_desk):
    most = 5 * 1024 * 1024
    answers = [sqlite_desk.send("a.png", b"x" * size) for size in (most + 1, most)]

    assert [answer.status_code for answer in answers] == [413, 400]
    assert not sqlite_desk.incoming()


@pytest.mark.parametrize("token", [ADA, None], ids=["too much", "not signed in"])
def test_a_client_that_sends_everything_first_hears_what_was_declined(sqlite_desk, token):
    address = urlsplit(sqlite_desk.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    headers = {"Authorization": f"Bearer {sqlite_desk.tokens[token]}"} if token else {}
    connection.request("POST", "/files?name=a.png", b"x" * (12 * 1024 * 1024), headers)

    assert connection.getresponse().status == (413 if token else 401)
    connection.close()


def flood(desk: Desk, head: str, piece: bytes, pieces: int) -> tuple[int, bytes]:
    """Sends a body until somebody answers; gives how many bytes could be sent, and what was answered."""
    host, port = urlsplit(desk.url).hostname, urlsplit(desk.url).port
    with socket.create_connection((host, port), timeout=30) as connection:
        start = f"POST /files?name=a.png HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {desk.tokens[ADA]}\r\n{head}"
        connection.sendall(start.encode() + b"\r\n")
        sent, answer = 0, b""
        with contextlib.suppress(ConnectionError):
            for _ in range(pieces):
                connection.sendall(piece)
                sent += len(piece)
        with contextlib.suppress(ConnectionError):
            answer = connection.recv(65536)
        return sent, answer


def peak_bytes(desk_pid: int) -> int:
    """The most memory a process has had (Linux)."""
    status = Path(f"/proc/{desk_pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024


PIECE = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        param(f"content-length: {200 * 1024 * 1024}\r\n", b"x" * 65536, id="it says how long it is"),
        param("transfer-encoding: chunked\r\n", PIECE, id="it does not say"),
    ],
)
def test_two_hundred_megabytes_are_refused_without_being_read(sqlite_desk, head, piece):
    before = peak_bytes(sqlite_desk.pid)
    sent, answer = flood(sqlite_desk, head, piece, 200 * 16)
    grown = peak_bytes(sqlite_desk.pid) - before

    assert answer.startswith(b"HTTP/1.1 413") or answer == b""  # or the connection was reset before it was read
    assert sent < 40 * 1024 * 1024  # five mebibytes, and what lies in the buffers of two sockets
    assert grown < 40 * 1024 * 1024
    assert sqlite_desk.send("a.png", png()).status_code == 201
    assert not sqlite_desk.incoming()


def test_a_client_that_hangs_up_leaves_nothing(sqlite_desk):
    host, port = urlsplit(sqlite_desk.url).hostname, urlsplit(sqlite_desk.url).port
    with socket.create_connection((host, port)) as connection:
        token = sqlite_desk.tokens[ADA]
        head = f"POST /files?name=a.png HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\n"
        connection.sendall(f"{head}content-length: 1000\r\n\r\n".encode() + b"x" * 100)

    assert sqlite_desk.send("b.png", png()).status_code == 201
    assert not sqlite_desk.incoming()


def test_files_of_a_tenant_are_collected_by_a_command(tmp_path):
    url = migrated(tmp_path)

    async def moved_in() -> UUID:
        async with open_database(url):
            return (await given.tenant()).id

    stray = tmp_path / "files" / asyncio.run(moved_in()).hex / "ab" / ("ab" * 32)
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"x")

    done = command(url, "collect-files", files=str(tmp_path / "files"))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Removed 0 uploads, 1 files and 0 that broke off coming in.\n"
    assert not stray.exists()
