"""The public keys of the sign-in provider, fetched when needed and kept when it cannot be reached.

A provider publishes its keys as a JSON Web Key Set (RFC 7517) and changes them when it likes. A token with a key id
that we do not have makes us look again, at most once a minute, so that made-up ids cannot turn us against the provider.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import orjson
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from jwt.exceptions import InvalidKeyError

from web.tokens import VerifyingKey

ANSWER_BYTES_MAX: Final = 64 * 1024
KEYS_MAX: Final = 50
FETCH_SECONDS: Final = 5.0
ASK_AGAIN_AFTER: Final = timedelta(minutes=1)
FRESH_FOR: Final = timedelta(minutes=10)
KEPT_FOR: Final = timedelta(hours=24)
RSA_BITS_MIN: Final = 2048

log = logging.getLogger("casegraph.authentication")


class SigningKeys:
    """The provider's keys by their id.

    Older than `FRESH_FOR` they are renewed beside the request that noticed it; while the provider is out of reach they
    serve for `KEPT_FOR`, then nobody can sign in: a key that was withdrawn must not live for ever.
    """

    def __init__(self, url: str, clock: Callable[[], datetime]) -> None:
        self._url = url
        self._clock = clock
        self._keys: Mapping[str, VerifyingKey] = {}
        self._fetched_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._asking = asyncio.Lock()
        self._renewal: asyncio.Task[None] | None = None

    async def find(self, key_id: str) -> VerifyingKey | None:
        """The key of that id, or None if the provider has none such or cannot be asked just now."""
        if key_id not in self._keys or self._older_than(KEPT_FOR):
            await self._ask()
        elif self._older_than(FRESH_FOR) and self._may_ask() and (self._renewal is None or self._renewal.done()):
            self._renewal = asyncio.create_task(self._ask())
        return None if self._older_than(KEPT_FOR) else self._keys.get(key_id)

    async def _ask(self) -> None:
        async with self._asking:  # those who come meanwhile wait for this answer instead of asking themselves
            if not self._may_ask():
                return
            self._asked_at = self._clock()
            try:
                keys = parse(await _fetch(self._url))
            except (httpx.HTTPError, ValueError) as error:
                log.warning("the sign-in provider's keys could not be fetched: %s", type(error).__name__)
                return
            self._keys, self._fetched_at = keys, self._clock()

    def _may_ask(self) -> bool:
        return self._asked_at is None or self._clock() - self._asked_at >= ASK_AGAIN_AFTER

    def _older_than(self, age: timedelta) -> bool:
        return self._fetched_at is None or self._clock() - self._fetched_at >= age


def parse(answer: bytes) -> dict[str, VerifyingKey]:
    """The usable keys of a key set: RSA and P-256 public keys for signatures, with an id.

    Others (symmetric ones above all, RFC 8725 §3.5, and short ones) are left out.

    Raises ValueError if it is no key set.
    """
    document = orjson.loads(answer)
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > KEYS_MAX:
        raise ValueError("no key set")
    usable = ((entry.get("kid"), _verifying_key(entry)) for entry in listed if isinstance(entry, dict))
    return {key_id: key for key_id, key in usable if key and isinstance(key_id, str)}


def _verifying_key(entry: Mapping[str, Any]) -> VerifyingKey | None:
    if entry.get("use", "sig") != "sig":
        return None
    try:
        match entry.get("kty"), entry.get("alg"):
            case "RSA", "RS256" | None:
                key = RSAAlgorithm.from_jwk(dict(entry))
                long_enough = isinstance(key, RSAPublicKey) and key.key_size >= RSA_BITS_MIN
                return VerifyingKey("RS256", key) if long_enough and isinstance(key, RSAPublicKey) else None
            case "EC", "ES256" | None if entry.get("crv") == "P-256":
                curve = ECAlgorithm.from_jwk(dict(entry))
                return VerifyingKey("ES256", curve) if isinstance(curve, EllipticCurvePublicKey) else None
            case _:
                return None
    except (InvalidKeyError, ValueError, TypeError, KeyError):
        return None


async def _fetch(url: str) -> bytes:
    """The answer's body: status 200, no redirects, at most `ANSWER_BYTES_MAX`, within `FETCH_SECONDS` in all."""
    try:
        async with (
            asyncio.timeout(FETCH_SECONDS),
            httpx.AsyncClient(follow_redirects=False, timeout=FETCH_SECONDS) as client,
            client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
        ):
            if answer.status_code != 200:
                raise ValueError(f"status {answer.status_code}")
            body = bytearray()
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > ANSWER_BYTES_MAX:
                    raise ValueError("longer than a key set is")
            return bytes(body)
    except TimeoutError:
        raise ValueError("too slow") from None
