"""The ledger as it is kept: books are opened under lock, lines appended, balances moved with them.

A stored balance is the sum of its lines and nothing else. It is moved by one statement that refuses to take what is not
left, in the transaction that appends the lines, so that neither can be without the other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from actions.terms import account_of, entitlement_of, posting_of, row_of
from actions.trail import in_hand
from cases.conditions import EVERYTHING, All, Compare, Op
from entitlements.allotment import due
from entitlements.balance import Movement, movements
from entitlements.charging import exhausted
from entitlements.days import pool_at
from entitlements.lifecycle import BY_DATES, next_change_at, state_at
from entitlements.postings import Account, Posting
from entitlements.terms import Entitlement
from models.delivery import Outbox
from models.entitlements import Entitlement as EntitlementRow
from models.entitlements import EntitlementBalance
from models.fields import uuid7
from models.locking import locked, locked_if_free
from models.postings import EntitlementPosting
from models.reading import related, select
from models.writing import move_balance


@dataclass
class Book:
    """An entitlement that this unit of work holds, with its balances as they are now."""

    row: EntitlementRow
    balances: dict[Account, EntitlementBalance] = field(default_factory=dict)

    @property
    def entitlement(self) -> Entitlement:
        return entitlement_of(self.row)

    @property
    def available(self) -> dict[Account, int]:
        """What can be drawn from each account."""
        return {account: row.remaining - row.reserved for account, row in self.balances.items()}

    def instant(self, at: datetime) -> datetime:
        """`at`, or that of the last act on the contract: one that waited for the lock was asked before it."""
        return max(at, self.row.updated_at)


async def open_books(ids: Collection[UUID], at: datetime) -> dict[UUID, Book]:
    """Locks entitlements, in the order of their ids, and posts what their dates made due by `at`."""
    known = {key: book for key, book in in_hand().books.items() if key in ids}
    for book in known.values():
        await _look_at_dates(book, at)
    missing = set(ids) - known.keys()
    return known | (await _opened(await locked(EntitlementRow, missing, EVERYTHING), at) if missing else {})


async def take_books_in_hand(ids: Collection[UUID], at: datetime) -> None:
    """Opens the books of all entitlements that an act is going to post to, once for all its cases."""
    in_hand().books.update(await open_books(ids, at))


async def open_free_books(ids: Collection[UUID], at: datetime) -> dict[UUID, Book]:
    """As `open_books`, without those that others hold."""
    return await _opened(await locked_if_free(EntitlementRow, ids, EVERYTHING), at)


async def _opened(rows: Mapping[UUID, EntitlementRow], at: datetime) -> dict[UUID, Book]:
    found = await related(EntitlementBalance, "entitlement_id", list(rows), EVERYTHING)
    books = {key: Book(row, {account_of(each): each for each in found[key]}) for key, row in rows.items()}
    for book in books.values():
        await _look_at_dates(book, at)
    return books


async def _look_at_dates(book: Book, at: datetime) -> None:
    if book.row.next_at is not None and book.row.next_at <= book.instant(at):
        await follow_dates(book, book.instant(at))


async def follow_dates(book: Book, at: datetime) -> None:
    """Posts what the dates have made due, and stores where the entitlement stands."""
    row, entitlement = book.row, book.entitlement
    if row.state in BY_DATES:
        await post(book, due(row.id, entitlement.terms, await lines_of(row.id), at))
    state = state_at(entitlement, at)
    if state is not row.state:
        await tell(row, at, state=state)
    await keep(book, at, state=state, next_at=next_change_at(entitlement, at))


async def keep(book: Book, at: datetime, **columns: object) -> None:
    """Writes columns of the entitlement."""
    columns["updated_at"] = at
    await EntitlementRow.filter(id=book.row.id).update(**columns)
    for name, value in columns.items():
        setattr(book.row, name, value)


async def tell(row: EntitlementRow, at: datetime, **news: str) -> None:
    """Lets the world outside know what became of an entitlement."""
    payload = dict(news)
    await Outbox.create(
        tenant_id=row.tenant_id, topic="entitlement", key=row.id, payload=payload, due_at=at, created_at=at
    )


async def lines_of(entitlement_id: UUID, case_id: UUID | None = None) -> list[Posting]:
    """The lines of an entitlement, or those about one case."""
    which = [Compare("entitlement_id", Op.EQ, entitlement_id)]
    which += [Compare("case_id", Op.EQ, case_id)] if case_id else []
    return [posting_of(row) for row in await select(EntitlementPosting, All(tuple(which)))]


async def post(
    book: Book, lines: Iterable[Posting], *, event_number: int | None = None, note: str = ""
) -> Sequence[Posting]:
    """Appends lines and moves the balances by them; returns the lines.

    Raises EntitlementExhausted if a restricted entitlement would go below zero.
    """
    appended = tuple(lines)
    if not appended:
        return ()
    await EntitlementPosting.bulk_create(
        [row_of(line, book.row.tenant_id, event_number=event_number, note=note) for line in appended]
    )
    for account, moved in movements(appended).items():
        await _move(book, account, moved, appended[-1].at)
    await _mind_late_returns(book, appended)
    return appended


async def _move(book: Book, account: Account, moved: Movement, at: datetime) -> None:
    row = book.balances.get(account)
    guarded = book.row.restrict and moved.draws
    if row is None:
        row = await EntitlementBalance.create(
            id=uuid7(),
            tenant_id=book.row.tenant_id,
            created_at=at,
            entitlement_id=book.row.id,
            pool=account.pool,
            channel=account.channel or "",
        )
        book.balances[account] = row
    if not await move_balance(row.id, remaining=moved.remaining, reserved=moved.reserved, guarded=guarded):
        raise exhausted(moved.reserved - moved.remaining, row.remaining - row.reserved, account.channel)
    row.remaining += moved.remaining
    row.reserved += moved.reserved


async def _mind_late_returns(book: Book, lines: Sequence[Posting]) -> None:
    """What comes back to a period that is over is given up, or rolls over, at once: at the next look."""
    if book.row.state not in BY_DATES:
        return
    at = max(line.at for line in lines)
    current = pool_at(book.entitlement.terms, at)
    late = any(line.case_id is not None and line.amount > 0 and line.pool < current for line in lines)
    if late:
        await keep(book, book.row.updated_at, next_at=at)
