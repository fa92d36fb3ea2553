"""Which media type an `Accept` gets, what counts as JSON, and which status goes with which answer."""

import pytest

from cases.vocabulary import ErrorCode
from schema.transport.negotiation import GRAPHQL, JSON, accepted, is_json, status


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        pytest.param(None, JSON, id="nothing said"),
        pytest.param("", JSON, id="nothing in it"),
        pytest.param("*/*", JSON, id="anything"),
        pytest.param("application/*", JSON, id="any application"),
        pytest.param(JSON, JSON, id="json"),
        pytest.param(GRAPHQL, GRAPHQL, id="graphql"),
        pytest.param(GRAPHQL.upper(), GRAPHQL, id="case does not matter"),
        pytest.param(f"{GRAPHQL}; charset=utf-8", GRAPHQL, id="other parameters do not matter"),
        pytest.param(f"{GRAPHQL}, {JSON}", JSON, id="equals: our order"),
        pytest.param(f"{JSON};q=0.9, {GRAPHQL}", GRAPHQL, id="quality decides"),
        pytest.param(f"{GRAPHQL};q=0.5, {JSON};q=0.4", GRAPHQL, id="the better of two"),
        pytest.param(f"{GRAPHQL}, */*;q=0.1", GRAPHQL, id="a wildcard for the rest"),
        pytest.param(f"{GRAPHQL}, */*", GRAPHQL, id="named before let in"),
        pytest.param(f"*/*, {JSON};q=0.1", GRAPHQL, id="the named range rules its type"),
        pytest.param(f"*/*, {JSON};q=0", GRAPHQL, id="anything but"),
        pytest.param(f"text/event-stream, {JSON}", JSON, id="what we do not have is passed over"),
        pytest.param(f"nonsense, {JSON}", JSON, id="nonsense is passed over"),
        pytest.param(f"{JSON};q=2, {GRAPHQL};q=0.1", GRAPHQL, id="an impossible quality is nonsense"),
        pytest.param("text/html", None, id="a page"),
        pytest.param(f"{JSON};q=0", None, id="not that"),
        pytest.param("*/json", None, id="no such range"),
        pytest.param("nonsense", None, id="only nonsense"),
    ],
)
def test_accepted(accept, media_type):
    assert accepted(accept) == media_type


@pytest.mark.parametrize(
    "text", [JSON, "Application/JSON", f"{JSON};charset=utf-8", f'{JSON}; charset="UTF-8"', f"{JSON}; x=y"]
)
def test_this_is_json(text):
    assert is_json(text)


@pytest.mark.parametrize(
    "text",
    [None, "", "text/plain", "text/plain; application/json", f"{JSON}x", f"{JSON}; charset=latin-1", "application/*"],
)
def test_this_is_not_json(text):
    assert not is_json(text)


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        pytest.param([], 200, id="no errors"),
        pytest.param([ErrorCode.BAD_INPUT], 400, id="the client's mistake"),
        pytest.param([ErrorCode.COST_LIMIT], 400, id="too much at once"),
        pytest.param([ErrorCode.UNAUTHENTICATED, ErrorCode.INTERNAL], 401, id="the first error decides"),
        pytest.param([ErrorCode.RATE_LIMITED], 429, id="too much in a while"),
        pytest.param([ErrorCode.TIMEOUT], 503, id="too long"),
        pytest.param([ErrorCode.INTERNAL], 500, id="a bug"),
    ],
)
def test_status_without_data(codes, code):
    assert status(GRAPHQL, has_data=False, codes=codes) == code


@pytest.mark.parametrize("code", ErrorCode)
def test_an_answer_with_data_or_in_plain_json_is_a_success(code):
    assert status(GRAPHQL, has_data=True, codes=[code]) == 200
    assert status(JSON, has_data=False, codes=[code]) == 200
