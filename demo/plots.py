"""Plots: what typically becomes of a case. Each tells a story that was opened, until its end or the present."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from cases.history import Actor
from cases.vocabulary import PAUSE_REASONS, Audience, FactKind, Priority, StatusReason
from demo import topics
from demo.people import TEAMS, Staff
from demo.story import Story

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


Plot = Callable[[Story, Staff], None]


def fresh(story: Story, staff: Staff) -> None:
    """Somebody may have looked, nobody has answered."""
    if story.rng.random() < 0.5:
        _take(story, staff)


def answered(story: Story, staff: Staff) -> None:
    """A question, an answer, thanks."""
    _take(story, staff)
    _work(story, 10 * MINUTE, 5 * HOUR)
    story.say(story.rng.choice(topics.ANSWERS))
    if story.rng.random() < 0.6:
        story.later(20 * MINUTE, 2 * DAY)
        story.hear(story.rng.choice(topics.THANKS))
    _finish(story, StatusReason.INFORMATION_PROVIDED)


def asked_back(story: Story, staff: Staff) -> None:
    """Something is missing, the customer is asked for it, and says it late."""
    _take(story, staff)
    _ask(story)
    if story.colleagues and story.rng.random() < 0.2:
        story.give_to(story.rng.choice(story.colleagues))
    _pause(story, StatusReason.WAITING_FOR_DETAILS, MINUTE, 4 * DAY)
    _finish(story, StatusReason.PROBLEM_SOLVED)


def proven(story: Story, staff: Staff) -> None:
    """Photos are wanted first."""
    _take(story, staff)
    _ask(story)
    _pause(story, StatusReason.WAITING_FOR_EVIDENCE, 2 * HOUR, 5 * DAY)
    _finish(story, StatusReason.PROBLEM_SOLVED)


def repaired(story: Story, staff: Staff) -> None:
    """Looked into, handed on to those who know, a part ordered, repaired."""
    _take(story, staff)
    story.step(FactKind.PROGRESSED, StatusReason.RESEARCHING)
    _note(story)
    if story.rng.random() < 0.4:
        _hand_over(story, staff)
    _raise_priority(story, 0.3)
    _work(story, 30 * MINUTE, 6 * HOUR)
    story.say(story.rng.choice(topics.PROGRESS))
    story.step(FactKind.PROGRESSED, StatusReason.IN_PROGRESS)
    _pause(story, StatusReason.WAITING_FOR_VENDOR, DAY, 9 * DAY)
    _finish(story, StatusReason.PROBLEM_SOLVED)


def known(story: Story, staff: Staff) -> None:
    """One of many with the same cause; waits until that is gone."""
    _take(story, staff)
    story.step(FactKind.PROGRESSED, StatusReason.RESEARCHING)
    _note(story)
    _pause(story, StatusReason.WAITING_FOR_PROBLEM, 2 * DAY, 15 * DAY)
    story.say(story.rng.choice(topics.PROGRESS))
    _finish(story, StatusReason.PROBLEM_SOLVED)


def put_off(story: Story, staff: Staff) -> None:
    """The customer is on holiday or wants to think; later it goes on."""
    _take(story, staff)
    _ask(story)
    _pause(story, StatusReason.ON_HOLD, 3 * DAY, 14 * DAY)
    _finish(story, StatusReason.INFORMATION_PROVIDED)


def disputed(story: Story, staff: Staff) -> None:
    """Set aside by the manager until something else is settled."""
    _take(story, staff)
    _note(story)
    _hand_over(story, staff)
    _pause(story, StatusReason.SUSPENDED, 2 * DAY, 12 * DAY)
    _raise_priority(story, 0.5)
    _finish(story, StatusReason.PROBLEM_SOLVED)


def long_winded(story: Story, staff: Staff) -> None:
    """Everybody waits for everybody else, one after the other."""
    _take(story, staff)
    _ask(story)
    for reason in story.rng.sample(sorted(PAUSE_REASONS), 3):
        _pause(story, reason, 4 * HOUR, 4 * DAY)
        if story.rng.random() < 0.5:
            _hand_over(story, staff)
    _raise_priority(story, 0.6)
    _finish(story, StatusReason.PROBLEM_SOLVED)


def came_back(story: Story, staff: Staff) -> None:
    """Resolved, but not really; taken up again by somebody else."""
    answered(story, staff)
    story.later(6 * HOUR, 5 * DAY)
    story.step(FactKind.REACTIVATED, note=story.rng.choice(topics.COMPLAINTS), by=story.asker)
    _work(story, 5 * MINUTE, 3 * HOUR)
    _hand_over(story, staff)
    _note(story)
    _raise_priority(story, 0.7)
    _finish(story, StatusReason.PROBLEM_SOLVED)


def withdrawn(story: Story, staff: Staff) -> None:
    """The customer does not need us any more."""
    _take(story, staff)
    _work(story, HOUR, 2 * DAY)
    if story.rng.random() < 0.5:
        _ask(story)
        story.later(HOUR, 3 * DAY)
    story.hear("It has settled itself, you can close this. Sorry for the trouble.")
    _work(story, 10 * MINUTE, 5 * HOUR)
    story.step(FactKind.CANCELED, note="Settled itself, says the customer.")


def withdrawn_and_back(story: Story, staff: Staff) -> None:
    """It had not settled itself after all."""
    withdrawn(story, staff)
    story.later(DAY, 6 * DAY)
    story.step(FactKind.REACTIVATED, note="The customer called: it is back.")
    _finish(story, StatusReason.PROBLEM_SOLVED)


def asked_twice(story: Story, staff: Staff) -> None:
    """The same question came in before; this one ends in the other."""
    _take(story, staff)
    _work(story, 10 * MINUTE, 4 * HOUR)
    story.say("Came in twice, the other one is further on.", Audience.INTERNAL)
    story.go_into_survivor()


def spam(story: Story, staff: Staff) -> None:
    """Not from a customer at all."""
    _work(story, 5 * MINUTE, 12 * HOUR)
    story.delete()


PLOTS: Final[Mapping[Plot, int]] = {
    answered: 24,
    asked_back: 14,
    repaired: 14,
    proven: 6,
    known: 6,
    put_off: 5,
    disputed: 4,
    long_winded: 5,
    came_back: 7,
    withdrawn: 6,
    withdrawn_and_back: 2,
}
"""How often each is told, of those that need nothing special."""

LEADING_TO: Final[Mapping[StatusReason, Sequence[Plot]]] = {
    StatusReason.NEW: (fresh,),
    StatusReason.IN_PROGRESS: (asked_back, repaired, came_back),
    StatusReason.RESEARCHING: (repaired, known),
    StatusReason.ON_HOLD: (put_off,),
    StatusReason.WAITING_FOR_DETAILS: (asked_back,),
    StatusReason.WAITING_FOR_PROBLEM: (known,),
    StatusReason.WAITING_FOR_VENDOR: (repaired,),
    StatusReason.WAITING_FOR_EVIDENCE: (proven,),
    StatusReason.SUSPENDED: (disputed,),
    StatusReason.PROBLEM_SOLVED: (asked_back, repaired, proven),
    StatusReason.INFORMATION_PROVIDED: (answered,),
    StatusReason.CANCELED: (withdrawn,),
    StatusReason.MERGED: (asked_twice,),
    StatusReason.CLOSED: (answered, repaired),
}
"""The plots that come to a reason, for stories that are to stop there."""


def _take(story: Story, staff: Staff) -> None:
    """Sorted by the first line into the team of its topic, and taken by somebody there."""
    story.at_work()
    story.later(MINUTE, 90 * MINUTE)
    team = staff.teams[story.topic.team]
    people = staff.people_by_team[story.topic.team]
    sorter = story.rng.choice(staff.people_by_team[TEAMS[0]])
    story.owner = story.owner or sorter
    if story.team is None and story.rng.random() < 0.7:
        story.assign(team, None, by=story.agent)
        _work(story, 5 * MINUTE, 4 * HOUR)
    taker = story.rng.choice(people[1:])
    story.owner = taker
    story.assign(team, taker, by=story.agent)


def _hand_over(story: Story, staff: Staff) -> None:
    """To a colleague, or now and then to another team."""
    _work(story, 10 * MINUTE, 5 * HOUR)
    story.say(story.rng.choice(topics.HANDOVERS), Audience.INTERNAL)
    name = story.rng.choice(TEAMS) if story.rng.random() < 0.3 else story.topic.team
    others = [person for person in staff.people_by_team[name] if person is not story.owner]
    story.assign(staff.teams[name], story.rng.choice(others), by=story.agent)


def _ask(story: Story) -> None:
    _work(story, 10 * MINUTE, 6 * HOUR)
    story.say(story.rng.choice(story.topic.questions))


def _note(story: Story) -> None:
    _work(story, 10 * MINUTE, 4 * HOUR)
    story.say(story.rng.choice(story.topic.notes), Audience.INTERNAL)


def _pause(story: Story, reason: StatusReason, least: timedelta, most: timedelta) -> None:
    """Somebody waits. What is waited for comes after a while; sometimes the customer asks where it is."""
    if not story.step(FactKind.SUSPENDED, reason, note=story.rng.choice(topics.WAITS)):
        return
    story.later(least, most)
    if reason in (StatusReason.WAITING_FOR_DETAILS, StatusReason.WAITING_FOR_EVIDENCE):
        story.hear(story.rng.choice(story.topic.replies))
    elif story.rng.random() < 0.3:
        story.hear(story.rng.choice(topics.REMINDERS))
    _work(story, 5 * MINUTE, 5 * HOUR)
    story.step(FactKind.RESUMED)


def _raise_priority(story: Story, chance: float) -> None:
    if story.rng.random() < chance and story.details["priority"] is not Priority.CRITICAL:
        order = list(Priority)
        higher = order[order.index(story.details["priority"]) + 1]
        story.change({"priority": higher})


def _finish(story: Story, reason: StatusReason) -> None:
    """Solved, said, asked how it was, closed after a week unless the customer objects."""
    _work(story, 20 * MINUTE, 8 * HOUR)
    if reason is StatusReason.PROBLEM_SOLVED:
        story.say(story.rng.choice(topics.ANSWERS))
        story.later(HOUR, 2 * DAY)
    if story.rng.random() < 0.4:
        story.change({"satisfaction": story.rng.choices(range(1, 6), (1, 1, 2, 5, 6))[0]})
    story.at_work()
    story.resolve(reason, story.solution, story.filled(story.rng.choice(("", *story.topic.notes))))
    if story.stop_at is StatusReason.CLOSED or story.rng.random() < 0.75:
        story.later(5 * DAY, 9 * DAY)
        story.step(FactKind.CLOSED, by=Actor())


def _work(story: Story, least: timedelta, most: timedelta) -> None:
    """Somebody of the staff gets round to it."""
    story.later(least, most)
    story.at_work()
