"""The console is served whole from this machine, and the server does without it."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from web.console_files import PAGES, Console
from web.response_headers import ResponseHeaders


def client_of(built):
    app = Starlette(routes=Console(built).routes(), middleware=[Middleware(ResponseHeaders)])
    return TestClient(app, headers={"accept-encoding": "identity"})


@pytest.fixture
def built(tmp_path):
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text('<script type="module" src="/assets/index-1a.js"></script>')
    (folder / "secret.txt").write_text("not for anybody")
    for suffix in ("", ".gz", ".br"):
        (folder / "assets" / f"index-1a.js{suffix}").write_text(f"as{suffix}")
    return folder


@pytest.fixture
def client(built):
    return client_of(built)


@pytest.mark.parametrize("path", [*PAGES, "/cases/CAS-000123", "/queues/a/b"])
def test_every_address_of_the_console_answers_with_its_page_which_is_not_kept(client, path):
    answer = client.get(path)

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert "/assets/index-1a.js" in answer.text
    assert "script-src 'self';" in answer.headers["content-security-policy"]


def test_other_addresses_are_not_the_consoles(client):
    assert [client.get(path).status_code for path in ("/other", "/case", "/index.html")] == [404, 404, 404]


def test_files_named_by_their_content_may_be_kept_forever(client):
    answer = client.get("/assets/index-1a.js")

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br", "br"), ("gzip;q=0.9", "gzip"), ("zstd", None), ("identity", None)]
)
def test_they_come_compressed_as_the_client_likes(client, accepted, encoding):
    with client.stream("GET", "/assets/index-1a.js", headers={"accept-encoding": accepted}) as answer:
        sent = b"".join(answer.iter_raw())

    assert answer.headers.get("content-encoding") == encoding
    assert sent.decode() == {"br": "as.br", "gzip": "as.gz", None: "as"}[encoding]


@pytest.mark.parametrize(
    "name", ["index-1a.js.br", "..%2fsecret.txt", "%2e%2e/secret.txt", "..%5csecret.txt", "", "missing.js"]
)
def test_no_other_file_can_be_asked_for(client, name):
    assert client.get(f"/assets/{name}").status_code == 404


def test_without_a_build_the_first_page_says_how_to_make_one(tmp_path):
    client = client_of(tmp_path / "missing")

    assert "make console" in client.get("/").text
    assert [client.get(path).status_code for path in ("/cases", "/assets/index.js")] == [404, 404]
