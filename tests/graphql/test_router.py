from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

import mdm.app
from mdm.access import Principal, everything
from mdm.hub import Hub
from mdm_graphql import create_router
from mdm_graphql.examples import EXAMPLES

BROWSER = {"Accept": "text/html"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is tested here does not depend on the database."""
    return sqlite_url


@contextmanager
def serving(hub: Hub, *, dev: bool, who: Principal | None = None) -> Iterator[TestClient]:
    app = FastAPI()

    @app.middleware("http")
    async def sign_in(request: Request, call_next: Callable[..., object]) -> object:
        if who is not None:
            request.state.principal = who
        return await call_next(request)  # type: ignore[misc]  # Starlette's own signature

    app.include_router(create_router(hub, dev=dev), prefix="/graphql")
    with TestClient(app) as client:
        yield client


def test_an_operation_is_answered_over_http(firm: Hub) -> None:
    with serving(firm, dev=False, who=everything("ada")) as client:
        answer = client.post("/graphql", json={"query": '{ client(id: "c-3") { name } }'})

    assert answer.json() == {"data": {"client": {"name": "Zwölf Apostel Keller KG"}}}


def test_without_anybody_who_asks_nothing_is_answered(firm: Hub) -> None:
    with serving(firm, dev=False) as client:
        answer = client.post("/graphql", json={"query": '{ client(id: "c-3") { name } }'}).json()

    assert answer["data"] is None or answer["data"]["client"] is None
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


def test_developers_get_an_ide_that_loads_nothing_from_elsewhere(hub: Hub) -> None:
    with serving(hub, dev=True) as client:
        page = client.get("/graphql", headers=BROWSER)
        script = client.get("/graphql/ide.js")

    assert page.status_code == 200
    assert "http:" not in page.text
    assert "https:" not in page.text
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert '<script src="/graphql/ide.js">' in page.text
    assert script.headers["content-type"].startswith("text/javascript")
    assert "subscriptionUrl" in script.text
    assert EXAMPLES[0].title.split(":")[0] in page.text


def test_every_asset_of_the_ide_ships_with_the_hub(hub: Hub) -> None:
    with serving(hub, dev=True) as client:
        page = client.get("/graphql", headers=BROWSER).text
    folder = Path(mdm.app.__file__).parent

    wanted = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)

    assert len(wanted) == 6
    assert [asset for asset in wanted if not (folder / asset.lstrip("/")).is_file()] == []


def test_production_has_no_ide(hub: Hub) -> None:
    with serving(hub, dev=False) as client:
        assert client.get("/graphql", headers=BROWSER).status_code == 404
        assert client.get("/graphql/ide.js").status_code == 404


@pytest.mark.parametrize("dev", [True, False])
def test_queries_come_by_post_as_json_only(hub: Hub, dev: bool) -> None:
    operation = "{ clients { totalCount } }"
    with serving(hub, dev=dev) as client:
        by_get = client.get("/graphql", params={"query": operation})
        as_text = client.post("/graphql", content=operation, headers={"Content-Type": "text/plain"})
        as_form = client.post("/graphql", data={"query": operation})

    assert [answer.status_code for answer in (by_get, as_text, as_form)] == [400, 400, 400]


def test_the_application_says_who_acts(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(
        "mdm_graphql.mutations.deciding._decided",
        lambda context, *_, **__: seen.append(context.author) or 1 / 0,
    )
    with serving(hub, dev=False, who=everything("grace")) as client:
        client.post(
            "/graphql",
            json={"query": 'mutation { decide(input: {taskId: "t", answer: SAME}) { __typename } }'},
        )

    assert seen == ["grace"]
