"""Rules: what may be said of a case."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

import pytest

from cases import rules
from cases.refusals import BadInput, Several
from cases.vocabulary import ProductKind, ProductState
from tests.given import at

NOON = at("12:00")
ACME, GLOBEX = UUID(int=1), UUID(int=2)


class Product(NamedTuple):
    kind: ProductKind = ProductKind.PRODUCT
    state: ProductState = ProductState.ACTIVE


class Contact(NamedTuple):
    account_id: UUID | None


def paths(problems) -> list[tuple[str | int, ...]]:
    return [tuple(problem.path) for problem in problems]


@pytest.mark.parametrize(
    "problems",
    [
        pytest.param(rules.title("x"), id="one character is a title"),
        pytest.param(rules.title("x" * 128), id="a title of 128 characters"),
        pytest.param(rules.title(" " + "x" * 128 + "\n"), id="white space around a title does not count"),
        pytest.param(rules.title("🖨" * 128), id="characters count, not bytes"),
        pytest.param(rules.description(""), id="no description is needed"),
        pytest.param(rules.description("x" * 20_000), id="a description of 20,000 characters"),
        pytest.param(rules.description("one\n\ttwo\r\n"), id="lines and tabs"),
        pytest.param(rules.comment("x" * 20_000), id="a comment of 20,000 characters"),
        pytest.param(rules.comment("👍"), id="a picture is a comment"),
        pytest.param(rules.external_id(None), id="no other system knows the case"),
        pytest.param(rules.external_id("INC-1"), id="another system's name"),
        pytest.param(rules.resolution("Done", "", 0, 0), id="resolved in no time"),
        pytest.param(rules.resolution("Done", "x" * 100_000, 5, 15), id="more may be billed than was worked"),
        pytest.param(rules.deadline(None, now=NOON), id="no deadline"),
        pytest.param(rules.deadline(NOON, now=NOON), id="a deadline at this instant"),
        pytest.param(rules.satisfaction(None), id="not asked"),
        pytest.param(rules.satisfaction(1), id="the worst grade"),
        pytest.param(rules.satisfaction(5), id="the best grade"),
        pytest.param(rules.product(None), id="about no product"),
        pytest.param(rules.product(Product()), id="about a product"),
        pytest.param(rules.product(Product(kind=ProductKind.BUNDLE)), id="about a bundle"),
        pytest.param(rules.product(Product(state=ProductState.RETIRED)), id="about a retired product"),
        pytest.param(rules.customer(ACME, None), id="a company"),
        pytest.param(rules.customer(None, Contact(None)), id="a person"),
        pytest.param(rules.customer(ACME, Contact(ACME)), id="a person of the company"),
    ],
)
def test_no_problem(problems):
    assert list(problems) == []


@pytest.mark.parametrize(
    ("problems", "path"),
    [
        pytest.param(rules.title(""), ("title",), id="no title"),
        pytest.param(rules.title(" \t\n"), ("title",), id="a title of white space"),
        pytest.param(rules.title("\u200b\u2060"), ("title",), id="a title that nobody sees"),
        pytest.param(rules.title("x" * 129), ("title",), id="a title of 129 characters"),
        pytest.param(rules.title("x\0"), ("title",), id="NUL in a title"),
        pytest.param(rules.description("x" * 20_001), ("description",), id="a description of 20,001 characters"),
        pytest.param(rules.description("\ud83d"), ("description",), id="half of a pair"),
        pytest.param(rules.description("\udfff"), ("description",), id="the other half"),
        pytest.param(rules.comment(""), ("body",), id="an empty comment"),
        pytest.param(rules.comment(" \n "), ("body",), id="a comment of white space"),
        pytest.param(rules.comment("x" * 20_001), ("body",), id="a comment of 20,001 characters"),
        pytest.param(rules.external_id(""), ("external_id",), id="a name that is none"),
        pytest.param(rules.external_id("x" * 101), ("external_id",), id="a name of 101 characters"),
        pytest.param(rules.resolution("", "", 0, 0), ("summary",), id="resolved by nothing"),
        pytest.param(rules.resolution("x" * 201, "", 0, 0), ("summary",), id="a summary of 201 characters"),
        pytest.param(rules.resolution("Done", "x" * 100_001, 0, 0), ("remarks",), id="remarks of 100,001 characters"),
        pytest.param(rules.resolution("Done", "", -1, 0), ("total_minutes",), id="negative work"),
        pytest.param(rules.resolution("Done", "", 0, 2**31), ("billable_minutes",), id="more than a column holds"),
        pytest.param(rules.deadline(NOON - timedelta(microseconds=1), now=NOON), ("deadline",), id="a moment too late"),
        pytest.param(rules.satisfaction(0), ("satisfaction",), id="no such bad grade"),
        pytest.param(rules.satisfaction(6), ("satisfaction",), id="no such good grade"),
        pytest.param(rules.product(Product(kind=ProductKind.FAMILY)), ("product",), id="a family"),
        pytest.param(rules.product(Product(state=ProductState.DRAFT)), ("product",), id="a draft"),
        pytest.param(rules.customer(None, None), (), id="nobody's case"),
        pytest.param(rules.customer(ACME, Contact(GLOBEX)), ("contact",), id="a person of another company"),
        pytest.param(rules.customer(ACME, Contact(None)), ("contact",), id="a person of no company"),
    ],
)
def test_a_problem(problems, path):
    assert paths(problems) == [path]


def test_a_problem_may_be_found_deeper_in_the_input():
    assert paths(rules.title("", ("cases", 3, "title"))) == [("cases", 3, "title")]


def test_no_problem_is_not_refused():
    rules.refuse(rules.title("Printer on fire"), rules.description(""))


def test_one_problem_is_refused_as_what_it_is():
    with pytest.raises(BadInput) as refusal:
        rules.refuse(rules.title(""), rules.description(""))

    assert refusal.value.path == ("title",)


def test_all_problems_are_refused_together():
    with pytest.raises(Several) as refusal:
        rules.refuse(rules.title(""), rules.deadline(at("11:59"), now=NOON), rules.product(Product(ProductKind.FAMILY)))

    assert paths(refusal.value.problems) == [("title",), ("deadline",), ("product",)]
