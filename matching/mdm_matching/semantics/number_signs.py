"""Identifiers as signs: letters and digits, prefix, digits without leading zeros."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.semantic_type import Standard
from mdm_matching.semantics.string_measures import edits
from mdm_matching.semantics.text import folded

_NOT_SIGN = re.compile(r"[^a-z0-9]")
_NOT_DIGIT = re.compile(r"[^0-9]")


def signs(value: str) -> str:
    """Lower-case letters and digits of an identifier, nothing else; "" if it has no sign but zeros."""
    text = value.lower()
    if not (text.isascii() and text.isalnum()):
        text = _NOT_SIGN.sub(
            "", folded(text.strip().removesuffix(".0") if text.replace(".", "").isdigit() else text)
        )
    return "" if set(text) <= {"0"} else text


def digits_of(text: str) -> str:
    """The digits of an identifier without leading zeros."""
    return text.lstrip("0") if text.isdigit() else _NOT_DIGIT.sub("", text).lstrip("0")


def one_apart(left: Sequence[Standard], right: Sequence[Standard], *, shortest: int = 4) -> NDArray[np.bool_]:
    """Whether two identifiers of at least `shortest` signs differ by one sign or two swapped neighbours."""
    one, other = [v.text for v in left], [v.text for v in right]
    sizes = np.fromiter((min(len(a), len(b)) for a, b in zip(one, other, strict=True)), np.int32, len(one))
    return (edits(one, other, most=1) <= 1) & (sizes >= shortest)


def first_parts_equal(
    left: Sequence[Standard], right: Sequence[Standard], *, shortest: int = 1
) -> NDArray[np.bool_]:
    """Whether the first parts are equal and have at least `shortest` signs."""
    pairs = zip(left, right, strict=True)
    return np.fromiter(
        (a.parts[0] == b.parts[0] and len(a.parts[0]) >= shortest for a, b in pairs), np.bool_, len(left)
    )
