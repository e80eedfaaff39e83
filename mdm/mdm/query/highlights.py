"""Which words of which values a search text was found by, for whoever searches to see why."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rapidfuzz.distance import JaroWinkler
from sqlmodel import Session

from mdm.access.view import view_of
from mdm.history.when import NOW, When
from mdm.query.records import current_of_type
from mdm.query.search_terms import fold, joined, searched_attributes

if TYPE_CHECKING:
    from mdm.hub import Hub

ALIKE = 0.84
"""Likeness of two words (Jaro-Winkler, 0 to 1) from which one is marked for the other: `pyne`, `pine`."""

SHORTEST = 3
"""Letters with which the beginning of a word marks it."""

WORD = re.compile(r"[^\W_]+(?:['`´’][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a value; all pieces together are the value."""

    text: str
    matched: bool


@dataclass(frozen=True, slots=True)
class Highlight:
    """A value of a golden record that the text was found in.

    Attributes:
        attribute: its name as declared.
        parts: the value in pieces, those alike the text marked.
    """

    attribute: str
    parts: tuple[Part, ...]


def highlights(
    hub: Hub, session: Session, text: str, hits: Collection[tuple[str, str]], when: When = NOW
) -> dict[tuple[str, str], tuple[Highlight, ...]]:
    """Of each hit the values in which words of the text stand, in the order of the declaration.

    Only values that whoever searches may see. A hit by a former name has none.

    Args:
        hits: (entity type, golden id) of each.
    """
    by_type: dict[str, set[str]] = {}
    for entity_type, golden_id in hits:
        by_type.setdefault(entity_type, set()).add(golden_id)
    found: dict[tuple[str, str], tuple[Highlight, ...]] = dict.fromkeys(hits, ())
    for name, ids in by_type.items():
        declared = hub.registry[name]
        open_names = view_of(session).open_part(declared, {a.name: a for a in searched_attributes(declared)})
        for golden_id, row in current_of_type(hub, session, name, ids, when).items():
            values = {attribute: row.values[attribute] for attribute in open_names}
            found[name, golden_id] = _marked(text, values)
    return found


def _marked(text: str, values: Mapping[str, Any]) -> tuple[Highlight, ...]:
    words, whole = fold(text), joined(text)
    marked = []
    for attribute, value in values.items():
        for one in value if isinstance(value, list) else [value]:
            parts = _parts(str(one), words, whole) if one is not None else ()
            if any(part.matched for part in parts):
                marked.append(Highlight(attribute, parts))
    return tuple(marked)


def _parts(value: str, words: Sequence[str], whole: str) -> tuple[Part, ...]:
    if whole and joined(value) == whole:
        return (Part(value, matched=True),)
    parts, end = [], 0
    for word in WORD.finditer(value):
        if _is_meant("".join(fold(word.group())), words):
            parts += [Part(value[end : word.start()], matched=False), Part(word.group(), matched=True)]
            end = word.end()
    return tuple(part for part in (*parts, Part(value[end:], matched=False)) if part.text)


def _is_meant(word: str, words: Sequence[str]) -> bool:
    return any(
        (len(one) >= SHORTEST and word.startswith(one))
        or word == one
        or JaroWinkler.normalized_similarity(word, one) >= ALIKE
        for one in words
        if word
    )
