from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Demo


def test_the_truth_holds_every_live_record_exactly_once(demo: Demo) -> None:
    assert set(demo.truth) == set(demo.exports.live)


def test_the_summary_counts_what_the_truth_holds(demo: Demo) -> None:
    assert demo.summary.records == Counter(entity for entity, _, _ in demo.truth)
    assert sum(demo.summary.things.values()) == len({(key[0], thing) for key, thing in demo.truth.items()})


def test_the_unusable_rows_are_refused_each_for_its_reason(demo: Demo) -> None:
    reasons = sorted(rejected.reason for rejected in demo.exports.rejected)

    assert len(reasons) + len(demo.exports.repeated) == demo.summary.unusable == 5
    assert any("no id" in reason for reason in reasons)
    assert any("1985-13-40" in reason for reason in reasons)
    assert any("TBD" in reason for reason in reasons)
    assert any("on request" in reason for reason in reasons)
    assert [source for _, source, _ in demo.exports.repeated] == ["xero"]


def test_a_row_merged_away_inside_the_crm_is_deleted(demo: Demo) -> None:
    assert [(entity, source) for entity, source, _ in demo.exports.deleted] == [("client", "salesforce")]


def test_robots_are_left_out(demo: Demo) -> None:
    assert demo.exports.left_out == 3


def test_no_record_is_flagged_as_a_reference_into_nowhere(demo: Demo) -> None:
    keys = {(source, key) for _, source, key in demo.truth}
    dangling = [
        (key, name, value)
        for key, record in demo.exports.live.items()
        for name, value in record.values.items()
        if isinstance(value, str)
        and name
        in ("client", "project", "worker", "engagement", "legal_entity", "manager", "owner", "parent")
        and tuple(value.split(":", 1)) not in keys
    ]

    assert dangling == []


def test_most_things_stand_in_several_systems(demo: Demo) -> None:
    for entity, least in (("client", 3.0), ("worker", 2.0), ("project", 1.4), ("engagement", 1.3)):
        assert demo.summary.records[entity] / demo.summary.things[entity] > least


def test_a_steward_has_to_decide_on_fifteen_to_forty_pairs_of_both_kinds(demo: Demo) -> None:
    doubts = demo.summary.doubts

    assert 15 <= len(doubts) <= 40
    assert min(Counter(doubt.same for doubt in doubts).values()) >= 5
    assert {doubt.entity for doubt in doubts} >= {"client", "worker", "project", "engagement", "cost_center"}


def test_every_doubt_names_two_live_records_and_tells_the_truth(demo: Demo) -> None:
    for doubt in demo.summary.doubts:
        left, right = (
            demo.truth[doubt.entity, source, key]
            for source, _, key in (record.partition(":") for record in (doubt.left, doubt.right))
        )
        assert doubt.same == (left == right)
