"""Signing in on one's own machine: tokens for the people of the demo data, without a sign-in provider."""

from dataclasses import dataclass
from datetime import datetime

from cases.vocabulary import Role
from models import Contact, Person, Tenant
from settings import Settings
from web import secret_files, tokens


class SignInRefused(Exception):
    """No token is made; the message says why."""


@dataclass(frozen=True)
class SignIn:
    """Somebody of the demo data, and a token to be them."""

    role: Role
    name: str
    email: str
    token: str


async def token_for(settings: Settings, email: str, *, now: datetime, hours: float, tenant: str | None = None) -> str:
    """A development token for an active person, or a customer's contact; `tenant` decides if several know the address.

    Raises SignInRefused outside development, and if it is not clear who is meant.
    """
    _only_in_development(settings)
    where = {"email": email, **({"tenant__slug": tenant} if tenant else {})}
    people = await Person.filter(**where, active=True).select_related("tenant").limit(2)
    found = people or await Contact.filter(**where).select_related("tenant").limit(2)
    match found:
        case [one]:
            return _sign_in(settings, one, now, hours).token
        case []:
            raise SignInRefused(f"Nobody here has the address {email!r}.")
        case _:
            raise SignInRefused(f"Several have the address {email!r}. Say which --tenant.")


async def sign_ins(settings: Settings, *, now: datetime, hours: float) -> list[SignIn]:
    """One active person per role of the oldest tenant, the most powerful first, and one of its customers.

    Raises SignInRefused outside development.
    """
    _only_in_development(settings)
    tenant = await Tenant.all().order_by("created_at", "id").first()
    people = await Person.filter(tenant=tenant, active=True).order_by("id").select_related("tenant").limit(200)
    customers = (
        await Contact.filter(tenant=tenant, email__isnull=False).order_by("id").select_related("tenant").limit(1)
    )
    by_role = {person.role: person for person in reversed(people)}
    chosen: list[Person | Contact] = [*(by_role[role] for role in Role if role in by_role), *customers]
    return [_sign_in(settings, one, now, hours) for one in chosen]


def _only_in_development(settings: Settings) -> None:
    if not settings.in_development:
        raise SignInRefused(
            f"Development tokens do not exist in {settings.environment}: sign in with the provider of "
            "CASEGRAPH_TOKEN_ISSUER, or make an API key with `apikey`."
        )


def _sign_in(settings: Settings, who: Person | Contact, now: datetime, hours: float) -> SignIn:
    token = tokens.mint_for_development(
        secret_files.secret(secret_files.DEVELOPMENT_TOKENS),
        subject=str(who.id),
        tenant=who.tenant.slug,
        audience=settings.token_audience,
        now=now,
        hours=hours,
        contact=who.id if isinstance(who, Contact) else None,
    )
    return SignIn(who.role if isinstance(who, Person) else Role.CUSTOMER, who.name, who.email or "", token)
