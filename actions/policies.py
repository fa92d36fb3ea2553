"""Policy versions as values, read once per process: a version never changes, so what was read cannot go stale."""

import logging
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from cases.conditions import EVERYTHING
from models.askable import askable
from models.case import Case
from models.reading import by_ids
from models.sla import CalendarVersion, SlaPolicyVersion
from sla.calendar import Calendar
from sla.policy import Policy
from sla.stored_policy import read_policy, read_usable

log = logging.getLogger(__name__)

MOST_KEPT: Final = 500

_policies: OrderedDict[UUID, Policy] = OrderedDict()
_calendars: OrderedDict[UUID, Calendar] = OrderedDict()


async def policy_of(version_id: UUID) -> Policy:
    """The policy of a stored version, with the calendars it was activated with."""
    if version_id not in _policies:
        version = (await by_ids(SlaPolicyVersion, [version_id], EVERYTHING))[version_id]
        calendars = await calendars_of({key: UUID(value) for key, value in version.calendars.items()})
        usable = read_usable(version.spec, calendars, askable(Case))
        for fault in usable.faults:
            log.error("policy version %s is used without a part of it: %s %s", version_id, fault.path, fault.message)
        _keep(_policies, version_id, usable.policy)
    _policies.move_to_end(version_id)
    return _policies[version_id]


def known_policy(version_id: UUID) -> Policy | None:
    """The policy, if it was read before in this process."""
    return _policies.get(version_id)


async def calendars_of(version_by_key: Mapping[str, UUID]) -> dict[str, Calendar]:
    """The calendars of these versions, under the same keys."""
    missing = {version for version in version_by_key.values() if version not in _calendars}
    for version_id, row in (await by_ids(CalendarVersion, missing, EVERYTHING)).items():
        _keep(_calendars, version_id, Calendar.from_spec(row.spec))
    return {key: _calendars[version] for key, version in version_by_key.items()}


def read(spec: Mapping[str, Any], calendars: Mapping[str, Calendar]) -> Policy:
    """A stored specification as a policy. Raises BadInput with the path of what is wrong with it."""
    return read_policy(spec, calendars, askable(Case))


def _keep(kept: OrderedDict[UUID, Any], key: UUID, value: Any) -> None:
    kept[key] = value
    while len(kept) > MOST_KEPT:
        kept.popitem(last=False)
