"""E-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from email_validator import EmailNotValidError, validate_email
from numpy.typing import NDArray

from mdm_matching.semantics.domains import is_public_host, registrable_domain
from mdm_matching.semantics.joined_standards import parts_of, texts_of
from mdm_matching.semantics.mailboxes import NOT_A_LETTER, Mailboxes
from mdm_matching.semantics.packed_texts import FEW, PackedTexts, Test, same
from mdm_matching.semantics.screening import OPEN, Screen
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import edits, first_level, lengths, slips_allowed
from mdm_matching.semantics.value_pairs import Places, ValuePairs
from mdm_matching.semantics.word_tables import word_set

_PLAIN = re.compile(r"[a-z0-9!#$%&'*/=?^_`{|}~.+-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}")
_ROLES = word_set("email roles")
_SAME_HOUSE = {"googlemail.com": "gmail.com"}
_NOBODY = word_set("email nobody")
_NOWHERE = word_set("email nowhere")


@dataclass(frozen=True, slots=True)
class Email(SemanticType):
    """An e-mail address.

    Case does not matter, nor what follows a "+", nor dots at Gmail. An address that many differently named
    records hold (info@, a family's) loses its force by itself; noreply@ and addresses at example.com are no
    evidence; neither is a malformed one.
    """

    name: ClassVar[str] = "email"
    levels: ClassVar[tuple[Level, ...]] = (
        Level("same address", 0.62, 0.006),
        Level("one slip of the pen apart", 0.04, 0.003),
        Level("same name part at another domain", 0.09, 0.008),
        Level("similar name part", 0.05, 0.03),
        Level("same firm's domain, another person", 0.04, 0.06),
        Level("different address", 0.16, 0.893),
    )
    group: ClassVar[str] = "contact"
    shared_limit: ClassVar[int] = 6
    named_levels: ClassVar[frozenset[int]] = frozenset({2, 3})

    def standardise(self, value: str, context: str = "") -> Standard | None:
        text = value.strip().lower()
        text = text.removeprefix("mailto:")
        if not _PLAIN.fullmatch(text):
            checked = _checked(text)
            if not checked:
                return None
            text = checked
        local, _, domain = text.rpartition("@")
        domain = _SAME_HOUSE.get(domain, domain)
        local = local.partition("+")[0] or local
        if domain == "gmail.com":
            local = local.replace(".", "") or local
        if local in _NOBODY or domain in _NOWHERE:
            return None
        text = f"{local}@{domain}"
        letters = NOT_A_LETTER.sub("", local)
        keys = (text, f"n:{letters}") if len(letters) > 5 and local not in _ROLES else (text,)
        weak = () if is_public_host(domain) else (f"d:{domain}",)
        return Standard(
            text,
            keys,
            (letters, *weak) if len(letters) > 3 and local not in _ROLES else weak,
            (local, domain),
        )

    def compare(self, left: Sequence[Standard], right: Sequence[Standard]) -> NDArray[np.uint8]:
        pairs = ValuePairs.of(left, right)
        values, one, other = pairs.values, pairs.left, pairs.right
        names = parts_of(values, 0)
        asked = np.flatnonzero((_same_digits if len(left) <= FEW else _may_slip)(values)(one, other))
        slip = np.zeros(len(left), np.bool_)
        shorter = np.minimum(*(lengths(side) for side in pairs.texts(lambda v: v.parts[0], asked)))
        distance = edits(*pairs.texts(lambda value: value.text, asked), most=2)
        slip[asked] = (distance <= 2) & (distance <= slips_allowed(shorter))
        telling, _ = pairs.flags(lambda value: _is_telling(value.parts[0]))
        alike = telling & Mailboxes.of(names).alike(one, other)
        same_local = same(names)(one, other)
        same_firm = same(_firms(values))(one, other)
        return first_level([(slip, 1), (same_local & telling, 2), (alike, 3), (same_firm, 4)], 5)

    def screen(self, values: Sequence[Standard]) -> Screen:
        names = parts_of(values, 0)
        telling = np.fromiter(map(_is_telling, names), np.bool_, len(names))
        mailboxes = Mailboxes.of(names)
        return EmailScreen(_may_slip(values), same(names), telling, mailboxes, same(_firms(values)))


def _is_telling(name: str) -> bool:
    """Whether a name part tells a person: it is no role and has more than three signs."""
    return name not in _ROLES and len(name) > 3


@dataclass(frozen=True, slots=True)
class EmailScreen:
    """Addresses as numbers, which tell the level of every pair but of those that may be a slip apart."""

    may_slip: Test
    same_name: Test
    telling: NDArray[np.bool_]
    mailboxes: Mailboxes
    same_firm: Test

    def levels(self, left: Places, right: Places) -> NDArray[np.uint8]:
        """The level of each pair of places, whose texts differ; OPEN where it cannot be told."""
        # Whether a name part tells is asked of the left value, as in the full comparison.
        low, high = np.minimum(left, right), np.maximum(left, right)
        found = np.where(self.same_firm(low, high), np.uint8(4), np.uint8(5))
        telling = np.flatnonzero(self.telling[low])
        one, other = low[telling], high[telling]
        found[telling[self.mailboxes.alike(one, other)]] = 3
        found[telling[self.same_name(one, other)]] = 2
        found[self.may_slip(low, high)] = OPEN
        return found


def _may_slip(values: Sequence[Standard]) -> Test:
    """Whether two addresses may be a slip apart: the allowance goes by the shorter name part."""
    whole = PackedTexts.of(texts_of(values))
    names = parts_of(values, 0)
    sizes = lengths(names).astype(np.int32)
    digits = _same_digits(values)
    near = whole.within_limits(lambda one, other: slips_allowed(np.minimum(sizes[one], sizes[other])), 2)

    def test(left: Places, right: Places) -> NDArray[np.bool_]:
        found = digits(left, right)
        some = np.flatnonzero(found)
        found[some] = near(left[some], right[some])
        return found

    return test


def _same_digits(values: Sequence[Standard]) -> Test:
    return same("." + _digits(name) for name in parts_of(values, 0))


def _checked(text: str) -> str:
    """The address as the mail standards see it (international names, quoted parts); "" if it is none."""
    try:
        return str(validate_email(text, check_deliverability=False, allow_smtputf8=True).normalized).lower()
    except EmailNotValidError:
        return ""


def _digits(local: str) -> str:
    return "".join(filter(str.isdigit, local))


def _firms(values: Sequence[Standard]) -> list[str]:
    """The domain of the firm that each address is of; "" for one of a public host."""
    domains = parts_of(values, 1)
    firm = {domain: "" if is_public_host(domain) else registrable_domain(domain) for domain in set(domains)}
    return [firm[domain] for domain in domains]
