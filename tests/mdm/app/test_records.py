"""POST /api/v1/records and GET /api/v1/changes."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mdm.app import create_app
from mdm.event_log import last_event_number
from mdm.hub import Hub
from mdm.store.answers import AnsweredRequest
from mdm.store.records import QuarantinedRow, RecordVersion
from mdm.testing import hub_at

ROUTE = "/api/v1/records"


def delivery(*records: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"source": "crm", "entity_type": "client", "records": list(records), **changes}


HARBOUR = {"id": "C-1", "changed_at": "2026-02-01T10:00:00Z", "name": "Harbour Pine", "country": "GB"}


def test_each_record_learns_its_golden_id_or_why_it_waits(database_url: str) -> None:
    hub = hub_at(database_url)
    browser = TestClient(create_app(hub, dev=True, role="api"))

    answer = browser.post(
        ROUTE, json=delivery(HARBOUR, {"id": "C-2", "name": "X", "changed_at": "31.02.2026"}, {"name": "Y"})
    )

    stored, undated, keyless = answer.json()["records"]
    assert answer.status_code == 200
    assert (stored["status"], stored["golden_id"].partition("-")[0]) == ("stored", "client")
    assert (undated["status"], undated["field"], undated["golden_id"]) == ("quarantined", "changed_at", None)
    assert (keyless["status"], keyless["field"]) == ("quarantined", "id")
    assert answer.json()["counts"] | {"rows": 3, "new": 1, "quarantined": 2} == answer.json()["counts"]
    with hub.read() as session:
        assert len(session.exec(select(QuarantinedRow)).all()) == 2
    hub.close()


def test_the_same_content_again_changes_nothing(hub: Hub, browser: TestClient) -> None:
    first = browser.post(ROUTE, json=delivery(HARBOUR)).json()
    with hub.read() as session:
        before = last_event_number(session)

    second = browser.post(ROUTE, json=delivery(HARBOUR)).json()

    with hub.read() as session:
        assert (len(session.exec(select(RecordVersion)).all()), last_event_number(session)) == (1, before)
    assert second["counts"]["unchanged"] == 1
    assert second["records"] == first["records"]


def test_attributes_may_stand_in_an_object_of_their_own(hub: Hub, browser: TestClient) -> None:
    nested = {"id": "C-1", "changed_at": "2026-02-01T10:00:00Z"}
    nested["attributes"] = {"name": "Harbour Pine", "country": "GB"}  # type: ignore[assignment]  # a JSON object

    first = browser.post(ROUTE, json=delivery(nested)).json()

    assert browser.post(ROUTE, json=delivery(HARBOUR)).json()["counts"]["unchanged"] == 1
    assert first["records"][0]["status"] == "stored"


def test_a_repeated_key_is_answered_from_memory(database_url: str) -> None:
    hub = hub_at(database_url)
    browser = TestClient(create_app(hub, dev=True, role="api"))
    headers = {"Idempotency-Key": "k-1"}

    first = browser.post(ROUTE, json=delivery(HARBOUR), headers=headers)
    second = browser.post(ROUTE, json=delivery(HARBOUR), headers=headers)

    assert (first.json()["counts"]["new"], second.json()) == (1, first.json())
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    hub.close()


def test_a_key_with_another_body_is_refused(hub: Hub, browser: TestClient) -> None:
    headers = {"Idempotency-Key": "k-1"}
    browser.post(ROUTE, json=delivery(HARBOUR), headers=headers)

    answer = browser.post(ROUTE, json=delivery({**HARBOUR, "name": "Other"}), headers=headers)

    with hub.read() as session:
        assert len(session.exec(select(RecordVersion)).all()) == 1
    assert answer.status_code == 422


def test_a_refused_delivery_leaves_no_answer_behind(hub: Hub, browser: TestClient) -> None:
    headers = {"Idempotency-Key": "k-1"}

    refused = browser.post(ROUTE, json=delivery({"id": "1", "nmae": "Harbour"}), headers=headers)

    with hub.read() as session:
        assert session.exec(select(AnsweredRequest)).all() == []
    assert refused.status_code == 422
    assert "the nearest is 'name'" in refused.json()["detail"]
    assert browser.post(ROUTE, json=delivery(HARBOUR), headers=headers).status_code == 200


def test_a_deleted_record_belongs_nowhere(browser: TestClient) -> None:
    browser.post(ROUTE, json=delivery(HARBOUR))

    (outcome,) = browser.post(ROUTE, json=delivery({"id": "C-1", "deleted": True})).json()["records"]

    assert (outcome["status"], outcome["golden_id"]) == ("deleted", None)


def test_a_record_that_comes_twice_is_taken_once(browser: TestClient) -> None:
    same, other = HARBOUR, {**HARBOUR, "name": "Other"}

    answer = browser.post(ROUTE, json=delivery(HARBOUR, same, other)).json()

    assert [record["status"] for record in answer["records"]] == ["stored", "repeated", "quarantined"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (delivery(HARBOUR, entity_type="customer"), 400),
        (delivery(), 422),
        (delivery(HARBOUR, source="no: good"), 422),
        ({"source": "crm"}, 422),
        (delivery(HARBOUR, surplus=1), 422),
        (delivery({"id": {"a": 1}}), 200),
    ],
    ids=["unknown type", "no records", "bad source", "nothing", "surplus field", "key that is an object"],
)
def test_what_cannot_be_used_is_a_problem_or_quarantined_but_no_failure(
    browser: TestClient, body: dict[str, Any], status: int
) -> None:
    answer = browser.post(ROUTE, json=body)

    assert answer.status_code == status
    if status == 200:
        assert answer.json()["counts"]["quarantined"] == 1
    else:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b'{"source": 1e999}', b"[" * 5000], ids=["cut", "bytes", "huge", "deep"]
)
def test_a_broken_body_is_a_problem(browser: TestClient, body: bytes) -> None:
    answer = browser.post(ROUTE, content=body, headers={"Content-Type": "application/json"})

    assert answer.status_code in {400, 422}


def test_too_large_a_body_is_refused_before_it_is_read(browser: TestClient) -> None:
    assert browser.post("/graphql", content=b" " * (256 * 1024 + 1)).status_code == 413


def test_changes_come_in_order_page_by_page(browser: TestClient) -> None:
    browser.post(
        ROUTE, json=delivery(*({"id": str(n), "name": f"Firm {n} {'abcdefgh'[n] * 5}"} for n in range(5)))
    )

    seen: list[int] = []
    after, last = 0, -1
    while after != last:
        page = browser.get(f"/api/v1/changes?after={after}&limit=2").json()
        seen += [change["number"] for change in page["changes"]]
        after, last = page["next_after"], page["last"]

    assert seen == list(range(1, last + 1))
    assert browser.get(f"/api/v1/changes?after={last}").json() == {
        "changes": [],
        "next_after": last,
        "last": last,
    }


@pytest.mark.parametrize("query", ["after=-1", "after=x", "limit=0", "limit=1001"])
def test_a_page_of_changes_that_cannot_be_is_refused(browser: TestClient, query: str) -> None:
    assert browser.get(f"/api/v1/changes?{query}").status_code == 422
