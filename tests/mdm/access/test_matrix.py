"""Every attribute, for every role, through every door: what is masked is nowhere, what is open is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mdm.access import Principal, Role
from mdm.access.grants import Grant, principal_of
from mdm.access.keys import create_key
from mdm.app import create_app
from mdm.entities import Attribute, EntityType, Kind
from mdm.explain import explain_value
from mdm.export import golden_rows
from mdm.hub import Hub
from mdm.lineage import lineage
from mdm.lineage.documents import to_json

Door = Callable[["Visitor", EntityType], str]

GRANTS: dict[str, Grant] = {
    "viewer": Grant(roles=[Role.viewer]),
    "steward of workers": Grant(roles=[Role.steward], domains=["worker"]),
    "steward of clients": Grant(roles=[Role.steward], domains=["client"]),
    "integrator": Grant(roles=[Role.integrator]),
    "auditor": Grant(roles=[Role.auditor]),
    "admin": Grant(roles=[Role.admin]),
}
CANARIES = {
    "worker": {
        "personal_email": "canary.personal", "phone": "30901820001", "birth_date": "1971-03-09",
        "national_id": "CANARY-NATIONAL-7719", "street": "Canarystrasse", "city": "Canaryburg",
        "region": "Canaryland", "postcode": "KZ 7719 XQ",
    },
    "rate": {"amount": "77190.25"},
}  # fmt: skip
WHERE = [
    *(("sqlite", role) for role in GRANTS),
    *(("postgresql", role) for role in ("viewer", "steward of workers")),
]
"""On which database which role is tried: all on one, and on the other a role of each kind of mask."""

each_role = pytest.mark.parametrize(("firm", "role"), WHERE, indirect=["firm"], scope="module")
IDS = {"worker": "w-1", "rate": "r-1", "client": "c-1", "project": "p-1", "legal_entity": "le-1",
       "cost_center": "cc-1", "engagement": "e-1", "assignment": "a-1"}  # fmt: skip
VALUES: dict[Kind, Any] = {
    Kind.text: "Canary",
    Kind.number: 77190.25,
    Kind.date: "1971-03-09",
    Kind.reference: "w-1",
}


class Visitor:
    """Somebody with a role, at every door."""

    def __init__(self, hub: Hub, browser: TestClient, grant: Grant) -> None:
        self.hub = hub
        self.browser = browser
        self.principal: Principal = principal_of("visitor", [grant], hub.settings.auth)
        with hub.write("test") as uow:
            key = create_key(uow, "visitor", grant)
        self.headers = {"Authorization": f"Bearer {key.secret}"}

    def get(self, path: str) -> str:
        return self.browser.get(path, headers=self.headers).text

    def ask(self, query: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.browser.post(
            "/graphql", json={"query": query}, headers=self.headers
        ).json()
        return answer

    def sees(self, entity_type: EntityType, attribute: Attribute) -> bool:
        return attribute.sensitivity in self.principal.classes(entity_type.name)


@pytest.fixture(scope="module")
def visitors(firm: Hub) -> dict[str, Visitor]:
    app = create_app(firm, dev=False, role="api")
    browser = TestClient(app, raise_server_exceptions=False)
    return {name: Visitor(firm, browser, grant) for name, grant in GRANTS.items()}


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def typed_fields(visitor: Visitor, entity_type: EntityType) -> str:
    fields = " ".join(camel(a.name) for a in entity_type.attributes if a.kind is not Kind.reference)
    one = camel(entity_type.name)
    return json.dumps(visitor.ask(f'{{ {one}(id: "{IDS[entity_type.name]}") {{ {fields} }} }}'))


def story(visitor: Visitor, entity_type: EntityType) -> str:
    fields = (
        "cells { attribute value rule source { key } beats { value source { key } } } "
        "history { version changes { attribute before after } } verdicts { reason } "
        "lineage { nodes { label detail } edges { label } } neighbours { relation }"
    )
    return json.dumps(
        visitor.ask(f'{{ node(id: "{IDS[entity_type.name]}") {{ ... on GoldenRecord {{ {fields} }} }} }}')
    )


def page_of_console(visitor: Visitor, entity_type: EntityType) -> str:
    golden_id = IDS[entity_type.name]
    return visitor.get(f"/console/golden/{golden_id}") + visitor.get(
        f"/console/golden/{golden_id}/versions/1"
    )


def picture(visitor: Visitor, entity_type: EntityType) -> str:
    return visitor.get(f"/console/golden/{IDS[entity_type.name]}/lineage.svg")


def exported(visitor: Visitor, entity_type: EntityType) -> str:
    with visitor.hub.read(visitor.principal) as session:
        return json.dumps(list(golden_rows(session, entity_type)))


def drawn(visitor: Visitor, entity_type: EntityType) -> str:
    with visitor.hub.read(visitor.principal) as session:
        return to_json(lineage(visitor.hub, session, IDS[entity_type.name]))


def explained(visitor: Visitor, entity_type: EntityType) -> str:
    told = []
    with visitor.hub.read(visitor.principal) as session:
        for attribute in entity_type.attributes:
            try:
                told.append(repr(explain_value(visitor.hub, session, IDS[entity_type.name], attribute.name)))
            except Exception as exc:  # noqa: BLE001  # whatever it is, its text is told
                told.append(str(exc))
    return " ".join(told)


def resource(visitor: Visitor, entity_type: EntityType) -> str:
    golden_id = IDS[entity_type.name]
    by_key = f"entity_type={entity_type.name}&system=erp&key={golden_id}"
    return visitor.get(f"/api/v1/golden/{golden_id}") + visitor.get(f"/api/v1/golden/by-key?{by_key}")


def extended(visitor: Visitor, entity_type: EntityType) -> str:
    wanted = {"ids": [IDS[entity_type.name]], "properties": [{"id": a.name} for a in entity_type.attributes]}
    form = {"extend": json.dumps(wanted)}
    return visitor.browser.post("/api/v1/reconcile", data=form, headers=visitor.headers).text


def previewed(visitor: Visitor, entity_type: EntityType) -> str:
    return visitor.get(f"/api/v1/reconcile/preview?id={IDS[entity_type.name]}")


def followed(visitor: Visitor, entity_type: EntityType) -> str:
    return visitor.get("/api/v1/changes?limit=1000")


DOORS: dict[str, Door] = {
    door.__name__: door
    for door in (
        typed_fields, story, page_of_console, picture, exported, drawn, explained, extended,
        resource, previewed, followed,
    )
}  # fmt: skip
TELLS = {"typed_fields", "story", "page_of_console", "exported", "explained", "extended", "resource"}
"""Doors that give values at all: there, what is open must be found, or the test would prove nothing."""


@each_role
@pytest.mark.parametrize("door", DOORS)
def test_nothing_masked_comes_through_a_door(visitors: dict[str, Visitor], role: str, door: str) -> None:
    visitor = visitors[role]
    leaks, missing = [], []
    for name, canaries in CANARIES.items():
        entity_type = visitor.hub.registry[name]
        told = DOORS[door](visitor, entity_type).replace(",", "")
        for attribute, canary in canaries.items():
            there = canary in told
            if there and not visitor.sees(entity_type, entity_type.by_name[attribute]):
                leaks.append(f"{name}.{attribute}")
            if not there and door in TELLS and visitor.sees(entity_type, entity_type.by_name[attribute]):
                missing.append(f"{name}.{attribute}")

    assert leaks == []
    assert missing == []


def cells() -> Iterator[tuple[str, str]]:
    from mdm.entities import load_registry

    return ((t.name, a.name) for t in load_registry() for a in t.attributes)


def literal(value: Any) -> str:
    return json.dumps(value)


@each_role
def test_a_masked_attribute_is_no_way_to_filter_sort_match_or_walk(
    visitors: dict[str, Visitor], role: str
) -> None:
    visitor, wrong = visitors[role], []
    for type_name, name in cells():
        entity_type = visitor.hub.registry[type_name]
        attribute, plural = entity_type.by_name[name], camel(entity_type.plural)
        field = camel(name)
        asked = [f"{{ {plural}(first: 1, filter: {{{field}: {{isNull: false}}}}) {{ totalCount }} }}"]
        if attribute.kind is not Kind.texts:
            asked.append(f"{{ {plural}(first: 1, orderBy: [{{{field}: ASC}}]) {{ nodes {{ id }} }} }}")
            value = literal(VALUES[attribute.kind])
            asked.append(f"{{ {plural}(first: 1, filter: {{{field}: {{eq: {value}}}}}) {{ totalCount }} }}")
        codes = [
            (visitor.ask(query).get("errors") or [{}])[0].get("extensions", {}).get("code") for query in asked
        ]
        expected = None if visitor.sees(entity_type, attribute) else "FORBIDDEN"
        if set(codes) != {expected}:
            wrong.append((type_name, name, codes))

    assert wrong == []


@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_a_masked_attribute_is_no_evidence_for_a_guess(visitors: dict[str, Visitor], role: str) -> None:
    visitor = visitors[role]
    guess = {"entity_type": "worker", "record": {"family_name": "Weber", "birth_date": "1971-03-09"}}

    answer = visitor.browser.post("/api/v1/match", json=guess, headers=visitor.headers)

    assert answer.status_code == (403 if role == "viewer" else 200)


@pytest.mark.parametrize("canary", ["Canarystrasse", "CANARY-NATIONAL-7719", "canary.personal@example.org"])
def test_nobody_finds_a_record_by_a_classified_value(visitors: dict[str, Visitor], canary: str) -> None:
    for visitor in visitors.values():
        found = visitor.ask(
            f'{{ search(text: "{canary}", first: 5) {{ id highlights {{ parts {{ text }} }} }} }}'
        )
        assert found == {"data": {"search": []}}


def test_the_matrix_holds_every_classified_attribute(firm: Hub) -> None:
    classified = {
        (t.name, a.name) for t in firm.registry for a in t.attributes if a.sensitivity in {"personal", "pay"}
    } - {("worker", "country")}

    assert {(t, a) for t, names in CANARIES.items() for a in names} == classified
    assert date.fromisoformat("1971-03-09")
