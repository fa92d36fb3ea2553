"""Reports as files: `GET /reports/<name>.csv?from=&to=&by=`, with the credentials of the graph.

`from` and `to` are days, `by` are dimensions (`by=week&by=team`, or `by=week,team`), `hours` is how far a forecast
looks. The columns are the dimensions asked for, rows among them with their ids, then the figures:
spans in whole seconds.

A file is paid for with the points that the graph takes: beforehand what a page of rows costs, and when it is read what
it turned out to cost. That is what its rows do, or what comes back in the time that it took, if that is more: who reads
one long report after the other is let in again as fast as time passes.
"""

import asyncio
import csv
import io
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any, Final, get_type_hints

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from cases.refusals import BadInput, NotPermitted, Refused, RetryLater, Unknown
from cases.viewer import Viewer
from models.errors import StatementTimeout
from reports.dimensions import STRETCHES, Dimension, Part
from reports.report import Report
from schema.reports import REPORTS, ROW_COST, ROWS_PRICED, public_key
from schema.scalars import read_date, write_instant
from schema.transport.allowance import Allowance
from schema.transport.errors import Declined, RateLimited, TimedOut, Unauthenticated
from schema.transport.operation import Caller
from schema.transport.session import Authenticate, bearer_token
from settings import Limits
from web.files import declined

HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Authorization",
}
LINES_AT_ONCE: Final = 200
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet takes a text that begins so for a formula, or skips to what does: https://owasp.org, CSV injection."""

PARAMETERS: Final = frozenset({"from", "to", "by", "hours"})


class ReportFiles:
    """Every public report as a file."""

    def __init__(
        self, limits: Limits, authenticate: Authenticate, clock: Callable[[], datetime], allowance: Allowance
    ) -> None:
        self.limits = limits
        self.authenticate = authenticate
        self.clock = clock
        self.allowance = allowance
        self._reading: Counter[Hashable] = Counter()

    def routes(self) -> list[BaseRoute]:
        return [Route("/reports/{name}.csv", self.file, methods=["GET"])]

    async def file(self, request: Request) -> Response:
        """Answers with a line of names and a line for each row, as RFC 4180 has it, in UTF-8."""
        try:
            caller, viewer = await self._caller(request)
            report = REPORTS.get(request.path_params["name"])
            if report is None:
                raise Unknown("There is no such report.")
            with self._paying(caller.key) as rows_read:
                by, rows = await self._rows(report, viewer, request)
                rows_read.append(len(rows))
        except RateLimited as refusal:
            response = declined(refusal.message, refusal.code)
            response.headers["Retry-After"] = str(refusal.retry_after)
            return response
        except Declined as refusal:
            return declined(refusal.message, refusal.code)
        except (TimeoutError, StatementTimeout):
            return declined(TimedOut().message, TimedOut.code)
        except Refused as refusal:
            return declined(refusal.message, refusal.code, path=refusal.path)
        name = f'attachment; filename="{report.name}.csv"'
        headers = {**HEADERS, "Content-Disposition": name}
        return StreamingResponse(lines(report, by, rows), headers=headers, media_type="text/csv; charset=utf-8")

    async def _rows(
        self, report: Report, viewer: Viewer, request: Request
    ) -> tuple[Sequence[Dimension], Sequence[Any]]:
        asked = request.query_params
        if strange := sorted(set(asked.keys()) - PARAMETERS):
            raise BadInput(f"There is nothing called {strange[0][:50]!r} to ask for.", path=(strange[0][:50],))
        by = [_dimension(word) for words in asked.getlist("by") for word in words.split(",") if word]
        said: dict[str, Any] = {"by": by} if by else {}
        said |= {"hours": _number(asked["hours"])} if asked.get("hours") else {}
        given = {name for name in ("from", "to") if asked.get(name)} if "period" not in report.takes else set()
        if beyond := sorted((said.keys() | given) - report.takes):
            raise BadInput(f"This report takes no {beyond[0]}.", path=(beyond[0],))
        first, end = (_day(asked.get(name), name) for name in ("from", "to"))
        async with asyncio.timeout(self.limits.operation_seconds):
            return by, await report.read(viewer, first, end, now=self.clock(), limits=self.limits, **said)

    @contextmanager
    def _paying(self, caller: Hashable) -> Iterator[list[int]]:
        """A place for one report, paid by the caller; to be told how many rows it had.

        Raises RateLimited for who has too few points or enough places already, RetryLater if there is no place.
        """
        loop = asyncio.get_running_loop()
        if self._reading[caller] >= self.limits.reports_at_once_per_caller:
            raise RateLimited("Other reports of yours are still being read.")
        if self._reading.total() >= self.limits.reports_at_once:
            raise RetryLater("Busy with other reports; please try again.")
        begun, paid, rows = loop.time(), ROWS_PRICED * ROW_COST, list[int]()
        self.allowance.take(caller, paid, begun)
        self._reading[caller] += 1
        try:
            yield rows
        finally:
            self._reading -= Counter([caller])
            cost = max(sum(rows) * ROW_COST, int((loop.time() - begun) * self.allowance.per_second))
            self.allowance.charge(caller, max(0, cost - paid), loop.time())

    async def _caller(self, request: Request) -> tuple[Caller, Viewer]:
        values = request.headers.getlist("authorization")
        if len(values) > 1:
            raise Unauthenticated("Send one `Authorization` header.")
        session = await self.authenticate(bearer_token(values[0] if values else None))
        if session.viewer is None:
            raise Unauthenticated()
        if not session.is_staff:
            raise NotPermitted("Reports are for the staff.")
        return Caller(session, request.client.host if request.client else "unknown"), session.viewer


def lines(report: Report, by: Sequence[Dimension], rows: Sequence[Any]) -> Iterator[bytes]:
    """The file, piece by piece: its first line is there whether or not there are rows."""
    figures = [field.name for field in fields(report.row) if field.name != "groups"]
    hints = get_type_hints(report.row)
    names = [column for one in report.told_by(by) for column in _group_columns(one)]
    names += [f"{name}_seconds" if timedelta in (hints[name], *_within(hints[name])) else name for name in figures]
    yield _written([names])
    for start in range(0, len(rows), LINES_AT_ONCE):
        some = rows[start : start + LINES_AT_ONCE]
        yield _written(
            [
                *(cell for part in row.groups for cell in _group_cells(part)),
                *(cell_of(getattr(row, name)) for name in figures),
            ]
            for row in some
        )


def cell_of(value: Any) -> str:
    """A figure as a cell; only text can be taken for a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case timedelta():
            return str(value // timedelta(seconds=1))
        case datetime():
            return write_instant(value)
        case date():
            return value.isoformat()
        case str():
            return safe(value)
        case _:
            return str(value)


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith(FORMULA) else text


def _group_columns(dimension: Dimension) -> list[str]:
    name = dimension.lower()
    return [name] if dimension in _WORDS else [name, f"{name}_id"]


def _group_cells(part: Part) -> list[str]:
    key = public_key(part) or ""
    return [safe(key)] if part.dimension in _WORDS else [safe(part.label), key]


_WORDS: Final = frozenset({*STRETCHES, Dimension.KPI, Dimension.PRIORITY, Dimension.REASON})
"""Dimensions whose keys are what they are called."""


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _within(hint: Any) -> tuple[Any, ...]:
    return tuple(getattr(hint, "__args__", ()))


def _dimension(word: str) -> Dimension:
    try:
        return Dimension(word.upper())
    except ValueError:
        known = ", ".join(Dimension).lower()
        raise BadInput(f"There is no such dimension; there are {known}.", path=("by",)) from None


def _day(text: str | None, name: str) -> date | None:
    if not text:
        return None
    try:
        return read_date(text)
    except BadInput as refusal:
        raise BadInput(refusal.message, path=(name,)) from None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise BadInput("Hours are a whole number.", path=("hours",))
    return int(text)
