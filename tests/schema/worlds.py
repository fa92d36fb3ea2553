"""Worlds to walk through: a tenant in which every public field has a value somewhere, and what may be seen of it.

Every text in a world contains its slug, so that a word from one world is recognised in the answers of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tortoise.models import Model

import models
from actions import (
    calendars,
    changing,
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
    opening,
    promises,
    queueing,
    recording,
    skills,
    talking,
    tenant_settings,
    unmerging,
    urging,
    viewing,
    working,
)
from cases.automation import AutomationTrigger
from cases.notices import NoticeTrigger
from cases.viewer import Viewer
from cases.vocabulary import Audience, CaseCategory, Priority, ProductKind, ProductState, QueueKind, Role, StatusReason
from models import Account, Case, Contact, Person, Product, SlaPolicy, Team, Tenant
from models.fields import uuid7
from schema.ids import id_of, public_id
from tests import given
from tests.actions import contracts, notices
from tests.given import NOW, done

MISSING = uuid7()
"""A key that no row has."""

NO_TENANTS = ("TABLES", "Chore", "DeliveryHold", "OutboxOrigin")
TABLES: list[type[Model]] = [getattr(models, name) for name in models.__all__ if name not in NO_TENANTS]
"""Every table of tenants."""


@dataclass(frozen=True)
class World:
    """A populated tenant, somebody who sees all of it, and a customer who sees their own part."""

    tenant: Tenant
    admin: Viewer
    customer: Viewer
    own_account: Account
    own_contact: Contact
    open_case: Case

    async def rows(self) -> list[Model]:
        """Every row of the tenant, of every table."""
        found: list[Model] = [self.tenant]
        for table in TABLES:
            if "tenant_id" in table._meta.db_fields:
                found += await table.filter(tenant_id=self.tenant.id).order_by("id")
        return found

    async def names(self) -> set[str]:
        """All by which a row of this world could be recognised elsewhere: ids, keys, and the word in its texts."""
        rows = await self.rows()
        return {self.tenant.slug} | {id_of(row) for row in rows} | {str(row.pk) for row in rows}

    async def one_of_each(self, tables: Sequence[type[Model]] = TABLES) -> dict[str, str]:
        """The public id of the newest row of each table."""
        ids = {"Tenant": id_of(self.tenant)}
        for table in tables:
            if "tenant_id" in table._meta.db_fields:
                newest = await table.filter(tenant_id=self.tenant.id).order_by("-id").only("id").first()
                ids |= {table.__name__: id_of(newest)} if newest else {}
        return ids


def missing(type_name: str) -> str:
    """An id that is well-formed, and of nothing."""
    return public_id(type_name, MISSING)


async def populated(slug: str) -> World:
    """A tenant with a row in every table and a value in every public column."""
    home = await given.tenant(slug, name=f"{slug} inc", zone="Europe/Berlin")
    everywhere: dict[str, Any] = {"tenant": home}

    def named(name: str) -> dict[str, Any]:
        word = f"{slug} {name}"
        return {"name": word, "email": f"{slug}@example.com", "phone": f"1 {slug}", "external_id": word, **everywhere}

    admin = await given.viewer(Role.ADMIN, tenant=home)
    vera = await given.person(f"{slug} Vera", **everywhere)
    line = await given.team(f"{slug} line", [vera], **everywhere)
    acme, rival = await given.account(**named("Acme")), await given.account(**named("Rival"))
    carl = await given.contact(account=acme, language="de", **named("Carl"))
    eve = await given.contact(account=rival, **named("Eve"))
    family = await given.product(f"{slug} kitchen", ProductKind.FAMILY, **everywhere)
    kettle = await given.product(f"{slug} kettle", family=family, **everywhere)
    await given.product(f"{slug} toaster", state=ProductState.DRAFT, **everywhere)
    heat = await given.subject(f"{slug} heat", **everywhere)
    steam = await given.subject(f"{slug} steam", parent=heat, **everywhere)
    stages = [
        {"key": f"{slug} {word}", "name": f"{slug} {word}", "required": asked}
        for word, asked in (("ask", []), ("answer", ["PRODUCT"]))
    ]
    process: dict[str, Any] = {"moves": {"NEW": ["IN_PROGRESS", "SUSPENDED"]}, "sequence": ["NEW", "IN_PROGRESS"]}
    process["stages"] = [{"key": f"{slug} end", "name": f"{slug} end", "required": ["SATISFACTION"]}]
    returned = await given.case_type(f"{slug} return", **process, **everywhere)
    repair = await given.case_type(f"{slug} repair", stages=stages, **everywhere)
    await models.ApiKey.create(
        tenant=home, name=f"{slug} key", prefix=slug[:16], hash="0" * 64, scopes=["read"], created_at=NOW
    )
    customer = await given.viewer(Role.CUSTOMER, contact=carl)
    broken: dict[str, Any] = {"name": f"{slug} broken", "spec": {}, "version": 0, "fault": f"{slug} fault"}
    await models.SlaPolicy.create(tenant=home, created_at=NOW, **broken)
    day_off = {"date": (NOW - timedelta(days=5)).date().isoformat(), "name": f"{slug} day"}
    office = await given.calendar(f"{slug} office", by=admin, holidays=[day_off])
    hour, minute = {"amount": 60, "unit": "MINUTES"}, {"amount": 1, "unit": "MINUTES"}
    promised = {"fail_after": hour, "warn_after": minute, "calendar": str(office.id)}
    on_the_web = {**promised, "applicable_when": {"origin": {"eq": "WEB"}}}
    items = [{"name": f"{slug} {kpi}", "kpi": kpi, **on_the_web} for kpi in ("first_response", "resolution")]
    items.append({"name": f"{slug} elsewhere", "kpi": "first_response", **promised})
    gold = await given.sla_policy(f"{slug} gold", *items, by=admin)
    await done(promises.set_default_sla_policy, by=admin, policy=gold)

    async def opened(**said: Any) -> Case:
        said = {"title": f"{slug} question", "description": f"{slug} asks", "by": admin, **said}
        rows = await done(opening.create_case, **said)
        case: Case = rows["case"]
        return case

    full = await opened(
        by=customer,
        key=f"{slug} request",
        deadline=NOW + timedelta(days=1),
        satisfaction=4,
        priority=Priority.HIGH,
        type_id=repair,
        subject_id=steam,
        product_id=kettle,
    )
    await done(changing.update_case, by=admin, case=full, external_id=f"{slug} 1", follow_up_at=NOW)
    await done(talking.add_comment, by=customer, case=full, body=f"{slug} hello")
    await done(talking.add_comment, by=admin, case=full, body=f"{slug} answer")
    await done(talking.add_comment, by=admin, case=full, body=f"{slug} secret", audience=Audience.INTERNAL)
    await done(changing.assign_case, by=admin, case=full, assignee=line)
    await done(changing.assign_case, by=admin, case=full, assignee=vera)
    await done(working.suspend_case, by=admin, case=full, reason=StatusReason.ON_HOLD, note=f"{slug} note")
    told = {"description": f"{slug} ask for Carl", "owner": vera, "duration_minutes": 15, "billable_minutes": 10}
    times = {"due_at": NOW + timedelta(days=1), "starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
    call = await given.activity(f"{slug} call", by=admin, case=full, **told, **times)
    await done(doing.complete_activity, by=admin, activity=call)
    await given.activity(f"{slug} open", by=admin, case=full)
    await given.attachment(f"{slug} kettle.png", by=customer, case=full)
    await given.attachment(f"{slug} secret.pdf", by=admin, case=full, audience=Audience.INTERNAL)
    await given.upload(f"{slug} waiting.png", by=admin)
    await waiting(slug, admin, full, vera, line)
    await related(slug, admin, full)
    await automated(slug, admin)
    canceled, closed = await opened(customer=rival), await opened(customer=eve)
    await done(ending.cancel_case, by=admin, case=canceled)
    await done(ending.resolve_case, by=admin, case=closed, summary=f"{slug} seal", remarks=f"{slug} remark")
    await done(ending.close_case, by=admin, case=closed)
    await done(talking.add_comment, by=admin, case=(rivals := await opened(customer=rival)), body=f"{slug} psst")
    resting = await opened(customer=acme, type_id=returned, now=NOW - timedelta(days=6))
    await done(working.suspend_case, by=admin, case=resting, now=NOW - timedelta(days=1))
    await opened(customer=acme, now=NOW - timedelta(days=2))  # its promise is broken, and nobody has said so yet
    patient = await opened(customer=acme, now=NOW - timedelta(hours=2))  # answered in time while it was paused
    await done(working.suspend_case, by=admin, case=patient, now=NOW - timedelta(minutes=119))
    await done(talking.add_comment, by=admin, case=patient, body=f"{slug} soon", now=NOW - timedelta(hours=1))
    hours = {**office.spec, "holidays": []}
    await done(calendars.save_calendar, by=admin, name=office.name, calendar=office, hours=hours)
    late = await opened(customer=acme, now=NOW - timedelta(days=1))
    await done(talking.add_comment, by=admin, case=late, body=f"{slug} sorry")
    await done(ending.delete_case, by=admin, case=await opened(customer=acme, external_id=f"{slug} gone"))
    said: dict[str, Any] = {"body": f"{slug} vinegar", "keywords": [f"{slug} lime"], "subject": steam, "by": admin}
    await done(knowing.archive_article, by=admin, article=await given.article(f"{slug} elder", **said))
    await done(knowing.save_article, title=f"{slug} unwritten", **said)
    article = await given.article(f"{slug} question and descaling", **said)
    await done(knowing.save_article, title=f"{slug} unread", article=article, **said)
    await done(knowing.link_article, by=admin, case=full, article=article)
    await signed(slug, admin, full, kettle, gold)
    again, twice = [await opened(customer=acme) for _ in range(2)]
    for case in (again, twice):
        await done(talking.add_comment, by=admin, case=case, body=f"{slug} twice")
        await done(knowing.link_article, by=admin, case=case, article=article)
    await done(merging.merge_cases, by=admin, case=full, merged=[again, twice])
    await done(unmerging.unmerge_case, by=admin, case=twice)
    await sent(slug, admin, full)
    await heard(slug, admin, customer, full)
    where = {"title": {"contains": slug}}
    order = [{"priority": "DESC"}]
    await done(viewing.save_view, by=admin, name=f"{slug} view", where=where, order_by=order, shared=True)
    return World(home, admin, customer, acme, carl, rivals)


async def waiting(slug: str, admin: Viewer, full: Case, vera: Person, line: Team) -> None:
    """Queues with what waits, is worked on and has left; rules that find somebody, and nobody."""
    odd = {"accepts": [CaseCategory.QUESTION], "kind": QueueKind.PRIVATE, "description": f"{slug} oddities"}
    await given.queue(f"{slug} aside", members=[vera, line], by=admin, owner=vera, **odd)
    desk = await given.queue(f"{slug} desk", members=[line], by=admin)
    await done(skills.save_person_skills, by=admin, person=vera, skills=[{"skill": f"{slug} gas", "level": 2}])
    await done(skills.save_person_capacity, by=admin, person=vera, most_open=50)
    iced: dict[str, Any] = {"title": {"contains": f"{slug} ice"}}
    warm: dict[str, Any] = {"title": {"contains": f"{slug} warm"}}
    nobody = {"name": f"{slug} ice", "when": iced, "queue": str(desk.id), "skills": [{"skill": f"{slug} ice"}]}
    somebody = {"name": f"{slug} warm", "when": warm, "team": str(line.id)}
    await given.rule_set(f"{slug} rules", nobody, somebody, by=admin)
    customer: dict[str, Any] = {"by": admin, "customer": await Account.get(tenant=full.tenant_id, name=f"{slug} Acme")}
    for title in ("ice", "warm"):
        await done(opening.create_case, title=f"{slug} {title}", **customer)
    await done(queueing.add_to_queue, by=admin, case=full, queue=desk, priority=Priority.LOW)
    await done(queueing.pick_queue_item, by=admin, case=full, remove=True)
    await done(queueing.add_to_queue, by=admin, case=full, queue=desk)


async def related(slug: str, admin: Viewer, full: Case) -> None:
    """A case above the one with everything, and one below it that it is linked to; and a family that has ended."""
    of: dict[str, Any] = {"by": admin, "customer": await Account.get(id=full.account_id), "route": False}
    whole, part, over, along = [await given.case(f"{slug} {word}", **of) for word in ("whole", "part", "over", "along")]
    await done(tenant_settings.save_tenant_settings, by=admin, settings={"hierarchy_depth": 2})
    await done(family.add_child_cases, by=admin, case=whole, children=[full])
    await done(family.add_child_cases, by=admin, case=full, children=[part])
    await done(linking.link_cases, by=admin, case=full, other=part, note=f"{slug} why")
    await done(family.add_child_cases, by=admin, case=over, children=[along])
    await done(tenant_settings.save_tenant_settings, by=admin, settings={"closure_preference": "CASCADE"})
    await done(ending.resolve_case, by=admin, case=over, summary=f"{slug} over")
    await done(tenant_settings.save_tenant_settings, by=admin, settings={"closure_preference": "INDEPENDENT"})


async def sent(slug: str, admin: Viewer, full: Case) -> None:
    """What a customer and another system are sent, tried and given up."""
    texts: dict[str, Any] = {"subject": f"{slug} {{{{case.number}}}}", "body": f"{slug} {{{{comment.body}}}}"}
    await notices.template(f"{slug} said", NoticeTrigger.COMMENTED, by=admin, **texts)
    solved: dict[str, Any] = {"status_reason": StatusReason.PROBLEM_SOLVED, "language": "de"}
    await notices.template(f"{slug} solved", NoticeTrigger.STATUS_CHANGED, by=admin, **texts, **solved)
    await notices.webhook(f"{slug} hook", by=admin, url=f"https://{slug}.example.com/", kinds=["COMMENTED"])
    await done(talking.add_comment, by=admin, case=full, body=f"{slug} told")
    trouble = {"last_error": f"{slug} HTTP 503", "attempts": 1, "sent_at": NOW}
    await models.Delivery.filter(case_id=full.id).update(**trouble)


async def heard(slug: str, admin: Viewer, customer: Viewer, full: Case) -> None:
    """What somebody who follows a case is told of it, read and unread."""
    await done(following.follow_case, by=admin, case=full)
    await done(urging.escalate_case, by=admin, case=full, reason=f"{slug} reason")
    await done(changing.assign_case, by=admin, case=full, assignee=await Person.get(id=admin.person_id))
    await done(urging.urge_case, by=customer, case=full, note=f"{slug} please")
    await done(following.mark_notifications_read, by=admin)
    await done(recording.add_internal_record, by=admin, case=full, body=f"{slug} secret record")
    await done(recording.record_response, by=admin, case=full)
    await done(talking.add_comment, by=customer, case=full, body=f"{slug} well")


async def automated(slug: str, admin: Viewer) -> None:
    """Rules of each kind, of which one has acted on a case, and one could not."""
    told: dict[str, Any] = {"by": admin, "when": {"title": {"contains": f"{slug} auto"}}}
    aside = await models.Queue.get(name=f"{slug} aside")
    await given.automation_rule(
        f"{slug} raise", {"comment": f"{slug} look"}, {"notify": {"text": f"{slug} heed"}}, watched=["PRIORITY"], **told
    )
    await given.automation_rule(f"{slug} away", {"queue": str(aside.id)}, watched=["PRIORITY"], **told)
    nag: dict[str, Any] = {"trigger": AutomationTrigger.SCHEDULE, "every_minutes": 60, "idle_minutes": 30}
    await given.automation_rule(f"{slug} nag", {"unassign": True}, **nag, **told)
    case = await given.case(f"{slug} auto", by=admin, customer=await Account.get(name=f"{slug} Acme"))
    await done(changing.update_case, by=admin, case=case, priority=Priority.LOW)


async def signed(slug: str, admin: Viewer, full: Case, kettle: Product, gold: SlaPolicy) -> None:
    """Contracts that use every term: made from a template, amended, corrected, renewed and used up."""
    acme, carl = await Account.get(id=full.account_id), await Contact.get(id=full.contact_id)
    hours: dict[str, Any] = {
        "allocation": "HOURS",
        "decrement_on": "RESOLUTION",
        "after_hours_percent": 150,
        "period": "MONTH",
    }
    hours |= {
        "rolls_over": True,
        "roll_over_limit": "2",
        "percent_by_product": [{"product": kettle.id, "percent": 200}],
    }
    said: dict[str, Any] = {"terms": {**hours, "total": "5"}, "description": f"{slug} terms", "sla_policy": gold}
    template = (await done(drafting.save_entitlement_template, by=admin, name=f"{slug} yearly", **said))[
        "entitlement_template"
    ]
    listed: dict[str, Any] = {"product_ids": [str(kettle.id)], "contact_ids": [str(carl.id)], "overage": "BILL"}
    of = await contracts.contract(
        5, by=admin, customer=acme, name=f"{slug} hours", template=template, **{**hours, **listed}
    )
    await done(entitling.amend_entitlement, by=admin, entitlement=of, terms={"total": "6"}, note=f"{slug} more")
    await done(entitling.adjust_entitlement, by=admin, entitlement=of, amount=1, note=f"{slug} gift")
    await done(covering.apply_entitlement, by=admin, case=full, entitlement=of)
    shares: dict[str, Any] = {"total_by_channel": {"WEB": "1"}, "name": f"{slug} cases"}
    old = await contracts.contract(1, by=admin, customer=carl, ends_on="2025-06-03", **shares)
    rows = await done(entitling.renew_entitlement, by=admin, entitlement=old, carry_over=True)
    new = (await done(entitling.activate_entitlement, by=admin, entitlement=rows["entitlement"]))["entitlement"]
    await done(entitling.set_default_entitlement, by=admin, entitlement=new)
    words: dict[str, Any] = {"by": admin, "customer": carl, "title": f"{slug} paid", "entitlement": new}
    for _ in range(2):
        await given.case(**words)
