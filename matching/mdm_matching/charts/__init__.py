"""Charts: what was matched, as data and as plain SVG without a plotting library."""

from mdm_matching.charts.blocks import Blocks, block_chart, block_counts
from mdm_matching.charts.completeness import Completeness, completeness, completeness_chart
from mdm_matching.charts.histogram import Histogram, score_histogram, score_histogram_chart
from mdm_matching.charts.judged import (
    Reliability,
    Tradeoff,
    precision_recall,
    precision_recall_chart,
    reliability,
    reliability_chart,
)
from mdm_matching.charts.level_shares import LevelShare, level_shares_chart, level_shares_of
from mdm_matching.charts.waterfall import Fall, waterfall, waterfall_chart, waterfall_svg

__all__ = [
    "Blocks",
    "Completeness",
    "Fall",
    "Histogram",
    "LevelShare",
    "Reliability",
    "Tradeoff",
    "block_chart",
    "block_counts",
    "completeness",
    "completeness_chart",
    "level_shares_chart",
    "level_shares_of",
    "precision_recall",
    "precision_recall_chart",
    "reliability",
    "reliability_chart",
    "score_histogram",
    "score_histogram_chart",
    "waterfall",
    "waterfall_chart",
    "waterfall_svg",
]
