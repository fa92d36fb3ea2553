"""Merging: which cases go into which, and why others do not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from cases.hierarchy import Bounds, Child, Parent
from cases.obstacles import MergeObstacle
from cases.refusals import CannotMerge, Unmergeable
from cases.vocabulary import Status, StatusReason

Obstacle = tuple[MergeObstacle, str]

MOST_SAID: Final = 3
"""Reasons in the sentence of a refusal, which lists all of them beside it."""


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

    @property
    def parent_id(self) -> UUID | None: ...


@dataclass(frozen=True)
class Families:
    """The survivor as the parent it is, and the children that each of the others would bring."""

    parent: Parent
    children: Mapping[UUID, Sequence[Child]]
    bounds: Bounds


def check(survivor: Row, losers: Sequence[Row], families: Families, *, across_customers: bool) -> None:
    """Raises CannotMerge, with every reason, unless all `losers` go into `survivor`."""
    found = obstacles(survivor, losers, families, across_customers=across_customers)
    if found:
        sentences = " ".join(one.message for one in found[:MOST_SAID])
        raise CannotMerge(f"These cases cannot be merged. {sentences}", path=("merged_ids",), cases=found)


def obstacles(survivor: Row, losers: Sequence[Row], families: Families, *, across_customers: bool) -> list[Unmergeable]:
    """Why cases do not go into `survivor`, each with every reason, in their order."""
    found = []
    brought = 0
    for loser in losers:
        if loser.id == survivor.id:
            why = [(MergeObstacle.ITSELF, f"{loser.number} cannot go into itself.")]
        else:
            brought += len(families.children.get(loser.id, ()))
            why = [*_of_state(survivor, loser, across_customers), *_of_family(survivor, loser, families, brought)]
        found += [Unmergeable(loser.id, loser.number, obstacle, message) for obstacle, message in why]
    return found


def _of_state(survivor: Row, loser: Row, across_customers: bool) -> Iterator[Obstacle]:
    if loser.status_reason is StatusReason.MERGED:
        yield MergeObstacle.MERGED, f"{loser.number} was merged already."
    elif loser.status is not Status.ACTIVE:
        yield MergeObstacle.ENDED, f"{loser.number} is {loser.status.value.lower()}."
    if not across_customers and customer(loser) != customer(survivor):
        yield MergeObstacle.OTHER_CUSTOMER, f"{loser.number} is for another customer than {survivor.number}."


def _of_family(survivor: Row, loser: Row, families: Families, brought: int) -> Iterator[Obstacle]:
    """`brought` is how many children come with this case and those before it."""
    parent, bounds = families.parent, families.bounds
    children = families.children.get(loser.id, ())
    if loser.id in parent.above:
        yield MergeObstacle.CYCLE, f"{survivor.number} is below {loser.number}; merge the other way round."
        return
    if loser.parent_id not in (None, survivor.parent_id, survivor.id):
        yield MergeObstacle.OTHER_PARENT, f"{loser.number} is a child of another case than {survivor.number}."
    if any(len(parent.above) + 1 + child.levels > bounds.depth for child in children):
        yield MergeObstacle.TOO_DEEP, f"With the children of {loser.number} there would be too many levels of them."
    if children and parent.children + brought > bounds.children:
        yield MergeObstacle.TOO_MANY_CHILDREN, f"With those of {loser.number} there would be too many children."


def customer(case: Row) -> UUID | None:
    """Who the customer is: the account, or the contact of a case without one."""
    return case.account_id or case.contact_id
