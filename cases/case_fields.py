"""Fields of a case as tenants name them in their own rules: what a stage asks for, what sets off a rule."""

from collections.abc import Iterable, Mapping
from enum import auto
from typing import Final

from cases.vocabulary import Word


class CaseField(Word):
    """What is said of a case, and what became of it, by name."""

    TITLE = auto()
    DESCRIPTION = auto()
    PRIORITY = auto()
    SEVERITY = auto()
    ORIGIN = auto()
    TYPE = auto()
    SUBJECT = auto()
    PRODUCT = auto()
    DEADLINE = auto()
    FOLLOW_UP_AT = auto()
    EXTERNAL_ID = auto()
    SATISFACTION = auto()
    CUSTOMER = auto()
    CONTACT = auto()
    OWNER = auto()
    TEAM = auto()
    ENTITLEMENT = auto()
    SLA_POLICY = auto()
    FIRST_ANSWER = auto()
    STATUS = auto()
    STATUS_REASON = auto()
    STAGE = auto()
    MESSAGES = auto()


COLUMNS_BY_FIELD: Final[Mapping[CaseField, tuple[str, ...]]] = {
    CaseField.TITLE: ("title",),
    CaseField.DESCRIPTION: ("description",),
    CaseField.PRIORITY: ("priority",),
    CaseField.SEVERITY: ("severity",),
    CaseField.ORIGIN: ("origin",),
    CaseField.TYPE: ("type_id",),
    CaseField.SUBJECT: ("subject_id",),
    CaseField.PRODUCT: ("product_id",),
    CaseField.DEADLINE: ("deadline",),
    CaseField.FOLLOW_UP_AT: ("follow_up_at",),
    CaseField.EXTERNAL_ID: ("external_id",),
    CaseField.SATISFACTION: ("satisfaction",),
    CaseField.CUSTOMER: ("account_id", "contact_id"),
    CaseField.CONTACT: ("contact_id",),
    CaseField.OWNER: ("owner_id",),
    CaseField.TEAM: ("team_id",),
    CaseField.ENTITLEMENT: ("entitlement_id",),
    CaseField.SLA_POLICY: ("sla_version_id",),
    CaseField.FIRST_ANSWER: ("first_answered_at",),
    CaseField.STATUS: ("status",),
    CaseField.STATUS_REASON: ("status_reason",),
    CaseField.STAGE: ("stage",),
    CaseField.MESSAGES: ("message_count",),
}
"""The columns behind a field; it is filled as soon as one of them is."""


def missing(fields: Iterable[CaseField], row: object) -> list[CaseField]:
    """Those of `fields` that are empty in a row: null, no text, or none of them."""
    return [field for field in fields if not any(getattr(row, column) for column in COLUMNS_BY_FIELD[field])]


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> frozenset[CaseField]:
    """The fields that are another in the columns `after` than `before`."""
    return frozenset(
        field
        for field, columns in COLUMNS_BY_FIELD.items()
        if any(before[column] != after[column] for column in columns)
    )
