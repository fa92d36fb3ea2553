"""Rules: what may be said of a case, whoever says it and wherever it stands.

Each rule yields the problems it finds, and `refuse` raises them together, so that a form is put right in one go.
Lengths count Unicode characters. Whether a row exists, and for whom, is not decided here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Final, Protocol
from uuid import UUID

from cases.refusals import BadInput, Several
from cases.vocabulary import ProductKind, ProductState

TITLE_LIMIT: Final = 128
DESCRIPTION_LIMIT: Final = 20_000
COMMENT_LIMIT: Final = 20_000
SUMMARY_LIMIT: Final = 200
REMARKS_LIMIT: Final = 100_000
EXTERNAL_ID_LIMIT: Final = 100

MINUTES: Final = range(2**31)
GRADES: Final = range(1, 6)

Path = Sequence[str | int]


class Product(Protocol):
    """As much of a product as a case has to know."""

    @property
    def kind(self) -> ProductKind: ...

    @property
    def state(self) -> ProductState: ...


class Contact(Protocol):
    """As much of a contact as a case has to know."""

    @property
    def account_id(self) -> UUID | None: ...


def refuse(*problems: Iterable[BadInput]) -> None:
    """Raises the problem if there is one, Several if there are more; does nothing if there are none."""
    match list(chain.from_iterable(problems)):
        case []:
            return
        case [problem]:
            raise problem
        case several:
            raise Several(problems=several)


def text(text: str, limit: int, path: Path, *, required: bool = False) -> Iterator[BadInput]:
    """Any text: not too long, nothing a database cannot keep, and something to see if `required`.

    NUL cannot be stored by PostgreSQL; a lone surrogate has no UTF-8 form (RFC 3629, section 3).
    """
    if len(text) > limit:
        yield BadInput(f"This has {len(text)} characters; {limit} are possible.", path=path)
    if _UNSTORABLE.search(text):
        yield BadInput("This has a character that is none: NUL, or half of a surrogate pair.", path=path)
    if required and not any(character.isprintable() and not character.isspace() for character in text):
        yield BadInput("This cannot be empty.", path=path)


def title(title: str, path: Path = ("title",)) -> Iterator[BadInput]:
    """White space around a title does not count, and is not stored."""
    return text(title.strip(), TITLE_LIMIT, path, required=True)


def description(description: str, path: Path = ("description",)) -> Iterator[BadInput]:
    return text(description, DESCRIPTION_LIMIT, path)


def comment(body: str, path: Path = ("body",)) -> Iterator[BadInput]:
    return text(body, COMMENT_LIMIT, path, required=True)


def external_id(external_id: str | None, path: Path = ("external_id",)) -> Iterator[BadInput]:
    """Another system's name for the case: null, or something to see."""
    if external_id is not None:
        yield from text(external_id, EXTERNAL_ID_LIMIT, path, required=True)


def resolution(summary: str, remarks: str, total_minutes: int, billable_minutes: int) -> Iterator[BadInput]:
    """How a case was resolved. More may be billed than was worked: minimum charges exist."""
    yield from text(summary, SUMMARY_LIMIT, ("summary",), required=True)
    yield from text(remarks, REMARKS_LIMIT, ("remarks",))
    for name, minutes in (("total_minutes", total_minutes), ("billable_minutes", billable_minutes)):
        if minutes not in MINUTES:
            yield BadInput("This must be a number of minutes from 0.", path=(name,))


def deadline(deadline: datetime | None, *, now: datetime, path: Path = ("deadline",)) -> Iterator[BadInput]:
    """A promise is about the future: `now` is the earliest deadline. Both are aware."""
    if deadline is not None and deadline < now:
        yield BadInput("The deadline has passed already.", path=path)


def satisfaction(grade: int | None, path: Path = ("satisfaction",)) -> Iterator[BadInput]:
    if grade is not None and grade not in GRADES:
        yield BadInput("Satisfaction is a grade from 1, not at all, to 5, very.", path=path)


def product(product: Product | None, path: Path = ("product",)) -> Iterator[BadInput]:
    """A case is about something that can be had: no family, no draft. Retired products keep having questions."""
    if product is None:
        return
    if product.kind is ProductKind.FAMILY:
        yield BadInput("A family groups products; please choose one of them.", path=path)
    if product.state is ProductState.DRAFT:
        yield BadInput("This product is a draft still.", path=path)


def customer(account_id: UUID | None, contact: Contact | None, path: Path = ("contact",)) -> Iterator[BadInput]:
    """A case has a customer: an account, a contact of it, or a person on their own without any account."""
    if account_id is None and contact is None:
        yield BadInput("A case needs a customer: an account or a contact.")
    if account_id is not None and contact is not None and contact.account_id != account_id:
        yield BadInput("This contact does not belong to the account.", path=path)


_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
