"""The canonical form of one value, worked out or remembered."""

from __future__ import annotations

from functools import lru_cache

from mdm_matching.semantics.semantic_type import SemanticType, Standard

# Signs of a value that are read; what follows is set aside.
_LONGEST = 10_000
# Values that are remembered, each of at most so many signs: about 80 MB when there are as many.
_REMEMBERED, _SHORT = 2**17, 200

Input = str | None | tuple[str | None, str | None]
"""A value, or a value with its context."""


def canonical(semantic: SemanticType, given: Input) -> Standard | None:
    """The canonical form of a value, or of a value with its context; None if it is no evidence."""
    value, beside = given if isinstance(given, tuple) else (given, "")
    return semantic.standardise(value[:_LONGEST], beside or "") if value else None


def remembered(semantic: SemanticType, given: Input) -> Standard | None:
    """The same, without work for what was asked lately: records that are scored were blocked just before."""
    value = given[0] if isinstance(given, tuple) else given
    if not value or len(value) > _SHORT:
        return canonical(semantic, given)
    return _remembered(semantic, given)


_remembered = lru_cache(maxsize=_REMEMBERED)(canonical)
