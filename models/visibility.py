"""Who sees which rows: the one gate that every read passes.

A rule says, for one table, which rows exist for a viewer; what it leaves out does not exist for them. Every public
table has a rule (a test says so), and a table without one has no rows for anybody.
"""

from collections.abc import Callable, Collection
from uuid import UUID

from tortoise.models import Model

from cases.conditions import EVERYTHING, NOTHING, All, AnyOf, Compare, Condition, Op, Related
from cases.permissions import LEADS
from cases.viewer import Viewer
from cases.vocabulary import ArticleState, Audience, EntitlementState, FactKind, ProductState, QueueKind, Role
from models.activities import Activity
from models.attachments import Attachment, Upload
from models.automation import AutomationRule, AutomationRun
from models.case import Case, CaseEvent, Message, Resolution
from models.catalogue import CaseType, Product, Subject
from models.customers import Account, Contact
from models.deliveries import Delivery, NotificationTemplate, Webhook
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

Rule = Callable[[Viewer], Condition]


def visible(model: type[Model], viewer: Viewer) -> Condition:
    """The condition that rows of `model` fulfil to exist for `viewer`. Without a read scope nothing does."""
    rule = RULES.get(model)
    if rule is None or not (viewer.has_scope("read") or viewer.has_scope("write")):
        return NOTHING
    if model is Tenant:
        return rule(viewer)
    return All((Compare("tenant_id", Op.EQ, viewer.tenant_id), rule(viewer)))


def visible_events(viewer: Viewer, kinds: Collection[str]) -> Condition:
    """As `visible`, of events that are known to be of these kinds: what is said of other kinds is not asked."""
    if visible(Case, viewer) == NOTHING:
        return NOTHING
    return All((Compare("tenant_id", Op.EQ, viewer.tenant_id), _events(viewer, kinds)))


def below(parent: type[Model], key: str, condition: Condition, viewer: Viewer) -> Condition:
    """The condition as it may be asked of rows whose `key` leads to rows of `parent` that `visible` gave just now.

    That those are visible need not be asked again.
    """
    match condition:
        case All(parts):
            return All(tuple(below(parent, key, part, viewer) for part in parts))
        case Related(field, inner) if field == key and inner == RULES[parent](viewer):
            return EVERYTHING
        case _:
            return condition


def _for_everybody(viewer: Viewer) -> Condition:
    return EVERYTHING


def _for_staff(viewer: Viewer) -> Condition:
    return NOTHING if viewer.role is Role.CUSTOMER else EVERYTHING


def _for_administrators(viewer: Viewer) -> Condition:
    return EVERYTHING if viewer.role is Role.ADMIN else NOTHING


def _tenants(viewer: Viewer) -> Condition:
    return Compare("id", Op.EQ, viewer.tenant_id)


def _products(viewer: Viewer) -> Condition:
    return Compare("state", Op.EQ, ProductState.ACTIVE) if viewer.role is Role.CUSTOMER else EVERYTHING


def _accounts(viewer: Viewer) -> Condition:
    """Customers see the account they belong to."""
    if viewer.role is not Role.CUSTOMER:
        return EVERYTHING
    return Compare("id", Op.EQ, viewer.account_id) if viewer.account_id else NOTHING


def _contacts(viewer: Viewer) -> Condition:
    """Customers see themselves and the others of their account."""
    if viewer.role is not Role.CUSTOMER:
        return EVERYTHING
    own = Compare("id", Op.EQ, viewer.contact_id) if viewer.contact_id else NOTHING
    if viewer.account_id is None:
        return own
    return AnyOf((own, Compare("account_id", Op.EQ, viewer.account_id)))


def _cases(viewer: Viewer) -> Condition:
    """Customers see their own cases and those of their account. A deleted case exists for nobody."""
    undeleted = Compare("deleted_at", Op.IS_NULL, True)
    if viewer.role is not Role.CUSTOMER:
        return undeleted
    own = Compare("contact_id", Op.EQ, viewer.contact_id) if viewer.contact_id else NOTHING
    theirs = Compare("account_id", Op.EQ, viewer.account_id) if viewer.account_id else NOTHING
    return All((undeleted, AnyOf((own, theirs))))


def _of_visible_cases(viewer: Viewer) -> Condition:
    return Related("case", _cases(viewer))


def _events(viewer: Viewer, kinds: Collection[str] = (FactKind.INTERNAL_RECORDED,)) -> Condition:
    """The history names colleagues and internal doings: it is for staff. `kinds` are those there may be."""
    if viewer.role is Role.CUSTOMER:
        return NOTHING
    if viewer.role is Role.ADMIN or FactKind.INTERNAL_RECORDED not in kinds:
        return _of_visible_cases(viewer)
    told = Compare("kind", Op.NIN, (FactKind.INTERNAL_RECORDED,))
    return All((_of_visible_cases(viewer), AnyOf((told, _of_own_cases(viewer)))))


def _deliveries(viewer: Viewer) -> Condition:
    """What was sent to whom is for those who lead."""
    return _of_visible_cases(viewer) if viewer.role in LEADS else NOTHING


def _internal_records(viewer: Viewer) -> Condition:
    """For whoever owns the case now, and the administrators; that one was written is not told to others either."""
    if viewer.role is Role.CUSTOMER:
        return NOTHING
    everywhere = EVERYTHING if viewer.role is Role.ADMIN else _of_own_cases(viewer)
    return All((_of_visible_cases(viewer), everywhere))


def _of_own_cases(viewer: Viewer) -> Condition:
    return Related("case", Compare("owner_id", Op.EQ, viewer.person_id)) if viewer.person_id else NOTHING


def _messages(viewer: Viewer) -> Condition:
    """What is said and sent among the staff is for them."""
    if viewer.role is not Role.CUSTOMER:
        return _of_visible_cases(viewer)
    return All((Compare("audience", Op.EQ, Audience.PUBLIC), _of_visible_cases(viewer)))


def _internal(viewer: Viewer) -> Condition:
    """What is done about a case, and how, is for the staff."""
    return NOTHING if viewer.role is Role.CUSTOMER else _of_visible_cases(viewer)


def _merges(viewer: Viewer) -> Condition:
    """What was merged, and what moved with it, is for the staff; of deleted cases nothing is there."""
    both = All((Related("survivor", _cases(viewer)), Related("loser", _cases(viewer))))
    return NOTHING if viewer.role is Role.CUSTOMER else both


def _uploads(viewer: Viewer) -> Condition:
    """A file that is attached to nothing yet is there for whoever sent it."""
    if viewer.role is Role.CUSTOMER:
        return Compare("uploader_contact_id", Op.EQ, viewer.contact_id) if viewer.contact_id else NOTHING
    if viewer.person_id is None:
        nobody = (Compare("uploader_person_id", Op.IS_NULL, True), Compare("uploader_contact_id", Op.IS_NULL, True))
        return All(nobody)
    return Compare("uploader_person_id", Op.EQ, viewer.person_id)


def _entitlements(viewer: Viewer) -> Condition:
    """Customers see what they bought, themselves or their account; a draft is no promise yet."""
    if viewer.role is not Role.CUSTOMER:
        return EVERYTHING
    keys = (("account_id", viewer.account_id), ("contact_id", viewer.contact_id))
    theirs = AnyOf(tuple(Compare(column, Op.EQ, key) for column, key in keys if key))
    return All((theirs, Compare("state", Op.NIN, (EntitlementState.DRAFT,))))


def _articles(viewer: Viewer) -> Condition:
    """Customers see what is published."""
    return Compare("state", Op.EQ, ArticleState.PUBLISHED) if viewer.role is Role.CUSTOMER else EVERYTHING


def _article_links(viewer: Viewer) -> Condition:
    return All((_of_visible_cases(viewer), Related("article", _articles(viewer))))


def _case_links(viewer: Viewer) -> Condition:
    """A link to a case that the viewer may not see is not there."""
    return All((_of_visible_cases(viewer), Related("other", _cases(viewer))))


def _saved_views(viewer: Viewer) -> Condition:
    """Everybody of the staff sees their own views, and those that are shared."""
    own = Compare("owner_id", Op.EQ, viewer.person_id) if viewer.person_id else NOTHING
    return NOTHING if viewer.role is Role.CUSTOMER else AnyOf((own, Compare("shared", Op.EQ, True)))


def _notifications(viewer: Viewer) -> Condition:
    """What somebody is told is for them alone."""
    if viewer.person_id is None or viewer.role is Role.CUSTOMER:
        return NOTHING
    return All((Compare("recipient_id", Op.EQ, viewer.person_id), _of_visible_cases(viewer)))


def within_queues(viewer: Viewer) -> Condition:
    """The queues whose items the viewer sees: public ones, those they own or are a member of; for who leads, all.

    Teams are members as they are now, so that whoever joins one later counts.
    """
    if viewer.role is Role.CUSTOMER:
        return NOTHING
    if viewer.role in LEADS:
        return EVERYTHING
    public = Compare("kind", Op.EQ, QueueKind.PUBLIC)
    return public if viewer.person_id is None else AnyOf((public, queues_of(viewer.person_id)))


def queues_of(person_id: UUID) -> Condition:
    """The queues that a person owns or is a member of, by themselves or by a team."""
    me = Compare("person_id", Op.EQ, person_id)
    member = AnyOf((me, Related("team", Related("Membership.team", me))))
    return AnyOf((Compare("owner_id", Op.EQ, person_id), Related("QueueMember.queue", member)))


def _queue_items(viewer: Viewer) -> Condition:
    return All((_of_visible_cases(viewer), Related("queue", within_queues(viewer))))


RULES: dict[type[Model], Rule] = {
    Tenant: _tenants,
    Person: _for_everybody,
    Team: _for_everybody,
    Membership: _for_staff,
    ApiKey: _for_administrators,
    Account: _accounts,
    Contact: _contacts,
    Product: _products,
    Subject: _for_everybody,
    CaseType: _for_everybody,
    Case: _cases,
    CaseEvent: _events,
    CaseMerge: _merges,
    CaseLink: _case_links,
    Message: _messages,
    Resolution: _of_visible_cases,
    Activity: _internal,
    Attachment: _messages,
    Upload: _uploads,
    Calendar: _for_everybody,
    CalendarVersion: _for_staff,
    SlaPolicy: _for_staff,
    SlaPolicyVersion: _for_staff,
    SlaKpiInstance: _of_visible_cases,
    Queue: _for_staff,
    QueueMember: _for_staff,
    QueueItem: _queue_items,
    RoutingRuleSet: _for_staff,
    PersonSkill: _for_staff,
    PersonCapacity: _for_staff,
    Entitlement: _entitlements,
    EntitlementTemplate: _for_staff,
    # Lines and amendments name colleagues: customers are shown balances.
    EntitlementAmendment: _for_staff,
    EntitlementBalance: _for_staff,
    EntitlementPosting: _for_staff,
    AutomationRule: _for_staff,
    AutomationRun: _internal,
    Article: _articles,
    ArticleVersion: _for_staff,
    ArticleLink: _article_links,
    SavedView: _saved_views,
    CaseFollower: _internal,
    Notification: _notifications,
    NotificationTemplate: _for_staff,
    Webhook: _for_administrators,
    Delivery: _deliveries,
    InternalRecord: _internal_records,
}
