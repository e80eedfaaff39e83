"""What the values of a column look like: which share of them reads as an address, a date, a person's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from mdm_matching.semantics.calendar_dates import read_date
from mdm_matching.semantics.check_digits import checked_lei, checked_tax_id
from mdm_matching.semantics.country_codes import country_code
from mdm_matching.semantics.given_name_kin import is_known_given_name
from mdm_matching.semantics.legal_forms import split_legal_form, with_native_forms_set_apart
from mdm_matching.semantics.name_words import canonical_word, is_trade_word
from mdm_matching.semantics.placeholders import says_nothing
from mdm_matching.semantics.quantities import read_number
from mdm_matching.semantics.street_words import street_types, street_words
from mdm_matching.semantics.text import folded, words

# So many distinct values are looked at.
SAMPLE = 600

_EMAIL = re.compile(r"\s*[^@\s]+@[^@\s]+\.[^@\s]{2,}\s*")
_WEB = re.compile(
    r"\s*(?:https?://\S+|(?:www\.)[^\s@]+\.[a-z]{2,}\S*|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,10}(?:/\S*)?)\s*",
    re.IGNORECASE,
)
_PHONE = re.compile(r"\s*(?:\+|00|\()?[\d][\d\s\-./()]{5,18}\d(?:\s*(?:x|ext\.?)\s*\d{1,5})?\s*")
_GEO = re.compile(r"\s*\(?-?\d{1,2}\.\d+\s*[,; ]\s*-?\d{1,3}\.\d+\)?\s*")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d(?:\.0)?")
_BRITISH = re.compile(r"[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}", re.IGNORECASE)
_CODE = re.compile(r"(?=[^\d]*\d)[A-Za-z]{0,6}[-_ ./]?[A-Za-z0-9]*\d[A-Za-z0-9\-_./]*")


@dataclass(frozen=True)
class ValueProfile:
    """A column at a glance.

    Attributes:
        count: values that are not blank.
        distinct: how many of them differ.
        sample: up to 600 distinct values, spread over the column.
        rows: up to 600 values of rows, spread over the column: a frequent one stands there often.
    """

    count: int
    distinct: int
    sample: tuple[str, ...]
    rows: tuple[str, ...]

    @classmethod
    def of(cls, values: Sequence[str | None]) -> ValueProfile:
        """The profile of a column; blank values and placeholders do not count."""
        present = [value for value in values if value and not value.isspace()]
        different = list(dict.fromkeys(present))
        step = max(1, len(different) // SAMPLE)
        sample = tuple(
            v
            for v in (value[:400] for value in different[::step][: SAMPLE + 1])
            if not says_nothing(words(v))
        )
        rows = tuple(present[:: max(1, len(present) // SAMPLE)][: SAMPLE + 1])
        return cls(len(present), len(different), sample, rows)

    def share(self, holds: Callable[[str], object]) -> float:
        """Share of the sample for which something holds, 0 to 1."""
        return sum(map(bool, map(holds, self.sample))) / len(self.sample) if self.sample else 0.0

    def row_share(self, holds: Callable[[str], object]) -> float:
        """Share of the rows with a value for which something holds, 0 to 1."""
        return sum(map(bool, map(holds, self.rows))) / len(self.rows) if self.rows else 0.0

    @cached_property
    def repeats(self) -> float:
        """How often a value occurs on average, 1 or more."""
        return self.count / max(1, self.distinct)

    @cached_property
    def emails(self) -> float:
        return self.share(_EMAIL.fullmatch)

    @cached_property
    def web_addresses(self) -> float:
        return self.share(
            lambda value: _WEB.fullmatch(value) and not value.replace(".", "").strip().isdigit()
        )

    @cached_property
    def phones(self) -> float:
        return self.share(_is_phone)

    @cached_property
    def written_phones(self) -> float:
        """Share of telephone numbers that are written as such, with a plus sign, brackets or groups."""
        return self.share(
            lambda value: _is_phone(value) and not value.strip().replace(".", "").isdigit()
            and not read_date(value)
        )  # fmt: skip

    @cached_property
    def points(self) -> float:
        return self.share(_GEO.fullmatch)

    @cached_property
    def dates(self) -> float:
        return self.share(read_date)

    @cached_property
    def years(self) -> float:
        return self.share(lambda value: _YEAR.fullmatch(value.strip()))

    @cached_property
    def whole_dates(self) -> float:
        """Share of values that read as a date of at least year and month."""
        return self.share(
            lambda value: (
                len(value.strip()) > 6 and (found := read_date(value)) and (found.month or found.doubt)
            )
        )

    @cached_property
    def numbers(self) -> float:
        return self.share(lambda value: any(map(str.isdigit, value)) and read_number(value))

    @cached_property
    def decimals(self) -> float:
        return self.share(
            lambda value: (
                ("." in value or "," in value or "$" in value or "€" in value)
                and not value.endswith(".0")
                and read_number(value)
            )
        )

    @cached_property
    def digits_only(self) -> float:
        return self.share(lambda value: value.strip().removesuffix(".0").isdigit())

    @cached_property
    def codes(self) -> float:
        return self.share(lambda value: len(value) < 30 and _CODE.fullmatch(value.strip()))

    @cached_property
    def countries(self) -> float:
        return self.share(lambda value: not value.strip().isdigit() and country_code(value))

    @cached_property
    def leis(self) -> float:
        return self.share(checked_lei)

    @cached_property
    def british_postcodes(self) -> float:
        return self.share(lambda value: _BRITISH.fullmatch(value.strip()))

    @cached_property
    def streets(self) -> float:
        return self.share(_is_street)

    @cached_property
    def letters(self) -> float:
        """Share of values without a digit."""
        return self.share(lambda value: not any(map(str.isdigit, value)))

    @cached_property
    def words(self) -> float:
        """Words per value on average."""
        return sum(len(words(value)) for value in self.sample) / max(1, len(self.sample))

    @cached_property
    def given_names(self) -> float:
        """Share of values whose first word is a known given name."""
        return self.share(lambda value: (found := words(value)) and is_known_given_name(found[0]))

    @cached_property
    def person_names(self) -> float:
        """Share of values of two to four words without digits, one of them a known given name."""
        return self.share(_is_person)

    @cached_property
    def legal_forms(self) -> float:
        return self.share(lambda value: split_legal_form(words(with_native_forms_set_apart(value)))[1])

    @cached_property
    def trade_words(self) -> float:
        """Share of values with a word that many firms carry in their names."""
        return self.share(lambda value: any(is_trade_word(canonical_word(word)) for word in words(value)))

    def valid_tax_ids(self, contexts: Sequence[str] = ()) -> float:
        """Share of values whose check digits hold by the rules of the country they or their record name."""
        given = contexts or [""] * len(self.sample)
        return sum(
            (found := checked_tax_id(v, c)) is not None and found.checked
            for v, c in zip(self.sample, given, strict=False)
        ) / max(1, len(self.sample))


def _is_street(value: str) -> bool:
    parts = street_words(folded(value))
    return bool(
        parts.number and parts.street and (set(parts.street) & street_types() or len(parts.street) > 1)
    )


def _is_person(value: str) -> bool:
    tokens = words(value)
    if not 2 <= len(tokens) <= 4 or any(map(str.isdigit, value)):
        return False
    if split_legal_form(tokens)[1] or sum(is_trade_word(canonical_word(word)) for word in tokens) > 1:
        return False
    return is_known_given_name(tokens[0]) or ("," in value and any(map(is_known_given_name, tokens[1:])))


def _is_phone(value: str) -> bool:
    return bool(_PHONE.fullmatch(value)) and 7 <= sum(map(str.isdigit, value)) <= 15
