"""Deciding in the console: by a plain form, by htmx, against others, and back again."""

from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from mdm.app.access import local_user
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.store.decisions import Verdict

OpenTask = Callable[..., str]
HTMX = {"HX-Request": "true"}


def only_verdict(session: Session) -> Verdict:
    return session.exec(select(Verdict)).one()


def golden_ids(session: Session) -> set[str]:
    keys = (("crm", "C-Harbour Pine"), ("erp", "E-Zyqx Wvutsr"))
    return {golden_id_of(session, "client", source, key) for source, key in keys}


def test_a_form_without_script_records_the_verdict_and_leads_on(
    hub: Hub, browser: TestClient, open_task: OpenTask
) -> None:
    task, following = open_task(hub, weight=3.0), open_task(hub, "Birke", "Yps", weight=1.0)

    answer = browser.post(
        f"/console/tasks/{task}", data={"answer": "same", "reason": " seen the contract ", "certain": "true"},
        follow_redirects=False,
    )  # fmt: skip

    with hub.read() as session:
        verdict = only_verdict(session)
        assert len(golden_ids(session)) == 1
    assert (verdict.answer, verdict.reason, verdict.certain) == ("same", "seen the contract", True)
    assert verdict.author == local_user()
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/console/tasks/{following}?decided={verdict.id}"
    assert "Recorded" in browser.get(answer.headers["location"]).text


def test_htmx_gets_the_next_task_at_once(hub: Hub, browser: TestClient, open_task: OpenTask) -> None:
    task, following = open_task(hub, weight=3.0), open_task(hub, "Birke", "Yps", weight=1.0)

    answer = browser.post(
        f"/console/tasks/{task}", data={"answer": "distinct", "type": "client"}, headers=HTMX
    )

    assert answer.status_code == 200
    assert answer.headers["hx-push-url"] == f"/console/tasks/{following}?type=client"
    assert answer.text.lstrip().startswith("<title>")
    assert "Birke" in answer.text
    assert "<header" not in answer.text


def test_the_last_verdict_leads_back_to_the_empty_queue(
    hub: Hub, browser: TestClient, open_task: OpenTask
) -> None:
    task = open_task(hub)

    answer = browser.post(f"/console/tasks/{task}", data={"answer": "unsure"}, headers=HTMX)

    with hub.read() as session:
        verdict = only_verdict(session).id
    assert answer.headers["hx-redirect"] == f"/console?decided={verdict}&notice=done"
    page = browser.get(answer.headers["hx-redirect"]).text
    assert "nothing is left" in page
    assert f"/console/verdicts/{verdict}/undo" in page


def test_a_page_asked_for_by_going_back_is_whole(hub: Hub, browser: TestClient) -> None:
    page = browser.get("/console", headers={**HTMX, "HX-History-Restore-Request": "true"}).text

    assert "<header" in page


def test_a_task_that_somebody_settled_leads_on(hub: Hub, browser: TestClient, open_task: OpenTask) -> None:
    following = open_task(hub)

    answer = browser.post("/console/tasks/task-gone", data={"answer": "same"}, follow_redirects=False)

    assert answer.headers["location"] == f"/console/tasks/{following}?problem=settled"
    assert "settled meanwhile" in browser.get(answer.headers["location"]).text


def test_a_verdict_against_a_standing_one_is_refused_and_keeps_the_reason(
    hub: Hub, browser: TestClient, open_task: OpenTask
) -> None:
    browser.post(f"/console/tasks/{open_task(hub)}", data={"answer": "distinct"})
    again = open_task(hub)

    answer = browser.post(f"/console/tasks/{again}", data={"answer": "same", "reason": "I <b>know</b>"})

    assert answer.status_code == 409
    assert "still stands" in answer.text
    assert "I &lt;b&gt;know&lt;/b&gt;" in answer.text


def test_undo_takes_the_verdict_back(hub: Hub, browser: TestClient, open_task: OpenTask) -> None:
    browser.post(f"/console/tasks/{open_task(hub)}", data={"answer": "same"})
    with hub.read() as session:
        verdict = only_verdict(session).id

    answer = browser.post(f"/console/verdicts/{verdict}/undo", follow_redirects=False)

    assert answer.status_code == 303
    with hub.read() as session:
        assert only_verdict(session).superseded_by
        assert len(golden_ids(session)) == 2


def test_an_answer_that_is_none_is_refused(hub: Hub, browser: TestClient, open_task: OpenTask) -> None:
    answer = browser.post(f"/console/tasks/{open_task(hub)}", data={"answer": "maybe"})

    with hub.read() as session:
        assert session.exec(select(Verdict)).all() == []
    assert answer.status_code == 422
