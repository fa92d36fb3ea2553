"""Who sees which rows: the one gate that every read passes.

A rule says, for one table, which rows exist for a viewer; what it leaves out does not exist for them. Every public
table has a rule (a test says so), and a table without one has no rows for anybody.
"""

from collections.abc import Callable

from tortoise.models import Model

from cases.conditions import EVERYTHING, NOTHING, All, AnyOf, Compare, Condition, Op, Related
from cases.viewer import Viewer
from cases.vocabulary import Audience, EntitlementState, ProductState, Role
from models.case import Case, CaseEvent, Message, Resolution
from models.catalogue import CaseType, Product, Subject
from models.customers import Account, Contact
from models.entitlements import Entitlement, EntitlementAmendment, EntitlementBalance, EntitlementTemplate
from models.kpi_instances import SlaKpiInstance
from models.people import ApiKey, Membership, Person, Team, Tenant
from models.postings import EntitlementPosting
from models.sla import Calendar, CalendarVersion, SlaPolicy, SlaPolicyVersion

Rule = Callable[[Viewer], Condition]


def visible(model: type[Model], viewer: Viewer) -> Condition:
    """The condition that rows of `model` fulfil to exist for `viewer`. Without a read scope nothing does."""
    rule = RULES.get(model)
    if rule is None or not (viewer.has_scope("read") or viewer.has_scope("write")):
        return NOTHING
    if model is Tenant:
        return rule(viewer)
    return All((Compare("tenant_id", Op.EQ, viewer.tenant_id), rule(viewer)))


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


def _events(viewer: Viewer) -> Condition:
    """The history names colleagues and internal doings: it is for staff."""
    return NOTHING if viewer.role is Role.CUSTOMER else _of_visible_cases(viewer)


def _messages(viewer: Viewer) -> Condition:
    if viewer.role is not Role.CUSTOMER:
        return _of_visible_cases(viewer)
    return All((Compare("audience", Op.EQ, Audience.PUBLIC), _of_visible_cases(viewer)))


def _entitlements(viewer: Viewer) -> Condition:
    """Customers see what they bought, themselves or their account; a draft is no promise yet."""
    if viewer.role is not Role.CUSTOMER:
        return EVERYTHING
    keys = (("account_id", viewer.account_id), ("contact_id", viewer.contact_id))
    theirs = AnyOf(tuple(Compare(column, Op.EQ, key) for column, key in keys if key))
    return All((theirs, Compare("state", Op.NIN, (EntitlementState.DRAFT,))))


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
    Message: _messages,
    Resolution: _of_visible_cases,
    Calendar: _for_everybody,
    CalendarVersion: _for_staff,
    SlaPolicy: _for_staff,
    SlaPolicyVersion: _for_staff,
    SlaKpiInstance: _of_visible_cases,
    Entitlement: _entitlements,
    EntitlementTemplate: _for_staff,
    # Lines and amendments name colleagues: customers are shown balances.
    EntitlementAmendment: _for_staff,
    EntitlementBalance: _for_staff,
    EntitlementPosting: _for_staff,
}
