"""Initials: which words of a name a short word stands for."""

from __future__ import annotations

from collections.abc import Sequence

from mdm_matching.semantics.name_words import FUNCTION_WORDS


def initials_run(initials: str, words: Sequence[str]) -> list[int]:
    """The places of the words that follow each other and begin with these initials; none if there are none.

    Articles and the like between them need not count.
    """
    telling = [place for place, word in enumerate(words) if word not in FUNCTION_WORDS]
    for places in (telling, list(range(len(words)))):
        letters = "".join(words[place][0] for place in places)
        begin = letters.find(initials)
        if begin >= 0:
            return places[begin : begin + len(initials)]
    return []
