"""A score's reasons as lines of text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mdm_matching import Reason


def reason_lines(reasons: Iterable[Reason]) -> Iterator[str]:
    """One line per reason that says something, with its weight in bits."""
    for reason in reasons:
        if reason.weight or reason.note:
            yield f"  {reason.weight:+6.1f}  {_in_words(reason)}"


def _in_words(reason: Reason) -> str:
    # A reason about several columns together has neither a column nor values.
    column = f"{reason.column}: " if reason.column else ""
    values = f" ({reason.left_value} | {reason.right_value})" if reason.column else ""
    return f"{column}{reason.label}{values}{f'; {reason.note}' if reason.note else ''}"
