"""Ledgers for tests: what happens to cases on one entitlement, told in words.

    ledger(total=10).tell("applied, canceled").left == 10

A story is a list of happenings, an hour apart from Monday 09:00; "flagged" and "unflagged" set the case's flag as well.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from cases.vocabulary import EntitlementState, Origin
from entitlements.allotment import due, granted
from entitlements.balance import Balance, available, balance, balances
from entitlements.charging import Charge, in_terms, postings_for
from entitlements.postings import Moment, Posting
from entitlements.terms import Entitlement, Terms
from entitlements.vocabulary import TERM, Allocation, DecrementOn, Happening
from tests.given import AGENT, at, hours

NINE = at("09:00")
CONTRACT = UUID(int=0xE)
OTHER_CONTRACT = UUID(int=0xF)
CASE = UUID(int=0xCA5E)
OTHER_CASE = UUID(int=0xCA5F)
ACCOUNT = UUID(int=0xACC)
CONTACT = UUID(int=0xC0)


def terms(total: float = 10, **said: Any) -> Terms:
    """Ten cases, charged on creation, from January to December 2025 in UTC, unless said otherwise; totals in terms."""
    shares = {channel: round(share * TERM) for channel, share in said.pop("total_by_channel", {}).items()}
    plain: dict[str, Any] = {
        "allocation": Allocation.CASES,
        "decrement_on": DecrementOn.CREATION,
        "starts_on": date(2025, 1, 1),
        "ends_on": date(2025, 12, 31),
        "total": round(total * TERM),
        "total_by_channel": shares,
    }
    return Terms(**plain | said)


def entitlement(of: Terms | None = None, **said: Any) -> Entitlement:
    """An active entitlement of the account."""
    plain: dict[str, Any] = {"id": CONTRACT, "state": EntitlementState.ACTIVE, "account_id": ACCOUNT}
    return Entitlement(terms=of or terms(), **plain | said)


def moment(when: datetime | str = "09:00", cause: str = "test") -> Moment:
    return Moment(at(when) if isinstance(when, str) else when, AGENT, cause)


@dataclass
class Ledger:
    """One entitlement and its lines; tells what happens to cases on it as the shell would."""

    terms: Terms
    id: UUID = CONTRACT
    lines: list[Posting] = field(default_factory=list)
    now: datetime = NINE
    flagged: set[UUID] = field(default_factory=set)

    def happen(
        self,
        what: Happening,
        case_id: UUID = CASE,
        *,
        when: datetime | None = None,
        burned: int = 0,
        channel: Origin = Origin.WEB,
    ) -> tuple[Posting, ...]:
        """Appends what `what` posts, and returns it; nothing is appended if it is refused."""
        self.now = when or self.now + hours(1)
        self.lines += due(self.id, self.terms, self.lines, self.now)
        waived = case_id in self.flagged
        if what in (Happening.FLAGGED, Happening.UNFLAGGED):
            waived = what is Happening.FLAGGED
        charge = Charge(entitlement_id=self.id, terms=self.terms, case_id=case_id, channel=channel, waived=waived)
        new = postings_for(what, charge, self.lines, available(balances(self.lines)), moment(self.now), burned=burned)
        self.lines += new
        (self.flagged.add if waived else self.flagged.discard)(case_id)
        return new

    def tell(self, story: str, case_id: UUID = CASE, *, burned: int = 0) -> "Ledger":
        for word in filter(None, (word.strip() for word in story.split(","))):
            self.happen(Happening[word.upper().replace(" ", "_")], case_id, burned=burned)
        return self

    @property
    def balance(self) -> Balance:
        return balance(self.lines)

    @property
    def left(self) -> Decimal:
        return in_terms(self.balance.remaining)

    @property
    def reserved(self) -> Decimal:
        return in_terms(self.balance.reserved)


def ledger(of: Terms | None = None, **said: Any) -> Ledger:
    """A ledger with the grants of its first pool."""
    book = Ledger(of or terms(**said))
    book.lines += granted(book.id, book.terms, [], moment(book.now))
    return book
