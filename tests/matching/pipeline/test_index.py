"""The index in memory answers by the records that it holds, not by how they came and went."""

from __future__ import annotations

import pytest

from mdm_matching import MemoryIndex
from mdm_matching.errors import ColumnLengthError

RECORDS = {
    f"r{n}": {"given": f"an{n % 9}", "family": f"sm{n % 4}", "line": "555" if n % 2 else ""}
    for n in range(24)
}


def filled(model, names, reach=None) -> MemoryIndex:
    index = MemoryIndex(model, reach)
    for name in names:
        index.add(name, RECORDS[name])
    return index


def test_a_record_that_came_and_went_leaves_no_trace(model):
    index = filled(model, RECORDS)
    for name in list(RECORDS)[6:]:
        index.remove(name)
    index.remove("never there")

    few = filled(model, list(RECORDS)[:6])
    assert [index.query(values) for values in RECORDS.values()] == [
        few.query(values) for values in RECORDS.values()
    ]


def test_a_switchboard_loses_its_force_and_gets_it_back_with_its_holders(model):
    index = filled(model, [])
    for n in range(5):
        index.add(f"s{n}", {"given": f"{n}x", "family": f"{n}y", "line": "777"})
    shared = {"given": "zz", "family": "qq", "line": "777"}

    assert index.query(shared) == ()
    for n in range(2, 5):
        index.remove(f"s{n}")
    assert [hit.record for hit in index.query(shared)] == ["s0", "s1"]


def test_a_changed_record_is_found_by_what_it_says_now(model):
    index = filled(model, ["r0"])
    index.add("r0", {"given": "maria", "family": "lopez"})

    assert index.query(RECORDS["r0"]) == ()
    assert [hit.record for hit in index.query({"given": "maria"})] == ["r0"]


def of_columns(model, names) -> MemoryIndex:
    columns = {name: [RECORDS[record].get(name) for record in names] for name in ("given", "family", "line")}
    return MemoryIndex.of(model, names, columns)


def answers(index: MemoryIndex) -> list[object]:
    return [index.query(values) for values in RECORDS.values()]


@pytest.mark.usefixtures("always_joined")
def test_an_index_made_at_once_answers_as_one_filled_record_by_record(model):
    made = of_columns(model, list(RECORDS))

    assert answers(made) == answers(filled(model, RECORDS, made.reach))


@pytest.mark.usefixtures("always_joined")
def test_records_that_change_after_the_index_was_made_at_once_count_as_they_are_now(model):
    index = of_columns(model, list(RECORDS))
    other = filled(model, RECORDS, index.reach)
    for either in (index, other):
        for name in list(RECORDS)[:9]:
            either.remove(name)
        for name in list(RECORDS)[3:6]:
            either.add(name, {"given": f"new{name}", "family": "sm1", "line": "555"})
        either.add("r20", {"given": "an1", "family": "sm9", "line": ""})

    assert len(index) == len(other) == 18
    assert answers(index) == answers(other)


@pytest.mark.usefixtures("always_joined")
def test_a_switchboard_among_the_first_records_gets_its_force_back(model):
    records = {f"s{n}": {"given": f"{n}x", "family": f"{n}y", "line": "777"} for n in range(5)}
    columns = {name: [values[name] for values in records.values()] for name in ("given", "family", "line")}
    index = MemoryIndex.of(model, list(records), columns)
    shared = {"given": "zz", "family": "qq", "line": "777"}

    before = index.query(shared)
    for name in ("s2", "s3", "s4"):
        index.remove(name)

    assert before == ()
    assert [hit.record for hit in index.query(shared)] == ["s0", "s1"]


def test_keys_are_looked_up_as_far_as_matching_the_first_records_would_take_them(model, monkeypatch):
    monkeypatch.setattr("mdm_matching.blocking.bands.ALWAYS", 0)
    monkeypatch.setattr("mdm_matching.blocking.lone_keys.lone_room", lambda rows: 0)
    given = ["common"] * 40 + ["commoner"] * 60
    others = {name: [f"{n}{name}" for n in range(100)] for name in ("family", "number", "line")}
    columns = {"given": given, **others}
    names = [f"r{n:02d}" for n in range(100)]

    index = MemoryIndex.of(model, names, columns)

    assert len(index.query({"given": "common"})) == 40
    assert index.query({"given": "commoner"}) == ()


def test_records_that_say_nothing_are_found_by_nothing(model):
    index = MemoryIndex(model)
    for name in ("r0", "r1"):
        index.add(name, {})

    assert index.query({}) == index.query({"given": " "}) == ()


def test_of_any_number_of_equal_records_the_first_that_is_left_is_found(model):
    columns = {"given": ["anna"] * 150, "family": ["bell"] * 150, "line": [None] * 150}
    names = [f"r{n:03d}" for n in range(150)]
    made = MemoryIndex.of(model, names, columns)
    filled = MemoryIndex(model)
    for name in names:
        filled.add(name, {"given": "anna", "family": "bell"})

    found = []
    for index in (made, filled):
        found.append([hit.record for hit in index.query({"given": "anna", "family": "bell"})])
        index.remove("r000")
        found.append([hit.record for hit in index.query({"given": "anna", "family": "bell"})])

    assert found == [["r000"], ["r001"], ["r000"], ["r001"]]


def test_of_a_record_that_stands_there_twice_the_last_counts(model):
    columns = {"given": ["anna", "bert"], "family": ["a", "b"], "line": [None, None]}

    index = MemoryIndex.of(model, ["r", "r"], columns)

    assert len(index) == 1
    assert index.query({"given": "anna"}) == ()
    assert [hit.record for hit in index.query({"given": "bert"})] == ["r"]


def test_columns_of_other_length_than_the_identifiers_are_refused(model):
    with pytest.raises(ColumnLengthError, match="records"):
        MemoryIndex.of(model, ["r"], {"given": ["anna", "bert"]})
