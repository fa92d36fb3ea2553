"""Queries: where reading begins."""

import inspect
from asyncio import gather
from typing import Annotated, Any, Final, cast
from uuid import UUID

import strawberry
from strawberry import ID, UNSET
from tortoise.models import Model

import models
from actions.redirects import survivor_of
from cases import permissions, rules
from cases.conditions import All, Compare, Op
from cases.viewer import Viewer as Caller
from cases.vocabulary import Role
from models.reading import first
from models.visibility import visible
from schema.automation import AutomationRule, AutomationRun, AutomationVerdict, preview_automation
from schema.cases import Case
from schema.catalogue import CaseType, Product, Subject
from schema.connections import Connection, listing
from schema.context import Context, Info
from schema.customers import Account, Contact
from schema.deliveries import Delivery, NotificationPreview, NotificationTemplate, Webhook, preview_notification
from schema.entitlement_views import EntitlementBalance, EntitlementFit, entitlement_balance, entitlements_for
from schema.entitlements import Entitlement, EntitlementTemplate
from schema.enums import public_enum
from schema.ids import read_id
from schema.knowledge import Article
from schema.merge_previews import MergePreview, merge_preview
from schema.mirror import MIRRORS
from schema.node import Node
from schema.notifications import Notification, notifications
from schema.people import Person, Team, Tenant
from schema.queues import Queue, QueueItem, RoutingRuleSet, queue_items
from schema.relations import one
from schema.reports import Reports, reports
from schema.routing_views import RoutingDecision, preview_routing
from schema.search import (
    SearchResult,
    SimilarCase,
    SuggestedArticle,
    found_listing,
    search,
    similar_cases,
    suggested_articles,
)
from schema.sla import Calendar, SlaKpiInstance, SlaPolicy
from schema.sla_views import PREVIEW_COST, SlaPreview, SlaVerdict, explain_sla, preview_sla
from schema.views import SavedView

LONGEST_NAME: Final = 255
"""In characters; no number or external id is longer, and what cannot be stored names nothing."""


@strawberry.type(description="Who is asking, and what they may do.")
class Viewer:
    caller: strawberry.Private[Caller]

    @strawberry.field(description="The name on the credentials.")
    def name(self) -> str:
        return self.caller.name

    @strawberry.field
    def role(self) -> public_enum(Role):  # type: ignore[valid-type]
        return self.caller.role

    @strawberry.field(description="The tenant whose data this is.")
    async def tenant(self, info: Info) -> Tenant | None:
        return await one(info.context, models.Tenant, self.caller.tenant_id)

    @strawberry.field(description="The member of staff, if it is one.")
    async def person(self, info: Info) -> Person | None:
        return await _mine(info.context, models.Person, self.caller.person_id)

    @strawberry.field(description="The contact, if it is a customer.")
    async def contact(self, info: Info) -> Contact | None:
        return await _mine(info.context, models.Contact, self.caller.contact_id)

    @strawberry.field(description="The mutations that the viewer's role and scopes allow.")
    def permitted(self) -> list[str]:
        return sorted(_camel(act) for act in permissions.ROLES_BY_ACT if permissions.may(self.caller, act))


@strawberry.input(one_of=True, description="One of the names that a case goes by.")
class CaseKey:
    id: ID | None = UNSET
    number: str | None = UNSET
    external_id: str | None = UNSET


@strawberry.type
class Query:
    cases: Connection[Case] = found_listing(
        "Case",
        along="created_at",
        newest_first=True,
        description="All cases; with `search`, those of the 500 that its words fit best; with `view`, those of a view.",
    )
    articles: Connection[Article] = found_listing(
        "Article", along="title", description="All articles; with `search`, those of the 500 that its words fit best."
    )
    saved_views: Connection[SavedView] = listing("SavedView", along="name")
    queues: Connection[Queue] = listing("Queue", along="name")
    queue_items: Connection[QueueItem] = queue_items()
    routing_rule_sets: Connection[RoutingRuleSet] = listing("RoutingRuleSet", along="place")
    customers: Connection[Account] = listing(
        "Account", along="name", description="The companies cases are worked on for."
    )
    contacts: Connection[Contact] = listing("Contact", along="name")
    people: Connection[Person] = listing("Person", along="name")
    teams: Connection[Team] = listing("Team", along="name")
    products: Connection[Product] = listing("Product", along="name")
    subjects: Connection[Subject] = listing("Subject", along="name")
    case_types: Connection[CaseType] = listing("CaseType", along="name")
    calendars: Connection[Calendar] = listing("Calendar", along="name")
    sla_policies: Connection[SlaPolicy] = listing("SlaPolicy", along="name")
    sla_kpi_instances: Connection[SlaKpiInstance] = listing(
        "SlaKpiInstance", along="fail_at", description="The clocks of all cases, those due next first."
    )

    notifications: Connection[Notification] = notifications()
    notification_templates: Connection[NotificationTemplate] = listing("NotificationTemplate", along="name")
    webhooks: Connection[Webhook] = listing("Webhook", along="name", description="For administrators to see.")
    deliveries: Connection[Delivery] = listing(
        "Delivery", newest_first=True, description="What is sent to customers and other systems; for who leads to see."
    )
    preview_notification: NotificationPreview | None = strawberry.field(
        resolver=preview_notification, description=inspect.getdoc(preview_notification)
    )

    entitlements: Connection[Entitlement] = listing("Entitlement", along="name")
    entitlement_templates: Connection[EntitlementTemplate] = listing("EntitlementTemplate", along="name")
    entitlement_balance: list[EntitlementBalance] | None = strawberry.field(
        resolver=entitlement_balance, description=inspect.getdoc(entitlement_balance)
    )
    entitlements_for: list[EntitlementFit] | None = strawberry.field(
        resolver=entitlements_for, description=inspect.getdoc(entitlements_for)
    )

    search: SearchResult = strawberry.field(resolver=search, description=inspect.getdoc(search), metadata={"cost": 50})
    similar_cases: list[SimilarCase] | None = strawberry.field(
        resolver=similar_cases, description=inspect.getdoc(similar_cases), metadata={"cost": 50, "size": 20}
    )
    suggested_articles: list[SuggestedArticle] | None = strawberry.field(
        resolver=suggested_articles, description=inspect.getdoc(suggested_articles), metadata={"cost": 50, "size": 20}
    )

    preview_routing: RoutingDecision | None = strawberry.field(
        resolver=preview_routing, description=inspect.getdoc(preview_routing), metadata={"cost": 50}
    )
    preview_merge: MergePreview | None = strawberry.field(
        resolver=merge_preview, description=inspect.getdoc(merge_preview), metadata={"cost": 50}
    )
    explain_sla: list[SlaVerdict] | None = strawberry.field(
        resolver=explain_sla, description=inspect.getdoc(explain_sla)
    )
    preview_sla: SlaPreview = strawberry.field(
        resolver=preview_sla, description=inspect.getdoc(preview_sla), metadata={"cost": PREVIEW_COST}
    )

    reports: Reports | None = strawberry.field(resolver=reports, description=inspect.getdoc(reports))

    automation_rules: Connection[AutomationRule] = listing("AutomationRule", along="place")
    automation_runs: Connection[AutomationRun] = listing(
        "AutomationRun", along="created_at", newest_first=True, description="What rules did, the latest first."
    )
    preview_automation: list[AutomationVerdict] | None = strawberry.field(
        resolver=preview_automation, description=inspect.getdoc(preview_automation), metadata={"size": 100}
    )

    @strawberry.field(description="Who is asking.")
    def viewer(self, info: Info) -> Viewer:
        return Viewer(caller=info.context.viewer)

    @strawberry.field(description="The thing with this id; null if there is none, or none for this viewer.")
    async def node(self, info: Info, id: ID) -> Node | None:
        return await _found(info.context, id)

    @strawberry.field(description="The things with these ids, in their order; null for each that there is not.")
    async def nodes(self, info: Info, ids: list[ID]) -> list[Node | None]:
        return await gather(*(_found(info.context, id) for id in ids))  # together, so that they are one batch

    @strawberry.field(description="One case; null if there is none, or none for this viewer.")
    async def case(
        self,
        info: Info,
        key: CaseKey,
        follow_merges: Annotated[
            bool,
            strawberry.argument(
                description="Whether a case that was merged answers with the one in which it lives on, "
                "as far as the viewer sees that; false answers the case itself."
            ),
        ] = True,
    ) -> Case | None:
        found = await _case(info.context, key)
        if found is None or not follow_merges:
            return found
        return cast(Case, await survivor_of(found, info.context.viewer))

    @strawberry.field(description="One account; null if there is none, or none for this viewer.")
    async def account(self, info: Info, id: ID) -> Account | None:
        return await _found(info.context, id, models.Account)

    @strawberry.field(description="One article; null if there is none, or none for this viewer.")
    async def article(self, info: Info, id: ID) -> Article | None:
        return await _found(info.context, id, models.Article)

    @strawberry.field(description="One queue; null if there is none, or none for this viewer.")
    async def queue(self, info: Info, id: ID) -> Queue | None:
        return await _found(info.context, id, models.Queue)

    @strawberry.field(description="One contact; null if there is none, or none for this viewer.")
    async def contact(self, info: Info, id: ID) -> Contact | None:
        return await _found(info.context, id, models.Contact)


async def _found(context: Context, public_id: str, only: type[Model] | None = None) -> Any:
    parsed = read_id(public_id)
    viewer = context.viewer
    model = parsed and next((model for model in MIRRORS if model.__name__ == parsed[0]), None)
    if not parsed or model is None or only not in (None, model):
        return None
    return await one(context, model, parsed[1]) if viewer else None


async def _mine(context: Context, model: type[Model], key: UUID | None) -> Any:
    return None if key is None else await one(context, model, key)


async def _case(context: Context, key: CaseKey) -> Any:
    viewer = context.viewer
    if key.id:
        return await _found(context, key.id, models.Case)
    column, text = ("number", key.number) if key.number else ("external_id", key.external_id)
    if not text or any(rules.text(text, LONGEST_NAME, ())):
        return None
    named = Compare(column, Op.EQ, text)
    return await first(models.Case, All((visible(models.Case, viewer), named)))


def _camel(act: str) -> str:
    head, *tail = act.split("_")
    return head + "".join(part.title() for part in tail)
