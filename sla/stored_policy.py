"""Policies as they are stored and given: JSON with the names of the code.

    {"name": "Gold", "items": [{"name": "Answer", "kpi": "first_response",
      "applicable_when": {"priority": {"in": ["HIGH", "CRITICAL"]}}, "calendar": "office",
      "fail_after": {"amount": 4, "unit": "BUSINESS_HOURS"}, "warn_after": {"amount": 180, "unit": "MINUTES"},
      "levels": [{"name": "lead", "deed": "NOTIFY", "percent": 75, "to": "team_lead"}]}]}

Conditions have the shape of the API's `where`; calendars go by the keys under which they are given. What is left out or
null is as the code has it (`sla.policy`). What can be read may still be unwise: see `sla.policy_linter`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, TypeVar

from cases.conditions import EVERYTHING, Condition
from cases.refusals import BadInput, Several
from cases.stored_conditions import Fields
from cases.vocabulary import Audience, Origin
from sla.calendar import Calendar
from sla.kpis import Kpi
from sla.policy import DEFAULT_WAITS, Deed, Duration, Item, Level, Policy, Unit
from sla.responses import ResponseRule, Sender
from sla.shapes import Path, entries, flag, listed, name, names, text, whole, word, words
from sla.stored_kpis import read_condition, read_kpis, read_waits, written_condition, written_kpis

MOST_ITEMS: Final = 100
MOST_LEVELS: Final = 20
MOST_PERCENT: Final = 1000
MOST_BY_UNIT: Final = {Unit.MINUTES: 60 * 24 * 3660, Unit.BUSINESS_HOURS: 24 * 3660, Unit.BUSINESS_DAYS: 3660}
"""Ten years of each: a promise that lies further off is a slip of the pen."""

_POLICY_KEYS: Final = frozenset({"name", "items", "waits", "pause_rules", "kpis", "responses"})
_LEVEL_KEYS: Final = frozenset({"name", "deed", "percent", "offset_minutes", "to"})
_RESPONSE_KEYS: Final = frozenset({"kpi", "senders", "audiences", "channels"})
_ITEM_KEYS: Final = frozenset(
    {"name", "kpi", "applicable_when", "success_when", "pause_when", "fail_after", "warn_after"}
    | {"calendar", "may_pause", "sticky", "levels"}
)

T = TypeVar("T")


@dataclass(frozen=True)
class Usable:
    """As much of a stored policy as can be used today, and what cannot."""

    policy: Policy
    faults: tuple[BadInput, ...] = ()


def read_policy(spec: object, calendars: Mapping[str, Calendar], fields: Fields) -> Policy:
    """The policy that `spec` describes. A draft may be without items.

    `calendars` are all that there are, by key; `fields` are those of a case that conditions may ask of.

    Raises BadInput with the path to what cannot be accepted, or Several if that is more than one thing.
    """
    usable = read_usable(spec, calendars, fields)
    if len(usable.faults) > 1:
        raise Several(problems=usable.faults)
    if usable.faults:
        raise usable.faults[0]
    return usable.policy


def read_usable(spec: object, calendars: Mapping[str, Calendar], fields: Fields) -> Usable:
    """The policy without the items and rules that cannot be read: a calendar or a field may have gone since it was
    saved, and a case is served all the same.

    Raises BadInput only if `spec` is no policy at all.
    """
    reading = _Reading(calendars, fields, [])
    return Usable(reading.policy(spec), tuple(reading.faults))


@dataclass
class _Reading:
    calendars: Mapping[str, Calendar]
    fields: Fields
    faults: list[BadInput]

    def policy(self, spec: object) -> Policy:
        entry = entries(spec, (), _POLICY_KEYS)
        kpis = self.kpis(entry.get("kpis"))
        items = dict(self.items(entry.get("items"), kpis))
        used = {item.calendar for item in items.values() if item.calendar is not None}
        return Policy(
            items=tuple(items.values()),
            calendars={key: calendar for key, calendar in self.calendars.items() if key in used},
            kpis=kpis,
            waits=self.waits(entry),
            pause_rules=dict(self.pause_rules(entry.get("pause_rules"), kpis)),
            responses=dict(self.responses(entry.get("responses"), kpis)),
            name=text(entry.get("name", ""), ("name",)),
        )

    def kpis(self, spec: object) -> dict[str, Kpi]:
        try:
            return read_kpis(spec, self.fields, ("kpis",))
        except BadInput as fault:
            self.faults.append(fault)
            return read_kpis((), self.fields, ("kpis",))

    def waits(self, entry: Mapping[str, object]) -> frozenset[str]:
        try:
            return read_waits(entry["waits"], ("waits",)) if "waits" in entry else DEFAULT_WAITS
        except BadInput as fault:
            self.faults.append(fault)
            return DEFAULT_WAITS

    def items(self, spec: object, kpis: Mapping[str, Kpi]) -> Iterator[tuple[str, Item]]:
        seen: set[str] = set()
        for place, one in enumerate(listed(spec, ("items",), MOST_ITEMS)):
            path: Path = ("items", place)
            try:
                item = self.item(one, path, kpis)
                if item.name in seen:
                    raise BadInput("There is an item of this name above.", path=(*path, "name"))
            except BadInput as fault:
                self.faults.append(fault)
            else:
                seen.add(item.name)
                yield item.name, item

    def item(self, spec: object, path: Path, kpis: Mapping[str, Kpi]) -> Item:
        entry = entries(spec, path, _ITEM_KEYS)
        if "fail_after" not in entry:
            raise BadInput("A promise says after how long it is broken.", path=(*path, "fail_after"))
        levels = [
            read_level(one, (*path, "levels", place))
            for place, one in enumerate(listed(entry.get("levels"), (*path, "levels"), MOST_LEVELS))
        ]
        for place, level in enumerate(levels):
            if level.name in {other.name for other in levels[:place]}:
                raise BadInput("There is a level of this name above.", path=(*path, "levels", place, "name"))
        warn_after = entry.get("warn_after")
        return Item(
            name=name(entry.get("name"), (*path, "name")),
            kpi=_known(entry.get("kpi"), kpis, "There is no such KPI.", (*path, "kpi")),
            fail_after=read_duration(entry["fail_after"], (*path, "fail_after")),
            warn_after=None if warn_after is None else read_duration(warn_after, (*path, "warn_after")),
            applicable_when=self.condition(entry, "applicable_when", path) or EVERYTHING,
            success_when=self.condition(entry, "success_when", path),
            pause_when=self.condition(entry, "pause_when", path),
            may_pause=flag(entry.get("may_pause", True), (*path, "may_pause")),
            sticky=flag(entry.get("sticky", False), (*path, "sticky")),
            calendar=_known(entry["calendar"], self.calendars, "There is no such calendar.", (*path, "calendar"))
            if "calendar" in entry
            else None,
            levels=tuple(levels),
        )

    def condition(self, entry: Mapping[str, object], key: str, path: Path) -> Condition | None:
        return read_condition(entry[key], self.fields, (*path, key)) if key in entry else None

    def once(self, value: object, kpis: Mapping[str, Kpi], seen: set[str], path: Path) -> str:
        """The name of a KPI that there was no rule for above."""
        kpi = _known(value, kpis, "There is no such KPI.", path)
        if kpi in seen:
            raise BadInput("There is a rule for this KPI above.", path=path)
        seen.add(kpi)
        return kpi

    def pause_rules(self, spec: object, kpis: Mapping[str, Kpi]) -> Iterator[tuple[str, Condition]]:
        seen: set[str] = set()
        for place, one in enumerate(listed(spec, ("pause_rules",), len(kpis))):
            path: Path = ("pause_rules", place)
            try:
                entry = entries(one, path, frozenset({"kpi", "when"}))
                kpi = self.once(entry.get("kpi"), kpis, seen, (*path, "kpi"))
                yield kpi, read_condition(entry.get("when"), self.fields, (*path, "when"))
            except BadInput as fault:
                self.faults.append(fault)

    def responses(self, spec: object, kpis: Mapping[str, Kpi]) -> Iterator[tuple[str, ResponseRule]]:
        seen: set[str] = set()
        for place, one in enumerate(listed(spec, ("responses",), len(kpis))):
            path: Path = ("responses", place)
            try:
                entry = entries(one, path, _RESPONSE_KEYS)
                kpi = self.once(entry.get("kpi"), kpis, seen, (*path, "kpi"))
                yield kpi, _read_response_rule(entry, path)
            except BadInput as fault:
                self.faults.append(fault)


def read_duration(spec: object, path: Path) -> Duration:
    """An amount of at least one and its unit."""
    entry = entries(spec, path, frozenset({"amount", "unit"}))
    unit = word(Unit, entry.get("unit"), (*path, "unit"))
    return Duration(whole(entry.get("amount"), (*path, "amount"), 1, MOST_BY_UNIT[unit]), unit)


def read_level(spec: object, path: Path) -> Level:
    """A level: at a share of the promise, or so many minutes from its end."""
    entry = entries(spec, path, _LEVEL_KEYS)
    if ("percent" in entry) is ("offset_minutes" in entry):
        raise BadInput("A level has either a percentage or an offset.", path=path)
    percent, offset, most = entry.get("percent"), entry.get("offset_minutes"), MOST_BY_UNIT[Unit.MINUTES]
    offset_path = (*path, "offset_minutes")
    return Level(
        name=name(entry.get("name"), (*path, "name")),
        deed=word(Deed, entry.get("deed"), (*path, "deed")),
        percent=None if percent is None else whole(percent, (*path, "percent"), 1, MOST_PERCENT),
        offset=None if offset is None else timedelta(minutes=whole(offset, offset_path, -most, most)),
        to=text(entry.get("to", ""), (*path, "to"), 500),
    )


def _read_response_rule(entry: Mapping[str, object], path: Path) -> ResponseRule:
    given = {
        key: words(kind, entry[key], (*path, key))
        for key, kind in (("senders", Sender), ("audiences", Audience), ("channels", Origin))
        if key in entry
    }
    if Sender.CUSTOMER in given.get("senders", ()):
        raise BadInput("A customer does not answer themselves.", path=(*path, "senders"))
    return ResponseRule(**given)  # type: ignore[arg-type]  # each key was read as what it holds


def _known(value: object, things: Mapping[str, T], message: str, path: Path) -> str:
    if not isinstance(value, str) or value not in things:
        raise BadInput(message, path=path)
    return value


def written(policy: Policy) -> dict[str, object]:
    """The policy as `read_policy` reads it, given the same calendars."""
    return {
        "name": policy.name,
        "items": [_written_item(item) for item in policy.items],
        "waits": sorted(policy.waits),
        "pause_rules": [{"kpi": kpi, "when": written_condition(rule)} for kpi, rule in policy.pause_rules.items()],
        "kpis": written_kpis(policy.kpis),
        "responses": [
            {
                "kpi": kpi,
                "senders": names(rule.senders),
                "audiences": names(rule.audiences),
                "channels": None if rule.channels is None else names(rule.channels),
            }
            for kpi, rule in policy.responses.items()
        ],
    }


def _written_item(item: Item) -> dict[str, object]:
    return {
        "name": item.name,
        "kpi": item.kpi,
        "applicable_when": written_condition(item.applicable_when),
        "success_when": written_condition(item.success_when),
        "pause_when": written_condition(item.pause_when),
        "fail_after": _written_duration(item.fail_after),
        "warn_after": item.warn_after and _written_duration(item.warn_after),
        "calendar": item.calendar,
        "may_pause": item.may_pause,
        "sticky": item.sticky,
        "levels": [_written_level(level) for level in item.levels],
    }


def _written_duration(duration: Duration) -> dict[str, object]:
    return {"amount": duration.amount, "unit": duration.unit.value}


def _written_level(level: Level) -> dict[str, object]:
    return {
        "name": level.name,
        "deed": level.deed.value,
        "percent": level.percent,
        "offset_minutes": None if level.offset is None else level.offset // timedelta(minutes=1),
        "to": level.to,
    }
