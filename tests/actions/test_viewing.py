"""Saved views: whose they are, who may change them, and what cannot be saved."""

from typing import Any

import pytest

from actions import viewing
from cases.refusals import BadInput, Duplicate, NotPermitted, Unknown
from cases.viewer import Viewer
from cases.vocabulary import Role
from models import SavedView
from models.database import Database
from tests import given
from tests.given import done

URGENT = {"priority": {"in": ["HIGH", "CRITICAL"]}}


async def saved(by: Viewer, name: str = "Urgent", **said: Any) -> SavedView:
    rows = await done(viewing.save_view, by=by, **{"name": name, "where": URGENT, **said})
    view: SavedView = rows["saved_view"]
    return view


async def test_a_view_is_saved_and_saved_again(database: Database):
    by = await given.viewer()
    view = await saved(by, order_by=[{"deadline": "ASC"}])

    await saved(by, "Very urgent", view=view, shared=True)
    kept = await SavedView.get(id=view.id)

    assert (view.owner_id, view.where, view.order) == (by.person_id, URGENT, [{"deadline": "ASC"}])
    assert (kept.name, kept.shared, kept.order, await SavedView.all().count()) == ("Very urgent", True, [], 1)


async def test_a_name_means_one_view_to_its_owner_and_may_mean_another_to_a_colleague(database: Database):
    by, colleague = await given.viewer(), await given.viewer()
    await saved(by)
    await saved(colleague)

    with pytest.raises(Duplicate):
        await saved(by)

    assert await SavedView.all().count() == 2


async def test_what_is_no_condition_is_not_saved(sqlite_database: Database):
    by = await given.viewer()
    for where in ({"nothing": {"eq": 1}}, {"priority": {"eq": "HUGE"}}, {"title": {"like": "%"}}):
        with pytest.raises(BadInput) as refused:
            await saved(by, where=where)

        assert refused.value.path[0] == "where"


async def test_a_view_of_ones_own_does_not_exist_for_others(database: Database):
    view = await saved(await given.viewer())

    for role in (Role.AGENT, Role.ADMIN):
        with pytest.raises(Unknown):
            await done(viewing.delete_view, by=await given.viewer(role), view=view)


async def test_a_shared_view_is_changed_by_its_owner_and_by_those_who_lead(database: Database):
    by = await given.viewer()
    view = await saved(by, shared=True)

    with pytest.raises(NotPermitted):
        await saved(await given.viewer(), view=view)
    with pytest.raises(NotPermitted):
        await done(viewing.delete_view, by=await given.viewer(), view=view)
    await saved(await given.viewer(Role.MANAGER), "Ours", view=view, shared=True)
    await done(viewing.delete_view, by=by, view=view)

    assert await SavedView.all().count() == 0


async def test_an_integration_of_nobody_shares_its_views(database: Database):
    home = await given.home()
    machine = Viewer(home.id, Role.INTEGRATION, "Importer")

    with pytest.raises(BadInput):
        await saved(machine)
    assert (await saved(machine, shared=True)).owner_id is None
    with pytest.raises(Duplicate):
        await saved(machine, shared=True)
