"""KPIs as tenants write them down: a list of JSON objects.

    {"name": "vendor_wait", "starts_when": {"status_reason": {"eq": "WAITING_FOR_VENDOR"}}, "cancels": ["RESOLVED"], …}

An entry under the name of a KPI that there is already changes what it names of that, and leaves the rest: so a tenant
says that reopening begins a new cycle of `resolution`. Signals, reasons and fields go by their own names.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from cases.conditions import Condition
from cases.refusals import BadInput
from cases.stored_conditions import Fields, from_json, to_json
from cases.vocabulary import PAUSE_REASONS, StatusReason
from sla.kpis import KPIS, Kpi, Reopening
from sla.moments import Signal
from sla.shapes import Path, entries, listed, name, names, word, words

MOST_KPIS: Final = 50

_CAPITAL: Final = re.compile(r"(?<!^)[A-Z]")
_KEYS: Final = frozenset(field.name for field in fields(Kpi))
_SIGNALS: Final = ("starts", "stops", "restarts", "cancels")
_CONDITIONS: Final = ("starts_when", "stops_when")


def read_kpis(spec: object, columns: Fields, path: Path) -> dict[str, Kpi]:
    """All KPIs by name: those that there are, as the entries of `spec` change them, and those that they add.

    Raises BadInput with the path to what cannot be read.
    """
    kpis = dict(KPIS)
    seen: set[str] = set()
    for place, entry in enumerate(listed(spec, path, MOST_KPIS)):
        kpi = _read_kpi(entry, columns, (*path, place))
        if kpi.name in seen:
            raise BadInput("There is a KPI of this name above.", path=(*path, place, "name"))
        seen.add(kpi.name)
        kpis[kpi.name] = kpi
    return kpis


def _read_kpi(spec: object, columns: Fields, path: Path) -> Kpi:
    entry = entries(spec, path, _KEYS)
    named = name(entry.get("name"), (*path, "name"))
    changes: dict[str, Any] = {key: words(Signal, entry[key], (*path, key)) for key in _SIGNALS if key in entry}
    changes |= {key: read_condition(entry[key], columns, (*path, key)) for key in _CONDITIONS if key in entry}
    if "waits" in entry:
        changes["waits"] = read_waits(entry["waits"], (*path, "waits"))
    if "reopening" in entry:
        changes["reopening"] = word(Reopening, entry["reopening"], (*path, "reopening"))
    if "counts_from" in entry:
        changes["counts_from"] = _read_instant_column(entry["counts_from"], columns, (*path, "counts_from"))
    kpi = replace(KPIS.get(named) or Kpi(named, starts=frozenset()), **changes)
    if not kpi.starts and kpi.starts_when is None:
        raise BadInput("Nothing would ever start this KPI.", path=(*path, "starts"))
    return kpi


def read_waits(spec: object, path: Path) -> frozenset[str]:
    """Status reasons for which somebody waits."""
    reasons = words(StatusReason, spec, path)
    if strange := sorted(reasons - PAUSE_REASONS):
        raise BadInput(f"Nobody waits while a case is {strange[0]}.", path=path)
    return frozenset(reason.value for reason in reasons)


def read_condition(spec: object, columns: Fields, path: Path) -> Condition:
    """A condition, with the whole path to what is wrong with it."""
    try:
        return from_json(spec, columns)
    except BadInput as found:
        raise BadInput(found.message, path=(*path, *found.path)) from None


def _read_instant_column(value: object, columns: Fields, path: Path) -> str:
    """The column of a field that may be spelled as clients do, `followUpAt`."""
    column = _CAPITAL.sub(lambda capital: f"_{capital[0].lower()}", value) if isinstance(value, str) else ""
    if columns.get(column) is not datetime:
        raise BadInput("A field of the case that holds an instant is needed here, such as createdAt.", path=path)
    return column


def written_kpis(kpis: Mapping[str, Kpi]) -> list[dict[str, object]]:
    """What `read_kpis` reads to these: only those that are not as everywhere."""
    return [_written(kpi) for kpi in kpis.values() if KPIS.get(kpi.name) != kpi]


def _written(kpi: Kpi) -> dict[str, object]:
    return {
        "name": kpi.name,
        **{key: names(getattr(kpi, key)) for key in _SIGNALS},
        "waits": None if kpi.waits is None else sorted(kpi.waits),
        "reopening": kpi.reopening.value,
        **{key: written_condition(getattr(kpi, key)) for key in _CONDITIONS},
        "counts_from": kpi.counts_from,
    }


def written_condition(condition: Condition | None) -> dict[str, object] | None:
    return None if condition is None else to_json(condition)
