"""The page by hand: the SQL and the Python that somebody would write for this one question and no other.

Nine statements: what is asked in two places, owners and clocks, is read once for both.
"""

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

CASES: Final = """SELECT id, number, title, status, priority, created_at, updated_at, account_id, contact_id, owner_id
    FROM "case" WHERE tenant_id = {tenant} AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 50"""
CHILDREN: Final = """SELECT parent_id, id, number, title, status, owner_id FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY parent_id ORDER BY created_at, id) AS place FROM "case"
    WHERE parent_id {keys} AND {tenant_id} = {tenant} AND deleted_at IS NULL) AS ranked WHERE place <= 5
    ORDER BY place"""
CLOCKS: Final = """SELECT case_id, id, kpi, state, fail_at, warn_at, applied_from, breaks_at FROM (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY case_id ORDER BY applied_from, id) AS place FROM sla_kpi_instance
    WHERE case_id {keys} AND {tenant_id} = {tenant}) AS ranked WHERE place <= 5 ORDER BY place"""
QUEUED: Final = """SELECT open_case_id, id, entered_at, queue_id FROM queue_item
    WHERE open_case_id {keys} AND {tenant_id} = {tenant}"""
ARTICLES: Final = """SELECT case_id, link, article_id, title FROM (
    SELECT l.case_id, l.id AS link, l.article_id, a.title,
        ROW_NUMBER() OVER (PARTITION BY l.case_id ORDER BY l.created_at, l.id) AS place
    FROM article_link AS l JOIN article AS a ON a.id = l.article_id
    WHERE l.case_id {keys} AND l.tenant_id = {tenant}) AS ranked WHERE place <= 5 ORDER BY place"""
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
    children = await rows(CHILDREN, ids)
    clocks = await rows(CLOCKS, [*ids, *(child[1] for child in children)])
    queued, articles = await rows(QUEUED, ids), await rows(ARTICLES, ids)
    of_accounts = await rows(NAMED, (case[7] for case in cases), table="account", more=", email")
    of_contacts = await rows(NAMED, (case[8] for case in cases if case[7] is None), table="contact", more=", email")
    owning = [*(case[9] for case in cases), *(child[5] for child in children)]
    of_owners = await rows(NAMED, owning, table="person", more=", email")
    of_queues = await rows(NAMED, (item[3] for item in queued), table="queue", more="")

    accounts, contacts = _with_email("Account", of_accounts), _with_email("Contact", of_contacts)
    owners = _with_email("Person", of_owners)
    names = {key: {"id": owner["id"], "name": owner["name"]} for key, owner in owners.items()}
    queues = {key: {"id": _id("Queue", key), "name": name} for key, name in of_queues}
    items = {
        case: {"id": _id("QueueItem", key), "enteredAt": shown(entered_at), "queue": queues.get(queue)}
        for case, key, entered_at, queue in queued
    }
    clocks_of: dict[Key, list[Any]] = defaultdict(list)
    for case, key, kpi, state, fail_at, warn_at, applied_from, breaks_at in clocks:
        if breaks_at is not None and now > breaks_at:
            state = "NONCOMPLIANT"
        elif warn_at is not None and now >= warn_at:
            state = "NEARING_NONCOMPLIANCE"
        clock = {"id": _id("SlaKpiInstance", key), "kpi": kpi, "state": state, "failAt": shown(fail_at)}
        clocks_of[case].append((clock, warn_at, applied_from))
    children_of: dict[Key, list[Any]] = defaultdict(list)
    for case, key, number, title, status, owner in children:
        children_of[case].append(
            {
                "id": _id("Case", key),
                "number": number,
                "title": title,
                "status": status,
                "owner": names.get(owner),
                "slaKpiInstances": {"nodes": [clock for clock, *_ in clocks_of[key]]},
            }
        )
    articles_of: dict[Key, list[Any]] = defaultdict(list)
    for case, link, article, title in articles:
        shown_article = {"id": _id("Article", article), "title": title}
        articles_of[case].append({"id": _id("ArticleLink", link), "article": shown_article})
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
            "queueItem": items.get(key),
            "slaKpiInstances": {
                "nodes": [
                    {**clock, "warnAt": shown(warn_at), "appliedFrom": shown(applied_from)}
                    for clock, warn_at, applied_from in clocks_of[key]
                ]
            },
            "children": {"nodes": children_of[key]},
            "articles": {"nodes": articles_of[key]},
        }
        for key, number, title, status, priority, created, updated, account, contact, owner in cases
    ]
    return orjson.dumps({"data": {"cases": {"nodes": nodes}}}, option=orjson.OPT_UTC_Z)


def _with_email(type_name: str, rows: Sequence[Any]) -> dict[Key, Any]:
    return {key: {"id": _id(type_name, key), "name": name, "email": email} for key, name, email in rows}


def _id(type_name: str, key: Key) -> str:
    return public_id(type_name, key if isinstance(key, UUID) else UUID(key))


def _as_it_is(value: Any) -> Any:
    return value


def _shown_text(value: Any) -> str | None:
    return None if value is None else value[:10] + "T" + value[11:19] + "Z"
