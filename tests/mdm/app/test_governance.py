"""Rates per principal, requests under way, deprecated paths, and what an outage tells."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from mdm.app import create_app, deprecations, records
from mdm.app.attempts import MOST
from mdm.app.deprecations import Deprecation
from mdm.app.idempotency import LEASE
from mdm.app.rates import Rates
from mdm.errors import StoreError
from mdm.hub import Hub
from mdm.settings import RateSettings
from mdm.store.answers import AnsweredRequest
from mdm.store.records import RecordVersion
from mdm.testing import NOON

TOKEN = "a-token-for-tests-only"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
ONE = {"source": "crm", "entity_type": "client", "records": [{"id": "C-1", "name": "Harbour Pine"}]}


def test_a_bucket_fills_as_time_goes_by() -> None:
    now = [0.0]
    rates = Rates(RateSettings(per_minute=60, burst=3), lambda: now[0])

    waits = [rates.wait("ada") for _ in range(4)]
    other = rates.wait("bob")
    now[0] = 1.0

    assert waits == [0.0, 0.0, 0.0, 1.0]
    assert (other, rates.wait("ada"), rates.wait("ada")) == (0.0, 0.0, 1.0)


def test_who_asks_too_often_is_told_when_to_ask_again(hub: Hub) -> None:
    hub.settings.auth.rates = RateSettings(per_minute=1, burst=2)
    client = TestClient(create_app(hub, dev=False, role="api", token=TOKEN))

    answers = [client.get("/api/v1/changes", headers=BEARER) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60


def test_who_guesses_keys_has_to_wait(hub: Hub) -> None:
    client = TestClient(create_app(hub, dev=False, role="api", token=TOKEN))
    guess = {"token": "wrong", "name": "Eve"}

    codes = [
        client.post("/console/sign-in", data=guess, headers={"X-Forwarded-For": f"10.0.0.{k}"}).status_code
        for k in range(MOST + 1)
    ]

    assert codes == [403] * MOST + [429]


def test_a_repetition_while_the_first_is_under_way_is_told_so(
    hub: Hub, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on, answers = threading.Event(), threading.Event(), []
    receive = records.receive

    def slowly(*arguments: object) -> object:
        begun.set()
        go_on.wait(30)
        return receive(*arguments)  # type: ignore[arg-type]  # as they came

    def first() -> None:
        answers.append(browser.post("/api/v1/records", json=ONE, headers={"Idempotency-Key": "k"}))

    monkeypatch.setattr(records, "receive", slowly)
    working = threading.Thread(target=first)
    working.start()
    begun.wait(30)
    second = browser.post("/api/v1/records", json=ONE, headers={"Idempotency-Key": "k"})
    other = browser.post("/api/v1/records", json={**ONE, "source": "erp"}, headers={"Idempotency-Key": "k"})
    go_on.set()
    working.join(30)
    third = browser.post("/api/v1/records", json=ONE, headers={"Idempotency-Key": "k"})

    assert (second.status_code, other.status_code) == (409, 422)
    assert int(second.headers["retry-after"]) > 0
    assert (answers[0].status_code, third.json()) == (200, answers[0].json())
    with hub.read() as session:
        assert len(session.exec(select(RecordVersion)).all()) == 1


def test_a_request_whose_process_died_is_done_again_once_its_lease_has_ended(hub: Hub) -> None:
    client = TestClient(create_app(hub, dev=True, role="api"), raise_server_exceptions=False)
    body = client.build_request("POST", "/api/v1/records", json=ONE).content
    from mdm.app.access import local_user
    from mdm.app.idempotency import Repeatable

    scope = f"{local_user()} {records.ROUTE}"
    with hub.write("test") as uow:
        uow.session.add(
            AnsweredRequest(
                scope=scope,
                key="k",
                fingerprint=Repeatable(scope, "k", body).fingerprint,
                status=0,
                state="started",
                owner="dead",
                lease_until=NOON + LEASE,
                at=NOON,
            )
        )
    early = client.post("/api/v1/records", json=ONE, headers={"Idempotency-Key": "k"})
    hub.clock = lambda: NOON + LEASE
    late = client.post("/api/v1/records", json=ONE, headers={"Idempotency-Key": "k"})

    assert (early.status_code, late.status_code) == (409, 200)


def test_a_path_that_will_go_says_until_when_and_what_comes(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    since = datetime(2026, 11, 1, tzinfo=UTC)
    going = Deprecation(since, since + timedelta(days=365), "/api/v2/changes")
    monkeypatch.setitem(deprecations.DEPRECATED, "/api/v1/changes", going)

    headers = browser.get("/api/v1/changes").headers

    assert headers["deprecation"] == f"@{int(since.timestamp())}"
    assert headers["sunset"] == "Mon, 01 Nov 2027 00:00:00 GMT"
    assert headers["link"] == '</api/v2/changes>; rel="successor-version"'
    assert "sunset" not in browser.get("/healthz").headers


@pytest.mark.parametrize("path", ["/api/v1/changes", "/readyz", "/console", "/metrics"])
def test_an_outage_does_not_name_the_database(
    hub: Hub, browser: TestClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    @contextmanager
    def gone(*_: object, **__: object) -> Iterator[Session]:
        raise StoreError("Cannot use postgresql://hub:secret@db.internal/mdm")
        yield

    monkeypatch.setattr(hub.database, "read", gone)
    monkeypatch.setattr(hub.database, "write", gone)

    answer = browser.get(path)

    assert "db.internal" not in answer.text
    assert "secret" not in answer.text
