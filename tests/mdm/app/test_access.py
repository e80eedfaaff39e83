"""Who may come in, what other sites cannot do, and what every answer carries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mdm.access import everything
from mdm.app import create_app
from mdm.app.headers import POLICY
from mdm.app.sessions import Sessions
from mdm.app.sign_in import own_page
from mdm.hub import Hub
from mdm.store.decisions import Verdict
from mdm.testing import NOON

OpenTask = Callable[..., str]
TOKEN = "a-token-for-tests-only"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
CLOSED = ["/console", "/console/search", "/docs", "/openapi.json", "/metrics", "/api/v1/changes"]


@pytest.fixture
def stranger(hub: Hub) -> TestClient:
    """A browser at a hub in production, not signed in."""
    app = create_app(hub, dev=False, role="api", token=TOKEN)
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


@pytest.mark.parametrize("path", [p for p in CLOSED if not p.startswith("/console")])
def test_strangers_get_no_data(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)

    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("path", ["/graphql", "/api/v1/records", "/console/tasks/task-1"])
def test_strangers_change_nothing(stranger: TestClient, path: str) -> None:
    assert stranger.post(path, json={"query": "{ __typename }"}).status_code == 401


@pytest.mark.parametrize("path", CLOSED)
def test_the_token_opens(stranger: TestClient, path: str) -> None:
    assert stranger.get(path, headers=BEARER).status_code == 200


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"]
)
def test_anything_but_the_token_does_not(stranger: TestClient, given: str) -> None:
    assert stranger.get("/api/v1/changes", headers={"Authorization": given}).status_code == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/console/sign-in", "/static/console/console.css"])
def test_health_sign_in_and_style_sheets_are_open(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 200


def test_without_a_token_in_the_settings_nobody_knows_it(hub: Hub) -> None:
    stranger = TestClient(create_app(hub, dev=False, role="api"))

    assert stranger.get("/api/v1/changes", headers={"Authorization": "Bearer "}).status_code == 401


def test_people_are_led_to_sign_in_and_back(stranger: TestClient) -> None:
    turned = stranger.get("/console/search")
    signed = stranger.post(
        "/console/sign-in", data={"token": TOKEN, "name": "Ada", "next": "/console/search"}
    )

    assert (turned.status_code, turned.headers["location"]) == (
        303,
        "/console/sign-in?next=%2Fconsole%2Fsearch",
    )
    assert (signed.status_code, signed.headers["location"]) == (303, "/console/search")
    assert "Ada" in stranger.get("/console").text


def test_the_session_is_a_cookie_that_scripts_and_other_sites_do_not_get(stranger: TestClient) -> None:
    signed = stranger.post("/console/sign-in", data={"token": TOKEN, "name": "Ada"})

    cookie = signed.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert TOKEN not in cookie


def test_over_https_the_cookie_is_bound_to_the_host(hub: Hub) -> None:
    app = create_app(hub, dev=False, role="api", token=TOKEN)
    visitor = TestClient(app, base_url="https://hub.example", follow_redirects=False)

    cookie = visitor.post("/console/sign-in", data={"token": TOKEN, "name": "Ada"}).headers["set-cookie"]

    assert cookie.startswith("__Host-mdm-session=")
    assert "Secure" in cookie
    assert visitor.get("/console").status_code == 200
    with visitor.websocket_connect(
        "wss://hub.example/graphql", subprotocols=["graphql-transport-ws"]
    ) as socket:
        assert socket.accepted_subprotocol == "graphql-transport-ws"


def test_a_wrong_token_signs_nobody_in(stranger: TestClient) -> None:
    answer = stranger.post("/console/sign-in", data={"token": "wrong", "name": "Ada"})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert stranger.get("/console").status_code == 303


def test_sign_out_ends_the_session_at_the_server(stranger: TestClient) -> None:
    stranger.post("/console/sign-in", data={"token": TOKEN, "name": "Ada"})
    stolen = dict(stranger.cookies)

    stranger.post("/console/sign-out")
    stranger.cookies.update(stolen)

    assert stranger.get("/console").status_code == 303


def test_a_verdict_carries_the_name_of_who_signed_in(
    hub: Hub, stranger: TestClient, open_task: OpenTask
) -> None:
    stranger.post("/console/sign-in", data={"token": TOKEN, "name": "Ada"})

    stranger.post(f"/console/tasks/{open_task(hub)}", data={"answer": "unsure"})

    with hub.read() as session:
        assert [v.author for v in session.exec(select(Verdict))] == ["Ada"]


@pytest.mark.parametrize(
    ("idle", "age", "known"),
    [(29, 29, True), (31, 31, False), (10, 12 * 60 + 1, False)],
    ids=["seen lately", "silent for too long", "signed in for too long"],
)
def test_sessions_end(idle: int, age: int, known: bool) -> None:
    now = [NOON]
    sessions = Sessions(lambda: now[0])
    key = sessions.open(everything("Ada"))
    moment: datetime = NOON
    while moment < NOON + timedelta(minutes=age):
        moment = min(moment + timedelta(minutes=idle), NOON + timedelta(minutes=age))
        now[0] = moment
        found = sessions.find(key)

    assert (found is not None) is known


@pytest.mark.parametrize(
    "address",
    ["https://evil.example", "//evil.example/console", "/console/../x\\@evil", "/docs", "/console/sign-out"],
)
def test_sign_in_leads_to_no_other_site(address: str) -> None:
    assert own_page(address) == "/console"


CROSS_SITE = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver:81"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
]


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
@pytest.mark.parametrize("path", ["/console/tasks/{task}", "/graphql", "/api/v1/records"])
def test_another_site_can_change_nothing(
    hub: Hub, browser: TestClient, open_task: OpenTask, headers: dict[str, str], path: str
) -> None:
    answer = browser.post(path.format(task=open_task(hub)), data={"answer": "same"}, headers=headers)

    with hub.read() as session:
        assert session.exec(select(Verdict)).all() == []
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://testserver"}, {"Sec-Fetch-Site": "same-origin"}, {}],
    ids=["origin", "fetch", "program"],
)
def test_our_own_pages_and_programs_can(
    hub: Hub, browser: TestClient, open_task: OpenTask, headers: dict[str, str]
) -> None:
    answer = browser.post(f"/console/tasks/{open_task(hub)}", data={"answer": "unsure"}, headers=headers)

    assert answer.status_code == 200


def test_a_name_that_somebody_else_lets_lead_here_is_refused(hub: Hub) -> None:
    app = create_app(hub, dev=True, role="api", hosts=frozenset({"127.0.0.1"}))

    assert TestClient(app, base_url="http://rebound.example").get("/console").status_code == 403
    assert TestClient(app, base_url="http://127.0.0.1:8000").get("/console").status_code == 200


ROUTES = [
    *(("GET", f"/{path}") for path in ("", "nothing", "healthz", "readyz", "metrics", "openapi.json")),
    *(
        ("GET", f"/console{path}")
        for path in ("", "/nothing", "/tasks/none", "/golden/none", "/golden/none/lineage.svg")
    ),
    *(("GET", f"/api/v1/changes{query}") for query in ("", "?after=x")),
    *(("GET", f"/static/{path}") for path in ("console/console.css", "nothing.js")),
    *((method, "/api/v1/records") for method in ("POST", "OPTIONS", "GET")),
    *((method, "/console") for method in ("POST", "DELETE")),
]


@pytest.mark.parametrize(("method", "path"), ROUTES, ids=str)
def test_every_answer_carries_the_security_headers(browser: TestClient, method: str, path: str) -> None:
    answer = browser.request(method, path, follow_redirects=False)

    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store" or path.startswith("/static/")


def test_what_nobody_caught_is_a_problem_with_the_headers_and_no_secret(
    hub: Hub, browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("postgresql://user:secret@host")

    monkeypatch.setattr(hub, "read", fail)
    answer = browser.get("/api/v1/changes", headers={"X-Request-Id": "req-7"})

    assert (answer.status_code, answer.json()["request_id"]) == (500, "req-7")
    assert answer.headers["content-security-policy"] == POLICY
    assert "secret" not in answer.text


def test_a_request_id_that_is_none_is_replaced(browser: TestClient) -> None:
    assert browser.get("/healthz", headers={"X-Request-Id": "a b<c>"}).headers["x-request-id"] != "a b<c>"


def test_only_development_has_an_ide_and_introspection(
    hub: Hub, browser: TestClient, stranger: TestClient
) -> None:
    query = {"query": "{ __schema { types { name } } }"}
    html = {"Accept": "text/html"}

    assert "data" in browser.post("/graphql", json=query).json()
    assert "graphiql" in browser.get("/graphql", headers=html).text
    assert stranger.post("/graphql", json=query, headers=BEARER).json().get("data") is None
    assert "graphiql" not in stranger.get("/graphql", headers={**html, **BEARER}).text
