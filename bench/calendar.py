"""Business time beside businesstimedelta: the same questions, the same answers, in one run.

    python -m bench.calendar

The machine may be busy with something else, so the two take turns; the medians and their ratio are printed.
Owed: 1.5 µs for `after` on warm data, and 30 times the peer.
"""

import datetime as dt
import gc
import random
from collections.abc import Callable
from statistics import median
from time import perf_counter
from zoneinfo import ZoneInfo

import businesstimedelta
import pytz  # type: ignore[import-untyped]  # the only zones that the peer takes

from sla.calendar import Calendar

TURNS, OURS, THEIRS = 15, 20_000, 400
ZONE = "Europe/London"
HOLIDAYS = [
    "2025-12-25",
    "2025-12-26",
    "2026-01-01",
    "2026-04-03",
    "2026-04-06",
    "2026-05-04",
    "2026-05-25",
    "2027-01-01",
]
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
OWED_SECONDS, OWED_RATIO = 1.5e-6, 30

Question = tuple[dt.datetime, dt.timedelta]
Act = Callable[[dt.datetime, dt.timedelta], object]


def our_calendar(holidays: list[str]) -> Calendar:
    hours = {day: [["09:00", "17:00"]] for day in WORKDAYS}
    return Calendar.from_spec({"timezone": ZONE, "weekly_hours": hours, "holidays": holidays})


def their_answer(holidays: list[str]) -> Act:
    """Without holidays just its weekly rule, which is its fastest; with them as its manual has it."""
    zone = pytz.timezone(ZONE)
    rule = businesstimedelta.WorkDayRule(dt.time(9), dt.time(17), working_days=[0, 1, 2, 3, 4], tz=zone)
    if holidays:
        days_off = {dt.date.fromisoformat(day): "Holiday" for day in holidays}
        rule = businesstimedelta.Rules([rule, businesstimedelta.HolidayRule(days_off, tz=zone)])
    return lambda start, length: start + businesstimedelta.BusinessTimeDelta(rule, timedelta=length)


def questions(number: int) -> list[Question]:
    """Targets from a quarter of an hour to a working week, from instants of one year."""
    draw = random.Random(2026)  # the same questions each time
    first = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
    return [
        (first + dt.timedelta(minutes=draw.randrange(300 * 24 * 60)), dt.timedelta(minutes=draw.randrange(15, 40 * 60)))
        for _ in range(number)
    ]


def each(act: Act, asked: list[Question]) -> float:
    """Seconds per question."""
    gc.collect()
    gc.disable()
    begun = perf_counter()
    for start, length in asked:
        act(start, length)
    taken = perf_counter() - begun
    gc.enable()
    return taken / len(asked)


def main() -> None:
    asked = questions(OURS)
    print("nine to five, Monday to Friday")
    met = compare([], asked)
    print("the same with holidays")
    compare(HOLIDAYS, asked)
    print("owed figures met" if met else "OWED FIGURES NOT MET")

    ours = our_calendar(HOLIDAYS)
    local = [(start.astimezone(ZoneInfo(ZONE)), length) for start, length in asked]
    print("our other questions")
    report("open_time", [each(lambda a, d: ours.open_time(a, a + d), asked) for _ in range(TURNS)])
    report("before", [each(ours.before, asked) for _ in range(TURNS)])
    report("after, from local time", [each(ours.after, local) for _ in range(TURNS)])
    fresh = [each(lambda start, _: our_calendar(HOLIDAYS).is_open(start), asked[:20]) for _ in range(5)]
    report("read a spec and lay out a year", fresh)


def compare(holidays: list[str], asked: list[Question]) -> bool:
    """Print both; whether what is owed is met."""
    ours, theirs = our_calendar(holidays).after, their_answer(holidays)
    some = asked[:THEIRS]
    same = sum(ours(*question) == theirs(*question) for question in some)
    nothing, ours_each, theirs_each = [], [], []
    for _ in range(TURNS):
        nothing.append(each(lambda _start, _length: None, asked))
        ours_each.append(each(ours, asked))
        theirs_each.append(each(theirs, some))
    ratios = [their / our for our, their in zip(ours_each, theirs_each, strict=True)]
    report("Calendar.after", ours_each)
    report("an empty call, for comparison", nothing)
    report("businesstimedelta", theirs_each)
    print(f"  {'ratio':31} median {median(ratios):9.1f}      lowest {min(ratios):9.1f}      owed {OWED_RATIO}")
    print(f"  {'same answers':31} {same} of {len(some)}")
    return median(ours_each) <= OWED_SECONDS and median(ratios) >= OWED_RATIO


def report(name: str, seconds: list[float]) -> None:
    print(f"  {name:31} median {median(seconds) * 1e6:9.3f} µs   best   {min(seconds) * 1e6:9.3f} µs")


if __name__ == "__main__":
    main()
