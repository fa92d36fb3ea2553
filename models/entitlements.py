"""Promises about quantity: contracts, the terms they come from, and what is left of them.

Quantities are integers of 1/100 term; a term is a case or an hour. The lines that prove a balance are in
`models/postings.py`.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from cases.vocabulary import EntitlementState
from entitlements.vocabulary import Allocation, DecrementOn, OveragePolicy, Period
from models.customers import Account, Contact
from models.fields import SortedCharField, UtcDateTimeField
from models.people import Person
from models.row import Row
from models.sla import SlaPolicy


class EntitlementTemplate(Row):
    """Terms from which entitlements are made: everything but the customer and their contacts."""

    name = SortedCharField(max_length=200)
    description = fields.CharField(max_length=2000, default="")
    #: The terms, as far as they are laid down.
    terms: fields.JSONField[dict[str, Any]] = fields.JSONField(default=dict)
    sla_policy: fields.ForeignKeyNullableRelation[SlaPolicy] = fields.ForeignKeyField(
        "models.SlaPolicy", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    sla_policy_id: UUID | None

    class Meta:
        table = "entitlement_template"
        unique_together = (("tenant", "name"),)


class Entitlement(Row):
    """What a customer bought: so many cases or hours, between two dates, for some of their questions.

    An activated entitlement waits, is active or has expired by its dates alone. Its terms are edited while it is a
    draft; afterwards they are amended, and what they were stays known.
    """

    name = SortedCharField(max_length=200)
    #: Whose it is: a company's, or a person's.
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    account_id: UUID | None
    contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    contact_id: UUID | None
    #: Where it stands.
    state = fields.CharEnumField(EntitlementState, max_length=10, default=EntitlementState.DRAFT)
    #: The customer whose default it is; null if it is nobody's.
    default_for = fields.UUIDField(null=True)
    #: What is counted.
    allocation = fields.CharEnumField(Allocation, max_length=10)
    #: When a case is charged.
    decrement_on = fields.CharEnumField(DecrementOn, max_length=10)
    #: Its first and its last day, in its zone.
    starts_on: date = fields.DateField()
    ends_on: date = fields.DateField()
    #: The IANA time zone in which its dates are read.
    zone = fields.CharField(max_length=64)
    total = fields.BigIntField(default=0)
    #: From a channel to its share of the total.
    total_by_channel: fields.JSONField[dict[str, int]] = fields.JSONField(default=dict)
    #: Whether cases are refused when nothing is left.
    restrict = fields.BooleanField(default=False)
    #: What becomes of a draw beyond the balance; null follows from `restrict`.
    overage = fields.CharEnumField(OveragePolicy, max_length=10, null=True)
    #: Keys of the products and contacts it is for; none means all.
    product_ids: fields.JSONField[list[str]] = fields.JSONField(default=list)
    contact_ids: fields.JSONField[list[str]] = fields.JSONField(default=list)
    #: How often the total is granted anew.
    period = fields.CharEnumField(Period, max_length=10, default=Period.ONCE)
    #: Whether what is left of a period goes over to the next.
    rolls_over = fields.BooleanField(default=False)
    roll_over_limit: int | None = fields.BigIntField(null=True)
    #: At how many percent hours burn out of opening hours.
    after_hours_percent = fields.IntField(default=100)
    #: From a product's key to the percentage at which hours burn for it.
    percent_by_product: fields.JSONField[dict[str, int]] = fields.JSONField(default=dict)
    #: The policy that makes promises for its cases.
    sla_policy: fields.ForeignKeyNullableRelation[SlaPolicy] = fields.ForeignKeyField(
        "models.SlaPolicy", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    sla_policy_id: UUID | None
    #: What it was made from.
    template: fields.ForeignKeyNullableRelation[EntitlementTemplate] = fields.ForeignKeyField(
        "models.EntitlementTemplate", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    template_id: UUID | None
    #: The entitlement that it follows.
    renewed_from: fields.ForeignKeyNullableRelation["Entitlement"] = fields.ForeignKeyField(
        "models.Entitlement", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    renewed_from_id: UUID | None
    #: Whether it takes over, when it is activated, what is left of the one that it follows.
    carry_over = fields.BooleanField(default=False)
    #: When its dates next change its state or its balance; null if they never do.
    next_at: datetime | None = UtcDateTimeField(null=True)
    updated_at = UtcDateTimeField()

    class Meta:
        # unique: a customer has one default; nulls are no equals
        unique_together = (("tenant", "default_for"),)
        indexes = (
            ("next_at", "id"),
            ("tenant", "account", "created_at", "id"),
            ("tenant", "contact", "created_at", "id"),
            ("tenant", "name", "id"),
        )


class EntitlementAmendment(Row):
    """Terms as they came into force: number 1 says all of them, later ones what became of them."""

    entitlement: fields.ForeignKeyRelation[Entitlement] = fields.ForeignKeyField(
        "models.Entitlement", related_name=False
    )
    entitlement_id: UUID
    number = fields.IntField()
    at = UtcDateTimeField()
    changes: fields.JSONField[dict[str, Any]] = fields.JSONField()
    note = fields.CharField(max_length=500, default="")
    actor_person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    actor_person_id: UUID | None

    class Meta:
        table = "entitlement_amendment"
        unique_together = (("entitlement", "number"),)


class EntitlementBalance(Row):
    """What is left of one pool, or of a channel's share of it: the sum of its postings, kept to be guarded."""

    entitlement: fields.ForeignKeyRelation[Entitlement] = fields.ForeignKeyField(
        "models.Entitlement", related_name=False
    )
    entitlement_id: UUID
    #: The first day of the period.
    pool: date = fields.DateField()
    #: Empty for the pool as a whole.
    channel = fields.CharField(max_length=12, default="")
    remaining = fields.BigIntField(default=0)
    reserved = fields.BigIntField(default=0)

    class Meta:
        table = "entitlement_balance"
        unique_together = (("entitlement", "pool", "channel"),)
