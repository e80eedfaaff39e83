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
from mdm_matching.semantics.packed_texts import PackedTexts, Test, same
from mdm_matching.semantics.screening import Screen, Unlike
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.string_measures import edits, first_level, lengths, slips_allowed
from mdm_matching.semantics.value_pairs import ValuePairs
from mdm_matching.semantics.word_tables import word_set

_PLAIN = re.compile(r"[a-z0-9!#$%&'*/=?^_`{|}~.+-]+@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}")
_NOT_A_LETTER = re.compile(r"[^a-z]+")
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
        letters = _NOT_A_LETTER.sub("", local)
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
        names = [value.parts[0] for value in values]
        asked = np.flatnonzero(_may_slip(values)(one, other))
        slip = np.zeros(len(left), np.bool_)
        shorter = np.minimum(*(lengths(side) for side in pairs.texts(lambda v: v.parts[0], asked)))
        distance = edits(*pairs.texts(lambda value: value.text, asked), most=2)
        slip[asked] = (distance <= 2) & (distance <= slips_allowed(shorter))
        telling, _ = pairs.flags(lambda value: value.parts[0] not in _ROLES and len(value.parts[0]) > 3)
        alike = telling & _may_be_alike(names)(one, other)
        alike[alike] = list(map(_alike, *pairs.texts(lambda v: v.parts[0], np.flatnonzero(alike))))
        same_local = same(names)(one, other)
        same_firm = same(_firms(values))(one, other)
        return first_level([(slip, 1), (same_local & telling, 2), (alike, 3), (same_firm, 4)], 5)

    def screen(self, values: Sequence[Standard]) -> Screen:
        names = [value.parts[0] for value in values]
        tests = (_may_slip(values), same(names), _may_be_alike(names), same(_firms(values)))
        return Unlike(5, tests)


def _may_slip(values: Sequence[Standard]) -> Test:
    """Whether two addresses may be a slip apart: the allowance goes by the shorter name part."""
    whole = PackedTexts.of([value.text for value in values])
    sizes = lengths([value.parts[0] for value in values])
    digits = same("." + _digits(value.parts[0]) for value in values)

    def test(left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.bool_]:
        allowed = slips_allowed(np.minimum(sizes[left], sizes[right]))
        return whole.within(lambda _: allowed)(left, right) & digits(left, right)

    return test


def _may_be_alike(names: Sequence[str]) -> Test:
    """Whether two name parts may be of one person: of the same letters, or of an initial and a name."""
    packed = PackedTexts.of([_NOT_A_LETTER.sub("", name) for name in names])
    two = np.fromiter(
        (len(set(_NOT_A_LETTER.split(name)) - {""}) == 2 for name in names), np.bool_, len(names)
    )

    def test(left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.bool_]:
        one, other = packed.signs[left], packed.signs[right]
        short = (two[left] & ((other & ~one) == 0)) | (two[right] & ((one & ~other) == 0))
        alike: NDArray[np.bool_] = (one == other) | short
        return alike

    return test


def _checked(text: str) -> str:
    """The address as the mail standards see it (international names, quoted parts); "" if it is none."""
    try:
        return str(validate_email(text, check_deliverability=False, allow_smtputf8=True).normalized).lower()
    except EmailNotValidError:
        return ""


def _digits(local: str) -> str:
    return "".join(filter(str.isdigit, local))


def _alike(left: str, right: str) -> bool:
    """Whether two name parts may be of one person: "jane.doe" and "jdoe", "doe.jane", "jane_doe1"."""
    one, other = _NOT_A_LETTER.sub("", left), _NOT_A_LETTER.sub("", right)
    if one == other:
        return len(one) > 4
    names_left, names_right = set(_NOT_A_LETTER.split(left)) - {""}, set(_NOT_A_LETTER.split(right)) - {""}
    if len(names_left) > 1 and names_left == names_right:
        return True
    return _initial_and_name(names_left, other) or _initial_and_name(names_right, one)


def _initial_and_name(names: set[str], run: str) -> bool:
    """Whether a run of letters is the initial of one name and another name: "jdoe" of {"jane", "doe"}."""
    if len(names) != 2:
        return False
    first, second = sorted(names)
    return any(run in (a[0] + b, b + a[0]) and len(b) > 3 for a, b in ((first, second), (second, first)))


def _firms(values: Sequence[Standard]) -> list[str]:
    """The domain of the firm that each address is of; "" for one of a public host."""
    domains = {value.parts[1] for value in values}
    firm = {domain: "" if is_public_host(domain) else registrable_domain(domain) for domain in domains}
    return [firm[value.parts[1]] for value in values]
