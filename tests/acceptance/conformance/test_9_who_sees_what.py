"""Publication, events, query, security, admin: what two users of different rights see of the same records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from deployment import Firm
from fastapi.testclient import TestClient

from mdm.app import create_app
from mdm.hub import open_hub
from mdm.settings import load_settings

BORN = "1971-03-09"
ANNA = {"given_name": "Anna", "family_name": "Weber", "birth_date": BORN, "email": "anna.weber@birch.example"}
HARBOUR = {
    "name": "Harbour Pine plc",
    "website": "harbourpine.co.uk",
    "street": "Quay Street 1",
    "city": "Bristol",
}


@contextmanager
def production() -> Iterator[TestClient]:
    """The hub as it serves without --dev."""
    hub = open_hub(load_settings(None))
    try:
        with TestClient(create_app(hub, dev=False, role="api")) as client:
            yield client
    finally:
        hub.close()


def key_of(firm: Firm, name: str, *options: str) -> dict[str, str]:
    """The header of a new key."""
    made = firm.mdm("key", "create", name, *options, "--json").json
    return {"Authorization": f"Bearer {made['key']}"}


def ask(client: TestClient, key: dict[str, str], query: str) -> Any:
    return client.post("/graphql", json={"query": query}, headers=key).json()


def test_row_106_a_source_s_id_leads_to_all_siblings_and_to_nothing_for_who_may_not_see_them(
    firm: Firm,
) -> None:
    """A system's key leads to the records of every system, under the keys as given, for no other user."""
    firm.load("crm", "client", {"id": "C-1", **HARBOUR, "country": "GB"})
    firm.load("erp", "client", {"id": "00042", **HARBOUR, "country": "GB"})
    everybody = key_of(firm, "wide", "--role", "viewer")
    germany = key_of(firm, "narrow", "--role", "viewer", "--rows", "country=DE")
    query = '{ clientByKey(system: "erp", key: "00042") { name sources { system key } } }'

    with production() as client:
        wide, narrow, again = (ask(client, key, query) for key in (everybody, germany, everybody))

    siblings = [{"system": "crm", "key": "C-1"}, {"system": "erp", "key": "00042"}]
    assert wide["data"]["clientByKey"] == {"name": HARBOUR["name"], "sources": siblings}
    assert narrow == {"data": {"clientByKey": None}}
    assert again == wide


def test_row_107_who_may_not_see_a_birth_date_never_learns_it(firm: Firm) -> None:
    """Not from the value, its story, history, lineage, changes, pages, counts, orders, search or a guess."""
    firm.load("hr", "worker", {"id": "W-1", **ANNA, "changed_at": "2026-01-01"})
    firm.load("hr", "worker", {"id": "W-1", **ANNA, "birth_date": "1972-04-10", "changed_at": "2026-02-01"})
    (golden_id,) = set(firm.crosswalk("worker").values())
    key = key_of(firm, "ada", "--role", "viewer")
    told = f'''{{ worker(id: "{golden_id}") {{ familyName birthDate masked
        cells {{ attribute value masked beats {{ value }} }}
        history {{ changes {{ attribute before after }} }}
        lineage {{ nodes {{ label detail }} edges {{ label }} }} }} }}'''
    oracles = [
        f'{{ workers(filter: {{birthDate: {{eq: "{BORN}"}}}}) {{ totalCount }} }}',
        "{ workers(filter: {birthDate: {isNull: true}}) { totalCount } }",
        "{ workers(orderBy: [{birthDate: ASC}]) { nodes { id } } }",
    ]
    with production() as client:
        seen = ask(client, key, told)
        refused = [ask(client, key, query)["errors"][0]["extensions"]["code"] for query in oracles]
        found = ask(client, key, f'{{ search(text: "{BORN}") {{ id }} }}')
        guess = {"entity_type": "worker", "record": {"family_name": "Weber", "birth_date": BORN}}
        guessed = client.post("/api/v1/match", json=guess, headers=key)
        page = client.get(f"/console/golden/{golden_id}", headers=key).text
        changes = client.get("/api/v1/changes", headers=key).json()
    everything = json.dumps([seen, found, page, changes])

    assert seen["data"]["worker"]["familyName"] == "Weber"
    assert "birth_date" in seen["data"]["worker"]["masked"]
    assert seen["data"]["worker"]["birthDate"] is None
    assert (refused, guessed.status_code) == (["FORBIDDEN"] * 3, 403)
    assert not any(date in everything for date in (BORN, "1972-04-10"))
    assert not any("birth_date" in c["details"].get("attributes", ()) for c in changes["changes"])
