"""Signing in on one's own machine: tokens for the people of the demo data, without a sign-in provider."""

from datetime import datetime

from cases.vocabulary import Role
from models import Person
from settings import Settings
from web import secret_files, tokens


class SignInRefused(Exception):
    """No token is made; the message says why."""


async def token_for(settings: Settings, email: str, *, now: datetime, hours: float, tenant: str | None = None) -> str:
    """A development token for an active person; `tenant` (its short name) decides if several know the address.

    Raises SignInRefused outside development, and if it is not clear who is meant.
    """
    if not settings.in_development:
        raise SignInRefused(
            f"Development tokens do not exist in {settings.environment}: sign in with the provider of "
            "CASEGRAPH_TOKEN_ISSUER, or make an API key with `apikey`."
        )
    people = Person.filter(email=email, active=True).select_related("tenant").limit(2)
    found = await (people.filter(tenant__slug=tenant) if tenant else people)
    if len(found) != 1:
        trouble = "several tenants know" if found else "nobody here has"
        raise SignInRefused(
            f"{trouble.capitalize()} the address {email!r}." + (" Say which --tenant." if found else "")
        )
    return tokens.mint_for_development(
        secret_files.secret(secret_files.DEVELOPMENT_TOKENS),
        email=email,
        tenant=found[0].tenant.slug,
        audience=settings.token_audience,
        now=now,
        hours=hours,
    )


async def demo_sign_ins() -> list[Person]:
    """One active person per role of the oldest tenant, the most powerful first; none if there are no people yet."""
    people = await Person.filter(active=True).order_by("tenant__created_at", "created_at", "id").limit(200)
    first_by_role = {person.role: person for person in reversed(people) if person.tenant_id == people[0].tenant_id}
    return [first_by_role[role] for role in Role if role in first_by_role]
