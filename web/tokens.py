"""Bearer tokens: what a signed statement must look like before anybody is looked up.

Nothing here touches a table or the network; the instant comes in. The signature and the audience are checked by PyJWT,
the times here, because the library would read the clock itself. Rules: RFC 7519 (claims), RFC 8725 (best practices:
one algorithm per key, no keys out of the token, issuer and audience exact).
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

LEEWAY: Final = timedelta(seconds=30)
TOKEN_BYTES_MAX: Final = 8 * 1024
DEVELOPMENT_ISSUER: Final = "casegraph-development"
DEVELOPMENT_ALGORITHM: Final = "HS256"

_FOREIGN_KEYS = frozenset({"jku", "jwk", "x5u", "x5c", "crit"})
_LAST_SECOND = datetime(9999, 1, 1, tzinfo=UTC).timestamp()


class BadToken(Exception):
    """The token proves nothing. The reason is for our log; the client is never told it."""


@dataclass(frozen=True)
class Header:
    """What a token says of itself before anything is proven; only good for choosing one of our own keys."""

    algorithm: str
    key_id: str | None
    issuer: str


@dataclass(frozen=True)
class VerifyingKey:
    """A key and the one algorithm it is for: a token cannot choose another (RFC 8725 §3.1)."""

    algorithm: str
    key: RSAPublicKey | EllipticCurvePublicKey | bytes


@dataclass(frozen=True)
class Claims:
    """What a verified token states."""

    subject: str
    tenant: str
    expires_at: datetime
    verified_email: str | None = None
    contact: str | None = None


def header(token: str) -> Header:
    """The unproven head of a token.

    Raises BadToken if it is no token, too long, or brings keys or critical extensions of its own.
    """
    if len(token) > TOKEN_BYTES_MAX or not token.isascii():
        raise BadToken("too long, or not ASCII")
    try:
        head = jwt.get_unverified_header(token)
        body = json.loads(_decoded(token.split(".")[1]))
    except (jwt.InvalidTokenError, ValueError, RecursionError, IndexError) as error:
        raise BadToken("malformed") from error
    if not isinstance(body, dict) or _FOREIGN_KEYS & head.keys():
        raise BadToken("brings keys of its own, or is no object")
    algorithm, key_id, issuer = head.get("alg"), head.get("kid"), body.get("iss")
    if not isinstance(algorithm, str) or not isinstance(issuer, str) or not isinstance(key_id, str | None):
        raise BadToken("malformed head")
    return Header(algorithm, key_id, issuer)


def verify(token: str, key: VerifyingKey, *, issuer: str, audience: str, now: datetime) -> Claims:
    """What the token states, if it is signed by `key`, for us, and valid at `now`.

    Raises BadToken. Times may be off by `LEEWAY` in either direction.
    """
    try:
        claims = jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm],
            issuer=issuer,
            audience=audience,
            options={
                "require": ["exp", "iat", "aud", "iss", "sub"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except (jwt.InvalidTokenError, jwt.InvalidKeyError, ValueError, TypeError, RecursionError) as error:
        raise BadToken(type(error).__name__) from error
    expires_at = _instant(claims, "exp")
    if now >= expires_at + LEEWAY:
        raise BadToken("expired")
    if _instant(claims, "iat") > now + LEEWAY or ("nbf" in claims and _instant(claims, "nbf") > now + LEEWAY):
        raise BadToken("not valid yet")
    email = _text(claims, "email") if claims.get("email_verified") is True else None
    subject, tenant = _text(claims, "sub"), _text(claims, "tenant", longest=63)
    if not subject or not tenant:
        raise BadToken("names nobody, or no tenant")
    return Claims(subject, tenant, expires_at, email, _text(claims, "contact"))


def mint_for_development(
    secret: bytes,
    *,
    subject: str,
    tenant: str,
    audience: str,
    now: datetime,
    hours: float,
    contact: UUID | None = None,
) -> str:
    """A token for somebody of the demo data, a customer if there is a `contact`. Production does not accept it."""
    claims = {
        "iss": DEVELOPMENT_ISSUER,
        "aud": audience,
        "sub": subject,
        "tenant": tenant,
        "iat": now,
        "exp": now + timedelta(hours=hours),
    }
    if contact is not None:
        claims["contact"] = str(contact)
    return jwt.encode(claims, secret, algorithm=DEVELOPMENT_ALGORITHM)


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _instant(claims: Mapping[str, Any], name: str) -> datetime:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LAST_SECOND:
        raise BadToken(f"{name} is no time")
    return datetime.fromtimestamp(value, UTC)


def _text(claims: Mapping[str, Any], name: str, *, longest: int = 254) -> str | None:
    value = claims.get(name)
    if value is not None and (not isinstance(value, str) or len(value) > longest or not value.isprintable()):
        raise BadToken(f"{name} is no short text")  # not printable: NUL, which PostgreSQL refuses, and lone surrogates
    return value
