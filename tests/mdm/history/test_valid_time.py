"""What holds on a day: rows that say from when until when they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from mdm.effective import FROM, TO, slice_at, slices_of
from mdm.export import golden_rows
from mdm.folding import apply, fold
from mdm.golden_ids import golden_id_of
from mdm.history.when import NOW, When
from mdm.hub import Hub
from mdm.ingest import IncomingRecord
from mdm.query.pages import PageRequest, page
from mdm.query.provenance import cells_of
from mdm.replay import replay
from mdm.resolve import resolve
from mdm.store.records import SourceRecord
from mdm.testing import NOON, derived_state, record, take_in
from mdm.verify import verify

LAST_YEAR, NEW_YEAR = date(2025, 12, 31), date(2026, 1, 1)


def on(day: str) -> When:
    return When(as_of=date.fromisoformat(day))


def values_on(hub: Hub, session: Session, entity_type: str, when: When) -> list[dict[str, Any]]:
    return list(golden_rows(session, hub.registry[entity_type], when))


def sound(hub: Hub) -> None:
    with hub.read() as session:
        assert [check.failures for check in verify(hub, session) if check.failures] == []
        before = derived_state(hub, session)
    with hub.write("replay") as uow:
        replay(uow)
    with hub.read() as session:
        assert derived_state(hub, session) == before


def strategy() -> IncomingRecord:
    return record(
        "K", datetime(2020, 1, 2, tzinfo=UTC), code="4711", name="Strategy", valid_from="2020-01-01"
    )


def renamed(hub: Hub) -> None:
    take_in(hub, "erp", "cost_center", [strategy()])
    take_in(
        hub, "erp", "cost_center",
        [record("K", datetime(2026, 1, 5, tzinfo=UTC), code="47", name="Advisory", valid_from="2026-01-01")],
    )  # fmt: skip


def test_a_renamed_cost_center_has_its_old_name_until_the_day_of_the_new_one(any_hub: Hub) -> None:
    renamed(any_hub)

    with any_hub.read() as session:
        golden_id = golden_id_of(session, "cost_center", "erp", "K")
        found = {
            when: [
                (row["golden_id"], row["name"]) for row in values_on(any_hub, session, "cost_center", when)
            ]
            for when in (NOW, on("2019-12-31"), on("2025-12-31"), on("2026-01-01"))
        }
        (cell,) = [
            c
            for c in cells_of(any_hub, session, [golden_id], on("2025-12-31"))[golden_id]
            if c.attribute == "name"
        ]
        listed = page(any_hub, session, "cost_center", PageRequest(when=on("2025-12-31"))).rows

    assert found == {
        NOW: [(golden_id, "Advisory")],
        on("2019-12-31"): [],
        on("2025-12-31"): [(golden_id, "Strategy")],
        on("2026-01-01"): [(golden_id, "Advisory")],
    }
    assert (cell.value, cell.source.key if cell.source else None) == ("Strategy", "K")
    assert [(row.golden_id, row.values["name"]) for row in listed] == [(golden_id, "Strategy")]
    sound(any_hub)


def test_what_was_known_of_a_day_is_asked_for_by_both_clocks(hub: Hub) -> None:
    hub.clock = lambda: NOON
    take_in(hub, "erp", "cost_center", [strategy()])
    hub.clock = lambda: NOON.replace(hour=18)
    renamed(hub)

    with hub.read() as session:
        (before,) = values_on(hub, session, "cost_center", When(NOON, NEW_YEAR))
        (after,) = values_on(hub, session, "cost_center", When(NOON.replace(hour=19), NEW_YEAR))

    assert (before["name"], after["name"]) == ("Strategy", "Advisory")


def test_a_change_of_the_future_counts_from_its_day_on(hub: Hub) -> None:
    take_in(hub, "crm", "client", [record("P", None, name="Harbour Pine", city="Bristol")])
    moved = record("P", None, name="Harbour Pine", city="Leeds", effective_from="2026-04-01")
    take_in(hub, "crm", "client", [moved])

    def city() -> Any:
        with hub.read() as session:
            return {row["name"]: row["city"] for row in values_on(hub, session, "client", NOW)}[
                "Harbour Pine"
            ]

    assert city() == "Bristol"
    sound(hub)
    hub.clock = lambda: NOON.replace(month=4)
    with hub.write() as uow:
        resolve(uow, {})
    assert city() == "Leeds"
    sound(hub)


def test_a_reference_of_a_past_day_follows_its_target(hub: Hub) -> None:
    take_in(
        hub, "crm", "client", [record("C", name="Beta Trading", parent="crm:A", effective_to="2026-01-01")]
    )
    later = datetime(2026, 2, 1, tzinfo=UTC)
    take_in(
        hub,
        "crm",
        "client",
        [record("C", later, name="Beta Trading", parent="crm:B", effective_from="2026-01-01")],
    )
    take_in(hub, "crm", "client", [record("A", name="Alpha Holding"), record("B", name="Omega Group")])

    with hub.read() as session:
        ids = {key: golden_id_of(session, "client", "crm", key) for key in "ABC"}
        parents = {
            when: {row["golden_id"]: row["parent"] for row in values_on(hub, session, "client", when)}[
                ids["C"]
            ]
            for when in (NOW, on("2025-06-01"), on("2026-01-01"))
        }

    assert parents == {NOW: ids["B"], on("2025-06-01"): ids["A"], on("2026-01-01"): ids["B"]}
    sound(hub)


def test_rates_and_assignments_are_listed_on_the_days_they_hold(hub: Hub) -> None:
    take_in(
        hub,
        "psa",
        "rate",
        [record("r", kind="bill", amount=100.0, valid_from="2025-01-01", valid_to="2026-01-01")],
    )
    take_in(
        hub, "psa", "assignment", [record("a", role="Lead", start_date="2025-03-01", end_date="2025-03-31")]
    )

    with hub.read() as session:
        rates = [
            len(values_on(hub, session, "rate", on(d))) for d in ("2024-12-31", "2025-01-01", "2026-01-01")
        ]
        assigned = [len(values_on(hub, session, "assignment", on(d))) for d in ("2025-03-31", "2025-04-01")]

    assert rates == [0, 1, 0]
    assert assigned == [1, 0]
    sound(hub)


days = st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2025, 1, 6)).map(date.isoformat))


@given(
    st.lists(st.tuples(days, days, st.sampled_from("abc")), min_size=1, max_size=6), st.permutations(range(6))
)
def test_the_timeline_says_of_each_day_what_the_newest_row_that_holds_then_states(
    drawn: Sequence[tuple[str | None, str | None, str]], order: Sequence[int]
) -> None:
    versions = [
        {
            "id": number, "changed_at": NOON.replace(day=number + 1), "received_at": NOON,
            "content_hash": str(number), "deleted": False, "flags": {},
            "stated": {"name": name, FROM: first, TO: after},
        }
        for number, (first, after, name) in enumerate(drawn)
    ]  # fmt: skip
    slices = slices_of(versions, apply)
    for day in (date(2024, 12, 31), *(date(2025, 1, n) for n in range(1, 8))):
        holding = [
            name
            for first, after, name in drawn
            if (first and after and after <= first)
            or ((first or "") <= day.isoformat() and (not after or day.isoformat() < after))
        ]
        stated = [piece.claims["name"]["v"] for piece in slices if piece.holds(day)]
        assert stated == holding[-1:]
        shuffled = [versions[n] for n in order if n < len(versions)]
        assert fold(shuffled, day).claims == fold(versions, day).claims
    assert slice_at((), NEW_YEAR) is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"effective_from": "soon"}, "effective_from"),
        ({"effective_from": "2026-02-01", "effective_to": "2026-02-01"}, "is not after"),
        ({"do_not_master": "perhaps"}, "none of true, false"),
    ],
)
def test_a_row_whose_days_make_no_sense_is_quarantined(hub: Hub, fields: dict[str, str], reason: str) -> None:
    from mdm.receiving import receive

    with hub.write() as uow:
        received = receive(uow, "crm", "client", [{"id": "1", "name": "Harbour Pine", **fields}])

    assert received.outcomes[0].status == "quarantined"
    assert reason in received.outcomes[0].reason


def test_a_record_that_its_source_wants_left_out_is_kept_but_has_no_golden_record(hub: Hub) -> None:
    from mdm.receiving import receive

    row = {"id": "1", "name": "Harbour Pine"}
    with hub.write() as uow:
        first = receive(uow, "crm", "client", [row | {"do_not_master": "true"}])
        again = receive(uow, "crm", "client", [row | {"do_not_master": None}])

    assert (first.outcomes[0].status, first.outcomes[0].golden_id) == ("left_out", None)
    assert (again.outcomes[0].status, again.outcomes[0].golden_id is None) == ("stored", False)
    with hub.read() as session:
        assert session.exec(select(col(SourceRecord.live))).all() == [True]
