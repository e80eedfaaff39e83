"""A sample of the campaign S5 on ids of others; `make chaos ARGS='--only S5'` asks about 5,000."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from foreign_ids import CANARY, DOORS, OWN, Probes, exported, probe, still_slow, visited

from mdm.hub import Hub

pytestmark = pytest.mark.timeout(300)  # a machine that does much else at once needs its time

EACH_DOOR = 8
"""Pairs per door; the first of all are not counted, because they load what the later ones find loaded."""

Visit = tuple[TestClient, list[str], Hub]


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """A steward of Germany at a hub with records of France."""
    folder = tmp_path_factory.mktemp("foreign")
    with visited(f"sqlite:///{(folder / 'hub.db').as_posix()}") as found:
        yield found


@pytest.fixture(scope="module")
def probes(visit: Visit) -> Probes:
    """What asking came to."""
    browser, ids, _ = visit
    probe(browser, ids, pairs=2 * len(DOORS), seed=1)
    return probe(browser, ids, pairs=EACH_DOOR * len(DOORS), seed=2)


def test_ids_of_others_are_answered_as_ids_that_nobody_issued(probes: Probes) -> None:
    assert probes.unlike == []
    assert probes.told == []
    assert probes.asked >= (EACH_DOOR - 1) * len(DOORS)


def test_the_time_of_an_answer_does_not_tell_whether_there_is_a_record(visit: Visit, probes: Probes) -> None:
    browser, ids, _ = visit

    slow = still_slow(browser, ids, probes.slow())

    assert slow == {}


def test_an_export_holds_no_record_of_others(visit: Visit) -> None:
    told = exported(visit[2])

    assert CANARY not in told
    assert OWN in told


@pytest.mark.parametrize("door", ["node", "page", "resource", "audit"])
def test_one_s_own_record_comes_through_the_door(visit: Visit, door: str) -> None:
    browser, *_ = visit

    answer = DOORS[door](browser, OWN)

    assert answer.status_code == 200
    assert OWN in answer.text
