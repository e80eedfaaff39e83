"""What sources say is kept as versions, and the claims that stand are a function of those versions alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlmodel import col

from mdm.event_log import broken_links
from mdm.folding import fold
from mdm.hub import Hub
from mdm.ingest import IncomingRecord, Ingested, Rejected, end_missing, ingest
from mdm.quarantining import quarantine
from mdm.store.decisions import Event
from mdm.store.records import QuarantinedRow, RecordVersion, SourceRecord
from mdm.testing import NOON, record

MONDAY, TUESDAY, WEDNESDAY = (NOON + timedelta(days=days) for days in range(3))


def taken_in(hub: Hub, *records: IncomingRecord, source: str = "crm") -> Ingested:
    with hub.write("test") as uow:
        return ingest(uow, source, "client", records)


def stored(hub: Hub, key: str = "1", source: str = "crm") -> SourceRecord:
    with hub.read() as session:
        query = select(SourceRecord).where(
            col(SourceRecord.source_key) == key, col(SourceRecord.source) == source
        )
        return session.scalars(query).one()


def values(hub: Hub, key: str = "1") -> dict[str, Any]:
    """The claims that stand, without the version ids."""
    return {name: claim["v"] for name, claim in stored(hub, key).claims.items()}


def count(hub: Hub, table: type[RecordVersion] | type[Event] | type[QuarantinedRow]) -> int:
    with hub.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_row_seen_for_the_first_time_is_new(any_hub: Hub) -> None:
    result = taken_in(any_hub, record("1", name="Harbour Pine"))

    found = stored(any_hub)
    assert (result.new, result.changed, result.touched) == (1, 0, {found.id})
    assert found.live
    assert found.claims == {
        "name": {"v": "Harbour Pine", "w": found.current_version_id, "t": NOON.isoformat(), "f": ""}
    }


def test_a_later_row_changes_the_claims_and_keeps_the_version_before(any_hub: Hub) -> None:
    taken_in(any_hub, record("1", MONDAY, name="Harbour Pine", city="Leeds"))

    result = taken_in(any_hub, record("1", TUESDAY, name="Harbour & Pine", city="Leeds"))

    assert (result.new, result.changed, len(result.touched)) == (0, 1, 1)
    assert values(any_hub) == {"name": "Harbour & Pine", "city": "Leeds"}
    assert count(any_hub, RecordVersion) == 2


def test_a_value_keeps_the_version_that_stated_it_first(any_hub: Hub) -> None:
    taken_in(any_hub, record("1", MONDAY, name="Harbour Pine", city="Leeds"))
    first = stored(any_hub).current_version_id
    taken_in(any_hub, record("1", TUESDAY, name="Harbour Pine", city="York"))

    claims = stored(any_hub).claims

    assert (claims["name"]["w"], claims["name"]["t"]) == (first, MONDAY.isoformat())
    assert claims["city"]["t"] == TUESDAY.isoformat()


def test_the_same_row_again_writes_no_version_and_no_event(any_hub: Hub) -> None:
    taken_in(any_hub, record("1", name="Harbour Pine"))
    before = (count(any_hub, RecordVersion), count(any_hub, Event))

    result = taken_in(any_hub, record("1", name="Harbour Pine"))

    assert (result.unchanged, result.touched) == (1, set())
    assert (count(any_hub, RecordVersion), count(any_hub, Event)) == before


def test_an_old_version_that_was_taken_in_before_is_unchanged_also_within_one_batch(any_hub: Hub) -> None:
    old, new = record("1", MONDAY, name="Old"), record("1", TUESDAY, name="New")

    in_one_batch = taken_in(any_hub, old, new, old)
    in_another = taken_in(any_hub, old)

    assert (in_one_batch.unchanged, in_one_batch.outdated, in_another.unchanged) == (1, 0, 1)
    assert count(any_hub, RecordVersion) == 2


def test_a_blank_ends_a_claim_and_a_column_that_is_absent_keeps_it(any_hub: Hub) -> None:
    taken_in(any_hub, record("1", MONDAY, name="Harbour Pine", city="Leeds", phone="+44 20 7946 0101"))

    taken_in(any_hub, record("1", TUESDAY, name="Harbour Pine", city=None))

    assert values(any_hub) == {"name": "Harbour Pine", "phone": "+44 20 7946 0101"}


def test_a_late_old_version_becomes_history(any_hub: Hub) -> None:
    taken_in(any_hub, record("1", TUESDAY, name="New"))
    current = stored(any_hub).current_version_id

    result = taken_in(any_hub, record("1", MONDAY, name="Old", city="Leeds"))

    assert (result.outdated, result.changed) == (1, 0)
    assert stored(any_hub).current_version_id == current
    assert values(any_hub) == {"name": "New", "city": "Leeds"}
    assert stored(any_hub).claims["city"]["t"] == MONDAY.isoformat()


def test_without_a_clock_the_version_received_last_is_current(any_hub: Hub) -> None:
    for name in ("First", "Second", "First"):
        taken_in(any_hub, record("1", None, name=name))

    assert values(any_hub) == {"name": "First"}
    assert count(any_hub, RecordVersion) == 3


def test_equal_clocks_are_decided_by_content_whatever_comes_first(any_hub: Hub) -> None:
    left, right = record("1", name="Left"), record("1", name="Right")
    taken_in(any_hub, left)
    taken_in(any_hub, right)
    taken_in(any_hub, right, source="other")
    taken_in(any_hub, left, source="other")

    names = {stored(any_hub, source=source).claims["name"]["v"] for source in ("crm", "other")}

    assert len(names) == 1


def test_a_deletion_ends_the_record_and_a_later_row_brings_it_back(any_hub: Hub) -> None:
    taken_in(any_hub, record("1", MONDAY, name="Harbour Pine"))

    deleted = taken_in(any_hub, record("1", TUESDAY, deleted=True))
    gone = stored(any_hub)
    taken_in(any_hub, record("1", WEDNESDAY, name="Harbour Pine"))

    assert (deleted.deleted, deleted.touched) == (1, {gone.id})
    assert not gone.live
    assert stored(any_hub).live
    assert stored(any_hub).id == gone.id
    assert count(any_hub, RecordVersion) == 3


def test_a_deletion_that_comes_late_does_not_end_a_newer_record(any_hub: Hub) -> None:
    taken_in(any_hub, record("1", TUESDAY, name="Harbour Pine"))

    result = taken_in(any_hub, record("1", MONDAY, deleted=True))

    assert result.outdated == 1
    assert stored(any_hub).live


def test_records_that_a_full_delivery_lacks_are_ended(any_hub: Hub) -> None:
    taken_in(any_hub, record("1", name="Harbour Pine"), record("2", name="Kestrel Foods"))
    taken_in(any_hub, record("2", name="Kestrel Foods"), source="erp")

    with any_hub.write() as uow:
        ended = end_missing(uow, "crm", "client", {"1"})
    with any_hub.write() as uow:
        again = end_missing(uow, "crm", "client", {"1"})

    assert ended == {stored(any_hub, "2").id}
    assert again == set()
    assert stored(any_hub, "1").live
    assert not stored(any_hub, "2").live
    assert stored(any_hub, "2", "erp").live


@pytest.mark.parametrize("clock", [NOON - timedelta(days=9), None], ids=["with clock", "without"])
def test_a_record_that_a_full_delivery_lacked_comes_back_with_the_row_it_had(
    any_hub: Hub, clock: datetime | None
) -> None:
    row = record("1", clock, name="Harbour Pine")
    taken_in(any_hub, row)
    with any_hub.write() as uow:
        end_missing(uow, "crm", "client", set())

    back = taken_in(any_hub, row)

    assert back.touched == {stored(any_hub).id}
    assert stored(any_hub).live
    assert values(any_hub) == {"name": "Harbour Pine"}
    assert taken_in(any_hub, row).unchanged == 1


def test_a_batch_writes_one_event_that_is_chained(any_hub: Hub) -> None:
    taken_in(any_hub, record("1", name="Harbour Pine"), record("2", name="Kestrel Foods"))
    taken_in(any_hub, record("3", name="Ashdown"))

    with any_hub.read() as session:
        events = list(session.scalars(select(Event).order_by(col(Event.number))))
        assert list(broken_links(session)) == []

    assert [(e.type, e.subject, e.details["count"]) for e in events] == [
        ("records.received", "crm", 2),
        ("records.received", "crm", 1),
    ]
    assert len({e.details["digest"] for e in events}) == 2


def test_a_rejected_row_is_kept_once(any_hub: Hub) -> None:
    rows = [
        Rejected(2, "no id", "id", {"id": "", "name": "Ashdown"}, "crm.csv"),
        Rejected(3, "no date", "signed_on", {"id": "7", "signed_on": "soon"}, "crm.csv"),
    ]
    with any_hub.write() as uow:
        first = quarantine(uow, "crm", "client", [*rows, rows[0]], "")
    with any_hub.write() as uow:
        second = quarantine(uow, "crm", "client", rows, "")

    assert (first, second) == (2, 0)
    assert count(any_hub, QuarantinedRow) == 2


def test_the_same_bad_row_at_another_place_is_another_one(any_hub: Hub) -> None:
    row = Rejected(2, "no id", "id", {"id": ""}, "crm.csv")
    elsewhere = [
        Rejected(3, "no id", "id", {"id": ""}, "crm.csv"),
        Rejected(2, "no id", "id", {"id": ""}, "b.csv"),
    ]

    with any_hub.write() as uow:
        assert quarantine(uow, "crm", "client", [row, *elsewhere], "") == 3


VERSIONS = [
    record("1", MONDAY, name="A", city="Leeds"),
    record("1", TUESDAY, name="B", city=None),
    record("1", TUESDAY + timedelta(hours=1), deleted=True),
    record("1", WEDNESDAY, name="A", phone="+44 20 7946 0101"),
]


def shape(record: SourceRecord) -> tuple[bool, dict[str, tuple[Any, Any, Any]]]:
    """What must not depend on arrival: all but row and version ids."""
    return record.live, {name: (c["v"], c["t"], c["f"]) for name, c in record.claims.items()}


def test_versions_in_any_order_and_cut_give_the_same_claims(any_hub: Hub) -> None:
    orders: Sequence[Sequence[IncomingRecord]] = list(permutations(VERSIONS))
    for number, order in enumerate(orders):
        cut = number % len(VERSIONS)
        taken_in(any_hub, *order[:cut], source=f"source{number}")
        taken_in(any_hub, *order[cut:], source=f"source{number}")

    shapes = [shape(stored(any_hub, source=f"source{number}")) for number in range(len(orders))]

    assert shapes == [
        (
            True,
            {
                "name": ("A", WEDNESDAY.isoformat(), ""),
                "phone": ("+44 20 7946 0101", WEDNESDAY.isoformat(), ""),
            },
        )
    ] * len(orders)


stated = st.dictionaries(
    st.sampled_from(["name", "city", "phone"]), st.one_of(st.none(), st.sampled_from(["x", "y"]))
)
a_version = st.tuples(stated, st.booleans(), st.integers(0, 4))


@given(st.lists(a_version, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_folding_does_not_depend_on_the_order_in_which_versions_came(
    drawn: list[tuple[dict[str, str | None], bool, int]], random: Any
) -> None:
    rows = [IncomingRecord("1", said, NOON + timedelta(days=day), deleted) for said, deleted, day in drawn]
    versions = [
        {
            "id": number,
            "changed_at": row.changed_at,
            "received_at": NOON,
            "content_hash": row.content_hash,
            "deleted": row.deleted,
            "stated": dict(row.values),
            "flags": {},
        }
        for number, row in enumerate({row.content_hash: row for row in rows}.values(), 1)
    ]
    shuffled = list(versions)
    random.shuffle(shuffled)

    assert fold(shuffled) == fold(versions)
