"""Calendars: what is open, and how far open time reaches."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest import param

from sla.calendar import AROUND_THE_CLOCK, Calendar
from sla.refusals import BeyondHorizon, NeverOpen
from sla.segments import Kind, Segment
from sla.timeline import YEARS_KEPT
from tests.sla.calendars import EVERY_DAY, at, calendar, hours, minutes, spec, weekly

NINE_TO_FIVE = calendar()
LUNCH = calendar("09:00-12:00", "13:00-17:00")
ROUND_WEEKDAYS = calendar("00:00-24:00")
HOLIDAY_TUESDAY = calendar(holidays=["2026-03-03"])


@pytest.mark.parametrize(
    ("used", "start", "open_time", "due"),
    [
        param(HOLIDAY_TUESDAY, "2026-03-02 10:00", hours(12), "2026-03-04 14:00", id="V1: a holiday takes no time"),
        param(AROUND_THE_CLOCK, "2026-03-07 10:00", hours(12), "2026-03-07 22:00", id="V3: no calendar is always open"),
        param(NINE_TO_FIVE, "2026-03-06 16:30", minutes(60), "2026-03-09 09:30", id="X1, C4: over the weekend"),
        param(
            AROUND_THE_CLOCK, "2015-02-04 09:00", hours(240), "2015-02-14 09:00", id="X2, C1: ten days are 240 hours"
        ),
        param(ROUND_WEEKDAYS, "2026-03-02 09:00", minutes(14_400), "2026-03-16 09:00", id="X3, C2: days of 24 hours"),
        param(NINE_TO_FIVE, "2026-03-02 09:00", minutes(14_400), "2026-04-10 17:00", id="X4, C3: 240 hours of 8 a day"),
        param(NINE_TO_FIVE, "2026-03-02 09:00", hours(10), "2026-03-03 11:00", id="X5, V2: into the next day"),
        param(NINE_TO_FIVE, "2026-03-02 10:00", hours(8), "2026-03-03 10:00", id="X6: fail"),
        param(NINE_TO_FIVE, "2026-03-02 10:00", hours(4), "2026-03-02 14:00", id="X6: warn"),
        param(
            NINE_TO_FIVE, "2026-03-02 09:00", hours(8), "2026-03-02 17:00", id="X7: a filled day is due at its close"
        ),
        param(NINE_TO_FIVE, "2026-03-02 17:00", minutes(1), "2026-03-03 09:01", id="X8: the close itself is closed"),
        param(NINE_TO_FIVE, "2026-03-07 12:00", hours(1), "2026-03-09 10:00", id="X9: from a Saturday"),
        param(LUNCH, "2026-03-02 11:30", hours(2), "2026-03-02 14:30", id="X10: across lunch"),
        param(LUNCH, "2026-03-02 12:15", minutes(30), "2026-03-02 13:30", id="X11: from within lunch"),
        param(NINE_TO_FIVE, "2026-03-03 11:00", hours(8), "2026-03-04 11:00", id="O1: eight hours are a day"),
        param(NINE_TO_FIVE, "2026-03-07 12:00", hours(0), "2026-03-07 12:00", id="zero is the start, though closed"),
        param(LUNCH, "2026-03-02 09:00", hours(3), "2026-03-02 12:00", id="a filled morning is due at noon"),
        param(
            NINE_TO_FIVE, "2026-12-31 16:00", hours(1), "2026-12-31 17:00", id="a filled year is due at its last close"
        ),
        param(NINE_TO_FIVE, "2026-12-31 16:00", hours(2), "2027-01-01 10:00", id="over New Year"),
        param(AROUND_THE_CLOCK, "2026-12-31 23:00", hours(1), "2027-01-01 00:00", id="to the very end of a year"),
        param(AROUND_THE_CLOCK, "2024-01-01 00:00", timedelta(days=3653), "2034-01-01 00:00", id="ten years"),
    ],
)
def test_after(used: Calendar, start: str, open_time: timedelta, due: str) -> None:
    assert used.after(at(start), open_time) == at(due)


@pytest.mark.parametrize(
    ("used", "end", "open_time", "start"),
    [
        param(NINE_TO_FIVE, "2026-03-09 09:30", hours(1), "2026-03-06 16:30", id="over the weekend"),
        param(
            NINE_TO_FIVE, "2026-03-09 09:30", minutes(30), "2026-03-09 09:00", id="the latest instant: not Friday 17:00"
        ),
        param(NINE_TO_FIVE, "2026-03-07 12:00", hours(8), "2026-03-06 09:00", id="from a Saturday"),
        param(NINE_TO_FIVE, "2026-03-07 12:00", hours(0), "2026-03-07 12:00", id="zero is the end, though closed"),
        param(NINE_TO_FIVE, "2026-01-01 10:00", hours(1), "2026-01-01 09:00", id="the first opening of a year"),
        param(NINE_TO_FIVE, "2026-01-01 10:00", hours(2), "2025-12-31 16:00", id="into the year before"),
        param(AROUND_THE_CLOCK, "2034-01-01 00:00", timedelta(days=3653), "2024-01-01 00:00", id="ten years"),
        param(
            NINE_TO_FIVE, "2026-01-01 10:00", hours(261 * 8 + 1), "2025-01-01 09:00", id="all of a year, to its opening"
        ),
    ],
)
def test_before(used: Calendar, end: str, open_time: timedelta, start: str) -> None:
    assert used.before(at(end), open_time) == at(start)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        param("2026-03-02 09:00", "2026-03-02 17:00", hours(8), id="a day"),
        param("2026-03-02 08:00", "2026-03-02 08:30", hours(0), id="closed throughout"),
        param("2026-03-02 10:00", "2026-03-02 10:00", hours(0), id="nothing"),
        param("2026-03-03 10:00", "2026-03-02 10:00", hours(0), id="backwards is nothing"),
        param("2026-01-01 00:00", "2028-01-01 00:00", hours(8 * 522), id="two years"),
        param(
            "2026-03-02 09:00:00.000001", "2026-03-02 17:00", hours(8) - timedelta.resolution, id="to the microsecond"
        ),
    ],
)
def test_open_time(start: str, end: str, expected: timedelta) -> None:
    assert NINE_TO_FIVE.open_time(at(start), at(end)) == expected


def test_hours_are_half_open() -> None:
    opened = [
        text
        for text in ("08:59:59.999999", "09:00", "16:59:59.999999", "17:00")
        if NINE_TO_FIVE.is_open(at(f"2026-03-02 {text}"))
    ]

    assert opened == ["09:00", "16:59:59.999999"]


def test_instants_come_in_any_zone_and_go_out_in_utc() -> None:
    tokyo = datetime(2026, 3, 2, 19, 0, tzinfo=ZoneInfo("Asia/Tokyo"))

    due = NINE_TO_FIVE.after(tokyo, hours(1))

    assert (due, due.tzinfo) == (at("2026-03-02 11:00"), UTC)
    assert NINE_TO_FIVE.after(tokyo, hours(0)).tzinfo is UTC


def test_wall_time_without_a_zone_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no zone"):
        NINE_TO_FIVE.after(datetime(2026, 3, 2, 9), hours(1))  # noqa: DTZ001  # that is the point


def test_open_time_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        NINE_TO_FIVE.after(at("2026-03-02 09:00"), hours(-1))


class TestDaylightSaving:
    LONDON = calendar("00:00-24:00", days=EVERY_DAY, zone="Europe/London")

    def test_the_hour_skipped_in_spring_never_exists(self) -> None:
        early = weekly({"sun": [["00:00", "03:00"]]}, zone="Europe/London")

        assert early.open_time(at("2026-03-29"), at("2026-03-30")) == hours(2)

    def test_hours_inside_the_gap_are_not_open_that_night(self) -> None:
        gap = weekly({"sun": [["01:00", "02:00"]]}, zone="Europe/London")

        assert gap.next_opening(at("2026-03-28")) == at("2026-04-05 00:00")

    def test_the_hour_repeated_in_autumn_counts_twice(self) -> None:
        early = weekly({"sun": [["01:00", "02:00"]]}, zone="Europe/London")

        assert list(early.periods(at("2026-10-25"), at("2026-10-26"))) == [
            Segment(at("2026-10-25 00:00"), at("2026-10-25 02:00"))
        ]

    def test_half_of_a_repeated_hour_opens_twice(self) -> None:
        early = weekly({"sun": [["01:00", "01:30"]]}, zone="Europe/London")

        assert list(early.periods(at("2026-10-25"), at("2026-10-26"))) == [
            Segment(at("2026-10-25 00:00"), at("2026-10-25 00:30")),
            Segment(at("2026-10-25 01:00"), at("2026-10-25 01:30")),
        ]

    def test_always_open_is_always_open_whatever_the_clocks_do(self) -> None:
        start, end = at("2026-01-01"), at("2027-01-01")

        assert self.LONDON.open_time(start, end) == end - start
        assert self.LONDON.close_of(start) is None

    def test_a_date_that_never_was_is_never_open(self) -> None:
        """Samoa went from Thursday 29 to Saturday 31 December 2011."""
        samoa = weekly({"fri": [["09:00", "17:00"]], "sat": [["09:00", "12:00"]]}, zone="Pacific/Apia")

        assert samoa.next_opening(at("2011-12-25")) == at("2011-12-30 19:00")  # Saturday 9:00 at +14
        assert samoa.open_time(at("2011-12-29"), at("2012-01-01")) == hours(3)

    def test_offsets_had_seconds_once(self) -> None:
        """Amsterdam was 19 minutes and 32 seconds ahead until 1937."""
        amsterdam = calendar(zone="Europe/Amsterdam")

        assert amsterdam.next_opening(at("1930-01-06")) == at("1930-01-06 08:40:28")

    def test_midnight_can_be_skipped(self) -> None:
        """Brazil's clocks went forward at midnight: 4 November 2018 began at 1:00."""
        early = calendar("00:00-02:00", days=EVERY_DAY, zone="America/Sao_Paulo")

        assert early.open_time(at("2018-11-04"), at("2018-11-05")) == hours(1)


class TestNights:
    NIGHT = weekly({"fri": [["22:00", "06:00"]]})

    def test_a_shift_runs_into_the_next_date(self) -> None:
        assert self.NIGHT.close_of(at("2026-03-06 23:00")) == at("2026-03-07 06:00")

    def test_a_shift_that_touches_the_next_is_one_period(self) -> None:
        both = weekly({"fri": [["22:00", "24:00"]], "sat": [["00:00", "06:00"]]})

        assert list(both.periods(at("2026-03-06"), at("2026-03-08"))) == list(
            self.NIGHT.periods(at("2026-03-06"), at("2026-03-08"))
        )

    def test_an_end_at_midnight_can_be_written_in_two_ways(self) -> None:
        assert weekly({"fri": [["22:00", "00:00"]]}) == weekly({"fri": [["22:00", "24:00"]]})

    def test_sunday_night_runs_into_monday(self) -> None:
        assert weekly({"sun": [["22:00", "06:00"]]}).is_open(at("2026-03-09 05:59"))


class TestNeverOpen:
    @pytest.mark.parametrize(
        "never",
        [
            param({"timezone": "UTC", "weekly_hours": {}}, id="no hours at all"),
            param({"timezone": "UTC", "weekly_hours": {"mon": []}}, id="a weekday without hours"),
            param(spec(days=("mon",), holidays=[{"rrule": "FREQ=WEEKLY;BYDAY=MO"}]), id="every opening is a holiday"),
            param(spec(holidays=[{"rrule": "FREQ=DAILY"}]), id="every day is a holiday"),
            param(
                {
                    "timezone": "UTC",
                    "weekly_hours": {},
                    "holidays": [{"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "hours": [["09:00", "17:00"]]}],
                },
                id="open on a date that never comes",
            ),
        ],
    )
    def test_a_calendar_that_never_opens_is_refused_when_it_is_made(self, never: dict[str, object]) -> None:
        with pytest.raises(NeverOpen) as refused:
            Calendar.from_spec(never)

        assert refused.value.path == ("weekly_hours",)

    def test_one_that_stops_opening_knows_when(self) -> None:
        ending = Calendar.from_spec(spec(holidays=[{"rrule": "FREQ=DAILY", "start": "2030-06-01"}]))

        assert ending.stops_after == 2030
        assert NINE_TO_FIVE.stops_after is None

    def test_a_promise_past_the_last_opening_is_refused_at_once(self) -> None:
        once = weekly({}, holidays=[{"date": "2026-03-03", "hours": [["09:00", "12:00"]]}])

        assert once.after(at("2026-03-01"), hours(3)) == at("2026-03-03 12:00")
        with pytest.raises(NeverOpen):
            once.after(at("2026-03-01"), hours(4))
        with pytest.raises(NeverOpen):
            once.next_opening(at("2026-03-04"))


class TestHorizon:
    def test_after_looks_two_centuries_far(self) -> None:
        rare = weekly({}, holidays=[{"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "hours": [["09:00", "10:00"]]}])

        with pytest.raises(BeyondHorizon):
            rare.after(at("2026-03-01"), hours(100))

    @pytest.mark.parametrize("open_time", [timedelta(days=100_000), timedelta.max])
    def test_however_long_the_promise(self, open_time: timedelta) -> None:
        with pytest.raises(BeyondHorizon):
            NINE_TO_FIVE.after(at("2026-03-01"), open_time)
        with pytest.raises(BeyondHorizon):
            NINE_TO_FIVE.before(at("2026-03-01"), open_time)

    @pytest.mark.parametrize("edge", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
    def test_the_ends_of_the_calendar_are_refused(self, edge: datetime) -> None:
        for ask in (
            NINE_TO_FIVE.is_open,
            NINE_TO_FIVE.next_opening,
            NINE_TO_FIVE.previous_close,
            NINE_TO_FIVE.close_of,
        ):
            with pytest.raises(BeyondHorizon):
                ask(edge)
        with pytest.raises(BeyondHorizon):
            NINE_TO_FIVE.open_time(at("0100-01-01"), at("2026-01-01"))


class TestSegments:
    def test_a_week_is_told_without_a_hole(self) -> None:
        used = calendar(holidays=[{"date": "2026-03-03", "name": "Carnival"}])

        told = [
            (f"{part.start:%a %H:%M}", part.kind, part.name)
            for part in used.segments(at("2026-03-02 10:00"), at("2026-03-04 10:00"))
        ]

        assert told == [
            ("Mon 10:00", Kind.OPEN, ""),
            ("Mon 17:00", Kind.CLOSED, ""),
            ("Tue 00:00", Kind.HOLIDAY, "Carnival"),
            ("Wed 00:00", Kind.CLOSED, ""),
            ("Wed 09:00", Kind.OPEN, ""),
        ]

    def test_shorter_hours_are_holiday_only_where_they_take_something(self) -> None:
        used = calendar(holidays=[{"date": "2026-12-24", "name": "Christmas Eve", "hours": [["09:00", "12:00"]]}])

        told = [
            (f"{part.start:%H:%M}", part.kind, part.name) for part in used.segments(at("2026-12-24"), at("2026-12-25"))
        ]

        assert told == [
            ("00:00", Kind.CLOSED, ""),
            ("09:00", Kind.OPEN, ""),
            ("12:00", Kind.HOLIDAY, "Christmas Eve"),
            ("17:00", Kind.CLOSED, ""),
        ]

    def test_the_morning_lost_with_a_night_shift_names_the_day_before(self) -> None:
        night = weekly({"fri": [["22:00", "06:00"]]}, holidays=[{"date": "2026-03-06", "name": "Fair"}])

        told = [
            (f"{part.start:%a %H:%M}", part.kind, part.name)
            for part in night.segments(at("2026-03-06"), at("2026-03-08"))
        ]

        # one stretch: the day off, and the morning that its shift would have had
        assert told[:2] == [("Fri 00:00", Kind.HOLIDAY, "Fair"), ("Sat 06:00", Kind.CLOSED, "")]

    def test_nothing_is_told_of_no_time(self) -> None:
        assert list(NINE_TO_FIVE.segments(at("2026-03-02"), at("2026-03-02"))) == []
        assert list(NINE_TO_FIVE.periods(at("2026-03-03"), at("2026-03-02"))) == []


def test_the_next_change_is_where_a_widget_stops_or_starts_ticking() -> None:
    assert NINE_TO_FIVE.next_change(at("2026-03-02 10:00")) == at("2026-03-02 17:00")
    assert NINE_TO_FIVE.next_change(at("2026-03-02 17:00")) == at("2026-03-03 09:00")
    assert AROUND_THE_CLOCK.next_change(at("2026-03-02 17:00")) is None


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        param("2026-03-06 15:00", 1, "2026-03-09 15:00", id="over the weekend"),
        param("2026-03-07 15:00", 1, "2026-03-09 15:00", id="from a closed day, the next open one is the first"),
        param("2026-03-06 15:00", 0, "2026-03-06 15:00", id="none"),
        param("2026-03-09 15:00", -1, "2026-03-06 15:00", id="backwards"),
    ],
)
def test_business_days_keep_the_time_of_day(start: str, days: int, expected: str) -> None:
    assert NINE_TO_FIVE.after_days(at(start), days) == at(expected)


def test_business_days_keep_the_time_on_the_wall_when_the_clocks_change() -> None:
    london = calendar(zone="Europe/London")

    assert london.after_days(at("2026-03-27 15:00"), 1) == at("2026-03-30 14:00")


def test_many_may_ask_at_once() -> None:
    """Years are laid out and forgotten while others read."""
    used = calendar(zone="Europe/London")
    starts = [datetime(1950 + number % (2 * YEARS_KEPT), 3, 2, 12, tzinfo=UTC) for number in range(400)]
    alone = [calendar(zone="Europe/London").after(start, hours(3000)) for start in starts[: 2 * YEARS_KEPT]]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda start: used.after(start, hours(3000)), starts))

    assert together == [alone[number % len(alone)] for number in range(400)]


def test_what_is_remembered_is_bounded() -> None:
    used = calendar()
    for year in range(1900, 2100):
        used.is_open(datetime(year, 6, 1, tzinfo=UTC))

    assert len(used._timeline.years) <= YEARS_KEPT


def test_dates_are_those_on_the_wall() -> None:
    assert calendar(zone="Asia/Tokyo").date_at(at("2026-03-02 20:00")) == date(2026, 3, 3)
