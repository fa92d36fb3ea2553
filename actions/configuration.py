"""Configuration: what a tenant has set up and every act on its cases has to look at, known by one look at the tenant.

Webhooks, templates and rules are kept as they were read, under the stamp that the tenant had then; whatever changes one
of them leaves another stamp (`models/stamping.py`), in any process. They are read after the stamp: what is kept under
it is never older. Should it be newer, no look at the tenant will ever find the older stamp again.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from actions.stored_rules import readable
from cases.automation import Rule
from cases.conditions import EVERYTHING, All, Compare, Op
from models.automation import AutomationRule
from models.deliveries import NotificationTemplate, Webhook
from models.people import Tenant
from models.reading import by_ids, select
from models.statements import Order

MOST_KEPT: Final = 1_000

_OLDEST_FIRST: Final = (Order("created_at"), Order("id"))


@dataclass(frozen=True)
class Configuration:
    """What of it is active, in its order. Its rows belong to everybody: nobody changes them."""

    webhooks: Sequence[Webhook]
    templates: Sequence[NotificationTemplate]
    rules: Sequence[Rule]
    """Without those that cannot be read any more."""


_kept: OrderedDict[tuple[UUID, str], Configuration] = OrderedDict()

_seen: ContextVar[dict[UUID, Tenant] | None] = ContextVar("tenants_seen", default=None)


@contextmanager
def looking_once() -> Iterator[None]:
    """Within the block a tenant is looked at once: an act is done under what was configured when it first asked."""
    token = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(token)


async def tenant_of(tenant_id: UUID) -> Tenant:
    """The tenant as it is now, or was when the act first asked."""
    return (await tenants_of([tenant_id]))[tenant_id]


async def tenants_of(tenant_ids: Collection[UUID]) -> Mapping[UUID, Tenant]:
    seen = _seen.get()
    if seen is None:
        return await by_ids(Tenant, tenant_ids, EVERYTHING)
    seen |= await by_ids(Tenant, set(tenant_ids) - seen.keys(), EVERYTHING)
    return seen


async def configuration_of(tenant_id: UUID) -> Configuration:
    return (await configurations_of([tenant_id]))[tenant_id]


async def configurations_of(tenant_ids: Collection[UUID]) -> Mapping[UUID, Configuration]:
    """What these tenants have set up. Costs a look at them, and some more where it is not known yet."""
    tenants = await tenants_of(tenant_ids)
    found = {key: kept for key in tenant_ids if (kept := _kept.get((key, tenants[key].stamp))) is not None}
    if missing := set(tenant_ids) - found.keys():
        # Looked at anew, for what was seen earlier may be older than what this transaction has itself written since.
        tenants = {**tenants, **await by_ids(Tenant, missing, EVERYTHING)}
        found |= await _read(missing)
    for key, configuration in found.items():
        _keep((key, tenants[key].stamp), configuration)
    return found


def _keep(stamp: tuple[UUID, str], configuration: Configuration) -> None:
    _kept[stamp] = configuration
    _kept.move_to_end(stamp)
    while len(_kept) > MOST_KEPT:
        _kept.popitem(last=False)


async def _read(tenant_ids: Collection[UUID]) -> dict[UUID, Configuration]:
    active = All((Compare("tenant_id", Op.IN, tuple(tenant_ids)), Compare("active", Op.EQ, True)))
    webhooks = _by_tenant(await select(Webhook, active, order=_OLDEST_FIRST))
    templates = _by_tenant(await select(NotificationTemplate, active, order=_OLDEST_FIRST))
    rules = _by_tenant(await select(AutomationRule, active, order=(Order("place"), Order("id"))))
    return {
        key: Configuration(
            webhooks[key], templates[key], [rule for row in rules[key] if (rule := readable(row)) is not None]
        )
        for key in tenant_ids
    }


def _by_tenant(rows: Sequence[Any]) -> Mapping[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.tenant_id].append(row)
    return found
