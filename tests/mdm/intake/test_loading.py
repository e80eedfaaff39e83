from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm import load_batches, loading
from mdm.crosswalk import crosswalk
from mdm.errors import MappingError, NotFoundError, RefusedError, UnknownEntityTypeError, UnreadableFileError
from mdm.hub import Hub
from mdm.load_plan import LoadRequest
from mdm.loading import LoadResult, load_files
from mdm.quarantine_replay import replay_quarantine
from mdm.store.decisions import Event
from mdm.store.records import Load, QuarantinedRow, SourceRecord
from mdm.testing import NOON, hub_at

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def hub(database_url: str) -> Iterator[Hub]:
    hub = hub_at(database_url)
    yield hub
    hub.close()


def load(hub: Hub, *files: Path, entity_type: str = "client", **options: object) -> LoadResult:
    return load_files(hub, LoadRequest(source="crm", entity_type=entity_type, files=files, **options))  # type: ignore[arg-type]  # the caller's options


def records(hub: Hub) -> dict[str, bool]:
    with hub.read() as session:
        query = select(col(SourceRecord.source_key), col(SourceRecord.live))
        return {row[0]: row[1] for row in session.execute(query)}


def count(session: Session, table: type[Load | Event | QuarantinedRow]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_load_takes_in_quarantines_and_resolves(hub: Hub, write: Write) -> None:
    path = write(
        "a.csv", "id,name,changed_at\n1,Acme,\n,Nobody,\n2,Beta,yesterday\n1,Other,\n1,Acme,\n3,Gamma,\n"
    )

    result = load(hub, path)

    assert (result.counts.rows, result.counts.new, result.counts.repeated, result.counts.quarantined) == (
        6,
        2,
        1,
        3,
    )
    assert result.resolved.created == 2
    assert [(r.origin, r.row_number, r.column) for r in result.rejected] == [
        ("a.csv", 3, "id"), ("a.csv", 4, "changed_at"), ("a.csv", 5, "id"),
    ]  # fmt: skip
    with hub.read() as session:
        assert {row.source_key for row in crosswalk(session, "client")} == {"1", "3"}


def test_a_second_run_of_the_same_load_changes_nothing(hub: Hub, write: Write) -> None:
    path = write("a.csv", "id,name\n1,Acme\n2,Beta\n,Nobody\n")
    load(hub, path)
    with hub.read() as session:
        before = count(session, Event), count(session, QuarantinedRow), list(crosswalk(session, "client"))

    result = load(hub, path)

    assert (result.counts.new, result.counts.unchanged, result.counts.quarantined) == (0, 2, 1)
    with hub.read() as session:
        assert (
            count(session, Event),
            count(session, QuarantinedRow),
            list(crosswalk(session, "client")),
        ) == before


def test_a_load_is_kept_with_its_counts(hub: Hub, write: Write) -> None:
    load(hub, write("a.csv", "id,name\n1,Acme\n"), author="anna")

    with hub.read() as session:
        kept = session.scalars(select(Load)).one()
    assert (kept.source, kept.entity_type, kept.origin, kept.author) == ("crm", "client", "a.csv", "anna")
    assert kept.finished_at is not None
    assert kept.counts["new"] == 1


def test_files_are_looked_at_before_any_is_loaded(hub: Hub, write: Write) -> None:
    good, bad = write("a.csv", "id,name\n1,Acme\n"), write("b.csv", b"id,name\n1,M\xfcller\n")

    with pytest.raises(UnreadableFileError):
        load(hub, good, bad)

    assert records(hub) == {}


def test_a_dry_run_counts_and_writes_nothing(hub: Hub, write: Write) -> None:
    load(hub, write("a.csv", "id,name\n1,Acme\n2,Beta\n3,Gamma\n"))
    path = write("b.csv", "id,name,deleted\n1,Acme,\n2,Betta,\n3,,true\n4,New,\n,x,\n")
    with hub.read() as session:
        before = count(session, Event), count(session, Load), count(session, QuarantinedRow)

    counts = load(hub, path, dry_run=True).counts

    assert (counts.new, counts.changed, counts.deleted, counts.quarantined) == (1, 1, 1, 1)
    with hub.read() as session:
        assert (count(session, Event), count(session, Load), count(session, QuarantinedRow)) == before


def test_a_full_load_ends_what_the_files_lack(hub: Hub, write: Write) -> None:
    load(hub, write("a.csv", "id,name\n1,Acme\n2,Beta\n3,Gamma\n"))

    result = load(hub, write("b.csv", "id,name,changed_at\n1,Acme,\n2,Beta,never\n"), full=True)

    assert (result.counts.ended, result.resolved.retired) == (1, 1)
    assert records(hub) == {"1": True, "2": True, "3": False}


def test_a_load_that_is_not_full_ends_nothing(hub: Hub, write: Write) -> None:
    load(hub, write("a.csv", "id,name\n1,Acme\n2,Beta\n"))
    load(hub, write("b.csv", "id,name\n1,Acme\n"))

    assert records(hub) == {"1": True, "2": True}


def test_a_full_load_with_unreadable_rows_ends_nothing_and_says_so(hub: Hub, write: Write) -> None:
    load(hub, write("a.csv", "id,name\n1,Acme\n2,Beta\n"))

    result = load(hub, write("b.csv", "id,name\n1,Acme\n,Beta\n"), full=True)

    assert result.counts.ended == 0
    assert "1 rows have no readable key" in result.notes[0]
    assert records(hub) == {"1": True, "2": True}


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_full_load_without_rows_is_refused(hub: Hub, write: Write, dry_run: bool) -> None:
    load(hub, write("a.csv", "id,name\n1,Acme\n"))

    with pytest.raises(RefusedError, match="with --full every record of the source would end"):
        load(hub, write("b.csv", "id,name\n"), full=True, dry_run=dry_run)

    assert records(hub) == {"1": True}


def test_a_load_cut_short_leaves_whole_batches_and_a_second_run_completes_it(
    hub: Hub, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_batches, "BATCH", 2)
    path = write("a.csv", "id,name\n" + "".join(f"{n},Firm {n}\n" for n in range(7)))
    resolve, calls = loading.resolve, []

    def resolve_twice(*arguments: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return resolve(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(loading, "resolve", resolve_twice)
    with pytest.raises(KeyboardInterrupt):
        load(hub, path)
    assert len(records(hub)) == 4

    monkeypatch.setattr(loading, "resolve", resolve)
    result = load(hub, path)

    assert (result.counts.unchanged, result.counts.new) == (4, 3)
    assert len(records(hub)) == 7


def test_a_load_takes_as_many_rows_into_one_transaction_as_it_is_told(hub: Hub, write: Write) -> None:
    path = write("a.csv", "id,name\n" + "".join(f"{n},Firm {n}\n" for n in range(7)))
    told: list[int] = []
    request = loading.LoadRequest(source="crm", entity_type="client", files=(path,), batch=3)
    loading.load_files(hub, request, lambda name, rows, expected: told.append(rows))

    assert told == [3, 6, 7]


def test_a_key_repeated_in_a_later_batch_is_noticed(
    hub: Hub, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_batches, "BATCH", 2)

    result = load(hub, write("a.csv", "id,name\n1,Acme\n2,Beta\n3,Gamma\n1,Other\n"))

    assert [row.row_number for row in result.rejected] == [5]


def test_an_unknown_entity_type_is_refused_first(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(UnknownEntityTypeError):
        load(hub, tmp_path / "none.csv", entity_type="clint")


def test_a_mapping_of_another_entity_type_is_refused(hub: Hub, write: Write) -> None:
    mapping = write("m.toml", 'entity = "worker"\nkey = "id"\n[attributes]\nemail = "email"\n')

    with pytest.raises(MappingError, match="is for worker, not for client"):
        load(hub, write("a.csv", "id,email\n1,a@acme.de\n"), mapping=str(mapping))


def waiting(hub: Hub) -> list[tuple[int, str]]:
    with hub.read() as session:
        rows = session.scalars(select(QuarantinedRow).order_by(col(QuarantinedRow.id))).all()
        return [(row.row_number, row.state) for row in rows]


def test_rows_that_pass_with_a_mended_mapping_are_settled(hub: Hub, write: Write) -> None:
    text = 'entity = "project"\nkey = "id"\n[attributes]\nname = "name"\nstart_date = "start"\n'
    mapping = write("m.toml", text)
    path = write("a.csv", "id,name,start\n1,Alpha,31/03/2026\n2,Beta,soon\n")
    load(hub, path, entity_type="project", mapping=str(mapping))
    write("m.toml", 'date_formats = ["%d/%m/%Y"]\n' + text)

    result = replay_quarantine(hub)

    assert (result.settled, result.resolved.created, len(result.waiting)) == (1, 1, 1)
    assert waiting(hub) == [(2, "settled"), (3, "waiting")]
    assert replay_quarantine(hub).settled == 0


def test_a_repeated_key_is_settled_only_by_a_person_who_names_the_row(hub: Hub, write: Write) -> None:
    load(hub, write("a.csv", "id,name\n1,Acme\n1,Other\n"))

    assert replay_quarantine(hub).settled == 0
    assert replay_quarantine(hub, [1]).settled == 1


def test_a_row_that_the_source_has_overtaken_is_not_taken_in(hub: Hub, write: Write) -> None:
    moments = iter([NOON.replace(minute=minute) for minute in range(30)])
    hub.clock = lambda: next(moments)
    old = 'entity = "project"\nkey = "id"\n[attributes]\nname = "name"\nstart_date = "start"\n'
    mapping = write("m.toml", old)
    load(
        hub, write("a.csv", "id,name,start\n1,Old,31/03/2026\n"), entity_type="project", mapping=str(mapping)
    )
    load(
        hub, write("b.csv", "id,name,start\n1,New,2026-04-01\n"), entity_type="project", mapping=str(mapping)
    )
    write("m.toml", 'date_formats = ["%d/%m/%Y"]\n' + old)

    result = replay_quarantine(hub)

    assert (result.settled, result.overtaken) == (0, 1)
    with hub.read() as session:
        assert session.scalars(select(SourceRecord)).one().claims["name"]["v"] == "New"


def test_a_row_that_does_not_wait_cannot_be_replayed(hub: Hub) -> None:
    with pytest.raises(NotFoundError, match="No row 7 waits in quarantine"):
        replay_quarantine(hub, [7])
