"""Notices: what customers are told, filled in from templates, and when.

A template is text with words in double braces. There are a handful of these words and nothing else: no conditions, no
code. What a customer wrote is put in as it is and never read again.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import auto
from typing import Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from cases import rules
from cases.refusals import BadInput
from cases.vocabulary import FactKind, StatusReason, Word

SUBJECT_LIMIT: Final = 200
BODY_LIMIT: Final = 10_000


class Channel(Word):
    """How something is sent."""

    EMAIL = auto()
    SMS = auto()
    WEBHOOK = auto()


class NoticeTrigger(Word):
    """What a notice to a customer follows from."""

    CASE_OPENED = auto()
    COMMENTED = auto()
    STATUS_CHANGED = auto()


class DeliveryState(Word):
    """Where a delivery stands: it failed and will be tried again, or was tried often enough."""

    PENDING = auto()
    SENT = auto()
    FAILED = auto()
    GIVEN_UP = auto()


PLACEHOLDERS: Final[Mapping[str, str]] = {
    "case.number": "The number of the case.",
    "case.title": "Its title.",
    "case.status": "Where it stands.",
    "case.status_reason": "Why it stands there.",
    "case.priority": "Its priority.",
    "contact.name": "The name of whoever is told.",
    "comment.body": "What was said; empty if nothing was.",
    "tenant.name": "The name of the tenant.",
}
"""The words that may stand in double braces, and what takes their place."""

TRIGGERS: Final[Mapping[FactKind, NoticeTrigger]] = {
    FactKind.OPENED: NoticeTrigger.CASE_OPENED,
    FactKind.COMMENTED: NoticeTrigger.COMMENTED,
    FactKind.PROGRESSED: NoticeTrigger.STATUS_CHANGED,
    FactKind.SUSPENDED: NoticeTrigger.STATUS_CHANGED,
    FactKind.RESUMED: NoticeTrigger.STATUS_CHANGED,
    FactKind.RESOLVED: NoticeTrigger.STATUS_CHANGED,
    FactKind.CLOSED: NoticeTrigger.STATUS_CHANGED,
    FactKind.CANCELED: NoticeTrigger.STATUS_CHANGED,
    FactKind.REACTIVATED: NoticeTrigger.STATUS_CHANGED,
}

_BRACED: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_STRAY: Final = re.compile(r"\{\{|\}\}")


class Template(Protocol):
    """As much of a template as decides whether it is used, and for whom."""

    @property
    def trigger(self) -> NoticeTrigger: ...

    @property
    def status_reason(self) -> StatusReason | None: ...

    @property
    def channel(self) -> Channel: ...

    @property
    def language(self) -> str: ...


T = TypeVar("T", bound=Template)


def problems(subject: str, body: str, channel: Channel) -> Iterator[BadInput]:
    """What is wrong with the texts of a template."""
    if channel is Channel.WEBHOOK:
        yield BadInput("Customers are told by e-mail or SMS.", path=("channel",))
    yield from rules.text(subject, SUBJECT_LIMIT, ("subject",), required=channel is Channel.EMAIL)
    yield from rules.text(body, BODY_LIMIT, ("body",), required=True)
    if re.search(r"[\r\n]", subject):
        yield BadInput("A subject is one line.", path=("subject",))
    for name, text in (("subject", subject), ("body", body)):
        yield from _unknown(text, name)


def _unknown(text: str, name: str) -> Iterator[BadInput]:
    for word in dict.fromkeys(found.strip() for found in _BRACED.findall(text)):
        if word not in PLACEHOLDERS:
            yield BadInput(f"There is no “{word:.40}”; there is {', '.join(PLACEHOLDERS)}.", path=(name,))
    if _STRAY.search(_BRACED.sub("", text)):
        yield BadInput("A pair of double braces is not closed.", path=(name,))


def filled(text: str, words: Mapping[str, str]) -> str:
    """The text with its words replaced, once: what is put in is not read again."""
    return _BRACED.sub(lambda braced: words.get(braced[1].strip(), ""), text)


def chosen(templates: Sequence[T], trigger: NoticeTrigger, reason: object, language: str | None) -> list[T]:
    """For each channel the template to be used: one for this very reason over one for any, the contact's language over
    another; of equals the first."""
    fitting = [one for one in templates if one.trigger is trigger and one.status_reason in (None, reason)]
    ordered = sorted(fitting, key=lambda one: (one.language != language, one.status_reason is None))
    return list({one.channel: one for one in reversed(ordered)}.values())


def after_quiet(at: datetime, zone: str, begins: int, ends: int) -> datetime:
    """The first instant from `at` on that is not in quiet hours, which are minutes of the day on clocks of `zone`.

    They may go over midnight; if both are equal there are none. `at` is aware; so is the result, in the same zone.
    """
    local = at.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    quiet = begins <= minute < ends if begins <= ends else minute >= begins or minute < ends
    if not quiet:
        return at
    day = local.date() + timedelta(days=1 if minute >= ends else 0)
    end = datetime(day.year, day.month, day.day, ends // 60, ends % 60, tzinfo=local.tzinfo)
    return max(end.astimezone(at.tzinfo), at)
