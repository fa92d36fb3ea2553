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


UNNARROWED: Final = Process()


def process(transitions: object, *, strict: bool, path: Sequence[str | int] = ("transitions",)) -> Process:
    """The process a case type's row describes.

    `transitions` is JSON: null for none; a list of reasons for a strict sequence; else an object from a reason to
    the list of those that may follow it.

    Raises BadInput, with the path of the value that is not understood.
    """
    match transitions:
        case None if not strict:
            return UNNARROWED
        case list() if strict:
            sequence = _reasons(transitions, path)
            try:
                return Process(sequence=sequence)
            except ValueError as problem:
                raise BadInput(f"This is no sequence of steps: {problem}.", path=path) from None
        case dict() if not strict:
            reasons = _reasons(list(transitions), path)
            return Process({reason: _reasons(transitions[reason], (*path, reason.value)) for reason in reasons})
        case _:
            raise BadInput(
                "This must be a list of status reasons if strict, else such a list by status reason.", path=path
            )


def _reasons(names: object, path: Sequence[str | int]) -> tuple[StatusReason, ...]:
    if not isinstance(names, list):
        raise BadInput("This must be a list of status reasons.", path=path)
    for name in names:
        if not isinstance(name, str) or name not in StatusReason.__members__:
            raise BadInput(f"There is no status reason {name}.", path=path)
    return tuple(StatusReason(name) for name in names)
