"""The page for trying the API: whole, from this machine, and with a first query that works."""

import re

import pytest
from graphql import parse, validate
from starlette.applications import Starlette
from starlette.testclient import TestClient

from schema.graph import build_schema
from web import graphiql

START = (graphiql.FOLDER / "start.js").read_text("utf-8")


@pytest.fixture
def client():
    with TestClient(Starlette(routes=graphiql.routes())) as client:
        yield client


def test_the_page_asks_for_nothing_but_its_own_files(client):
    asked = re.findall(r'(?:src|href)="([^"]+)"', graphiql.page())
    own = [address for address in asked if address != "data:,"]

    assert own
    assert [client.get(address).status_code for address in own] == [200] * len(own)


def test_every_file_that_can_be_asked_for_is_there_after_set_up(client):
    missing = [name for name in graphiql.FILES if client.get(f"/graphql/assets/{name}").status_code != 200]

    assert missing == [], "run `make ide`"


@pytest.mark.parametrize(
    "name", ["page.html", "package.json", "..%2fgraphiql.py", "%2e%2e/graphiql.py", "node_modules"]
)
def test_no_other_file_can_be_asked_for(client, name):
    assert client.get(f"/graphql/assets/{name}").status_code == 404


def test_nothing_on_the_page_runs_inline():
    html = (graphiql.FOLDER / "page.html").read_text("utf-8")

    assert re.findall(r"<script(?![^>]*\bsrc=)|\son\w+=|javascript:", html) == []


def test_without_its_libraries_the_page_says_how_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setitem(graphiql.FILES, "react.js", tmp_path / "missing.js")

    assert "make ide" in graphiql.page()


def test_the_token_is_read_from_the_fragment_and_taken_out_of_the_address():
    assert 'new URLSearchParams(location.hash.slice(1)).get("token")' in START
    assert "location.search.slice" not in START
    assert "history.replaceState" in START


def test_the_query_that_the_page_opens_with_fits_the_schema():
    query = re.search(r"FIRST_QUERY = `(.*?)`;", START, re.DOTALL)

    assert query is not None
    assert validate(build_schema()._schema, parse(query[1])) == []
