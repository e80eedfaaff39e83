"""Reasons: what each column says about a pair; their weights add up to the pair's evidence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mdm_matching.comparing.levels import BLANK, pair_levels
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.model.match_model import MatchModel
from mdm_matching.scoring.kind_weights import KindWeights
from mdm_matching.scoring.pair_scores import evidence_of, kind_logs
from mdm_matching.scoring.rarity import Rarity
from mdm_matching.standardising.standard_column import StandardColumn
from mdm_matching.standardising.standard_table import StandardTable

# Below this many bits the correction for correlated evidence is not worth a line.
_VISIBLE = 5e-7


@dataclass(frozen=True, slots=True)
class Reason:
    """What one column says about a pair.

    Attributes:
        column: the column; "" for the line that takes back what correlated columns say twice.
        semantic: name of its semantic type; "" for that line.
        label: the level of agreement, in words.
        left_value: the one record's value as it came; None if it has none.
        right_value: the other's.
        weight: bits of evidence; above 0 speaks for the same thing, below 0 against, 0 says nothing.
        note: what else a steward should know; "" if nothing.
    """

    column: str
    semantic: str
    label: str
    left_value: str | None
    right_value: str | None
    weight: float
    note: str = ""


def reasons(model: MatchModel, table: StandardTable, left: int, right: int) -> tuple[Reason, ...]:
    """One reason for each column in the model's order, then one for correlation where it matters.

    The weights add up to the evidence that `score` gives the pair, to the sixth decimal.
    """
    one, other = np.array([left], np.int32), np.array([right], np.int32)
    levels = pair_levels(table, one, other)
    found = [
        _reason(column, table.columns[place], int(levels[0, place]), (left, right))
        for place, column in enumerate(model.columns)
    ]
    weights = KindWeights.of(model)
    evidence = float(evidence_of(model, weights, table, levels, (one, other))[0])
    rest = round(evidence - sum(reason.weight for reason in found), 6)
    if abs(rest) > _VISIBLE:
        logs = kind_logs(model, weights, table, levels, (one, other))[:, 0]
        side = weights.side(same=rest > 0)
        likeliest = model.kinds[max(side, key=lambda place: logs[place])].name
        note = f"these values go together in pairs of the kind: {likeliest}"
        found.append(Reason("", "", "correlated evidence", None, None, rest, note))
    return tuple(found)


def _reason(model: ColumnModel, column: StandardColumn, level: int, pair: tuple[int, int]) -> Reason:
    left, right = pair
    values = (column.raw[left], column.raw[right])
    notes = [_note(column, row) for row in pair]
    if level == BLANK:
        return Reason(model.name, model.semantic.name, "no evidence", *values, 0.0, _joined(notes))
    one, other = np.array([left], np.int32), np.array([right], np.int32)
    levels = np.array([level], np.uint8)
    known = Rarity.of(model, column, levels, (one, other))
    bits = 0.0 if known is None else float(known.of_pairs(levels, one, other)[0])
    rarity = -bits
    if abs(rarity) >= 1:
        notes.append("rare value" if rarity > 0 else "common value")
    agreed = model.levels[level]
    weight = round(model.bits(level) + rarity, 6)
    return Reason(model.name, model.semantic.name, agreed.label, *values, weight, _joined(notes))


def _note(column: StandardColumn, row: int) -> str:
    code = int(column.codes[row])
    if code < 0:
        return "" if column.raw[row] in (None, "") else f"{column.raw[row]!r} is no usable value"
    if column.muted[code]:
        return "shared by many unlike records, so it says nothing"
    return column.standards[code].note


def _joined(notes: list[str]) -> str:
    return "; ".join(dict.fromkeys(note for note in notes if note))
