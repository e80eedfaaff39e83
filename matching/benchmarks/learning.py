"""What a hundred answers are worth: the questions the engine asks, answered from the truth of a bench set.

    MDM_BENCH_DATA=FOLDER python matching/benchmarks/learning.py [--answers N] [SET ...]

The engine sees the truth only through the answers to the questions it asked. The figures after 0, a quarter,
half and all of the answers stand in one line per set. dedupe with as many answers runs under `make bench`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import process_time

from figures import KEYS, LINKS, records, say

from mdm_matching import Evaluation, Learner, evaluate

# Questions asked at a time; the model learns in between.
ROUND = 5
SETS = ("fake_1000", "chicago_childcare")


def learning_curve(
    columns: dict[str, list[str | None]], answers: int, *, link: bool
) -> Iterator[tuple[int, Evaluation]]:
    """The evaluation after each round of answers, beginning with none."""
    truth = columns["cluster_id"]
    origins = [value or "" for value in columns["source"]]
    sources = origins if link else None
    evidence = {name: values for name, values in columns.items() if name not in KEYS}
    learner = Learner(evidence, sources=origins)
    given = 0
    yield given, evaluate(learner.result().labels, truth, sources=sources)
    while given < answers:
        asked = learner.questions(min(ROUND, answers - given))
        if not asked:
            return
        for question in asked:
            same = truth[question.left] == truth[question.right] is not None
            learner.answer(question.left, question.right, same=same)
        given += len(asked)
        yield given, evaluate(learner.result().labels, truth, sources=sources)


def row(name: str, curve: Sequence[tuple[int, Evaluation]], seconds: float) -> str:
    """One line of the table."""
    last = curve[-1][0]
    shown = [_after(curve, share * last // 4) for share in (0, 1, 2, 4)]
    cells = " | ".join(f"{judged.f1:.4f} ({judged.bcubed_f1:.4f})" for judged in shown)
    return f"| {name} | {last} | {cells} | {seconds:.1f} |"


def _after(curve: Sequence[tuple[int, Evaluation]], answers: int) -> Evaluation:
    return next(judged for given, judged in curve if given >= answers)


def main() -> int:
    """Print the table of the sets that are there; 2 if no folder is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--answers", type=int, default=100, help="how many questions are answered")
    parser.add_argument("sets", nargs="*", default=SETS, metavar="SET")
    wanted = parser.parse_args()
    named = os.environ.get("MDM_BENCH_DATA")
    if not named:
        sys.stderr.write("Set MDM_BENCH_DATA to the folder that holds the bench sets.\n")
        return 2
    say("| set | answers | F1 (B-cubed) with none | a quarter | half | all | CPU s |")
    say("|---|---|---|---|---|---|---|")
    for name in wanted.sets:
        folder = Path(named) / name
        if not folder.is_dir():
            sys.stderr.write(f"{name}: not there\n")
            continue
        begin = process_time()
        curve = list(learning_curve(records(folder), wanted.answers, link=name in LINKS))
        say(row(name, curve, process_time() - begin))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
