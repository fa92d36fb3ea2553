"""Urging: what keeps somebody from it."""

from dataclasses import dataclass, field
from datetime import datetime

from cases.refusals import Refused
from cases.vocabulary import ErrorCode


@dataclass(eq=False)
class NobodyToUrge(Refused):
    """Nobody but you would hear it: nobody has the case."""

    message: str = "Nobody else has this case, so that nobody would hear you."
    code = ErrorCode.ILLEGAL_TRANSITION


@dataclass(eq=False)
class UrgedRecently(Refused):
    """You urged a short while ago; from `againAt` on you may again."""

    message: str = "You urged a short while ago; give them a moment."
    again_at: datetime = field(kw_only=True)
    code = ErrorCode.RETRY_LATER
