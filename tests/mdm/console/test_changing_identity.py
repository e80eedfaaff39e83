"""Merge, detach, unmerge and undo in the console: a preview first, and all of it without script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from mdm.golden_ids import golden_id_of, resolve_id
from mdm.hub import Hub
from mdm.testing import NOON, record, take_in


@pytest.fixture
def two(hub: Hub) -> dict[str, str]:
    """Two clients that no evidence joins; key to golden id."""
    rows = [record("a", name="Ashdown Legal LLP", city="Leeds"), record("b", name="Barleycorn Bakeries")]
    take_in(hub, "crm", "client", rows)
    return {key: home(hub, key) for key in "ab"}


def home(hub: Hub, key: str) -> str:
    with hub.read() as session:
        return golden_id_of(session, "client", "crm", key)


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the form that does what the preview shows."""
    form = page[page.index('<form class="decide"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))


def test_a_merge_is_previewed_then_done_and_can_be_undone(
    hub: Hub, browser: TestClient, two: dict[str, str]
) -> None:
    shown = browser.get("/console/change", params={"act": "merge", "what": two["a"], "into": two["b"]})
    unchanged = home(hub, "a")

    done = browser.post("/console/change", data={**fields(shown.text), "reason": "one firm"})
    merged = home(hub, "a")
    (undo,) = set(re.findall(r"/console/change\?act=undo&amp;what=(verdict-\w+)", done.text))
    preview = browser.get("/console/change", params={"act": "undo", "what": undo})
    browser.post("/console/change", data=fields(preview.text))

    assert "Leeds" in shown.text
    assert unchanged == two["a"]
    assert merged == two["b"]
    assert done.status_code == 200
    assert "revived" in preview.text
    assert home(hub, "a") == two["a"]


def test_a_merge_of_what_has_changed_since_the_preview_is_refused(
    hub: Hub, browser: TestClient, two: dict[str, str]
) -> None:
    shown = browser.get("/console/change", params={"act": "merge", "what": two["a"], "into": two["b"]})
    take_in(hub, "crm", "client", [record("a", NOON + timedelta(days=1), name="Quill")])

    refused = browser.post("/console/change", data=fields(shown.text))

    assert refused.status_code == 412
    assert "has changed since you looked" in refused.text
    assert home(hub, "a") == two["a"]


def test_what_was_merged_is_unmerged_from_the_survivors_page(
    hub: Hub, browser: TestClient, two: dict[str, str]
) -> None:
    merge = browser.get("/console/change", params={"act": "merge", "what": two["a"], "into": two["b"]})
    browser.post("/console/change", data=fields(merge.text))
    page = browser.get(f"/console/golden/{two['b']}").text

    shown = browser.get("/console/change", params={"act": "unmerge", "what": two["a"]})
    browser.post("/console/change", data=fields(shown.text))

    assert f"<option>{two['a']}</option>" in page
    with hub.read() as session:
        assert resolve_id(session, two["a"]).state == "current"


def test_nonsense_is_answered_with_a_sentence(browser: TestClient, two: dict[str, str]) -> None:
    unknown = browser.get("/console/change", params={"act": "unmerge", "what": "client-0"})
    alone = browser.get("/console/change", params={"act": "detach", "what": "crm:a"})

    assert unknown.status_code == 404
    assert alone.status_code == 409
    assert "Nothing would stay" in alone.text
