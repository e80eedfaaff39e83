"""An erased subject leaves no trace, its ids resolve, its twin stays, and it does not come back."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, select, text
from sqlmodel import SQLModel, col

from mdm.decide import RecordKey, decide_records
from mdm.erasure import clean, erase
from mdm.erasure.traces import tables_not_considered
from mdm.errors import AlreadyDecidedError, SettingsError, UnknownGoldenIdError
from mdm.golden_ids import golden_id_of, resolve_id
from mdm.hub import Hub
from mdm.receiving import receive
from mdm.replay import replay
from mdm.resolve.conflicts import task_id
from mdm.secret_files import trust_folder
from mdm.store.decisions import Event, TaskNote
from mdm.store.derived import DERIVED, GoldenRecord, Task
from mdm.store.publishing import OutboxRow, Receipt
from mdm.store.records import QuarantinedRow, SourceRecord
from mdm.testing import NOON, derived_state, hub_at, record, take_in
from mdm.verify import verify

ANN = {
    "given_name": "Annqx", "family_name": "Zwingliqx", "email": "annqx@zwingli-qx.example",
    "birth_date": "1971-02-03",
    "phone": "+41 44 668 18 00", "city": "Qxstadt", "street": "Qxgasse 17", "job_title": "Qxanalyst",
}  # fmt: skip
TWIN = {**ANN, "given_name": "Bertaqy", "email": "bertaqy@zwingli-qy.example", "job_title": "Engineer"}
TRACES = ("Annqx", "annqx", "zwingli-qx", "Qxanalyst", "KQX-1", "KQX-2", "dearqx")


@pytest.fixture
def hub(ready_url: str, tmp_path: Path) -> Iterator[Hub]:
    """A hub that publishes, and keeps its keys in a folder of the test's own."""
    targets = {"lake": {"kind": "file", "path": str(tmp_path / "lake")}}
    made = hub_at(ready_url, targets=targets, trust={"folder": str(tmp_path / "trust")})
    yield made
    made.close()


def fill(hub: Hub) -> str:
    """Bring the subject in through every path there is; her golden id."""
    later = NOON + timedelta(days=1)
    take_in(
        hub, "hcm", "worker", [record("KQX-1", **ANN), record("T-1", **TWIN), record("M", family_name="Moor")]
    )
    take_in(hub, "psa", "worker", [record("KQX-2", **ANN), record("KQX-3", later, **TWIN)])
    take_in(hub, "hcm", "worker", [record("KQX-1", later, **{**ANN, "city": "Qxdorf"})])
    take_in(hub, "psa", "project", [record("P", name="Payroll", manager="hcm:KQX-1")])
    with hub.write("web") as uow:
        rows = [
            {"id": "KQX-1", "birth_date": "no date", **{k: v for k, v in ANN.items() if k != "birth_date"}}
        ]
        receive(uow, "hcm", "worker", rows)
        one, other = RecordKey("worker", "hcm", "KQX-1"), RecordKey("worker", "hcm", "M")
        decide_records(uow, one, other, "distinct", reason="dearqx is not Moor")
        golden = golden_id_of(uow.session, "worker", "hcm", "KQX-1")
        moor = golden_id_of(uow.session, "worker", "hcm", "M")
        note = TaskNote(
            task_id=task_id("worker", golden, moor), kind="comment", text="dearqx called", author="a", at=NOON
        )
        said = Receipt(
            target="lake", golden_id=golden, entity_type="worker", version=1, event_id="e", attempt=1,
            outcome="failed", at=NOON, details={"status": 400, "answer": "Annqx is unknown"},
        )  # fmt: skip
        uow.session.add_all([note, said])
    return golden


def everything(hub: Hub) -> str:
    """Every cell of every table as text."""
    with hub.read() as session:
        tables = inspect(session.connection()).get_table_names()
        return "\n".join(
            str(tuple(row)) for name in tables for row in session.execute(text(f"SELECT * FROM {name}"))
        )


def erased(hub: Hub, golden_id: str) -> Any:
    with hub.write("officer") as uow:
        return erase(uow, golden_id, reason="request 7")


def failures(hub: Hub) -> dict[str, list[str]]:
    with hub.read() as session:
        return {check.name: check.failures for check in verify(hub, session) if check.failures}


def test_no_table_holds_a_trace_of_an_erased_subject(hub: Hub) -> None:
    golden = fill(hub)
    before = everything(hub)
    assert [trace for trace in TRACES if trace not in before] == []

    done = erased(hub, golden)

    after = everything(hub)
    # Another system's own row may still name the key of the one it once referred to.
    after = after.replace("'hcm:KQX-1'", "").replace('"hcm:KQX-1"', "").replace("'hcm', 'KQX-1'", "")
    assert [trace for trace in TRACES if trace in after] == []
    assert done.golden_ids[0] == golden
    assert failures(hub) == {}


def test_no_page_of_the_database_file_holds_a_trace(hub: Hub) -> None:
    if not hub.database.is_sqlite:
        pytest.skip("a server's files are not the hub's to read")
    golden = fill(hub)
    erased(hub, golden)

    clean(hub.database)

    path = Path(str(hub.database.url.database))
    content = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    assert [t for t in TRACES if t.encode() in content and t != "KQX-1"] == []


def test_the_id_resolves_and_the_targets_are_told(hub: Hub) -> None:
    golden = fill(hub)

    erased(hub, golden)

    with hub.read() as session:
        assert resolve_id(session, golden).state == "erased"
        assert session.get_one(GoldenRecord, golden).state == "erased"
        newest = session.scalars(
            select(Event).where(col(Event.subject) == golden).order_by(col(Event.number))
        ).all()[-1]
        told = session.scalars(select(OutboxRow).where(col(OutboxRow.event_number) == newest.number)).all()
    assert newest.type == "golden.erased"
    assert [row.target for row in told] == ["lake"]


def test_the_twin_is_untouched(hub: Hub) -> None:
    golden = fill(hub)
    with hub.read() as session:
        twin = golden_id_of(session, "worker", "hcm", "T-1")
        before = (session.get_one(GoldenRecord, twin).cells, session.get_one(GoldenRecord, twin).version)

    erased(hub, golden)

    with hub.read() as session:
        after = (session.get_one(GoldenRecord, twin).cells, session.get_one(GoldenRecord, twin).version)
    assert after == before


def test_an_erased_subject_that_a_source_sends_again_is_refused_without_a_trace(hub: Hub) -> None:
    erased(hub, fill(hub))
    took, _ = take_in(hub, "crm", "worker", [record("new", **ANN), record("T-9", **TWIN)])
    same, _ = take_in(hub, "hcm", "worker", [record("KQX-1", given_name="Other", family_name="Person")])

    assert (took.refused, took.new, same.refused, same.new) == (1, 1, 1, 0)
    assert "annqx@" not in everything(hub)


def test_a_former_address_that_somebody_else_holds_is_not_the_subjects_own(hub: Hub) -> None:
    address = "desk@shared-qz.example"
    take_in(hub, "hcm", "worker", [record("A", given_name="Ines", family_name="Moor", email=address)])
    take_in(hub, "psa", "worker", [record("B", given_name="Paul", family_name="Okafor", email=address)])
    later = NOON + timedelta(days=1)
    take_in(hub, "psa", "worker", [record("B", later, given_name="Paul", family_name="Okafor", email=None)])
    with hub.write("officer") as uow:
        erase(uow, golden_id_of(uow.session, "worker", "psa", "B"), reason="asked for")

    took, _ = take_in(
        hub, "psa", "worker", [record("C", given_name="Ines", family_name="Moor", email=address)]
    )

    assert (took.refused, took.new) == (0, 1)


def test_a_program_is_told_that_its_record_is_refused(hub: Hub) -> None:
    erased(hub, fill(hub))

    with hub.write("web") as uow:
        received = receive(
            uow, "hcm", "worker", [{"id": "KQX-1", **ANN}, {"id": "KQX-1", "birth_date": "x", **ANN}]
        )

    assert received.outcomes[0].status == "refused"
    with hub.read() as session:
        assert [row for row in session.scalars(select(QuarantinedRow.row)) if row] == []


def test_the_settings_may_let_an_erased_subject_come_back_under_a_new_id(
    ready_url: str, tmp_path: Path
) -> None:
    hub = hub_at(ready_url, trust={"folder": str(tmp_path / "trust"), "erased_again": "create"})
    golden = fill(hub)
    erased(hub, golden)

    take_in(hub, "hcm", "worker", [record("KQX-1", **ANN)])

    with hub.read() as session:
        again = golden_id_of(session, "worker", "hcm", "KQX-1")
        assert again != golden
        assert resolve_id(session, golden).state == "erased"
    assert failures(hub) == {}
    hub.close()


def test_without_its_key_nobody_is_taken_in_unseen(hub: Hub, tmp_path: Path) -> None:
    erased(hub, fill(hub))
    key = trust_folder(hub.settings) / "erasure.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()

    with pytest.raises(SettingsError, match=r"erasure\.key is missing"):
        take_in(hub, "hcm", "worker", [record("KQX-1", **ANN)])


def test_a_replay_after_an_erasure_changes_nothing(hub: Hub) -> None:
    erased(hub, fill(hub))
    with hub.write() as uow:
        before = derived_state(hub, uow.session)

        replay(uow)

        assert derived_state(hub, uow.session) == before


def test_a_subject_is_erased_once(hub: Hub) -> None:
    golden = fill(hub)
    erased(hub, golden)

    with pytest.raises(AlreadyDecidedError, match="erased before"):
        erased(hub, golden)
    with pytest.raises(UnknownGoldenIdError):
        erased(hub, "worker-unknown")


def test_a_retired_subject_can_be_erased(hub: Hub) -> None:
    golden = fill(hub)
    for source, key in (("hcm", "KQX-1"), ("psa", "KQX-2")):
        take_in(hub, source, "worker", [record(key, NOON + timedelta(days=9), deleted=True)])
    with hub.read() as session:
        assert resolve_id(session, golden).state == "retired"

    erased(hub, golden)

    with hub.read() as session:
        assert resolve_id(session, golden).state == "erased"
        assert not [r for r in session.scalars(select(SourceRecord)) if "Annqx" in str(r.claims)]
        assert session.scalars(select(Task).where(col(Task.left_golden) == golden)).all() == []
    assert failures(hub) == {}


def test_of_every_kept_table_somebody_has_said_whether_it_holds_values() -> None:
    tables = [mapper.class_ for mapper in SQLModel._sa_registry.mappers]

    assert tables_not_considered([t for t in tables if t not in DERIVED]) == set()
