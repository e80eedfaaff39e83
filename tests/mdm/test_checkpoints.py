"""Signed checkpoints outside the database show what its owner could hide; a program of its own reads them."""

from __future__ import annotations

import ast
import json
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from mdm.checkpoints import checkpoint_file, read_checkpoints, verifier, write_checkpoint
from mdm.errors import InputError
from mdm.event_log import GENESIS, chain_hash, entry_of, export_events
from mdm.hub import Hub, open_hub
from mdm.secret_files import trust_folder
from mdm.settings import Settings
from mdm.store.decisions import Event
from mdm.testing import NOON, hub_at, lift_guards
from mdm.verify import Check
from mdm.verify.outside import checkpoints_hold


@pytest.fixture
def hub(ready_url: str, tmp_path: Path) -> Iterator[Hub]:
    """A hub in which five things happened."""
    made = hub_at(ready_url, trust={"folder": str(tmp_path / "trust")})
    tell(made, 5)
    yield made
    made.close()


def tell(hub: Hub, count: int) -> None:
    with hub.write("anna") as uow:
        for number in range(count):
            uow.emit("thing.happened", "client", f"c{number}", {"ü": ["ß"]})


def wrong(hub: Hub) -> list[str]:
    with hub.read() as session:
        return list(checkpoints_hold(hub, session, Check("")))


def tamper(hub: Hub, *statements: str) -> None:
    with hub.write() as uow:
        lift_guards(uow.session)
        for statement in statements:
            uow.session.execute(text(statement))


def rebuild(hub: Hub) -> None:
    """Chain the whole log anew, as somebody could who owns the database."""
    with hub.write() as uow:
        lift_guards(uow.session)
        before = GENESIS
        for event in uow.session.scalars(select(Event).order_by(col(Event.number))).all():
            event.hash = before = chain_hash(before, entry_of(event))


def verified(hub: Hub, folder: Path) -> tuple[int, str]:
    """What the separate program says of the exported log."""
    events = folder / "events.jsonl"
    with hub.read() as session, events.open("wb") as stream:
        export_events(session, stream)
    keys = sorted(str(path) for path in trust_folder(hub.settings).glob("*.pub"))
    path = checkpoint_file(hub.settings)
    return verifier.main(
        ["--checkpoints", str(path), "--events", str(events), "--public-key", *keys]
    ), events.name


def test_a_checkpoint_says_what_the_log_is(hub: Hub) -> None:
    made = write_checkpoint(hub)

    assert made is not None
    assert (made.count, made.at) == (5, NOON.isoformat(timespec="seconds"))
    assert read_checkpoints(checkpoint_file(hub.settings)) == [made]
    assert wrong(hub) == []


def test_nothing_new_makes_no_second_checkpoint(hub: Hub) -> None:
    assert write_checkpoint(hub) == write_checkpoint(hub)
    assert len(read_checkpoints(checkpoint_file(hub.settings))) == 1


def test_only_the_owner_reads_the_key(hub: Hub) -> None:
    write_checkpoint(hub)

    key = trust_folder(hub.settings) / "checkpoint.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_cut_tail_is_found_although_the_chain_holds(hub: Hub) -> None:
    write_checkpoint(hub)
    tamper(hub, "DELETE FROM event WHERE number = 5")

    assert wrong(hub) == ["checkpoint 1 was signed for 5 events, but the log is shorter"]


def test_a_log_that_was_rebuilt_is_found(hub: Hub, tmp_path: Path) -> None:
    write_checkpoint(hub)
    tamper(hub, "UPDATE event SET author = 'nobody' WHERE number = 2")
    rebuild(hub)

    assert wrong(hub) == ["event 5 is not the one that checkpoint 1 was signed for"]
    assert verified(hub, tmp_path)[0] == 1


def test_a_forged_checkpoint_is_found(hub: Hub) -> None:
    write_checkpoint(hub)
    path = checkpoint_file(hub.settings)
    stated = json.loads(path.read_text())
    path.write_text(json.dumps({**stated, "count": 4}) + "\n")

    assert "was signed by no key" in wrong(hub)[0]

    path.write_text("no checkpoint\n")
    with pytest.raises(InputError, match="Line 1"):
        read_checkpoints(path)
    assert "Line 1" in wrong(hub)[0]


def test_a_rotated_key_leaves_what_it_signed_genuine(hub: Hub, tmp_path: Path) -> None:
    write_checkpoint(hub)
    (trust_folder(hub.settings) / "checkpoint.key").unlink()
    tell(hub, 1)
    write_checkpoint(hub)

    assert len({one.key for one in read_checkpoints(checkpoint_file(hub.settings))}) == 2
    assert wrong(hub) == []
    assert verified(hub, tmp_path)[0] == 0


def test_a_checkpoint_is_due_after_so_many_events_or_minutes(ready_url: str, tmp_path: Path) -> None:
    now = [NOON]
    trust = {"folder": str(tmp_path / "trust"), "checkpoint_events": 10, "checkpoint_minutes": 10}
    settings = Settings(database_url=ready_url, trust=trust)
    hub = open_hub(settings, clock=lambda: now[0])
    path = checkpoint_file(settings)

    tell(hub, 9)
    assert read_checkpoints(path) == []
    tell(hub, 1)
    now[0] += timedelta(minutes=9)
    tell(hub, 1)
    now[0] += timedelta(minutes=2)
    tell(hub, 1)

    assert [one.count for one in read_checkpoints(path)] == [10, 12]
    hub.close()


def test_the_separate_program_agrees_with_a_sound_log(
    hub: Hub, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_checkpoint(hub)
    tell(hub, 2)
    write_checkpoint(hub)

    assert verified(hub, tmp_path) == (0, "events.jsonl")
    assert capsys.readouterr().out == "2 checkpoints, 0 problems\n"


def test_the_separate_program_reads_a_database_file(tmp_path: Path) -> None:
    hub = hub_at(f"sqlite:///{(tmp_path / 'own.db').as_posix()}")
    tell(hub, 3)
    write_checkpoint(hub)
    hub.close()
    folder = trust_folder(hub.settings)

    keys = [str(path) for path in folder.glob("*.pub")]
    arguments = ["--checkpoints", str(folder / "checkpoints.jsonl"), "--sqlite", str(tmp_path / "own.db")]

    assert verifier.main([*arguments, "--public-key", *keys]) == 0


def test_the_separate_program_imports_nothing_of_the_hub() -> None:
    tree = ast.parse(Path(verifier.__file__).read_text("utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }

    assert {name.split(".")[0] for name in imported if name} & {"mdm", "mdm_sync", "mdm_graphql"} == set()


@pytest.mark.parametrize(
    "line", ["", "[]", "{}", "null", '{"count": "5"}', "[" * 100_000, '{"count": 1e400}', "\ud800"],
    ids=["blank", "list", "empty", "null", "text", "deep", "huge", "half"],
)  # fmt: skip
def test_no_line_of_checkpoints_makes_the_separate_program_fail(hub: Hub, line: str) -> None:
    write_checkpoint(hub)
    keys = verifier.public_keys(trust_folder(hub.settings).glob("*.pub"))

    good, found = verifier.genuine([line], keys)

    assert (good, found) == ([], ["checkpoint 1 is not signed by a known key"])
