"""The linter: what is wrong with a calendar, all of it, before it is saved."""

import pytest
from pytest import param

from sla.linter import Finding, Flaw, Severity, lint
from tests.sla.calendars import EVERY_DAY, spec


def flaws(found: tuple[Finding, ...]) -> list[tuple[Flaw, tuple[str | int, ...]]]:
    return [(finding.flaw, finding.path) for finding in found]


def test_an_ordinary_calendar_has_nothing_to_look_at() -> None:
    assert lint(spec("09:00-12:00", "13:00-17:00", zone="Europe/London", holidays=["2026-12-25"]), 2026) == ()


def test_all_mistakes_are_told_at_once() -> None:
    wrong = {
        "timezone": "Europe/Londn",
        "weekly_hours": {"mon": [["09:00", "17:00"], ["16:00", "18:00"]], "tue": [["9", "17:00"]]},
        "holidays": ["2026-12-25", "2026-02-30", {"rrule": "FREQ=HOURLY"}],
    }

    found = lint(wrong, 2026)

    assert {finding.severity for finding in found} == {Severity.ERROR}
    assert {finding.path for finding in found} == {
        ("weekly_hours", "mon", 1),
        ("weekly_hours", "tue", 0, 0),
        ("holidays", 1, "date"),
        ("holidays", 2, "rrule"),
        ("timezone",),
    }


def test_mistakes_in_versions_are_told_with_their_version() -> None:
    found = lint({"versions": [spec(), {**spec("09:00-08:00", "07:00-10:00"), "from": "2026-01-01"}]}, 2026)

    assert [finding.path for finding in found][:1] == [("versions", 1, "weekly_hours", "mon", 0)]


def test_never_open_is_an_error() -> None:
    assert flaws(lint({"timezone": "UTC", "weekly_hours": {}}, 2026)) == [(Flaw.NEVER_OPEN, ("weekly_hours",))]


@pytest.mark.parametrize(
    ("hours", "path"),
    [
        param(spec("17:00-09:00"), ("weekly_hours", "mon", 0), id="nine to five, reversed"),
        param(spec("08:00-11:00", "19:59-08:00"), ("weekly_hours", "mon", 1), id="a minute too long for a night"),
        param(
            spec(holidays=["2026-12-25", {"date": "2026-12-24", "hours": [["13:00", "09:00"]]}]),
            ("holidays", 1, "hours", 0),
            id="on a holiday",
        ),
        param(
            {"timezone": "UTC", "versions": [{"weekly_hours": {"sun": [["18:00", "10:00"]]}}]},
            ("versions", 0, "weekly_hours", "sun", 0),
            id="in a version",
        ),
    ],
)
def test_hours_the_wrong_way_round_are_an_error(hours: dict[str, object], path: tuple[str | int, ...]) -> None:
    found = lint(hours, 2026)

    assert (Flaw.REVERSED, path, Severity.ERROR) in [(one.flaw, one.path, one.severity) for one in found]


def test_to_stop_opening_is_an_error() -> None:
    """`Calendar.from_spec` lets it pass: what lies behind can still be counted."""
    (found,) = lint(spec(holidays=[{"rrule": "FREQ=DAILY", "start": "2030-06-01"}]), 2026)

    assert (found.flaw, found.severity) == (Flaw.STOPS_OPENING, Severity.ERROR)
    assert "2030" in found.message


@pytest.mark.parametrize(
    "broken", [None, 7, "x", [], {}, {"versions": 7}, {"versions": [7]}, {"weekly_hours": 7, "holidays": 7}]
)
def test_whatever_comes_is_answered(broken: object) -> None:
    found = lint(broken, 2026)  # type: ignore[arg-type]  # it comes from outside

    assert [finding.severity for finding in found] != []


@pytest.mark.parametrize(
    ("odd", "flaw", "path"),
    [
        param(
            spec("00:00-03:00", days=("sun",), zone="Europe/London"),
            Flaw.LOST_IN_GAP,
            ("weekly_hours", "sun"),
            id="an hour skipped",
        ),
        param(
            spec("00:00-03:00", days=("sun",), zone="Europe/London"),
            Flaw.REPEATED_HOUR,
            ("weekly_hours", "sun"),
            id="an hour repeated",
        ),
        param(spec("09:00-12:00", "12:00-17:00"), Flaw.INTERVALS_TOUCH, ("weekly_hours", "mon"), id="no break"),
        param(
            spec("22:00-06:00", "06:00-08:00", days=EVERY_DAY),
            Flaw.INTERVALS_TOUCH,
            ("weekly_hours", "mon"),
            id="no break after the night",
        ),
        param(spec(holidays=["2026-12-26"]), Flaw.HOLIDAY_ON_CLOSED_DAY, ("holidays", 0), id="a holiday on a Saturday"),
        param(
            spec(holidays=["2026-12-25", {"date": "2026-12-24", "through": "2026-12-28"}]),
            Flaw.HOLIDAY_TWICE,
            ("holidays", 1),
            id="twice",
        ),
        param(spec(holidays=["2024-12-25"]), Flaw.HOLIDAYS_RUN_OUT, ("holidays",), id="nobody listed this year's"),
        param(
            spec(holidays=[{"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}]),
            Flaw.RULE_NEVER_HOLDS,
            ("holidays", 0),
            id="30 February",
        ),
        param(
            spec(holidays=[{"date": "2026-05-08", "name": "Mother's Day"}]),
            Flaw.LOOKS_LIKE_OBSERVANCE,
            ("holidays", 0),
            id="observed only",
        ),
        param(
            {"timezone": "UTC", "versions": [{"weekly_hours": spec()["weekly_hours"], "holidays": ["2026-12-26"]}]},
            Flaw.HOLIDAY_ON_CLOSED_DAY,
            ("versions", 0, "holidays", 0),
            id="in a version",
        ),
    ],
)
def test_what_is_odd_is_a_warning(odd: dict[str, object], flaw: Flaw, path: tuple[str | int, ...]) -> None:
    found = lint(odd, 2026)

    assert (flaw, path) in flaws(found)
    assert {finding.severity for finding in found} == {Severity.WARNING}


@pytest.mark.parametrize(
    "fine",
    [
        param(spec("20:00-08:00", days=EVERY_DAY), id="a night of twelve hours"),
        param(spec("00:00-24:00", days=EVERY_DAY), id="always open in a zone without changes"),
        param(spec("03:00-05:00", days=EVERY_DAY, zone="Europe/London"), id="open after the change"),
        param(spec(holidays=[{"rrule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"}]), id="a leap day comes in time"),
        param(
            spec(holidays=[{"rrule": "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25"}]), id="Christmas is on a Friday this year"
        ),
        param(spec(holidays=[{"date": "2026-12-26", "hours": [["09:00", "12:00"]]}]), id="a Saturday that opens"),
        param(
            {
                "timezone": "UTC",
                "versions": [
                    {"weekly_hours": spec()["weekly_hours"], "holidays": ["2022-12-25"]},
                    {"weekly_hours": spec()["weekly_hours"], "from": "2023-01-01"},
                ],
            },
            id="history is left alone",
        ),
    ],
)
def test_what_is_fine_is_not_mentioned(fine: dict[str, object]) -> None:
    assert lint(fine, 2026) == ()


def test_the_lost_hour_is_measured() -> None:
    """Lord Howe moves by half an hour."""
    found = lint(spec("01:00-02:15", days=EVERY_DAY, zone="Australia/Lord_Howe"), 2026)
    lost = [finding.message for finding in found if finding.flaw is Flaw.LOST_IN_GAP]

    assert lost[0] == "On 2026-10-04 the clocks skip 0:15:00 of opening hours in Australia/Lord_Howe."
