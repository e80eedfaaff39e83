"""Finds a value in a row: by the column's exact name, else by a JMESPath expression."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

import jmespath
from jmespath.exceptions import JMESPathError
from jmespath.parser import ParsedResult

EXPRESSION_SIGNS = re.compile(r"[\[\]{}@`|&*?'\"]")
CHAIN = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")


class Missing(Enum):
    """Says that a row lacks a column, which is not the same as a blank."""

    ABSENT = "absent"


ABSENT: Final = Missing.ABSENT


@dataclass(frozen=True, slots=True)
class Selector:
    """Where a mapping finds one value.

    Attributes:
        text: a column's name, or an expression such as `Addresses[0].City`.
        expression: the expression compiled; None if the text can only be a column's name.
        roots: the columns that the expression looks at.
    """

    text: str
    expression: ParsedResult | None
    roots: tuple[str, ...]

    def select(self, row: Mapping[str, Any]) -> Any:
        """The value, None for a blank, ABSENT if the row lacks what the selector names."""
        if self.text in row:
            return row[self.text]
        if self.expression is None:
            return ABSENT
        found = self.search(row)
        return ABSENT if found is None and self._is_lacking(row) else found

    def search(self, document: Any) -> Any:
        """What the expression finds in any JSON value; None if it finds nothing."""
        if self.expression is None:
            return None
        try:
            return self.expression.search(document)
        except JMESPathError:
            # A function met a value it does not take, such as join() a null: the row has no such value.
            return None

    def _is_lacking(self, row: Mapping[str, Any]) -> bool:
        if not CHAIN.fullmatch(self.text):
            return bool(self.roots) and not any(root in row for root in self.roots)
        inner: Any = row
        for step in self.text.split("."):
            if not isinstance(inner, Mapping):
                return False
            if step not in inner:
                return True
            inner = inner[step]
        return False


def compile_selector(text: str) -> Selector:
    """The selector for a column's name or an expression.

    Raises:
        ValueError: the text is neither; its message says what is wrong.
    """
    if not text.strip():
        raise ValueError("is blank")
    try:
        expression = jmespath.compile(text)
    except JMESPathError as exc:
        if EXPRESSION_SIGNS.search(text):
            raise ValueError(f"is no valid JMESPath ({str(exc).splitlines()[0]})") from exc
        return Selector(text, None, (text,))
    return Selector(text, expression, tuple(dict.fromkeys(_roots(expression.parsed))))


def _roots(node: Mapping[str, Any]) -> Iterator[str]:
    """The names that an expression looks up in the row itself."""
    if node["type"] == "field":
        yield node["value"]
        return
    inner = (
        "subexpression",
        "index_expression",
        "projection",
        "filter_projection",
        "flatten",
        "pipe",
        "value_projection",
    )
    children = node.get("children", [])
    for child in children[:1] if node["type"] in inner else children:
        if isinstance(child, Mapping):
            yield from _roots(child)
