"""Holds a file's columns against what the hub or a mapping expects, before any row is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from mdm.effective import FACTS
from mdm.entities.entity_type import EntityType
from mdm.errors import UnknownColumnError
from mdm.intake.mapping import Mapping
from mdm.intake.source_row import RowSource

OWN = ("id", "changed_at", "deleted", *FACTS)
"""Columns of every entity type beside its attributes."""


def check_columns(source: RowSource, entity_type: EntityType, mapping: Mapping) -> list[str]:
    """The fields that the mapping names and the file lacks; harmless, but worth saying.

    Raises:
        UnknownColumnError: without a mapping, a column is no attribute; or the key's column is missing.
    """
    columns = source.columns()
    if not mapping.name:
        _refuse_unknown(source, entity_type, columns)
    key = mapping.key.selector
    if key is not None and columns and not _is_there(key.text, key.roots, columns):
        hint = _nearest(key.text, columns)
        raise UnknownColumnError(
            f"{source.path.name} has no column {key.text!r}, which is the key{hint}: its columns are "
            f"{', '.join(columns[:12])}; rename it, or name the key in a mapping (--mapping)."
        )
    return list(_lacking(mapping, columns)) if mapping.name and columns else []


def _refuse_unknown(source: RowSource, entity_type: EntityType, columns: tuple[str, ...]) -> None:
    known = [*OWN, *entity_type.by_name]
    unknown = [column for column in columns if column not in known]
    if not unknown:
        return
    hint = _nearest(unknown[0], known)
    others = f" (nor {', '.join(map(repr, unknown[1:6]))})" if len(unknown) > 1 else ""
    raise UnknownColumnError(
        f"{source.path.name}: {entity_type.name} has no attribute {unknown[0]!r}{others}{hint}; "
        "rename the column, or say what it means in a mapping (--mapping)."
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    folded = {other.lower().replace(" ", "_"): other for other in known}
    near = get_close_matches(name.lower().replace(" ", "_"), folded, n=1, cutoff=0.4)
    return f"; the nearest is {folded[near[0]]!r}" if near else ""


def _lacking(mapping: Mapping, columns: tuple[str, ...]) -> Iterator[str]:
    for mapped in mapping.attributes.values():
        selector = mapped.selector
        if selector is not None and selector.roots and not _is_there(selector.text, selector.roots, columns):
            yield selector.text


def _is_there(text: str, roots: tuple[str, ...], columns: tuple[str, ...]) -> bool:
    return text in columns or not roots or any(root in columns for root in roots)
