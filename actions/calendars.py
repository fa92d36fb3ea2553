"""Keeping calendars: every save is a new version, and no clock changes by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from tortoise.exceptions import IntegrityError

from actions.signature import Spelled
from actions.versions import new_versions_for
from cases import rules
from cases.conditions import All, Compare, Op
from cases.refusals import BadInput, Duplicate
from cases.viewer import Viewer
from models.reading import exists
from models.sla import Calendar, CalendarVersion
from sla.calendar import Calendar as Hours
from sla.feed import read_feed
from sla.linter import Severity, lint
from sla.refusals import BadCalendar


async def save_calendar(
    name: str,
    hours: Annotated[dict[str, Any], Spelled("CalendarHoursInput")],
    calendar: Calendar | None = None,
    holiday_feed: str = "",
    *,
    actor: Viewer,
    now: datetime,
) -> Calendar:
    """Saves business hours with their holidays: a new calendar, or a new version of one.

    Clocks that run keep the version they have; `previewSla` shows what the new one would change, and `recalculateSla`
    changes it. Cases to which a policy is applied from now on get the new version.

    `holidayFeed` is an iCalendar file (RFC 5545): its days off are holidays beside those that are said. Days that seem
    to be merely observed, Valentine's or the end of summer time, are left out.
    """
    if holiday_feed:
        hours = _with_days_off(hours, holiday_feed)
    rules.refuse(rules.text(name, 200, ("name",), required=True))
    errors = (found for found in lint(hours, now.year) if found.severity is Severity.ERROR)
    rules.refuse(BadInput(error.message, path=("hours", *error.path)) for error in errors)
    read = Hours.from_spec(hours)
    saved = calendar or Calendar(tenant_id=actor.tenant_id, created_at=now, version=0)
    await _check_name(name, saved, actor)
    if calendar is not None and calendar.spec == hours and calendar.name == name:
        return calendar
    saved.name, saved.spec, saved.version = name, hours, saved.version + 1
    with name_not_taken("calendar"):
        await saved.save(force_create=calendar is None)
    version = await CalendarVersion.create(
        tenant_id=actor.tenant_id,
        created_at=now,
        calendar_id=saved.id,
        number=saved.version,
        spec=hours,
        digest=read.digest,
        saved_by_id=actor.person_id,
    )
    await new_versions_for(saved, version, now)
    return saved


def _with_days_off(hours: dict[str, Any], feed: str) -> dict[str, Any]:
    """The hours with the days off of an iCalendar file after their own holidays."""
    if "versions" in hours:
        raise BadInput("A feed goes with weekly hours, not with dated versions of them.", path=("holiday_feed",))
    try:
        found = read_feed(feed, ZoneInfo(hours["timezone"])).days_off
    except BadCalendar as refused:
        raise BadInput(refused.message, path=("holiday_feed",)) from None
    own = hours.get("holidays", [])
    return {**hours, "holidays": [*own, *(dict(holiday) for holiday in found if holiday not in own)]}


async def _check_name(name: str, calendar: Calendar, actor: Viewer) -> None:
    same = (Compare("tenant_id", Op.EQ, actor.tenant_id), Compare("name", Op.EQ, name))
    taken = await exists(Calendar, All((*same, Compare("id", Op.NIN, (calendar.id,)))))
    if taken:
        raise Duplicate("There is a calendar with this name already.", path=("name",))


@contextmanager
def name_not_taken(kind: str) -> Iterator[None]:
    """Raises Duplicate for a name that a rival took after it was checked: only the unique index sees both."""
    try:
        yield
    except IntegrityError as error:
        raise Duplicate(f"There is a {kind} with this name already.", path=("name",)) from error
