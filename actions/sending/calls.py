"""Calls: JSON by HTTP to addresses that tenants gave, signed, and to nowhere inside.

Signatures are those of Standard Webhooks: HMAC-SHA256 over id, time and body. The host is looked up once per attempt;
what was looked up is checked, and connected to: a name that changes its mind in between leads nowhere. Redirects are
not followed, proxies not asked, and of the answer nothing is read but its status.
"""

import asyncio
import hmac
import socket
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final

import httpx

from actions.sending.parcels import NotSent, Parcel, Send
from cases.addresses import Refusable, connectable, place_of

TIMEOUT_SECONDS: Final = 10.0
SECRET_PREFIX: Final = "whsec_"
ABOUT_THE_PARCEL: Final = frozenset({400, 410, 413, 422})
"""Answers that say nothing of what becomes of anything else sent there."""
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


async def looked_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as this machine knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def signature(secret: str, id: str, timestamp: str, body: bytes) -> str:
    """What `webhook-signature` says."""
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = hmac.digest(key, b".".join((id.encode(), timestamp.encode(), body)), "sha256")
    return f"v1,{b64encode(signed).decode()}"


def calls(*, private: bool, resolve: Resolve = looked_up) -> Send:
    """Sends JSON by HTTP. `private` is whether this installation lets parcels that ask for it go to its own network."""

    async def send(parcel: Parcel, now: datetime) -> None:
        inside = private and parcel.private
        body, id, timestamp = parcel.body.encode(), str(parcel.id), str(int(now.timestamp()))
        try:
            place = place_of(parcel.to, private=inside)
            async with asyncio.timeout(TIMEOUT_SECONDS):
                address = connectable(await resolve(place.host, place.port), private=inside)
                headers = {
                    "host": place.authority,
                    "content-type": "application/json",
                    "user-agent": "casegraph",
                    "webhook-id": id,
                    "webhook-timestamp": timestamp,
                    "webhook-signature": signature(parcel.secret, id, timestamp, body),
                }
                status = await _status(place.at(address), place.host, body, headers)
        except Refusable as refused:
            raise NotSent(str(refused), finally_=True) from refused
        except (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError) as trouble:
            raise NotSent(f"HTTP: {type(trouble).__name__}", is_receivers=True) from trouble
        if not 200 <= status < 300:
            gone = status == httpx.codes.GONE
            raise NotSent(f"HTTP {status}", finally_=gone, is_receivers=status not in ABOUT_THE_PARCEL)

    return send


async def _status(url: str, host: str, body: bytes, headers: dict[str, str]) -> int:
    client = httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=TIMEOUT_SECONDS)
    async with (
        client,
        # the certificate has to be the host's, whichever of its addresses is called
        client.stream("POST", url, content=body, headers=headers, extensions={"sni_hostname": host}) as answer,
    ):
        return answer.status_code
