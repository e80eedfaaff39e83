"""Matches many records of few names within a memory bound; prints what is spilled, the peak and the answer.

    python bounded_run.py BOUND

Sixty records share each name, and each has one other record of the same person: most pairs are none.
"""

from __future__ import annotations

import json
import random
import re
import signal
import sys
from hashlib import blake2b
from pathlib import Path

import numpy as np

from mdm_matching import MatchResult, match
from mdm_matching.semantics import BirthDate, Code, FamilyName, GivenName

ROWS, SHARING = 80_000, 60


def records() -> dict[str, list[str | None]]:
    """Given name, family name, birth date and code of each record, in no order."""
    draw = random.Random(3)
    names = [(_word(draw), _word(draw)) for _ in range(ROWS // SHARING)]
    rows: list[tuple[str | None, ...]] = []
    for number in range(ROWS // 2):
        born = f"{draw.randrange(1940, 2000)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        code = str(draw.randrange(10**8))
        person = (*names[number % len(names)], born)
        rows += [(*person, code), (*person, code if draw.random() < 0.7 else None)]
    draw.shuffle(rows)
    given, family, born_on, codes = map(list, zip(*rows, strict=True))
    return {"given": given, "family": family, "born": born_on, "code": codes}


def _word(draw: random.Random) -> str:
    return "".join(draw.choice("bcdfglmnprst") + draw.choice("aeiou") for _ in range(4))


def answer(found: MatchResult) -> str:
    """A digest of everything that was found."""
    pairs, digest = found.pairs, blake2b()
    for array in (found.labels, pairs.left, pairs.right, pairs.weight, pairs.probability, pairs.levels):
        digest.update(np.ascontiguousarray(array).data)
    digest.update(repr((found.cuts, found.model)).encode())
    return digest.hexdigest()


def peak_bytes() -> int:
    """The most memory that this process has held; getrusage would count what its parent held as well."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found.group(1)) * 1024 if found else 0


def main(bound: str) -> None:
    """Match and print."""
    # Whoever a shell runs in the background ignores Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    told: list[str] = []

    def follow(text: str) -> None:
        told.append(text)
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    semantics = {"given": GivenName(), "family": FamilyName(), "born": BirthDate(), "code": Code()}
    found = match(records(), semantics=semantics, memory=bound or None, progress=follow)
    peak = peak_bytes()
    spilled = [line for line in told if line.startswith("spilled")]
    sys.stdout.write(json.dumps({"peak": peak, "answer": answer(found), "spilled": spilled}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
