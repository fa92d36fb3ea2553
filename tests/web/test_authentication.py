"""Who may come in, as whom, and everything that is refused alike."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pytest import param

from cases.vocabulary import Role
from models import Account, ApiKey, Contact, Person, Tenant
from schema.transport.errors import Unauthenticated
from settings import Settings
from tests.web import provider as given
from tests.web.provider import AUDIENCE, EC, ISSUER, NEXT_RSA, NOW, RSA, Provider, claims, published, signed
from web import api_keys, tokens
from web.authentication import Authenticator

SECRET = b"0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def provider():
    with given.running() as running:
        yield running


@pytest.fixture
async def acme(database) -> Tenant:
    """Two tenants. In `acme`: Ada, a manager; Bob, who has left; Carol, a customer's contact."""
    acme = await Tenant.create(name="Acme", slug="acme", created_at=NOW)
    other = await Tenant.create(name="Other", slug="other", created_at=NOW)
    people = [("Ada", "ada@acme.example", Role.MANAGER, True), ("Bob", "bob@acme.example", Role.AGENT, False)]
    for name, email, role, active in people:
        await Person.create(tenant=acme, name=name, email=email, role=role, active=active, created_at=NOW)
    await Person.create(tenant=other, name="Eve", email="eve@other.example", role=Role.ADMIN, created_at=NOW)
    account = await Account.create(tenant=acme, name="Contoso", created_at=NOW)
    await Contact.create(tenant=acme, name="Carol", account=account, created_at=NOW)
    return acme


def authenticator(provider: Provider | None = None, *, now: Callable[[], datetime] = lambda: NOW, **settings: Any):
    trusted: dict[str, Any] = {"token_issuer": ISSUER, "token_jwks_url": provider.url} if provider else {}
    return Authenticator(Settings(**trusted, **settings), now, development_secret=SECRET)


async def refusal(door: Authenticator, credentials: str) -> str:
    with pytest.raises(Unauthenticated) as refused:
        await door.authenticate(credentials)
    return str(refused.value)


async def test_nothing_sent_is_nobody():
    session = await authenticator().authenticate(None)

    assert session.viewer is None


class TestTokens:
    @pytest.mark.parametrize(("key", "algorithm", "key_id"), [param(RSA, "RS256", "rsa"), param(EC, "ES256", "ec")])
    async def test_a_good_token_is_the_person_it_names(self, acme, provider, key, algorithm, key_id):
        session = await authenticator(provider).authenticate(signed(key, algorithm, head={"kid": key_id}))

        assert (session.viewer.name, session.viewer.role) == ("Ada", Role.MANAGER)
        assert (session.viewer.tenant_id, session.expires_at) == (acme.id, NOW + timedelta(hours=1))

    async def test_a_person_may_be_named_by_our_id(self, acme, provider):
        ada = await Person.get(name="Ada")
        session = await authenticator(provider).authenticate(signed(sub=str(ada.id)))

        assert session.viewer.person_id == ada.id

    @pytest.mark.parametrize("subject", ["00u1abcd", "6f1e0d55-0b0c-4d8f-9a57-3f4a5d1c2b3a"])
    async def test_a_providers_own_subject_is_found_by_its_verified_address(self, acme, provider, subject):
        token = signed(sub=subject, email="ada@acme.example", email_verified=True)

        assert (await authenticator(provider).authenticate(token)).viewer.name == "Ada"

    @pytest.mark.parametrize("verified", [False, None, "true", 1])
    async def test_an_address_that_was_not_verified_finds_nobody(self, acme, provider, verified):
        token = signed(sub="00u1abcd", email="ada@acme.example", email_verified=verified)

        assert await refusal(authenticator(provider), token)

    async def test_the_role_is_ours_whatever_the_token_claims(self, acme, provider):
        session = await authenticator(provider).authenticate(signed(role="ADMIN", roles=["ADMIN"]))

        assert session.viewer.role is Role.MANAGER

    async def test_a_contact_is_a_customer(self, acme, provider):
        carol = await Contact.get(name="Carol")
        session = await authenticator(provider).authenticate(signed(contact=str(carol.id)))

        assert (session.viewer.role, session.viewer.contact_id) == (Role.CUSTOMER, carol.id)
        assert (session.viewer.person_id, session.viewer.account_id) == (None, carol.account_id)

    @pytest.mark.parametrize(
        "changes",
        [
            param({"sub": "bob@acme.example"}, id="somebody who has left"),
            param({"sub": "nobody@acme.example"}, id="somebody unknown"),
            param({"sub": "eve@other.example"}, id="somebody of another tenant"),
            param({"tenant": "other"}, id="a tenant they do not belong to"),
            param({"tenant": "nowhere"}, id="an unknown tenant"),
            param({"contact": str(UUID(int=7))}, id="an unknown contact"),
            param({"contact": "Carol"}, id="a contact that is no id"),
        ],
    )
    async def test_a_good_token_that_names_nobody_here_is_refused(self, acme, provider, changes):
        assert await refusal(authenticator(provider), signed(**changes))

    async def test_a_person_who_leaves_is_out_at_once(self, acme, provider):
        door = authenticator(provider)
        await door.authenticate(signed())
        await Person.filter(name="Ada").update(active=False)

        assert await refusal(door, signed())

    async def test_a_remembered_token_ends_when_it_says(self, acme, provider):
        now = NOW
        door = authenticator(provider, now=lambda: now)
        token = signed(exp=(NOW + timedelta(minutes=2)).timestamp())
        await door.authenticate(token)
        now = NOW + timedelta(minutes=2, seconds=30)

        assert await refusal(door, token)

    async def test_clocks_may_differ_by_half_a_minute(self, acme, provider):
        late = signed(exp=(NOW - timedelta(seconds=29)).timestamp())
        early = signed(iat=(NOW + timedelta(seconds=30)).timestamp(), nbf=(NOW + timedelta(seconds=30)).timestamp())
        door = authenticator(provider)

        assert [(await door.authenticate(token)).viewer.name for token in (late, early)] == ["Ada", "Ada"]

    async def test_people_stay_signed_in_through_rotation_and_outage_of_the_provider(self, acme):
        now = NOW
        with given.running() as provider:
            door = authenticator(provider, now=lambda: now)
            await door.authenticate(signed())
            provider.keys = [published(NEXT_RSA, "next")]
            now = NOW + timedelta(minutes=1)
            token = signed(NEXT_RSA, head={"kid": "next"})
            assert (await door.authenticate(token)).viewer.name == "Ada"
        now = NOW + timedelta(minutes=30)

        assert (await door.authenticate(token)).viewer.name == "Ada"


def encoded(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def by_hand(head: Any, body: Any = None, sign: Callable[[bytes], bytes] = lambda _: b"signature") -> str:
    """A token of any head and body, as no library would make it."""
    text = f"{encoded(head)}.{encoded(claims() if body is None else body)}"
    return f"{text}.{encoded(sign(text.encode()))}"


def hmac_with(key: bytes) -> Callable[[bytes], bytes]:
    return lambda text: hmac.new(key, text, sha256).digest()


PUBLIC_PEM = RSA.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
PUBLIC_DER = RSA.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
HS256 = {"alg": "HS256", "typ": "JWT", "kid": "rsa"}
RS256 = {"alg": "RS256", "typ": "JWT", "kid": "rsa"}
STRANGER = {"kid": "rsa", "jwk": published(NEXT_RSA, "rsa")}
HEAD, BODY, SIGNATURE = signed().split(".")
HOUR = timedelta(hours=1)

FORGED = [
    param("", id="empty"),
    param("null", id="a word"),
    param("..", id="dots"),
    param("a.b", id="two parts"),
    param("a.b.c.d.e", id="five parts, encrypted"),
    param("é.é.é", id="not ASCII"),
    param("\udfff.\udfff.\udfff", id="lone surrogates"),
    param("\0.\0.\0", id="NUL"),
    param("x" * 1_000_000, id="a megabyte"),
    param(f"{HEAD}.{BODY}.", id="signature left out"),
    param(f"{HEAD}.{BODY}", id="signature part left out"),
    param(f"{HEAD}.{encoded(claims(sub='eve@other.example', tenant='other'))}.{SIGNATURE}", id="body exchanged"),
    param(f"{HEAD}.{BODY}.{SIGNATURE[:-4]}AAAA", id="signature changed"),
    param(by_hand({"alg": "none"}, sign=lambda _: b""), id="alg none"),
    param(by_hand({"alg": "none", "kid": "rsa"}), id="alg none with a signature"),
    param(by_hand({"alg": "None", "kid": "rsa"}, sign=lambda _: b""), id="alg None"),
    param(by_hand({"alg": "", "kid": "rsa"}), id="alg empty"),
    param(by_hand({"kid": "rsa"}), id="alg missing"),
    param(by_hand({"alg": ["RS256"], "kid": "rsa"}), id="alg a list"),
    param(by_hand(HS256, sign=hmac_with(PUBLIC_PEM)), id="HS256 with our public key as the secret, PEM"),
    param(by_hand(HS256, sign=hmac_with(PUBLIC_DER)), id="HS256 with our public key as the secret, DER"),
    param(by_hand(HS256, sign=hmac_with(b"")), id="HS256 with an empty secret"),
    param(by_hand(HS256, sign=hmac_with(SECRET)), id="HS256 with the development secret and the provider's issuer"),
    param(signed(RSA, "RS512"), id="RS512 of the right key"),
    param(signed(RSA, "PS256"), id="PS256 of the right key"),
    param(signed(EC, "ES256"), id="ES256 under the id of an RSA key"),
    param(signed(RSA, "RS256", head={"kid": "ec"}), id="RS256 under the id of an EC key"),
    param(signed(ec.generate_private_key(ec.SECP256R1()), "ES256", head={"kid": "ec"}), id="a stranger's EC key"),
    param(signed(NEXT_RSA), id="a stranger's RSA key"),
    param(signed(NEXT_RSA, head=STRANGER), id="a stranger's key, brought along as jwk"),
    param(signed(head={"jwk": published(RSA, "rsa")}), id="our own key brought along as jwk"),
    param(signed(NEXT_RSA, head={"jku": "http://127.0.0.1:9/jwks"}), id="jku"),
    param(signed(NEXT_RSA, head={"x5u": "http://127.0.0.1:9/cert"}), id="x5u"),
    param(signed(NEXT_RSA, head={"x5c": ["AAAA"]}), id="x5c"),
    param(by_hand({**RS256, "crit": ["exp"]}), id="crit"),
    param(signed(head={"kid": "../../../../dev/null"}), id="kid leads out of a folder"),
    param(signed(head={"kid": "' OR 1=1 --"}), id="kid is SQL"),
    param(by_hand({"alg": "RS256", "kid": {"$ne": ""}}), id="kid an object"),
    param(by_hand({"alg": "RS256", "kid": 1}), id="kid a number"),
    param(by_hand({"alg": "RS256"}), id="kid missing"),
    param(by_hand(RS256, b"[" * 3000), id="deeply nested body"),
    param(by_hand(RS256, [claims()]), id="body a list"),
    param(by_hand(RS256, b"\xff\xfe"), id="body not UTF-8"),
    param(by_hand([RS256]), id="head a list"),
    param(by_hand(b"{"), id="head cut off"),
    param(signed(aud="another"), id="another audience"),
    param(signed(aud=["another", "third"]), id="other audiences"),
    param(signed(aud=None), id="aud missing"),
    param(signed(iss="https://sign-in.example/"), id="issuer with a slash more"),
    param(signed(iss="https://sign-in.example.evil.example"), id="issuer that begins like ours"),
    param(by_hand(RS256, claims(iss=[ISSUER])), id="issuer a list"),
    param(signed(iss=None), id="iss missing"),
    param(signed(exp=None), id="exp missing"),
    param(signed(iat=None), id="iat missing"),
    param(signed(sub=None), id="sub missing"),
    param(signed(tenant=None), id="tenant missing"),
    param(signed(sub=""), id="sub empty"),
    param(signed(tenant=7), id="tenant a number"),
    param(signed(tenant="x" * 64), id="tenant too long"),
    param(signed(sub="ada@acme.example\0"), id="sub with NUL"),
    param(signed(exp=(NOW - HOUR).timestamp()), id="expired"),
    param(signed(exp=(NOW - timedelta(seconds=30)).timestamp()), id="expired exactly with the leeway"),
    param(signed(exp=True), id="exp true"),
    param(signed(exp="9999999999"), id="exp a text"),
    param(signed(exp=1e300), id="exp beyond all time"),
    param(by_hand(RS256, b'{"exp": NaN}'), id="exp not a number"),
    param(signed(exp=-1), id="exp negative"),
    param(signed(iat=(NOW + timedelta(seconds=31)).timestamp()), id="issued in the future"),
    param(signed(nbf=(NOW + HOUR).timestamp()), id="not yet valid"),
    param(signed(nbf="soon"), id="nbf a text"),
]


@pytest.mark.parametrize("credentials", FORGED)
async def test_forged_tokens_are_all_refused_alike(provider, credentials):
    assert await refusal(authenticator(provider), credentials) == "These credentials are not valid."


async def test_the_token_that_the_forged_ones_vary_is_good(acme, provider):
    assert (await authenticator(provider).authenticate(f"{HEAD}.{BODY}.{SIGNATURE}")).viewer.name == "Ada"


async def test_without_a_provider_no_providers_token_is_accepted():
    assert await refusal(authenticator(), signed())


class TestDevelopmentTokens:
    token = tokens.mint_for_development(
        SECRET, subject="ada@acme.example", tenant="acme", audience=AUDIENCE, now=NOW, hours=12
    )

    @pytest.mark.parametrize("environment", ["development", "test"])
    async def test_they_sign_people_in_outside_production(self, acme, environment):
        session = await authenticator(environment=environment).authenticate(self.token)

        assert (session.viewer.name, session.expires_at) == ("Ada", NOW + timedelta(hours=12))

    async def test_production_does_not_know_them(self, acme, provider):
        assert await refusal(authenticator(provider, environment="production"), self.token)

    async def test_a_provider_cannot_be_given_their_issuer(self, acme, provider):
        door = Authenticator(
            Settings(environment="production", token_issuer="casegraph-development", token_jwks_url=provider.url),
            lambda: NOW,
            development_secret=SECRET,
        )

        assert await refusal(door, self.token)

    async def test_another_machines_secret_does_not_sign_them(self, acme):
        token = jwt.encode(claims(iss="casegraph-development"), b"x" * 32, "HS256")

        assert await refusal(authenticator(), token)


class TestApiKeys:
    async def test_a_key_is_its_tenants_integration(self, acme):
        _, text = await api_keys.mint(acme.id, "warehouse", scopes=["read"], now=NOW)
        session = await authenticator().authenticate(text)

        assert (session.viewer.tenant_id, session.viewer.role) == (acme.id, Role.INTEGRATION)
        assert (session.viewer.name, session.viewer.scopes) == ("warehouse", frozenset({"read"}))

    async def test_a_persons_key_acts_in_that_persons_role(self, acme):
        ada = await Person.get(name="Ada")
        _, text = await api_keys.mint(acme.id, "script", scopes=["*"], now=NOW, person=ada)
        session = await authenticator().authenticate(text)

        assert (session.viewer.role, session.viewer.person_id) == (Role.MANAGER, ada.id)

    async def test_the_key_itself_is_stored_nowhere(self, acme):
        key, text = await api_keys.mint(acme.id, "warehouse", scopes=["read"], now=NOW)
        stored = await ApiKey.get(id=key.id).values()

        assert text.partition(f"cg_{key.prefix}_")[2] not in str(stored)

    @pytest.mark.parametrize(
        "change",
        [
            param({"revoked_at": NOW - HOUR}, id="revoked"),
            param({"expires_at": NOW}, id="expired this instant"),
            param({"hash": "0" * 64}, id="another secret"),
        ],
    )
    async def test_a_key_that_was_taken_away_is_refused(self, acme, change):
        key, text = await api_keys.mint(acme.id, "warehouse", scopes=["read"], now=NOW)
        await ApiKey.filter(id=key.id).update(**change)

        assert await refusal(authenticator(), text) == "These credentials are not valid."

    async def test_the_key_of_somebody_who_has_left_is_refused(self, acme):
        bob = await Person.get(name="Bob")
        _, text = await api_keys.mint(acme.id, "script", scopes=["*"], now=NOW, person=bob)

        assert await refusal(authenticator(), text)

    @pytest.mark.parametrize(
        "text",
        [
            "cg_",
            "cg__",
            "cg_unknown_secret",
            "cg_" + "x" * 10_000,
            "cg_\0_\0",
            "cg_%_%",
            "cg_é_é",
            "cg_' OR 1=1 --_x",
            "cg_" + "x" * 100,
        ],
    )
    async def test_a_key_that_never_was_is_refused_the_same(self, acme, text):
        assert await refusal(authenticator(), text) == "These credentials are not valid."

    async def test_one_character_of_a_key_decides(self, acme):
        _, text = await api_keys.mint(acme.id, "warehouse", scopes=["read"], now=NOW)
        changed = text[:-1] + ("A" if text[-1] != "A" else "B")

        assert await refusal(authenticator(), changed)

    async def test_its_last_use_is_noted_to_ten_minutes(self, acme):
        now = NOW
        door = authenticator(now=lambda: now)
        key, text = await api_keys.mint(acme.id, "warehouse", scopes=["read"], now=NOW)
        noted = []
        for minutes in (0, 9, 10):
            now = NOW + timedelta(minutes=minutes)
            await door.authenticate(text)
            noted.append((await ApiKey.get(id=key.id)).last_used_at)

        assert noted == [NOW, NOW, NOW + timedelta(minutes=10)]

    async def test_a_key_cannot_be_made_for_a_person_of_another_tenant(self, acme):
        eve = await Person.get(name="Eve")

        with pytest.raises(AssertionError):
            await api_keys.mint(acme.id, "script", scopes=["*"], now=NOW, person=eve)
