"""Mailboxes: the name parts of mail addresses, and which of them may be of one person."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.value_pairs import Places, numbered

NOT_A_LETTER = re.compile(r"[^a-z]+")
# A letter and a name make at most so many runs: each name's initial before and after the other.
_RUNS = 4
_NO_RUNS = (-1,) * _RUNS


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """Name parts as numbers; those of the same letters, divided alike, are one spelling.

    Attributes:
        spelling: for each name part the number of its spelling.
        letters: for each spelling the number of its letters.
        long: whether these are more than four.
        names: the number of its names, in any order, if they are two or more; else 0.
        runs: for each spelling of two names the numbers of the letters that an initial and the other name
            make: "jdoe" and "doej" of "jane.doe". -1 where there is none.
    """

    spelling: Places
    letters: Places
    long: NDArray[np.bool_]
    names: Places
    runs: Places

    @classmethod
    def of(cls, parts: Sequence[str]) -> Mailboxes:
        """These name parts."""
        spellings: dict[str, int] = {}
        spelling = np.fromiter(
            (spellings.setdefault(NOT_A_LETTER.sub(" ", part), len(spellings)) for part in parts),
            np.int32,
            len(parts),
        )
        size = len(spellings)
        known: dict[str, int] = {"": 0}
        letters = (known.setdefault(text.replace(" ", ""), len(known)) for text in spellings)
        return cls(
            spelling,
            np.fromiter(letters, np.int32, size),
            np.fromiter((len(text) - text.count(" ") > 4 for text in spellings), np.bool_, size),
            numbered(map(_two_or_more, spellings)),
            _numbers_of_runs(spellings, known),
        )

    def alike(self, left: Places, right: Places) -> NDArray[np.bool_]:
        """Whether two name parts may be of one person: "jane.doe" and "jdoe", "doe.jane", "jane_doe1"."""
        one, other = self.spelling[left], self.spelling[right]
        same_letters = self.letters[one] == self.letters[other]
        found: NDArray[np.bool_] = same_letters & self.long[one]
        rest = np.flatnonzero(~same_letters)
        one, other = one[rest], other[rest]
        names = self.names[one]
        found[rest] = (names > 0) & (names == self.names[other])
        found[rest] |= self._initial_and_name(one, other) | self._initial_and_name(other, one)
        return found

    def _initial_and_name(self, names: Places, run: Places) -> NDArray[np.bool_]:
        """Whether the letters of one are the initial of a name of the other and its other name."""
        found = np.zeros(len(names), np.bool_)
        two = np.flatnonzero(self.runs[names, 0] != -1)
        letters = self.letters[run[two]]
        found[two] = (self.runs[names[two]] == letters[:, None]).any(axis=1)
        return found


def _two_or_more(spelling: str) -> str:
    """The names of a spelling in their order; "" if it is a single one."""
    names = sorted(set(spelling.split()))
    return " ".join(names) if len(names) > 1 else ""


def _numbers_of_runs(spellings: Collection[str], known: Mapping[str, int]) -> Places:
    padded = (number for spelling in spellings for number in _row_of_runs(spelling, known))
    return np.fromiter(padded, np.int32, _RUNS * len(spellings)).reshape(-1, _RUNS)


def _row_of_runs(spelling: str, known: Mapping[str, int]) -> Sequence[int]:
    names = sorted(set(spelling.split())) if " " in spelling else ()
    if len(names) != 2:
        return _NO_RUNS
    found = [known.get(run, -2) for run in _runs(*names)]
    return found + [-1] * (_RUNS - len(found))


def _runs(first: str, second: str) -> Iterator[str]:
    """The runs of letters that an initial and the other of two names make; the name has four letters."""
    for initial, name in ((first, second), (second, first)):
        if len(name) > 3:
            yield initial[0] + name
            yield name + initial[0]
