"""Xero (the acquired company's accounting): its organisation, its customers as contacts, its projects."""

from __future__ import annotations

from datetime import UTC, datetime

from mdm.demo.book import Book, Row, pages
from mdm.demo.clients import Client
from mdm.demo.firm import Firm
from mdm.demo.keys import guid
from mdm.demo.organisation import ACQUIRED
from mdm.demo.placing import clients_of
from mdm.demo.projects import Project
from mdm.demo.seen_client import Holds, SeenClient, see, stale
from mdm.demo.vocabulary import happens, table
from mdm.demo.wear import PLACEHOLDERS, Wear, sap_date

SOURCE = "xero"
HOLDS = Holds(tax_id=0.75, registration_number=0.4, website=0.4, email=0.8, phone=0.8)


def xero(firm: Firm, book: Book) -> None:
    """Write everything that this system knows, but for projects."""
    wear = Wear(firm.damage, book, firm.chance(SOURCE))
    entity = next(entity for entity in firm.legal_entities if entity.code == ACQUIRED)
    key = book.state("legal_entity", SOURCE, guid(wear.rng), entity.thing)
    organisation = {
        "OrganisationID": key, "Name": "Brackwater Partners", "LegalName": "BRACKWATER PARTNERS BV",
        "TaxNumber": entity.tax_id, "BaseCurrency": "EUR", "CountryCode": "NL", "ShortCode": "!bRw7q",
    }  # fmt: skip
    book.load(
        SOURCE,
        "legal_entity",
        book.answer(SOURCE, "organisation", [_envelope({"Organisations": [organisation]})]),
    )
    rows = _contacts(firm, book, wear)
    documents = [
        _envelope({"pagination": _pagination(rows, number, 100), "Contacts": page})
        for number, page in enumerate(pages(rows, 100), start=1)
    ]
    book.load(SOURCE, "client", book.answer(SOURCE, "contacts", documents))


def _envelope(content: Row) -> Row:
    moment = sap_date(datetime(2026, 9, 30, 6, tzinfo=UTC))
    return {
        "Id": "6f9d2f0e-5b1c-4a52-9d0b-0e6f3f7a1c11",
        "Status": "OK",
        "ProviderName": "Hub",
        "DateTimeUTC": moment,
    } | content


def _pagination(rows: list[Row], number: int, size: int) -> Row:
    return {"page": number, "pageSize": size, "pageCount": -(-len(rows) // size), "itemCount": len(rows)}


def _contacts(firm: Firm, book: Book, wear: Wear) -> list[Row]:
    rows: list[Row] = []
    for client in clients_of(firm, SOURCE):
        seen = see(client, HOLDS, wear)
        rows.append(_contact(client, seen, book, wear))
        if not client.in_group and wear.befalls("duplicate"):
            rows.append(_contact(client, stale(seen, client, wear), book, wear))
    # The same key again with another telephone number: an export that was put together by hand.
    rows.insert(1, rows[0] | {"Phones": _phones("+31 10 5550000")})
    book.unusable += 1
    return rows


def _contact(client: Client, seen: SeenClient, book: Book, wear: Wear) -> Row:
    where = seen.address or client.address
    street: Row = {
        "AddressType": "STREET", "AddressLine1": where.street, "City": where.city, "Region": where.region,
        "PostalCode": where.postcode, "Country": table("country")[where.country],
    }  # fmt: skip
    return {
        "ContactID": book.state("client", SOURCE, guid(wear.rng), client.thing), "ContactNumber": "",
        "AccountNumber": f"B{wear.rng.randrange(1000, 9999)}", "ContactStatus": "ACTIVE", "Name": seen.name,
        "CompanyNumber": seen.registration_number or "", "EmailAddress": seen.email or "",
        "TaxNumber": seen.tax_id or "",
        "Addresses": [{"AddressType": "POBOX", "City": "", "Region": "", "PostalCode": "",
        "Country": ""}, street],
        "Phones": _phones(seen.phone), "UpdatedDateUTC": sap_date(seen.changed_at).replace(")/", "+0000)/"),
        "ContactGroups": [], "IsSupplier": False, "IsCustomer": True,
        "DefaultCurrency": table("currency")[client.address.country], "Website": seen.website or "",
        "ContactPersons": [], "HasAttachments": False,
    }  # fmt: skip


def _phones(number: str | None) -> list[Row]:
    """The number in three fields; whatever is not in the international form is put into the last one."""
    country, area, subscriber = "", "", number or ""
    if number and number.startswith("+") and "(" not in number and number not in PLACEHOLDERS:
        country, area, subscriber = number.split(" ", 2)
    return [
        {"PhoneType": "DDI", "PhoneNumber": "", "PhoneAreaCode": "", "PhoneCountryCode": ""},
        {
            "PhoneType": "DEFAULT",
            "PhoneNumber": subscriber,
            "PhoneAreaCode": area,
            "PhoneCountryCode": country,
        },
    ]


def xero_projects(firm: Firm, book: Book) -> None:
    """Write the acquired company's projects; their names begin with its own project code."""
    wear = Wear(firm.damage, book, firm.chance("xero projects"))
    rows = [
        _project(project, book, wear)
        for project in firm.projects
        if project.acquired and happens(wear.rng, 0.9)
    ]
    documents = [
        {"pagination": _pagination(rows, number, 100), "items": page}
        for number, page in enumerate(pages(rows, 100), start=1)
    ]
    book.load(SOURCE, "project", book.answer(SOURCE, "projects", documents))


def _project(project: Project, book: Book, wear: Wear) -> Row:
    client = project.client.thing if project.client else None
    return {
        "projectId": book.state("project", SOURCE, guid(wear.rng), project.thing),
        "contactId": book.key("client", SOURCE, client), "name": f"{project.code} / {project.name}",
        "currencyCode": project.currency, "minutesLogged": wear.rng.randrange(90000),
        "deadlineUtc": f"{project.end.isoformat()}T00:00:00Z",
        "estimate": {"currency": project.currency, "value": float(project.budget)},
        "status": "CLOSED" if project.is_over else "INPROGRESS",
    }  # fmt: skip
