"""Signing in on one's own machine: tokens for the people of the demo data, without a sign-in provider."""

from datetime import datetime

from cases.vocabulary import Role
from models import Person, Tenant
from settings import Settings
from web import secret_files, tokens


class SignInRefused(Exception):
    """No token is made; the message says why."""


async def token_for(settings: Settings, email: str, *, now: datetime, hours: float, tenant: str | None = None) -> str:
    """A development token for an active person; `tenant` (its short name) decides if several know the address.

    Raises SignInRefused outside development, and if it is not clear who is meant.
    """
    _only_in_development(settings)
    people = Person.filter(email=email, active=True).select_related("tenant").limit(2)
    found = await (people.filter(tenant__slug=tenant) if tenant else people)
    if len(found) != 1:
        trouble = "several tenants know" if found else "nobody here has"
        raise SignInRefused(
            f"{trouble.capitalize()} the address {email!r}." + (" Say which --tenant." if found else "")
        )
    return _token(settings, found[0], now=now, hours=hours)


async def sign_ins(settings: Settings, *, now: datetime, hours: float) -> list[tuple[Person, str]]:
    """One active person per role of the oldest tenant and a token for each, the most powerful first.

    Raises SignInRefused outside development.
    """
    _only_in_development(settings)
    tenant = await Tenant.all().order_by("created_at", "id").first()
    people = (
        await Person.filter(tenant=tenant, active=True).order_by("created_at", "id").select_related("tenant").limit(200)
    )
    first_by_role = {person.role: person for person in reversed(people)}
    chosen = [first_by_role[role] for role in Role if role in first_by_role]
    return [(person, _token(settings, person, now=now, hours=hours)) for person in chosen]


def _only_in_development(settings: Settings) -> None:
    if not settings.in_development:
        raise SignInRefused(
            f"Development tokens do not exist in {settings.environment}: sign in with the provider of "
            "CASEGRAPH_TOKEN_ISSUER, or make an API key with `apikey`."
        )


def _token(settings: Settings, person: Person, *, now: datetime, hours: float) -> str:
    return tokens.mint_for_development(
        secret_files.secret(secret_files.DEVELOPMENT_TOKENS),
        email=person.email,
        tenant=person.tenant.slug,
        audience=settings.token_audience,
        now=now,
        hours=hours,
    )
