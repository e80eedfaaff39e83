from __future__ import annotations

import threading
from pathlib import Path

import pytest
from publishing_hub import NOON, StoppedClock, all_rows, change_golden, file_target, opened, settings_of

from mdm.errors import LeaseLostError, TargetBusyError
from mdm.store.publishing import OutboxRow, PublicationRun, Receipt
from mdm_sync import publish
from mdm_sync.publishing.batch import Answer, Change, Outcome
from mdm_sync.publishing.recording import record
from mdm_sync.runs.lease import beating, hold
from mdm_sync.runs.manual import claim_by_hand
from mdm_sync.runs.queue import claim, enqueue, finish, release


def queue(hub, *targets: str) -> None:
    with hub.database.write(alone=False) as session:
        for number, target in enumerate(targets):
            enqueue(session, target, f"s{number}", NOON)


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def hub(database_url: str, tmp_path: Path, clock: StoppedClock):
    targets = {name: file_target(tmp_path / name) for name in ("lake", "swamp")}
    with opened(settings_of(database_url, targets), clock) as hub:
        yield hub


def test_one_run_is_claimed_by_one_of_many_workers(hub) -> None:
    queue(hub, "lake")
    leases: list = []
    threads = [threading.Thread(target=lambda n=n: leases.append(claim(hub, f"w{n}"))) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len([lease for lease in leases if lease is not None]) == 1


def test_two_runs_of_one_target_are_not_done_at_the_same_time(hub) -> None:
    queue(hub, "lake", "lake", "swamp")
    first, second, third = claim(hub, "a"), claim(hub, "b"), claim(hub, "c")

    assert [lease and lease.target for lease in (first, second, third)] == ["lake", "swamp", None]


def test_a_lost_workers_run_goes_to_another_once_its_lease_has_run_out(hub, clock: StoppedClock) -> None:
    queue(hub, "lake")
    lost = claim(hub, "lost")
    clock.forward(seconds=29)
    early = claim(hub, "other")
    clock.forward(seconds=2)
    taken = claim(hub, "other")

    assert early is None
    assert (lost.attempt, taken.attempt, taken.fence) == (1, 2, lost.fence + 1)
    with hub.database.write(alone=False) as session, pytest.raises(LeaseLostError):
        hold(session, lost, clock())


def test_a_worker_that_lost_its_run_writes_nothing_any_more(hub, clock: StoppedClock) -> None:
    change_golden(hub, "C1", name="Acme")
    row = all_rows(hub, OutboxRow)[0]
    queue(hub, "lake")
    lost = claim(hub, "lost")
    clock.forward(seconds=31)
    claim(hub, "other")
    change = Change("C1", "client", 1, row.event_number, row.event_id, row.event_type, rows=1, attempts=0)

    with pytest.raises(LeaseLostError):
        record(hub, lost, [Outcome(change, Answer.delivered)])
    with pytest.raises(LeaseLostError):
        finish(hub, lost, state="done", counts={}, message="")
    release(hub, lost)
    assert all_rows(hub, Receipt) == []
    assert {row.state for row in all_rows(hub, OutboxRow)} == {"waiting"}
    assert all_rows(hub, PublicationRun)[0].lease_owner == "other"


def test_a_run_over_which_five_workers_were_lost_has_failed(hub, clock: StoppedClock) -> None:
    queue(hub, "lake")
    for _ in range(5):
        claim(hub, "lost")
        clock.forward(seconds=31)

    assert claim(hub, "another") is None
    assert [(run.state, run.message) for run in all_rows(hub, PublicationRun)] == [
        ("failed", "5 workers were lost while doing it.")
    ]


def test_the_heartbeat_keeps_a_lease_alive(hub, clock: StoppedClock) -> None:
    queue(hub, "lake")
    lease = claim(hub, "slow")
    clock.forward(seconds=29)
    beaten = threading.Event()
    before = all_rows(hub, PublicationRun)[0].lease_until
    with beating(hub, lease, seconds=0.02):
        while all_rows(hub, PublicationRun)[0].lease_until == before:
            assert not beaten.wait(0.02)
    clock.forward(seconds=5)

    assert claim(hub, "other") is None


def test_a_released_run_can_be_claimed_at_once(hub) -> None:
    queue(hub, "lake")
    release(hub, claim(hub, "first"))

    assert claim(hub, "second").attempt == 2


def test_publishing_by_hand_waits_for_nobody_for_ever(hub) -> None:
    queue(hub, "lake")
    claim(hub, "worker")

    with pytest.raises(TargetBusyError):
        next(claim_by_hand(hub, "lake", "hand", patience=0))
    assert len(all_rows(hub, PublicationRun)) == 1


def test_publishing_by_hand_first_completes_what_a_lost_worker_left(
    hub, clock: StoppedClock, tmp_path: Path
) -> None:
    change_golden(hub, "C1", name="Acme")
    queue(hub, "lake")
    claim(hub, "lost")
    clock.forward(seconds=31)
    publish(hub, "lake")

    assert [(run.kind, run.state) for run in all_rows(hub, PublicationRun)] == [
        ("scheduled", "done"),
        ("manual", "done"),
    ]
    assert len(list((tmp_path / "lake").glob("client-*.jsonl"))) == 1


def test_a_worker_leaves_a_run_by_hand_to_who_made_it(hub) -> None:
    with hub.database.write(alone=False) as session:
        enqueue(session, "lake", "manual:1", NOON, kind="manual")

    assert claim(hub, "worker") is None
