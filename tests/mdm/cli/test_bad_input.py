"""Bad input by name: one sentence, the right exit code, nothing half-written, and a second run that works."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

Mdm = Callable[..., Any]
LOAD = ("load", "--source", "crm", "--entity", "client")
GOOD = "id,name\n1,Acme\n2,Beta\n"


def held(folder: Path) -> int:
    """How many source records the hub holds."""
    with sqlite3.connect(folder / "mdm.db") as database:
        found: int = database.execute("SELECT count(*) FROM source_record").fetchone()[0]
    database.close()
    return found


def truncated_parquet(folder: Path) -> Path:
    duckdb.sql("SELECT i AS id, 'Acme' AS name FROM range(100) t(i)").write_parquet(str(folder / "a.parquet"))
    content = (folder / "a.parquet").read_bytes()
    (folder / "a.parquet").write_bytes(content[: len(content) // 2])
    return folder / "a.parquet"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(
            b"id,nmae\n1,Acme\n", "has no attribute 'nmae'; the nearest is 'name'", id="unknown column"
        ),
        pytest.param(
            b"id:name\n1:Acme\n", "not parted by comma, semicolon, tab or bar", id="wrong delimiter"
        ),
        pytest.param(b"id,name\n1;Acme\n", "none of the first rows has as many", id="two delimiters"),
        pytest.param(b"id,name\n1,M\xfcller\n", "line 2: byte 0xFC is no UTF-8", id="Latin-1"),
        pytest.param(b"", "a.csv is empty; fetch or write it again", id="empty file"),
    ],
)
def test_a_file_that_cannot_be_used_fails_in_one_sentence_and_its_mended_form_loads(
    mdm: Mdm, folder: Path, content: bytes, says: str
) -> None:
    (folder / "a.csv").write_bytes(content)

    failed = mdm(*LOAD, "a.csv")

    assert (failed.code, failed.out, len(failed.err.splitlines())) == (1, "", 1)
    assert says in failed.sentence
    assert held(folder) == 0

    (folder / "a.csv").write_text(GOOD)
    assert mdm(*LOAD, "a.csv").code == 0
    assert held(folder) == 2


def test_latin_1_loads_once_its_encoding_is_named(mdm: Mdm, folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"id,name\n1,M\xfcller\n")

    assert mdm(*LOAD, "a.csv", "--encoding", "latin-1").code == 0
    assert "Müller" in mdm("export", "--entity", "client").out


def test_a_byte_order_mark_is_no_part_of_the_first_column(mdm: Mdm, folder: Path) -> None:
    (folder / "a.csv").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())

    assert mdm(*LOAD, "a.csv").code == 0


def test_a_truncated_parquet_file(mdm: Mdm, folder: Path) -> None:
    failed = mdm(*LOAD, truncated_parquet(folder))

    assert failed.code == 1
    assert "a.parquet is no complete Parquet file; it may be cut off" in failed.sentence
    assert held(folder) == 0


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        pytest.param(
            "2,Beta,\n2,Other,\n", "row 4: the key stands in the file before", id="duplicate source key"
        ),
        pytest.param("2,Beta,soon\n", 'row 3: changed_at: "soon" is no date', id="a date that is none"),
        pytest.param(",Beta,\n", "row 3: the row has no id", id="no id"),
        pytest.param(f"2,{'x' * 10_000_000},\n", "row 3: the cell holds 10.0 MB", id="10 MB cell"),
        pytest.param("2,Beta\n", "row 3: the row has 2 cells, the header has 3", id="a cell is missing"),
    ],
)
def test_a_bad_row_is_quarantined_and_the_others_are_loaded(
    mdm: Mdm, folder: Path, rows: str, says: str
) -> None:
    (folder / "a.csv").write_text(f"id,name,changed_at\n1,Acme,\n{rows}3,Gamma,\n")

    done = mdm(*LOAD, "a.csv")

    assert done.code == 3
    assert f"Quarantined: a.csv {says}" in done.err
    assert "1 quarantined" in done.out
    assert says.partition(": ")[2] in mdm("quarantine", "list").out
    assert '"3"' in mdm("crosswalk", "--entity", "client", "--format", "jsonl").out


def test_a_date_of_birth_that_is_none(mdm: Mdm, folder: Path) -> None:
    (folder / "a.csv").write_text("id,family_name,birth_date\n1,Okoye,31.02.1990\n")

    done = mdm("load", "--source", "hr", "--entity", "worker", "a.csv")

    assert done.code == 3
    assert 'birth_date: "31.02.1990" is no date; write it as 2026-03-31' in done.err


def test_a_mapping_with_an_unknown_attribute(mdm: Mdm, folder: Path) -> None:
    (folder / "a.csv").write_text(GOOD)
    (folder / "m.toml").write_text('entity = "client"\nkey = "id"\n[attributes]\nnmae = "name"\n')

    failed = mdm(*LOAD, "a.csv", "--mapping", "m.toml")

    assert failed.code == 1
    assert "m.toml, line 4, nmae: client has no attribute 'nmae'; did you mean 'name'?" in failed.sentence
    assert held(folder) == 0


def test_a_locked_database(mdm: Mdm, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "a.csv").write_text(GOOD)
    monkeypatch.setattr("mdm.store.database.BUSY_SECONDS", 0.1)
    other = sqlite3.connect(folder / "mdm.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    failed = mdm(*LOAD, "a.csv")

    other.execute("ROLLBACK")
    other.close()
    assert (failed.code, held(folder)) == (1, 0)
    assert "Another process holds the write lock" in failed.sentence
    assert mdm(*LOAD, "a.csv").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit on the size of a file")
def test_a_full_disk(mdm: Mdm, folder: Path) -> None:
    rows = "".join(f"{n},Firm {n},{'x' * 1500}\n" for n in range(200))
    (folder / "a.csv").write_text(f"id,name,industry\n{rows}")

    failed = _run_limited(folder, 300_000, *LOAD, "a.csv")

    assert failed.returncode == 1
    assert "is full; nothing was written" in failed.stderr.splitlines()[-1]
    assert held(folder) == 0
    assert mdm(*LOAD, "a.csv").code == 0
    assert held(folder) == 200


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit on the size of a file")
def test_a_full_disk_under_an_export_leaves_no_half_a_file(mdm: Mdm, folder: Path) -> None:
    rows = "".join(f"{n},Firm {n},{'x' * 2000}\n" for n in range(100))
    (folder / "a.csv").write_text(f"id,name,industry\n{rows}")
    assert mdm(*LOAD, "a.csv").code == 0
    (folder / "out.csv").write_text("yesterday's")

    failed = _run_limited(folder, 100_000, "export", "--entity", "client", "--out", "out.csv")

    assert failed.returncode == 1
    assert "Cannot write out.csv" in failed.stderr.splitlines()[-1]
    assert (folder / "out.csv").read_text() == "yesterday's"
    assert not list(folder.glob(".out*"))


def _run_limited(folder: Path, limit: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A command that may write no file longer than `limit` bytes, as if the disk ended there."""
    import resource

    program = [sys.executable, "-c", "from mdm.cli import main; main()", *map(str, arguments)]
    return subprocess.run(
        program,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )


def test_a_port_in_use(mdm: Mdm, folder: Path) -> None:
    (folder / "mdm.db").unlink()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        failed = mdm("serve", "--dev", "--port", port)

    assert failed.code == 1
    assert str(port) in failed.sentence
    assert not (folder / "mdm.db").exists()


STOP_IN_THE_SECOND_BATCH = """
import os, signal, sys
# Tests that a shell runs in the background ignore Ctrl-C; the program under test must not.
signal.signal(signal.SIGINT, signal.default_int_handler)
from mdm import load_batches, loading
from mdm.cli import main
load_batches.BATCH, resolve, calls = 2, loading.resolve, []
def resolve_or_stop(*arguments):
    calls.append(1)
    if len(calls) == 2:
        os.kill(os.getpid(), getattr(signal, sys.argv.pop(1)))
    return resolve(*arguments)
loading.resolve = resolve_or_stop
main(sys.argv[2:])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGKILL", "SIGTERM"])
def test_a_load_stopped_in_the_middle_of_a_transaction(mdm: Mdm, folder: Path, name: str) -> None:
    (folder / "a.csv").write_text("id,name\n" + "".join(f"{n},Firm {n}\n" for n in range(5)))
    program = [sys.executable, "-c", STOP_IN_THE_SECOND_BATCH, name, *LOAD, "a.csv"]

    stopped = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)

    assert held(folder) == 2
    if name == "SIGINT":
        assert stopped.returncode == 130
        assert "run the same command again to complete the work" in stopped.stderr.splitlines()[-1]
    else:
        assert stopped.returncode == -getattr(signal, name)
    assert mdm(*LOAD, "a.csv").out.startswith("Loaded 5 rows: 3 new, 2 unchanged.")
    assert mdm("verify").code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("load", "--source", "crm", "--entity", "clint", "a.csv"), "no entity type 'clint'"),
        (("crosswalk", "--entity", "clint"), "no entity type 'clint'"),
        (("export", "--entity", "clint"), "no entity type 'clint'"),
        (("match", "a.csv", "--out", "o.csv", "--entity", "clint"), "no entity type 'clint'"),
        (("steward", "list", "--entity", "clint"), "no entity type 'clint'"),
        (("load", "--foo"), "No such option: --foo; see mdm load --help"),
        (("load", "--source", "crm", "--entity", "client"), "Missing argument"),
        (("lod",), "No such command 'lod'"),
        (("load", "--source", " ", "--entity", "client", "a.csv"), "A source's name is printable"),
        (
            ("load", "--source", "crm", "--entity", "client", "a.csv", "--encoding", "x"),
            "no text encoding 'x'",
        ),
        (("match", "a.csv", "--out", "o.doc"), r"end in .csv, .jsonl or .parquet"),
        (("export", "--entity", "client", "--format", "parquet"), "Parquet goes to a file"),
        (("--config", "none.toml", "verify"), "Cannot read none.toml"),
    ],
)
def test_wrong_usage_is_exit_code_two(mdm: Mdm, folder: Path, arguments: tuple[str, ...], says: str) -> None:
    (folder / "a.csv").write_text(GOOD)

    failed = mdm(*arguments)

    assert (failed.code, failed.out) == (2, "")
    assert says in failed.sentence


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("load", "--source", "crm", "--entity", "client", "none.csv"), "There is no file none.csv"),
        (("load", "--source", "crm", "--entity", "client", "."), "is a folder"),
        (("match", "a.csv", "--out", "o.csv", "--model", "none.json"), "Cannot read the model none.json"),
        (("match", "a.csv", "--out", "o.csv", "--evaluate", "truth"), "No file has a column 'truth'"),
        (("match", "a.csv", "--out", "none/o.csv"), "Cannot write none/o.csv"),
        (("steward", "show", "task-x"), "no task 'task-x'"),
        (("steward", "decide", "task-x", "same"), "no task 'task-x'"),
        (("explain", "crm:1", "crm:2"), "holds no record crm:1"),
        (("lineage", "client-x"), "No golden record has the id 'client-x'"),
        (("quarantine", "replay", "7"), "No row 7 waits"),
    ],
)
def test_what_is_not_there_is_exit_code_one(
    mdm: Mdm, folder: Path, arguments: tuple[str, ...], says: str
) -> None:
    (folder / "a.csv").write_text(GOOD)

    failed = mdm(*arguments)

    assert failed.code == 1
    assert says in failed.sentence


def test_a_reader_that_has_seen_enough_is_no_error(folder: Path, mdm: Mdm) -> None:
    (folder / "a.csv").write_text(
        "id,name,industry\n" + "".join(f"{n},Firm {n},{'x' * 2000}\n" for n in range(200))
    )
    assert mdm(*LOAD, "a.csv").code == 0
    program = [sys.executable, "-c", "from mdm.cli import main; main()", "export", "--entity", "client"]
    with subprocess.Popen(program, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        reader.stdout.close()

        said = reader.stderr.read().decode() if reader.stderr else ""

    assert (reader.returncode, said) == (1, "")


def test_the_umask_is_respected_by_what_is_written(folder: Path, mdm: Mdm) -> None:
    (folder / "a.csv").write_text(GOOD)
    mdm(*LOAD, "a.csv")

    mdm("crosswalk", "--entity", "client", "--out", "out.csv")

    before = os.umask(0)
    os.umask(before)
    assert (folder / "out.csv").stat().st_mode & 0o777 == 0o666 & ~before
