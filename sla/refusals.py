"""What a calendar declines.

    BadInput
    ├── BadCalendar       a specification that cannot be read; `path` leads to the place
    │   └── NeverOpen     a calendar that can be read, but never opens (again)
    └── BeyondHorizon     the answer lies further off than we look

Clients see all of them as bad input.
"""

from cases.refusals import BadInput


class BadCalendar(BadInput):
    """The calendar cannot be read as written; `path` says where."""


class NeverOpen(BadCalendar):
    """The calendar has no opening hours, or none after some date: no promise made by it could ever fall due."""


class BeyondHorizon(BadInput):
    """The answer lies centuries away; no promise reaches that far."""
