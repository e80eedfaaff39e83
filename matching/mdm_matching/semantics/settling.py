"""Canonical forms that stay as they are when they are standardised again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from mdm_matching.semantics.semantic_type import Standard

# A form that still changes after so many rounds is taken as it is.
_ROUNDS = 9


def settled(standardise: Callable[[str], Standard | None], value: str) -> Standard | None:
    """The canonical form of a value, standardised until it no longer changes; None if nothing of it remains.

    Setting a word aside may bring another one to the place where it is set aside as well: "Apt 4, Flat 2".
    """
    found = standardise(value)
    note = found.note if found else ""
    seen: list[Standard] = []
    while found is not None and len(seen) < _ROUNDS:
        again = next((place for place, form in enumerate(seen) if form.text == found.text), None)
        if again is not None:
            # Forms that lead to each other in a circle are one form: the first by its letters.
            found = min(seen[again:], key=lambda form: form.text)
            break
        seen.append(found)
        found = standardise(found.text)
    return replace(found, note=note) if found and note else found
