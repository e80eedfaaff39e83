"""The index in memory answers by the records that it holds, not by how they came and went."""

from __future__ import annotations

from mdm_matching import MemoryIndex

RECORDS = {
    f"r{n}": {"given": f"an{n % 9}", "family": f"sm{n % 4}", "line": "555" if n % 2 else ""}
    for n in range(24)
}


def filled(model, names) -> MemoryIndex:
    index = MemoryIndex(model)
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
