"""Mutations: one line for each act."""

import strawberry

from actions import (
    attaching,
    automation_rules,
    bulk,
    calendars,
    case_types,
    changing,
    children,
    covering,
    doing,
    drafting,
    ending,
    entitling,
    family,
    following,
    knowing,
    linking,
    merging,
    noting,
    opening,
    promises,
    promising,
    queueing,
    recalculating,
    recording,
    routing,
    rule_sets,
    skills,
    splitting,
    staging,
    talking,
    tenant_settings,
    unmerging,
    urging,
    viewing,
    working,
)
from actions import (
    queues as queue_keeping,
)
from schema import (  # noqa: F401  # their inputs are what these acts ask for
    attachments,
    automation,
    bulk_outcomes,
    deliveries,
    entitlements,
    internal_records,
    links,
    merges,
    queues,
    routing_views,
    sla,
    stages,
)
from schema.act import act


@strawberry.type
class Mutation:
    create_case = act(opening.create_case)
    update_case = act(changing.update_case)
    change_case_customer = act(changing.change_case_customer)
    assign_case = act(changing.assign_case)
    add_comment = act(talking.add_comment)
    progress_case = act(working.progress_case)
    suspend_case = act(working.suspend_case)
    resume_case = act(working.resume_case)
    advance_stage = act(staging.advance_stage)
    save_case_type = act(case_types.save_case_type)
    resolve_case = act(ending.resolve_case)
    close_case = act(ending.close_case)
    cancel_case = act(ending.cancel_case)
    reactivate_case = act(ending.reactivate_case)
    delete_case = act(ending.delete_case)
    merge_cases = act(merging.merge_cases)
    unmerge_case = act(unmerging.unmerge_case)
    create_child_case = act(children.create_child_case)
    add_child_cases = act(family.add_child_cases)
    remove_child_case = act(family.remove_child_case)
    link_cases = act(linking.link_cases)
    unlink_cases = act(linking.unlink_cases)
    follow_case = act(following.follow_case)
    unfollow_case = act(following.unfollow_case)
    urge_case = act(urging.urge_case)
    escalate_case = act(urging.escalate_case)
    add_internal_record = act(recording.add_internal_record)
    record_response = act(recording.record_response)
    mark_notifications_read = act(following.mark_notifications_read)
    split_case = act(splitting.split_case)
    bulk_update_cases = act(bulk.bulk_update_cases, cost=1_000)  # up to 200 cases, each changed as if alone
    save_notification_template = act(noting.save_notification_template)
    delete_notification_template = act(noting.delete_notification_template)
    save_webhook = act(noting.save_webhook)
    delete_webhook = act(noting.delete_webhook)
    retry_delivery = act(noting.retry_delivery)
    create_activity = act(doing.create_activity)
    update_activity = act(doing.update_activity)
    complete_activity = act(doing.complete_activity)
    cancel_activity = act(doing.cancel_activity)
    attach_file = act(attaching.attach_file)
    delete_attachments = act(attaching.delete_attachments)
    apply_sla = act(promising.apply_sla)
    save_calendar = act(calendars.save_calendar)
    save_sla_policy = act(promises.save_sla_policy)
    activate_sla_policy = act(promises.activate_sla_policy)
    deactivate_sla_policy = act(promises.deactivate_sla_policy)
    set_default_sla_policy = act(promises.set_default_sla_policy)
    recalculate_sla = act(recalculating.recalculate_sla)
    apply_entitlement = act(covering.apply_entitlement)
    remove_entitlement = act(covering.remove_entitlement)
    set_decrement_entitlement = act(covering.set_decrement_entitlement)
    save_entitlement_template = act(drafting.save_entitlement_template)
    create_entitlement = act(entitling.create_entitlement)
    edit_entitlement = act(entitling.edit_entitlement)
    activate_entitlement = act(entitling.activate_entitlement)
    deactivate_entitlement = act(entitling.deactivate_entitlement)
    amend_entitlement = act(entitling.amend_entitlement)
    adjust_entitlement = act(entitling.adjust_entitlement)
    cancel_entitlement = act(entitling.cancel_entitlement)
    renew_entitlement = act(entitling.renew_entitlement)
    set_default_entitlement = act(entitling.set_default_entitlement)
    link_article = act(knowing.link_article)
    unlink_article = act(knowing.unlink_article)
    save_article = act(knowing.save_article)
    publish_article = act(knowing.publish_article)
    archive_article = act(knowing.archive_article)
    save_tenant_settings = act(tenant_settings.save_tenant_settings)
    save_view = act(viewing.save_view)
    delete_view = act(viewing.delete_view)
    add_to_queue = act(queueing.add_to_queue)
    pick_queue_item = act(queueing.pick_queue_item)
    release_queue_item = act(queueing.release_queue_item)
    route_queue_item = act(queueing.route_queue_item)
    remove_from_queue = act(queueing.remove_from_queue)
    save_queue = act(queue_keeping.save_queue)
    apply_routing_rules = act(routing.apply_routing_rules)
    save_routing_rule_set = act(rule_sets.save_routing_rule_set)
    activate_routing_rule_set = act(rule_sets.activate_routing_rule_set)
    deactivate_routing_rule_set = act(rule_sets.deactivate_routing_rule_set)
    save_automation_rule = act(automation_rules.save_automation_rule)
    activate_automation_rule = act(automation_rules.activate_automation_rule)
    deactivate_automation_rule = act(automation_rules.deactivate_automation_rule)
    reorder_automation_rules = act(automation_rules.reorder_automation_rules)
    delete_automation_rule = act(automation_rules.delete_automation_rule)
    save_person_skills = act(skills.save_person_skills)
    save_person_capacity = act(skills.save_person_capacity)
