"""Reports as files, through the real server."""

import asyncio
import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pytest import param

from cases.refusals import RetryLater
from cases.vocabulary import Role
from models import Account, Contact, Person
from models.database import open_database
from models.fields import uuid7
from models.migrate import migrate
from schema.ids import id_of
from schema.reports import REPORTS, ROW_COST, ROWS_PRICED
from schema.transport.allowance import Allowance
from schema.transport.errors import RateLimited, Unauthenticated
from schema.transport.session import Session
from settings import Limits
from tests import given, promised
from tests.databases import database_of, fresh_name, on_server
from tests.serving import migrated, serving, tokens
from web.reports import ReportFiles, safe

MIA, ANN, CARL, ZOE = "mia@acme.example", "ann@acme.example", "carl@acme.example", "zoe@other.example"
FORMULA = "=cmd|' /C calc'!A0, \"quoted\"\nand more ü"


@dataclass(frozen=True)
class Desk:
    """A server, its people's tokens, and the customer with the longest name."""

    url: str
    tokens: dict[str, str]
    customer: str
    database_url: str

    def get(self, path: str, who: str = MIA, **params: str) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.tokens[who]}"}
        return httpx.get(f"{self.url}{path}", params=params, headers=headers, timeout=30)


async def fill(url: str) -> str:
    """Two tenants; at home, two cases of today for which an answer was promised."""
    now = datetime.now(UTC) - timedelta(minutes=5)
    async with open_database(url):
        other = await given.tenant("other")
        await given._row(Person, name="Zoe", email=ZOE, role=Role.ADMIN, tenant=other)
        await given._row(Person, name="Mia", email=MIA, role=Role.MANAGER)
        await given._row(Person, name="Ann", email=ANN, role=Role.AGENT)
        await promised.default(promised.item("first_response", 60))
        acme = await Account.create(tenant=await given.home(), name=FORMULA, created_at=now)
        await Contact.create(tenant=await given.home(), account=acme, name="Carl", email=CARL, created_at=now)
        await given.case(customer=acme, now=now)
        await given.case(customer=await given.account("Rival"), now=now)
        return id_of(acme)


def desk_on(url: str) -> Iterator[Desk]:
    customer = asyncio.run(fill(url))
    signed_in = tokens(url, {MIA: "home", ANN: "home", CARL: "home", ZOE: "other"})
    with serving(url) as server:
        yield Desk(server.url, signed_in, customer, url)


@pytest.fixture(scope="module")
def sqlite_desk(tmp_path_factory) -> Iterator[Desk]:
    yield from desk_on(migrated(tmp_path_factory.mktemp("reports")))


@pytest.fixture(scope="module")
def postgres_desk(postgres_url_of_server) -> Iterator[Desk]:
    name = fresh_name("reports")
    on_server(postgres_url_of_server, f'CREATE DATABASE "{name}"')
    url = database_of(postgres_url_of_server, name)
    asyncio.run(migrate(url))
    yield from desk_on(url)
    on_server(postgres_url_of_server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgres"])
def desk(request) -> Desk:
    found: Desk = request.getfixturevalue(f"{request.param}_desk")
    return found


def table(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode(), newline=""), strict=True))


def test_a_report_is_a_file_that_no_spreadsheet_takes_for_formulas(desk):
    answer = desk.get("/reports/sla_attainment.csv", by="customer,kpi")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="sla_attainment.csv"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    names, first, second = table(answer)
    assert names[:4] == ["customer", "customer_id", "kpi", "clocks"]
    assert names[-2:] == ["late_by_average_seconds", "late_by_max_seconds"]
    assert first[:4] == [f"'{FORMULA}", desk.customer, "first_response", "1"]
    assert second[0] == "Rival"
    assert answer.content.endswith(b"\r\n")
    assert {len(row) for row in table(answer)} == {len(names)}


def test_every_report_is_a_file(desk):
    for name, report in REPORTS.items():
        answer = desk.get(f"/reports/{name}.csv")

        names, *rows = table(answer)
        assert answer.status_code == 200, name
        assert set(names) >= {one.lower() for one in report.told_by(())}
        assert all(len(row) == len(names) for row in rows)


def test_without_rows_there_is_the_line_of_names(desk):
    answer = desk.get("/reports/sla_attainment.csv", **{"from": "2001-01-01", "to": "2001-02-01", "by": "month"})

    (names,) = table(answer)
    assert names[:2] == ["month", "clocks"]


def test_agents_read_reports_customers_do_not_and_nobody_reads_those_of_another_tenant(desk):
    path = "/reports/sla_attainment.csv"

    assert [desk.get(path, who).status_code for who in (MIA, ANN, CARL)] == [200, 200, 403]
    assert len(table(desk.get(path, ZOE))) == 1
    nobody = httpx.get(desk.url + path)
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")
    assert httpx.get(desk.url + path, headers={"authorization": f"Bearer {uuid7()}"}).status_code == 401


@pytest.mark.parametrize(
    ("path", "asked", "status", "place"),
    [
        param("nothing", {}, 404, None, id="no such report"),
        param("sla_attainment", {"by": "moon"}, 400, ["by"], id="no such dimension"),
        param("sla_attainment", {"by": "day,week"}, 400, ["by"], id="cut in two ways"),
        param("sla_attainment", {"from": "yesterday"}, 400, ["from"], id="no day"),
        param("sla_attainment", {"from": "2025-01-01", "to": "2024-01-01"}, 400, ["to"], id="backwards"),
        param("sla_attainment", {"from": "2020-01-01"}, 400, ["from"], id="years"),
        param("sla_attainment", {"hours": "3"}, 400, ["hours"], id="hours of what looks back"),
        param("sla_attainment", {"form": "2025-01-01"}, 400, ["form"], id="a slip of the pen"),
    ],
)
def test_what_cannot_be_reported_is_refused_with_its_place(sqlite_desk, path, asked, status, place):
    answer = sqlite_desk.get(f"/reports/{path}.csv", **asked)

    (error,) = answer.json()["errors"]
    assert answer.status_code == status
    assert error["extensions"].get("input") == place
    assert error["extensions"]["code"] == ("NOT_FOUND" if status == 404 else "BAD_INPUT")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\uff1d1"])
def test_what_begins_a_formula_is_quoted(text):
    assert safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Acme", "1-1", "a=b", "ü", "'=1"])
def test_any_other_text_stays_as_it_is(text):
    assert safe(text) == text


def test_files_are_paid_for_with_the_points_of_the_graph(sqlite_desk):
    path = "/reports/sla_attainment.csv"
    url = sqlite_desk.database_url
    with serving(url, bucket_points="1000", bucket_points_per_second="1") as server:
        poor = replace(sqlite_desk, url=server.url)
        answers = [poor.get(path) for _ in range(7)]

        refused = answers[-1]
        assert [answer.status_code for answer in answers[:4]] == [200] * 4
        assert refused.status_code == 429
        (error,) = refused.json()["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert 0 < int(refused.headers["retry-after"]) <= ROWS_PRICED * ROW_COST
        assert poor.get(path, ANN).status_code == 200
        graph = httpx.post(
            f"{server.url}/graphql",
            json={"query": "{ cases(first: 100) { nodes { id customer { name } } } }"},
            headers={"authorization": f"Bearer {poor.tokens[MIA]}", "accept": "application/graphql-response+json"},
        )
        assert graph.status_code == 429


async def test_what_took_long_or_has_many_rows_costs_more_and_one_caller_has_not_all_places():
    limits, allowance = Limits(), Allowance(50_000, 5_000)

    async def nobody(token: str | None) -> Session:
        raise Unauthenticated

    files = ReportFiles(limits, nobody, lambda: datetime.now(UTC), allowance)
    with ExitStack() as places:
        for caller in ("mia", "mia", "ann", "ann"):
            rows = places.enter_context(files._paying(caller))
            rows.append(5_000 if caller == "mia" else 1)
        with pytest.raises(RateLimited), files._paying("mia"):
            pass
        with pytest.raises(RetryLater), files._paying("zoe"):
            pass

    now = asyncio.get_running_loop().time()
    mias, anns = (allowance.take(caller, 0, now) for caller in ("mia", "ann"))
    assert anns > 45_000 > 40_000 > mias
    with files._paying("mia"), files._paying("zoe"):
        assert files._reading.total() == 2
