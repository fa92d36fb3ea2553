"""Who asks. Made once at the edge from verified credentials, and trusted from there on."""

from dataclasses import dataclass
from uuid import UUID

from cases.vocabulary import Role


@dataclass(frozen=True)
class Viewer:
    """A verified caller within one tenant.

    Staff and integrations have `person_id`; a customer has `contact_id` and, if they belong to one, `account_id`.
    `scopes` narrow what the role may do: `read`, `write`, or `*` for both. `key_id` is the API key that was shown,
    if one was: two keys are two callers, even of one person or under one name. `rule_id` is the automation rule
    that acts where nobody asks.
    """

    tenant_id: UUID
    role: Role
    name: str
    person_id: UUID | None = None
    contact_id: UUID | None = None
    account_id: UUID | None = None
    key_id: UUID | None = None
    rule_id: UUID | None = None
    scopes: frozenset[str] = frozenset({"*"})

    def has_scope(self, scope: str) -> bool:
        return "*" in self.scopes or scope in self.scopes
