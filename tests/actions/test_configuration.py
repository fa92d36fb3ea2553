"""What a tenant has set up is known by one look at it, and whoever changes it is heard by the next act everywhere."""

import sqlite3
from contextlib import closing
from typing import Any

import asyncpg
import pytest
from pytest import param

from actions import talking
from actions.configuration import Configuration, configuration_of, looking_once, tenant_of
from cases.notices import NoticeTrigger
from models import AutomationRun, Delivery, Webhook
from models.addresses import sqlite_path
from models.database import Database
from models.fields import uuid7
from models.unit_of_work import unit_of_work
from tests import given
from tests.actions import notices
from tests.actions.sent import sent
from tests.given import NOW, done

CONFIGURED = {"webhook", "notification_template", "automation_rule"}


class Regretted(Exception):
    """Undoes a unit of work."""


async def elsewhere(database: Database, sql: str) -> None:
    """Another process, which knows nothing of what this one keeps, writes and commits."""
    if database.dialect == "sqlite":
        with closing(sqlite3.connect(sqlite_path(database.url))) as connection, connection:
            connection.execute(sql)
        return
    other = await asyncpg.connect(database.url.replace("postgres://", "postgresql://"))
    await other.execute(sql)
    await other.close()


async def configured() -> Configuration:
    return await configuration_of((await given.tenant()).id)


async def another_webhook() -> Webhook:
    said: dict[str, Any] = {
        "name": "Another",
        "url": "https://another.example.com",
        "secret": "whsec_",
        "created_at": NOW,
    }
    return await Webhook.create(id=uuid7(), tenant_id=(await given.tenant()).id, **said)


async def test_what_is_known_is_not_read_again(database: Database):
    await notices.webhook()
    await given.automation_rule("Tidy", {"escalate": "Now"})
    by, case = await given.viewer(), await given.case()
    async with sent(database) as statements:
        await done(talking.add_comment, by=by, case=case, body="Hello")

    asked = [table for verb, table in statements if verb == "SELECT"]
    assert asked.count("tenant") == 1
    assert CONFIGURED.isdisjoint(asked)


@pytest.mark.parametrize(
    ("sql", "calls", "mails", "runs"),
    [
        param("UPDATE webhook SET active = '0'", 0, 1, 1, id="a webhook is switched off"),
        param("UPDATE webhook SET kinds = '[\"RESOLVED\"]'", 0, 1, 1, id="a webhook is told of something else"),
        param("DELETE FROM webhook WHERE name = 'Hook'", 0, 1, 1, id="a webhook is deleted"),
        param("UPDATE notification_template SET active = '0'", 1, 0, 1, id="a template is switched off"),
        param("DELETE FROM notification_template", 1, 0, 1, id="a template is deleted"),
        param("UPDATE automation_rule SET active = '0'", 1, 1, 0, id="a rule is switched off"),
        param("UPDATE automation_rule SET watched = '[\"OWNER\"]'", 1, 1, 0, id="a rule watches something else"),
        param("DELETE FROM automation_rule", 1, 1, 0, id="a rule is deleted"),
    ],
)
async def test_the_next_act_heeds_what_another_process_changed(
    database: Database, sql: str, calls: int, mails: int, runs: int
):
    contact = await given.contact("Bob", email="bob@example.com")
    by, case = await given.viewer(), await given.case(customer=contact)
    other = await given.case(customer=contact)
    await notices.webhook(kinds=["COMMENTED"])
    await notices.template(trigger=NoticeTrigger.COMMENTED)
    await given.automation_rule("Tidy", {"escalate": "Now"})
    await done(talking.add_comment, by=by, case=other, body="So that all of it is known")

    await elsewhere(database, sql)
    await done(talking.add_comment, by=by, case=case, body="Hello")

    sent_of = Delivery.filter(case_id=case.id)
    came = await sent_of.filter(channel="WEBHOOK").count(), await sent_of.filter(channel="EMAIL").count()
    assert (*came, await AutomationRun.filter(case_id=case.id).count()) == (calls, mails, runs)


async def test_what_was_undone_is_not_known_to_anybody(database: Database):
    await configured()

    async def regretted() -> None:
        await another_webhook()
        assert [hook.name for hook in (await configured()).webhooks] == ["Another"]
        raise Regretted

    with pytest.raises(Regretted):
        await unit_of_work(regretted)

    assert not (await configured()).webhooks


async def test_what_was_undone_after_an_earlier_look_is_not_known_either(database: Database):
    await notices.webhook()  # nobody has asked since

    async def regretted() -> None:
        with looking_once():
            await tenant_of((await given.tenant()).id)
            await another_webhook()
            await configured()
        raise Regretted

    with pytest.raises(Regretted):
        await unit_of_work(regretted)

    assert [hook.name for hook in (await configured()).webhooks] == ["Hook"]


async def test_what_is_changed_between_the_look_and_the_reading_is_heeded_from_then_on(database: Database):
    await notices.webhook()  # nobody has asked since
    with looking_once():
        await tenant_of((await given.tenant()).id)
        await elsewhere(database, "UPDATE webhook SET name = 'Renamed'")
        during = await configured()
    after = await configured()

    assert [hook.name for hook in (*during.webhooks, *after.webhooks)] == ["Renamed", "Renamed"]


async def test_when_a_rule_looked_is_no_change_of_it(database: Database):
    await given.automation_rule("Tidy")
    before = await configured()
    await elsewhere(database, "UPDATE automation_rule SET position = NULL, next_at = NULL")

    assert await configured() is before
