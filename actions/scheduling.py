"""Scheduling: rules that look at all open cases every so often.

When a rule looks next is an indexed column. Of any number of workers, one at a time holds a rule and looks at a page of
cases; where the next page begins is kept with the rule. A case that others hold is left to the next look. A case on
which the rule has acted is left alone until something else happens to it, so that a rule says what it says once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from actions.announcing import Tick
from actions.automating import acted, automate, rows_of
from actions.configuration import looking_once
from actions.in_hand import take_in_hand
from actions.stored_rules import readable
from actions.trail import following
from cases.automation import Rule
from cases.conditions import EVERYTHING, All, Compare, Condition, Op, holds
from cases.vocabulary import Status
from models.automation import AutomationRule, AutomationRun
from models.bulk import Values, insert
from models.case import Case
from models.locking import locked_if_free
from models.reading import select
from models.statements import Order
from models.unit_of_work import do_what_was_left, unit_of_work

CASES_AT_ONCE: Final = 50
RULES_AT_ONCE: Final = 10


async def look_at_cases(now: datetime, *, at_most: int = CASES_AT_ONCE) -> Tick:
    """Lets the scheduled rules that are due act on at most so many cases each."""
    due = Compare("next_at", Op.LTE, now)
    rules = await select(AutomationRule, due, columns=("id",), order=(Order("next_at"),), limit=RULES_AT_ONCE)
    ticks = [await unit_of_work(lambda row=row: _look(row.id, now, at_most)) for row in rules]  # type: ignore[misc]
    return Tick(sum(tick.announced for tick in ticks), more=any(tick.more for tick in ticks))


async def _look(rule_id: UUID, now: datetime, at_most: int) -> Tick:
    """Looks at the next page of cases, unless somebody else does or the rule has looked meanwhile."""
    row = (await locked_if_free(AutomationRule, [rule_id], Compare("next_at", Op.LTE, now))).get(rule_id)
    if row is None:
        return Tick(0, more=False)
    rule, page = readable(row), list[UUID]()
    runs: list[Values] = []
    if rule is not None:
        wanted = _wanted(row, rule, now)
        beyond = Compare("id", Op.GT, row.position) if row.position else EVERYTHING
        found = await select(Case, All((wanted, beyond)), columns=("id",), order=(Order("id"),), limit=at_most)
        page = [case.id for case in found]
        cases = await locked_if_free(Case, page, wanted)
        runs = await _acted_on(rule, await _left(rule, list(cases.values())), now)
    await insert(AutomationRun, runs)
    more = len(page) == at_most
    row.position = page[-1] if more else None
    if not more:
        row.next_at = now + timedelta(minutes=row.every_minutes or 60)
    await row.save(update_fields=["position", "next_at"])
    return Tick(len(runs), more)


def _wanted(row: AutomationRule, rule: Rule, now: datetime) -> Condition:
    """The open cases of the tenant for which the rule's condition holds, and that have been idle for long enough."""
    open_ones = (
        Compare("tenant_id", Op.EQ, row.tenant_id),
        Compare("status", Op.EQ, Status.ACTIVE),
        Compare("deleted_at", Op.IS_NULL, True),
    )
    idle = Compare("updated_at", Op.LTE, now - timedelta(minutes=row.idle_minutes)) if row.idle_minutes else EVERYTHING
    return All((*open_ones, idle, rule.when))


async def _left(rule: Rule, cases: Sequence[Case]) -> list[Case]:
    """Those cases to which something has happened since the rule acted on them, or on which it never has."""
    these = (Compare("rule_id", Op.EQ, rule.id), Compare("case_id", Op.IN, tuple(case.id for case in cases)))
    runs = await select(AutomationRun, All(these), columns=("id", "case_id", "version_after")) if cases else []
    seen = {(run.case_id, run.version_after) for run in runs}
    return [case for case in cases if (case.id, case.version) not in seen]


async def _acted_on(rule: Rule, cases: Sequence[Case], now: datetime) -> list[Values]:
    """Lets the rule act on locked cases, and then the rules that this sets off."""
    runs: list[Values] = []
    rows = await rows_of([rule], cases)
    with following() as trail, looking_once():
        await take_in_hand(cases)
        for case in sorted(cases, key=lambda case: case.id):
            if holds(rule.when, rows[case.id]):
                runs.append(await acted(rule, case, now, depth=1))
        if runs:
            await automate(trail, cases[0].tenant_id, now, {case.id: {rule.id} for case in cases}, depth=2)
        await do_what_was_left()
    return runs
