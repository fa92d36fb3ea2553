"""Who is calling: from what a client sends to a `Session`, once, the same for HTTP and WebSocket.

Three kinds of credentials: tokens of the sign-in provider, API keys of machines, and development tokens, which exist
outside production only. All of them end at a row of ours: role, tenant and whether they may still come in are read
there, never believed from a token. Whatever is wrong, the answer is the same.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from cases.conditions import All, Compare, Condition, Op, Related
from cases.viewer import Viewer
from cases.vocabulary import Role
from models import Contact, Person
from models.reading import first
from schema.transport.errors import Unauthenticated
from schema.transport.session import Session
from settings import Settings
from web import api_keys, tokens
from web.signing_keys import SigningKeys
from web.tokens import BadToken, Claims, VerifyingKey

REFUSAL: Final = "These credentials are not valid."
ALGORITHMS: Final = frozenset({"RS256", "ES256"})
REMEMBERED_MAX: Final = 10_000
REMEMBERED_FOR: Final = timedelta(minutes=5)

log = logging.getLogger("casegraph.authentication")


class Authenticator:
    """Turns credentials into sessions. `clock` gives the present instant, aware."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime], *, development_secret: bytes | None) -> None:
        self._settings = settings
        self._clock = clock
        self._development_secret = development_secret if settings.in_development else None
        self._keys = SigningKeys(settings.token_jwks_url, clock) if settings.token_jwks_url else None
        self._verified = _Remembered()

    async def authenticate(self, credentials: str | None) -> Session:
        """The session of a token or an API key; nobody's session if nothing was sent.

        Raises Unauthenticated for anything that was sent and is not good, without saying why.
        """
        if credentials is None:
            return Session()
        if credentials.startswith(api_keys.START):
            return await self._by_api_key(credentials)
        return await self._by_token(credentials)

    async def _by_api_key(self, text: str) -> Session:
        now = self._clock()
        key = await api_keys.find(text, now)
        if key is None:
            raise Unauthenticated(REFUSAL)
        await api_keys.note_use(key, now)
        viewer = Viewer(
            tenant_id=key.tenant_id,
            role=key.person.role if key.person else key.role,
            name=key.name,
            person_id=key.person_id,
            key_id=key.id,
            scopes=frozenset(key.scopes),
        )
        return Session(viewer, key.expires_at)

    async def _by_token(self, token: str) -> Session:
        try:
            claims = await self._claims(token)
        except BadToken as error:
            log.info("a token was refused: %s", error)
            raise Unauthenticated(REFUSAL) from None
        viewer = await _customer(claims) if claims.contact else await _member_of_staff(claims)
        if viewer is None:
            log.info("a good token names nobody who may come in")
            raise Unauthenticated(REFUSAL)
        return Session(viewer, claims.expires_at)

    async def _claims(self, token: str) -> Claims:
        now = self._clock()
        digest = sha256(token.encode(errors="surrogatepass")).digest()
        if known := self._verified.find(digest, now):
            return known
        head = tokens.header(token)
        key = await self._key_for(head)
        claims = tokens.verify(token, key, issuer=head.issuer, audience=self._settings.token_audience, now=now)
        self._verified.add(digest, claims, min(claims.expires_at, now + REMEMBERED_FOR))
        return claims

    async def _key_for(self, head: tokens.Header) -> VerifyingKey:
        """The one key of ours that this token may be signed with. Raises BadToken if there is none."""
        if head.issuer == tokens.DEVELOPMENT_ISSUER:
            if self._development_secret is None or head.algorithm != tokens.DEVELOPMENT_ALGORITHM:
                raise BadToken("development token")
            return VerifyingKey(tokens.DEVELOPMENT_ALGORITHM, self._development_secret)
        if self._keys is None or head.issuer != self._settings.token_issuer or head.algorithm not in ALGORITHMS:
            raise BadToken("unknown issuer or algorithm")
        key = await self._keys.find(head.key_id) if head.key_id else None
        if key is None:
            raise BadToken("unknown key")
        return key


class _Remembered:
    """Tokens verified lately, by hash: a signature costs 0.1 ms to check, a look-up nothing.

    Short-lived, so that a key which the provider has withdrawn stops working soon.
    """

    def __init__(self) -> None:
        self._claims: OrderedDict[bytes, tuple[Claims, datetime]] = OrderedDict()

    def find(self, digest: bytes, now: datetime) -> Claims | None:
        claims, until = self._claims.get(digest, (None, now))
        if claims is None or now >= until:
            self._claims.pop(digest, None)
            return None
        self._claims.move_to_end(digest)
        return claims

    def add(self, digest: bytes, claims: Claims, until: datetime) -> None:
        self._claims[digest] = (claims, until)
        if len(self._claims) > REMEMBERED_MAX:
            self._claims.popitem(last=False)


async def _member_of_staff(claims: Claims) -> Viewer | None:
    """The active person whom the token names: by our id, else by e-mail address."""
    people = All((_of(claims), Compare("active", Op.EQ, True)))
    identity = _uuid(claims.subject)
    person = await first(Person, All((people, Compare("id", Op.EQ, identity)))) if identity else None
    email = claims.subject if "@" in claims.subject else claims.verified_email
    if person is None and email:
        person = await first(Person, All((people, Compare("email", Op.EQ, email))))
    if person is None:
        return None
    return Viewer(tenant_id=person.tenant_id, role=person.role, name=person.name, person_id=person.id)


async def _customer(claims: Claims) -> Viewer | None:
    identity = _uuid(claims.contact or "")
    contact = await first(Contact, All((_of(claims), Compare("id", Op.EQ, identity)))) if identity else None
    if contact is None:
        return None
    return Viewer(
        tenant_id=contact.tenant_id,
        role=Role.CUSTOMER,
        name=contact.name,
        contact_id=contact.id,
        account_id=contact.account_id,
    )


def _of(claims: Claims) -> Condition:
    """The rows of the tenant that the token is for."""
    return Related("tenant", Compare("slug", Op.EQ, claims.tenant))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
