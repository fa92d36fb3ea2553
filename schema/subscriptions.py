"""Subscriptions: what happens, told while it happens."""

import inspect
from collections.abc import Callable
from typing import Any

import strawberry

from schema.case_news import case_changed, case_events
from schema.notification_news import notifications
from schema.queue_news import queue_changed
from schema.sla_timers import sla_timers


def told_by(resolver: Callable[..., Any]) -> Any:
    """The subscription that a resolver answers, described by its docstring."""
    return strawberry.subscription(resolver=resolver, description=inspect.getdoc(resolver))


@strawberry.type
class Subscription:
    case_changed = told_by(case_changed)
    case_events = told_by(case_events)
    sla_timers = told_by(sla_timers)
    queue_changed = told_by(queue_changed)
    notifications = told_by(notifications)
