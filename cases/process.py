"""Process: what a case type adds to the lifecycle of its cases, and how its row is read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cases.refusals import BadInput
from cases.standing import WORKING_REASONS, Standing
from cases.vocabulary import FactKind, StatusReason


@dataclass(frozen=True)
class Process:
    """What a case type demands beyond the lifecycle. Where both parts are given, both hold.

    `narrowing` lists the reasons that may follow a reason, in every status; a reason that is not a key is not narrowed.

    `sequence` are working reasons, each once, and strict: a case opens at the first; it progresses only to the next,
    never back and never over one; it is resolved only from the last. It may be paused at any step and resumes at the
    step it was paused from, so that a pause never moves it on. It may be cancelled at any step. A reactivated case
    walks the sequence again from its first step. A case outside the sequence, because its type was changed, progresses
    to the first step, and cannot be resolved before it has walked the rest.
    """

    narrowing: Mapping[StatusReason, Collection[StatusReason]] | None = None
    sequence: Sequence[StatusReason] = ()

    def __post_init__(self) -> None:
        if not set(self.sequence) <= set(WORKING_REASONS):
            raise ValueError("a sequence consists of working reasons")
        if len(set(self.sequence)) < len(self.sequence):
            raise ValueError("a sequence has each reason once")

    def permits(self, standing: Standing, kind: FactKind, to: StatusReason) -> bool:
        narrowing = self.narrowing or {}
        return to in narrowing.get(standing.reason, (to,)) and self._in_sequence(standing, kind, to)

    def _in_sequence(self, standing: Standing, kind: FactKind, to: StatusReason) -> bool:
        if not self.sequence:
            return True
        first, last = self.sequence[0], self.sequence[-1]
        following = dict(zip(self.sequence, self.sequence[1:], strict=False))
        match kind:
            case FactKind.PROGRESSED if standing.reason in self.sequence:
                return to is following.get(standing.reason)
            case FactKind.PROGRESSED | FactKind.REACTIVATED:
                return to is first
            case FactKind.RESUMED:
                return to is standing.paused_from
            case FactKind.RESOLVED:
                return standing.worked_at is last
            case _:
                return True

    def check_walkable(self) -> None:
        """Raises BadInput for a narrowing that leaves a step of the sequence without its next, or without an end."""
        for reason, following in zip(self.sequence, self.sequence[1:], strict=False):
            if following not in (self.narrowing or {}).get(reason, (following,)):
                raise BadInput(
                    f"The sequence goes on to {following}, which may not follow.", path=("moves", reason.value)
                )
        for reason, allowed in (self.narrowing or {}).items():
            if reason in allowed:
                raise BadInput("A reason does not follow itself.", path=("moves", reason.value))


UNNARROWED: Final = Process()


def process(moves: object, sequence: object) -> Process:
    """The process that a case type's two columns describe; both are JSON, and null for none.

    `moves` is an object from a reason to the list of those that may follow it, `sequence` a list of reasons.

    Raises BadInput, with the path of the value that is not understood.
    """
    if moves is not None and not isinstance(moves, dict):
        raise BadInput("This must list, for status reasons, those that may follow.", path=("moves",))
    reasons = _reasons(list(moves or {}), ("moves",))
    narrowing = {reason: _reasons((moves or {})[reason.value], ("moves", reason.value)) for reason in reasons}
    try:
        return Process(narrowing, _reasons([] if sequence is None else sequence, ("sequence",)))
    except ValueError as problem:
        raise BadInput(f"This is no sequence of steps: {problem}.", path=("sequence",)) from None


def _reasons(names: object, path: Sequence[str | int]) -> tuple[StatusReason, ...]:
    if not isinstance(names, list):
        raise BadInput("This must be a list of status reasons.", path=path)
    for name in names:
        if name not in list(StatusReason):
            raise BadInput(f"There is no status reason {name}.", path=path)
    return tuple(StatusReason(name) for name in names)
