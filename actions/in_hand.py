"""What is known of the cases that an act has in hand: what it asks of each is read once, and of many cases together."""

from collections.abc import Iterable, Sequence
from typing import Final

from actions import clocks
from actions.stays import open_stays
from actions.trail import in_hand
from cases.history import Event
from models.case import Case

MOST_EVENTS: Final = 10_000
"""So many are read together and kept at most; longer histories are read when they are asked for."""


async def take_in_hand(cases: Iterable[Case]) -> None:
    """Reads what changing these locked cases will ask of them: their stays, and the histories of promises."""
    events, promised, hand = 0, [], in_hand()
    for case in (held := list(cases)):
        events += case.version
        if case.sla_version_id is not None and events <= MOST_EVENTS:
            promised.append(case.id)
    if promised:
        hand.histories.update(await clocks.histories_of(promised))
    hand.stays.update(await open_stays([case.id for case in held]))


async def history_of(case: Case) -> Sequence[Event]:
    """The events of a locked case."""
    known = in_hand().histories.get(case.id, ())
    return known if known and known[-1].number == case.version else await clocks.history_of(case.id)


def has_grown(case: Case, history: Sequence[Event]) -> None:
    """Keeps the history of a locked case as it is now."""
    in_hand().histories[case.id] = history
