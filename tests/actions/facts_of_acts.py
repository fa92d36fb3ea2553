"""Which facts each act leaves in the histories of cases."""

from collections.abc import Mapping

from cases.vocabulary import FactKind

KINDS: Mapping[str, FactKind] = {
    "update_case": FactKind.CHANGED,
    "change_case_customer": FactKind.CUSTOMER_CHANGED,
    "assign_case": FactKind.ASSIGNED,
    "add_comment": FactKind.COMMENTED,
    "progress_case": FactKind.PROGRESSED,
    "suspend_case": FactKind.SUSPENDED,
    "resume_case": FactKind.RESUMED,
    "advance_stage": FactKind.STAGE_ADVANCED,
    "resolve_case": FactKind.RESOLVED,
    "close_case": FactKind.CLOSED,
    "cancel_case": FactKind.CANCELED,
    "reactivate_case": FactKind.REACTIVATED,
    "delete_case": FactKind.DELETED,
    "merge_cases": FactKind.ABSORBED,
    "unmerge_case": FactKind.UNMERGED,
    "create_child_case": FactKind.CHILD_ADDED,
    "add_child_cases": FactKind.CHILD_ADDED,
    "remove_child_case": FactKind.CHILD_REMOVED,
    "link_cases": FactKind.LINKED,
    "follow_case": FactKind.FOLLOWED,
    "unfollow_case": FactKind.UNFOLLOWED,
    "urge_case": FactKind.URGED,
    "escalate_case": FactKind.ESCALATED,
    "add_internal_record": FactKind.INTERNAL_RECORDED,
    "record_response": FactKind.RESPONSE_RECORDED,
    "split_case": FactKind.SPLIT_OFF,
    "create_activity": FactKind.ACTIVITY_CREATED,
    "attach_file": FactKind.FILE_ATTACHED,
    "apply_sla": FactKind.SLA_APPLIED,
    "add_to_queue": FactKind.QUEUED,
    "pick_queue_item": FactKind.PICKED,
    "release_queue_item": FactKind.RELEASED,
    "route_queue_item": FactKind.ROUTED,
    "remove_from_queue": FactKind.UNQUEUED,
    "link_article": FactKind.ARTICLE_LINKED,
    "unlink_article": FactKind.ARTICLE_UNLINKED,
    "apply_entitlement": FactKind.ENTITLEMENT_APPLIED,
    "remove_entitlement": FactKind.ENTITLEMENT_REMOVED,
    "set_decrement_entitlement": FactKind.DECREMENT_WAIVED,
}
"""The fact by which the lifecycle knows each act that is about a case."""

BESIDE = {
    "update_activity",
    "complete_activity",
    "cancel_activity",
    "delete_attachments",
    "apply_routing_rules",
    "bulk_update_cases",
    "unlink_cases",
}
"""Acts about something that belongs to a case, of which its history tells."""

FURTHER_EVENTS = {
    "merge_cases": 1,
    "unmerge_case": 1,
    "split_case": 2,
    "create_child_case": 1,
    "add_child_cases": 1,
    "remove_child_case": 1,
    "link_cases": 1,
    "unlink_cases": 1,
}
"""How many more events there are of acts of which the history of another case tells too."""
