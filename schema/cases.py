"""The case as clients see it, with its history and what was said on it."""

from typing import TYPE_CHECKING

from strawberry import auto
from strawberry.scalars import JSON

import models
from schema.activities import minutes
from schema.computed import computed
from schema.connections import Connection, children
from schema.mirror import mirrors
from schema.node import Node
from schema.notifications import followed
from schema.payloads import payload_part
from schema.people import Actor
from schema.relations import related
from schema.reverse import reverse
from schema.stages import CaseStage, case_stage
from schema.timeline import TimelineEntry, timeline

if TYPE_CHECKING:
    from schema.activities import Activity
    from schema.attachments import Attachment
    from schema.automation import AutomationRun
    from schema.catalogue import CaseType, Product, Subject
    from schema.customers import Account, Contact, Customer
    from schema.entitlements import Entitlement
    from schema.internal_records import InternalRecord
    from schema.knowledge import ArticleLink
    from schema.links import CaseLink
    from schema.merges import CaseMerge
    from schema.notifications import CaseFollower
    from schema.people import Person, Team
    from schema.queues import QueueItem
    from schema.sla import SlaKpiInstance, SlaPolicyVersion


@mirrors(models.Case, order=("created_at", "updated_at", "priority", "deadline", "follow_up_at"), where=("stage",))
class Case(Node):
    number: auto
    title: auto
    description: auto
    status: auto
    status_reason: auto
    priority: auto
    severity: auto
    origin: auto
    type: "CaseType | None" = related()
    stage: CaseStage | None = case_stage()
    subject: "Subject | None" = related()
    product: "Product | None" = related()
    customer: "Customer | None" = related(
        "account", "contact", description="For whom the case is: the account, or the contact if they have none."
    )
    account: "Account | None" = related()
    contact: "Contact | None" = related()
    owner: "Person | None" = related()
    team: "Team | None" = related()
    deadline: auto
    follow_up_at: auto
    external_id: auto
    satisfaction: auto
    version: auto
    created_at: auto
    updated_at: auto
    paused_since: auto
    first_answered_at: auto
    last_customer_message_at: auto
    message_count: auto
    reopen_count: auto
    assignment_count: auto
    resolved_at: auto
    closed_at: auto
    canceled_at: auto
    escalated_at: auto
    is_escalated: bool = computed(
        lambda row, context: row.escalated_at is not None,
        "escalated_at",
        description="Whether the flag beside its title is up. Filter by `escalatedAt: {isNull: false}`.",
    )
    followers: "Connection[CaseFollower]" = children("case", description="For the staff to see.")
    is_followed: bool = followed()
    internal_records: "Connection[InternalRecord]" = children(
        "case", description="For its owner and the administrators to see."
    )
    events: "Connection[CaseEvent]" = children("case", along="number")
    messages: "Connection[Message]" = children("case")
    resolutions: "Connection[Resolution]" = children("case")
    activities: "Connection[Activity]" = children("case")
    attachments: "Connection[Attachment]" = children("case")
    timeline: Connection[TimelineEntry] = timeline("Everything that happened to it, within what the viewer may see.")
    total_minutes: int | None = minutes(0, "Minutes that its completed activities took; for the staff to see.")
    billable_minutes: int | None = minutes(1, "Of these, the ones to be charged; for the staff to see.")
    articles: "Connection[ArticleLink]" = children("case")
    queue_item: "QueueItem | None" = reverse(
        "QueueItem",
        "open_case_id",
        owner="case",
        description="Its place in the queue it is in now; null if it is in none.",
    )
    automation_runs: "Connection[AutomationRun]" = children("case", newest_first=True)
    sla_version: "SlaPolicyVersion | None" = related()
    sla_source: auto
    parent: "Case | None" = related(description="The case that it is a part of.")
    links: "Connection[CaseLink]" = children("case", description="What it is to other cases.")
    entitlement: "Entitlement | None" = related()
    decrement_waived: auto
    merged_into: "Case | None" = related(
        description="The case that this one was merged into and lives on in; null if it was not."
    )
    merged_cases: "Connection[Case]" = children("merged_into", description="The cases that were merged into this one.")
    merges: "Connection[CaseMerge]" = children(
        "survivor", description="What came to it from other cases, also where that was undone; for the staff to see."
    )
    sla_kpi_instances: "Connection[SlaKpiInstance]" = children("case", along="applied_from")
    # The last one: from here on the name means the field.
    children: "Connection[Case]" = children("parent", description="The cases that are parts of it.")


@mirrors(models.CaseEvent, order=("at", "number"))
class CaseEvent(TimelineEntry):
    number: auto
    kind: auto
    at: auto
    cause: auto
    changes: JSON = payload_part("changes", "The fields it set, by their public names; rows are given by their ids.")
    details: JSON = payload_part("details", "What else is known of it.")
    case: "Case | None" = related()
    actor: "Actor | None" = related("actor_person", "actor_contact", description="Null for the system itself.")


@mirrors(models.Message, order=("created_at",))
class Message(TimelineEntry):
    audience: auto
    body: auto
    origin: auto
    created_at: auto
    case: "Case | None" = related()
    author: "Actor | None" = related("author_person", "author_contact", description="Null for the system itself.")


@mirrors(models.Resolution, order=("created_at",))
class Resolution(Node):
    reason: auto
    summary: auto
    remarks: auto
    total_minutes: auto
    billable_minutes: auto
    created_at: auto
    case: "Case | None" = related()
    resolved_by: "Person | None" = related()
    cascaded_from: "Resolution | None" = related()
