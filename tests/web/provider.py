"""A sign-in provider on this machine: publishes keys over real HTTP and signs what a test asks for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import orjson
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ISSUER = "https://sign-in.example"
AUDIENCE = "casegraph"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
NEXT_RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())


def published(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, key_id: object, **more: Any) -> dict[str, Any]:
    if isinstance(key, rsa.RSAPrivateKey):
        public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "kid": key_id, "use": "sig", **more}


def claims(**changes: Any) -> dict[str, Any]:
    """A good statement about Ada of the tenant `acme`; a change to None leaves the claim out."""
    good = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ada@acme.example",
        "tenant": "acme",
        "iat": NOW.timestamp(),
        "exp": (NOW + timedelta(hours=1)).timestamp(),
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(key: Any = RSA, algorithm: str = "RS256", *, head: dict[str, Any] | None = None, **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": "rsa", **(head or {})})


class Provider:
    """What the provider answers, which a test may change while it runs, and how often it was asked."""

    def __init__(self) -> None:
        self.keys = [published(RSA, "rsa"), published(EC, "ec")]
        self.answer: Response | None = None
        self.asked = 0
        self.url = ""

    async def jwks(self, request: Request) -> Response:
        self.asked += 1
        return self.answer or Response(orjson.dumps({"keys": self.keys}), media_type="application/json")


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    app = Starlette(routes=[Route("/jwks", provider.jwks), Route("/moved", provider.jwks)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none"))
    sock = server.config.bind_socket()
    sock.listen()  # from here on connections wait, even before the thread takes them
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        provider.url = f"http://127.0.0.1:{sock.getsockname()[1]}/jwks"
        yield provider
    finally:
        server.should_exit = True
        thread.join()
        sock.close()
