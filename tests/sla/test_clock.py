"""Clocks: figures of a promise, by the reference system's own examples and by our decisions where we differ."""

from datetime import timedelta

import pytest
from pytest import param

from sla.clock import FOREVER, State
from sla.policy import Deed, Duration, Level, Unit
from tests.sla.calendars import calendar, hours, minutes, spec
from tests.sla.policies import ACTIVE, HIGH, RESOLVED, at, clock, promise

HOLIDAY = calendar(holidays=["2026-03-03"])
LUNCH = calendar("09:00-12:00", "13:00-17:00")


@pytest.mark.parametrize(
    ("text", "item", "office", "fail_at"),
    [
        param("opened 10:00", promise(fail=720), HOLIDAY, "Wed 14:00", id="V1: a holiday is skipped"),
        param("opened 09:00", promise(fail=600), None, "Tue 11:00", id="V2: ten hours are a day and two hours"),
        param(
            "opened Sat 12:00", promise(fail=60, calendar=None), None, "Sat 13:00", id="V3: no calendar, always open"
        ),
        param(
            "opened 06:00, paused 06:30, resumed 08:00",
            promise(fail=240),
            None,
            "13:00",
            id="V4: a pause before opening takes nothing",
        ),
        param("opened 08:00, paused 10:00, resumed 11:00", promise(), None, "14:00", id="V5: a pause in hours extends"),
        param(
            "opened 10:00, paused 16:00, resumed 20:00",
            promise(fail=480),
            None,
            "Tue 11:00",
            id="V6: our decision A: what the pause took until closing counts",
        ),
        param(
            "opened 10:00, paused 18:00, resumed Tue 10:30",
            promise(fail=480),
            None,
            "Tue 11:30",
            id="V7: a pause from the evening extends by its part in hours",
        ),
        param("opened Fri 16:30", promise(fail=60), None, "2026-03-09 09:30", id="X1"),
        param("opened 09:00", promise(fail=14400, calendar=None), None, "2026-03-12 09:00", id="X2"),
        param(
            "opened 09:00",
            promise(fail=14400),
            calendar("00:00-24:00"),
            "2026-03-16 09:00",
            id="X3: days of 24 hours from Monday to Friday",
        ),
        param("opened 09:00", promise(fail=14400), None, "2026-04-10 17:00", id="X4: 240 business hours"),
        param("opened 09:00", promise(fail=600), None, "Tue 11:00", id="X5"),
        param("opened 10:00", promise(fail=480, warn=240), None, "Tue 10:00", id="X6"),
        param("opened 09:00", promise(fail=480), None, "17:00", id="X7: exactly a day falls due at its close"),
        param("opened 17:00", promise(fail=1), None, "Tue 09:01", id="X8"),
        param("opened Sat 12:00", promise(fail=60), None, "2026-03-09 10:00", id="X9"),
        param("opened 11:30", promise(fail=120), LUNCH, "14:30", id="X10"),
        param("opened 12:15", promise(fail=30), LUNCH, "13:30", id="X11"),
        param("opened 06:00, paused 06:30, resumed 08:00", promise(fail=240, warn=120), None, "13:00", id="X12"),
        param("opened 06:00, paused 10:00, resumed 11:30", promise(fail=240, warn=120), None, "14:30", id="X13"),
        param("opened 10:00, paused 16:00, resumed 20:00", promise(fail=480, warn=240), None, "Tue 11:00", id="X14"),
        param("opened 10:00, paused 18:00, resumed Tue 10:30", promise(fail=480), None, "Tue 11:30", id="X15"),
        param(
            "opened 10:00, paused 11:00, resumed 11:45, paused 16:30, resumed Tue 09:15",
            promise(fail=480, warn=420),
            None,
            "Tue 11:30",
            id="X16",
        ),
    ],
)
def test_a_promise_falls_due(text, item, office, fail_at):
    found = clock(text, item, **({"office": office} if office else {}))

    assert found.fail_at(at("Tue 10:45")) == at(fail_at)


@pytest.mark.parametrize(
    ("text", "fail", "warn", "warn_at", "paused_for"),
    [
        param("opened 10:00", 480, 240, "14:00", minutes(0), id="X6"),
        param("opened 06:00, paused 06:30, resumed 08:00", 240, 120, "11:00", minutes(0), id="X12"),
        param("opened 06:00, paused 10:00, resumed 11:30", 240, 120, "12:30", minutes(90), id="X13"),
        param(
            "opened 10:00, paused 16:00, resumed 20:00",
            480,
            240,
            "14:00",
            minutes(60),
            id="V9, X14: a warning that has passed does not move",
        ),
        param(
            "opened 10:00, paused 11:00, resumed 11:45, paused 16:30, resumed Tue 09:15",
            480,
            420,
            "Tue 10:30",
            minutes(90),
            id="X16",
        ),
    ],
)
def test_a_promise_is_warned_of(text, fail, warn, warn_at, paused_for):
    found = clock(text, promise(fail=fail, warn=warn))

    assert (found.warn_at(at("Tue 10:45")), found.paused_for(at("Tue 10:45"))) == (at(warn_at), paused_for)


def test_v8_without_a_warning_it_is_never_near():
    found = clock("opened 09:00", promise(fail=60))

    assert [found.state(at(text)) for text in ("09:59", "10:00", "10:01")] == [
        State.IN_PROGRESS,
        State.IN_PROGRESS,
        State.NONCOMPLIANT,
    ]


def test_v10_success_wins_over_the_condition_that_ends_with_it():
    """The reference system cancels here; success is tested before applicability (decision C)."""
    found = clock("opened 09:00, resolved 10:00", promise(applicable_when=ACTIVE, success_when=RESOLVED))

    assert found.state(at("10:00")) is State.SUCCEEDED


def test_v11_what_changes_after_the_end_changes_nothing():
    item = promise("first_response", 60, applicable_when=HIGH)
    met = clock("opened 09:00 priority=HIGH, answered 09:30, changed 10:00 priority=LOW", item)
    missed = clock("opened 09:00 priority=HIGH, answered 10:30, changed 11:00 priority=LOW", item)

    assert (met.state(at("12:00")), missed.state(at("12:00"))) == (State.SUCCEEDED, State.NONCOMPLIANT)


def test_v12_the_clock_goes_on_under_the_item_that_takes_over():
    """The reference system cancels one instance and bears another, broken at birth; ours is one clock (decision H)."""
    quick, slow = promise(fail=60, name="quick", applicable_when=HIGH), promise(fail=480, name="slow")

    found = clock("opened 09:00, changed 11:00 priority=HIGH", quick, slow)

    assert (found.item.name, found.cycle, found.started_at) == ("quick", 1, at("09:00"))
    assert (found.state(at("11:00")), found.breached_at(at("11:00"))) == (State.NONCOMPLIANT, at("10:00"))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        param("opened 09:00, answered 10:00", State.SUCCEEDED, id="at the due instant it is in time"),
        param("opened 09:00, answered 10:01", State.NONCOMPLIANT, id="after it, late"),
        param("opened 16:00, answered 17:00", State.SUCCEEDED, id="at closing, due at closing"),
        param("opened 16:00, answered Tue 08:59", State.SUCCEEDED, id="due at closing, before the opening"),
        param("opened 16:00, answered Tue 09:00", State.SUCCEEDED, id="due at closing, at the opening"),
        param("opened 16:00, answered Tue 09:01", State.NONCOMPLIANT, id="due at closing, after the opening"),
    ],
)
def test_an_answer_within_an_hour(text, state):
    assert clock(text, promise("first_response", 60)).state(at("Tue 12:00")) is state


def test_a_promise_due_at_closing_breaks_after_the_next_opening():
    found = clock("opened 16:00", promise(fail=60))

    assert found.breaks_at(at("16:30")) == at("Tue 09:00")
    assert [found.breached_at(at(text)) for text in ("17:01", "Tue 09:00", "Tue 09:01")] == [None, None, at("17:00")]


def test_a_promise_used_up_when_a_pause_begins_breaks_after_it():
    found = clock("opened 09:00, paused 10:00, resumed 12:00", promise(fail=60))

    assert found.breached_at(at("12:00")) is None
    assert (found.breached_at(at("12:01")), found.broke_at(at("12:01"))) == (at("10:00"), at("12:00"))


def test_late_success_is_kept_beside_the_breach():
    found = clock("opened 09:00, resolved 14:00", promise())

    assert (found.state(at("15:00")), found.breached_at(at("15:00"))) == (State.NONCOMPLIANT, at("13:00"))
    assert found.ended.at == at("14:00")
    assert found.remaining(at("15:00")) == -hours(1)


def test_a_paused_clock_says_what_would_be():
    found = clock("opened 09:00, paused 10:00", promise())

    assert (found.state(at("11:00")), found.fail_at(at("11:00"))) == (State.PAUSED, None)
    assert found.projected_fail_at(at("11:00")) == at("14:00")
    assert found.remaining(at("11:00")) == hours(3)


def test_nothing_is_known_before_it_happens():
    item = promise(warn=120)
    found = clock("opened 09:00, paused 10:00, resumed 12:00, resolved 16:00", item)

    for moment, text in [
        ("09:30", "opened 09:00"),
        ("10:30", "opened 09:00, paused 10:00"),
        ("13:30", "opened 09:00, paused 10:00, resumed 12:00"),
    ]:
        then = clock(text, item)
        for ask in ("state", "fail_at", "warn_at", "remaining", "projected_fail_at", "breaks_at", "is_paused"):
            assert getattr(found, ask)(at(moment)) == getattr(then, ask)(at(moment)), (moment, ask)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        param("10:00", 1, "Tue 10:00", id="the same time of the next day"),
        param("Fri 16:30", 1, "2026-03-09 16:30", id="over the weekend"),
        param("18:00", 1, "Tue 17:00", id="from the evening: the whole next day"),
        param("Sat 03:00", 1, "2026-03-09 17:00", id="from the weekend: the whole Monday, not its beginning"),
        param("06:00", 2, "Tue 17:00", id="from the morning: this day and the next"),
    ],
)
def test_business_days(start, days, due):
    found = clock(f"opened {start}", promise(fail_after=Duration(days, Unit.BUSINESS_DAYS)))

    assert found.fail_at(at(start)) == at(due)


def test_a_pause_moves_the_end_of_business_days():
    found = clock("opened 10:00, paused 11:00, resumed 13:00", promise(fail_after=Duration(2, Unit.BUSINESS_DAYS)))

    assert found.fail_at(at("13:00")) == at("Wed 12:00")


def test_a_deadline_set_by_hand_is_moved_by_nothing():
    found = clock("opened 09:00, paused 10:00, resumed 12:00", promise(warn=180), pinned=at("Wed 12:00"))

    assert found.fail_at(at("11:00")) == found.fail_at(at("12:00")) == at("Wed 12:00")
    assert found.warn_at(at("12:00")) == at("Wed 11:00")
    assert found.remaining(at("Tue 12:00")) == hours(8)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        param("opened 09:00, resolved Sat 12:00", State.SUCCEEDED, id="kept at the very instant"),
        param("opened 09:00, resolved Sat 12:01", State.NONCOMPLIANT, id="broken after it, open or not"),
        param("opened 09:00, resolved Wed 12:00", State.SUCCEEDED, id="kept, though the item would have it earlier"),
        param("opened 09:00, paused 10:00", State.NONCOMPLIANT, id="broken in a pause"),
    ],
)
def test_a_deadline_set_by_hand_is_an_instant(text, state):
    assert clock(text, promise(), pinned=at("Sat 12:00")).state(at("Sun 12:00")) is state


def test_a_deadline_sooner_than_its_warning_is_warned_of_from_the_start():
    found = clock("opened 09:00", promise(fail=240, warn=60), pinned=at("09:30"))

    assert (found.warn_at(at("09:00")), found.state(at("09:00"))) == (at("09:00"), State.NEARING_NONCOMPLIANCE)


def test_a_deadline_before_the_start_is_none():
    assert clock("opened 09:00", promise(), pinned=at("08:00")).fail_at(at("09:00")) == at("13:00")


@pytest.mark.parametrize(
    ("level", "instant"),
    [
        param(Level("x", Deed.NOTIFY, percent=50), "11:00", id="half"),
        param(Level("x", Deed.NOTIFY, percent=100), "13:00", id="the due instant"),
        param(Level("x", Deed.NOTIFY, percent=250), "Tue 11:00", id="long after"),
        param(Level("x", Deed.NOTIFY, offset=-minutes(30)), "12:30", id="before the end"),
        param(Level("x", Deed.NOTIFY, offset=hours(5)), "Tue 10:00", id="after the end"),
        param(Level("x", Deed.NOTIFY, offset=-hours(9)), "09:00", id="not before the start"),
    ],
)
def test_levels_are_reached_in_open_time(level, instant):
    assert clock("opened 09:00", promise(levels=(level,))).level_at(level, at("09:00")) == at(instant)


def test_a_calendar_that_stops_opening_never_breaks_a_promise():
    closed = {"timezone": "UTC", "weekly_hours": {}, "from": "2026-03-03"}
    ending = calendar().from_spec({"versions": [spec(), closed]})

    for fail_after in (Duration(600), Duration(3, Unit.BUSINESS_DAYS)):
        found = clock("opened 09:00", promise(fail_after=fail_after), office=ending)

        assert (found.fail_at(at("Sun 10:00")), found.breaks_at(at("Sun 10:00"))) == (None, None)
        assert found.state(at("Sun 10:00")) is State.IN_PROGRESS
        assert found.target in (hours(10), FOREVER)


def test_a_promise_is_nearing_from_its_warning_on():
    found = clock("opened 09:00", promise(warn=60))

    assert [found.state(at(text)) for text in ("09:59", "10:00", "13:00")] == [
        State.IN_PROGRESS,
        State.NEARING_NONCOMPLIANCE,
        State.NEARING_NONCOMPLIANCE,
    ]


def test_exactness_is_of_microseconds():
    found = clock("opened 09:00", promise())
    late = timedelta(microseconds=1)

    assert found.breached_at(at("13:00")) is None
    assert found.breached_at(at("13:00") + late) == at("13:00")
    assert found.remaining(at("13:00") + late) == -late
