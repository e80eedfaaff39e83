from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import (
    Labels,
    MatchModel,
    candidates,
    evaluate,
    match,
    probability,
    reasons,
    score,
    standardise,
    taught,
    train,
)
from mdm_matching.semantics import FamilyName, GivenName


@pytest.fixture(scope="module")
def fitted(people):
    """The records, their candidate pairs, which of these are the same, and the model without labels."""
    found = match(people.columns)
    table = standardise(found.model, people.columns)
    pairs = candidates(table, cap=found.model.block_cap)
    names = np.array(people.truth)
    return found.model, table, pairs, names[pairs.left] == names[pairs.right]


def labels_of(pairs, same, places):
    rows = int(pairs.right.max()) + 1
    return Labels.of(zip(pairs.left[places], pairs.right[places], same[places], strict=True), rows)


def surprise(model, table, pairs, same):
    """Mean bits by which the truth surprises the model."""
    chance = np.clip(probability(score(model, table, pairs.left, pairs.right).weight), 1e-9, 1 - 1e-9)
    return float(-np.log2(np.where(same, chance, 1 - chance)).mean())


def test_labels_make_the_model_less_surprised_by_pairs_it_was_not_told_of(fitted):
    model, table, pairs, same = fitted
    told = np.arange(0, len(same), 4)
    better = taught(model, table, labels_of(pairs, same, told))

    assert surprise(better, table, pairs, same) < surprise(model, table, pairs, same)


def test_without_labels_nothing_changes(fitted):
    model, table, pairs, same = fitted

    assert taught(model, table, labels_of(pairs, same, np.arange(0))) is model


def test_teaching_twice_is_teaching_once(fitted):
    model, table, pairs, same = fitted
    labels = labels_of(pairs, same, np.arange(40))
    once = taught(model, table, labels)

    again = taught(model, table, labels)

    assert once.to_json() == again.to_json()


def test_a_single_label_moves_the_weights_less_than_fifty_of_its_kind(fitted):
    model, table, pairs, same = fitted
    places = np.flatnonzero(same)[:50]
    one = taught(model, table, labels_of(pairs, same, places[:1]))
    many = taught(model, table, labels_of(pairs, same, places))

    def moved(other):
        weight = score(other, table, pairs.left, pairs.right).weight
        return np.abs(weight - score(model, table, pairs.left, pairs.right).weight).mean()

    assert 0 < moved(one) < moved(many)


def test_reasons_of_a_taught_model_add_up_to_its_evidence(fitted):
    model, table, pairs, same = fitted
    better = taught(model, table, labels_of(pairs, same, np.arange(0, len(same), 5)))
    scores = score(better, table, pairs.left[:20], pairs.right[:20])

    for place in range(20):
        told = reasons(better, table, int(pairs.left[place]), int(pairs.right[place]))
        assert sum(reason.weight for reason in told) == pytest.approx(scores.evidence[place], abs=1e-5)


def test_a_taught_model_survives_its_document(fitted):
    model, table, pairs, same = fitted
    better = taught(model, table, labels_of(pairs, same, np.arange(0, len(same), 5)))

    assert MatchModel.from_json(better.to_json()).to_json() == better.to_json()
    assert MatchModel.from_json(better.to_json()).columns[0].taught == better.columns[0].taught
    assert better.version != model.version


def test_labels_teach_even_where_candidates_are_too_few_to_train_on():
    model = MatchModel.default("person", {"given_name": GivenName(), "family_name": FamilyName()})
    table = standardise(model, {"given_name": ["Anna", "Ana", "Carl"], "family_name": ["Ek", "Ek", "Boe"]})
    pairs = candidates(table, cap=model.block_cap)
    labels = Labels.of([(0, 1, True)], 3)

    lone = train(model, table, pairs.left, pairs.right, labels=labels)
    weight = [float(score(m, table, np.array([0]), np.array([1])).weight[0]) for m in (model, lone)]

    assert weight[1] > weight[0]


def test_what_was_said_binds_and_parts_whatever_the_scores_say(people):
    first = match(people.columns).labels
    joined = next((a, b) for a in range(400) for b in range(a + 1, len(first)) if first[a] == first[b])
    apart = (0, next(row for row in range(len(first)) if first[row] != first[0]))
    labels = Labels.of([(*joined, False), (*apart, True)], len(first))
    found = match(people.columns, labels=labels).labels

    assert found[joined[0]] != found[joined[1]]
    assert found[apart[0]] == found[apart[1]]


def test_every_tenth_pair_judged_gives_better_clusters_than_none(people):
    without = match(people.columns)
    truth = np.array(people.truth)
    same = truth[without.pairs.left] == truth[without.pairs.right]
    labels = labels_of(without.pairs, same, np.arange(0, len(same), 10))
    with_labels = match(people.columns, labels=labels).labels

    assert evaluate(with_labels, people.truth).f1 > evaluate(without.labels, people.truth).f1
