"""The match report: one page, complete in itself, with the charts and with what was inferred and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from mdm.export import replacing

if TYPE_CHECKING:
    from mdm.file_matching.judging import Figures
    from mdm.file_matching.table import MatchTable
    from mdm_matching import Explained, Labels, MatchResult

# Pairs shown from each side of the threshold.
_EXAMPLES = 2


@dataclass(frozen=True, slots=True)
class Matched:
    """What the report is about; figures where there is a truth, labels where pairs were judged."""

    table: MatchTable
    result: MatchResult
    figures: Figures | None
    labels: Labels | None


def write_report(matched: Matched, out: Path) -> None:
    """Write the page.

    Raises:
        UnwritableFileError: the page cannot be written.
    """
    with replacing(out) as part:
        part.write_text(report(matched), encoding="utf-8")


def report(matched: Matched) -> str:
    """The page as HTML that loads nothing from elsewhere."""
    from jinja2 import Environment, StrictUndefined

    from mdm_matching import Explained

    explained = Explained.of(matched.table.columns, matched.result, matched.labels)
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    template = environment.from_string(files("mdm.file_matching").joinpath("report.html").read_text("utf-8"))
    model = matched.result.model
    return template.render(
        files=", ".join(dict.fromkeys(matched.table.sources)),
        summary=_summary(matched),
        inferred=_inferred(matched.result),
        charts=_charts(matched, explained),
        model={
            "prior": f"{model.prior:+.1f}",
            "match": f"{model.match_threshold:+.1f}",
            "review": f"{model.review_threshold:+.1f}",
            "taught": len(explained.labels),
        },
        figures=_figures(matched.figures),
        cuts=_cuts(matched.result),
        examples=_examples(matched, explained),
    )


def _summary(matched: Matched) -> str:
    clusters = len(set(matched.result.labels.tolist()))
    pairs, seconds = len(matched.result.pairs.left), sum(matched.result.timings.values())
    return (
        f"{matched.table.rows:,} rows make {clusters:,} things. {pairs:,} candidate pairs were compared, "
        f"in {seconds:.1f} s."
    )


def _inferred(result: MatchResult) -> list[dict[str, str]]:
    return [
        {
            "column": name,
            "kind": found.semantic.name.replace("_", " ") if found.semantic else "no evidence",
            "why": found.why,
        }
        for name, found in result.inferred.items()
    ]


def _charts(matched: Matched, explained: Explained) -> dict[str, Markup]:
    from mdm_matching import charts

    result = matched.result
    drawn = {
        "completeness": charts.completeness_chart(charts.completeness(explained.table)),
        "blocks": charts.block_chart(charts.block_counts(explained.table, result)),
        "levels": charts.level_shares_chart(charts.level_shares_of(result.model)),
        "histogram": charts.score_histogram_chart(charts.score_histogram(result)),
    }
    if matched.figures is not None:
        drawn |= _judged_charts(matched)
    return {name: Markup(svg) for name, svg in drawn.items()}  # escaped by the engine


def _judged_charts(matched: Matched) -> dict[str, str]:
    import numpy as np

    from mdm_matching import charts

    pairs, truth = matched.result.pairs, matched.table.truth or []
    names = np.array([value or f"\x00{row}" for row, value in enumerate(truth)], object)
    same = names[pairs.left] == names[pairs.right]
    sizes = Counter(value for value in truth if value).values()
    total = sum(size * (size - 1) // 2 for size in sizes)
    threshold = matched.result.model.match_threshold
    tradeoff = charts.precision_recall(pairs.weight, same, total, threshold)
    return {
        "reliability": charts.reliability_chart(charts.reliability(pairs.probability, same)),
        "tradeoff": charts.precision_recall_chart(tradeoff),
    }


def _figures(figures: Figures | None) -> list[dict[str, str]]:
    if figures is None:
        return []
    judged = figures.overall
    rows = [("All pairs", judged.precision, judged.recall, judged.f1)]
    if figures.across is not None:
        across = figures.across
        rows.append(("Pairs across sources", across.precision, across.recall, across.f1))
    rows.append(("B-cubed", judged.bcubed_precision, judged.bcubed_recall, judged.bcubed_f1))
    names = ("precision", "recall", "f1")
    return [
        {"name": name} | dict(zip(names, (f"{share:.4f}" for share in shares), strict=True))
        for name, *shares in rows
    ]


def _cuts(result: MatchResult) -> list[dict[str, str]]:
    counted = Counter(cut.text for cut in result.cuts)
    return [{"text": text, "count": f"{count:,}"} for text, count in counted.most_common()]


def _examples(matched: Matched, explained: Explained) -> list[dict[str, object]]:
    import numpy as np

    from mdm_matching import waterfall_svg

    pairs, threshold = matched.result.pairs, matched.result.model.match_threshold
    order = np.argsort(np.abs(pairs.weight - threshold), kind="stable")
    above = pairs.weight[order] >= threshold
    places = [*order[above][:_EXAMPLES].tolist(), *order[~above][:_EXAMPLES].tolist()]
    found: list[dict[str, object]] = []
    for place in places:
        left, right = int(pairs.left[place]), int(pairs.right[place])
        told = explained.why(left, right)
        kept_apart = None if told.joined else explained.why_not(left, right)
        found.append(
            {
                "title": f"{_named(matched.table, left)} and {_named(matched.table, right)}",
                "chart": Markup(waterfall_svg(told.reasons, told.prior, threshold)),  # escaped by the engine
                "text": kept_apart.text if kept_apart else told.text,
            }
        )
    return found


def _named(table: MatchTable, row: int) -> str:
    return f"{table.sources[row]} {table.record_ids[row]}"
