"""Ironclad (contract management): counterparties as entities, contracts as records with typed properties."""

from __future__ import annotations

from collections.abc import Iterator

from mdm.demo.book import Book, Row, pages
from mdm.demo.clients import Client
from mdm.demo.engagements import Engagement
from mdm.demo.firm import Firm
from mdm.demo.keys import guid
from mdm.demo.placing import archived, clients_of
from mdm.demo.seen_client import Holds, see
from mdm.demo.vocabulary import happens
from mdm.demo.wear import Wear

SOURCE = "ironclad"
HOLDS = Holds(tax_id=0.45, registration_number=0.45, number=0.5, address=0.95)
_TYPES = {"msa": "masterServicesAgreement", "sow": "statementOfWork", "change_order": "changeOrder"}
_LABELS = {"msa": "", "sow": "SOW ", "change_order": ""}


def ironclad(firm: Firm, book: Book) -> None:
    """Write everything that this system knows."""
    wear = Wear(firm.damage, book, firm.chance(SOURCE))
    contracts = [contract for contract in firm.engagements if archived(firm, contract)]
    signing = {contract.client.thing for contract in contracts}
    placed = {client.thing for client in clients_of(firm, SOURCE)}
    entities = [
        _entity(client, number, book, wear)
        for number, client in enumerate(firm.clients, start=1)
        if client.thing in signing | placed
    ]
    book.load(SOURCE, "client", book.answer(SOURCE, "entities", _lists(entities)))
    keys = {contract.thing: guid(wear.rng) for contract in contracts}
    records = [
        _record(contract, number, keys, book, wear) for number, contract in enumerate(contracts, start=1)
    ]
    records.append(_without_amount(records[0], wear))
    book.unusable += 1
    book.load(SOURCE, "engagement", book.answer(SOURCE, "records", _lists(records)))


def _lists(rows: list[Row]) -> Iterator[Row]:
    for number, page in enumerate(pages(rows, 100)):
        yield {"page": number, "pageSize": 100, "count": len(rows), "list": page}


def _typed(type_: str, value: object) -> Row:
    return {"type": type_, "value": value}


def _entity(client: Client, number: int, book: Book, wear: Wear) -> Row:
    seen = see(client, HOLDS, wear)
    stated = {
        "vatNumber": seen.tax_id,
        "companyNumber": seen.registration_number,
        "entity_externalID": seen.number,
    }
    properties: Row = {name: _typed("string", value) for name, value in stated.items() if value}
    if seen.address is not None:
        where = seen.address
        properties["registeredAddress"] = _typed(
            "address",
            {
                "lines": [where.street], "locality": where.city, "region": where.region,
                "postcode": where.postcode,
                "country": where.country,
            },
        )  # fmt: skip
    return {
        "id": book.state("client", SOURCE, guid(wear.rng), client.thing), "ironcladId": f"ENT-{number}",
        "name": seen.name, "status": "INACTIVE" if happens(wear.rng, 0.04) else "ACTIVE",
        "lastUpdated": f"{seen.changed_at:%Y-%m-%dT%H:%M:%S}.000Z", "properties": properties,
        "namedTypeIds": ["customer"], "parentId": book.key("client", SOURCE, client.parent),
    }  # fmt: skip


def _record(contract: Engagement, number: int, keys: dict[str, str], book: Book, wear: Wear) -> Row:
    key = book.state("engagement", SOURCE, keys[contract.thing], contract.thing)
    counterparty = book.key("client", SOURCE, contract.client.thing)
    prefix = _LABELS[contract.type] if wear.befalls("title_drift") else ""
    properties = {
        "contractNumber": _typed("string", contract.number),
        "counterpartyName": _typed("string", contract.client.name),
        "agreementDate": _typed("date", f"{contract.signed}T00:00:00-05:00"),
        "effectiveDate": _typed("date", f"{contract.start}T00:00:00-05:00"),
        "agreementExpirationDate": _typed("date", f"{contract.end}T00:00:00-05:00"),
        "counterparty": _typed("reference", {"recordId": counterparty}),
    }
    if contract.value:
        properties["contractValue"] = _typed(
            "monetary_amount", {"currency": contract.currency, "amount": contract.value}
        )
    return {
        "id": key, "ironcladId": f"IC-{1000 + number}", "type": _TYPES[contract.type],
        "name": f"{prefix}{contract.topic}", "lastUpdated": f"{wear.moment():%Y-%m-%dT%H:%M:%S}.000Z",
        "properties": properties, "attachments": {}, "links": [], "parentId": keys.get(contract.parent or ""),
        "childIds": [], "contractStatus": {"status": "inactive" if contract.is_over else "active"},
    }  # fmt: skip


def _without_amount(record: Row, wear: Wear) -> Row:
    """A contract whose value somebody wrote in words: the row has to wait."""
    value = _typed("monetary_amount", {"currency": "EUR", "amount": "on request"})
    return record | {"id": guid(wear.rng), "ironcladId": "IC-9999", "properties": {"contractValue": value}}
