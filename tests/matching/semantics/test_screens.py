"""Screens: the quick look at pairs never says anything else than the full comparison."""

from __future__ import annotations

import inspect
import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import mdm_matching.semantics as semantics
from mdm_matching.semantics import SemanticType
from mdm_matching.semantics.date_comparison import difference_of
from mdm_matching.semantics.packed_texts import PackedTexts
from mdm_matching.semantics.screening import OPEN

SEEDS = (
    """
Smith|Smyth|Smith-Jones|Jones Jr|Jones Sr|van der Berg|Vandenberg|Müller|Mueller|Li|Lee|O'Brien|Schmidt
12 Main Street|12 Main St|14 Main Street|Main Street 12a|Flat 3, 12 Main St|Hauptstraße 7|Oak Ave
9 Oakwood Ave
jane.doe@acme.com|jdoe@acme.com|doe.jane@gmail.com|jane_doe1@web.de|info@acme.com|j.doe@acme.co.uk|x@y.org
+49 711 123456|0711 123456|711123457|(203) 581-6515|203-581-6516|581 6515|+1 203 581 6515|2035816551|12345
10115|01015|1115|EN9 2LN|EN9 2LM|10151|D-10115|80331|8033|90210-1234|Paris|Pari|Paris Cedex|St. Louis|Munich
1990-03-04|1990-04-03|1990|1990-03|1990-01-01|1990-03-14|1991-03-04|1909-03-04|1990-03-05|2990-03-04|1990-12-31
PRJ-93083|P93083|0093083|PRJ-93038|DE136695976|DE136695967|149467425|149467452|14946742|HRB 12345
12345|Robert|Bob
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
KEYS = "abcdefghijklmnopqrstuvwxyz0123456789 .-é"
TYPES = [
    kind()
    for _, kind in sorted(vars(semantics).items())
    if inspect.isclass(kind) and issubclass(kind, SemanticType) and kind.screen is not SemanticType.screen
]


def worn(value: str, draw: random.Random) -> str:
    """The value with up to three signs dropped, added, changed or swapped."""
    signs = list(value)
    for _ in range(draw.randrange(4)):
        place = draw.randrange(max(len(signs), 1))
        kind = draw.randrange(4)
        if kind == 0:
            signs.insert(place, draw.choice(KEYS))
        elif kind == 1 and signs:
            signs.pop(place)
        elif kind == 2 and signs:
            signs[place] = draw.choice(KEYS)
        elif place + 1 < len(signs):
            signs[place], signs[place + 1] = signs[place + 1], signs[place]
    return "".join(signs)


@pytest.mark.parametrize("semantic", TYPES, ids=lambda semantic: semantic.name)
def test_a_screen_tells_the_level_that_comparing_gives_or_leaves_it_open(semantic):
    draw = random.Random(11)
    values = [worn(seed, draw) for seed in SEEDS for _ in range(5)]
    standards = list({s.text: s for s in map(semantic.standardise, values) if s is not None}.values())
    places = np.array(list(combinations(range(len(standards)), 2)), np.int32)
    left, right = places.T

    told = semantic.screen(standards).levels(left, right)

    compared = semantic.compare([standards[k] for k in left], [standards[k] for k in right])
    wrong = np.flatnonzero((told != OPEN) & (told != compared))
    assert [(standards[left[k]], standards[right[k]]) for k in wrong[:3]] == []
    assert (told != OPEN).mean() > 0.1


@pytest.mark.parametrize("semantic", TYPES, ids=lambda semantic: semantic.name)
def test_a_screen_tells_the_same_whichever_value_stands_left(semantic):
    standards = list({s.text: s for s in map(semantic.standardise, SEEDS) if s is not None}.values())
    left, right = np.array(list(combinations(range(len(standards)), 2)), np.int32).T
    screen = semantic.screen(standards)

    assert screen.levels(left, right).tolist() == screen.levels(right, left).tolist()


@pytest.mark.parametrize("semantic", TYPES, ids=lambda semantic: semantic.name)
def test_few_pairs_at_a_time_have_the_levels_that_many_have_at_once(semantic):
    draw = random.Random(7)
    values = [worn(seed, draw) for seed in SEEDS for _ in range(4)]
    standards = list({s.text: s for s in map(semantic.standardise, values) if s is not None}.values())
    left, right = (
        [standards[k] for k in side] for side in zip(*combinations(range(len(standards)), 2), strict=True)
    )

    few = [semantic.compare(left[k : k + 40], right[k : k + 40]) for k in range(0, len(left), 40)]

    assert np.concatenate(few).tolist() == semantic.compare(left, right).tolist()


DIGITS = st.tuples(st.sampled_from([1990, 1991, 1909, 2001, 1099]), st.integers(1, 12), st.integers(1, 28))


@given(one=DIGITS, other=DIGITS)
def test_a_slip_in_a_date_is_one_digit_that_differs_or_two_neighbours_swapped(one, other):
    left, right = ("{:04d}{:02d}{:02d}".format(*date) for date in (one, other))
    apart = [place for place in range(8) if left[place] != right[place]]
    swapped = len(apart) == 2 and apart[1] == apart[0] + 1
    swapped = swapped and left[apart[0]] == right[apart[1]] and left[apart[1]] == right[apart[0]]

    found = difference_of(np.array([one], np.int64), np.array([other], np.int64))

    assert bool(found.slip[0]) == (len(apart) < 2 or swapped)


def test_texts_without_signs_and_with_signs_beyond_ascii_are_packed():
    packed = PackedTexts.of(["", "é", "ab", "株式会社トヨタ自動車"])

    assert packed.sizes.tolist() == [0, 1, 2, 10]
    assert packed.signs[0] == 0
    assert bool(packed.one_edit(np.array([0], np.int32), np.array([1], np.int32))[0])
