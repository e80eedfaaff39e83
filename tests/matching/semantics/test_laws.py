"""Laws that every semantic type keeps, whatever it is given."""

from __future__ import annotations

import inspect
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mdm_matching.semantics as semantics
from mdm_matching.semantics import (
    ExactKey,
    OrganisationName,
    Phone,
    SemanticType,
    Several,
    TaxId,
    standardise_text,
)
from mdm_matching.semantics.several import SEPARATOR
from mdm_matching.semantics.text import folded

TYPES = sorted(
    (
        kind()
        for kind in vars(semantics).values()
        if inspect.isclass(kind) and issubclass(kind, SemanticType) and kind not in {SemanticType, Several}
    ),
    key=lambda semantic: semantic.name,
)
TYPES += [Several(TaxId()), Several(Phone()), Several(OrganisationName())]
GROUPS = {"", "name", "address", "contact", "identity", "time", "relation"}

# Pieces of names, addresses, dates and numbers: strung together they make values that are nearly real.
PIECES = """
The Müller Smith García Lopez Jr Sr van der de la GmbH & Co. KG Ltd Inc Corp S.A. Sp. z o.o.
International Intl Holding Class A Common Stock Bank of Deutschland France Phase 1 II Lot 3 2024 Street
Str. Hauptstraße 12 12a Apt 4 N Dr. Prof Robert Bob O'Brien Ø Łódź 株式会社 トヨタ München St. Louis 10115 EN9
2LN 1990-03-04 14.03.1990 03/04/1990 +49 711 123456 (0) ext. 5 jane.doe@acme.com www.acme.co.uk
DE136695976 HRB 12345 PRJ-93083 00123 1.234,50 € USD 5k 52.5, 13.4 n/a test und et and Department Univ. ,
; - / ' № 😀 i v x one no yes male US UK
"""
WORDS = st.sampled_from(PIECES.split())
PHRASES = st.lists(WORDS, min_size=1, max_size=7).map(" ".join)
VALUES = st.one_of(
    PHRASES,
    PHRASES,
    st.lists(PHRASES, min_size=2, max_size=3).map(SEPARATOR.join),
    st.text(max_size=30),
    st.from_regex(r"[A-Z]{0,3}[-/ ]?[0-9]{1,12}", fullmatch=True),
)
LAWS = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
each_type = pytest.mark.parametrize("semantic", TYPES, ids=lambda semantic: semantic.name)
# An opaque key is taken as it stands; one system seldom holds a thing twice: agreement speaks against it.
OPAQUE = {"exact_key", "reference", "source_system"}
each_reading_type = pytest.mark.parametrize(
    "semantic",
    [semantic for semantic in TYPES if semantic.name not in OPAQUE],
    ids=lambda semantic: semantic.name,
)
each_evidence = pytest.mark.parametrize(
    "semantic",
    [semantic for semantic in TYPES if semantic.name != "source_system"],
    ids=lambda semantic: semantic.name,
)


@each_type
@LAWS
@given(value=VALUES)
def test_a_canonical_form_is_its_own_canonical_form(semantic, value):
    found = semantic.standardise(value)
    if found is None:
        return

    again = semantic.standardise(found.text)

    assert again is not None
    assert again.text == found.text


@each_type
@LAWS
@given(left=st.lists(VALUES, min_size=1, max_size=6), right=st.lists(VALUES, min_size=1, max_size=6))
def test_levels_are_symmetric_in_range_and_the_same_in_any_batch(semantic, left, right):
    pairs = [(semantic.standardise(a), semantic.standardise(b)) for a in left for b in right]
    pairs = [(a, b) for a, b in pairs if a is not None and b is not None and a.text != b.text]
    one, other = [a for a, _ in pairs], [b for _, b in pairs]

    forward = semantic.compare(one, other)
    backward = semantic.compare(other, one)
    singly = [int(semantic.compare([a], [b])[0]) for a, b in pairs]

    assert forward.dtype == np.uint8
    assert forward.tolist() == backward.tolist() == singly
    assert all(0 < level < len(semantic.levels) for level in singly)


@each_type
@LAWS
@given(value=VALUES)
def test_no_key_is_blank_and_nothing_is_evidence_without_text(semantic, value):
    found = semantic.standardise(value)

    assert found is None or found.text
    assert found is None or all(key for key in (*found.keys, *found.weak_keys))


@each_type
@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
def test_a_blank_is_never_evidence(semantic, blank):
    assert semantic.standardise(blank) is None


@each_reading_type
@pytest.mark.parametrize("nothing", ["n/a", "N/A", "unknown", "-", "keine Angabe", "???", "null", "TBD"])
def test_a_placeholder_is_never_evidence(semantic, nothing):
    assert semantic.standardise(nothing) is None


@each_type
def test_the_weights_of_a_type_are_shares_of_pairs_that_add_up_to_one(semantic):
    shares = [(level.m, level.u) for level in semantic.levels]

    assert all(0 < m < 1 and 0 < u < 1 for m, u in shares)
    assert sum(m for m, _ in shares) == pytest.approx(1, abs=0.06)
    assert sum(u for _, u in shares) == pytest.approx(1, abs=0.06)


@each_evidence
def test_agreement_speaks_for_a_match_and_difference_against(semantic):
    assert semantic.levels[0].weight > 0
    assert semantic.levels[-1].weight < 0


@each_type
def test_a_steward_can_read_what_a_type_and_its_levels_mean(semantic):
    first = inspect.getdoc(type(semantic)).partition("\n")[0]

    assert first.endswith((".", ":"))
    assert "Args" not in first
    assert len({level.label for level in semantic.levels}) == len(semantic.levels)
    assert semantic.group in GROUPS


@each_type
def test_a_type_is_known_by_its_name_and_plain_parameters(semantic):
    again = type(semantic)(**{field.name: getattr(semantic, field.name) for field in fields(semantic)})

    assert again == semantic
    assert {type(other) for other in TYPES if other.name == semantic.name} == {type(semantic)}


def test_an_exact_key_weighs_twenty_bits_or_more():
    assert ExactKey.levels[0].weight >= 20


@LAWS
@given(value=VALUES)
def test_standardised_text_is_words_of_ascii_letters_and_digits(value):
    text = standardise_text(value)

    assert text == standardise_text(text)
    assert all(sign == " " or (sign.isascii() and sign.isalnum()) for sign in text)


@LAWS
@given(value=VALUES)
def test_folding_twice_is_folding_once(value):
    assert folded(folded(value)) == folded(value)
