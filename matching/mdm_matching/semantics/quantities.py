"""Amounts of money and other numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import first_level
from mdm_matching.semantics.text import folded
from mdm_matching.semantics.word_tables import word_set

_SIGNS = {
    "€": "EUR",
    "$": "",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "zł": "PLN",
    "₺": "TRY",
    "₽": "RUB",
    "₩": "KRW",
}
_LETTERS = re.compile(r"[a-z$]+")
_NUMBER = re.compile(r"[-+]?\d[\d.,' ]*")
_FACTORS = {
    "k": 3,
    "tsd": 3,
    "thousand": 3,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "bn": 9,
    "mrd": 9,
    "billion": 9,
}
_CURRENCIES = word_set("quantities currencies")


def read_number(value: str) -> tuple[Decimal, str] | None:
    """The number that a value states and its currency, "" if it names none; None if it states no number.

    "1.234,50 €" is 1234.50 EUR, "USD 1,234.5" is 1234.5 USD, "2.5m" is 2500000. The last separator followed
    by one, two or more than three digits is the decimal one.
    """
    text = value.strip()
    currency = next((code for sign, code in _SIGNS.items() if code and sign in text), "")
    text = folded(text.translate({ord(sign): " " for sign in "€$£¥₹₺₽₩"}).replace("\u2212", "-"))
    words = _LETTERS.findall(text)
    currency = currency or next((word.upper() for word in words if word in _CURRENCIES), "")
    found = _NUMBER.findall(text)
    other = [word for word in words if word not in _CURRENCIES and word not in _FACTORS]
    if (
        len(found) != 1
        or (other and len("".join(other)) > 3)
        or (text.startswith("(") and not text.endswith(")"))
    ):
        return None
    number = _decimal(found[0])
    if number is None:
        return None
    factor = next((_FACTORS[word] for word in words if word in _FACTORS), 0)
    number = number.scaleb(factor)
    return (-number if text.startswith("(") else number), currency


def _decimal(text: str) -> Decimal | None:
    text = text.replace(" ", "").replace("'", "").rstrip(".,")
    last = max(text.rfind("."), text.rfind(","))
    if last >= 0:
        sign, after = text[last], len(text) - last - 1
        grouping = text.count(sign) > 1 or (
            after == 3 and text.strip("+-")[:last].strip("+-") not in ("0", "")
        )
        mixed = "." in text and "," in text
        if grouping and not mixed:
            text = text.replace(sign, "")
        else:
            text = text[:last].replace(".", "").replace(",", "") + "." + text[last + 1 :]
    try:
        return Decimal(text) if len(text) < 40 else None
    except InvalidOperation:
        return None


def plain(number: Decimal) -> str:
    """The number in plain digits without needless zeros."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _ratio(left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.float64]:
    """How far apart two numbers are, as a share of the larger one; 0 for equal, 2 for opposite signs."""
    one = np.array([float(value.parts[0]) for value in left], np.float64)
    other = np.array([float(value.parts[0]) for value in right], np.float64)
    return np.asarray(np.abs(one - other) / np.maximum(np.maximum(np.abs(one), np.abs(other)), 1e-12))


@dataclass(frozen=True, slots=True)
class Money(SemanticType):
    """An amount of money, with its currency if it names one: "1.234,50 €" is 1234.50 EUR.

    Amounts are rounded and revised, so near ones agree in part; amounts in two currencies are not compared.
    """

    name: ClassVar[str] = "money"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same amount", 0.62, 0.03),
        Level("nearly the same amount, or currency missing on one side", 0.12, 0.03),
        Level("within a tenth", 0.12, 0.09),
        Level("two currencies", 0.02, 0.03),
        Level("within a half", 0.06, 0.24),
        Level("different amount", 0.06, 0.62),
    )
    group: ClassVar[str] = ""

    def standardise(self, value: str, context: str = "") -> Standard | None:
        found = read_number(value)
        if found is None or not found[0]:
            return None
        text = plain(found[0])
        return Standard(f"{text} {found[1]}".strip(), (), (text,), (text, found[1]))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        apart = _ratio(left, right)
        pairs = zip(left, right, strict=True)
        foreign = np.fromiter(
            (a.parts[1] != b.parts[1] and a.parts[1] != "" != b.parts[1] for a, b in pairs),
            np.bool_,
            len(left),
        )
        return first_level([(foreign, 3), (apart <= 0.011, 1), (apart <= 0.101, 2), (apart <= 0.5, 4)], 5)


@dataclass(frozen=True, slots=True)
class Number(SemanticType):
    """A number that measures or counts something: a budget, a size, a head count.

    Near numbers agree in part.
    """

    name: ClassVar[str] = "number"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same number", 0.70, 0.06),
        Level("within one hundredth", 0.06, 0.02),
        Level("within a tenth", 0.10, 0.10),
        Level("different number", 0.14, 0.82),
    )
    group: ClassVar[str] = ""

    def standardise(self, value: str, context: str = "") -> Standard | None:
        found = read_number(value)
        if found is None:
            return None
        text = plain(found[0])
        return Standard(text, (), (text,), (text,))

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        apart = _ratio(left, right)
        return first_level([(apart <= 0.011, 1), (apart <= 0.101, 2)], 3)


@cache
def currencies() -> frozenset[str]:
    """Three-letter codes of the currencies that are recognised, in lower case."""
    return _CURRENCIES
