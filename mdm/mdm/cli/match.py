"""`mdm match`: the engine alone, files in and clusters out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mdm.cli.match_options import (
    CleanSources,
    Files,
    GivenModel,
    LabelsFile,
    MemoryBound,
    Out,
    PairsFile,
    ReportFile,
    SavedModel,
    Truth,
    TypesOf,
)
from mdm.cli.options import Config, Encoding, Json, Raw
from mdm.cli.output import counted, note, say, say_json, work

if TYPE_CHECKING:
    from mdm.file_matching import MatchAnswer
    from mdm_matching import Evaluation

UNREAD = 3
"""Exit code when some rows could not be read."""


def match_command(  # noqa: PLR0913  # one parameter per option
    files: Files,
    out: Out,
    pairs: PairsFile = None,
    entity: TypesOf = None,
    model: GivenModel = None,
    save_model: SavedModel = None,
    evaluate: Truth = None,
    clean: CleanSources = None,
    labels: LabelsFile = None,
    report: ReportFile = None,
    memory: MemoryBound = None,
    encoding: Encoding = None,
    raw: Raw = False,
    config: Config = None,
    as_json: Json = False,
) -> None:
    """Find which rows are the same thing; without further options everything is found out from the rows.

    The columns source and record_id (else the file's name, and id or the row's number) are keys, never
    evidence, and neither is cluster_id. Where a source plainly holds nothing twice, no two rows of it are
    joined.
    """
    from mdm.entities import load_registry
    from mdm.file_matching import MatchRequest, match_files
    from mdm.settings import load_settings

    if model is not None and save_model is not None:
        raise typer.BadParameter(
            "--model uses a model as it is, so there is none to save; give one of the two"
        )
    settings = load_settings(config)
    registry = load_registry(settings.entities, settings.folder)
    request = MatchRequest(
        files=tuple(files),
        out=out,
        pairs=pairs,
        entity_type=registry[entity] if entity else None,
        model=model,
        save_model=save_model,
        evaluate=evaluate,
        clean=tuple(clean) if clean else None,
        labels=labels,
        report=report,
        memory=memory,
        encoding=encoding,
        raw=raw,
    )
    with work() as step:
        answer = match_files(request, step)
    say_json(_document(answer)) if as_json else _tell(answer, out)
    for trouble in answer.table.unread:
        note(f"Left out: {trouble}")
    if answer.table.unread:
        raise typer.Exit(UNREAD)


def _tell(answer: MatchAnswer, out: Path) -> None:
    for name, inferred in answer.result.inferred.items():
        kind = inferred.semantic.name if inferred.semantic else "no evidence"
        say(f"{name}: {kind} ({inferred.why})")
    for line in (*_capped(answer), *_leaks(answer)):
        note(line)
    if answer.result.clean:
        say(f"Taken to hold nothing twice: {', '.join(answer.result.clean)}.")
    rows, pairs = counted(answer.table.rows, "row"), counted(len(answer.result.pairs.left), "candidate pair")
    say(f"{rows}, {pairs}, {counted(answer.clusters, 'cluster')} written to {out}.")
    for line in _figures(answer):
        say(line)


def _capped(answer: MatchAnswer) -> Iterator[str]:
    """By column: how many keys were too common to make candidates alone; no column for compound keys."""
    holders: dict[str, list[int]] = {}
    for capped in answer.result.capped:
        holders.setdefault(capped.column or "columns together", []).append(capped.holders)
    for column, rows in holders.items():
        keys = counted(len(rows), "key is", "keys are")
        yield f"{column}: {keys} too common to block by, the commonest with {max(rows):,} rows."


def _leaks(answer: MatchAnswer) -> Iterator[str]:
    for column in answer.result.leaks:
        yield (
            f"{column}: alone it gives nearly these clusters; if it is a truth or an earlier answer, "
            f"leave it out with --evaluate {column}."
        )


def _figures(answer: MatchAnswer) -> Iterator[str]:
    judged = answer.figures
    if judged is None:
        return
    if judged.across is not None:
        yield _line("Pairs across sources", judged.across)
    yield _line("All pairs", judged.overall)
    overall = judged.overall
    b_cubed = (overall.bcubed_precision, overall.bcubed_recall, overall.bcubed_f1)
    yield "B-cubed: precision {:.4f}, recall {:.4f}, F1 {:.4f}".format(*b_cubed)
    yield (
        f"Blocking proposed {judged.completeness:.4f} of the true pairs; "
        f"recall at precision .99 is {judged.sure_recall:.4f}."
    )


def _line(title: str, figures: Evaluation) -> str:
    return f"{title}: precision {figures.precision:.4f}, recall {figures.recall:.4f}, F1 {figures.f1:.4f}"


def _document(answer: MatchAnswer) -> dict[str, object]:
    result, judged = answer.result, answer.figures
    inferred = {
        name: {"semantic": found.semantic.name if found.semantic else None, "why": found.why}
        for name, found in result.inferred.items()
    }
    return {
        "rows": answer.table.rows,
        "pairs": len(result.pairs.left),
        "clusters": answer.clusters,
        "inferred": inferred,
        "capped": [{"column": capped.column, "rows": capped.holders} for capped in result.capped],
        "clean": list(result.clean),
        "plan": {
            "pairs": result.plan.pairs,
            "cpu_seconds": round(result.plan.seconds, 1),
            "bytes": result.plan.size,
            "keys": [asdict(kind) for kind in result.plan.kinds],
        },
        "seconds": dict(result.timings),
        "cpu_seconds": dict(result.cpu),
        "leaks": list(result.leaks),
        "unread": answer.table.unread,
        "figures": asdict(judged) if judged else None,
    }
