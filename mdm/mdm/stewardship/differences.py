"""Where two values differ: word by word, and letter by letter where two words are alike."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

LONGEST = 400
"""Characters. Beyond this the two values are not compared letter by letter: nobody reads such a mark."""

ALIKE = 0.5
"""Two words of which at least half agrees are marked by letters, others as a whole."""


class Mark(StrEnum):
    """How two values of one attribute stand to each other."""

    equal = "equal"
    """The same text."""
    alike = "alike"
    """The same but for case, accents, punctuation or spaces."""
    different = "different"
    """Two values that are not the same."""
    left_only = "left_only"
    """Only the left record has a value."""
    right_only = "right_only"
    """Only the right record has a value."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a value; `differs` where the other value does not have it."""

    text: str
    differs: bool


Segments = tuple[Segment, ...]


def differences(left: str, right: str) -> tuple[Segments, Segments]:
    """Both values cut into pieces; the pieces of each side join to its value.

    Of `Harbour Pine` and `Harbor Pine` only the `u` is marked; of `Acme GmbH` and `Acme Ltd` the words `GmbH`
    and `Ltd` as a whole, because they are not alike.
    """
    if left == right or max(len(left), len(right)) > LONGEST:
        whole = left != right
        return _whole(left, differs=whole), _whole(right, differs=whole)
    words = (re.findall(r"\w+|\W", left), re.findall(r"\w+|\W", right))
    matcher = SequenceMatcher(
        None, [w.casefold() for w in words[0]], [w.casefold() for w in words[1]], autojunk=False
    )
    found: tuple[list[Segment], list[Segment]] = ([], [])
    for tag, a, b, c, d in matcher.get_opcodes():
        pieces = ("".join(words[0][a:b]), "".join(words[1][c:d]))
        _letters(pieces, found, words_alike=tag == "equal" or _alike(*pieces))
    return _joined(found[0]), _joined(found[1])


def _alike(left: str, right: str) -> bool:
    return (
        bool(left and right) and Levenshtein.normalized_similarity(left.casefold(), right.casefold()) >= ALIKE
    )


def _letters(
    pieces: tuple[str, str], found: tuple[list[Segment], list[Segment]], *, words_alike: bool
) -> None:
    if not words_alike:
        for piece, side in zip(pieces, found, strict=True):
            side.append(Segment(piece, differs=True))
        return
    for step in Levenshtein.opcodes(*pieces):
        differs = step.tag != "equal"
        found[0].append(Segment(pieces[0][step.src_start : step.src_end], differs))
        found[1].append(Segment(pieces[1][step.dest_start : step.dest_end], differs))


def _whole(text: str, *, differs: bool) -> Segments:
    return (Segment(text, differs),) if text else ()


def _joined(segments: list[Segment]) -> Segments:
    """Neighbours of the same kind become one piece."""
    joined: list[Segment] = []
    for segment in segments:
        if joined and joined[-1].differs == segment.differs:
            joined[-1] = Segment(joined[-1].text + segment.text, segment.differs)
        elif segment.text:
            joined.append(segment)
    return tuple(joined)


def mark_of(left: str | None, right: str | None) -> Mark | None:
    """How two values stand to each other; None if neither side has one."""
    if left is None or right is None:
        return Mark.left_only if left is not None else Mark.right_only if right is not None else None
    if left == right:
        return Mark.equal
    return Mark.alike if _folded(left) == _folded(right) else Mark.different


def _folded(text: str) -> str:
    from anyascii import anyascii

    return re.sub(r"[\W_]+", "", anyascii(text).casefold())
