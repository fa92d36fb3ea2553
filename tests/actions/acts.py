"""Every act that clients can ask for, and what each needs to be told to succeed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

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
    promises,
    promising,
    queueing,
    queues,
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
from actions.signature import Act
from cases.automation import AutomationTrigger
from cases.viewer import Viewer
from cases.vocabulary import ActivityKind, Audience, CaseCategory, QueueItemState, Role, StatusReason
from models import Account, Case, CaseFollower, Message, Person, QueueItem, Upload
from schema.mutations import Mutation
from tests import given
from tests.actions import contracts, notices
from tests.given import NOW, done

ACTS: Mapping[str, Act] = {
    field.act.__name__: field.act
    for field in Mutation.__strawberry_definition__.fields  # type: ignore[attr-defined]
}
"""Every act that clients can ask for."""

SAID: Mapping[str, Callable[[], Awaitable[dict[str, Any]]]] = {}
"""What each act needs to be told besides the case, in a world where nothing but the case stands in its way."""


def says(act: Act) -> Callable[[Callable[[], Awaitable[dict[str, Any]]]], None]:
    def keep(words: Callable[[], Awaitable[dict[str, Any]]]) -> None:
        SAID[act.__name__] = words  # type: ignore[index]

    return keep


@says(changing.update_case)
async def _() -> dict[str, Any]:
    return {"title": "Another title"}


@says(changing.change_case_customer)
async def _() -> dict[str, Any]:
    return {"customer": await given.account("Umbrella")}


@says(changing.assign_case)
async def _() -> dict[str, Any]:
    return {"assignee": await given.person("Vera")}


@says(talking.add_comment)
async def _() -> dict[str, Any]:
    return {"body": "Hello"}


@says(working.progress_case)
async def _() -> dict[str, Any]:
    return {"reason": StatusReason.RESEARCHING}


@says(ending.resolve_case)
async def _() -> dict[str, Any]:
    return {"summary": "Done"}


@says(merging.merge_cases)
async def _() -> dict[str, Any]:
    return {"merged": [await given.case("The kettle leaks again", customer=await Account.first())]}


@says(children.create_child_case)
async def _() -> dict[str, Any]:
    return {"title": "The seal"}


@says(family.add_child_cases)
async def _() -> dict[str, Any]:
    return {"children": [await given.case()]}


@says(family.remove_child_case)
async def _() -> dict[str, Any]:
    return {"child": await given.case()}


@says(linking.link_cases)
async def _() -> dict[str, Any]:
    return {"other": await given.case()}


@says(linking.unlink_cases)
async def _() -> dict[str, Any]:
    by, case, other = await given.viewer(), await given.case(), await given.case()
    return {"link": (await done(linking.link_cases, by=by, case=case, other=other))["case_link"]}


@says(splitting.split_case)
async def _() -> dict[str, Any]:
    case = await Case.all().order_by("id").last()
    assert case is not None
    said: dict[str, Any] = {"audience": Audience.PUBLIC, "body": "And the toaster", "created_at": NOW}
    return {"title": "The toaster", "messages": [await Message.create(tenant_id=case.tenant_id, case=case, **said)]}


@says(doing.create_activity)
async def _() -> dict[str, Any]:
    return {"kind": ActivityKind.PHONE_CALL, "subject": "Call back"}


@says(doing.update_activity)
async def _() -> dict[str, Any]:
    return {"activity": await given.activity(), "subject": "Write back"}


for of_an_activity in (doing.complete_activity, doing.cancel_activity):

    @says(of_an_activity)
    async def _() -> dict[str, Any]:
        return {"activity": await given.activity()}


@says(attaching.attach_file)
async def _() -> dict[str, Any]:
    return {"uploads": [await given.upload()]}


@says(attaching.delete_attachments)
async def _() -> dict[str, Any]:
    return {"attachments": [await given.attachment()]}


@says(promising.apply_sla)
async def _() -> dict[str, Any]:
    return {"policy": await given.sla_policy()}


@says(calendars.save_calendar)
async def _() -> dict[str, Any]:
    return {"name": "Office", "hours": {"timezone": "UTC", "weekly_hours": {"mon": [["09:00", "17:00"]]}}}


@says(recalculating.recalculate_sla)
async def _() -> dict[str, Any]:
    return {"policy": await given.sla_policy()}


@says(promises.save_sla_policy)
async def _() -> dict[str, Any]:
    return {"name": "Gold", "items": []}


for of_a_policy in (
    promises.activate_sla_policy,
    promises.deactivate_sla_policy,
    promises.set_default_sla_policy,
):

    @says(of_a_policy)
    async def _() -> dict[str, Any]:
        return {"policy": await given.sla_policy()}


@says(covering.apply_entitlement)
async def _() -> dict[str, Any]:
    return {"entitlement": await contracts.contract(by=await contracts.lead(), customer=await Account.first())}


@says(covering.set_decrement_entitlement)
async def _() -> dict[str, Any]:
    return {"decrement": False, "note": "Our own fault"}


@says(drafting.save_entitlement_template)
async def _() -> dict[str, Any]:
    return {"name": "Yearly", "terms": {"allocation": "CASES", "decrement_on": "CREATION"}}


@says(entitling.create_entitlement)
async def _() -> dict[str, Any]:
    return {"name": "Support", "customer": await given.account(), "terms": contracts.YEAR}


for of_a_draft in (entitling.activate_entitlement, entitling.edit_entitlement):

    @says(of_a_draft)
    async def _() -> dict[str, Any]:
        return {"entitlement": await contracts.draft(by=await contracts.lead())}


for of_a_contract in (
    entitling.deactivate_entitlement,
    entitling.cancel_entitlement,
    entitling.set_default_entitlement,
):

    @says(of_a_contract)
    async def _() -> dict[str, Any]:
        return {"entitlement": await contracts.contract(by=await contracts.lead())}


@says(entitling.renew_entitlement)
async def _() -> dict[str, Any]:
    return {"entitlement": await contracts.contract(by=await contracts.lead(), ends_on="2025-06-01")}


@says(entitling.amend_entitlement)
async def _() -> dict[str, Any]:
    return {"entitlement": await contracts.contract(by=await contracts.lead()), "terms": {"total": "12"}}


@says(entitling.adjust_entitlement)
async def _() -> dict[str, Any]:
    return {"entitlement": await contracts.contract(by=await contracts.lead()), "amount": 2, "note": "A gift"}


@says(knowing.save_article)
async def _() -> dict[str, Any]:
    return {"title": "Descaling", "body": "Boil vinegar."}


for of_an_article in (
    knowing.publish_article,
    knowing.archive_article,
    knowing.link_article,
    knowing.unlink_article,
):

    @says(of_an_article)
    async def _() -> dict[str, Any]:
        return {"article": await given.article()}


@says(tenant_settings.save_tenant_settings)
async def _() -> dict[str, Any]:
    return {"settings": {"children_max": 50}}


@says(viewing.save_view)
async def _() -> dict[str, Any]:
    return {"name": "Urgent", "where": {"priority": {"eq": "HIGH"}}, "shared": True}


@says(viewing.delete_view)
async def _() -> dict[str, Any]:
    nobody = Viewer((await given.home()).id, Role.ADMIN, "Importer")  # what belongs to nobody is everybody's
    rows = await done(viewing.save_view, by=nobody, name="Ours", where={}, shared=True)
    return {"view": rows["saved_view"]}


@says(queueing.add_to_queue)
async def _() -> dict[str, Any]:
    return {"queue": await given.queue("Anywhere")}


@says(queueing.route_queue_item)
async def _() -> dict[str, Any]:
    return {"to": await given.person("Vera")}


@says(queues.save_queue)
async def _() -> dict[str, Any]:
    return {"name": "Anywhere"}


@says(routing.apply_routing_rules)
async def _() -> dict[str, Any]:
    waits = await given.case()
    await given.rule_set("Rules", {"name": "All", "queue": str((await given.queue()).id)})
    return {"cases": [waits]}


@says(rule_sets.save_routing_rule_set)
async def _() -> dict[str, Any]:
    return {"name": "Rules", "items": []}


for of_a_set in (rule_sets.activate_routing_rule_set, rule_sets.deactivate_routing_rule_set):

    @says(of_a_set)
    async def _() -> dict[str, Any]:
        nowhere = {"name": "None", "when": {"title": {"eq": ""}}, "queue": str((await given.queue()).id)}
        return {"rule_set": await given.rule_set("Rules", nowhere)}


@says(skills.save_person_skills)
async def _() -> dict[str, Any]:
    return {"person": await given.person("Vera"), "skills": [{"skill": "ice", "level": 3}]}


@says(skills.save_person_capacity)
async def _() -> dict[str, Any]:
    return {"person": await given.person("Vera"), "most_open": 3}


@says(bulk.bulk_update_cases)
async def _() -> dict[str, Any]:
    return {"cases": [await given.case()], "title": "Another title"}


@says(staging.advance_stage)
async def _() -> dict[str, Any]:
    staged = await given.case_type(
        "Staged", stages=[{"key": "ask", "name": "Ask"}, {"key": "answer", "name": "Answer"}]
    )
    for case in await Case.all():
        case.type_id, case.stage = staged.id, "ask"
        await case.save()
    return {}


@says(case_types.save_case_type)
async def _() -> dict[str, Any]:
    return {"name": "Return", "category": CaseCategory.REQUEST}


@says(following.unfollow_case)
async def _() -> dict[str, Any]:
    for case in await Case.all():  # everybody follows everything
        for person in await Person.filter(tenant_id=case.tenant_id):
            await CaseFollower.create(tenant_id=case.tenant_id, case=case, person=person, created_at=given.NOW)
    return {}


@says(urging.urge_case)
async def _() -> dict[str, Any]:
    await Case.filter(owner_id=None).update(owner_id=(await given.person("Vera")).id)
    return {"note": "The shop is closed"}


@says(recording.add_internal_record)
async def _() -> dict[str, Any]:
    return {"body": BETWEEN_US}


for act_of_notices, told in notices.SAID.items():
    says(act_of_notices)(told)


@says(urging.escalate_case)
async def _() -> dict[str, Any]:
    return {"reason": "The shop is closed"}


@says(automation_rules.save_automation_rule)
async def _() -> dict[str, Any]:
    return {"name": "Tidy", "trigger": AutomationTrigger.ON_UPDATE, "actions": [{"comment": "Look"}]}


for of_a_rule in (
    automation_rules.activate_automation_rule,
    automation_rules.deactivate_automation_rule,
    automation_rules.delete_automation_rule,
):

    @says(of_a_rule)
    async def _() -> dict[str, Any]:
        return {"rule": await given.automation_rule(when={"title": {"eq": ""}})}


@says(automation_rules.reorder_automation_rules)
async def _() -> dict[str, Any]:
    return {"rules": [await given.automation_rule(when={"title": {"eq": ""}})]}


for silent in (
    recording.record_response,
    following.follow_case,
    following.mark_notifications_read,
    queueing.pick_queue_item,
    queueing.release_queue_item,
    queueing.remove_from_queue,
    working.suspend_case,
    working.resume_case,
    ending.close_case,
    ending.cancel_case,
    ending.reactivate_case,
    ending.delete_case,
    unmerging.unmerge_case,
    covering.remove_entitlement,
):

    @says(silent)
    async def _() -> dict[str, Any]:
        return {}


BETWEEN_US = "Between us"
"""What only the owner of a case may write, or an administrator."""


async def handed(said: dict[str, Any], by: Viewer) -> dict[str, Any]:
    """What an act is told, with the uploads in it sent by whoever performs it: those of others are not there.

    What is picked is picked by them: only who works on a case puts it back. Likewise they own what is between few.
    """
    if "case" in said and by.person_id:
        picked = QueueItem.filter(open_case_id=said["case"].id, state=QueueItemState.PICKED)
        await picked.update(worker_id=by.person_id)
    if said.get("body") == BETWEEN_US and by.person_id:
        await Case.filter(deleted_at=None).update(owner_id=by.person_id)
    for upload in said.get("uploads", ()):
        sender = {"uploader_person_id": by.person_id, "uploader_contact_id": by.contact_id}
        await Upload.filter(id=upload.id).update(**sender)
    return said
