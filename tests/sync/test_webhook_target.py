from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from publishing_hub import (
    NOON,
    SECRET,
    StoppedClock,
    all_rows,
    change_golden,
    opened,
    settings_of,
    webhook_target,
)
from pydantic import SecretStr

from mdm.errors import SettingsError
from mdm.settings import NetworkSettings
from mdm.store.decisions import Event
from mdm.store.publishing import OutboxRow, PublicationRun, PublicationTarget, Receipt
from mdm_sync import dead_letters, publish, replay_dead
from mdm_sync.publishing import publication
from mdm_sync.runs.queue import claim, enqueue, enqueue_retries
from mdm_sync.targets.addresses import guard_of
from mdm_sync.targets.signature import Signer
from mdm_sync.targets.webhook_target import WebhookTarget


@contextmanager
def hub_with(url: str, receiver, clock: StoppedClock, **target) -> Iterator:
    with opened(settings_of(url, {"crm": webhook_target(receiver.url, **target)}), clock) as hub:
        yield hub


def scheduled(hub, clock: StoppedClock):
    """Publish as a due schedule does."""
    with hub.database.write(alone=False) as session:
        enqueue(session, "crm", "each second", clock())
    return publish(hub, "crm", run=claim(hub, "worker"))


def retry_due(hub):
    """Do the run that failed deliveries have made due, if there is one."""
    enqueue_retries(hub)
    lease = claim(hub, "worker")
    return publish(hub, "crm", run=lease) if lease else None


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.mark.parametrize(
    ("status", "headers", "row_state", "wait", "outcome"),
    [
        (200, {}, "sent", None, "delivered"),
        (202, {}, "sent", None, "delivered"),
        (301, {"location": "https://example.com/"}, "waiting", 5, "failed"),
        (400, {}, "dead", None, "dead"),
        (401, {}, "waiting", 5, "failed"),
        (404, {}, "dead", None, "dead"),
        (408, {}, "waiting", 5, "failed"),
        (410, {}, "waiting", None, "failed"),
        (422, {}, "dead", None, "dead"),
        (429, {}, "waiting", 5, "failed"),
        (429, {"retry-after": "3600"}, "waiting", 3600, "failed"),
        (429, {"retry-after": "99999999"}, "waiting", 86400, "failed"),
        (500, {}, "waiting", 5, "failed"),
        (503, {"retry-after": "Sat, 14 Mar 2026 13:00:00 GMT"}, "waiting", 3600, "failed"),
        (503, {"retry-after": "1"}, "waiting", 5, "failed"),
    ],
)
def test_each_answer_has_its_consequence(
    sqlite_url: str, receiver, clock: StoppedClock, status, headers, row_state, wait, outcome
) -> None:
    receiver.answer = lambda _number: (status, headers, b"because")
    with hub_with(sqlite_url, receiver, clock) as hub:
        change_golden(hub, "C1", name="Acme")
        publish(hub, "crm")
        row, receipt = all_rows(hub, OutboxRow)[0], all_rows(hub, Receipt)[0]

    assert (row.state, receipt.outcome) == (row_state, outcome)
    assert receipt.details["status"] == status
    if wait is None:
        assert row.next_at is None
    else:
        assert wait * 0.9 <= (row.next_at - NOON).total_seconds() <= max(wait * 1.1, 5.5)


def test_a_failed_delivery_is_tried_again_when_it_is_due_and_under_its_old_id(
    database_url: str, receiver, clock: StoppedClock
) -> None:
    receiver.answer = lambda number: (503, {}, b"") if number < 3 else (204, {}, b"")
    with hub_with(database_url, receiver, clock) as hub:
        change_golden(hub, "C1", name="Acme")
        scheduled(hub, clock)
        too_early = retry_due(hub)
        clock.forward(seconds=6)
        second, at_once = retry_due(hub), retry_due(hub)
        clock.forward(minutes=6)
        third = retry_due(hub)

        assert (too_early, at_once) == (None, None)
        assert (second.failed, third.delivered) == (1, 1)
        assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1
        assert len({request.headers["webhook-timestamp"] for request in receiver.requests}) == 3
        assert len({request.body for request in receiver.requests}) == 1
        assert [(r.attempt, r.outcome) for r in all_rows(hub, Receipt)] == [
            (1, "failed"),
            (2, "failed"),
            (3, "delivered"),
        ]


def test_a_newer_version_waits_for_the_failed_one_and_then_replaces_it(
    database_url: str, receiver, clock: StoppedClock
) -> None:
    receiver.answer = lambda number: (503, {}, b"") if number == 1 else (204, {}, b"")
    with hub_with(database_url, receiver, clock) as hub:
        change_golden(hub, "C1", name="Acme")
        scheduled(hub, clock)
        change_golden(hub, "C1", name="Acme Corp")
        clock.forward(seconds=1)
        early = scheduled(hub, clock)
        clock.forward(seconds=6)
        late = retry_due(hub)

        assert (early.delivered, early.later, late.delivered, late.superseded) == (0, 1, 1, 1)
        sequences = [json.loads(request.body)["sequence"] for request in receiver.requests]
        assert sequences == ["0000000001", "0000000002"]
        assert [row.state for row in all_rows(hub, OutboxRow)] == ["superseded", "sent"]


def test_a_change_that_fails_too_often_becomes_a_dead_letter(
    sqlite_url: str, receiver, clock: StoppedClock
) -> None:
    receiver.answer = lambda _number: (500, {}, b"out of order")
    with hub_with(sqlite_url, receiver, clock, max_attempts=3) as hub:
        change_golden(hub, "C1", name="Acme")
        for _ in range(4):
            publish(hub, "crm")
        with hub.read() as session:
            letter = dead_letters(hub, session, "crm")[0]

    assert len(receiver.requests) == 3
    assert (letter.golden_id, letter.attempts, letter.status, letter.answer) == ("C1", 3, 500, "out of order")
    assert letter.reason == "given up after 3 attempts; answer 500"


def test_a_replayed_dead_letter_is_delivered_under_its_old_id(
    database_url: str, receiver, clock: StoppedClock
) -> None:
    receiver.answer = lambda number: (422, {}, b"") if number == 1 else (204, {}, b"")
    with hub_with(database_url, receiver, clock) as hub:
        change_golden(hub, "C1", name="Acme")
        publish(hub, "crm")
        nothing = replay_dead(hub, "crm", ["C2"])
        replayed = replay_dead(hub, "crm")
        result = publish(hub, "crm")
        with hub.read() as session:
            left = dead_letters(hub, session)

    assert (nothing, replayed, result.delivered, left) == (0, 1, 1, [])
    assert len({request.headers["webhook-id"] for request in receiver.requests}) == 1


def test_a_dead_letter_is_settled_by_a_newer_version_that_arrives(
    sqlite_url: str, receiver, clock: StoppedClock
) -> None:
    receiver.answer = lambda number: (422, {}, b"") if number == 1 else (204, {}, b"")
    with hub_with(sqlite_url, receiver, clock) as hub:
        change_golden(hub, "C1", name="Acme")
        publish(hub, "crm")
        change_golden(hub, "C1", name="Acme Corp")
        publish(hub, "crm")

        assert replay_dead(hub, "crm") == 0
        assert [row.state for row in all_rows(hub, OutboxRow)] == ["superseded", "sent"]


def test_replaying_for_an_unknown_target_is_refused(sqlite_url: str, receiver, clock: StoppedClock) -> None:
    with hub_with(sqlite_url, receiver, clock) as hub, pytest.raises(SettingsError, match="no target 'crn'"):
        replay_dead(hub, "crn")


def test_a_target_that_is_gone_is_switched_off_until_a_person_publishes(
    database_url: str, receiver, clock: StoppedClock
) -> None:
    receiver.answer = lambda number: (410, {}, b"") if number == 1 else (204, {}, b"")
    with hub_with(database_url, receiver, clock, lanes=1) as hub:
        change_golden(hub, "C1", name="Acme")
        change_golden(hub, "C2", name="Globex")
        first = scheduled(hub, clock)
        clock.forward(hours=1)
        second = scheduled(hub, clock)
        state, event = all_rows(hub, PublicationTarget)[0], all_rows(hub, Event)[-1]
        third = publish(hub, "crm")

        assert (first.failed, first.later, "switched off" in first.message) == (1, 1, True)
        assert (second.delivered, second.later, len(receiver.requests)) == (0, 2, 3)
        assert (state.disabled_at, state.disabled_reason) == (NOON, "it answered 410 Gone")
        assert (event.type, event.subject) == ("target.disabled", "crm")
        assert third.delivered == 2
        assert all_rows(hub, PublicationTarget)[0].disabled_at is None


def test_a_target_that_keeps_failing_is_left_alone_then_probed_once(
    sqlite_url: str, receiver, clock: StoppedClock
) -> None:
    receiver.answer = lambda _number: (503, {}, b"")
    with hub_with(sqlite_url, receiver, clock, lanes=1) as hub:
        for number in range(9):
            change_golden(hub, f"C{number}", name="Acme")
        first = scheduled(hub, clock)
        clock.forward(seconds=1)
        paused = scheduled(hub, clock)
        clock.forward(seconds=30)
        probe = retry_due(hub)
        receiver.answer = lambda _number: (204, {}, b"")
        clock.forward(minutes=10)
        well = retry_due(hub)
        rest = scheduled(hub, clock)

    assert (first.failed, first.later, "left alone until" in first.message) == (5, 4, True)
    assert (paused.failed, "left alone until" in paused.message) == (0, True)
    assert probe.failed == 1
    assert (well.delivered, rest.delivered) == (5, 4)


def test_nothing_but_failure_for_five_days_switches_a_target_off(
    sqlite_url: str, receiver, clock: StoppedClock
) -> None:
    receiver.answer = lambda _number: (503, {}, b"")
    with hub_with(sqlite_url, receiver, clock, max_attempts=20) as hub:
        change_golden(hub, "C1", name="Acme")
        scheduled(hub, clock)
        clock.forward(days=4, hours=23)
        almost = scheduled(hub, clock)
        clock.forward(days=1, hours=3)
        over = scheduled(hub, clock)

    assert almost.message == ""
    assert "failed without a break since 2026-03-14 12:00" in over.message


def test_no_answer_is_a_failure_that_is_tried_again(sqlite_url: str, clock: StoppedClock) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        with opened(settings_of(sqlite_url, {"crm": webhook_target(url)}), clock) as hub:
            change_golden(hub, "C1", name="Acme")
            result = publish(hub, "crm")
            receipt = all_rows(hub, Receipt)[0]

    assert (result.failed, receipt.details["reason"]) == (1, "no answer: ConnectError")


def test_an_answer_that_comes_drop_by_drop_is_cut_off(sqlite_url: str, clock: StoppedClock) -> None:
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\n")
                while not stop.wait(0.02):
                    try:
                        connection.sendall(b"x-drop: 1\r\n")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        target = WebhookTarget(
            httpx2.URL(f"http://127.0.0.1:{server.getsockname()[1]}/"), Signer("crm", SecretStr(SECRET)),
            guard_of(NetworkSettings(), dev=True), lanes=1, clock=clock, total_seconds=0.5,
        )  # fmt: skip
        with opened(settings_of(sqlite_url, {"crm": webhook_target("http://127.0.0.1/")}), clock) as hub:
            change_golden(hub, "C1", name="Acme")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(publication, "open_target", lambda *_args, **_options: target)
                result = publish(hub, "crm")
            receipt = all_rows(hub, Receipt)[0]
        stop.set()
        thread.join()

    assert (result.failed, receipt.details["reason"]) == (1, "no answer: TimeoutError")


def test_of_a_long_refusal_the_receipt_keeps_the_beginning(
    sqlite_url: str, receiver, clock: StoppedClock
) -> None:
    receiver.answer = lambda _number: (400, {}, b"\xff\x00no " * 100_000)
    with hub_with(sqlite_url, receiver, clock) as hub:
        change_golden(hub, "C1", name="Acme")
        publish(hub, "crm")
        answer = all_rows(hub, Receipt)[0].details["answer"]

    assert answer.startswith("\ufffdno ")
    assert len(answer) <= 4096


def test_a_run_that_is_stopped_goes_back_to_the_queue_and_is_completed(
    database_url: str, receiver, clock: StoppedClock
) -> None:
    with hub_with(database_url, receiver, clock, lanes=1) as hub:
        for number in range(3):
            change_golden(hub, f"C{number}", name="Acme")
        with pytest.raises(publication.StoppedError):
            publish(hub, "crm", stopping=lambda: len(receiver.requests) == 2)
        state = all_rows(hub, PublicationRun)[0].state
        publish(hub, "crm")

        assert state == "queued"
        assert (
            len({request.headers["webhook-id"] for request in receiver.requests})
            == len(receiver.requests)
            == 3
        )
