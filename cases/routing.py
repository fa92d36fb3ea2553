"""Routing: where a new case goes, and to whom. Rules choose the place, skills and room choose the person.

Sets of rules are asked in order, and the first rule that holds decides. Of the people there, those who are present,
have room and all skills asked for are considered; the least loaded gets the case, and of these the one who has waited
longest for one. "Nobody fits" is an answer, with everybody's reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from cases import rules
from cases.conditions import Condition, Trace, explain, fields_read
from cases.obstacles import Unfit
from cases.refusals import BadInput
from cases.stored_conditions import Fields, from_json

MOST_RULES: Final = 100
MOST_SKILLS: Final = 10
LEVELS: Final = range(1, 11)
"""How well somebody can do something: 1 a little, 10 nobody better."""

PLACES: Final = ("queue", "person", "team")

LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Skill:
    """Something a person can do, at least this well."""

    name: str
    level: int = 1


@dataclass(frozen=True)
class Destination:
    """Where a case goes: `place` is `queue`, `person` or `team`."""

    place: str
    id: UUID


@dataclass(frozen=True)
class Rule:
    """Cases for which `when` holds go to `to`, and there to a person with these skills."""

    name: str
    when: Condition
    to: Destination
    skills: tuple[Skill, ...] = ()


@dataclass(frozen=True)
class RuleSet:
    """Rules in order."""

    id: UUID
    name: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Verdict:
    """What became of one rule: whether it held and why, and whether it decided. `place` counts from 1 in its set."""

    rule_set: RuleSet
    place: int
    rule: Rule
    trace: Trace
    chosen: bool

    @property
    def held(self) -> bool:
        return self.trace.held


def verdicts(sets: Iterable[RuleSet], case: object) -> list[Verdict]:
    """Every rule of every set, in order; at most one is chosen, the first that holds. `case` has attributes."""
    found: list[Verdict] = []
    decided = False
    for rule_set in sets:
        for place, rule in enumerate(rule_set.rules, 1):
            trace = explain(rule.when, case)
            found.append(Verdict(rule_set, place, rule, trace, trace.held and not decided))
            decided = decided or trace.held
    return found


def chosen(among: Iterable[Verdict]) -> Verdict | None:
    """The verdict that decides, if one does."""
    return next((verdict for verdict in among if verdict.chosen), None)


def relations_read(sets: Iterable[RuleSet]) -> frozenset[str]:
    """The relations of a case that some rule asks of."""
    fields = frozenset[str]().union(*(fields_read(rule.when) for each in sets for rule in each.rules))
    return frozenset(name.split(".")[0] for name in fields if "." in name)


@dataclass(frozen=True)
class Candidate:
    """Somebody who might get a case. `most_open` null means as many as come; `last_assigned_at` null, never."""

    person_id: UUID
    name: str
    active: bool = True
    away: bool = False
    level_by_skill: Mapping[str, int] | None = None
    open_cases: int = 0
    most_open: int | None = None
    last_assigned_at: datetime | None = None


@dataclass(frozen=True)
class Consideration:
    """A candidate, and every reason why they cannot get the case; without one, they can."""

    candidate: Candidate
    reasons: tuple[Unfit, ...] = ()

    @property
    def fits(self) -> bool:
        return not self.reasons


@dataclass(frozen=True)
class Choice:
    """Who gets the case, or nobody; and how each candidate was considered, best first."""

    person_id: UUID | None
    considered: tuple[Consideration, ...]


def choose(candidates: Iterable[Candidate], skills: Sequence[Skill] = ()) -> Choice:
    """Whoever fits and has the fewest open cases; of several the one whose last case came longest ago."""
    considered = [Consideration(candidate, tuple(_reasons(candidate, skills))) for candidate in candidates]
    considered.sort(key=lambda one: (not one.fits, *_turn(one.candidate)))
    best = considered[0].candidate.person_id if considered and considered[0].fits else None
    return Choice(best, tuple(considered))


def why_nobody(place: str, choice: Choice) -> str:
    """In a sentence fit for those who look after the queue; `place` is its name, or the team's."""
    if not choice.considered:
        return f"{place} has nobody in it."
    people = (
        f"{one.candidate.name} {' and '.join(_SPOKEN[reason] for reason in one.reasons)}" for one in choice.considered
    )
    told = f"Nobody in {place} fits: {', '.join(people)}."
    return told if len(told) <= REASON_LIMIT else f"{told[: REASON_LIMIT - 1]}…"


REASON_LIMIT: Final = 500

_SPOKEN: Final[Mapping[Unfit, str]] = {
    Unfit.LEFT: "has left",
    Unfit.AWAY: "is away",
    Unfit.FULL: "has no room",
    Unfit.LACKS_SKILL: "lacks a skill",
}


def _reasons(candidate: Candidate, skills: Sequence[Skill]) -> Iterator[Unfit]:
    levels = candidate.level_by_skill or {}
    if not candidate.active:
        yield Unfit.LEFT
    if candidate.away:
        yield Unfit.AWAY
    if candidate.most_open is not None and candidate.open_cases >= candidate.most_open:
        yield Unfit.FULL
    if any(levels.get(skill.name, 0) < skill.level for skill in skills):
        yield Unfit.LACKS_SKILL


def _turn(candidate: Candidate) -> tuple[int, datetime, UUID]:
    return candidate.open_cases, candidate.last_assigned_at or LONG_AGO, candidate.person_id


def read_rules(items: Sequence[Mapping[str, Any]], fields: Fields) -> tuple[Rule, ...]:
    """Rules from what is stored of them. Raises BadInput, with the path from `items` on, for what cannot be one."""
    if len(items) > MOST_RULES:
        raise BadInput(f"A set may have {MOST_RULES} rules.", path=("items",))
    return tuple(_rule(item, fields, ("items", number)) for number, item in enumerate(items))


def _rule(item: Mapping[str, Any], fields: Fields, path: tuple[str | int, ...]) -> Rule:
    name = item.get("name", "")
    rules.refuse(rules.text(name, 200, (*path, "name"), required=True))
    places = [place for place in PLACES if item.get(place) is not None]
    if len(places) != 1:
        raise BadInput("Say one place: a queue, a person or a team.", path=path)
    try:
        to = Destination(places[0], UUID(item[places[0]]))
        when = from_json(item.get("when", {}), fields)
    except ValueError:
        raise BadInput("There is no such thing.", path=(*path, f"{places[0]}_id")) from None
    except BadInput as fault:
        raise BadInput(fault.message, path=(*path, "when", *fault.path)) from None
    return Rule(name, when, to, read_skills(item.get("skills", ()), (*path, "skills")))


def read_skills(said: Sequence[Mapping[str, Any]], path: tuple[str | int, ...]) -> tuple[Skill, ...]:
    """Skills from `{"skill": "cooling", "level": 3}`; none twice. Raises BadInput."""
    if len(said) > MOST_SKILLS:
        raise BadInput(f"There may be {MOST_SKILLS} skills.", path=path)
    found: dict[str, Skill] = {}
    for number, one in enumerate(said):
        name, level = one.get("skill", ""), one.get("level", 1)
        rules.refuse(rules.text(name, 100, (*path, number, "skill"), required=True))
        if level not in LEVELS:
            raise BadInput(f"A level is a number from 1 to {LEVELS[-1]}.", path=(*path, number, "level"))
        if name in found:
            raise BadInput("This skill is there twice.", path=(*path, number, "skill"))
        found[name] = Skill(name, level)
    return tuple(found.values())
