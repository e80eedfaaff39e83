"""The options of `mdm match`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[list[Path], typer.Argument(help="CSV, JSON lines, JSON, Parquet or XLSX files.")]
Out = Annotated[Path, typer.Option("--out", help="Where the clusters go: .csv, .jsonl or .parquet.")]
PairsFile = Annotated[
    Path | None, typer.Option("--pairs", help="Where the scored pairs go: .parquet, .csv or .jsonl.")
]
TypesOf = Annotated[
    str | None, typer.Option("--entity", help="Take the semantic types from this entity type.")
]
GivenModel = Annotated[Path | None, typer.Option("--model", help="Use this model as it is.")]
SavedModel = Annotated[Path | None, typer.Option("--save-model", help="Where the model that was used goes.")]
Truth = Annotated[
    str | None, typer.Option("--evaluate", help="Column with the truth: counted against, never evidence.")
]
CleanSources = Annotated[
    list[str] | None,
    typer.Option("--clean", help="A source that holds nothing twice; found out if none is named."),
]
MemoryBound = Annotated[
    str | None,
    typer.Option(
        "--memory",
        help="The most memory to use, such as 800M or 1.2G; three quarters of what is free if not given. "
        "Pairs that do not fit go to a temporary file.",
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option("--report", help="Where a page with charts and reasons goes: .html, complete in itself."),
]
LabelsFile = Annotated[
    Path | None,
    typer.Option(
        "--labels",
        help="Judged pairs: left_source, left_record_id, right_source, right_record_id, verdict "
        "(same, distinct or unsure).",
    ),
]
