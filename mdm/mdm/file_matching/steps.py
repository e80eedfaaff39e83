"""Matches files: read, choose semantic types or a model, match, judge, write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mdm.errors import InputError, UnreadableFileError
from mdm.export import format_of, replacing, write_rows
from mdm.file_matching.answer import COLUMNS, answer_rows, write_pairs
from mdm.file_matching.declared import declared_semantics
from mdm.file_matching.judging import Figures, figures
from mdm.file_matching.labels import read_labels
from mdm.file_matching.report import Matched, write_report
from mdm.file_matching.table import MatchTable, read_table

if TYPE_CHECKING:
    from mdm.entities import EntityType
    from mdm_matching import Labels, MatchModel, MatchResult


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRequest:
    """What to match and where the answer goes.

    Attributes:
        entity_type: takes the semantic types from its declaration; else they are inferred.
        model: a model to use as it is; else one is trained on the files.
        evaluate: the column with the truth; it is counted against and never evidence.
        clean: the sources known to hold nothing twice; found out if None.
        labels: a file of judged pairs; they bind or part their rows and sharpen a model that is trained.
        report: where a page with charts and reasons goes.
        memory: the most memory that the process may hold, such as 800M.
        raw: leave CSV values that look like formulas as they are.
    """

    files: tuple[Path, ...]
    out: Path
    pairs: Path | None = None
    entity_type: EntityType | None = None
    model: Path | None = None
    save_model: Path | None = None
    evaluate: str | None = None
    clean: tuple[str, ...] | None = None
    labels: Path | None = None
    report: Path | None = None
    memory: str | None = None
    encoding: str | None = None
    raw: bool = False


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """What was read, what the engine found, and how well it meets the truth if there is one."""

    table: MatchTable
    result: MatchResult
    figures: Figures | None

    @property
    def clusters(self) -> int:
        """How many clusters there are, those of a single row included."""
        return len(set(self.result.labels.tolist()))


def match_files(request: MatchRequest, progress: Callable[[str], None] | None = None) -> MatchAnswer:
    """Match the rows of files and write the answer.

    Raises:
        UsageError: a file to write has no known ending.
        InputError: a file or the model cannot be used.
        UnwritableFileError: an answer cannot be written.
    """
    out_format, pairs_format = format_of(request.out), format_of(request.pairs or Path("pairs.parquet"))
    model = _read_model(request.model)
    table = read_table(request.files, evaluate=request.evaluate, encoding=request.encoding)
    judged_pairs = read_labels(request.labels, table) if request.labels else None
    result = _match(request, table, (model, judged_pairs), progress)
    judged = figures(table, result) if request.evaluate else None
    write_rows(answer_rows(table, result), COLUMNS, out_format, request.out, raw=request.raw)
    if request.pairs is not None:
        write_pairs(table, result, pairs_format, request.pairs, raw=request.raw)
    if request.report is not None:
        write_report(Matched(table, result, judged, judged_pairs), request.report)
    if request.save_model is not None:
        with replacing(request.save_model) as part:
            result.model.save(part)
    return MatchAnswer(table, result, judged)


def _read_model(path: Path | None) -> MatchModel | None:
    from mdm_matching import MatchingError, MatchModel

    if path is None:
        return None
    try:
        return MatchModel.load(path)
    except OSError as exc:
        raise UnreadableFileError(
            f"Cannot read the model {path} ({exc.strerror}); check the path, or leave --model out."
        ) from exc
    except (MatchingError, UnicodeDecodeError) as exc:
        raise UnreadableFileError(f"{path.name} is {exc}; write it anew with --save-model.") from exc


def _match(
    request: MatchRequest,
    table: MatchTable,
    known: tuple[MatchModel | None, Labels | None],
    progress: Callable[[str], None] | None,
) -> MatchResult:
    from mdm_matching import MatchingError, match
    from mdm_matching.errors import MemoryBoundError

    model, labels = known
    semantics = declared_semantics(request.entity_type, table.columns) if request.entity_type else None
    if model is not None and not any(column.name in table.columns for column in model.columns):
        raise InputError(
            f"The model looks at {', '.join(c.name for c in model.columns)}, but the files have only "
            f"{', '.join(table.columns)}; rename the columns, or leave --model out."
        )
    try:
        return match(
            table.columns,
            semantics=semantics,
            model=model,
            sources=table.sources,
            clean=request.clean,
            labels=labels,
            memory=request.memory,
            progress=progress,
        )
    except MemoryBoundError as exc:
        raise InputError(f"The memory for matching (--memory) does not do: {exc}.") from exc
    except MatchingError as exc:
        raise InputError(
            f"The rows cannot be matched: {exc}; give --entity, or name the columns so."
        ) from exc
