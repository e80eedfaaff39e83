"""The console's pages: there for everybody, safe for any value, whole without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.ingest import Rejected
from mdm.quarantining import quarantine
from mdm.stewardship import tasks
from mdm.testing import NOON, record, take_in

OpenTask = Callable[..., str]


class Markup(HTMLParser):
    """What of a page would run: scripts without a file of ours, handlers, addresses that are scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.dangers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = (value or "").strip().lower()
            foreign = name in {"src", "href", "action"} and not address.startswith(
                ("/", "#", "http://www.w3.org")
            )
            if name.startswith("on") or name == "style" or foreign:
                self.dangers.append(f"{tag} {name}={value}")
        if tag in {"style", "iframe", "object"} or (tag == "script" and "src" not in dict(attrs)):
            self.dangers.append(tag)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}",
    "</textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "\u202egnp.exe & \x07 \ud7ff",
]


@pytest.mark.parametrize("path", ["", "/search", "/search?q=harbour", "/publications", "/quarantine"])
def test_every_page_is_there_on_an_empty_hub(browser: TestClient, path: str) -> None:
    answer = browser.get(f"/console{path}", follow_redirects=False)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_the_queue_lists_tasks_and_counts_them_by_type(
    hub: Hub, browser: TestClient, open_task: OpenTask
) -> None:
    task = open_task(hub, "Harbour Pine", "Zyqx Wvutsr")

    page = browser.get("/console").text

    assert f"/console/tasks/{task}" in page
    assert "Harbour Pine" in page
    assert re.search(r'type=client">Client <b>1</b>', page)


def test_facets_narrow_the_queue_and_stay_with_the_task(
    hub: Hub, browser: TestClient, open_task: OpenTask
) -> None:
    task = open_task(hub)

    assert (
        f"/console/tasks/{task}?type=client&amp;kind=possible_match"
        in browser.get("/console?type=client&kind=possible_match").text
    )
    assert task not in browser.get("/console?type=worker").text


def test_a_task_shows_both_records_the_reasons_and_the_merged_one(
    hub: Hub, browser: TestClient, open_task: OpenTask
) -> None:
    page = browser.get(f"/console/tasks/{open_task(hub, city='Hull')}").text

    for shown in (
        "Bristol",
        "Hull",
        "If they are the same",
        "Why the score is",
        "What the sources say",
        "<svg xmlns",
    ):
        assert shown in page
    for answer in ("same", "distinct", "unsure"):
        assert f'name="answer" value="{answer}"' in page


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_are_shown_as_text_on_every_page(
    hub: Hub, browser: TestClient, open_task: OpenTask, value: str
) -> None:
    task = open_task(hub, f"A {value}", f"Z {value}", email=value, industry=value)
    with hub.write("test") as uow:
        golden_id = golden_id_of(uow.session, "client", "crm", f"C-A {value}")
        row = {"id": value, value: value}
        quarantine(uow, "crm", "client", [Rejected(1, value, value, row, value)], "")
    pages = [
        browser.get(path)
        for path in (
            "/console",
            f"/console/tasks/{task}",
            f"/console/golden/{golden_id}",
            "/console/quarantine",
            f"/console/golden/{golden_id}/lineage.svg",
        )
    ]
    pages.append(browser.get("/console/search", params={"q": value}))

    for page in pages:
        assert page.status_code == 200
        assert Markup(page.text).dangers == []
        assert "A 49" not in page.text


def test_pages_hold_no_inline_script_and_no_inline_style(
    hub: Hub, browser: TestClient, open_task: OpenTask
) -> None:
    task = open_task(hub)
    for path in ("", f"/tasks/{task}", "/search?q=harbour", "/publications", "/quarantine"):
        assert Markup(browser.get(f"/console{path}").text).dangers == []


def test_every_file_a_page_asks_for_is_there(browser: TestClient) -> None:
    page = browser.get("/console").text
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)

    assert len(files) >= 4
    assert {browser.get(file).status_code for file in files} == {200}


def test_a_golden_record_shows_where_each_value_comes_from(hub: Hub, browser: TestClient) -> None:
    take_in(hub, "crm", "client", [record("7", name="Harbour Pine", city="Hull")])
    with hub.read() as session:
        golden_id = golden_id_of(session, "client", "crm", "7")

    page = browser.get(f"/console/golden/{golden_id}").text

    for shown in ("Harbour Pine", "prefer(erp, clm, crm)", '<span class="key">7</span>', "Version 1"):
        assert shown in page


def test_an_unknown_record_or_task_is_a_page_that_says_so(browser: TestClient) -> None:
    for path in ("golden/client-none", "tasks/task-none", "nothing"):
        answer = browser.get(f"/console/{path}")

        assert answer.status_code == 404
        assert "Back to the review queue" in answer.text


def test_search_finds_a_name_with_a_typing_error_and_a_golden_id(hub: Hub, browser: TestClient) -> None:
    take_in(hub, "crm", "client", [record("7", name="Harbour Pine")])
    with hub.read() as session:
        golden_id = golden_id_of(session, "client", "crm", "7")

    assert golden_id in browser.get("/console/search?q=Harbor+Pyne").text
    assert "The id itself" in browser.get(f"/console/search?q={golden_id}").text


def test_quarantined_rows_are_shown_with_their_reason(hub: Hub, browser: TestClient) -> None:
    with hub.write("test") as uow:
        row = Rejected(
            7, "created is no date", "created", {"id": "7", "created": "31.02.2026"}, "clients.csv"
        )
        quarantine(uow, "crm", "client", [row], "")

    page = browser.get("/console/quarantine").text

    assert "clients.csv, row 7" in page
    assert "created is no date" in page


def test_every_former_version_has_a_page_that_says_what_it_changed(hub: Hub, browser: TestClient) -> None:
    take_in(hub, "crm", "client", [record("1", name="Harbour Pine plc", city="Bristol")])
    take_in(
        hub, "crm", "client", [record("1", NOON + timedelta(days=1), name="Harbour Pine plc", city="Bath")]
    )
    with hub.read() as session:
        golden_id = golden_id_of(session, "client", "crm", "1")

    page = browser.get(f"/console/golden/{golden_id}").text
    first = browser.get(f"/console/golden/{golden_id}/versions/1").text
    second = browser.get(f"/console/golden/{golden_id}/versions/2").text

    assert f"/console/golden/{golden_id}/versions/1" in page
    assert "Version 1 of 2" in first
    assert "Bath" not in first
    assert re.search(r"<del>Bristol</del>\s*<ins>Bath</ins>", second)
    assert browser.get(f"/console/golden/{golden_id}/versions/3").status_code == 404


def test_a_golden_record_names_what_continues_it_and_its_next_phase(hub: Hub, browser: TestClient) -> None:
    take_in(hub, "psa", "client", [record("c", name="Harbour Pine plc")])
    take_in(hub, "psa", "engagement", [record("e", title="Frame", number="SOW-1", client="c")])
    phases = [
        record("1", name="ERP, phase 1", client="c", start_date="2025-01-01", end_date="2025-03-31"),
        record("2", name="ERP, phase 2", client="c", start_date="2025-04-01", engagement="e"),
    ]
    take_in(hub, "psa", "project", phases)
    with hub.read() as session:
        first, second = (golden_id_of(session, "project", "psa", key) for key in "12")
        contract = golden_id_of(session, "engagement", "psa", "e")

    def page(golden_id: str) -> str:
        return browser.get(f"/console/golden/{golden_id}").text

    assert "Continues as" in page(contract)
    assert second in page(contract)
    assert "Next phase" in page(first)
    assert first in page(second)
    assert "Phase after" in page(second)


def test_a_page_shows_what_the_hub_knew_at_a_moment_and_offers_nothing_to_decide(
    hub: Hub, browser: TestClient
) -> None:
    take_in(hub, "crm", "client", [record("1", name="Harbour Pine plc", city="Bristol")])
    take_in(hub, "erp", "client", [record("3", name="Harbour Pine plc", city="York")])
    with hub.read() as session:
        golden_id = golden_id_of(session, "client", "crm", "1")
        task = tasks(hub, session).items[0].id
    then = NOON.strftime("%Y-%m-%dT%H:%M:%SZ")
    hub.clock = lambda: NOON + timedelta(hours=1)
    browser.post(f"/console/tasks/{task}", data={"answer": "distinct"}, follow_redirects=False)
    take_in(hub, "crm", "client", [record("1", name="Quill Analytics", city="Leeds")])

    def page(address: str) -> str:
        answer = browser.get(f"/console{address}{'&' if '?' in address else '?'}at={then}")
        assert answer.status_code == 200
        assert f"This is what the hub knew at <b>{then}</b>" in answer.text
        return answer.text

    queue, of_task, golden = page(""), page(f"/tasks/{task}"), page(f"/golden/{golden_id}")
    found = page("/search?q=harbour+pine")

    assert f"/console/tasks/{task}?at=2026" in queue
    assert re.search(r'type=client&amp;at=[^"]*">Client <b>1</b>', queue)
    assert f"/console/golden/{golden_id}?at=2026" in of_task
    assert "Harbour Pine" in golden
    assert "Quill Analytics" not in golden
    assert f"/console/golden/{golden_id}?at=2026" in found
    for shown in (queue, of_task, golden):
        assert 'method="post"' not in shown.partition("<main")[2]
        assert "/console/change?" not in shown
    assert browser.get(f"/console/tasks/{task}").status_code == 404
    assert "Quill Analytics" in browser.get(f"/console/golden/{golden_id}").text
    picture = f"/console/golden/{golden_id}/lineage.svg"
    assert "Quill" in browser.get(picture).text
    assert "Quill" not in browser.get(picture, params={"at": then}).text


def test_a_moment_that_is_none_is_told_so(browser: TestClient) -> None:
    answer = browser.get("/console", params={"at": "noon"})

    assert answer.status_code == 400
    assert "is no moment" in answer.text
