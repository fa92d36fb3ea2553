"""Routing: the first rule that holds decides the place; skills, room and turn decide the person."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as some
from pytest import param

from cases.conditions import EVERYTHING, NOTHING, Compare, Op, Related
from cases.obstacles import Unfit
from cases.refusals import BadInput
from cases.routing import (
    REASON_LIMIT,
    Candidate,
    Destination,
    Rule,
    RuleSet,
    Skill,
    choose,
    chosen,
    read_rules,
    read_skills,
    relations_read,
    verdicts,
    why_nobody,
)
from cases.vocabulary import Priority
from tests.given import at

DESK = Destination("queue", UUID(int=1))
FIELDS: Any = {"priority": Priority, "title": str, "account": {"name": str}}


def key(number: int) -> UUID:
    return UUID(int=number)


def candidate(number: int, **said: Any) -> Candidate:
    return Candidate(key(number), f"P{number}", **said)


def rule_set(*conditions: Any, number: int = 1) -> RuleSet:
    return RuleSet(key(number), f"Set {number}", tuple(Rule(f"R{i}", when, DESK) for i, when in enumerate(conditions)))


def test_the_first_rule_that_holds_decides_and_the_others_are_told_of():
    urgent = Compare("priority", Op.EQ, Priority.HIGH)
    found = verdicts([rule_set(NOTHING, urgent, EVERYTHING)], SimpleNamespace(priority=Priority.HIGH))

    assert [(one.place, one.held, one.chosen) for one in found] == [
        (1, False, False),
        (2, True, True),
        (3, True, False),
    ]
    assert found[1].trace.seen is Priority.HIGH


def test_a_later_set_is_asked_where_no_rule_of_an_earlier_one_holds():
    found = verdicts([rule_set(NOTHING), rule_set(EVERYTHING, number=2)], SimpleNamespace())
    verdict = chosen(found)

    assert verdict is not None
    assert verdict.rule_set.name == "Set 2"


def test_where_no_rule_holds_none_decides():
    assert chosen(verdicts([rule_set(NOTHING)], SimpleNamespace())) is None
    assert chosen(verdicts([], SimpleNamespace())) is None


def test_relations_are_known_before_they_are_read():
    asked = rule_set(Related("account", Compare("name", Op.EQ, "Acme")), Compare("title", Op.EQ, "x"))

    assert relations_read([asked]) == {"account"}


@pytest.mark.parametrize(
    ("people", "skills", "winner"),
    [
        param([], (), None, id="nobody is there"),
        param([candidate(1)], (), 1, id="whoever is there"),
        param([candidate(1, open_cases=3), candidate(2, open_cases=2)], (), 2, id="the least loaded"),
        param(
            [candidate(1, last_assigned_at=at("10:00")), candidate(2, last_assigned_at=at("09:00"))],
            (),
            2,
            id="of equal loads whoever has waited longest",
        ),
        param([candidate(1, last_assigned_at=at("09:00")), candidate(2)], (), 2, id="never is longest"),
        param([candidate(2), candidate(1)], (), 1, id="settled even where nothing tells them apart"),
        param(
            [candidate(1, open_cases=5, most_open=5), candidate(2, open_cases=9)], (), 2, id="a full one gets nothing"
        ),
        param([candidate(1, open_cases=4, most_open=5)], (), 1, id="the last room is room"),
        param([candidate(1, most_open=0)], (), None, id="no room at all"),
        param([candidate(1, away=True)], (), None, id="away"),
        param([candidate(1, active=False)], (), None, id="left"),
        param([candidate(1, level_by_skill={"ice": 2})], (Skill("ice", 3),), None, id="not well enough"),
        param([candidate(1, level_by_skill={"ice": 3})], (Skill("ice", 3),), 1, id="just well enough"),
        param(
            [candidate(1, level_by_skill={"ice": 9}), candidate(2, level_by_skill={"ice": 1, "gas": 1}, open_cases=7)],
            (Skill("ice"), Skill("gas")),
            2,
            id="every skill is needed, however great one is",
        ),
    ],
)
def test_choose(people, skills, winner):
    choice = choose(people, skills)

    assert choice.person_id == (None if winner is None else key(winner))


def test_every_reason_against_somebody_is_told():
    (one,) = choose([candidate(1, away=True, active=False, most_open=0)], (Skill("ice"),)).considered

    assert one.reasons == (Unfit.LEFT, Unfit.AWAY, Unfit.FULL, Unfit.LACKS_SKILL)


def test_nobody_fits_is_said_in_a_sentence():
    choice = choose([candidate(1, away=True, most_open=0), candidate(2)], (Skill("ice"),))

    assert why_nobody("First line", choice) == (
        "Nobody in First line fits: P1 is away and has no room and lacks a skill, P2 lacks a skill."
    )
    assert why_nobody("First line", choose([])) == "First line has nobody in it."
    assert len(why_nobody("x" * 200, choose([candidate(n, away=True) for n in range(99)]))) == REASON_LIMIT


PEOPLE = some.lists(
    some.builds(
        candidate,
        some.integers(1, 50),
        active=some.booleans(),
        away=some.booleans(),
        open_cases=some.integers(0, 6),
        most_open=some.none() | some.integers(0, 6),
        level_by_skill=some.dictionaries(some.sampled_from(["ice", "gas"]), some.integers(1, 10)),
        last_assigned_at=some.none() | some.integers(0, 9).map(lambda n: at("09:00") + timedelta(hours=n)),
    ),
    max_size=8,
    unique_by=lambda one: one.person_id,
)
SKILLS = some.lists(some.builds(Skill, some.sampled_from(["ice", "gas"]), some.integers(1, 10)), max_size=2)


@whatever(PEOPLE, SKILLS, some.randoms())
def test_the_choice_does_not_depend_on_the_order_of_the_people(people, skills, random):
    shuffled = list(people)
    random.shuffle(shuffled)

    assert choose(people, skills) == choose(shuffled, skills)


@whatever(PEOPLE, SKILLS)
def test_somebody_gets_it_exactly_if_somebody_fits_and_nobody_who_fits_is_less_loaded(people, skills):
    choice = choose(people, skills)
    fitting = [one.candidate for one in choice.considered if one.fits]

    assert len(choice.considered) == len(people)
    assert (choice.person_id is None) is (not fitting)
    for one in fitting:
        assert one.active
        assert not one.away
        assert one.most_open is None or one.open_cases < one.most_open
        assert all((one.level_by_skill or {}).get(skill.name, 0) >= skill.level for skill in skills)
    if fitting:
        best = next(one for one in fitting if one.person_id == choice.person_id)
        assert best.open_cases == min(one.open_cases for one in fitting)


@whatever(PEOPLE, SKILLS)
def test_more_room_takes_the_case_from_nobody_but_gives_it_to_whoever_got_room(people, skills):
    before = choose(people, skills).person_id
    if people:
        freed = [Candidate(**{**vars(people[0]), "most_open": None}), *people[1:]]

        assert choose(freed, skills).person_id in (before, people[0].person_id)


@whatever(some.lists(some.lists(some.booleans(), max_size=4), max_size=4))
def test_exactly_the_first_rule_that_holds_is_chosen(told):
    sets = [rule_set(*(EVERYTHING if held else NOTHING for held in one), number=n) for n, one in enumerate(told, 1)]
    found = verdicts(sets, SimpleNamespace())
    flat = [held for one in told for held in one]

    assert [one.held for one in found] == flat
    assert [one.chosen for one in found] == [held and not any(flat[:n]) for n, held in enumerate(flat)]


def test_rules_are_read_from_what_is_stored():
    stored = {
        "name": "Ice",
        "when": {"priority": {"eq": "HIGH"}},
        "team": str(key(7)),
        "skills": [{"skill": "ice", "level": 3}],
    }

    assert read_rules([stored], FIELDS) == (
        Rule("Ice", Compare("priority", Op.EQ, Priority.HIGH), Destination("team", key(7)), (Skill("ice", 3),)),
    )


@pytest.mark.parametrize(
    ("said", "path"),
    [
        param({"name": ""}, ("items", 0, "name"), id="without a name"),
        param({"queue": None}, ("items", 0), id="to nowhere"),
        param({"team": str(key(2))}, ("items", 0), id="to two places"),
        param({"queue": "x"}, ("items", 0, "queue_id"), id="to what is no id"),
        param({"when": {"colour": {"eq": 1}}}, ("items", 0, "when", "colour"), id="asks of what no case has"),
        param({"skills": [{"skill": "ice", "level": 11}]}, ("items", 0, "skills", 0, "level"), id="a level beyond"),
        param({"skills": [{"skill": ""}]}, ("items", 0, "skills", 0, "skill"), id="a skill without a name"),
        param({"skills": [{"skill": "a"}] * 2}, ("items", 0, "skills", 1, "skill"), id="a skill twice"),
        param({"skills": [{"skill": "a"}] * 11}, ("items", 0, "skills"), id="too many skills"),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(said, path):
    stored = {"name": "Desk", "queue": str(key(1)), **said}

    with pytest.raises(BadInput) as refused:
        read_rules([stored], FIELDS)

    assert tuple(refused.value.path) == path


def test_a_set_has_its_limit():
    with pytest.raises(BadInput):
        read_rules([{"name": "Desk", "queue": str(key(1))}] * 101, FIELDS)


def test_a_skill_without_a_level_is_the_least():
    assert read_skills([{"skill": "ice"}], ()) == (Skill("ice", 1),)
