"""A client as one system knows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mdm.demo.clients import Client
from mdm.demo.contact import Address
from mdm.demo.identifiers import wrong_digit
from mdm.demo.vocabulary import happens
from mdm.demo.wear import Wear, capitals


@dataclass(frozen=True, slots=True)
class Holds:
    """How much a system knows of its clients: the share (0 to 1) of its rows that have each value.

    Attributes:
        short_name: share of rows that show the name without legal form, as delivery people do.
    """

    tax_id: float = 0.0
    registration_number: float = 0.0
    website: float = 0.0
    email: float = 0.0
    phone: float = 0.0
    address: float = 1.0
    number: float = 0.0
    short_name: float = 0.0


@dataclass(frozen=True, slots=True)
class SeenClient:
    """What stands in one row; None is an empty field."""

    name: str
    tax_id: str | None
    registration_number: str | None
    website: str | None
    email: str | None
    phone: str | None
    address: Address | None
    number: str | None
    changed_at: datetime


def see(client: Client, holds: Holds, wear: Wear) -> SeenClient:
    """The client as a system with these habits shows it, still with enough in the row to tell who it is."""
    seen = SeenClient(
        name=client.core
        if happens(wear.rng, holds.short_name)
        else wear.organisation(client.core, client.form),
        tax_id=_tax_id(client, holds, wear),
        registration_number=wear.optional(client.registration_number, holds.registration_number),
        website=wear.optional(_website(client, wear), holds.website),
        email=wear.optional(client.email, holds.email),
        phone=wear.optional(wear.telephone(client.phone), holds.phone),
        address=wear.address(client.address, client.former) if happens(wear.rng, holds.address) else None,
        number=wear.optional(client.number, holds.number),
        changed_at=wear.moment(),
    )
    seen = _recognisable(seen, client)
    return _in_capitals(seen) if wear.befalls("upper_case") else seen


def stale(seen: SeenClient, client: Client, wear: Wear) -> SeenClient:
    """A second row of the client in the same system, not touched for years: former address, full name."""
    return replace(
        seen,
        name=client.name,
        address=client.former,
        website=None,
        phone=wear.telephone(client.phone),
        changed_at=wear.long_ago(),
    )


def _tax_id(client: Client, holds: Holds, wear: Wear) -> str | None:
    number = wear.optional(client.tax_id, holds.tax_id)
    if number == client.tax_id and wear.befalls("wrong_tax_digit"):
        return wrong_digit(client.tax_id, wear.rng)
    return number


def _website(client: Client, wear: Wear) -> str:
    return wear.rng.choice(("https://www.{}", "http://{}/", "www.{}", "{}")).format(client.domain)


def _recognisable(seen: SeenClient, client: Client) -> SeenClient:
    """A row keeps at least two of: own site or mailbox, own telephone, current address, tax id, number.

    Nobody, human or machine, could tell whose row it is otherwise; such rows are planted one by one instead.
    """
    own_contact = not (client.in_group or client.shares_contact)
    anchors = [
        own_contact and client.domain in f"{seen.website} {seen.email}",
        own_contact and seen.phone is not None and seen.phone[-4:] == client.phone.subscriber[-4:],
        seen.address is not None and seen.address.postcode == client.address.postcode,
        seen.tax_id == client.tax_id,
        seen.number == client.number,
    ]
    return (
        seen
        if sum(anchors) >= 2
        else replace(seen, name=client.name, address=client.address, number=client.number)
    )


def _in_capitals(seen: SeenClient) -> SeenClient:
    where = seen.address
    if where is not None:
        where = Address(
            capitals(where.street), capitals(where.city), where.region, where.postcode, where.country
        )
    return replace(seen, name=capitals(seen.name), address=where)
