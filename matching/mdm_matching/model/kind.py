"""Kinds of pairs: why two records look alike or not.

There is more than being the same thing and having nothing in common: households, namesakes, movers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mdm_matching.semantics.semantic_type import Level, SemanticType

SAME = "same"
DIFFERENT = "different"

# Of all candidate pairs of different things, the share that lives or works together.
_RELATED_SHARE = 0.15
# What agreement on every column of one group may count at most, as a share: 2**-9 is 9 bits.
_GROUP_SHARE = 2.0**-9
# Of all candidate pairs of different things, the share of parents and children of one name and home.
_HEIR_SHARE = 2.0**-11
# Of two namesakes' mail addresses, the share that is made of the name.
_NAMED_SHARE = 0.3
# Of all pairs of the same thing, the share whose address changed in between.
_MOVED_SHARE = 0.1
# Groups (also that of columns in none) and types on which a household or a corporate family agrees.
_RELATED_GROUPS = frozenset({"address", "contact", "relation"})
_RELATED_TYPES = frozenset({"family_name", "organisation_name", "title"})
_PEOPLES_NAMES = frozenset({"given_name", "family_name", "full_name"})
# A town, a country or a postcode alone is no home.
_WIDE_TYPES = frozenset({"city", "region", "country", "postcode"})
_ALIKE_TYPES = frozenset({"organisation_name", "title"})
_PERSONAL_TYPES = frozenset({"email"})
# Bits from which a level says that the whole name is the same.
_WHOLE_NAME = 4.0
_CAPPED_GROUPS = frozenset({"name", "address", "contact"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of candidate pair, such as two members of a household.

    Correlated evidence is weighed through kinds: where a related kind explains the agreement of street, city
    and phone
    as well as sameness does, they count together no more than the kind's rarity, log2(1 / share) bits.

    Attributes:
        name: what a steward reads.
        same: whether the two records of such a pair are the same real thing.
        share: share of this kind among the pairs that are (or are not) the same; above 0, at most 1.
        chance: whether agreement on the columns of `levels` is chance too: rare values count more.
        levels: for the columns on which this kind departs from its side's m or u: the share of each level.
    """

    name: str
    same: bool
    share: float
    chance: bool = False
    levels: Mapping[str, tuple[float, ...]] = field(default_factory=dict[str, tuple[float, ...]])


def default_kinds(semantics: Mapping[str, SemanticType]) -> tuple[Kind, ...]:
    """The kinds a model starts with: plain sameness and difference, households, namesakes.

    Neighbours, the moved.
    """
    same = [_kind("moved", semantics, _address(semantics), _MOVED_SHARE, same=True)]
    different = [_kind("related", semantics, _related(semantics), _RELATED_SHARE, same=False)]
    for group in sorted(_CAPPED_GROUPS):
        members = [name for name, semantic in semantics.items() if semantic.group == group]
        kind = _kind(f"same {group}", semantics, members, _GROUP_SHARE, same=False)
        different.append(_with_named(kind, semantics) if group == "name" else kind)
    heirs = _kind("namesake relatives", semantics, _inherited(semantics), _HEIR_SHARE, same=False)
    different.append(_with_named(heirs, semantics))
    return (*_with_plain(SAME, [k for k in same if k]), *_with_plain(DIFFERENT, [k for k in different if k]))


def _with_plain(name: str, others: list[Kind]) -> tuple[Kind, ...]:
    rest = 1.0 - sum(kind.share for kind in others)
    return (Kind(name, same=name == SAME, share=rest), *others)


def _kind(
    name: str, semantics: Mapping[str, SemanticType], members: list[str], share: float, *, same: bool
) -> Kind | None:
    """A kind whose members look as they do on the other side; None where it could explain nothing."""
    if len(members) < 2 or len(members) == len(semantics):
        return None
    levels = {column: _departing(semantics[column], same=same) for column in members}
    return Kind(name, same=same, share=share, levels=levels)


def _with_named(kind: Kind | None, semantics: Mapping[str, SemanticType]) -> Kind | None:
    """The namesakes, who also have alike whatever is made of their names."""
    if kind is None:
        return None
    made = {name: _named(kind) for name, kind in semantics.items() if kind.named_levels}
    return replace(kind, levels={**kind.levels, **made})


def _named(semantic: SemanticType) -> tuple[float, ...]:
    """The levels of a column on which namesakes agree in part because of their name."""
    named = sum(semantic.levels[place].m for place in semantic.named_levels)
    return tuple(
        _NAMED_SHARE * level.m / named if place in semantic.named_levels else (1 - _NAMED_SHARE) * level.u
        for place, level in enumerate(semantic.levels)
    )


def _departing(semantic: SemanticType, *, same: bool) -> tuple[float, ...]:
    """The levels of a column as on the other side; firms of one family are called alike, not the same."""
    if same:
        return tuple(level.u for level in semantic.levels)
    if semantic.name in _ALIKE_TYPES or not semantic.group:
        return tuple(_family_share(level) for level in semantic.levels)
    return tuple(level.m for level in semantic.levels)


def _family_share(level: Level) -> float:
    """How often two firms of one family show a level: they share the brand, hardly ever the whole name."""
    return 2 * level.u if level.weight >= _WHOLE_NAME else (level.m + 3 * level.u) / 4


def _related(semantics: Mapping[str, SemanticType]) -> list[str]:
    return [
        name
        for name, semantic in semantics.items()
        if (semantic.group in _RELATED_GROUPS and semantic.name not in _PERSONAL_TYPES)
        or semantic.name in _RELATED_TYPES
        or not semantic.group
    ]


def _inherited(semantics: Mapping[str, SemanticType]) -> list[str]:
    """What parent and child may share to the letter; nothing where the records are not people."""
    if not any(semantic.name in _PEOPLES_NAMES for semantic in semantics.values()):
        return []
    homes = [name for name, kind in semantics.items() if kind.group == "address" or kind.name == "phone"]
    names = [name for name, kind in semantics.items() if kind.group == "name"]
    told = {semantics[name].name for name in homes} - _WIDE_TYPES
    return [*names, *homes] if told else []


def _address(semantics: Mapping[str, SemanticType]) -> list[str]:
    return [name for name, semantic in semantics.items() if semantic.group == "address"]
