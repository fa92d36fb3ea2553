"""What customers have bought: contracts of every kind and state, for a part of the companies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from actions.drafting import save_entitlement_template
from actions.entitling import (
    activate_entitlement,
    cancel_entitlement,
    create_entitlement,
    set_default_entitlement,
)
from cases.conditions import EVERYTHING
from cases.viewer import Viewer
from cases.vocabulary import Role
from demo.people import Customer
from models import Account, Entitlement, SlaPolicy
from models.reading import by_ids

YEARS: Final = timedelta(days=364)
ONE_IN: Final = 4
"""So many companies are there for one that has a contract."""

TEMPLATES: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "All inclusive": (
        "As many cases as there are, with shorter targets.",
        {"allocation": "COVERAGE", "decrement_on": "CREATION"},
    ),
    "Twenty cases": (
        "Twenty cases a year, each counted when it is solved; eight of them by telephone.",
        {
            "allocation": "CASES",
            "decrement_on": "RESOLUTION",
            "total": "20",
            "total_by_channel": [{"channel": "VOICE", "total": "8"}],
        },
    ),
    "Ten cases": (
        "Ten cases a year, each counted when it is opened.",
        {"allocation": "CASES", "decrement_on": "CREATION", "total": "10"},
    ),
    "Thirty hours": (
        "Thirty hours of work a year, in hundredths of an hour.",
        {"allocation": "HOURS", "decrement_on": "RESOLUTION", "total": "30"},
    ),
}
"""By name: what it is, and its terms but for the dates."""
PREMIUM: Final = "All inclusive"


@dataclass(frozen=True)
class Contract:
    """An entitlement, and whether its policy is the premium one."""

    id: UUID
    is_premium: bool


async def write_contracts(
    tenant_id: UUID, founded: datetime, now: datetime, customers: Sequence[Customer], premium: SlaPolicy
) -> dict[UUID, Contract]:
    """Keeps templates and contracts, by the acts with which a manager would; those in force by account.

    A contract goes from two months after the company was founded until two months from now, so that all stories lie
    within it. One is a draft, one waits, one has expired and one was canceled.
    """
    by = Viewer(tenant_id, Role.ADMIN, "Demo")
    templates = {}
    for name, (description, terms) in TEMPLATES.items():
        policy = premium if name == PREMIUM else None
        templates[name] = await save_entitlement_template(name, terms, description, policy, actor=by, now=founded)
    account_ids = list(dict.fromkeys(one.account_id for one in customers if one.account_id))
    accounts = await by_ids(Account, account_ids, EVERYTHING)
    kinds = list(TEMPLATES)
    in_force: dict[UUID, Contract] = {}

    async def made(account_id: UUID, kind: str, starts: datetime, ends: datetime) -> Entitlement:
        dates = {"starts_on": _day(starts), "ends_on": _day(ends)}
        account = accounts[account_id]
        name = f"{kind}, {starts:%Y}"
        return await create_entitlement(name, account, dates, templates[kind], actor=by, now=min(starts, now))

    for place, account_id in enumerate(account_ids[::ONE_IN]):
        kind = kinds[place % len(kinds)]
        bought = await made(account_id, kind, founded + timedelta(days=60), now + timedelta(days=60))
        await activate_entitlement(bought, actor=by, now=founded + timedelta(days=60))
        await set_default_entitlement(bought, actor=by, now=founded + timedelta(days=60))
        in_force[account_id] = Contract(bought.id, kind == PREMIUM)

    draft_of, waiting_of, expired_of, canceled_of = account_ids[1::ONE_IN][:4]
    await made(draft_of, "Ten cases", now - timedelta(days=1), now + YEARS)
    waiting = await made(waiting_of, "Twenty cases", now + timedelta(days=30), now + YEARS)
    await activate_entitlement(waiting, actor=by, now=now)
    expired = await made(expired_of, "Ten cases", founded + timedelta(days=1), now - timedelta(days=20))
    await activate_entitlement(expired, actor=by, now=founded + timedelta(days=1))
    canceled = await made(canceled_of, "Thirty hours", now - timedelta(days=40), now + YEARS)
    await activate_entitlement(canceled, actor=by, now=now - timedelta(days=40))
    await cancel_entitlement(canceled, actor=by, now=now - timedelta(days=3))
    return in_force


def _day(at: datetime) -> str:
    return at.date().isoformat()
