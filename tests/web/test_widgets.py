"""Countdowns in a browser say what the clock itself says."""

import random
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from schema.scalars import write_duration
from sla.clock import Clock
from sla.countdown import Countdown, countdown
from tests.sla.calendars import EVERY_DAY, calendar
from tests.sla.policies import at, clock, promise
from tests.web.node import node
from web import widget_files

CLOCKS, INSTANTS = 1_000, 50
MILLISECOND = timedelta(milliseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

OFFICES = (
    calendar(),
    calendar("09:00-12:00", "13:00-17:00", holidays=["2026-03-05"], zone="Europe/Vienna"),
    calendar("00:30-06:15", "22:00-24:00", zone="America/New_York"),
    calendar("08:00-20:00", days=EVERY_DAY, holidays=[{"date": "2026-03-08", "hours": [["10:00", "11:00"]]}]),
    calendar("10:00-16:45", zone="Australia/Lord_Howe"),
)
STORIES = (
    "opened {0}",
    "opened {0}, paused {1}",
    "opened {0}, paused {1}, resumed {2}",
    "opened {0}, resolved {1}",
    "opened {0}, canceled {1}",
    "opened {0}, resolved {1}, reopened {2}",
)


def made_up(dice: random.Random) -> tuple[Clock, datetime]:
    """A clock, and the instant at which its countdown is sent: after all that happened."""
    minutes = sorted(dice.sample(range(24 * 60), 3))
    happened = [f"{minute // 60:02}:{minute % 60:02}" for minute in minutes]
    fail = dice.randrange(1, 3_000)
    found = clock(
        dice.choice(STORIES).format(*happened),
        promise(fail=fail, warn=dice.choice((None, fail // 2)), calendar=dice.choice((None, "office"))),
        office=dice.choice(OFFICES),
        pinned=dice.choice((None, None, None, at("Wed 10:30"))),
    )
    return found, at("Tue 00:00") + dice.randrange(7 * 24 * 3_600_000) * MILLISECOND


def as_sent(of: Countdown) -> dict[str, object]:
    return {
        "state": of.state.value,
        "remaining": write_duration(of.remaining),
        "serverNow": of.at,
        "warnAt": of.warn_at,
        "breaksAt": of.breaks_at,
        "hours": [{"start": part.start, "end": part.end} for part in of.hours],
        "validUntil": of.valid_until,
    }


def questions() -> Iterator[tuple[Clock, Countdown, list[datetime]]]:
    dice = random.Random(20260302)
    for _ in range(CLOCKS):
        found, sent_at = made_up(dice)
        sent = countdown(found, sent_at)
        edges = [edge for part in sent.hours for edge in (part.start, part.end)]
        known = [one for one in (*edges, sent.warn_at, sent.breaks_at) if one and one >= sent_at]
        until = min(sent_at + timedelta(days=14), sent.valid_until or datetime.max.replace(tzinfo=UTC))
        span = (until - sent_at) // MILLISECOND
        ticks = [sent_at + dice.randrange(span) * MILLISECOND for _ in range(INSTANTS)]
        near = [one + step * MILLISECOND for one in known for step in (-1, 0, 1)]
        exact = [one for one in near if sent_at <= one < until]
        yield found, sent, (dice.sample(exact, min(len(exact), INSTANTS // 2)) + ticks)[:INSTANTS]


def test_a_thousand_clocks_at_fifty_instants_each_are_shown_as_they_stand():
    asked = list(questions())
    lines = [
        orjson.dumps({"sent": as_sent(sent), "instants": [(one - EPOCH) / MILLISECOND for one in instants]})
        for _, sent, instants in asked
    ]
    script = Path(__file__).with_name("countdown_answers.mjs")
    run = subprocess.run([node(), script], input=b"\n".join(lines), capture_output=True, timeout=120, check=True)
    answers = [orjson.loads(line) for line in run.stdout.splitlines()]

    wrong = [
        (found, now, said)
        for (found, _, instants), shown in zip(asked, answers, strict=True)
        for now, said in zip(instants, shown, strict=True)
        if said != [found.remaining(now) / MILLISECOND, found.state(now).value]
    ]
    assert wrong[:3] == []
    assert sum(map(len, answers)) == CLOCKS * INSTANTS


@pytest.fixture
def client():
    return TestClient(Starlette(routes=widget_files.routes()))


def test_every_page_may_load_the_widget(client):
    answer = client.get("/widgets/sla-countdown.js")

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["access-control-allow-origin"] == "*"


def test_the_page_of_examples_asks_for_nothing_but_its_own_files(client):
    assert [client.get(f"/widgets/{name}").status_code for name in widget_files.FILES] == [200] * 5
    assert "//" not in client.get("/widgets/").text.replace("http-equiv", "")


@pytest.mark.parametrize("name", ["index.html", "../app.py", "%2e%2e/app.py", "..%2fapp.py", "missing.js"])
def test_no_other_file_can_be_asked_for(client, name):
    assert client.get(f"/widgets/{name}").status_code == 404
