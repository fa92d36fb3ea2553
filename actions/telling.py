"""Telling: what people, customers, other systems and subscribers learn of the events of cases, as rows.

It is written when the unit of work is about to end, in a statement for each kind however many cases there were: nobody
in it reads what is told. Who changes meanwhile whom that is for lets it be done before (`do_what_was_left`).
"""

from collections.abc import Sequence

from actions.news import news
from actions.noticing import deliveries_of
from actions.notifying import Happened, notifications_of
from models.bulk import Values, insert
from models.deliveries import Delivery
from models.delivery import Outbox
from models.notifications import Notification


async def tell(happened: Sequence[Happened]) -> None:
    """Writes what follows from events for those who are to learn of them; of what is silent, subscribers alone."""
    heard = [of for of in happened if not of.silently]
    notifications = await notifications_of(heard)
    await insert(Notification, notifications)
    await insert(Delivery, await deliveries_of(heard))
    await insert(Outbox, [*map(_news, happened), *map(_news_of_notification, notifications)])


def _news(of: Happened) -> Values:
    first, last = of.steps[0].event, of.steps[-1].event
    said = {"from": first.number, "to": last.number, "kinds": [step.event.fact.kind for step in of.steps]}
    return news(of.tenant_id, "case", of.case_id, said, last.at)


def _news_of_notification(row: Values) -> Values:
    """From which subscriptions learn of a notification."""
    said = {"notification_id": str(row["id"])}
    return news(row["tenant_id"], "notification", row["recipient_id"], said, row["created_at"])
