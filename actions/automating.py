"""Automating: after an act, the tenant's rules see what it changed, and do their part in the same unit of work.

Rules go round by round: what the act changed sets off some, what these change may set off others. A rule acts once per
case and act, with all it has to do or with nothing of it; whatever is wrong with it is told in its log, and never to
whoever acted.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from actions.clocks import columns_of
from actions.configuration import configuration_of
from actions.deeds import Doing, do
from actions.record import state_of
from actions.trail import Touched, Trail, undone_if_refused
from cases import automation
from cases.automation import DEEPEST, AutomationOutcome, Rule, firing
from cases.conditions import EVERYTHING
from cases.refusals import Refused, StorageTrouble
from cases.viewer import Viewer
from cases.vocabulary import Role
from models.automation import AutomationRun
from models.bulk import Values, insert
from models.case import Case
from models.catalogue import CaseType, Product, Subject
from models.errors import StatementTimeout
from models.fields import uuid7
from models.people import Person, Team
from models.queues import Queue
from models.reading import by_ids
from models.sla import SlaPolicy
from models.tables import target
from sla.moments import Row

log = logging.getLogger(__name__)

WHY_LIMIT: Final = 500
OURS: Final = "Something went wrong on our side; it is logged."
TOO_DEEP: Final = f"Rules set off one another more than {DEEPEST} deep."

TABLES: Final[Mapping[str, Any]] = {
    "type": CaseType,
    "subject": Subject,
    "product": Product,
    "assign_person": Person,
    "assign_team": Team,
    "person": Person,
    "team": Team,
    "queue": Queue,
    "sla_policy": SlaPolicy,
}
"""The tables of the rows that a rule may name, by the word under which it does."""

Fired = dict[UUID, set[UUID]]
"""By case, the rules that have acted on it."""


async def automate(trail: Trail, tenant_id: UUID, now: datetime, fired: Fired | None = None, *, depth: int = 1) -> bool:
    """Lets the active rules act on what was changed; says whether one was set off."""
    touched = trail.taken()
    if not touched:
        return False
    rules = (await configuration_of(tenant_id)).rules
    if not rules:
        return False
    fired = defaultdict(set, fired or {})
    runs: list[Values] = []
    while touched and depth <= DEEPEST + 1:
        rows = await rows_of(rules, [one.case for one in touched.values()])
        for case_id, one in touched.items():
            for rule in _set_off(rules, one, rows[case_id], fired[case_id]):
                fired[case_id].add(rule.id)
                runs.append(await acted(rule, one.case, now, depth))
        touched, depth = trail.taken(), depth + 1
    await insert(AutomationRun, runs)
    return bool(runs)


def _set_off(rules: Sequence[Rule], touched: Touched, row: object, fired: set[UUID]) -> list[Rule]:
    if touched.case.deleted_at is not None:
        return []
    before = None if touched.before is None else touched.before.columns
    return firing(rules, before, state_of(touched.case).columns, row, fired)


async def acted(rule: Rule, case: Case, now: datetime, depth: int) -> Values:
    """Lets a rule act on a locked case, and answers with the line of its log."""
    version = case.version
    outcome, why = AutomationOutcome.STOPPED, cast(str | None, TOO_DEEP)
    did: list[str] = []
    if depth > DEEPEST:
        log.error("rule %s is stopped on case %s: %s", rule.id, case.id, TOO_DEEP)
    else:
        outcome, did, why = await _tried(rule, case, now)
    return {
        "id": uuid7(),
        "tenant_id": case.tenant_id,
        "created_at": max(now, case.updated_at),
        "rule_id": rule.id,
        "rule_name": rule.name,
        "case_id": case.id,
        "outcome": outcome,
        "event_number": version,
        "version_after": case.version,
        "depth": depth,
        "did": did,
        "why": why[:WHY_LIMIT] if why else None,
    }


async def _tried(rule: Rule, case: Case, now: datetime) -> tuple[AutomationOutcome, list[str], str | None]:
    actor = Viewer(case.tenant_id, Role.ADMIN, rule.name, rule_id=rule.id)
    doing = Doing(case, actor, now)
    try:
        async with undone_if_refused(case):
            done = [deed for deed in rule.deeds if await do(deed, doing)]
    except (StorageTrouble, StatementTimeout):
        raise
    except Refused as refusal:
        return AutomationOutcome.FAILED, [], refusal.message
    except Exception:  # a bug of ours must not keep anybody from writing the case
        log.exception("rule %s failed on case %s", rule.id, case.id)
        return AutomationOutcome.FAILED, [], OURS
    names = await names_of(rule.deeds)
    outcome = AutomationOutcome.DONE if done else AutomationOutcome.NOTHING_TO_DO
    return outcome, [automation.told(deed, names) for deed in done], None


async def rows_of(rules: Sequence[Rule], cases: Sequence[Case]) -> dict[UUID, Row]:
    """The cases with the rows that conditions ask of beside them; one statement per relation."""
    known: dict[object, object] = {}
    for relation in sorted(automation.relations_read(rules)):
        keys = {key for case in cases if (key := getattr(case, f"{relation}_id")) is not None}
        known |= await by_ids(target(Case, relation), keys, EVERYTHING)
    return {case.id: Row({**columns_of(case), "id": case.id, "tenant_id": case.tenant_id}, known) for case in cases}


async def names_of(deeds: Iterable[automation.Deed]) -> Mapping[UUID, str]:
    """The names of the rows that deeds are about."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for deed in deeds:
        said: Mapping[str, Any] = deed.said if isinstance(deed.said, dict) else {deed.kind: deed.said}
        for kind, value in said.items():
            if isinstance(value, UUID):
                wanted[kind].add(value)
    names: dict[UUID, str] = {}
    for kind, keys in wanted.items():
        names |= {key: row.name for key, row in (await by_ids(TABLES[kind], keys, EVERYTHING)).items()}
    return names
