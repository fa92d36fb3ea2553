"""Who works there, and for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from cases.vocabulary import Role
from demo import names
from models import Account, Contact, Membership, Person, Team

DOMAIN: Final = "quellmark.example"
TEAMS: Final = (
    "First Line",
    "Coffee Technicians",
    "Water Technicians",
    "Orders and Returns",
    "Billing",
    "Digital Support",
)
ADMINS: Final = 2
AGENTS_PER_TEAM: Final = (6, 5, 4, 3, 3, 2)
ACCOUNTS: Final = 200
PRIVATE_CONTACTS: Final = 40


@dataclass(frozen=True)
class Staff:
    """The teams in the order of `TEAMS`, with the people of each, its manager first."""

    teams: Mapping[str, Team]
    people_by_team: Mapping[str, Sequence[Person]]
    admins: Sequence[Person]


@dataclass(frozen=True)
class Customer:
    """Who may ask: a contact, of an account or on their own."""

    account_id: UUID | None
    contact: Contact


async def write_staff(tenant_id: UUID, at: datetime, rng: Random) -> Staff:
    """Writes staff and teams: two administrators, a manager for each team, agents, and one agent who has left."""
    full_names = names.people(rng)
    hired = (at + timedelta(minutes=minute) for minute in range(1000))

    def person(role: Role, *, active: bool = True) -> Person:
        name = next(full_names)
        email = names.address(name, DOMAIN)
        return Person(tenant_id=tenant_id, created_at=next(hired), name=name, email=email, role=role, active=active)

    admins = [person(Role.ADMIN) for _ in range(ADMINS)]
    teams = {name: Team(tenant_id=tenant_id, created_at=at, name=name) for name in TEAMS}
    people_by_team = {
        name: [person(Role.MANAGER), *(person(Role.AGENT) for _ in range(agents))]
        for name, agents in zip(TEAMS, AGENTS_PER_TEAM, strict=True)
    }
    left = person(Role.AGENT, active=False)
    memberships = [
        Membership(tenant_id=tenant_id, created_at=at, team_id=teams[name].id, person_id=member.id)
        for name, people in people_by_team.items()
        for member in people
    ]
    # Everybody begins on the phones: the second agent of each team helps out in the first line.
    memberships += [
        Membership(tenant_id=tenant_id, created_at=at, team_id=teams[TEAMS[0]].id, person_id=people_by_team[name][1].id)
        for name in TEAMS[1:]
    ]
    await Person.bulk_create([*admins, *(one for people in people_by_team.values() for one in people), left])
    await Team.bulk_create(list(teams.values()))
    await Membership.bulk_create(memberships)
    return Staff(teams, people_by_team, admins)


async def write_customers(tenant_id: UUID, at: datetime, rng: Random) -> list[Customer]:
    """Writes accounts with one to four contacts each, and people who are customers on their own."""
    full_names, companies = names.people(rng), names.companies(rng)
    accounts, contacts = [], []
    for serial in range(1, ACCOUNTS + 1):
        name = next(companies)
        mail = names.domain(name)
        accounts.append(
            Account(
                tenant_id=tenant_id,
                created_at=at + timedelta(hours=serial),
                name=name,
                email=f"office@{mail}",
                phone=names.phone(rng),
                external_id=f"C{10_000 + serial}",
            )
        )
        contacts += [
            _contact(accounts[-1], next(full_names), mail, rng)
            for _ in range(rng.choices((1, 2, 3, 4), (4, 3, 2, 1))[0])
        ]
    private = [
        Contact(
            tenant_id=tenant_id,
            created_at=at + timedelta(hours=serial),
            name=(name := next(full_names)),
            email=names.address(name, "post.example"),
            phone=names.phone(rng),
        )
        for serial in range(PRIVATE_CONTACTS)
    ]
    await Account.bulk_create(accounts)
    await Contact.bulk_create([*contacts, *private])
    return [Customer(contact.account_id, contact) for contact in (*contacts, *private)]


def _contact(account: Account, name: str, mail: str, rng: Random) -> Contact:
    return Contact(
        tenant_id=account.tenant_id,
        created_at=account.created_at,
        name=name,
        email=names.address(name, mail),
        phone=names.phone(rng) if rng.random() < 0.6 else None,
        account_id=account.id,
    )
