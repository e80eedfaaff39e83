from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from mdm.change_feed import ChangeFilter, changes_after
from mdm.errors import QueryError
from mdm.hub import Hub
from mdm.testing import NOON, hub_at, record, take_in


@pytest.fixture
def busy(database_url: str) -> Iterator[Hub]:
    """A hub in which one client and one worker arrived, and the client changed."""
    hub = hub_at(database_url)
    take_in(hub, "crm", "client", [record("C1", name="Harbour Pine Ltd")])
    take_in(hub, "hr", "worker", [record("W1", given_name="Anna", family_name="Roth")])
    take_in(hub, "crm", "client", [record("C1", NOON + timedelta(hours=1), name="Harbour Pine Limited")])
    yield hub
    hub.close()


def numbers(hub: Hub, after: int, wanted: ChangeFilter | None = None, limit: int = 100) -> list[int]:
    with hub.read() as session:
        return [change.number for change in changes_after(session, after, wanted, limit=limit).changes]


def test_pages_follow_each_other_without_gap_or_repetition(busy: Hub) -> None:
    everything = numbers(busy, 0)
    pages, after = [], 0
    while found := numbers(busy, after, limit=2):
        pages += found
        after = found[-1]

    assert pages == everything == list(range(1, len(everything) + 1))


def test_a_filtered_page_passes_over_what_it_left_out(busy: Hub) -> None:
    with busy.read() as session:
        page = changes_after(session, 0, ChangeFilter(entity_types=frozenset({"worker"})))

    assert {change.entity_type for change in page.changes} == {"worker"}
    assert page.next_after == page.last


@pytest.mark.parametrize(
    ("wanted", "types"),
    [
        (ChangeFilter(types=frozenset({"golden.*"})), {"golden.created", "golden.changed"}),
        (ChangeFilter(types=frozenset({"golden.changed"})), {"golden.changed"}),
        (ChangeFilter(types=frozenset({"golden.%"})), set()),
    ],
    ids=["all that begin so", "exactly one", "a wildcard of SQL is only a letter"],
)
def test_types_are_chosen_by_name_or_beginning(busy: Hub, wanted: ChangeFilter, types: set[str]) -> None:
    with busy.read() as session:
        found = changes_after(session, 0, wanted).changes

    assert {change.type for change in found} == types


def test_changes_are_chosen_by_golden_record(busy: Hub) -> None:
    with busy.read() as session:
        created = changes_after(session, 0, ChangeFilter(types=frozenset({"golden.created"}))).changes
        client = next(change.subject for change in created if change.entity_type == "client")
        found = changes_after(session, 0, ChangeFilter(golden_ids=frozenset({client}))).changes

    assert [change.type for change in found] == ["golden.created", "golden.changed"]


@pytest.mark.parametrize(
    ("after", "limit", "sentence"),
    [(99, 10, "the newest is"), (-1, 10, "the newest is"), (0, 0, "1 to 1,000"), (0, 1001, "1 to 1,000")],
)
def test_a_question_that_makes_no_sense_says_so(busy: Hub, after: int, limit: int, sentence: str) -> None:
    with busy.read() as session, pytest.raises(QueryError, match=sentence):
        changes_after(session, after, limit=limit)
