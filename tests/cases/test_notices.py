"""Notices: words in braces and nothing else, in the customer's language, not at night."""

from types import SimpleNamespace
from typing import Any

import pytest
from pytest import param

from cases.notices import Channel, NoticeTrigger, after_quiet, chosen, filled, problems
from cases.retrying import FIRST, LONGEST, MOST_ATTEMPTS, next_attempt
from cases.vocabulary import StatusReason
from tests.given import at

WORDS = {"case.number": "CAS-1", "case.title": "{{contact.name}}", "contact.name": "Bob"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        param("Case {{case.number}}.", "Case CAS-1.", id="a word"),
        param("{{ case.number }}", "CAS-1", id="with room"),
        param("{{case.title}}", "{{contact.name}}", id="what is put in is not read again"),
        param("{case.number} {% if x %}", "{case.number} {% if x %}", id="there is nothing else"),
    ],
)
def test_filling_in(text, expected):
    assert filled(text, WORDS) == expected


@pytest.mark.parametrize(
    ("subject", "body", "channel", "paths"),
    [
        param("{{case.number}}", "{{comment.body}}", Channel.EMAIL, [], id="all is well"),
        param("", "Hello", Channel.SMS, [], id="a text message has no subject"),
        param("", "Hello", Channel.EMAIL, ["subject"], id="an e-mail has one"),
        param("Hello", "{{case.secret}}", Channel.EMAIL, ["body"], id="a word that there is not"),
        param("{{x}}", "{{y}} {{z}}", Channel.EMAIL, ["subject", "body", "body"], id="several of them"),
        param("Hello", "{{case.number", Channel.EMAIL, ["body"], id="braces that are not closed"),
        param("Hello", "{{case.__class__}}", Channel.EMAIL, ["body"], id="no attributes"),
        param("One\r\nBcc: eve@example.com", "Hello", Channel.EMAIL, ["subject"], id="a second header"),
        param("Hello", "Hello", Channel.WEBHOOK, ["channel"], id="customers are no webhooks"),
    ],
)
def test_problems_of_a_template(subject, body, channel, paths):
    assert [problem.path[0] for problem in problems(subject, body, channel)] == paths


def template(name: str, language: str = "en", reason: StatusReason | None = None, channel=Channel.EMAIL) -> Any:
    return SimpleNamespace(
        name=name, trigger=NoticeTrigger.STATUS_CHANGED, status_reason=reason, channel=channel, language=language
    )


def test_one_template_is_chosen_for_each_channel_by_language_then_by_reason():
    solved = StatusReason.PROBLEM_SOLVED
    all_of_them = [
        template("any"),
        template("solved", reason=solved),
        template("gelöst", "de", solved),
        template("text", channel=Channel.SMS),
        template("canceled", reason=StatusReason.CANCELED),
    ]

    def names(reason: StatusReason, language: str | None) -> set[str]:
        return {one.name for one in chosen(all_of_them, NoticeTrigger.STATUS_CHANGED, reason, language)}

    assert names(solved, "de") == {"gelöst", "text"}
    assert names(solved, "en") == {"solved", "text"}
    assert names(solved, None) == {"solved", "text"}
    assert names(StatusReason.ON_HOLD, "de") == {"any", "text"}
    assert chosen(all_of_them, NoticeTrigger.COMMENTED, solved, "en") == []


@pytest.mark.parametrize(
    ("now", "begins", "ends", "due"),
    [
        param("12:00", 22 * 60, 7 * 60, "12:00", id="by day at once"),
        param("22:00", 22 * 60, 7 * 60, "Tue 07:00", id="at night in the morning"),
        param("03:00", 22 * 60, 7 * 60, "07:00", id="after midnight the same morning"),
        param("07:00", 22 * 60, 7 * 60, "07:00", id="the end is not quiet any more"),
        param("13:30", 13 * 60, 14 * 60, "14:00", id="a rest at noon"),
        param("13:30", 0, 0, "13:30", id="no quiet hours"),
    ],
)
def test_quiet_hours(now, begins, ends, due):
    assert after_quiet(at(now), "UTC", begins, ends) == at(due)


def test_quiet_hours_are_on_the_clocks_of_the_tenant():
    assert after_quiet(at("21:00"), "Europe/Berlin", 22 * 60, 7 * 60) == at("Tue 05:00")


def test_pauses_double_up_to_a_limit_and_then_it_was_often_enough():
    now = at("12:00")
    pauses = [again - now for tried in range(1, MOST_ATTEMPTS) if (again := next_attempt(tried, now))]

    assert pauses[:3] == [FIRST, 2 * FIRST, 4 * FIRST]
    assert max(pauses) <= LONGEST
    assert next_attempt(MOST_ATTEMPTS, now) is None
