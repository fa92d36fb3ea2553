"""Tables, and who sees which rows. Nothing here decides."""

from models.activities import Activity
from models.attachments import Attachment, Upload
from models.automation import AutomationRule, AutomationRun
from models.case import Case, CaseEvent, Message, Resolution
from models.catalogue import CaseType, Product, Subject
from models.customers import Account, Contact
from models.deliveries import Delivery, DeliveryHold, NotificationTemplate, Webhook
from models.delivery import Chore, Counter, IdempotencyKey, Outbox, OutboxOrigin
from models.entitlements import Entitlement, EntitlementAmendment, EntitlementBalance, EntitlementTemplate
from models.internal_records import InternalRecord
from models.knowledge import Article, ArticleLink, ArticleVersion
from models.kpi_instances import SlaKpiInstance
from models.links import CaseLink
from models.merges import CaseMerge
from models.notifications import CaseFollower, Notification
from models.people import ApiKey, Membership, Person, Team, Tenant
from models.postings import EntitlementPosting
from models.queues import PersonCapacity, PersonSkill, Queue, QueueItem, QueueMember, RoutingRuleSet
from models.sla import Calendar, CalendarVersion, SlaPolicy, SlaPolicyVersion
from models.views import SavedView

TABLES = (
    "models.people",
    "models.customers",
    "models.catalogue",
    "models.sla",
    "models.entitlements",
    "models.case",
    "models.merges",
    "models.links",
    "models.activities",
    "models.automation",
    "models.attachments",
    "models.queues",
    "models.postings",
    "models.kpi_instances",
    "models.knowledge",
    "models.fulltext",
    "models.views",
    "models.notifications",
    "models.deliveries",
    "models.internal_records",
    "models.delivery",
)
"""The modules that Tortoise reads tables from."""

__all__ = [
    "TABLES",
    "Account",
    "Activity",
    "ApiKey",
    "Article",
    "ArticleLink",
    "ArticleVersion",
    "Attachment",
    "AutomationRule",
    "AutomationRun",
    "Calendar",
    "CalendarVersion",
    "Case",
    "CaseEvent",
    "CaseFollower",
    "CaseLink",
    "CaseMerge",
    "CaseType",
    "Chore",
    "Contact",
    "Counter",
    "Delivery",
    "DeliveryHold",
    "Entitlement",
    "EntitlementAmendment",
    "EntitlementBalance",
    "EntitlementPosting",
    "EntitlementTemplate",
    "IdempotencyKey",
    "InternalRecord",
    "Membership",
    "Message",
    "Notification",
    "NotificationTemplate",
    "Outbox",
    "OutboxOrigin",
    "Person",
    "PersonCapacity",
    "PersonSkill",
    "Product",
    "Queue",
    "QueueItem",
    "QueueMember",
    "Resolution",
    "RoutingRuleSet",
    "SavedView",
    "SlaKpiInstance",
    "SlaPolicy",
    "SlaPolicyVersion",
    "Subject",
    "Team",
    "Tenant",
    "Upload",
    "Webhook",
]
