"""How entitlements stand and whom they fit: figures that follow from lines and terms when somebody asks."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry import ID

import models
from actions import balances as reading
from actions.charging import Question
from actions.entitling import terms_in_force
from actions.terms import entitlement_of, terms_of
from cases.conditions import All, AnyOf, Compare, Op
from cases.vocabulary import EntitlementState, Origin
from entitlements.balance import Balance
from entitlements.charging import in_terms
from entitlements.days import pool_ends_on
from entitlements.forecast import forecast
from entitlements.lifecycle import state_at
from entitlements.postings import Account, Posting
from entitlements.terms import Terms
from models.reading import by_ids, select
from models.statements import Order
from models.visibility import visible
from schema.context import Context, Info
from schema.derived import NAMES, settle
from schema.enums import public_enum
from schema.ids import read_id
from schema.relations import one

MOST_OFFERED: Final = 100


@strawberry.type(description="What is left of one period, or of a channel's share of it. Quantities are in terms.")
class EntitlementBalance:
    pool: date = strawberry.field(description="The first day of the period.")
    ends_on: date = strawberry.field(description="Its last day.")
    channel: public_enum(Origin) | None = strawberry.field(  # type: ignore[valid-type]
        description="The channel whose share this is; null for the whole."
    )
    granted: Decimal
    rolled_over: Decimal = strawberry.field(description="What came from another period, less what went to the next.")
    adjusted: Decimal
    expired: Decimal
    used: Decimal = strawberry.field(description="What cases took, with what was billed.")
    billed: Decimal
    reserved: Decimal = strawberry.field(description="Held for cases that are charged when they are resolved.")
    remaining: Decimal = strawberry.field(description="What is not spent; below zero if more was taken than there was.")
    available: Decimal = strawberry.field(description="What another case can take: `remaining` less `reserved`.")
    overage: Decimal = strawberry.field(description="What was used beyond what there was.")
    utilisation_percent: int | None = strawberry.field(description="What was used of what there was, rounded down.")


@strawberry.type(description="How long it will last if it goes on like this.")
class EntitlementForecast:
    used: Decimal = strawberry.field(description="What was taken in the last 30 days, or since it was first granted.")
    per_day: Decimal
    exhausted_on: date | None = strawberry.field(description="The day on which nothing is left; null if it lasts.")


@strawberry.type(description="A channel's share of the total.")
class EntitlementShare:
    channel: public_enum(Origin)  # type: ignore[valid-type]
    total: Decimal


@strawberry.type(description="At how many percent hours burn for a product.")
class EntitlementRate:
    product: Any
    percent: int


@strawberry.type(description="Whether an entitlement fits a case; if not, every reason why.")
class EntitlementFit:
    entitlement: Any
    eligible: bool
    reasons: Any


def state_now(row: models.Entitlement, context: Context) -> EntitlementState:
    """Where it stands now, whatever was stored last."""
    return state_at(entitlement_of(row), context.now)


async def balances_now(row: models.Entitlement, context: Context) -> list[EntitlementBalance]:
    """How each period stands now, the whole before its channels."""
    return _shown(row, terms_of(row), await _lines(row, context), context.now)


async def forecast_now(row: models.Entitlement, context: Context) -> EntitlementForecast:
    """When it is used up at the rate of the last 30 days."""
    found = forecast(row.id, terms_of(row), await _lines(row, context), context.now)
    return EntitlementForecast(used=in_terms(found.used), per_day=found.per_day, exhausted_on=found.exhausted_on)


def shares(row: models.Entitlement, context: Context) -> list[EntitlementShare]:
    """The channels with a share of their own."""
    return [
        EntitlementShare(channel=Origin(channel), total=in_terms(total))
        for channel, total in row.total_by_channel.items()
    ]


async def rates(row: models.Entitlement, context: Context) -> list[EntitlementRate]:
    """The products with a rate of their own."""
    return [
        EntitlementRate(product=await one(context, models.Product, UUID(key)), percent=percent)
        for key, percent in row.percent_by_product.items()
    ]


async def listed(context: Context, model: Any, keys: Sequence[str]) -> list[Any]:
    """The visible ones of the rows that an entitlement lists."""
    found = [await one(context, model, UUID(key)) for key in keys]
    return [row for row in found if row is not None]


async def _lines(row: models.Entitlement, context: Context) -> Sequence[Posting]:
    async def load(keys: list[UUID]) -> list[Sequence[Posting]]:
        found = await reading.lines_of_all(keys)
        return [found[key] for key in keys]

    lines: Sequence[Posting] = await context.loader("lines of entitlements", load).load(row.id)
    return lines


def _shown(row: models.Entitlement, terms: Terms, lines: Sequence[Posting], at: datetime) -> list[EntitlementBalance]:
    found = reading.standing(row, terms, lines, at)
    ordered = sorted(found.items(), key=lambda item: (item[0].pool, item[0].channel or ""))
    return [_balance(terms, account, balance) for account, balance in ordered]


def _balance(terms: Terms, account: Account, balance: Balance) -> EntitlementBalance:
    quantities = ("granted", "rolled_over", "adjusted", "expired", "used", "billed", "reserved")
    follows = ("remaining", "available", "overage")
    return EntitlementBalance(
        pool=account.pool,
        ends_on=pool_ends_on(terms, account.pool),
        channel=account.channel,
        utilisation_percent=balance.utilisation_percent,
        **{name: in_terms(getattr(balance, name)) for name in (*quantities, *follows)},
    )


async def entitlement_balance(
    info: Info, entitlement_id: ID, at: datetime | None = None
) -> list[EntitlementBalance] | None:
    """How each period of an entitlement stood at an instant, proven by its lines; without one, how it stands now.

    Null if there is no such entitlement for this viewer.
    """
    context: Context = info.context
    row = await _row(context, models.Entitlement, entitlement_id)
    if row is None:
        return None
    instant = at or context.now
    lines = [line for line in await _lines(row, context) if line.at <= instant]
    return _shown(row, await terms_in_force(row, instant), lines, instant)


async def entitlements_for(
    info: Info,
    customer_id: ID,
    product_id: ID | None = None,
    contact_id: ID | None = None,
    channel: public_enum(Origin) = Origin.WEB,  # type: ignore[valid-type]
) -> list[EntitlementFit] | None:
    """Every entitlement of a customer, with whether it fits such a case now, and all reasons if it does not.

    Null if there is no such customer, product or contact for this viewer.
    """
    context: Context = info.context
    customer = await _row(context, models.Account, customer_id) or await _row(context, models.Contact, customer_id)
    contact = await _row(context, models.Contact, contact_id) if contact_id else None
    product = await _row(context, models.Product, product_id) if product_id else None
    if customer is None or (contact_id and contact is None) or (product_id and product is None):
        return None
    if isinstance(customer, models.Contact):
        contact = customer
    account_id = customer.id if isinstance(customer, models.Account) else customer.account_id
    contact_key = contact.id if contact else None
    question = Question(
        account_id, contact_key, contact.account_id if contact else None, product.id if product else None, channel
    )
    owners = (("account_id", account_id or question.contact_account_id), ("contact_id", contact_key))
    theirs = AnyOf(tuple(Compare(column, Op.EQ, key) for column, key in owners if key))
    rows = await select(
        models.Entitlement,
        All((visible(models.Entitlement, context.viewer), theirs)),
        order=(Order("name"), Order("id")),
        limit=MOST_OFFERED,
    )
    fits = await reading.fitting(rows, question, context.now)
    return [
        EntitlementFit(entitlement=row, eligible=fit.fits, reasons=list(fit.reasons))
        for row, fit in zip(rows, fits, strict=True)
    ]


async def _row(context: Context, model: Any, public_id: str) -> Any:
    parsed = read_id(public_id)
    if parsed is None or parsed[0] != model.__name__:
        return None
    return (await by_ids(model, [parsed[1]], visible(model, context.viewer))).get(parsed[1])


settle(EntitlementRate, {"product": "Product | None"})
settle(EntitlementFit, {"entitlement": "Entitlement", "reasons": "list[Uncovered]"})
NAMES |= {"EntitlementFit": EntitlementFit, "EntitlementRate": EntitlementRate}
