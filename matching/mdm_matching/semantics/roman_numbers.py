"""Roman numbers, which tell one of a series from the next: "Phase II", "Acquisition Corp. IV"."""

from __future__ import annotations

ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
    "xi": "11",
    "xii": "12",
}
# Those that are no letters or initials.
SAFE_ROMAN = frozenset(ROMAN) - {"i", "v", "x"}


def with_plain_numbers(tokens: list[str]) -> list[str]:
    """A name's words, its Roman numbers in digits: never the first word, a letter only as the last."""
    last = len(tokens) - 1
    return [
        ROMAN[token] if place and (token in SAFE_ROMAN or (place == last > 1 and token in ROMAN)) else token
        for place, token in enumerate(tokens)
    ]
