"""Countdowns as clients see them: what a widget ticks by until something happens."""

from datetime import datetime, timedelta

import strawberry

from schema.enums import public_enum
from sla.clock import State
from sla.countdown import Countdown

OPENINGS_SENT = 14
"""Stretches of open time that a countdown has, usually: two weeks of them are sent."""


@strawberry.type(description="A stretch of time in which a clock runs.")
class SlaOpenHours:
    start: datetime
    end: datetime


@strawberry.type(
    description="""A clock as a widget shows it without asking again.

`remaining` is as of `serverNow`. It shrinks within `hours` and nowhere else; there are none while the clock stands
still. The state follows from `warnAt` and `breaksAt`. A null instant is never, as far as is known. What happens to the
case may change it: `slaTimers` sends the new one."""
)
class SlaCountdown:
    state: public_enum(State)  # type: ignore[valid-type]
    remaining: timedelta = strawberry.field(description="The open time left; negative by how much it was exceeded.")
    server_now: datetime
    running: bool = strawberry.field(description="Whether it shrinks right now.")
    running_until: datetime | None = strawberry.field(description="When it next stops, at closing time.")
    next_running_from: datetime | None = strawberry.field(description="When it next goes on.")
    warn_at: datetime | None
    fail_at: datetime | None
    breaks_at: datetime | None = strawberry.field(
        description="After this instant the promise is broken if nothing happens before."
    )
    hours: list[SlaOpenHours] = strawberry.field(metadata={"cost": 0, "size": OPENINGS_SENT})
    valid_until: datetime | None = strawberry.field(description="Where `hours` end: ask again by then.")


def shown(of: Countdown) -> SlaCountdown:
    return SlaCountdown(
        state=of.state,
        remaining=of.remaining,
        server_now=of.at,
        running=of.running,
        running_until=of.running_until,
        next_running_from=of.next_running_from,
        warn_at=of.warn_at,
        fail_at=of.fail_at,
        breaks_at=of.breaks_at,
        hours=[SlaOpenHours(start=part.start, end=part.end) for part in of.hours],
        valid_until=of.valid_until,
    )
