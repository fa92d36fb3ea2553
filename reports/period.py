"""Period: the days that a report is about, as instants.

Days, weeks and months are those of the tenant's zone: a day on which clocks are changed has 23 or 25 hours. Everything
is half-open, so that what belongs to one stretch belongs to no other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import auto
from typing import Final
from zoneinfo import ZoneInfo

from cases.refusals import BadInput
from cases.viewer import Viewer
from cases.vocabulary import Word
from models.people import Tenant
from models.reading import by_ids
from models.visibility import visible
from settings import Limits

DAY: Final = timedelta(days=1)
DEFAULT: Final = 30 * DAY
FIRST: Final = date(1970, 1, 1)
LAST: Final = date(9990, 1, 1)


class Stretch(Word):
    """What a period is cut into. Weeks begin on Monday."""

    DAY = auto()
    WEEK = auto()
    MONTH = auto()


@dataclass(frozen=True)
class Bucket:
    """A day, week or month of a period, as far as it lies in it. `starts_on` is its own first day, in it or not."""

    starts_on: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Period:
    """The days from `first` until before `end`, on the clocks of `zone`."""

    first: date
    end: date
    zone: ZoneInfo

    @property
    def starts_at(self) -> datetime:
        return begins_at(self.first, self.zone)

    @property
    def ends_at(self) -> datetime:
        return begins_at(self.end, self.zone)

    def cut(self, stretch: Stretch) -> list[Bucket]:
        """The period in order, without gaps; nothing of a period without days."""
        return list(self._cut(stretch)) if self.first < self.end else []

    def _cut(self, stretch: Stretch) -> Iterator[Bucket]:
        start = _start_of(self.first, stretch)
        while start < self.end:
            following = _after(start, stretch)
            first, end = max(start, self.first), min(following, self.end)
            yield Bucket(start, begins_at(first, self.zone), begins_at(end, self.zone))
            start = following


def period(first: date | None, end: date | None, zone: str, now: datetime, limits: Limits) -> Period:
    """The period from `first` until before `end`; without an end it ends with today, without a beginning it is 30 days.

    Raises BadInput for one that ends before it begins, or is longer than `limits.report_days`.
    """
    known = ZoneInfo(zone)
    end = end or now.astimezone(known).date() + DAY
    _check_day(end, "to")
    first = first or max(end - DEFAULT, FIRST)
    _check_day(first, "from")
    if end < first:
        raise BadInput("The period ends before it begins.", path=("to",))
    if end - first > limits.report_days * DAY:
        raise BadInput(f"A report is about {limits.report_days} days at most.", path=("from",))
    return Period(first, end, known)


async def of_viewer(viewer: Viewer, first: date | None, end: date | None, now: datetime, limits: Limits) -> Period:
    """As `period`, in the zone of the viewer's tenant."""
    (tenant,) = (await by_ids(Tenant, [viewer.tenant_id], visible(Tenant, viewer))).values()
    return period(first, end, tenant.zone, now, limits)


def begins_at(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day: midnight, or the first after it where clocks are put forward at midnight."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _check_day(day: date, name: str) -> None:
    if not FIRST <= day <= LAST:
        raise BadInput(f"A day lies between {FIRST} and {LAST}.", path=(name,))


def _start_of(day: date, stretch: Stretch) -> date:
    match stretch:
        case Stretch.DAY:
            return day
        case Stretch.WEEK:
            return day - timedelta(days=day.weekday())
        case Stretch.MONTH:
            return day.replace(day=1)


def _after(start: date, stretch: Stretch) -> date:
    match stretch:
        case Stretch.DAY:
            return start + DAY
        case Stretch.WEEK:
            return start + 7 * DAY
        case Stretch.MONTH:
            return (start + 31 * DAY).replace(day=1)
