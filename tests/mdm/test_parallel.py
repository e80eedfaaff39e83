"""Work that a second process does: the same results, whatever becomes of that process."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.load_plan import LoadRequest
from mdm.loading import load_files
from mdm.parallel import ahead, beside, both, done, in_two, second_process
from mdm.resolve import evidence, golden_records, scoring, surviving
from mdm.testing import derived_state, hub_at, record, take_in

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no second process without fork")

PARENT = os.getpid()


def squares(numbers: range, at_the_end: Callable[[], None] = lambda: None) -> Callable[[], Work]:
    """Work that asks what is to be added to the squares of these numbers."""

    def begin() -> Work:
        more = yield len(numbers)
        at_the_end()
        return [number**2 + more for number in numbers]

    return begin


Work = Generator[int, int, list[int]]


def test_both_halves_get_the_answer_to_their_own_question():
    found = both(squares(range(3)), squares(range(5)), lambda count: count * 100)

    assert found == ([300, 301, 304], [500, 501, 504, 509, 516])


def test_the_work_of_a_child_that_dies_is_done_here():
    def die() -> None:
        if os.getpid() != PARENT:
            os.kill(os.getpid(), signal.SIGKILL)

    found = both(squares(range(3)), squares(range(4), die), lambda count: count)

    assert found == ([3, 4, 7], [4, 5, 8, 13])


def test_what_goes_wrong_in_the_child_goes_wrong_here_too():
    def fail() -> None:
        raise ValueError("no square")

    with pytest.raises(ValueError, match="no square"):
        both(squares(range(3)), squares(range(4), fail), lambda count: count)


def test_no_child_is_left_behind_when_the_work_here_fails():
    def fail() -> None:
        raise ValueError("no square")

    with pytest.raises(ValueError, match="no square"):
        both(squares(range(3), fail), squares(range(4)), lambda count: count)

    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_work_is_done_here_where_nobody_asked_for_a_second_process_or_a_thread_runs():
    alone = in_two()
    release = threading.Event()
    thread = threading.Thread(target=release.wait)
    with second_process():
        thread.start()
        beside = in_two()
        release.set()
        thread.join()

    assert (alone, beside) == (False, False)
    assert done(squares(range(2)), lambda count: count) == [2, 3]


@pytest.mark.parametrize("last", [0, 3, 99], ids=["dies at once", "dies on the way", "lives"])
def test_items_come_once_and_in_order_though_the_process_that_makes_them_dies(last: int):
    def numbers() -> Iterator[int]:
        for number in range(6):
            if number == last and os.getpid() != PARENT:
                os.kill(os.getpid(), signal.SIGKILL)
            yield number

    with second_process():
        found = list(ahead(numbers))

    assert found == [0, 1, 2, 3, 4, 5]


def test_work_beside_a_block_is_done_here_if_its_process_dies():
    def work() -> int:
        if os.getpid() != PARENT:
            os.kill(os.getpid(), signal.SIGKILL)
        return 7

    with second_process(), beside(work) as result:
        found = result()

    assert found == 7


def test_items_that_cannot_be_made_fail_where_they_are_asked_for():
    def numbers() -> Iterator[int]:
        yield 1
        raise ValueError("no number")

    with second_process(), pytest.raises(ValueError, match="no number"):
        list(ahead(numbers))


@given(
    pairs=st.sets(st.tuples(st.integers(1, 30), st.integers(31, 60)), max_size=60),
    most=st.integers(1, 12),
    even=st.booleans(),
)
def test_parts_of_pairs_hold_every_pair_once_and_part_no_left_record(pairs, most, even):
    rows = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "AT_ONCE", most)
        parts = list(scoring.slices(rows, even=even))

    lefts = [set(part[:, 0].tolist()) for part in parts]
    assert [tuple(pair) for part in parts for pair in part.tolist()] == sorted(pairs)
    assert sum(map(len, lefts)) == len(set().union(*lefts))
    assert all(len(left) <= most for left in lefts)


def test_two_processes_find_what_one_does(empty_database: Path, tmp_path: Path, monkeypatch):
    """Given a firm with doubles, when a second process scores, chooses and finds terms, nothing differs."""
    with second_process():
        if not in_two():
            pytest.skip("one core, or not Linux")
    monkeypatch.setattr(scoring, "MANY", 2)
    monkeypatch.setattr(golden_records, "MANY", 2)
    monkeypatch.setattr(surviving, "MANY", 2)
    fork, forked = os.fork, []
    monkeypatch.setattr(os, "fork", lambda: forked.append(1) or fork())
    states = [
        loaded(empty_database, tmp_path / f"{name}.db", processes)
        for name, processes in (("one", nullcontext()), ("two", second_process()))
    ]

    assert states[0] == states[1]
    assert len(forked) == 6  # scores, values and terms, of either source


def loaded(empty: Path, own: Path, processes: AbstractContextManager[None]) -> object:
    """What is derived of six clients of two sources each."""
    shutil.copy(empty, own)
    hub = hub_at(f"sqlite:///{own.as_posix()}")
    words = ("Harbour", "Kestrel", "Larch", "Orchard", "Quarry", "Sable")
    with processes:
        for source in ("crm", "erp"):
            rows = [
                record(str(k), name=f"{word} Pine Ltd", phone=f"+44 20 7946 01{k:02}", city="Leeds")
                for k, word in enumerate(words)
            ]
            take_in(hub, source, "client", rows)
    with hub.read() as session:
        state = derived_state(hub, session)
    hub.close()
    return state


@pytest.mark.parametrize("again", [False, True], ids=["new", "delivered again, half of it changed"])
def test_evidence_made_ahead_is_that_of_the_records(
    empty_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: bool
):
    """Given files of several batches, when the next batch is standardised ahead, then nothing differs."""
    with second_process():
        if not in_two():
            pytest.skip("one core, or not Linux")
    taken: list[bool] = []
    known = evidence.ready_for
    monkeypatch.setattr(evidence, "ready_for", lambda *asked: taken.append(found := known(*asked)) or found)
    states = [
        delivered(empty_database, tmp_path / name, batch, again=again)
        for name, batch in (("1", 1000), ("3", 3))
    ]

    assert states[0] == states[1]
    assert sum(found is not None for found in taken) == 2 * 4  # both sources in four batches


def delivered(empty: Path, folder: Path, batch: int, *, again: bool) -> object:
    """What is derived of ten clients of two sources each, loaded from files in batches."""
    folder.mkdir()
    shutil.copy(empty, folder / "mdm.db")
    hub = hub_at(f"sqlite:///{(folder / 'mdm.db').as_posix()}")
    words = ("Harbour", "Kestrel", "Larch", "Orchard", "Quarry", "Sable", "Tern", "Umber", "Vale", "Wharf")
    for cities in (("Leeds",), ("Leeds", "York"))[: 1 + again]:
        for source in ("crm", "erp"):
            rows = [f"{k},{word} Pine Ltd,{cities[k % len(cities)]}" for k, word in enumerate(words)]
            file = folder / f"{source}.csv"
            file.write_text("\n".join(["id,name,city", *rows]), encoding="utf-8")
            load_files(hub, LoadRequest(source=source, entity_type="client", files=(file,), batch=batch))
    with hub.read() as session:
        state = derived_state(hub, session)
    hub.close()
    return state
