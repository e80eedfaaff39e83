"""The console offers what whoever asks may do, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from mdm.access import Role
from mdm.access.grants import Grant
from mdm.access.keys import create_key
from mdm.app import create_app
from mdm.hub import Hub
from mdm.testing import make_golden, record

FORMS = ('aria-label="Merge"', "Set a value, or ban one")
TABS = {
    "publications": "/console/publications",
    "quarantine": "/console/quarantine",
    "reads": "/console/reads",
}


@pytest.fixture
def page(hub: Hub) -> Callable[..., str]:
    """The console's page at a path, for a role."""
    browser = TestClient(create_app(hub, dev=False, role="api"), raise_server_exceptions=False)

    def shown(path: str, role: Role, **grant: object) -> str:
        with hub.write("test") as uow:
            key = create_key(uow, "somebody", Grant.model_validate({"roles": [role], **grant}))
        answer = browser.get(path, headers={"Authorization": f"Bearer {key.secret}"})
        assert answer.status_code == 200
        return answer.text

    return shown


@pytest.mark.parametrize(
    ("role", "grant", "offered"),
    [
        (Role.viewer, {}, False),
        (Role.auditor, {}, False),
        (Role.steward, {"domains": ["worker"]}, False),
        (Role.steward, {"domains": ["client"]}, True),
        (Role.admin, {}, True),
    ],
    ids=["viewer", "auditor", "steward of others", "steward", "admin"],
)
def test_forms_are_for_those_who_may_decide_about_the_type(
    hub: Hub, page: Callable[..., str], role: Role, grant: dict[str, object], offered: bool
) -> None:
    make_golden(hub, "client", "c-1", {"crm": record("1", name="Harbour Pine")})

    text = page("/console/golden/c-1", role, **grant)

    assert [form in text for form in FORMS] == [offered] * len(FORMS)


@pytest.mark.parametrize(
    ("role", "tabs"),
    [
        (Role.viewer, set()),
        (Role.steward, {"publications", "quarantine"}),
        (Role.auditor, {"publications", "quarantine", "reads"}),
        (Role.admin, set(TABS)),
    ],
)
def test_a_tab_is_there_for_those_who_may_open_its_page(
    page: Callable[..., str], role: Role, tabs: set[str]
) -> None:
    text = page("/console", role)

    assert {name for name, path in TABS.items() if f'href="{path}"' in text} == tabs


def test_a_task_can_be_read_by_a_viewer_but_not_decided(
    hub: Hub, page: Callable[..., str], open_task: Callable[..., str]
) -> None:
    task = open_task(hub)

    viewer = page(f"/console/tasks/{task}", Role.viewer)
    steward = page(f"/console/tasks/{task}", Role.steward, domains=["client"])

    assert 'class="decide"' not in viewer
    assert 'class="decide"' in steward
