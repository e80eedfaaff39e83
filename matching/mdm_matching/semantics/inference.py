"""Which semantic type each column is of, from its name and its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mdm_matching.semantics.category import Category
from mdm_matching.semantics.code import Code
from mdm_matching.semantics.column_names import kind_of_name
from mdm_matching.semantics.derived_columns import derived
from mdm_matching.semantics.inference_rules import by_name
from mdm_matching.semantics.inference_table import Table
from mdm_matching.semantics.inference_values import by_values
from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.semantics.value_profile import ValueProfile


@dataclass(frozen=True, slots=True)
class Inferred:
    """What a column was taken for.

    Attributes:
        semantic: its semantic type; None if it is no evidence.
        why: one sentence that says what speaks for it.
    """

    semantic: SemanticType | None
    why: str


def infer(columns: Mapping[str, Sequence[str | None]]) -> dict[str, Inferred]:
    """The semantic type of each column, and why; a column that identifies nothing gets None.

    The name proposes, the values dispose: a column called `email` that holds no address is judged by its
    values. A column that is blank or always the same, a key or a cluster label of the file, or names where
    the row came from, is no evidence. Nor is one whose words all stand in other columns of the same record.
    """
    profiles = {name: ValueProfile.of(values) for name, values in columns.items()}
    table = Table({name: kind_of_name(name) for name in columns}, profiles, columns)
    found = {name: _infer_one(name, table) for name in columns}
    evidence = {name: own.semantic for name, own in found.items() if own.semantic is not None}
    for name, others in derived(columns, evidence).items():
        found[name] = Inferred(None, f"no evidence of its own: its words stand in {others}")
    return found


def _infer_one(name: str, table: Table) -> Inferred:
    profile, kind = table.profiles[name], table.kinds[name]
    if not profile.sample:
        return Inferred(
            None, "no evidence: it is blank" if not profile.count else "no evidence: its values say nothing"
        )
    if profile.distinct == 1 and profile.count > 1:
        return Inferred(None, "no evidence: it holds the same value throughout")
    if kind in ("provenance", "clock"):
        return Inferred(
            None, "no evidence: its name says where or when the row was recorded, not what it is about"
        )
    if kind == "truth":
        return Inferred(
            None, "left out: its name says that it is a label of clusters, which the matcher must not see"
        )
    if kind == "key":
        return Inferred(None, "no evidence: its name says that it is the row's key in its own file")
    found = by_name(name, table)
    if found is not None:
        return Inferred(found[0], f"its name says {kind.replace('_', ' ')}, and {found[1]}")
    found = by_values(name, table)
    if kind and isinstance(found[0], Code):
        found = Category(), found[1] + ", and nothing says that they name one thing"
    doubt = f"its name says {kind.replace('_', ' ')}, but its values do not: " if kind else "by its values: "
    return Inferred(found[0], doubt + found[1])
