"""Customers: accounts and contacts, with the cases that are theirs."""

from typing import TYPE_CHECKING

from strawberry import auto

import models
from schema.connections import Connection, children
from schema.mirror import mirrors
from schema.node import Node, interface
from schema.people import Actor
from schema.relations import related

if TYPE_CHECKING:
    from schema.cases import Case


@interface("For whom a case is worked on: an account, or a contact on their own.")
class Customer(Node):
    name: str
    email: str | None
    phone: str | None


@mirrors(models.Account, order=("name", "created_at"))
class Account(Customer):
    name: auto
    email: auto
    phone: auto
    external_id: auto
    created_at: auto
    contacts: "Connection[Contact]" = children("account", along="name")
    cases: "Connection[Case]" = children("account", newest_first=True)


@mirrors(models.Contact, order=("name", "created_at"))
class Contact(Customer, Actor):
    name: auto
    email: auto
    phone: auto
    language: auto
    external_id: auto
    created_at: auto
    account: "Account | None" = related()
    cases: "Connection[Case]" = children("contact", newest_first=True)
