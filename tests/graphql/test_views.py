from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mdm.hub import Hub
from mdm.testing import make_golden, record
from mdm_graphql.examples import EXAMPLES

Data = Callable[..., Any]


def test_a_client_is_seen_with_everything_around_it(firm: Hub, data: Data) -> None:
    found = data(
        """{ client(id: "c-1") {
            name status owner { familyName }
            subsidiaries { nodes { name parent { id } } }
            engagements { nodes { title value } }
            rates { nodes { amount currency } }
            projects(orderBy: {code: ASC}, first: 1) { totalCount nodes { code budget manager { givenName }
              costCenter { code legalEntity { code } }
              assignments { nodes { role allocation worker { familyName manager { id } } } } } }
        } }"""
    )

    assert found["client"] == {
        "name": "Harbour & Pine Ltd",
        "status": "active",
        "owner": {"familyName": "Weber"},
        "subsidiaries": {"nodes": [{"name": "Harbour & Pine Retail Ltd", "parent": {"id": "c-1"}}]},
        "engagements": {"nodes": [{"title": "Frame agreement 2025", "value": 250000.0}]},
        "rates": {"nodes": [{"amount": 180.0, "currency": "GBP"}]},
        "projects": {
            "totalCount": 3,
            "nodes": [
                {
                    "code": "P1",
                    "budget": 5.5,
                    "manager": {"givenName": "Anna"},
                    "costCenter": {"code": "4711", "legalEntity": {"code": "DE01"}},
                    "assignments": {
                        "nodes": [
                            {
                                "role": "Analyst",
                                "allocation": 0.5,
                                "worker": {"familyName": "Okafor", "manager": {"id": "w-1"}},
                            }
                        ]
                    },
                }
            ],
        },
    }


def test_the_edges_are_walked_from_the_other_side_too(firm: Hub, data: Data) -> None:
    found = data(
        """{ worker(id: "w-1") { managedProjects { nodes { id } } ownedClients { nodes { id } }
               reports { nodes { id } } }
             costCenter(id: "cc-1") { projects { nodes { id } } workers { nodes { id } } }
             other: worker(id: "w-2") { assignments { nodes { project { id } } } } }"""
    )

    assert found["worker"] == {
        "managedProjects": {"nodes": [{"id": "p-1"}]},
        "ownedClients": {"nodes": [{"id": "c-1"}]},
        "reports": {"nodes": [{"id": "w-2"}]},
    }
    assert found["costCenter"] == {
        "projects": {"nodes": [{"id": "p-1"}]},
        "workers": {"nodes": [{"id": "w-1"}, {"id": "w-2"}]},
    }
    assert found["other"]["assignments"]["nodes"] == [{"project": {"id": "p-1"}}]


def test_every_value_tells_where_it_comes_from_and_what_it_beat(hub: Hub, data: Data) -> None:
    rows = {
        "crm": record("0A", name="Harbour Pine", email="old@pine.example"),
        "erp": record("77", name="Pine Ltd"),
    }
    make_golden(hub, "client", "c-1", rows)

    found = data(
        """{ client(id: "c-1") { sources { system key }
            cells(attributes: ["name"]) { attribute value rule since source { system key }
              beats { value source { system key } } } } }"""
    )

    assert found["client"] == {
        "sources": [{"system": "crm", "key": "0A"}, {"system": "erp", "key": "77"}],
        "cells": [
            {
                "attribute": "name",
                "value": "Pine Ltd",
                "rule": "prefer(erp, clm, crm)",
                "since": "2026-03-01T12:00:00+00:00",
                "source": {"system": "erp", "key": "77"},
                "beats": [{"value": "Harbour Pine", "source": {"system": "crm", "key": "0A"}}],
            }
        ],
    }


def test_a_record_is_found_by_id_by_key_and_as_a_node(firm: Hub, data: Data) -> None:
    found = data(
        """{ client(id: "c-3") { name }
             clientByKey(system: "erp", key: "c-3") { id }
             node(id: "c-3") { __typename id ... on Client { country }
               ... on GoldenRecord { sources { key } } } }"""
    )

    assert found == {
        "client": {"name": "Zwölf Apostel Keller KG"},
        "clientByKey": {"id": "c-3"},
        "node": {"__typename": "Client", "id": "c-3", "country": "DE", "sources": [{"key": "c-3"}]},
    }


def test_what_is_unknown_is_null(firm: Hub, data: Data) -> None:
    found = data(
        """{ client(id: "nobody") { id } ofAnotherType: client(id: "w-1") { id } node(id: "nobody") { id }
             clientByKey(system: "erp", key: "nobody") { id } }"""
    )

    assert found == {"client": None, "ofAnotherType": None, "node": None, "clientByKey": None}


def test_search_forgives_typing_errors(firm: Hub, data: Data) -> None:
    found = data(
        """{ search(text: "Harbor Pyne", first: 1) { label entityType score
               node { ... on Client { id country } } } }"""
    )

    (hit,) = found["search"]
    assert (hit["entityType"], hit["node"]) == ("CLIENT", {"id": "c-1", "country": "GB"})
    assert 0.8 < hit["score"] < 1.0


def test_search_looks_only_among_the_types_that_are_named(firm: Hub, data: Data) -> None:
    found = data(
        """{ search(text: "Weber", types: [CLIENT, PROJECT]) { id } all: search(text: "Weber") { id } }"""
    )

    assert found == {"search": [], "all": [{"id": "w-1"}]}


def test_a_hit_shows_which_words_it_was_found_by(firm: Hub, data: Data) -> None:
    found = data("""{ search(text: "harbor pyne", first: 1, types: [CLIENT]) {
        label highlights { attribute parts { text matched } } } }""")

    hit = found["search"][0]
    marked = [part["text"] for part in hit["highlights"][0]["parts"] if part["matched"]]
    assert hit["highlights"][0]["attribute"] == "name"
    assert "".join(part["text"] for part in hit["highlights"][0]["parts"]) == hit["label"]
    assert marked[:2] == ["Harbour", "Pine"]


def test_a_code_is_marked_as_a_whole_and_an_unlike_value_not_at_all(firm: Hub, data: Data) -> None:
    found = data("""{ search(text: "4711", types: [COST_CENTER]) {
        highlights { attribute parts { text matched } } } }""")

    assert found["search"][0]["highlights"] == [
        {"attribute": "code", "parts": [{"text": "4711", "matched": True}]}
    ]


def test_lineage_is_walked_one_way_only(firm: Hub, data: Data) -> None:
    found = data("""{ client(id: "c-2") {
        upstream: lineage(direction: UPSTREAM) { nodes { id kind } }
        downstream: lineage(direction: DOWNSTREAM) { nodes { id kind } }
        lineage { nodes { id } } } }""")["client"]

    upstream, downstream = (
        {node["id"] for node in found[way]["nodes"]} for way in ("upstream", "downstream")
    )
    assert upstream & downstream == {"c-2"}
    assert "c-1" in downstream
    assert {node["kind"] for node in found["upstream"]["nodes"]} >= {"source", "record", "version"}
    assert upstream | downstream <= {node["id"] for node in found["lineage"]["nodes"]}


def test_lineage_leads_from_the_system_to_the_golden_record(firm: Hub, data: Data) -> None:
    found = data(
        """{ client(id: "c-3") { lineage(depth: 0) { start nodes { kind } edges { from to kind } } } }"""
    )

    graph = found["client"]["lineage"]
    assert graph["start"] == "c-3"
    assert sorted(node["kind"] for node in graph["nodes"]) == ["golden", "record", "source", "version"]
    assert [edge["kind"] for edge in graph["edges"] if edge["to"] == "c-3"] == ["supplies"]


def test_the_examples_of_the_ide_run(firm: Hub, data: Data) -> None:
    for example in EXAMPLES:
        if not example.operation.startswith("query"):
            continue
        assert data(example.document), example.title
