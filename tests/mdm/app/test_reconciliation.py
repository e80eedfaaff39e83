"""The reconciliation service as OpenRefine asks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from mdm.app import create_app
from mdm.hub import Hub
from mdm.testing import hub_at, record, take_in

PATH = "/api/v1/reconcile"
REFINE = "http://127.0.0.1:3333"


@pytest.fixture(scope="module")
def firm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Two clients, one below the other, and a worker."""
    hub = hub_at(f"sqlite:///{(tmp_path_factory.mktemp('firm') / 'hub.db').as_posix()}")
    harbour = {
        "name": "Harbour & Pine Ltd",
        "country": "GB",
        "city": "Leeds",
        "website": "harbourpine.example",
    }
    take_in(hub, "crm", "client", [record("C1", **harbour)])
    take_in(hub, "crm", "client", [record("C2", name="Quarry Lane Stationers Ltd", parent="C1")])
    roth = {"given_name": "Anna", "family_name": "Roth", "hire_date": "2020-02-01"}
    take_in(hub, "hr", "worker", [record("W1", **roth)])
    yield hub
    hub.close()


@pytest.fixture
def browser(firm: Hub) -> TestClient:
    return TestClient(create_app(firm, dev=True, role="api"))


def ask(browser: TestClient, **queries: Any) -> dict[str, list[dict[str, Any]]]:
    answer = browser.post(PATH, data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    return {key: found["result"] for key, found in answer.json().items()}


def test_the_manifest_names_types_and_every_further_address(browser: TestClient) -> None:
    manifest = browser.get(PATH).json()

    assert manifest["versions"] == ["0.2"]
    assert {"id": "client", "name": "Client"} in manifest["defaultTypes"]
    assert "{{id}}" in manifest["view"]["url"]
    for service in manifest["suggest"].values():
        path = service["service_url"].removeprefix("http://testserver") + service["service_path"]
        assert browser.get(path, params={"prefix": "name"}).status_code == 200


def test_a_misspelt_name_finds_its_client_and_columns_make_it_a_match(browser: TestClient) -> None:
    columns = [{"pid": "city", "v": "Leeds"}, {"pid": "website", "v": "harbourpine.example"}]
    found = ask(
        browser,
        q0={"query": "Harbor and Pine", "type": "client"},
        q1={"query": "Harbor & Pine Ltd", "type": "client", "properties": columns},
    )

    bare, backed = found["q0"][0], found["q1"][0]
    assert bare["name"] == backed["name"] == "Harbour & Pine Ltd"
    assert backed["match"] is True
    assert 100 >= backed["score"] > bare["score"] > 0
    assert backed["type"] == [{"id": "client", "name": "Client"}]
    assert {feature["id"] for feature in backed["features"]} == {"name_likeness", "probability"}


@pytest.mark.parametrize("name", ["Anna Roth", "Roth, Anna", "anna  roth"])
def test_a_persons_name_is_taken_apart(browser: TestClient, name: str) -> None:
    ((worker,),) = ask(browser, q={"query": name, "type": "worker"}).values()

    assert worker["name"] == "Anna Roth"


def test_without_a_type_every_kind_of_thing_is_looked_at(browser: TestClient) -> None:
    ((first, *_),) = ask(browser, q={"query": "Anna Roth"}).values()

    assert first["type"][0]["id"] == "worker"


def test_the_limit_is_kept_and_an_unknown_name_finds_nothing(browser: TestClient) -> None:
    found = ask(browser, a={"query": "Ltd Harbour Quarry", "limit": 1}, b={"query": "Zephyr Mining AG"})

    assert len(found["a"]) <= 1
    assert found["b"] == []


def test_rows_are_extended_with_values_dates_and_references(browser: TestClient) -> None:
    (client,) = ask(browser, q={"query": "Quarry Lane Stationers Ltd", "type": "client", "limit": 1})["q"]
    (worker,) = ask(browser, q={"query": "Anna Roth", "type": "worker", "limit": 1})["q"]
    wanted = {
        "ids": [client["id"], worker["id"], "client-unknown"],
        "properties": [{"id": "name"}, {"id": "parent"}, {"id": "hire_date"}],
    }
    answer = browser.post(PATH, data={"extend": json.dumps(wanted)}).json()

    assert [column["id"] for column in answer["meta"]] == ["name", "parent", "hire_date"]
    row = answer["rows"][client["id"]]
    assert row["name"] == [{"str": "Quarry Lane Stationers Ltd"}]
    assert row["parent"][0]["name"] == "Harbour & Pine Ltd"
    assert answer["rows"][worker["id"]]["hire_date"] == [{"date": "2020-02-01"}]
    assert answer["rows"]["client-unknown"] == {"name": [], "parent": [], "hire_date": []}


def test_columns_are_proposed_for_a_type(browser: TestClient) -> None:
    answer = browser.get(f"{PATH}/properties", params={"type": "client", "limit": 2}).json()

    assert [one["id"] for one in answer["properties"]] == ["name", "display_name"]


def test_a_person_who_types_gets_records_attributes_and_types(browser: TestClient) -> None:
    entities = browser.get(f"{PATH}/suggest/entity", params={"prefix": "harb"}).json()["result"]
    properties = browser.get(f"{PATH}/suggest/property", params={"prefix": "hire", "type": "worker"}).json()
    types = browser.get(f"{PATH}/suggest/type", params={"prefix": "cost"}).json()

    assert [(e["name"], e["notable"][0]["id"]) for e in entities] == [("Harbour & Pine Ltd", "client")]
    assert [one["id"] for one in properties["result"]] == ["hire_date"]
    assert [one["id"] for one in types["result"]] == ["cost_center"]


def test_a_preview_tells_a_record_from_its_namesakes_and_may_be_framed(browser: TestClient) -> None:
    (client,) = ask(browser, q={"query": "Quarry Lane Stationers Ltd", "type": "client", "limit": 1})["q"]
    page = browser.get(f"{PATH}/preview", params={"id": client["id"]})

    assert "Harbour &amp; Pine Ltd" in page.text
    assert (
        f"frame-ancestors &#39;self&#39; {REFINE}".replace("&#39;", "'")
        in page.headers["content-security-policy"]
    )
    assert browser.get(f"{PATH}/preview", params={"id": "client-none"}).status_code == 404


def test_only_pages_that_the_settings_name_may_read_an_answer(browser: TestClient) -> None:
    path = f"{PATH}/suggest/type"
    own = browser.get(path, headers={"Origin": REFINE}).headers
    foreign = browser.get(path, headers={"Origin": "https://elsewhere.example"}).headers

    assert own["access-control-allow-origin"] == REFINE
    assert "access-control-allow-origin" not in foreign


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "form field queries or extend"),
        ({"queries": "{"}, "queries is no JSON"),
        ({"queries": "[]"}, "queries is a JSON list"),
        ({"queries": '{"q": 1}'}, "q is no query"),
        ({"queries": '{"q": {"query": "x", "limit": 0}}'}, "limit is a number"),
        ({"queries": '{"q": {"query": "x", "type": "vendor"}}'}, "no entity type 'vendor'"),
        ({"queries": '{"q": {"query": "x", "properties": [{"v": 1}]}}'}, "pid and v"),
        (
            {"queries": '{"q": {"query": "x", "type": "client", "properties": [{"pid": "a", "v": 1}]}}'},
            "no property 'a'",
        ),
        ({"queries": json.dumps({f"q{n}": {"query": "x"} for n in range(51)})}, "50 queries at most"),
        ({"queries": "[" * 100_000}, "queries is no JSON"),
        ({"extend": '{"ids": "x"}'}, "extend.ids is a list"),
        ({"extend": '{"ids": [], "properties": [1]}'}, "extend.properties is a list"),
        ({"extend": '{"ids": [], "properties": [{"id": "shoe_size"}]}'}, "property 'shoe_size'"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(
    browser: TestClient, form: dict[str, str], sentence: str
) -> None:
    answer = browser.post(PATH, data=form)

    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]


def test_a_program_asks_for_candidates_before_it_saves(browser: TestClient) -> None:
    asked = {"entity_type": "client", "record": {"name": "Harbour & Pine Limited", "city": "Leeds"}}
    answer = browser.post("/api/v1/match", json=asked).json()

    (candidate,) = answer["candidates"]
    assert (candidate["label"], candidate["source"], candidate["source_key"]) == (
        "Harbour & Pine Ltd", "crm", "C1",
    )  # fmt: skip
    assert candidate["grade"] in {"match", "possible"}
    assert {reason["attribute"] for reason in candidate["reasons"]} >= {"name", "city"}
