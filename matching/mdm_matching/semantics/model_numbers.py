"""Model and part numbers in titles and texts, however they are divided: "PS-LX350H" is "PSLX350H"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from mdm_matching.semantics.text import folded, words_of_folded

# Pieces with a hyphen, a dot or a slash between them and no blank.
_DIVIDED = re.compile(r"[a-z0-9]+(?:[-./_][a-z0-9]+)+")
_DIVISION = re.compile(r"[-./_]")
# A piece of more letters is a word: "series-5000", "pre-2010".
_LETTERS = 4
_LEAST = 5


def words_with_model_numbers(value: str, counts_parts: Callable[[str], bool]) -> list[str]:
    """The words of a text, in which a model number divided by hyphens, dots or slashes is one word.

    Args:
        value: the text.
        counts_parts: whether a piece numbers a part or a year ("lot", "q4", "2024"); then the pieces stay
            apart.
    """
    return words_of_folded(_DIVIDED.sub(lambda found: _joined(found.group(), counts_parts), folded(value)))


def _joined(chunk: str, counts_parts: Callable[[str], bool]) -> str:
    pieces = _DIVISION.split(chunk)
    if any(map(counts_parts, pieces)):
        return chunk
    letters = [len(piece) for piece in pieces if piece.isalpha()]
    run = "".join(pieces)
    mixed = not run.isdigit() and sum(map(str.isdigit, run)) > 1
    return run if mixed and len(run) >= _LEAST and max(letters, default=0) <= _LETTERS else chunk


def is_model_number(word: str) -> bool:
    """Whether a word looks like a model or part number: letters with digits, or a long number."""
    digits = sum(map(str.isdigit, word))
    return len(word) >= _LEAST and digits > 0 and (digits == len(word) or digits > 1)


def model_numbers(tokens: Sequence[str]) -> list[str]:
    """The words that look like model or part numbers, in their order."""
    return [token for token in tokens if is_model_number(token)]
