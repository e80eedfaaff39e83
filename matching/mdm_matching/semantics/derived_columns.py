"""Columns made of other columns: what they say was said already, and must not count twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.semantics.text import words

# What a machine copies it copies exactly; two values in a hundred may have been cut or mended since.
_MADE_OF = 0.98
# So many rows with a value are looked at; from fewer than the least nothing can be told.
_LOOKED_AT = 3_000
_LEAST = 30
# Types outside the groups of names and addresses whose values are words of names as well.
_NAMES = frozenset({"related_organisation", "related_person"})
_WORDY = frozenset({"name", "address"})

_Words = list[frozenset[str]]


def derived(
    columns: Mapping[str, Sequence[str | None]], semantics: Mapping[str, SemanticType]
) -> dict[str, str]:
    """The columns whose words all stand in other columns of the same record, and which those are.

    A first name beside the whole name that begins with it is no second witness: where both agree, agreement
    would count twice. Where parts and their whole are both there, the parts stand if they hold every word
    of the whole, else the whole does. Of two equal columns the first stands.

    Args:
        columns: by name the values of all records in the same order.
        semantics: the semantic types of the columns that are evidence.

    Returns:
        For each column that says nothing new a phrase that names where its words stand, such as "full_name".
    """
    found: dict[str, str] = {}
    families: dict[str, list[str]] = {}
    for name, semantic in semantics.items():
        family = _family(semantic)
        if family:
            families.setdefault(family, []).append(name)
    for names in families.values():
        if len(names) > 1:
            found |= _derived_within(_sampled(columns, names))
    return found


def _family(semantic: SemanticType) -> str:
    """Columns of one family may be made of each other; "" for a type that stands for itself."""
    if semantic.name in _NAMES:
        return "name"
    return semantic.group if semantic.group in _WORDY else ""


def _sampled(columns: Mapping[str, Sequence[str | None]], names: list[str]) -> dict[str, _Words]:
    """The words of each value in some of the rows."""
    rows = len(columns[names[0]])
    step = max(1, rows // _LOOKED_AT)
    return {
        name: [frozenset(words(value)) if value else frozenset() for value in columns[name][::step]]
        for name in names
    }


def _derived_within(told: dict[str, _Words]) -> dict[str, str]:
    holders: dict[str, list[str]] = {name: [] for name in told}
    for part, whole in permutations(told, 2):
        if _stands_in(told[part], told[whole]):
            holders[whole].append(part)
    found: dict[str, str] = {}
    for whole, parts in holders.items():
        smaller = [part for part in parts if part not in found and whole not in holders[part]]
        if len(smaller) > 1 and _stands_in(told[whole], _together([told[part] for part in smaller])):
            found[whole] = " and ".join(smaller)
    order = list(told)
    for whole, parts in holders.items():
        for part in parts:
            copies = whole in holders[part]
            if (
                whole not in found
                and part not in found
                and not (copies and order.index(part) < order.index(whole))
            ):
                found[part] = whole
    return found


def _together(columns: list[_Words]) -> _Words:
    return [frozenset().union(*values) for values in zip(*columns, strict=True)]


def _stands_in(part: _Words, whole: _Words) -> bool:
    """Whether the words of the one column nearly always stand in the other."""
    said = [(one, other) for one, other in zip(part, whole, strict=True) if one]
    return len(said) >= _LEAST and sum(one <= other for one, other in said) >= _MADE_OF * len(said)
