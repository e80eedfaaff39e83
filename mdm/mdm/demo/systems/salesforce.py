"""Salesforce (CRM): accounts, the users who own them, and contracts.

Custom fields, as tenants add them: `VAT_Number__c` and `ERP_Number__c` on accounts; `CLM_Number__c`,
`Contract_Type__c` and `Contract_Value__c` on contracts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from mdm.demo.book import Book, Row, pages
from mdm.demo.clients import Client
from mdm.demo.engagements import Engagement
from mdm.demo.firm import Firm
from mdm.demo.keys import salesforce_id
from mdm.demo.placing import archived, clients_of
from mdm.demo.seen_client import Holds, SeenClient, see, stale
from mdm.demo.seen_worker import see_in_tool
from mdm.demo.vocabulary import happens, table, words
from mdm.demo.wear import Wear

SOURCE = "salesforce"
HOLDS = Holds(tax_id=0.5, website=0.85, phone=0.8, number=0.6)
_ACCOUNT_TYPES = ("Customer - Direct", "Customer - Channel", "Prospect", None)
_CONTRACT_SHARES = {"msa": 0.6, "sow": 0.78, "change_order": 0.35}
_CONTRACT_TYPES = {"msa": "MSA", "sow": "SOW", "change_order": "Change Order"}


def salesforce(firm: Firm, book: Book) -> None:
    """Write everything that this system knows."""
    wear = Wear(firm.damage, book, firm.chance(SOURCE))
    users = _users(firm, book, wear)
    _accounts(firm, book, wear, users)
    rows = [
        _contract(contract, book, wear)
        for contract in firm.engagements
        if _stands_here(firm, contract, book, wear)
    ]
    rows += _contracts_without_number(firm, book, wear)
    book.load(SOURCE, "engagement", book.answer(SOURCE, "contracts", _query(rows)))


def _query(rows: Iterable[Row]) -> Iterator[Row]:
    """The pages of a query; each but the last says where the next one is."""
    found = list(rows)
    parts = list(pages(found, 200))
    for number, part in enumerate(parts, start=1):
        document: Row = {"totalSize": len(found), "done": number == len(parts), "records": part}
        if number < len(parts):
            document["nextRecordsUrl"] = f"/services/data/v68.0/query/0r8Qk00Ald7mXyzAAC-{200 * number}"
        yield document


def _record(type_: str, key: str, changed: datetime) -> Row:
    """What every record carries."""
    stamp = f"{changed:%Y-%m-%dT%H:%M:%S}.000+0000"
    return {
        "attributes": {"type": type_, "url": f"/services/data/v68.0/sobjects/{type_}/{key}"}, "Id": key,
        "IsDeleted": False, "LastModifiedDate": stamp, "SystemModstamp": stamp,
    }  # fmt: skip


def _users(firm: Firm, book: Book, wear: Wear) -> list[str]:
    """Everybody who sells: senior staff; the HR number is known for seven in ten."""
    sellers = [
        w for w in firm.workers if w.title in words("role")[-3:] and w.kind == "employee" and not w.left
    ]
    rows = []
    for worker in sellers:
        seen = see_in_tool(worker, wear, follows_directory=True)
        key = book.state("worker", SOURCE, salesforce_id("005", wear.rng), worker.thing)
        rows.append(
            _record("User", key, seen.changed_at)
            | {
                "FirstName": seen.given, "LastName": seen.family, "Name": seen.full_name, "Email": seen.email,
                "IsActive": True, "Title": worker.title,
                "EmployeeNumber": worker.number if happens(wear.rng, 0.7) else None,
            }
        )  # fmt: skip
    book.load(SOURCE, "worker", book.answer(SOURCE, "users", _query(rows)))
    return [str(row["Id"]) for row in rows]


def _accounts(firm: Firm, book: Book, wear: Wear, users: list[str]) -> None:
    rows: list[Row] = []
    signing = {contract.client.thing for contract in firm.engagements if contract.lookalike}
    placed = {client.thing for client in clients_of(firm, SOURCE)}
    for client in [client for client in firm.clients if client.thing in placed | signing]:
        seen = see(client, HOLDS, wear)
        rows.append(_account(client, seen, book, wear, users))
        if not client.in_group and wear.befalls("duplicate"):
            rows.append(_account(client, stale(seen, client, wear), book, wear, users))
    rows.append(_placeholder(book, wear))
    rows.append(_merged_away(rows[0], wear))
    # Stated in a book of its own, as nobody can refer to a row without an id.
    rows.append(
        _account(firm.clients[0], see(firm.clients[0], HOLDS, wear), Book(), wear, users) | {"Id": None}
    )
    book.unusable += 1
    book.load(SOURCE, "client", book.answer(SOURCE, "accounts", _query(rows)))


def _account(client: Client, seen: SeenClient, book: Book, wear: Wear, users: list[str]) -> Row:
    key = book.state("client", SOURCE, salesforce_id("001", wear.rng), client.thing)
    where = seen.address or client.address
    street = f"{where.street}\r\nReception" if happens(wear.rng, 0.1) else where.street
    return _record("Account", key, seen.changed_at) | {
        "Name": seen.name, "AccountNumber": f"A-{wear.rng.randrange(100000, 999999)}",
        "ParentId": book.key("client", SOURCE, client.parent), "MasterRecordId": None,
        "Type": wear.rng.choices(_ACCOUNT_TYPES, (70, 12, 8, 10))[0],
        "Industry": client.industry if happens(wear.rng, 0.7) else None, "Phone": seen.phone,
        "Website": seen.website,
        "BillingStreet": street, "BillingCity": where.city, "BillingState": where.region or None,
        "BillingPostalCode": where.postcode, "BillingCountry": table("country")[where.country],
        "CurrencyIsoCode": table("currency")[where.country], "VAT_Number__c": seen.tax_id,
        "ERP_Number__c": seen.number,
        "OwnerId": wear.rng.choice(users),
    }  # fmt: skip


def _placeholder(book: Book, wear: Wear) -> Row:
    key = book.state("client", SOURCE, salesforce_id("001", wear.rng), "placeholder-salesforce")
    return _record("Account", key, wear.moment()) | {
        "Name": "Test GmbH", "AccountNumber": None, "ParentId": None, "MasterRecordId": None,
        "Type": "Prospect",
        "Industry": None, "Phone": "n/a", "Website": "www.test.example", "BillingStreet": "Teststraße 1",
        "BillingCity": "n/a", "BillingState": None, "BillingPostalCode": None, "BillingCountry": "Germany",
        "CurrencyIsoCode": "EUR", "VAT_Number__c": "unknown", "ERP_Number__c": None, "OwnerId": None,
    }  # fmt: skip


def _merged_away(survivor: Row, wear: Wear) -> Row:
    """A row that was merged into another inside the CRM and is deleted since."""
    key = salesforce_id("001", wear.rng)
    return (
        survivor
        | _record("Account", key, wear.long_ago())
        | {"IsDeleted": True, "MasterRecordId": survivor["Id"]}
    )


def _stands_here(firm: Firm, contract: Engagement, book: Book, wear: Wear) -> bool:
    if contract.lookalike or not book.key("client", SOURCE, contract.client.thing):
        return False
    return happens(wear.rng, _CONTRACT_SHARES[contract.type]) or not archived(firm, contract)


def _contract(contract: Engagement, book: Book, wear: Wear) -> Row:
    key = book.state("engagement", SOURCE, salesforce_id("800", wear.rng), contract.thing)
    known = wear.optional(contract.number, 0.9)
    shift = timedelta(days=wear.rng.randrange(1, 12)) if known and happens(wear.rng, 0.15) else timedelta()
    rounded = known and happens(wear.rng, 0.12)
    title = f"{contract.client.brand} {contract.topic}" if wear.befalls("title_drift") else contract.topic
    return _record("Contract", key, wear.moment()) | {
        "ContractNumber": f"{len(book.truth):08d}",
        "AccountId": book.key("client", SOURCE, contract.client.thing),
        "Name": title, "Status": "Expired" if contract.is_over else "Activated",
        "StartDate": (contract.start + shift).isoformat(), "EndDate": contract.end.isoformat(),
        "CustomerSignedDate": contract.signed.isoformat() if happens(wear.rng, 0.6) else None,
        "Contract_Value__c": (float(round(contract.value, -4 if rounded else 0)) if contract.value else None),
        "CurrencyIsoCode": contract.currency, "Contract_Type__c": _CONTRACT_TYPES[contract.type],
        "CLM_Number__c": known,
    }  # fmt: skip


def _contracts_without_number(firm: Firm, book: Book, wear: Wear) -> list[Row]:
    """One of two like contracts, its number not filled in: the archive has both."""
    rows = []
    pairs = [contract for contract in firm.engagements if contract.lookalike][::2]
    for contract in [c for c in pairs if book.key("client", SOURCE, c.client.thing)]:
        row = _contract(contract, book, wear)
        rows.append(
            row
            | {"CLM_Number__c": None, "Name": contract.topic, "StartDate": None, "Contract_Value__c": None}
        )
        for sibling in firm.engagements:
            if sibling.lookalike and sibling.client.thing == contract.client.thing:
                left, right = (
                    f"{SOURCE}:{row['Id']}",
                    f"ironclad:{book.key('engagement', 'ironclad', sibling.thing)}",
                )
                book.doubt("engagement", left, right, "one of two like contracts, its number missing")
        book.happened("twin_contracts")
    return rows
