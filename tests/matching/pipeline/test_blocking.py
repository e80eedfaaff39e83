"""Which pairs become candidates, and which values lose their force."""

from __future__ import annotations

import numpy as np

from mdm_matching import candidates, junk_keys, score
from mdm_matching.blocking.candidates import junk_of


def pairs(found):
    return list(zip(found.left.tolist(), found.right.tolist(), strict=True))


def test_a_shared_key_makes_a_candidate_and_a_blank_makes_none(make):
    found = candidates(
        make([("anna", "", "", ""), ("anna", "", "", ""), ("", "", "", ""), ("", "", "", "")]), cap=10
    )

    assert pairs(found) == [(0, 1)]


def test_two_weak_keys_of_different_columns_make_a_candidate_together(make):
    rows = [("anna", "smith", "", ""), ("andy", "smart", "", ""), ("anton", "jones", "", "")]

    assert pairs(candidates(make(rows), cap=10)) == [(0, 1)]


def test_a_key_of_too_many_records_makes_no_candidates_and_is_reported(make):
    rows = [("anna", f"{chr(97 + n)}x", "", "") for n in range(12)]
    found = candidates(make(rows), cap=10)

    assert pairs(found) == []
    assert [(key.column, key.holders) for key in found.capped] == [("given", 12)]


def test_compounds_still_work_where_a_key_is_capped(make):
    rows = [("anna", f"{chr(97 + n // 2)}x{n}", "", "") for n in range(12)]

    assert pairs(candidates(make(rows), cap=10)) == [(n, n + 1) for n in range(0, 12, 2)]


def test_block_keys_are_local_to_the_record(make):
    row = ("anna", "smith", "1001", "55")
    alone = make([row]).block_keys()
    beside = make([("bert", "jones", "", "66"), row]).block_keys()

    assert alone.key.tolist() == beside.key[beside.row == 1].tolist()
    assert alone.companion.tolist() == beside.companion[beside.row == 1].tolist()


def test_a_block_key_is_the_same_number_in_every_process_and_fits_a_bigint(make):
    keys = make([("anna", "", "", "")]).block_keys()

    assert keys.key.tolist() == [2641276930199732544]
    assert keys.key.min() >= 0


def test_a_value_under_many_names_is_junk_and_under_few_is_none():
    keys = np.array([7, 7, 7, 8, 8, 8, 9], np.int64)
    names = np.array([1, 2, 3, 1, 1, 1, 1], np.int64)

    assert junk_keys(keys, names, np.full(7, 2, np.int64)).tolist() == [7]
    assert junk_keys(keys, names, np.zeros(7, np.int64)).tolist() == []
    assert junk_keys(keys[:0], names[:0], keys[:0]).tolist() == []


def test_a_muted_value_counts_as_missing_and_makes_no_candidates(model, make):
    rows = [(name, f"{name}son", "", "55") for name in ("anna", "bert", "carl", "dora")]
    table = make(rows)
    muted = table.mute(junk_of(table))

    assert score(model, table, [0], [1]).levels[0, 3] == 0
    assert score(model, muted, [0], [1]).levels[0, 3] == 255
    assert pairs(candidates(muted, cap=10)) == []


def test_a_records_keys_are_the_same_found_alone_or_among_many(make):
    rows = [
        (f"an{n % 5}a", f"sm{n % 7}th", f"10{n}" if n % 3 else "", "" if n % 4 else "55") for n in range(24)
    ]
    many = make(rows).block_keys()

    for place, row in enumerate(rows):
        alone = make([row])
        own = many.row == place
        assert alone.block_keys().key.tolist() == many.key[own].tolist()
        assert alone.block_keys().column.tolist() == many.column[own].tolist()
        assert alone.contents[0] == make(rows).contents[place]


def of_one_thing(share):
    return lambda left, right: np.full(len(left), share)


def test_a_weak_key_alone_makes_candidates_where_few_hold_it(make):
    rows = [("anna", "", "", ""), ("anton", "", "", ""), ("bert", "", "", "")]

    assert pairs(candidates(make(rows), cap=10, chance=of_one_thing(1.0))) == [(0, 1)]


def test_weak_keys_alone_add_no_more_than_a_few_pairs_a_record(make, monkeypatch):
    monkeypatch.setattr("mdm_matching.blocking.lone_keys.ALWAYS", 0)
    few, many = ([(f"an{n}", "", "", "") for n in range(size)] for size in (10, 60))

    assert len(candidates(make(few), cap=100, chance=of_one_thing(1.0)).left) == 45
    assert not len(candidates(make(many), cap=100, chance=of_one_thing(1.0)).left)


def test_weak_keys_alone_stop_where_they_do_not_pay(make, monkeypatch):
    monkeypatch.setattr("mdm_matching.blocking.lone_keys.ALWAYS", 0)
    rows = [
        (f"{chr(97 + n)}{chr(97 + m)}{k}", "", "", "") for n in range(9) for m in range(9) for k in (0, 1)
    ]

    assert not len(candidates(make(rows), cap=10, chance=of_one_thing(0.02)).left)
    assert len(candidates(make(rows), cap=10, chance=of_one_thing(0.2)).left) == 81
