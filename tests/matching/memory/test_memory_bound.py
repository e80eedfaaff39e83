"""The bound on memory is kept, and what goes to a file for it changes no bit of the answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from io import FileIO, RawIOBase
from pathlib import Path

import numpy as np
import pytest

from mdm_matching import match
from mdm_matching.errors import MemoryBoundError
from mdm_matching.memory import Memory, read_size
from mdm_matching.memory.sizes import default_bound, resident
from mdm_matching.memory.writer import Writer

MATCHING = Path(__file__).with_name("bounded_run.py")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


def matched(memory: str, folder: Path) -> dict[str, object]:
    """What matching many records of few names took and gave, in a process of its own."""
    environment = {**os.environ, "TMPDIR": str(folder)}
    printed = subprocess.check_output([sys.executable, str(MATCHING), memory], text=True, env=environment)
    found: dict[str, object] = json.loads(printed.splitlines()[-1])
    return found


@linux
def test_a_bound_is_kept_and_the_answer_stays_the_same_to_the_last_bit(tmp_path):
    free = matched("", tmp_path)
    bound = int(0.75 * int(str(free["peak"])))
    bounded = matched(str(bound), tmp_path)

    assert int(str(bounded["peak"])) <= bound < int(str(free["peak"]))
    assert bounded["answer"] == free["answer"]
    assert (free["spilled"], list(tmp_path.iterdir())) == ([], [])
    assert any(line.startswith("spilled levels of agreement: ") for line in bounded["spilled"])


@linux
def test_nothing_is_left_in_the_temporary_folder_after_an_interrupt(tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, str(MATCHING), "170M"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        spilled = next(line for line in process.stdout if line.startswith("spilled"))
        process.send_signal(signal.SIGINT)

    assert spilled.endswith(f"{tmp_path}\n")
    assert process.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_a_bound_that_is_taken_up_already_is_refused_with_what_to_do():
    with pytest.raises(MemoryBoundError, match=r"needed so far and 10 MB are allowed: allow .* MB or more"):
        match({"name": ["Anna Bell", "Anna Bell"]}, memory="10M")


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("800M", 800_000_000),
        ("1.2G", 1_200_000_000),
        ("2GiB", 2**31),
        ("512 kb", 512_000),
        (4096, 4096),
        ("7b", 7),
    ],
)
def test_sizes_are_read_as_people_write_them(written, size):
    assert read_size(written) == size


@pytest.mark.parametrize("nonsense", ["", "much", "-1G", "0", "1.2.3M", "3X"])
def test_what_is_no_size_is_refused(nonsense):
    with pytest.raises(MemoryBoundError, match="write it like 800M"):
        read_size(nonsense)


def test_without_a_bound_more_may_be_held_than_is_held():
    assert default_bound() > resident() > 0


@pytest.mark.parametrize("bound", ["1T", None])
def test_an_array_that_fits_stays_in_memory(bound):
    said: list[str] = []
    writer = Writer(Memory.of(bound, said.append), "numbers", np.zeros((0, 3), np.int32))
    parts = [np.arange(9, dtype=np.int32).reshape(3, 3), np.zeros((0, 3), np.int32)]
    for part in parts:
        writer.add(part)

    assert writer.done().tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert said == []


def test_an_array_that_does_not_fit_goes_to_a_file_and_reads_the_same():
    said: list[str] = []
    memory = Memory(bound=resident() + 1, say=said.append)
    writer = Writer(memory, "numbers", np.zeros((0, 2), np.int64))
    expected = np.arange(400_000, dtype=np.int64).reshape(-1, 2)
    for begin in range(0, 200_000, 70_000):
        writer.add(expected[begin : begin + 70_000])

    found = writer.done()
    memory.release()

    assert np.array_equal(found, expected)
    assert said == [f"spilled numbers: 3 MB in {tempfile.gettempdir()}"]
    assert memory.waiting == 0


def _full_file(**_: object) -> RawIOBase:
    return FileIO("/dev/full", "w")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_temporary_folder_without_room_is_an_error_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr(tempfile, "TemporaryFile", _full_file)
    writer = Writer(Memory(bound=1), "numbers", np.zeros(0, np.int64))

    with pytest.raises(MemoryBoundError, match="set TMPDIR"):
        writer.add(np.zeros(1_000_000, np.int64))
