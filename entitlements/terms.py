"""Terms: what an entitlement promises, to whom and for what.

Values only; whether they make sense is asked of `rules`, where an entitlement stands of `lifecycle`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from cases.vocabulary import EntitlementState, Origin
from entitlements.vocabulary import Allocation, DecrementOn, OveragePolicy, Period

PERCENT: Final = 100


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a contract promises in quantity.

    Quantities are in 1/100 term, multipliers in percent. Dates are inclusive, in `zone` (IANA name): that of the
    calendar of the entitlement's SLA policy, else the tenant's. `total`, and each channel's share of it, is granted
    once per period. No channels, products or contacts listed means all of them.

    `restrict`: no case is put on the entitlement when nothing is left, and its balance never goes below zero.
    `overage` says what a draw does that is only known when the work is done; where it is null, it is refused if the
    entitlement is restricted and makes the balance negative if not.
    """

    allocation: Allocation
    decrement_on: DecrementOn
    starts_on: date
    ends_on: date
    zone: str = "UTC"
    total: int = 0
    total_by_channel: Mapping[Origin, int] = field(default_factory=dict)
    restrict: bool = False
    overage: OveragePolicy | None = None
    product_ids: frozenset[UUID] = frozenset()
    contact_ids: frozenset[UUID] = frozenset()
    period: Period = Period.ONCE
    rolls_over: bool = False
    roll_over_limit: int | None = None
    after_hours_percent: int = PERCENT
    percent_by_product: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def overage_policy(self) -> OveragePolicy:
        return self.overage or (OveragePolicy.REFUSE if self.restrict else OveragePolicy.ALLOW)

    @property
    def counts(self) -> bool:
        """Whether anything is ever posted."""
        return self.allocation is not Allocation.COVERAGE

    @property
    def total_by_tag(self) -> Mapping[Origin | None, int]:
        """What one period grants, by channel; under None what belongs to no channel in particular. Sums to `total`."""
        shares: dict[Origin | None, int] = {channel: share for channel, share in self.total_by_channel.items()}
        return shares | {None: self.total - sum(self.total_by_channel.values())}

    def tag(self, channel: Origin) -> Origin | None:
        """The channel under which a case of `channel` is posted: its own if it has a share, else none."""
        return channel if channel in self.total_by_channel else None


@dataclass(frozen=True, kw_only=True)
class Entitlement:
    """Terms and whose they are: an account's or a contact's.

    `state` is the one last stored; what it is at an instant, `lifecycle.state_at` says.
    """

    id: UUID
    state: EntitlementState
    terms: Terms
    account_id: UUID | None = None
    contact_id: UUID | None = None
    is_default: bool = False
