"""Report: what all of them have in common. Who may read them, and how much may be asked for."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from cases.permissions import DESK
from cases.refusals import BadInput, NotPermitted
from cases.viewer import Viewer
from reports import period
from reports.dimensions import STRETCHES, Dimension
from settings import Limits


@dataclass(frozen=True)
class Report:
    """A report: its name, what a row of it is, how rows are found, and what they can be narrowed by.

    A row is a frozen dataclass: its `groups`, and figures annotated with what clients are told of them. `rows` takes a
    viewer, and by name `now`, `limits` and what it declares of `period`, `by`, `which` and `hours`.
    """

    name: str
    row: type
    rows: Callable[..., Awaitable[Sequence[Any]]]
    always: Sequence[Dimension] = ()
    """By what it is told apart whatever is asked: figures of different KPIs do not add up to anything."""
    unless_asked: Sequence[Dimension] = ()
    """By what it is told apart if nothing is asked."""
    where: str = "CaseWhere"
    """The input that says which rows are meant, if it takes `which`."""

    @cached_property
    def takes(self) -> frozenset[str]:
        """What can be said to it."""
        return frozenset(inspect.signature(self.rows).parameters)

    async def read(
        self, viewer: Viewer, first: date | None, end: date | None, *, now: datetime, limits: Limits, **said: Any
    ) -> Sequence[Any]:
        """Its rows for a viewer, of the days from `first` until before `end`. Raises NotPermitted and BadInput."""
        check_reader(viewer)
        if "by" in self.takes:
            said["by"] = self.told_by(said.get("by", ()))
        if "period" in self.takes:
            said["period"] = await period.of_viewer(viewer, first, end, now, limits)
        return await self.rows(viewer=viewer, now=now, limits=limits, **said)

    def told_by(self, by: Sequence[Dimension]) -> tuple[Dimension, ...]:
        """The dimensions of its rows when it is asked for `by`."""
        cut = any(one in STRETCHES for one in by)
        by = by or self.unless_asked
        return (*by, *(one for one in self.always if one not in by and not (cut and one in STRETCHES)))


def may_read(viewer: Viewer) -> bool:
    """Whether reports exist for the viewer: for the staff, and machines that work for them, with the scope to read.

    Rows that they may not see are in no figure. What agents did is told to themselves and to those who lead.
    """
    return viewer.role in DESK and viewer.has_scope("read")


def check_reader(viewer: Viewer) -> None:
    """Raises NotPermitted for somebody for whom there are no reports."""
    if not may_read(viewer):
        raise NotPermitted("Reports are for the staff.")


def check_length(rows: Sequence[Any], limits: Limits) -> None:
    """Raises BadInput if there are more rows than one answer may have."""
    if len(rows) > limits.report_rows:
        raise BadInput(
            f"This would have more than {limits.report_rows} rows; ask for fewer dimensions or fewer days.",
            path=("by",),
        )
