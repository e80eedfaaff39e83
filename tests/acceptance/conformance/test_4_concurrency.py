"""CONFORMANCE 40 to 46: several at once, any order, and the same again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from typing import Any

import pytest
from deployment import Firm
from fastapi.testclient import TestClient

from mdm import failpoints
from mdm.app import create_app
from mdm.hub import open_hub
from mdm.settings import load_settings

ANN = {
    "given_name": "Ann", "family_name": "Keller", "email": "ann.keller@example.org",
    "birth_date": "1984-05-06",
    "national_id": "756.9217.0769.85", "country": "CH",
}  # fmt: skip
BEN = {
    "given_name": "Ben",
    "family_name": "Okafor",
    "email": "ben.okafor@example.org",
    "birth_date": "1990-01-02",
}


@pytest.fixture
def _released() -> Iterator[None]:
    """Whatever hangs at a fail point goes on at the end."""
    yield
    failpoints.arm("")


def post(firm: Firm, source: str, *rows: dict[str, Any], entity_type: str = "worker") -> Any:
    delivery = {"source": source, "entity_type": entity_type, "records": list(rows)}
    answer = firm.http("POST", "/api/v1/records", json=delivery)
    for _ in range(20):
        # A busy machine says when to come back.
        if answer.status_code != 503:
            break
        answer = firm.http("POST", "/api/v1/records", json=delivery)
    assert answer.status_code == 200, answer.text
    return answer.json()


def at_once(deliveries: list[tuple[str, dict[str, Any]]]) -> None:
    """Deliver rows of several sources to one running hub at the same moment."""
    hub = open_hub(load_settings(None))
    start = threading.Barrier(len(deliveries))

    def deliver(client: TestClient, source: str, row: dict[str, Any]) -> int:
        start.wait(60)
        delivery = {"source": source, "entity_type": "worker", "records": [row]}
        status = client.post("/api/v1/records", json=delivery).status_code
        while status == 503:  # a busy machine says when to come back
            status = client.post("/api/v1/records", json=delivery).status_code
        return status

    with (
        TestClient(create_app(hub, dev=True, role="api")) as client,
        ThreadPoolExecutor(len(deliveries)) as pool,
    ):
        answers = list(pool.map(lambda one: deliver(client, *one), deliveries))
    hub.close()
    assert set(answers) == {200}


def newest_event(firm: Firm) -> int:
    number: int = firm.http("GET", "/api/v1/changes").json()["last"]
    return number


@pytest.mark.parametrize("consumers", [2, 8])
def test_row_040_matching_rows_that_arrive_at_once_become_one_golden_record(
    firm: Firm, consumers: int
) -> None:
    """However many consumers bring the same new worker at the same time, there is one golden record."""
    at_once([(f"s{n}", {"id": "1", **ANN}) for n in range(consumers)])

    assert firm.groups("worker") == {frozenset(f"s{n}:1" for n in range(consumers))}
    firm.sound()


def test_row_041_rows_that_share_only_a_trusted_id_become_one_golden_record(firm: Firm) -> None:
    """Two rows meet in one golden record when one of them is just getting the trusted id that both share."""
    number = {"national_id": ANN["national_id"], "country": "CH"}
    post(firm, "hcm", {"id": "1", "family_name": "Keller", "given_name": "Ann"})

    both = {"family_name": "Keller", "given_name": "Ann", **number}
    at_once([("hcm", {"id": "1", **number}), ("erp", {"id": "7", **both})])

    assert firm.groups("worker") == {frozenset({"hcm:1", "erp:7"})}
    firm.sound()


@pytest.mark.usefixtures("_released")
@pytest.mark.parametrize("consumers", [2, 8])
def test_row_042_rows_that_do_not_match_do_not_wait_for_each_other(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch, firm: Firm, consumers: int
) -> None:
    """On PostgreSQL, while one consumer matches its row, all the others bring unlike rows to the end."""
    monkeypatch.setenv("MDM_DATABASE_URL", postgresql_url)
    firm.mdm("verify")
    failpoints.arm("merge.after_crosswalk_before_values=hang")
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(post, firm, "hcm", {"id": "1", **ANN})
        assert failpoints.wait_for("merge.after_crosswalk_before_values", 30)

        at_once([(f"s{n}", unlike_worker(n)) for n in range(consumers - 1)])
        assert not slow.done()
        seen = firm.crosswalk("worker")
        failpoints.arm("")
        slow.result(60)

    assert set(seen) == {f"s{n}:B" for n in range(consumers - 1)}
    assert len(set(seen.values())) == consumers - 1
    assert "hcm:1" in firm.crosswalk("worker")
    firm.sound()


@pytest.mark.usefixtures("_released")
def test_row_042_on_sqlite_readers_never_wait_and_a_writer_waits_for_the_one_before_it_alone(
    firm: Firm,
) -> None:
    """SQLite has one writer at a time: an unlike row comes in as soon as the one before it is done."""
    firm.mdm("verify")
    failpoints.arm("merge.after_crosswalk_before_values=hang")
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(post, firm, "hcm", {"id": "1", **ANN})
        assert failpoints.wait_for("merge.after_crosswalk_before_values", 30)

        waiting = pool.submit(post, firm, "erp", {"id": "B0", **BEN})
        seen = firm.crosswalk("worker")
        assert not slow.done()
        assert not waiting.done()
        failpoints.arm("")
        slow.result(60)
        waiting.result(60)

    assert seen == {}
    assert set(firm.crosswalk("worker")) == {"hcm:1", "erp:B0"}
    firm.sound()


UNLIKE_WORKERS = (
    ("Ben", "Okafor"), ("Clara", "Lindqvist"), ("Dmitri", "Volkov"), ("Elena", "Rossi"), ("Farid", "Haddad"),
    ("Gwen", "Llewellyn"), ("Hiro", "Tanaka"),
)  # fmt: skip


def unlike_worker(number: int) -> dict[str, Any]:
    """A worker whom nothing joins with Ann Keller or with one of another number."""
    given, family = UNLIKE_WORKERS[number]
    address = f"{given}.{family}@example.org".casefold()
    born = f"19{70 + number}-0{number + 1}-1{number}"
    return {"id": "B", "given_name": given, "family_name": family, "email": address, "birth_date": born}


def test_row_043_a_consumer_that_dies_leaves_no_half_and_no_double_event(firm: Firm) -> None:
    """Killed before it commits, a consumer holds up nobody; the retry does the work once."""
    path = firm.folder / "ann.csv"
    path.write_text(
        "id,family_name,given_name,email\n1,Keller,Ann,ann.keller@example.org\n", encoding="utf-8"
    )
    command = ["load", "--source", "hcm", "--entity", "worker", str(path)]
    program = "import sys; from mdm.cli import main; main(sys.argv[1:])"
    dead = subprocess.run(
        [sys.executable, "-c", program, *command],
        env=os.environ | {"MDM_FAIL_POINTS": "ingest.after_event=kill"}, cwd=firm.folder,
        capture_output=True, check=False,
    )  # fmt: skip
    assert dead.returncode == -signal.SIGKILL
    assert newest_event(firm) == 0

    post(firm, "erp", {"id": "7", **BEN})
    firm.mdm(*command)
    after = newest_event(firm)
    firm.mdm(*command)

    assert newest_event(firm) == after == 6
    assert len(firm.groups("worker")) == 2
    firm.sound()


def test_row_044_order_cut_and_retries_change_nothing(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows in any order and in any cut, some of them twice, give the same golden records."""
    rows = [
        ("hcm", {"id": "1", "changed_at": "2026-01-01", **ANN}),
        ("erp", {"id": "7", "changed_at": "2026-02-01", **ANN, "given_name": "Anna"}),
        ("hcm", {"id": "2", "changed_at": "2026-01-01", **BEN}),
        ("hcm", {"id": "1", "changed_at": "2026-03-01", **ANN, "email": "anna@example.org"}),
    ]
    found = set()
    for number, order in enumerate(list(permutations(rows))[::5]):
        monkeypatch.setenv("MDM_DATABASE_URL", f"sqlite:///{firm.folder / f'order-{number}.db'}")
        for source, row in (*order, order[0]) if number % 2 else order:
            firm.load(source, "worker", row)
        found.add(_content(firm))

    assert len(found) == 1
    firm.sound()


def _content(firm: Firm) -> str:
    """The golden records by the source records they hold, without the ids that this hub gave them."""
    keys: dict[str, list[str]] = {}
    for key, golden_id in firm.crosswalk("worker").items():
        keys.setdefault(golden_id, []).append(key)
    values = firm.golden("worker")
    plain = [
        (sorted(keys[golden_id]), sorted((k, str(v)) for k, v in row.items() if k != "golden_id"))
        for golden_id, row in values.items()
    ]
    return str(sorted(plain))


def test_row_045_the_same_row_again_changes_nothing(firm: Firm) -> None:
    """An unchanged row makes no version, no event and no task."""
    post(firm, "hcm", {"id": "1", **ANN}, {"id": "2", **BEN})
    before = (newest_event(firm), firm.crosswalk("worker"), firm.tasks("worker"), firm.golden("worker"))

    again = post(firm, "hcm", {"id": "1", **ANN}, {"id": "2", **BEN})

    assert again["counts"]["unchanged"] == 2
    assert (
        newest_event(firm),
        firm.crosswalk("worker"),
        firm.tasks("worker"),
        firm.golden("worker"),
    ) == before


def test_row_046_resolving_again_under_unchanged_rules_writes_nothing(firm: Firm) -> None:
    """A record that is processed again mints no id and rewrites no link."""
    post(firm, "hcm", {"id": "1", **ANN}, {"id": "2", **BEN})
    post(firm, "erp", {"id": "7", **ANN})
    before = (newest_event(firm), firm.crosswalk("worker"))

    firm.mdm("resolve")

    assert (newest_event(firm), firm.crosswalk("worker")) == before
