"""The case, its history, and what was said on it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from cases.vocabulary import Audience, FactKind, Origin, Priority, Severity, SlaSource, Status, StatusReason
from models.catalogue import CaseType, Product, Subject
from models.customers import Account, Contact
from models.entitlements import Entitlement
from models.fields import RankedEnumField, UtcDateTimeField
from models.indexes import ListIndex
from models.people import Person, Team
from models.row import Row
from models.sla import SlaPolicyVersion


class Case(Row):
    """A question a customer wants answered.

    All that is said of it here follows from its events.
    """

    #: The number people quote, such as `CAS-000123`.
    number = fields.CharField(max_length=20)
    title = fields.CharField(max_length=128)
    description = fields.TextField(default="")
    status = fields.CharEnumField(Status, max_length=10, default=Status.ACTIVE)
    status_reason = fields.CharEnumField(StatusReason, max_length=24, default=StatusReason.NEW)
    priority = RankedEnumField(Priority, default=Priority.MEDIUM)
    severity = RankedEnumField(Severity, default=Severity.NORMAL)
    origin = fields.CharEnumField(Origin, max_length=12, default=Origin.WEB)
    type: fields.ForeignKeyNullableRelation[CaseType] = fields.ForeignKeyField(
        "models.CaseType", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    type_id: UUID | None
    subject: fields.ForeignKeyNullableRelation[Subject] = fields.ForeignKeyField(
        "models.Subject", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    subject_id: UUID | None
    product: fields.ForeignKeyNullableRelation[Product] = fields.ForeignKeyField(
        "models.Product", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    product_id: UUID | None
    #: The company the case is for, if the customer is one.
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    account_id: UUID | None
    #: The person who asked. Of a private person's case, the customer.
    contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    contact_id: UUID | None
    #: The person who works on it.
    owner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    owner_id: UUID | None
    #: The team that is responsible for it.
    team: fields.ForeignKeyNullableRelation[Team] = fields.ForeignKeyField(
        "models.Team", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    team_id: UUID | None
    #: The version of the policy that makes promises for this case, and who chose it.
    sla_version: fields.ForeignKeyNullableRelation[SlaPolicyVersion] = fields.ForeignKeyField(
        "models.SlaPolicyVersion", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    sla_version_id: UUID | None
    sla_source = fields.CharEnumField(SlaSource, max_length=12, null=True)
    #: The contract that pays for the case, if one does.
    entitlement: fields.ForeignKeyNullableRelation[Entitlement] = fields.ForeignKeyField(
        "models.Entitlement", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    entitlement_id: UUID | None
    #: Whether the case takes nothing of its entitlement.
    decrement_waived = fields.BooleanField(default=False)
    #: The case that this one was merged into and lives on in.
    merged_into: fields.ForeignKeyNullableRelation["Case"] = fields.ForeignKeyField(
        "models.Case", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    merged_into_id: UUID | None
    #: The case that it is a part of.
    parent: fields.ForeignKeyNullableRelation["Case"] = fields.ForeignKeyField(
        "models.Case", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    parent_id: UUID | None
    #: The instant until which the customer was promised an end, if one was.
    deadline: datetime | None = UtcDateTimeField(null=True)
    #: When somebody is to look at it again. It may lie in the past: then it is overdue.
    follow_up_at: datetime | None = UtcDateTimeField(null=True)
    #: The key of the stage of its type at which it stands, if the type has any.
    stage = fields.CharField(max_length=50, null=True)
    #: The case's name in the system it came from.
    external_id = fields.CharField(max_length=100, null=True)
    #: How satisfied the customer was, 1 (not at all) to 5 (very).
    satisfaction = fields.SmallIntField(null=True)
    #: Number of the last event; give it as `expectedVersion` to be told if somebody was faster.
    version = fields.IntField(default=0)
    updated_at = UtcDateTimeField()
    #: Since when somebody waits, and why the status reason says.
    paused_since: datetime | None = UtcDateTimeField(null=True)
    first_answered_at: datetime | None = UtcDateTimeField(null=True)
    last_customer_message_at: datetime | None = UtcDateTimeField(null=True)
    message_count = fields.IntField(default=0)
    reopen_count = fields.IntField(default=0)
    assignment_count = fields.IntField(default=0)
    resolved_at: datetime | None = UtcDateTimeField(null=True)
    closed_at: datetime | None = UtcDateTimeField(null=True)
    canceled_at: datetime | None = UtcDateTimeField(null=True)
    deleted_at: datetime | None = UtcDateTimeField(null=True)
    #: Since when it is escalated; null if it is not.
    escalated_at: datetime | None = UtcDateTimeField(null=True)
    #: The status reason the case had before it was paused.
    paused_from = fields.CharEnumField(StatusReason, max_length=24, null=True)

    class Meta:
        table = "case"
        unique_together = (("tenant", "number"), ("tenant", "external_id"))
        indexes = (
            ("tenant", "created_at", "id"),
            ("tenant", "updated_at", "id"),
            ("tenant", "priority", "id"),
            ListIndex(fields=("tenant", "priority", "created_at", "id"), down=("priority",)),
            ("tenant", "deadline", "id"),
            ("tenant", "follow_up_at", "id"),
            ("tenant", "status", "created_at", "id"),
            ("tenant", "status", "deadline", "id"),
            ListIndex(fields=("tenant", "status", "priority", "created_at", "id"), down=("priority",)),
            ("tenant", "owner", "created_at", "id"),
            ListIndex(fields=("tenant", "owner", "status", "priority", "created_at", "id"), down=("priority",)),
            ListIndex(fields=("tenant", "created_at", "id"), null="owner_id", name="case_of_nobody"),
            ListIndex(
                fields=("tenant", "status", "priority", "created_at", "id"),
                down=("priority",),
                null="owner_id",
                name="case_of_nobody_urgent",
            ),
            ("tenant", "team", "created_at", "id"),
            ListIndex(fields=("tenant", "team", "status", "priority", "created_at", "id"), down=("priority",)),
            ListIndex(fields=("tenant", "created_at", "id"), present="escalated_at", name="case_escalated"),
            ("tenant", "account", "created_at", "id"),
            ("tenant", "contact", "created_at", "id"),
            ("entitlement", "created_at", "id"),
            ("merged_into", "created_at", "id"),
            ("parent", "created_at", "id"),
        )


class CaseEvent(Row):
    """One thing that happened to a case. Events are only ever appended; all else about a case follows from them."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    #: 1 for the first event of the case, then without gaps.
    number = fields.IntField()
    kind = fields.CharEnumField(FactKind, max_length=24)
    #: When it happened. An imported event happened before it was written.
    at = UtcDateTimeField()
    actor_person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    actor_person_id: UUID | None
    actor_contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    actor_contact_id: UUID | None
    #: What made it happen: the act, an import, a rule.
    cause = fields.CharField(max_length=100)
    payload: fields.JSONField[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "case_event"
        # unique: two writers cannot both append number 8
        unique_together = (("case", "number"),)
        indexes = (("tenant", "at", "id"), ("tenant", "kind", "at", "id"))


class Message(Row):
    """Something said on a case, to the customer or among staff."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    audience = fields.CharEnumField(Audience, max_length=8)
    body = fields.TextField()
    origin = fields.CharEnumField(Origin, max_length=12, default=Origin.WEB)
    author_person: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    author_person_id: UUID | None
    author_contact: fields.ForeignKeyNullableRelation[Contact] = fields.ForeignKeyField(
        "models.Contact", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    author_contact_id: UUID | None

    class Meta:
        indexes = (("case", "created_at", "id"),)


class Resolution(Row):
    """How a case was resolved. Kept through reopening, so that a case resolved twice has two."""

    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    reason = fields.CharEnumField(StatusReason, max_length=24)
    #: What solved it, in a line.
    summary = fields.CharField(max_length=200)
    remarks = fields.TextField(default="")
    #: Minutes that were worked, and of these the ones to be charged.
    total_minutes = fields.IntField(default=0)
    billable_minutes = fields.IntField(default=0)
    resolved_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    resolved_by_id: UUID | None
    #: The resolution of the case above it with which it was resolved.
    cascaded_from: fields.ForeignKeyNullableRelation["Resolution"] = fields.ForeignKeyField(
        "models.Resolution", related_name=False, null=True, on_delete=fields.RESTRICT
    )
    cascaded_from_id: UUID | None

    class Meta:
        indexes = (("case", "created_at", "id"),)
