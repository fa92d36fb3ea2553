"""Policy versions as values, read once per process: a version never changes, so what was read cannot go stale.

A policy of which a part cannot be read is used without that part, and read again each time, so that what was put right
is used at once.
"""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

from cases.conditions import EVERYTHING
from cases.refusals import BadInput
from models.askable import askable
from models.case import Case
from models.reading import by_ids
from models.sla import CalendarVersion, SlaPolicyVersion
from sla.calendar import Calendar
from sla.policy import Policy
from sla.stored_policy import Usable, read_policy, read_usable

log = logging.getLogger(__name__)

MOST_KEPT: Final = 500

T = TypeVar("T")


@dataclass(frozen=True)
class Version:
    """A version of a policy as far as it can be used, and in words what of it cannot."""

    id: UUID
    policy_id: UUID
    policy: Policy
    faults: tuple[str, ...] = ()
    calendar_versions: Mapping[str, UUID] = field(default_factory=dict)
    """From the id of each calendar to that of the version it was activated with."""


_versions: OrderedDict[UUID, Version] = OrderedDict()
_calendars: OrderedDict[UUID, Calendar] = OrderedDict()


async def version_of(version_id: UUID) -> Version:
    """A stored version with the calendars it was activated with. Never raises for what is stored in it."""
    if (kept := _kept(_versions, version_id)) is not None:
        return kept
    row = (await by_ids(SlaPolicyVersion, [version_id], EVERYTHING))[version_id]
    calendar_versions = {key: UUID(value) for key, value in row.calendars.items()}
    calendars = await calendars_of(calendar_versions)
    try:
        usable = read_usable(row.spec, calendars, askable(Case))
    except BadInput as fault:
        usable = Usable(Policy(items=()), (fault,))
    faults = tuple(f"{'.'.join(map(str, fault.path))}: {fault.message}" for fault in usable.faults)
    version = Version(version_id, row.policy_id, usable.policy, faults, calendar_versions)
    if not faults:
        _keep(_versions, version_id, version)
    else:
        log.error("policy version %s is used without a part of it: %s", version_id, "; ".join(faults))
    return version


async def policy_of(version_id: UUID) -> Policy:
    """The policy of a stored version, as far as it can be used."""
    return (await version_of(version_id)).policy


async def calendars_of(version_by_key: Mapping[str, UUID]) -> dict[str, Calendar]:
    """The calendars of these versions, under the same keys; one that cannot be read is left out."""
    found = {
        version: calendar for version in version_by_key.values() if (calendar := _kept(_calendars, version)) is not None
    }
    missing = set(version_by_key.values()) - found.keys()
    for version, row in (await by_ids(CalendarVersion, missing, EVERYTHING)).items():
        try:
            found[version] = Calendar.from_spec(row.spec)
        except Exception:  # whatever is wrong with the row, cases are written: see `actions.clocks`
            log.exception("calendar version %s cannot be read", version)
        else:
            _keep(_calendars, version, found[version])
    return {key: found[version] for key, version in version_by_key.items() if version in found}


def read(spec: Mapping[str, Any], calendars: Mapping[str, Calendar]) -> Policy:
    """A stored specification as a policy. Raises BadInput with the path of what is wrong with it."""
    return read_policy(spec, calendars, askable(Case))


def _kept(kept: OrderedDict[UUID, T], key: UUID) -> T | None:
    if key in kept:
        kept.move_to_end(key)
    return kept.get(key)


def _keep(kept: OrderedDict[UUID, T], key: UUID, value: T) -> None:
    kept[key] = value
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
