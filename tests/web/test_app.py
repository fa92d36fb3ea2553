"""What stands before every path, and the paths beside the graph."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest import param
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from settings import Settings
from tests.web.provider import NOW
from web import secret_files
from web.app import build_app


@pytest.fixture(autouse=True)
def secrets_of_this_test(monkeypatch, tmp_path):
    monkeypatch.setattr(secret_files, "DEVELOPMENT_TOKENS", tmp_path / "development.secret")
    monkeypatch.setattr(secret_files, "CURSORS", tmp_path / "cursors.secret")


def started(url: str, **settings: Any) -> TestClient:
    app = build_app(Settings(database_url=url, **settings), lambda: NOW)
    return TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)


@pytest.fixture
def client(sqlite_url: str) -> Iterator[TestClient]:
    with started(sqlite_url) as client:
        yield client


@pytest.fixture
def in_production(sqlite_url: str) -> Iterator[TestClient]:
    with started(sqlite_url, environment="production", allowed_origins=("https://app.example",)) as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/livez", "/readyz", "/metrics", "/graphql/assets/start.js"])
def test_every_path_answers_and_says_that_its_type_is_what_it_is(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.headers["x-content-type-options"]) == (200, "nosniff")


@pytest.mark.parametrize("path", ["/", "/graphql"])
def test_pages_may_run_scripts_of_this_server_only(client, path):
    answer = client.get(path, headers={"accept": "text/html"})
    policy = answer.headers["content-security-policy"]

    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src 'self';" in policy
    assert "default-src 'none'" in policy


def test_nobody_learns_nothing_from_the_graph(client):
    answer = client.post("/graphql", json={"query": "{ viewer { name } }"})

    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_bad_token_is_refused_before_the_query_is_looked_at(client):
    answer = client.post("/graphql", json={"query": "{"}, headers={"authorization": "Bearer x"})

    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "", "evil\\@localhost"]
)
def test_a_request_for_another_host_is_refused(client, host):
    assert client.get("/", headers={"host": host}).status_code == 400


def test_a_socket_for_another_host_is_refused(client):
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/graphql", ["graphql-transport-ws"], headers={"host": "evil.example"}),
    ):
        pass


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        param("https://app.example", "https://app.example", id="listed"),
        param("https://evil.example", None, id="not listed"),
        param("null", None, id="of nowhere"),
        param("https://app.example.evil.example", None, id="begins like a listed one"),
    ],
)
def test_only_listed_origins_may_read_answers_and_never_with_cookies(in_production, origin, allowed):
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
    }
    answer = in_production.options("/graphql", headers={"host": "localhost", **asked})

    assert answer.headers.get("access-control-allow-origin") == allowed
    assert "access-control-allow-credentials" not in answer.headers


def test_a_server_whose_database_is_gone_lives_but_is_not_ready(tmp_path):
    with started(f"sqlite://{tmp_path / 'empty.sqlite3'}") as client:
        assert (client.get("/livez").status_code, client.get("/readyz").status_code) == (200, 503)


def test_measurements_name_no_path_that_a_client_made_up(client):
    client.get("/made/up")
    text = client.get("/metrics").text

    assert "made" not in text
    assert 'casegraph_requests_total{path="other",status="404"} 1' in text


def test_in_production_measurements_are_for_staff(in_production):
    assert in_production.get("/metrics").status_code == 401


def test_secrets_are_made_once_and_only_their_owner_can_read_them(tmp_path):
    path = tmp_path / "new" / "some.secret"
    first, second = secret_files.secret(path), secret_files.secret(path)

    assert (first == second, len(first), path.stat().st_mode & 0o777) == (True, 32, 0o600)
    assert list(path.parent.iterdir()) == [path]
