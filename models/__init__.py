"""Tables, and who sees which rows. Nothing here decides."""

from models.case import Case, CaseEvent, Message, Resolution
from models.catalogue import CaseType, Product, Subject
from models.customers import Account, Contact
from models.delivery import Counter, IdempotencyKey, Outbox
from models.entitlements import Entitlement, EntitlementAmendment, EntitlementBalance, EntitlementTemplate
from models.kpi_instances import SlaKpiInstance
from models.people import ApiKey, Membership, Person, Team, Tenant
from models.postings import EntitlementPosting
from models.sla import Calendar, CalendarVersion, SlaPolicy, SlaPolicyVersion

TABLES = (
    "models.people",
    "models.customers",
    "models.catalogue",
    "models.sla",
    "models.entitlements",
    "models.case",
    "models.postings",
    "models.kpi_instances",
    "models.delivery",
)
"""The modules that Tortoise reads tables from."""

__all__ = [
    "TABLES",
    "Account",
    "ApiKey",
    "Calendar",
    "CalendarVersion",
    "Case",
    "CaseEvent",
    "CaseType",
    "Contact",
    "Counter",
    "Entitlement",
    "EntitlementAmendment",
    "EntitlementBalance",
    "EntitlementPosting",
    "EntitlementTemplate",
    "IdempotencyKey",
    "Membership",
    "Message",
    "Outbox",
    "Person",
    "Product",
    "Resolution",
    "SlaKpiInstance",
    "SlaPolicy",
    "SlaPolicyVersion",
    "Subject",
    "Team",
    "Tenant",
]
