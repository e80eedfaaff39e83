"""Model and part numbers in titles and texts, however they are divided: "PS-LX350H" is "PSLX350H"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from mdm_matching.semantics.text import folded, words_of_folded
from mdm_matching.semantics.word_tables import word_set

# Pieces with a hyphen, a dot or a slash between them and no blank.
_DIVIDED = re.compile(r"[a-z0-9]+(?:[-./_][a-z0-9]+)+")
_MIXED = re.compile(r"(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]+")
# "Q 320": a letter by itself and a number of some digits.
_LETTER_APART = re.compile(r"\b([a-z]) (\d{3,})\b")
_DIVISION = re.compile(r"[-./_]")
# A piece of more letters is a word: "series-5000", "pre-2010".
_LETTERS = 4
_LEAST = 5
_SHORTEST = 3
# Divided digits are one number from so many on: "010-10609-00".
_LONG = 8
# Letters and digits that a colour or a market adds to a model number, at most.
_SUFFIX = 4
_ADDED = re.compile(rf"[a-z]{{1,{_SUFFIX}}}$")
# "1080p", "250gb", "28135mm" and "1920x1080" measure things; many different ones are alike in that.
_MEASURE = re.compile(rf"\d+(?:{'|'.join(sorted(word_set('model_numbers units')))})|\d+x\d+(?:x\d+)?")


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
    mixed = sum(map(str.isdigit, run)) > 1 and (not run.isdigit() or len(run) >= _LONG)
    return run if mixed and len(run) >= _LEAST and max(letters, default=0) <= _LETTERS else chunk


def is_model_number(word: str) -> bool:
    """Whether a word looks like a model or part number: letters with digits, or a long number; no measure."""
    digits = sum(map(str.isdigit, word))
    looks = len(word) >= _LEAST and digits > 0 and (digits == len(word) or digits > 1)
    return looks and not _MEASURE.fullmatch(word)


def begins_model_number(one: str, other: str) -> bool:
    """Whether one model number is the other with letters behind it, as for a colour or a market.

    "NNSN667W" begins "NNSN667WH"; "DSCW15" does not begin "DSCW150", which is another number.
    """
    short, long = sorted((one, other), key=len)
    after = long[len(short) :]
    return long.startswith(short) and 0 < len(after) <= _SUFFIX and after[0].isalpha()


def model_numbers(tokens: Sequence[str]) -> list[str]:
    """The words that look like model or part numbers, in their order."""
    return [token for token in tokens if is_model_number(token)]


def number_keys(tokens: Sequence[str], count: int) -> list[str]:
    """Block keys of the first model numbers, with and without the letters that a colour or a market adds."""
    found = model_numbers(tokens)[:count]
    stems = [_ADDED.sub("", code) for code in found]
    return [f"c:{code}" for code in (*found, *(stem for stem in stems if is_model_number(stem)))]


def run_keys(value: str, counts_parts: Callable[[str], bool], count: int) -> list[str]:
    """Block keys of what may be a short or a divided model number: "PG-50" is "PG50", "LCS-TWA/R" is one.

    Args:
        value: the text.
        counts_parts: whether a piece numbers a part or a year: "q4-2024" is no model number.
        count: how many keys at most, the first ones.
    """
    text = _LETTER_APART.sub(r"\1-\2", folded(value))
    chunks = [_DIVISION.split(found.group()) for found in _DIVIDED.finditer(text)]
    chunks = [chunk for chunk in chunks if not all(map(counts_parts, chunk))]
    words = [[word] for word in _DIVIDED.sub(" ", text).split() if _MIXED.fullmatch(word)]
    short = (
        chunk for chunk in (*chunks, *words) if all(len(p) <= _LETTERS or not p.isalpha() for p in chunk)
    )
    runs = dict.fromkeys(run for run in map("".join, short) if len(run) >= _SHORTEST)
    return [f"c:{run}" for run in runs if not (run.isdigit() or _MEASURE.fullmatch(run))][:count]
