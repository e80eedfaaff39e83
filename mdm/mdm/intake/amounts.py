"""Turns what files write for numbers into numbers, where only one reading is possible."""

from __future__ import annotations

import math
import re
from typing import Any

PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
CURRENCY = re.compile(r"^(?:[A-Z]{3}|[$€£¥₹])\s*|\s*(?:[A-Z]{3}|[$€£¥₹])$")
POINT_GROUPS = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?")
COMMA_GROUPS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
OTHER_GROUPS = re.compile(r"[+-]?\d{1,3}(['’ \u00a0\u202f]\d{3})+([.,]\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def number(value: Any) -> float:
    """The number that a cell states: 1234.5, "1,234.50", "1.234,50" and "€ 1'234.50" are all the same one.

    Raises:
        ValueError: it is none, or could be two ("1,234" is 1234 to some and 1.234 to others).
    """
    if isinstance(value, bool):
        raise ValueError("is no number")
    if isinstance(value, (int, float)):
        return _finite(float(value)) if abs(value) < 1e308 else _finite(math.inf)
    text = str(value).strip().replace("\N{MINUS SIGN}", "-")
    if PLAIN.fullmatch(text):
        return _finite(float(text))
    return _grouped(CURRENCY.sub("", text, count=1).strip())


def _grouped(text: str) -> float:
    if PLAIN.fullmatch(text):
        return _finite(float(text))
    groups = COMMA_GROUPS.fullmatch(text)
    if groups and (groups[2] or text.count(",") > 1):
        return float(text.replace(",", ""))
    if groups:
        raise ValueError("can be read as two numbers")
    groups = POINT_GROUPS.fullmatch(text)
    if groups:
        return float(text.replace(".", "").replace(",", "."))
    if OTHER_GROUPS.fullmatch(text):
        return float(re.sub(r"['’\s]", "", text).replace(",", "."))
    if DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    raise ValueError("is no number")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("is no finite number")
    return value
