"""Merging: which cases go into which, and why others do not."""

from collections.abc import Iterator, Sequence
from typing import Protocol
from uuid import UUID

from cases.obstacles import MergeObstacle
from cases.refusals import CannotMerge, Unmergeable
from cases.vocabulary import Status, StatusReason


class Row(Protocol):
    """As much of a case's row as decides whether it can be merged."""

    @property
    def id(self) -> UUID: ...

    @property
    def number(self) -> str: ...

    @property
    def status(self) -> Status: ...

    @property
    def status_reason(self) -> StatusReason: ...

    @property
    def account_id(self) -> UUID | None: ...

    @property
    def contact_id(self) -> UUID | None: ...


def check(survivor: Row, losers: Sequence[Row], *, across_customers: bool) -> None:
    """Raises CannotMerge, with every reason, unless all `losers` go into `survivor`."""
    found = obstacles(survivor, losers, across_customers=across_customers)
    if found:
        raise CannotMerge("These cases cannot be merged.", path=("merged_ids",), cases=found)


def obstacles(survivor: Row, losers: Sequence[Row], *, across_customers: bool) -> list[Unmergeable]:
    """Why cases do not go into `survivor`, each with every reason, in their order."""
    return [
        Unmergeable(loser.id, loser.number, obstacle, message)
        for loser in losers
        for obstacle, message in _obstacles(survivor, loser, across_customers)
    ]


def _obstacles(survivor: Row, loser: Row, across_customers: bool) -> Iterator[tuple[MergeObstacle, str]]:
    if loser.id == survivor.id:
        yield MergeObstacle.ITSELF, f"{loser.number} cannot go into itself."
        return
    if loser.status_reason is StatusReason.MERGED:
        yield MergeObstacle.MERGED, f"{loser.number} was merged already."
    elif loser.status is not Status.ACTIVE:
        yield MergeObstacle.ENDED, f"{loser.number} is {loser.status.value.lower()}."
    if not across_customers and customer(loser) != customer(survivor):
        yield MergeObstacle.OTHER_CUSTOMER, f"{loser.number} is for another customer than {survivor.number}."


def customer(case: Row) -> UUID | None:
    """Who the customer is: the account, or the contact of a case without one."""
    return case.account_id or case.contact_id
