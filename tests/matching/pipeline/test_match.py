"""The whole way from raw columns to clusters."""

from __future__ import annotations

import numpy as np
import pytest

from mdm_matching import ColumnLengthError, MatchModel, NoEvidenceError, match
from mdm_matching.semantics import Email, FamilyName, GivenName

PEOPLE = {"given_name": GivenName(), "family_name": FamilyName(), "email": Email()}
ANNA = ("Anna", "Schmidt", "anna.schmidt@schmidt.at")
BERT = ("Bert", "Jones", "bert.jones@jones.ie")


def columns(rows):
    return {name: [row[place] for row in rows] for place, name in enumerate(PEOPLE)}


def test_no_records_give_no_clusters():
    found = match(columns([]), semantics=PEOPLE)

    assert found.labels.tolist() == []
    assert found.cuts == ()


def test_one_record_is_its_own_cluster():
    assert match(columns([ANNA]), semantics=PEOPLE).labels.tolist() == [0]


def test_records_that_are_all_equal_are_one_cluster():
    assert set(match(columns([ANNA] * 300), semantics=PEOPLE).labels.tolist()) == {0}


def test_a_column_that_is_blank_throughout_changes_nothing():
    rows = [ANNA, ANNA, BERT, (None, None, "")]
    model = MatchModel.default("person", PEOPLE)
    beside = match({**columns(rows), "fax": [None] * 4}, model=model)

    assert beside.labels.tolist() == match(columns(rows), model=model).labels.tolist() == [0, 0, 2, 3]


def test_a_given_model_is_used_as_it_is():
    model = MatchModel.default("person", PEOPLE)

    assert match(columns([ANNA, ANNA, BERT]), model=model).model is model


def test_the_pairs_come_with_weight_and_probability():
    pairs = match(columns([ANNA, ANNA, BERT]), semantics=PEOPLE).pairs

    assert list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == [(0, 1)]
    assert pairs.probability[0] > 0.5
    assert pairs.weight[0] > 0


def test_every_step_is_announced_and_timed():
    said: list[str] = []
    found = match(columns([ANNA, BERT]), semantics=PEOPLE, progress=said.append)

    steps = [text for text in said if not text.startswith("expect at most")]
    assert steps == ["infer", "standardise", "block", "compare", "train", "score", "cluster"]
    assert list(found.timings) == steps
    assert len(said) == len(steps) + 1


def test_without_evidence_matching_says_what_to_do():
    with pytest.raises(NoEvidenceError, match="name the type of at least one column"):
        match({"given_name": ["Anna"]}, semantics={})


def test_columns_of_different_length_are_refused():
    with pytest.raises(ColumnLengthError, match="'family_name': 1"):
        match({"given_name": ["Anna", "Bert"], "family_name": ["Schmidt"]}, semantics=PEOPLE)


def test_the_order_of_the_rows_makes_no_difference_when_everything_is_found_out():
    draw = np.random.default_rng(3)
    rows = []
    for n in range(200):
        given, family = ("".join(draw.choice(list("abcdefghijklmnopqrst"), 5)).title() for _ in range(2))
        rows.append((given, family, f"{given}.{family}@firm{n % 7}.at"))
        if n % 3 == 0:
            rows.append((given, family, None if n % 2 else f"{given}.{family}@firm{n % 7}.at"))
    order = draw.permutation(len(rows))
    straight = match(columns(rows)).labels
    mixed = match(columns([rows[place] for place in order])).labels
    back = np.empty(len(rows), np.int64)
    back[order] = mixed

    together = straight[:, None] == straight[None, :]
    assert np.array_equal(together, back[:, None] == back[None, :])
    assert len(np.unique(straight)) == 200
