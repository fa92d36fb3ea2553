"""The ledger of entitlements: lines that are only ever appended, by triggers of the database as well."""

from datetime import date
from uuid import UUID

from tortoise import fields

from cases.vocabulary import Origin
from entitlements.vocabulary import PostingKind, Trigger
from models.case import Case
from models.customers import Contact
from models.entitlements import Entitlement
from models.fields import UtcDateTimeField
from models.people import Person
from models.row import Row


class EntitlementPosting(Row):
    """A line of the ledger. A balance is the sum of its lines; a mistake is corrected by another line."""

    entitlement: fields.ForeignKeyRelation[Entitlement] = fields.ForeignKeyField(
        "models.Entitlement", related_name=False, on_delete=fields.RESTRICT
    )
    entitlement_id: UUID
    #: The first day of the period from which it takes, or to which it gives.
    pool: date = fields.DateField()
    #: The channel whose share it moves as well; null if it moves the whole only.
    channel = fields.CharEnumField(Origin, max_length=12, null=True)
    kind = fields.CharEnumField(PostingKind, max_length=10)
    #: In 1/100 term: what is granted or given back is positive, what is taken or held is negative.
    amount = fields.BigIntField()
    #: In 1/100 term: what was taken beyond the balance, to be billed; no part of the balance.
    overage = fields.BigIntField(default=0)
    #: Whether the case was flagged not to decrement: the line fills its slot and takes nothing.
    waived = fields.BooleanField(default=False)
    case: fields.ForeignKeyNullableRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    case_id: UUID | None
    #: The case, or the entitlement itself if it is about none.
    subject_id = fields.UUIDField()
    #: What made it due.
    trigger = fields.CharEnumField(Trigger, max_length=10)
    #: 1 for the first time; what undoes a line has its number.
    cycle = fields.IntField()
    at = UtcDateTimeField()
    actor_person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    actor_person_id: UUID | None
    actor_contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    actor_contact_id: UUID | None
    #: The act, or the rule, by which it was posted.
    cause = fields.CharField(max_length=100)
    #: The event of the case with which it was posted.
    event_number: int | None = fields.IntField(null=True)
    note = fields.CharField(max_length=500, default="")

    append_only = True

    class Meta:
        table = "entitlement_posting"
        # unique: no retry, race or crash can charge twice
        unique_together = (("entitlement", "subject_id", "trigger", "cycle"),)
        indexes = (("entitlement", "at", "id"), ("case", "at", "id"))
