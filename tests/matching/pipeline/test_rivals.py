"""Pairs that rule each other out where sources hold nothing twice."""

from __future__ import annotations

import numpy as np
import pytest

from mdm_matching.scoring.rivals import Rivalry

CRM, ERP, WEB = 0, 1, -1


def rivalry(clean, pairs):
    left, right = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    return Rivalry.of(np.array(clean, np.int64), left, right)


def test_a_pair_without_rivals_keeps_its_weight():
    found = rivalry([CRM, ERP, CRM, ERP], [(0, 1), (2, 3)]).among(np.array([3.0, -2.0]))

    assert found.tolist() == [3.0, -2.0]


def test_two_equal_rivals_are_even_and_the_better_of_two_stands_out():
    # Odds of 1,024 beside 1,024 are 1,024 / 1,025; beside 1 they are 1,024 / 2.
    even = rivalry([CRM, ERP, ERP], [(0, 1), (0, 2)]).among(np.array([10.0, 10.0]))
    uneven = rivalry([CRM, ERP, ERP], [(0, 1), (0, 2)]).among(np.array([10.0, 0.0]))

    assert even.tolist() == pytest.approx([-0.001408, -0.001408], abs=1e-6)
    assert uneven.tolist() == pytest.approx([9.0, -10.001408], abs=1e-6)


def test_records_of_a_source_that_holds_things_twice_are_no_rivals():
    found = rivalry([CRM, WEB, WEB], [(0, 1), (0, 2)]).among(np.array([10.0, 10.0]))

    assert found.tolist() == [10.0, 10.0]


def test_a_record_of_such_a_source_has_one_partner_in_a_clean_one():
    found = rivalry([CRM, CRM, WEB], [(0, 2), (1, 2)]).among(np.array([10.0, 10.0]))

    assert max(found.tolist()) < 0


def test_pairs_of_two_unclean_sources_are_left_alone():
    assert not len(rivalry([WEB, WEB, CRM], [(0, 1)]).pairs)


def test_the_prior_is_fitted_to_the_pairs_that_can_be_the_same_together():
    people = 200
    pairs = [
        (one, people + other) for one in range(people) for other in range(people) if abs(one - other) < 4
    ]
    clean = [CRM] * people + [ERP] * people
    own = np.array([one == other - people for one, other in pairs])
    weight = np.where(own, 8.0, -6.0) - 10.0
    made = rivalry(clean, pairs)

    prior = made.prior(weight, -10.0)
    share = 2**prior / (1 + 2**prior)

    assert share * len(pairs) == pytest.approx(people, rel=0.05)


def test_the_order_of_the_pairs_makes_no_difference():
    draw = np.random.default_rng(5)
    pairs = sorted(
        {(int(a), int(b)) for a, b in zip(draw.integers(0, 30, 90), draw.integers(30, 60, 90), strict=True)}
    )
    weight = draw.normal(0, 6, len(pairs))
    clean = [CRM] * 30 + [ERP] * 30
    order = draw.permutation(len(pairs))
    shuffled = rivalry(clean, [pairs[place] for place in order]).among(weight[order])

    assert shuffled.tolist() == rivalry(clean, pairs).among(weight)[order].tolist()
