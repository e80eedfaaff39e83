"""Training without labels."""

from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import candidates, score, train
from mdm_matching.training.thresholds import best_threshold

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(scope="module")
def people() -> list[tuple[str, str, str, str]]:
    """Four hundred people, every fourth twice: the second time without a number or with another line."""
    draw = np.random.default_rng(7)
    rows = []
    for n in range(400):
        given, family = ("".join(draw.choice(list(LETTERS), 4)) for _ in range(2))
        number = str(1000 + n)[::-1]
        rows.append((given, family, number, str(n)))
        if n % 4 == 0:
            rows.append((given, family, *(("", str(n)) if n % 8 else (number, str(n + 5000)))))
    return rows


def test_the_same_records_in_any_order_give_the_same_model(model, make, people):
    def trained(rows):
        table = make(rows)
        found = candidates(table, cap=model.block_cap)
        return train(model, table, found.left, found.right)

    assert trained(people).to_json() == trained(people[::-1]).to_json()


def test_a_trained_model_parts_the_same_from_the_different(model, make, people):
    table = make(people)
    found = candidates(table, cap=model.block_cap)
    fitted = train(model, table, found.left, found.right)
    weight = score(fitted, table, found.left, found.right).weight
    same = np.array(
        [people[a][:2] == people[b][:2] and b == a + 1 for a, b in zip(found.left, found.right, strict=True)]
    )

    assert weight[same].min() >= fitted.match_threshold
    assert np.median(weight[~same]) < fitted.review_threshold


def test_a_column_that_is_blank_throughout_keeps_its_defaults_near(model, make, people):
    table = make([(given, family, number, "") for given, family, number, _ in people])
    found = candidates(table, cap=model.block_cap)
    fitted = train(model, table, found.left, found.right)

    assert [level.m for level in fitted.columns[3].levels] == pytest.approx([0.9, 0.06, 0.04])


def test_a_few_candidates_teach_nothing_and_the_model_stays_as_it_is(model, make):
    table = make([("anna", "smith", "", "")] * 5)
    found = candidates(table, cap=10)

    assert train(model, table, found.left, found.right) == model


def test_the_threshold_is_no_lower_than_a_pair_pays():
    threshold = best_threshold(np.array([12.0, 11.0, -30.0]), np.array([1.0, 1.0, 0.0]))

    # The best F1 is 1, half of it 0.5, which is 0 bits; no pair lies between 11 and -30.
    assert threshold == 0.0
