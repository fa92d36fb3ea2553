"""The page by hand: the SQL and the Python that somebody would write for this one question and no other."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

import orjson

from bench.nested.pages import ANSWERED_AT
from cases.vocabulary import Priority
from models.database import reading
from models.reading import dialect
from schema.ids import public_id

CASES: Final = """SELECT id, number, title, status, priority, created_at, updated_at, account_id, contact_id, owner_id,
    team_id, product_id FROM "case" WHERE tenant_id = {tenant} AND deleted_at IS NULL
    ORDER BY created_at DESC, id DESC LIMIT 50"""
CLOCKS: Final = """SELECT case_id, id, kpi, state, fail_at, warn_at, applied_from, breaks_at FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY applied_from, id) AS place FROM sla_kpi_instance
    WHERE case_id {keys} AND {tenant_id} = {tenant}) AS ranked WHERE place <= 5 ORDER BY place"""
EVENTS: Final = """SELECT case_id, id, number, kind, at, cause FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY number DESC, id DESC) AS place FROM case_event
    WHERE case_id {keys} AND {tenant_id} = {tenant}) AS ranked WHERE place <= 3 ORDER BY place DESC"""
MESSAGES: Final = """SELECT case_id, id, body, audience, created_at, author_person_id, author_contact_id FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY created_at, id) AS place FROM message
    WHERE case_id {keys} AND {tenant_id} = {tenant}) AS ranked WHERE place <= 5 ORDER BY place"""
NAMED: Final = 'SELECT id, name{more} FROM "{table}" WHERE id {keys} AND tenant_id = {tenant}'
PRIORITIES: Final = [priority.name for priority in Priority]

Key = Any


async def page(tenant_id: UUID) -> bytes:
    postgres = dialect() == "postgres"
    tenant = tenant_id if postgres else str(tenant_id)
    shown = _as_it_is if postgres else _shown_text
    now: Any = ANSWERED_AT if postgres else ANSWERED_AT.strftime("%Y-%m-%d %H:%M:%S.%f+00:00")

    async def rows(sql: str, keys: Iterable[Key] | None = None, **parts: str) -> Sequence[Any]:
        parts["tenant_id"] = "tenant_id" if postgres else "+tenant_id"  # or SQLite takes the index by tenant
        client = reading()
        if keys is None:
            return (await client.execute_query(sql.format(tenant="$1" if postgres else "?1", **parts), [tenant]))[1]
        several = list(dict.fromkeys(key for key in keys if key is not None))
        if postgres:
            text, values = sql.format(keys="= ANY($2)", tenant="$1", **parts), [tenant, several]
        else:
            text = sql.format(keys="IN (SELECT value FROM json_each(?2))", tenant="?1", **parts)
            values = [tenant, orjson.dumps(several).decode()]
        return (await client.execute_query(text, values))[1]

    cases = await rows(CASES)
    ids = [case[0] for case in cases]
    clocks, events, messages = await rows(CLOCKS, ids), await rows(EVENTS, ids), await rows(MESSAGES, ids)
    of_accounts = await rows(NAMED, (case[7] for case in cases), table="account", more=", email")
    of_contacts = await rows(NAMED, (case[8] for case in cases if case[7] is None), table="contact", more=", email")
    of_owners = await rows(NAMED, (case[9] for case in cases), table="person", more=", email")
    of_teams = await rows(NAMED, (case[10] for case in cases), table="team", more="")
    of_products = await rows(NAMED, (case[11] for case in cases), table="product", more="")
    of_staff = await rows(NAMED, (message[5] for message in messages), table="person", more="")
    of_others = await rows(NAMED, (message[6] for message in messages), table="contact", more="")

    accounts, contacts = _with_email("Account", of_accounts), _with_email("Contact", of_contacts)
    owners, teams, products = _with_email("Person", of_owners), _named("Team", of_teams), _named("Product", of_products)
    authors = _named("Person", of_staff) | _named("Contact", of_others)
    clocks_of: dict[Key, list[Any]] = defaultdict(list)
    for case, key, kpi, state, fail_at, warn_at, applied_from, breaks_at in clocks:
        if breaks_at is not None and now > breaks_at:
            state = "NONCOMPLIANT"
        elif warn_at is not None and now >= warn_at:
            state = "NEARING_NONCOMPLIANCE"
        clocks_of[case].append(
            {
                "id": _id("SlaKpiInstance", key),
                "kpi": kpi,
                "state": state,
                "failAt": shown(fail_at),
                "warnAt": shown(warn_at),
                "appliedFrom": shown(applied_from),
            }
        )
    events_of: dict[Key, list[Any]] = defaultdict(list)
    for case, key, number, kind, at, cause in events:
        events_of[case].append(
            {"id": _id("CaseEvent", key), "number": number, "kind": kind, "at": shown(at), "cause": cause}
        )
    messages_of: dict[Key, list[Any]] = defaultdict(list)
    for case, key, body, audience, created_at, person, contact in messages:
        messages_of[case].append(
            {
                "id": _id("Message", key),
                "body": body,
                "audience": audience,
                "createdAt": shown(created_at),
                "author": authors.get(person or contact),
            }
        )
    nodes = [
        {
            "id": _id("Case", key),
            "number": number,
            "title": title,
            "status": status,
            "priority": PRIORITIES[priority],
            "createdAt": shown(created),
            "updatedAt": shown(updated),
            "customer": contacts.get(contact) if account is None else accounts.get(account),
            "owner": owners.get(owner),
            "team": teams.get(team),
            "product": products.get(product),
            "slaKpiInstances": {"nodes": clocks_of[key]},
            "events": {"nodes": events_of[key]},
            "messages": {"nodes": messages_of[key]},
        }
        for key, number, title, status, priority, created, updated, account, contact, owner, team, product in cases
    ]
    return orjson.dumps({"data": {"cases": {"nodes": nodes}}}, option=orjson.OPT_UTC_Z)


def _with_email(type_name: str, rows: Sequence[Any]) -> dict[Key, Any]:
    return {key: {"id": _id(type_name, key), "name": name, "email": email} for key, name, email in rows}


def _named(type_name: str, rows: Sequence[Any]) -> dict[Key, Any]:
    return {key: {"id": _id(type_name, key), "name": name} for key, name in rows}


def _id(type_name: str, key: Key) -> str:
    return public_id(type_name, key if isinstance(key, UUID) else UUID(key))


def _as_it_is(value: Any) -> Any:
    return value


def _shown_text(value: Any) -> str | None:
    return None if value is None else value[:10] + "T" + value[11:19] + "Z"
