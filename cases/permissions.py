"""Permissions: which role may do which act.

One row per act, under the name of its function in `actions/`. Whether the case is one the viewer may see at all is
decided before (`models/visibility.py`): a customer's row here means their own cases.
"""

from typing import Final

from cases.refusals import NotPermitted
from cases.viewer import Viewer
from cases.vocabulary import Audience, Role

LEADS: Final = frozenset({Role.ADMIN, Role.MANAGER})
STAFF: Final = LEADS | {Role.AGENT}
DESK: Final = STAFF | {Role.INTEGRATION}
"""Everybody who works for the tenant: an integration acts as an agent does, and deletes nothing."""
EVERYBODY: Final = DESK | {Role.CUSTOMER}

ROLES_BY_ACT: Final[dict[str, frozenset[Role]]] = {
    "create_case": EVERYBODY,
    "update_case": DESK,
    "change_case_customer": DESK,
    "assign_case": DESK,
    "add_comment": EVERYBODY,
    "progress_case": DESK,
    "suspend_case": DESK,
    "resume_case": DESK,
    "advance_stage": DESK,
    "save_case_type": LEADS,
    "resolve_case": DESK,
    "close_case": DESK,
    # A customer may take back what they asked, and come back when the answer did not help.
    "cancel_case": EVERYBODY,
    "reactivate_case": EVERYBODY,
    "delete_case": LEADS,
    "merge_cases": DESK,
    "unmerge_case": DESK,
    "create_child_case": DESK,
    "add_child_cases": DESK,
    "remove_child_case": DESK,
    "link_cases": DESK,
    "unlink_cases": DESK,
    "follow_case": DESK,
    "unfollow_case": DESK,
    # A customer may ask whether anybody is there; how loud to be about it is for the staff to say.
    "urge_case": EVERYBODY,
    "escalate_case": DESK,
    "mark_notifications_read": DESK,
    "split_case": DESK,
    # Within the staff, only the owner and administrators: the act says so.
    "add_internal_record": DESK,
    "record_response": DESK,
    "bulk_update_cases": DESK,
    "save_notification_template": LEADS,
    "delete_notification_template": LEADS,
    # An address is called with what is known of cases: who decides for the tenant decides on that.
    "save_webhook": frozenset({Role.ADMIN}),
    "delete_webhook": frozenset({Role.ADMIN}),
    "retry_delivery": LEADS,
    "create_activity": DESK,
    "update_activity": DESK,
    "complete_activity": DESK,
    "cancel_activity": DESK,
    "attach_file": EVERYBODY,
    "delete_attachments": DESK,
    "apply_sla": DESK,
    "recalculate_sla": LEADS,
    "save_calendar": LEADS,
    "save_sla_policy": LEADS,
    "activate_sla_policy": LEADS,
    "deactivate_sla_policy": LEADS,
    "set_default_sla_policy": LEADS,
    "add_to_queue": DESK,
    "pick_queue_item": DESK,
    "release_queue_item": DESK,
    "route_queue_item": DESK,
    "remove_from_queue": DESK,
    "save_queue": LEADS,
    "apply_routing_rules": DESK,
    "save_routing_rule_set": LEADS,
    "activate_routing_rule_set": LEADS,
    "deactivate_routing_rule_set": LEADS,
    "save_automation_rule": LEADS,
    "activate_automation_rule": LEADS,
    "deactivate_automation_rule": LEADS,
    "reorder_automation_rules": LEADS,
    "delete_automation_rule": LEADS,
    "save_person_skills": LEADS,
    "save_person_capacity": LEADS,
    "apply_entitlement": DESK,
    "remove_entitlement": DESK,
    "set_decrement_entitlement": LEADS,
    "save_entitlement_template": LEADS,
    "create_entitlement": LEADS,
    "edit_entitlement": LEADS,
    "activate_entitlement": LEADS,
    "deactivate_entitlement": LEADS,
    "amend_entitlement": LEADS,
    "adjust_entitlement": LEADS,
    "cancel_entitlement": LEADS,
    "renew_entitlement": LEADS,
    "set_default_entitlement": LEADS,
    "save_article": DESK,
    "publish_article": LEADS,
    "archive_article": LEADS,
    "link_article": DESK,
    "unlink_article": DESK,
    "save_tenant_settings": frozenset({Role.ADMIN}),
    "save_view": DESK,
    "delete_view": DESK,
}


ON_A_MERGED_CASE: Final = frozenset({"unmerge_case", "delete_case"})
"""The acts that may be done to a case which was merged into another; all others are for its survivor."""


def may(viewer: Viewer, act: str) -> bool:
    """Whether the viewer's role and scopes allow the act. Raises KeyError for an act without a row: a bug."""
    return viewer.role in ROLES_BY_ACT[act] and viewer.has_scope("write")


def check(viewer: Viewer, act: str) -> None:
    """Raises NotPermitted if the viewer may not do the act, KeyError as `may` does."""
    if not may(viewer, act):
        raise NotPermitted()


def audiences(viewer: Viewer) -> frozenset[Audience]:
    """The audiences whose messages the viewer may read and write."""
    return frozenset(Audience) if viewer.role in DESK else frozenset({Audience.PUBLIC})


def check_audience(viewer: Viewer, audience: Audience) -> None:
    """Raises NotPermitted if the viewer may not write to `audience`."""
    if audience not in audiences(viewer):
        raise NotPermitted(path=("audience",))
