"""Who is alike is told alike, in what was looked at and in nothing else."""

import asyncio
from dataclasses import replace
from uuid import UUID

import pytest

import models
from actions import following, talking
from cases.viewer import Viewer
from cases.vocabulary import Role
from models.database import Database
from models.visibility import visible
from schema.live import sharing
from schema.live.sharing import shared
from tests import given
from tests.given import done
from tests.schema.live.listening import house
from tests.schema.live.test_case_news import EVENTS

ANN = Viewer(UUID(int=1), Role.AGENT, "Ann", person_id=UUID(int=2))
BEN = replace(ANN, name="Ben", person_id=UUID(int=3))
LEAD = replace(ANN, role=Role.ADMIN)


class Making:
    """What makes answers from the named fields of viewers, and counts them."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.made = 0

    async def __call__(self, viewer: Viewer) -> list[object]:
        self.made += 1
        await asyncio.sleep(0)
        return [getattr(viewer, name) for name in self.names]


@pytest.mark.parametrize(("names", "made"), [(("role",), 2), (("role", "person_id"), 3), ((), 1), (("tenant_id",), 1)])
async def test_an_answer_is_made_once_for_those_who_are_alike_in_what_it_is_made_from(names, made):
    make, known = Making(*names), {}
    viewers = [ANN, BEN, LEAD] * 3

    answers = await asyncio.gather(*(shared(known, "request", viewer, make) for viewer in viewers))

    assert answers == [[getattr(viewer, name) for name in names] for viewer in viewers]
    assert make.made == made


async def test_another_request_is_another_answer():
    make, known = Making("role"), {}
    for request in ("one", "other", "one"):
        await shared(known, request, ANN, make)

    assert make.made == 2


async def test_what_others_were_told_is_not_kept_for_whoever_is_slow(monkeypatch):
    monkeypatch.setattr(sharing, "FRESH_SECONDS", 0.0)
    known = {}
    await shared(known, "request", ANN, Making("role"))

    async with asyncio.timeout(10):
        while known:
            await asyncio.sleep(0)


async def test_a_moment_later_it_is_made_anew(monkeypatch):
    monkeypatch.setattr(sharing, "FRESH_SECONDS", -1.0)
    make, known = Making("role"), {}
    for _ in range(2):
        await shared(known, "request", ANN, make)

    assert make.made == 2


async def test_who_leaves_while_it_is_made_leaves_it_to_the_next():
    known: dict[object, object] = {}
    make, never = Making("role"), asyncio.Event()

    async def stuck(viewer: Viewer) -> list[object]:
        await never.wait()
        return []

    first = asyncio.create_task(shared(known, "request", ANN, stuck))
    await asyncio.sleep(0)
    second = asyncio.create_task(shared(known, "request", BEN, make))
    await asyncio.sleep(0)
    first.cancel()

    assert await second == [Role.AGENT]


def test_rules_that_look_at_the_person_make_answers_personal():
    def looked_at(model) -> set[str]:
        viewer, seen = sharing.watched(ANN)
        visible(model, viewer)
        return seen

    assert "person_id" not in looked_at(models.Case)
    assert "person_id" in looked_at(models.Notification)
    assert "person_id" in looked_at(models.QueueItem)


async def test_colleagues_and_customers_are_each_told_what_is_theirs(database: Database):
    by, colleague = await given.viewer(), await given.viewer()
    text = EVENTS.replace("case { number }", "case { number isFollowed }")
    case = await given.case(by=by)
    await done(following.follow_case, by=colleague, case=case)
    async with (
        house(database) as at,
        at.listening(by, text) as one,
        at.listening(colleague, text) as other,
    ):
        await one.next(), await other.next()
        await done(talking.add_comment, by=by, case=case, body="Hello")
        mine, theirs = await one.next(), await other.next()

    assert (mine["case"]["isFollowed"], theirs["case"]["isFollowed"]) == (False, True)
    assert mine["events"] == theirs["events"]
