"""The bench's results as a Markdown table, as plots, and as a part of the engine's README."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from contenders import CONTENDERS

from mdm_matching.charts.drawing import BLUE, GREEN, GREY, ORANGE, Axis, Plot, bar, key, text

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- bench: begin -->\n", "<!-- bench: end -->\n"
_COLOURS = dict(zip((one.name for one in CONTENDERS), (GREEN, BLUE, GREY, ORANGE, "#805ad5"), strict=True))
# Figure, title and unit of each plot.
PLOTS = (
    ("f1", "Pairwise F1 after clustering, at the default threshold", "F1"),
    ("bcubed_f1", "B-cubed F1, at the default threshold", "F1"),
    ("cpu_seconds", "CPU seconds, training included", "CPU seconds"),
    ("peak_mb", "Peak memory", "MB"),
)
Results = dict[str, dict[str, dict[str, Any]]]


def table(results: Results) -> str:
    """One line per set and contender; what did not run says why."""
    shown = ("set", "contender", "P", "R", "F1", "B-cubed F1", "best-threshold F1", "pair completeness")
    header = (*shown, "R at P .99", "CPU s", "MB")
    lines = [f"| {' | '.join(header)} |", "|---" * len(header) + "|"]
    for name, by_contender in results.items():
        for contender, found in by_contender.items():
            lines.append(f"| {name} | {contender} | {_cells(found)} |")
    return "\n".join(lines) + "\n"


def _cells(found: dict[str, Any]) -> str:
    missing = found.get("failed") or found.get("no_set_up")
    if missing:
        return f"{missing} | | | | | | | |"
    names = (
        "precision",
        "recall",
        "f1",
        "bcubed_f1",
        "best_threshold_f1",
        "pair_completeness",
        "recall_at_precision_99",
    )
    shares = (f"{found[name]:.4f}" if name in found else "" for name in names)
    asked = f" ({found['answers']} answers)" if found.get("answers") else ""
    return " | ".join((*shares, f"{found['cpu_seconds']:.1f}{asked}", f"{found['peak_mb']:,}"))


def plot(results: Results, figure: str, title: str, unit: str) -> str:
    """A bar per set and contender as SVG."""
    rows = [(s, c, f[figure]) for s, by in results.items() for c, f in by.items() if figure in f]
    most = max((value for *_, value in rows), default=1.0)
    drawn = Plot(title, Axis(unit, 0, most * 1.12), None, left=230, width=420, height=max(20 * len(rows), 60))
    marks = []
    before = ""
    for place, (name, contender, value) in enumerate(rows):
        top, step = drawn.row(place, len(rows))
        end = drawn.at_x(value)
        marks.append(
            bar(
                (drawn.left, top + 2),
                (end - drawn.left, step - 4),
                _COLOURS[contender],
                f"{name}, {contender}: {value:g}",
            )
        )
        marks.append(text((drawn.left - 8, top + step / 2 + 4), contender, anchor="end"))
        marks.append(text((end + 5, top + step / 2 + 4), f"{value:.3f}" if most <= 1 else f"{value:,.1f}"))
        if name != before:
            marks.append(text((8, top + step / 2 + 4), name))
        before = name
    seen = dict.fromkeys(contender for _, contender, _ in rows)
    marks.append(key(drawn, [(contender, _COLOURS[contender]) for contender in seen]))
    return drawn.drawn(marks)


def write(results: Results, folder: Path) -> None:
    """Table and plots into the folder, the table also into the README between its marks."""
    shown = table(results)
    (folder / "table.md").write_text(shown, encoding="utf-8")
    for figure, title, unit in PLOTS:
        (folder / f"{figure}.svg").write_text(plot(results, figure, title, unit), encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    if BEGIN in readme:
        head, _, rest = readme.partition(BEGIN)
        README.write_text(head + BEGIN + shown + END + rest.partition(END)[2], encoding="utf-8")
