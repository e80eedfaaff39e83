from __future__ import annotations

import hashlib
import json
import threading
from datetime import date
from pathlib import Path

import duckdb
import pytest
from publishing_hub import NOON, StoppedClock, all_rows, change_golden, file_target, opened, settings_of

from mdm.errors import UnwritableTargetError
from mdm.store.publishing import OutboxRow, PublicationRun, Receipt
from mdm_sync import publish
from mdm_sync.publishing import publication
from mdm_sync.runs.queue import claim, enqueue
from mdm_sync.targets import file_target as file_target_module


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def begin(hub) -> None:
    """Queue a scheduled run."""
    with hub.database.write(alone=False) as session:
        enqueue(session, "lake", "nightly", NOON)


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_the_manifest_says_what_is_in_the_files(sqlite_url: str, tmp_path: Path, format: str) -> None:
    folder = tmp_path / "out"
    target = file_target(folder, format=format)
    with opened(settings_of(sqlite_url, {"lake": target}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme")
        change_golden(hub, "W1", entity_type="worker", family_name="Curie")
        change_golden(hub, "C2", name="Globex")
        publish(hub, "lake")

    stamp = "20260314T120000Z-000001"
    assert names(folder) == [f"client-{stamp}.{format}", f"manifest-{stamp}.json", f"worker-{stamp}.{format}"]
    manifest = json.loads((folder / f"manifest-{stamp}.json").read_text())
    assert (manifest["target"], manifest["run"], manifest["count"], manifest["format"]) == (
        "lake",
        1,
        3,
        format,
    )
    assert [(f["entity_type"], f["count"], f["first_event"], f["last_event"]) for f in manifest["files"]] == [
        ("client", 2, 1, 3),
        ("worker", 1, 2, 2),
    ]
    for entry in manifest["files"]:
        content = (folder / entry["name"]).read_bytes()
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_parquet_file_has_one_typed_column_per_attribute(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with opened(
        settings_of(sqlite_url, {"lake": file_target(folder, format="parquet")}), StoppedClock()
    ) as hub:
        change_golden(
            hub, "P1", entity_type="project", name="Tunnel", budget=1.5, start_date="2026-03-01", client="C1"
        )
        change_golden(hub, "P2", entity_type="project", name="Bridge")
        change_golden(hub, "P2", entity_type="project", state="merged", into="P1")
        publish(hub, "lake")
    with duckdb.connect() as connection:
        rows = connection.sql(
            "SELECT golden_id, golden_state, golden_version, golden_redirected_to, golden_sources, name,"
            f" budget, start_date, client FROM '{folder}/project-*.parquet' ORDER BY golden_id"
        ).fetchall()

    source = [{"system": "crm", "key": "P1"}]
    assert rows == [
        ("P1", "active", 1, None, source, "Tunnel", 1.5, date(2026, 3, 1), "C1"),
        ("P2", "merged", 2, "P1", [], None, None, None, None),
    ]


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_a_second_attempt_after_a_crash_before_the_manifest_writes_the_same_bytes(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format: str
) -> None:
    folder, clock = tmp_path / "out", StoppedClock()

    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with opened(settings_of(database_url, {"lake": file_target(folder, format=format)}), clock) as hub:
        change_golden(hub, "C1", name="Acme")
        begin(hub)
        monkeypatch.setattr(file_target_module, "write_manifest", crash)
        with pytest.raises(KeyboardInterrupt):
            publish(hub, "lake", run=claim(hub, "first"))
        monkeypatch.undo()
        before = {path.name: path.read_bytes() for path in folder.glob("client-*")}
        change_golden(hub, "C1", name="Acme Corp")
        clock.forward(hours=1)
        publish(hub, "lake", run=claim(hub, "second"))

        assert {path.name: path.read_bytes() for path in folder.glob("client-*")} == before
        # The newer version is for the next run: this one covers what it covered at first.
        assert [row.state for row in all_rows(hub, OutboxRow)] == ["sent", "waiting"]


def test_a_second_attempt_that_finds_the_manifest_writes_nothing_and_settles_all(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"

    def crash(*_arguments: object) -> dict[str, int]:
        raise KeyboardInterrupt

    with opened(settings_of(database_url, {"lake": file_target(folder)}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme")
        change_golden(hub, "C2", name="Globex")
        begin(hub)
        monkeypatch.setattr(publication, "record", crash)
        with pytest.raises(KeyboardInterrupt):
            publish(hub, "lake", run=claim(hub, "first"))
        monkeypatch.undo()
        before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
        result = publish(hub, "lake", run=claim(hub, "second"))

        assert result.delivered == 2
        assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
        assert {row.state for row in all_rows(hub, OutboxRow)} == {"sent"}
        assert len(all_rows(hub, Receipt)) == 2


def test_a_folder_of_another_database_is_not_taken_for_ones_own(tmp_path: Path) -> None:
    folder, clock = tmp_path / "out", StoppedClock()
    for number, name in enumerate(["Acme", "Globex"]):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        with opened(settings_of(url, {"lake": file_target(folder)}), clock) as hub:
            if number:
                change_golden(hub, "C0", name="First")
            change_golden(hub, "C1", name=name)
            if number:
                with pytest.raises(UnwritableTargetError, match="another database"):
                    publish(hub, "lake")
            else:
                publish(hub, "lake")


def test_a_reader_never_sees_a_file_that_is_not_whole(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    done, faults, manifests = threading.Event(), [], set()

    def read() -> None:
        last = False
        while not last:
            last = done.is_set()
            for path in folder.glob("manifest-*.json"):
                manifests.add(path.name)
                for entry in json.loads(path.read_text())["files"]:
                    content = (folder / entry["name"]).read_bytes()
                    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
                        faults.append(entry["name"])
            for path in folder.glob("*.jsonl"):
                content = path.read_bytes()
                if not content.endswith(b"}\n"):
                    faults.append(path.name)

    with opened(settings_of(sqlite_url, {"lake": file_target(folder)}), StoppedClock()) as hub:
        reader = threading.Thread(target=read)
        reader.start()
        try:
            for round in range(8):
                for number in range(20):
                    change_golden(hub, f"C{number}", name=f"{'Acme ' * 200}{round}")
                publish(hub, "lake")
        finally:
            done.set()
            reader.join()

    assert faults == []
    assert len(manifests) == 8
    assert not list(folder.glob(".*"))


def test_a_folder_that_cannot_be_written_is_named_and_nothing_is_lost(
    sqlite_url: str, tmp_path: Path
) -> None:
    blocked = tmp_path / "out"
    blocked.write_text("a file where the folder should be")
    with opened(settings_of(sqlite_url, {"lake": file_target(blocked)}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme")
        with pytest.raises(UnwritableTargetError, match="Cannot write to"):
            publish(hub, "lake")
        blocked.unlink()
        result = publish(hub, "lake")

        assert [run.state for run in all_rows(hub, PublicationRun)] == ["failed", "done"]
        assert result.delivered == 1


def test_a_run_without_changes_leaves_no_file(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with opened(settings_of(sqlite_url, {"lake": file_target(folder)}), StoppedClock()) as hub:
        publish(hub, "lake")

    assert not folder.exists()


def test_a_relative_folder_lies_beside_the_settings_file(sqlite_url: str, tmp_path: Path) -> None:
    target = file_target(Path("published"))
    with opened(settings_of(sqlite_url, {"lake": target}, folder=tmp_path), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme")
        publish(hub, "lake")

    assert len(names(tmp_path / "published")) == 2
