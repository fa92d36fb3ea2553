"""Rules by which cases are worked on without anybody's help, and what they did."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise import fields

from cases.automation import AutomationOutcome, AutomationTrigger
from models.case import Case
from models.fields import SortedCharField, UtcDateTimeField
from models.row import Row


class AutomationRule(Row):
    """What is done about cases of some kind when they are opened or changed, or every so often."""

    stamping = ("name", "place", "active", "trigger", "watched", "when", "actions")

    name = SortedCharField(max_length=200)
    #: Rules that are set off by the same act in this order, the lowest place first.
    place = fields.IntField(default=0)
    active = fields.BooleanField(default=False)
    trigger = fields.CharEnumField(AutomationTrigger, max_length=10)
    #: Of a rule that is set off by changes, the fields of which one must have changed; without any, any change does.
    watched: fields.JSONField[list[str]] = fields.JSONField(default=list)
    #: For which cases it acts, as a stored condition.
    when: fields.JSONField[dict[str, Any]] = fields.JSONField(default=dict)
    #: What it does, in order: all of it, or nothing.
    actions: fields.JSONField[list[dict[str, Any]]] = fields.JSONField(default=list)
    #: Of a scheduled rule, how many minutes lie between two looks.
    every_minutes = fields.IntField(null=True)
    #: Of a scheduled rule, for how many minutes a case must not have changed.
    idle_minutes = fields.IntField(null=True)
    #: When a scheduled rule looks next.
    next_at: datetime | None = UtcDateTimeField(null=True)
    #: The last case it has looked at, while a look is under way.
    position = fields.UUIDField(null=True)

    class Meta:
        table = "automation_rule"
        unique_together = (("tenant", "name"),)
        indexes = (("tenant", "active", "place", "id"), ("next_at",))


class AutomationRun(Row):
    """What came of a rule that was set off for a case."""

    #: Null once the rule is deleted.
    rule: fields.ForeignKeyNullableRelation[AutomationRule] = fields.ForeignKeyField(
        "models.AutomationRule", related_name=False, null=True, on_delete=fields.SET_NULL
    )
    rule_id: UUID | None
    rule_name = fields.CharField(max_length=200)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField("models.Case", related_name=False)
    case_id: UUID
    outcome = fields.CharEnumField(AutomationOutcome, max_length=14)
    #: Number of the case's last event before it acted: what set it off.
    event_number = fields.IntField()
    #: Number of the case's last event after it had acted.
    version_after = fields.IntField()
    #: 1 if an act or the schedule set it off, more if other rules did.
    depth = fields.SmallIntField(default=1)
    #: What it did, in words.
    did: fields.JSONField[list[str]] = fields.JSONField(default=list)
    #: Why it could not act.
    why = fields.CharField(max_length=500, null=True)

    class Meta:
        table = "automation_run"
        indexes = (("rule", "created_at", "id"), ("case", "created_at", "id"))
