"""Laws of the pipeline, over records that hypothesis invents."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mdm_matching import MemoryIndex, candidates, match, reasons, score

WORDS = st.sampled_from(["", "anna", "anne", "bert", "berta", "carl", "Carl ", "dora"])
NUMBERS = st.sampled_from(["", "", "1001", "1002", "2001"])
LINES = st.sampled_from(["", "55", "56", "77"])
ROWS = st.lists(st.tuples(WORDS, WORDS, NUMBERS, LINES), min_size=2, max_size=14)
law = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def all_pairs(rows: int):
    left, right = np.triu_indices(rows, 1)
    return left.astype(np.int32), right.astype(np.int32)


def partition(labels, names):
    groups = {}
    for label, name in zip(labels.tolist(), names, strict=True):
        groups.setdefault(label, set()).add(name)
    return {frozenset(members) for members in groups.values()}


@law
@given(ROWS)
def test_a_score_is_the_same_whichever_record_stands_left(model, make, rows):
    table = make(rows)
    left, right = all_pairs(len(rows))

    assert np.array_equal(score(model, table, left, right).weight, score(model, table, right, left).weight)


@law
@given(ROWS)
def test_a_blank_is_no_evidence_whatever_stands_beside_it(model, make, rows):
    table = make([*rows, ("", "", "", "")])
    last = len(rows)
    others = np.arange(last, dtype=np.int32)
    scores = score(model, table, others, np.full(last, last, np.int32))

    assert (scores.levels == 255).all()
    assert (scores.evidence == 0).all()


@law
@given(ROWS)
def test_a_score_does_not_depend_on_what_else_is_scored(model, make, rows):
    table = make(rows)
    left, right = all_pairs(len(rows))
    batch = score(model, table, left, right).weight
    alone = [
        score(model, make([rows[a], rows[b]]), [0], [1]).weight[0] for a, b in zip(left, right, strict=True)
    ]

    assert batch.tolist() == alone


@law
@given(ROWS)
def test_the_index_finds_the_pairs_of_the_batch_with_their_scores_to_the_last_bit(model, make, rows):
    index = MemoryIndex(model)
    values = [dict(zip(("given", "family", "number", "line"), row, strict=True)) for row in rows]
    for place, value in enumerate(values):
        index.add(f"{place:03d}", value)
    table = make(rows)
    table = table.mute(junk(table))

    assert online(index, values) == batch(model, table, candidates(table, cap=model.block_cap))


@law
@given(rows=ROWS, most=st.integers(1, 4))
def test_an_index_with_the_reach_of_the_batch_finds_its_pairs_by_weak_keys_alone_as_well(
    model, make, rows, most
):
    values = [dict(zip(("given", "family", "number"), row, strict=False)) for row in rows]
    table = make([row[:3] for row in rows])
    found = candidates(table, cap=most, chance=lambda left, right: np.ones(len(left)))
    filled = MemoryIndex(model, found.reach)
    for place, value in enumerate(values):
        filled.add(f"{place:03d}", value)

    assert online(filled, values) == batch(model, table, found)


@law
@given(rows=ROWS)
def test_an_index_of_many_records_finds_the_pairs_of_matching_them(model, rows):
    names = ("given", "family", "number")
    values = [dict(zip(names, row, strict=False)) for row in rows]
    columns = {name: [value[name] for value in values] for name in names}
    made = MemoryIndex.of(model, [f"{place:03d}" for place in range(len(rows))], columns)
    found = match(columns, model=model)
    pairs = zip(found.pairs.left.tolist(), found.pairs.right.tolist(), strict=True)

    assert online(made, values) == dict(zip(pairs, found.pairs.weight.tolist(), strict=True))
    assert made.reach == found.reach


def online(index, values):
    """The weight of every pair that the index finds for one of its records."""
    return {
        (min(place, int(hit.record)), max(place, int(hit.record))): hit.weight
        for place, value in enumerate(values)
        for hit in index.query(value)
        if place != int(hit.record)
    }


def batch(model, table, found):
    """The weight of every candidate pair."""
    weight = score(model, table, found.left, found.right).weight
    return {(int(a), int(b)): w for a, b, w in zip(found.left, found.right, weight.tolist(), strict=True)}


def junk(table):
    from mdm_matching.blocking.candidates import junk_of

    return junk_of(table)


@law
@given(ROWS, st.randoms(use_true_random=False))
def test_the_clusters_do_not_depend_on_the_order_of_the_rows(make, group, rows, random):
    names = [f"{place:03d}" for place in range(len(rows))]
    shuffled = list(range(len(rows)))
    random.shuffle(shuffled)
    straight = group(make(rows), order=names)
    mixed = group(make([rows[place] for place in shuffled]), order=[names[place] for place in shuffled])

    assert partition(mixed.labels, [names[place] for place in shuffled]) == partition(straight.labels, names)
    assert [(shuffled[c.left], shuffled[c.right], c.weight, c.cause) for c in mixed.cuts] == [
        (c.left, c.right, c.weight, c.cause) for c in straight.cuts
    ]


@law
@given(ROWS)
def test_an_unrelated_record_changes_no_other_cluster(make, group, rows):
    names = [f"{place:03d}" for place in range(len(rows))]
    before = partition(group(make(rows)).labels, names)
    after = partition(group(make([*rows, ("zz top", "zz end", "9999", "99")])).labels, [*names, "new"])

    assert after == before | {frozenset({"new"})}


@law
@given(ROWS)
def test_the_reasons_add_up_to_the_evidence(model, make, rows):
    table = make(rows)
    total = sum(reason.weight for reason in reasons(model, table, 0, 1))

    assert abs(total - score(model, table, [0], [1]).evidence[0]) < 1e-6


@law
@given(ROWS)
def test_no_two_records_of_one_cluster_hold_different_numbers(make, group, rows):
    labels = group(make(rows)).labels
    held = {}
    for label, row in zip(labels.tolist(), rows, strict=True):
        held.setdefault(label, set()).update({row[2][:2]} - {""})

    assert all(len(numbers) <= 1 for numbers in held.values())
