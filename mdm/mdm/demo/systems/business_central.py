"""Business Central (ERP): companies, cost centers as dimension values, and the customers of each company.

The companies come with their company information expanded. Dimension values are read through a page of the
tenant's own, as the standard one lacks `parentId`, `companyName`, `validFrom`, `validTo` and `blocked`.
"""

from __future__ import annotations

from mdm.demo.book import Book, Row, pages
from mdm.demo.clients import Client
from mdm.demo.firm import Firm
from mdm.demo.keys import etag, guid
from mdm.demo.organisation import CostCenter
from mdm.demo.placing import clients_of
from mdm.demo.seen_client import Holds, SeenClient, see
from mdm.demo.vocabulary import happens, table
from mdm.demo.wear import Wear, iso

SOURCE = "business_central"
BASE = "https://api.businesscentral.dynamics.com/v2.0/production/api/v2.0"
HOLDS = Holds(tax_id=0.94, website=0.4, email=0.75, phone=0.75)
_NOTHING = "00000000-0000-0000-0000-000000000000"


def business_central(firm: Firm, book: Book) -> None:
    """Write everything that this system knows."""
    wear = Wear(firm.damage, book, firm.chance(SOURCE))
    companies = [_company(firm, book, place, wear) for place in range(len(firm.legal_entities))]
    files = book.answer(
        SOURCE, "companies", [{"@odata.context": f"{BASE}/$metadata#companies", "value": companies}]
    )
    book.load(SOURCE, "legal_entity", files)
    _dimension_values(firm, book, wear)
    _customers(firm, book, wear)


def _company(firm: Firm, book: Book, place: int, wear: Wear) -> Row:
    entity = firm.legal_entities[place]
    changed = iso(wear.moment())
    return {
        "id": guid(wear.rng), "systemVersion": "25.3.28755.0", "timestamp": 41000 + place,
        "name": book.state("legal_entity", SOURCE, entity.code, entity.thing), "displayName": entity.name,
        "businessProfileId": "", "systemCreatedAt": "2017-11-02T08:00:00Z", "systemModifiedAt": changed,
        "companyInformation": {
            "displayName": entity.name, "country": entity.country, "taxRegistrationNumber": entity.tax_id,
            "currencyCode": entity.currency,
            "parentCompanyName": "" if place == 0 else firm.legal_entities[0].code,
            "lastModifiedDateTime": changed,
        },
    }  # fmt: skip


def _dimension_values(firm: Firm, book: Book, wear: Wear) -> None:
    current = [center for center in firm.cost_centers if center.valid_to is None]
    dimension = guid(wear.rng)
    rows = []
    for center in current:
        key = book.state("cost_center", SOURCE, guid(wear.rng), center.thing)
        rows.append(_dimension_value(firm, book, center, key, wear) | {"dimensionId": dimension})
        if center.other_name:
            book.happened("renamed_centers")
    documents = [
        {"@odata.context": f"{BASE}/$metadata#dimensionValues", "value": page} for page in pages(rows, 300)
    ]
    book.load(SOURCE, "cost_center", book.answer(SOURCE, "dimension_values", documents))


def _dimension_value(firm: Firm, book: Book, center: CostCenter, key: str, wear: Wear) -> Row:
    company = next(entity.code for entity in firm.legal_entities if entity.thing == center.legal_entity)
    return {
        "@odata.etag": etag(wear.rng), "id": key, "code": center.code,
        "displayName": center.other_name or center.name,
        "consolidationCode": "", "parentId": book.key("cost_center", SOURCE, center.parent),
        "companyName": company,
        "validFrom": center.valid_from.isoformat(), "validTo": None, "blocked": False,
        "lastModifiedDateTime": iso(wear.moment()),
    }  # fmt: skip


def _customers(firm: Firm, book: Book, wear: Wear) -> None:
    """One list for each of two companies: some clients are customers of both, under two keys."""
    lists: dict[str, list[Row]] = {"ald_uk": [], "ald_de": []}
    for client in clients_of(firm, SOURCE):
        home = "ald_uk" if client.address.country in ("GB", "IE", "US") else "ald_de"
        lists[home].append(_customer(client, see(client, HOLDS, wear), book, wear))
        if happens(wear.rng, 0.12):
            other = "ald_de" if home == "ald_uk" else "ald_uk"
            lists[other].append(_customer(client, see(client, HOLDS, wear), book, wear))
    _branches(firm, lists["ald_de"], book, wear)
    _parents_tax_id(firm, lists["ald_de"], book, wear)
    lists["ald_uk"].append(_placeholder(book, wear))
    for name, rows in lists.items():
        context = f"{BASE}/$metadata#companies({guid(wear.rng)})/customers"
        files = book.answer(
            SOURCE,
            f"customers_{name}",
            [{"@odata.context": context, "value": page} for page in pages(rows, 200)],
        )
        book.load(SOURCE, "client", files, "customers")


def _customer(client: Client, seen: SeenClient, book: Book, wear: Wear) -> Row:
    where = seen.address or client.address
    return {
        "@odata.etag": etag(wear.rng), "id": book.state("client", SOURCE, guid(wear.rng), client.thing),
        "number": client.number, "displayName": seen.name, "type": "Company",
        "addressLine1": where.street,
        "addressLine2": "", "city": where.city, "state": where.region, "country": where.country,
        "postalCode": where.postcode, "phoneNumber": seen.phone or "", "email": seen.email or "",
        "website": seen.website or "", "salespersonCode": "", "balanceDue": 0, "creditLimit": 0,
        "taxLiable": True,
        "taxRegistrationNumber": seen.tax_id or "", "currencyId": _NOTHING,
        "currencyCode": table("currency")[client.address.country], "paymentTermsId": _NOTHING,
        "blocked": "All" if happens(wear.rng, 0.03) else " ", "lastModifiedDateTime": iso(seen.changed_at),
    }  # fmt: skip


def _branches(firm: Firm, rows: list[Row], book: Book, wear: Wear) -> None:
    """Branch offices: another town, the company's own tax id; the same client."""
    known = [c for c in clients_of(firm, SOURCE) if c.address.country == "DE" and not c.shares_contact]
    for client in wear.rng.sample(known, firm.damage.branches):
        row = _customer(client, see(client, HOLDS, wear), book, wear)
        city = client.former.city
        row |= {"displayName": f"{client.name} Niederlassung {city}", "taxRegistrationNumber": client.tax_id}
        rows.append(
            row | {"addressLine1": client.former.street, "city": city, "postalCode": client.former.postcode}
        )
        book.happened("branches")


def _parents_tax_id(firm: Firm, rows: list[Row], book: Book, wear: Wear) -> None:
    """Subsidiaries entered with the parent's tax id: the name says one thing, the number another."""
    by_thing = {client.thing: client for client in firm.clients}
    missing = [
        c for c in firm.clients
        if c.parent and book.key("client", SOURCE, c.parent) and not book.key("client", SOURCE, c.thing)
    ]  # fmt: skip
    for client in wear.rng.sample(missing, min(firm.damage.parent_tax_ids, len(missing))):
        parent = by_thing[client.parent or ""]
        row = _customer(client, see(client, HOLDS, wear), book, wear)
        rows.append(row | {"displayName": client.name, "taxRegistrationNumber": parent.tax_id})
        book.happened("parent_tax_ids")
        parents_row = book.key("client", SOURCE, parent.thing)
        book.doubt(
            "client",
            f"{SOURCE}:{row['id']}",
            f"{SOURCE}:{parents_row}",
            "a subsidiary's name with the parent's tax id",
        )


def _placeholder(book: Book, wear: Wear) -> Row:
    key = book.state("client", SOURCE, guid(wear.rng), "placeholder-business-central")
    return {
        "@odata.etag": etag(wear.rng), "id": key, "number": "99999", "displayName": "DUMMY CUSTOMER",
        "type": "Company",
        "addressLine1": "n/a", "addressLine2": "", "city": "n/a", "state": "", "country": "GB",
        "postalCode": "",
        "phoneNumber": "n/a", "email": "", "website": "", "taxRegistrationNumber": "", "currencyCode": "GBP",
        "blocked": " ", "lastModifiedDateTime": iso(wear.moment()),
    }  # fmt: skip
