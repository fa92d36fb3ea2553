"""Promises about quantity: entitlements with their terms, their ledger, and the templates they are made from."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import strawberry
from strawberry import ID, UNSET, auto
from strawberry.scalars import JSON

import models
from actions.terms import NAMES as TERMS
from cases.vocabulary import Origin
from entitlements.charging import in_terms
from entitlements.vocabulary import Allocation, DecrementOn, OveragePolicy, Period
from schema import entitlement_views as views
from schema.computed import computed
from schema.connections import Connection, children
from schema.derived import NAMES, settle
from schema.enums import public_enum
from schema.ids import public_id, read_id
from schema.mirror import mirrors
from schema.node import Node
from schema.people import Actor
from schema.relations import related
from schema.scalars import TimeZone
from schema.timeline import TimelineEntry

if TYPE_CHECKING:
    from schema.cases import Case
    from schema.customers import Account, Contact, Customer
    from schema.sla import SlaPolicy


CONTRACT: Final = ("state", "account_id", "contact_id", "default_for", *TERMS)
"""The columns from which follows where an entitlement stands."""


def _terms(column: str, description: str) -> Any:
    """A quantity of the ledger in terms."""
    return computed(
        lambda row, context: None if getattr(row, column) is None else in_terms(getattr(row, column)),
        column,
        description=description,
    )


@mirrors(models.EntitlementTemplate, order=("name",))
class EntitlementTemplate(Node):
    name: auto
    description: auto
    terms: JSON = computed(
        lambda row, context: _public_terms(row.terms),
        "terms",
        description="The terms by their names; quantities in terms, rows by their ids.",
    )
    sla_policy: "SlaPolicy | None" = related()
    created_at: auto


@mirrors(models.Entitlement, order=("name", "created_at"))
class Entitlement(Node):
    name: auto
    customer: "Customer | None" = related("account", "contact", description="Whose it is.")
    account: "Account | None" = related()
    contact: "Contact | None" = related()
    state: auto = computed(views.state_now, *CONTRACT)
    is_default: bool = computed(
        lambda row, context: row.default_for is not None,
        "default_for",
        description="Whether its customer's cases get it by default.",
    )
    allocation: auto
    decrement_on: auto
    starts_on: auto
    ends_on: auto
    zone: auto
    total: Decimal = _terms("total", "How many cases or hours each period grants.")
    channels: list[views.EntitlementShare] = computed(
        views.shares, "total_by_channel", description="The channels that have a share of the total; none means any."
    )
    restrict: auto
    overage: auto
    products: list[Any] = computed(
        lambda row, context: views.listed(context, models.Product, row.product_ids),
        "product_ids",
        description="The products it is for; none listed means all.",
    )
    contacts: list[Any] = computed(
        lambda row, context: views.listed(context, models.Contact, row.contact_ids),
        "contact_ids",
        description="The contacts it is for; none listed means all of the customer's.",
    )
    period: auto
    rolls_over: auto
    roll_over_limit: Decimal | None = _terms("roll_over_limit", "How much of it at most; null is all.")
    after_hours_percent: auto
    rates: list[views.EntitlementRate] = computed(
        views.rates, "percent_by_product", description="The products for which hours burn at a rate of their own."
    )
    sla_policy: "SlaPolicy | None" = related()
    template: "EntitlementTemplate | None" = related()
    renewed_from: "Entitlement | None" = related()
    carry_over: auto
    created_at: auto
    updated_at: auto
    next_at: auto
    balances: list[views.EntitlementBalance] = computed(
        views.balances_now, *CONTRACT, description="How each period stands now, the whole before channels."
    )
    forecast: views.EntitlementForecast = computed(
        views.forecast_now, *CONTRACT, description="How long it will last at the rate of the last 30 days."
    )
    postings: "Connection[EntitlementPosting]" = children(
        "entitlement", along="at", description="The lines of which its balances are the sums."
    )
    amendments: "Connection[EntitlementAmendment]" = children("entitlement", along="number")
    cases: "Connection[Case]" = children("entitlement", newest_first=True)


settle(Entitlement, {"products": "list[Product]", "contacts": "list[Contact]"})


@mirrors(models.EntitlementAmendment, order=("number",))
class EntitlementAmendment(Node):
    number: auto
    at: auto
    changes: JSON = computed(
        lambda row, context: _public_terms(row.changes),
        "changes",
        description="The terms that changed, by their names; of number 1, all of them.",
    )
    note: auto
    entitlement: "Entitlement | None" = related()
    actor: "Actor | None" = related("actor_person", description="Null for the system itself.")


@mirrors(models.EntitlementPosting, order=("at",))
class EntitlementPosting(TimelineEntry):
    pool: auto
    channel: auto
    kind: auto
    amount: Decimal = _terms("amount", "What is granted or given back is positive, what is taken or held negative.")
    overage: Decimal = _terms("overage", "What was taken beyond the balance, to be billed; no part of the balance.")
    waived: auto
    trigger: auto
    cycle: auto
    at: auto
    cause: auto
    event_number: auto
    note: auto
    entitlement: "Entitlement | None" = related()
    case: "Case | None" = related()
    actor: "Actor | None" = related("actor_person", "actor_contact", description="Null for the system itself.")


def _public_terms(stored: dict[str, Any]) -> dict[str, Any]:
    """Stored terms as clients read them."""
    shown: dict[str, Any] = {}
    for name, value in stored.items():
        match name:
            case "total" | "roll_over_limit":
                shown[name] = None if value is None else str(in_terms(value))
            case "total_by_channel":
                shown[name] = {channel: str(in_terms(share)) for channel, share in value.items()}
            case "product_ids" | "contact_ids":
                of = "Product" if name == "product_ids" else "Contact"
                shown[name] = [public_id(of, UUID(key)) for key in value]
            case "percent_by_product":
                shown[name] = {public_id("Product", UUID(key)): percent for key, percent in value.items()}
            case _:
                shown[name] = value
    return {_camel(name): value for name, value in shown.items()}


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(part.title() for part in tail)


@strawberry.input(description="A channel, and its share of the total in terms.")
class EntitlementShareInput:
    channel: public_enum(Origin)  # type: ignore[valid-type]
    total: Decimal

    def plain(self) -> dict[str, Any]:
        return {"channel": self.channel.value, "total": str(self.total)}


@strawberry.input(description="A product, and at how many percent hours burn for it.")
class EntitlementRateInput:
    product_id: ID
    percent: int

    def plain(self) -> dict[str, Any]:
        return {"product": _key(self.product_id), "percent": self.percent}


@strawberry.input(
    description="""The terms of an entitlement; what is left out stays as it is, or as the template says.

Quantities are in terms, cases or hours, with two digits. A new entitlement needs `allocation`, `decrementOn`,
`startsOn` and `endsOn`; the dates are inclusive, in `zone`."""
)
class EntitlementTermsInput:
    allocation: public_enum(Allocation) | None = UNSET  # type: ignore[valid-type]
    decrement_on: public_enum(DecrementOn) | None = UNSET  # type: ignore[valid-type]
    starts_on: date | None = UNSET
    ends_on: date | None = UNSET
    zone: TimeZone | None = UNSET
    total: Decimal | None = UNSET
    total_by_channel: list[EntitlementShareInput] | None = UNSET
    restrict: bool | None = UNSET
    overage: public_enum(OveragePolicy) | None = UNSET  # type: ignore[valid-type]
    product_ids: list[ID] | None = UNSET
    contact_ids: list[ID] | None = UNSET
    period: public_enum(Period) | None = UNSET  # type: ignore[valid-type]
    rolls_over: bool | None = UNSET
    roll_over_limit: Decimal | None = UNSET
    after_hours_percent: int | None = UNSET
    percent_by_product: list[EntitlementRateInput] | None = UNSET

    def plain(self) -> dict[str, Any]:
        """What was said, null where null was said."""
        return {name: _plain(name, value) for name, value in vars(self).items() if value is not UNSET}


def _plain(name: str, value: Any) -> Any:
    match value:
        case list():
            return [_key(each) if name.endswith("_ids") else each.plain() for each in value]
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case _:
            return getattr(value, "value", value)


def _key(public: str) -> str:
    """The key of a row; of what is no id, the text itself, which no row has."""
    parsed = read_id(public)
    return str(parsed[1]) if parsed else public


NAMES["EntitlementTermsInput"] = EntitlementTermsInput
