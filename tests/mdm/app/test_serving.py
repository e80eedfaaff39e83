"""Health, metrics, documentation, and how the server starts."""

from __future__ import annotations

import socket
import threading

import httpx2
import pytest
from fastapi.testclient import TestClient

from mdm.app import claim_port, create_app, serve
from mdm.app.application import Role
from mdm.errors import PortInUseError, StoreBusyError, UsageError
from mdm.hub import Hub
from mdm.testing import record, take_in


def broken(**_: object) -> None:
    raise StoreBusyError("Another process holds the write lock.")


def test_healthz_never_touches_the_database(
    hub: Hub, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.database, "write", broken)
    monkeypatch.setattr(hub.database, "read", broken)

    assert browser.get("/healthz").json() == {"status": "ok"}


def test_readyz_says_whether_the_database_can_be_written(
    hub: Hub, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = browser.get("/readyz").status_code
    monkeypatch.setattr(hub.database, "write", broken)

    after = browser.get("/readyz")

    assert (before, after.status_code) == (200, 503)
    assert "cannot use its database" in after.json()["detail"]
    assert after.headers["retry-after"]


def test_metrics_count_what_the_hub_holds_and_what_was_asked(hub: Hub, browser: TestClient) -> None:
    take_in(hub, "crm", "client", [record("1", name="Harbour Pine")])
    browser.get("/console/golden/none")

    text = browser.get("/metrics").text

    assert 'mdm_golden_records{entity_type="client"} 1.0' in text
    assert (
        'mdm_http_requests_total{method="GET",route="/console/golden/{golden_id}",status="404"} 1.0' in text
    )
    assert "mdm_up 1.0" in text


def test_metrics_say_that_the_database_is_away(
    hub: Hub, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub.database, "read", broken)

    assert "mdm_up 0.0" in browser.get("/metrics").text


def test_the_documentation_needs_nothing_from_elsewhere(browser: TestClient) -> None:
    page = browser.get("/docs").text

    assert "http" not in page.replace("http-equiv", "")
    assert browser.get("/static/vendor/swagger-ui-dist-5.35.0/swagger-ui-bundle.js").status_code == 200
    assert "/api/v1/records" in browser.get("/openapi.json").json()["paths"]


@pytest.mark.parametrize(("role", "status"), [("worker", 404), ("api", 200)])
def test_a_worker_serves_health_only(hub: Hub, role: Role, status: int) -> None:
    browser = TestClient(create_app(hub, dev=True, role=role))

    assert browser.get("/console").status_code == status
    assert browser.get("/healthz").status_code == 200


def test_the_scheduler_lives_as_long_as_the_application(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from mdm.app import application

    seen: list[str] = []

    class Recorded:
        def __init__(self, hub: Hub, *, dev: bool) -> None:
            seen.append(f"dev={dev}")

        def start(self) -> None:
            seen.append("start")

        def stop(self) -> None:
            seen.append("stop")

    monkeypatch.setattr(application, "Scheduler", Recorded)
    with TestClient(create_app(hub, dev=True)):
        assert seen == ["dev=True", "start"]
    with TestClient(create_app(hub, dev=True, role="api")):
        pass

    assert seen == ["dev=True", "start", "stop"]


def test_a_port_in_use_is_one_sentence_and_nothing_starts(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mdm.app.serving.create_app", lambda *_, **__: pytest.fail("it started"))
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortInUseError) as raised:
        serve(hub, port=taken.getsockname()[1], dev=True)

    assert "choose another with --port" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_answers_are_sent_at_once() -> None:
    with claim_port("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            protocol = accepted.proto

    # What asyncio asks before it sets TCP_NODELAY.
    assert protocol == socket.IPPROTO_TCP


def test_the_next_free_port_is_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with claim_port("127.0.0.1", port, tries=20) as claimed:
            assert port < claimed.getsockname()[1] < port + 20


def test_development_is_not_served_to_others(hub: Hub) -> None:
    with pytest.raises(UsageError, match=r"127\.0\.0\.1 only"):
        serve(hub, host="0.0.0.0", dev=True)


def test_it_serves_says_so_and_warns_what_is_open(
    hub: Hub, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    found: list[str] = []
    servers: list[uvicorn.Server] = []
    startup = uvicorn.Server.startup

    async def noting(self: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        servers.append(self)
        await startup(self, sockets)

    monkeypatch.setattr(uvicorn.Server, "startup", noting)
    answered = threading.Event()

    def ready(address: str) -> None:
        found.append(address)
        answered.set()

    def serving() -> None:
        serve(hub, listener=claim_port("127.0.0.1", 0), dev=True, role="api", ready=ready)

    thread = threading.Thread(target=serving)
    thread.start()
    assert answered.wait(60)
    answer = httpx2.get(f"{found[0]}/healthz", trust_env=False)
    servers[0].should_exit = True
    thread.join(20)

    assert answer.json() == {"status": "ok"}
    assert "without sign-in" in capsys.readouterr().err


def test_the_first_start_in_production_makes_a_key_and_shows_it_once(
    hub: Hub, capsys: pytest.CaptureFixture[str]
) -> None:
    from mdm.access.keys import KEY
    from mdm.app.serving import _announce_access

    _announce_access(hub, dev=False)
    first = capsys.readouterr().err
    _announce_access(hub, dev=False)

    assert len(KEY.findall(first)) == 1
    assert capsys.readouterr().err == ""
