"""What README and docs tell people to paste works: queries answer on the demo data, the rest fits the schema."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
from graphql import DocumentNode, OperationDefinitionNode, build_schema, parse, validate

from cases.viewer import Viewer
from demo.seed import Signins
from models import Person
from tests import given
from tests.seeded import NOW

ROOT: Final = Path(__file__).parents[2]
FENCED: Final = re.compile(r"```graphql\n(.*?)```", re.S)
LINKED: Final = re.compile(r"\]\(([^)#:]+)\)")
PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
WRITTEN: Final = [(page.name, text) for page in PAGES for text in FENCED.findall(page.read_text())]
README: Final = [text for page, text in WRITTEN if page == "README.md"]


def operations(document: DocumentNode) -> list[str]:
    return [one.operation.value for one in document.definitions if isinstance(one, OperationDefinitionNode)]


def is_query(text: str) -> bool:
    return operations(parse(text)) == ["query"]


async def agent(signins: Signins) -> Viewer:
    """The one whose link the README says to follow."""
    person = await Person.get(email=signins.agent)
    return Viewer(person.tenant_id, person.role, person.name, person_id=person.id)


def test_the_tour_has_a_query_for_each_step_a_subscription_and_a_mutation():
    assert sum(map(is_query, README)) >= 6
    assert {of for text in README for of in operations(parse(text))} == {"query", "mutation", "subscription"}


@pytest.mark.parametrize("text", [pytest.param(text, id=f"{page}: {text[:40]}") for page, text in WRITTEN])
def test_every_document_fits_the_schema(text: str):
    assert validate(build_schema((ROOT / "schema.graphql").read_text()), parse(text)) == []


async def test_every_query_of_the_tour_answers_with_something(company: Signins) -> None:
    by = await agent(company)
    first = (await given.answer(README[0], viewer=by, now=NOW))["cases"]["nodes"][0]["parent"]
    known: dict[str, Any] = {"case": first["id"], "merged": [child["id"] for child in first["children"]["nodes"]]}

    for text in filter(is_query, [text for _, text in WRITTEN]):
        needed = {name: known[name] for name in known if f"${name}:" in text}
        data = await given.answer(text, viewer=by, now=NOW, **needed)

        for answer in data.values():
            rows = answer.get("nodes", answer) if isinstance(answer, dict) else answer
            assert rows, text


async def test_the_tour_shows_what_it_says(company: Signins) -> None:
    by = await agent(company)
    plain = [text for text in README if is_query(text) and "$" not in text]
    graph, clocks, contracts, _ = [await given.answer(text, viewer=by, now=NOW) for text in plain]

    family = graph["cases"]["nodes"][0]["parent"]
    assert all(family[name]["nodes"] for name in ("slaKpiInstances", "children", "timeline"))
    assert {"RUNNING", "PAUSED"} <= {line["kind"] for line in clocks["slaKpiInstances"]["nodes"][0]["ledger"]}
    contract = contracts["entitlements"]["nodes"][0]
    assert contract["balances"]
    assert contract["postings"]["nodes"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page: Path):
    for target in LINKED.findall(page.read_text()):
        assert (page.parent / target).exists(), target
