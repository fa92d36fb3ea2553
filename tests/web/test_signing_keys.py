"""The provider's keys: what is taken, when we ask, and what happens while nobody answers."""

from datetime import datetime, timedelta

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pytest import param
from starlette.responses import PlainTextResponse, RedirectResponse

from tests.web import provider as given
from tests.web.provider import NEXT_RSA, NOW, Provider, published
from web.signing_keys import SigningKeys, parse


@pytest.fixture
def provider():
    with given.running() as running:
        yield running


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


async def test_one_question_finds_every_published_key(provider: Provider, clock):
    keys = SigningKeys(provider.url, clock)
    rsa_key, ec_key = await keys.find("rsa"), await keys.find("ec")

    assert rsa_key is not None
    assert ec_key is not None
    assert (rsa_key.algorithm, ec_key.algorithm, provider.asked) == ("RS256", "ES256", 1)


async def test_a_new_key_is_found_when_the_provider_rotates(provider: Provider, clock):
    keys = SigningKeys(provider.url, clock)
    await keys.find("rsa")
    provider.keys = [published(NEXT_RSA, "next")]
    clock.now += timedelta(minutes=1)

    assert await keys.find("next") is not None
    assert await keys.find("rsa") is None


async def test_made_up_key_ids_do_not_make_us_ask_more_than_once_a_minute(provider: Provider, clock):
    keys = SigningKeys(provider.url, clock)
    for number in range(100):
        assert await keys.find(f"made up {number}") is None

    assert provider.asked == 1


async def test_known_keys_serve_while_the_provider_is_out_of_order(provider: Provider, clock):
    keys = SigningKeys(provider.url, clock)
    await keys.find("rsa")
    provider.answer = PlainTextResponse("down", 503)
    clock.now += timedelta(hours=2)

    assert await keys.find("unknown") is None
    assert await keys.find("rsa") is not None


async def test_keys_that_could_not_be_renewed_for_a_day_serve_no_longer(provider: Provider, clock):
    keys = SigningKeys(provider.url, clock)
    await keys.find("rsa")
    provider.answer = PlainTextResponse("down", 503)
    clock.now += timedelta(hours=24)

    assert await keys.find("rsa") is None


async def test_a_withdrawn_key_is_forgotten_after_the_next_renewal(provider: Provider, clock):
    keys = SigningKeys(provider.url, clock)
    await keys.find("rsa")
    provider.keys = [published(NEXT_RSA, "next")]
    clock.now += timedelta(minutes=10)
    await keys.find("rsa")  # still served, and renewed beside
    assert keys._renewal is not None
    await keys._renewal

    assert await keys.find("rsa") is None


@pytest.mark.parametrize(
    "answer",
    [
        param(PlainTextResponse("x" * 70_000), id="too long"),
        param(PlainTextResponse("not json"), id="not JSON"),
        param(PlainTextResponse("[]"), id="a list"),
        param(PlainTextResponse('{"keys": 1}'), id="keys is no list"),
        param(PlainTextResponse(orjson.dumps({"keys": [{}] * 51})), id="too many keys"),
        param(RedirectResponse("/moved"), id="a redirect"),
    ],
)
async def test_an_answer_that_is_no_key_set_gives_no_key(provider: Provider, clock, answer):
    provider.answer = answer

    assert await SigningKeys(provider.url, clock).find("rsa") is None


async def test_a_provider_that_does_not_answer_gives_no_key(clock):
    assert await SigningKeys("http://127.0.0.1:9/jwks", clock).find("rsa") is None


@pytest.mark.parametrize(
    "key",
    [
        param({"kty": "oct", "k": "c2VjcmV0", "kid": "bad", "alg": "HS256"}, id="symmetric"),
        param(published(rsa.generate_private_key(public_exponent=65537, key_size=1024), "bad"), id="1024 bits"),
        param(published(ec.generate_private_key(ec.SECP384R1()), "bad"), id="another curve"),
        param(published(NEXT_RSA, "bad", use="enc"), id="for encryption"),
        param(published(NEXT_RSA, "bad", alg="PS256"), id="another algorithm"),
        param(published(NEXT_RSA, 7), id="an id that is no text"),
        param({"kty": "RSA", "kid": "bad", "n": "!", "e": "AQAB"}, id="not a number"),
        param({"kty": "RSA", "kid": "bad"}, id="no number"),
        param(["bad"], id="no object"),
    ],
)
def test_a_key_that_is_not_for_our_algorithms_is_left_out(key):
    good = published(given.RSA, "good")

    assert list(parse(orjson.dumps({"keys": [key, good]}))) == ["good"]
