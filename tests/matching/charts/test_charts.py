from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

from mdm_matching import Explained, MatchModel, charts, match
from mdm_matching.charts.drawing import Axis
from mdm_matching.semantics import Email, FamilyName, GivenName

HOSTILE = 'given & <script>"x"'
COLUMNS: dict[str, list[str | None]] = {
    HOSTILE: ["Anna", "Ana", "Anna", "Carl", None, "n/a"],
    "family_name": ["Ek", "Ek", "Ek", "Boe", "Boe", None],
    "email": ["anna@ek.se", "anna@ek.se", None, "carl@boe.no", "carl@boe.no", "carl@boe.no"],
}


@pytest.fixture(scope="module")
def explained() -> Explained:
    types = {HOSTILE: GivenName(), "family_name": FamilyName(), "email": Email()}
    return Explained.of(COLUMNS, match(COLUMNS, model=MatchModel.default("person", types)))


def fallen(explained: Explained) -> tuple[charts.Fall, ...]:
    told = explained.why(0, 3)
    return charts.waterfall(told.reasons, told.prior)


def drawn(explained: Explained) -> dict[str, str]:
    found, pairs = explained.found, explained.found.pairs
    same = np.arange(len(pairs.left)) % 2 == 0
    return {
        "completeness": charts.completeness_chart(charts.completeness(explained.table)),
        "blocks": charts.block_chart(charts.block_counts(explained.table, found)),
        "levels": charts.level_shares_chart(charts.level_shares_of(found.model)),
        "histogram": charts.score_histogram_chart(charts.score_histogram(found)),
        "reliability": charts.reliability_chart(charts.reliability(pairs.probability, same)),
        "tradeoff": charts.precision_recall_chart(
            charts.precision_recall(pairs.weight, same, 5, found.model.match_threshold)
        ),
        "waterfall": charts.waterfall_chart(fallen(explained), found.model.match_threshold),
    }


def test_every_chart_is_well_formed_and_says_what_its_axes_show(explained):
    for name, svg in drawn(explained).items():
        root = ET.fromstring(svg)
        texts = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]

        assert root.get("aria-label"), name
        assert any("(" in text or "pairs" in text or "recall" in text or "share" in text for text in texts), (
            name
        )


def test_nothing_is_drawn_outside_the_picture(explained):
    for name, svg in drawn(explained).items():
        root = ET.fromstring(svg)
        width, height = float(root.get("width", "0")), float(root.get("height", "0"))
        for element in root.iter("{http://www.w3.org/2000/svg}rect"):
            left, top = float(element.get("x", "0")), float(element.get("y", "0"))
            assert left >= 0, name
            assert left + float(element.get("width", "0")) <= width, name
            assert top + float(element.get("height", "0")) <= height, name


def test_hostile_column_names_stay_text(explained):
    svg = drawn(explained)["completeness"]

    assert "<script" not in svg
    assert "given &amp; &lt;script&gt;" in svg


def test_completeness_tells_usable_from_unusable_values(explained):
    given = charts.completeness(explained.table)[0]

    assert (given.usable, given.unusable, given.distinct) == (pytest.approx(4 / 6), pytest.approx(1 / 6), 3)


def test_the_histogram_holds_every_candidate_pair(explained):
    histogram = charts.score_histogram(explained.found)

    assert int(histogram.counts.sum()) == len(explained.found.pairs.left)
    assert len(histogram.edges) == len(histogram.counts) + 1


def test_block_counts_tell_the_pairs_of_each_column(explained):
    email = next(
        one for one in charts.block_counts(explained.table, explained.found) if one.column == "email"
    )

    assert (email.pairs >= 4, email.capped, email.left_out) == (True, 0, 0)


def test_reliability_compares_what_was_said_with_what_is_true():
    found = charts.reliability(np.array([0.92, 0.94, 0.96, 0.1]), np.array([True, True, False, False]))

    assert [(round(one.said, 2), round(one.true, 2), one.pairs) for one in found] == [
        (0.1, 0.0, 1),
        (0.94, 0.67, 3),
    ]


def test_precision_and_recall_count_pairs_of_equal_weight_together():
    found = charts.precision_recall(np.array([9.0, 9.0, 3.0]), np.array([True, False, True]), 4, 5.0)

    assert found.threshold.tolist() == [9.0, 3.0]
    assert found.precision.tolist() == [0.5, pytest.approx(2 / 3)]
    assert found.recall.tolist() == [0.25, 0.5]


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-17, 34, [-10, 0, 10, 20, 30]),
        (0, 100, [0, 20, 40, 60, 80, 100]),
    ],
)
def test_ticks_are_round_numbers_within_the_axis(low, high, ticks):
    assert Axis("x", low, high).ticks() == pytest.approx(ticks)


def test_no_pairs_make_charts_all_the_same():
    nothing = np.zeros(0)

    assert "polyline" not in charts.precision_recall_chart(
        charts.precision_recall(nothing, nothing.astype(bool), 0, 1.0)
    )
    assert charts.reliability(nothing, nothing.astype(bool)) == ()


def test_the_waterfall_goes_from_nothing_over_the_prior_to_the_weight_of_the_pair(explained):
    told, falls = explained.why(0, 3), fallen(explained)

    assert (falls[0].begin, falls[0].end) == (0.0, told.prior)
    assert [fall.begin for fall in falls[1:]] == [fall.end for fall in falls[:-1]]
    assert [fall.weight for fall in falls[1:]] == pytest.approx([reason.weight for reason in told.reasons])
    assert falls[-1].end == pytest.approx(told.weight, abs=1e-5)
    assert "bits" in charts.waterfall_chart(falls)
