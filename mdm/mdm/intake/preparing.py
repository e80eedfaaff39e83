"""Turns a row of a file into a record that the hub can take in, or says why it cannot."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from mdm.effective import DO_NOT_MASTER, FROM, TO
from mdm.entities.entity_type import Attribute, EntityType, Kind
from mdm.ingest import IncomingRecord, Rejected
from mdm.intake.amounts import number
from mdm.intake.doubts import doubt, word
from mdm.intake.mapping import FieldMapping, Mapping, implied_mapping, is_blank
from mdm.intake.moments import instant, iso_day
from mdm.intake.selecting import ABSENT
from mdm.intake.source_row import SourceRow, storable
from mdm.survivorship import ClaimValue

SOURCE_NAME = re.compile(r"[a-z][a-z0-9_.-]*")
ELSEWHERE = re.compile(r"[a-z][a-z0-9_.-]*:.+", re.DOTALL)
"""A reference that already names its source."""

TRUTH = {"true": True, "1": True, "false": False, "0": False}
KEY_LIMIT = 500
"""Characters in a source key."""


class RowError(ValueError):
    """A value of the row is not what its attribute needs."""

    def __init__(self, column: str, reason: str) -> None:
        self.column = column
        super().__init__(reason)


def prepare(
    entity_type: EntityType, source: str, row: SourceRow, mapping: Mapping | None = None
) -> IncomingRecord | Rejected | None:
    """The row as a record: normalised, references as `source:key`, doubtful values flagged.

    Returns:
        A record; or what is wrong with the row; or None if the mapping leaves the row out.
    """
    if row.trouble:
        return Rejected(row.number, row.trouble, row.column, storable(row.values))
    mapping = mapping or implied_mapping(entity_type)
    try:
        if mapping.skip is not None and _is_true(mapping.skip.select(row.values)):
            return None
        return _record(entity_type, source, row, mapping)
    except RowError as exc:
        return Rejected(row.number, str(exc), exc.column, storable(row.values))


def key_of(row: SourceRow, mapping: Mapping) -> str | None:
    """The source key of a row that may be wrong in other ways; None if it has none that can be read."""
    try:
        return _key(row, mapping)
    except RowError:
        return None


def _record(entity_type: EntityType, source: str, row: SourceRow, mapping: Mapping) -> IncomingRecord:
    key = _key(row, mapping)
    values: dict[str, ClaimValue | None] = {}
    for name, mapped in mapping.attributes.items():
        value = _read(mapped, name, row)
        if value is not ABSENT:
            values[name] = _value(entity_type.by_name[name], value, mapped, source, mapping.date_formats)
    flags = {}
    for name, claimed in values.items():
        reason = "" if claimed is None else doubt(entity_type.by_name[name], claimed, values)
        if reason:
            flags[name] = reason
    values |= _facts(row, mapping)
    return IncomingRecord(key, values, _changed_at(row, mapping), _deleted(row, mapping), flags)


def _read(mapped: FieldMapping, name: str, row: SourceRow) -> Any:
    try:
        return mapped.read(row.values)
    except ValueError as exc:
        raise RowError(mapped.column, f"{name}: {_quoted(_raw(mapped, row))} {exc}") from exc


def _raw(mapped: FieldMapping, row: SourceRow) -> Any:
    return mapped.selector.select(row.values) if mapped.selector else mapped.constant


def _key(row: SourceRow, mapping: Mapping) -> str:
    value = _read(mapping.key, "id", row)
    if value is ABSENT or is_blank(value):
        raise RowError(mapping.key.column, f"the row has no id in {mapping.key.column!r}")
    key = _text(value, mapping.key.column, "id")
    if len(key) > KEY_LIMIT:
        raise RowError(mapping.key.column, f"the id has {len(key)} characters, the limit is {KEY_LIMIT}")
    return key


def _changed_at(row: SourceRow, mapping: Mapping) -> datetime | None:
    if mapping.changed_at is None:
        return None
    value = _read(mapping.changed_at, "changed_at", row)
    if value is ABSENT or is_blank(value):
        return None
    try:
        return instant(value, mapping.date_formats)
    except ValueError as exc:
        raise RowError(
            mapping.changed_at.column, f"changed_at: {_quoted(value)} is no date and time in ISO 8601"
        ) from exc


def _deleted(row: SourceRow, mapping: Mapping) -> bool:
    if mapping.deleted is None:
        return False
    value = _read(mapping.deleted, "deleted", row)
    if value is ABSENT or is_blank(value):
        return False
    truth = TRUTH.get(str(value).strip().lower())
    if truth is None:
        raise RowError(mapping.deleted.column, f"deleted: {_quoted(value)} is none of true, false, 1, 0")
    return truth


def _facts(row: SourceRow, mapping: Mapping) -> dict[str, ClaimValue | None]:
    """From when until when the row holds, and whether it is to be left out; only what the row says."""
    found: dict[str, ClaimValue | None] = {}
    for name, mapped in mapping.facts.items():
        value = _read(mapped, name, row)
        if value is ABSENT or (is_blank(value) and name != DO_NOT_MASTER):
            continue
        left_out = name == DO_NOT_MASTER
        found[name] = _left_out(value, mapped.column) if left_out else _fact_day(name, value, mapped, mapping)
    first, after = found.get(FROM), found.get(TO)
    if first and after and str(after) <= str(first):
        raise RowError(
            mapping.facts[TO].column, f"{TO} {after} is not after {FROM} {first}; it is the first day after"
        )
    return found


def _fact_day(name: str, value: Any, mapped: FieldMapping, mapping: Mapping) -> str:
    try:
        return iso_day(value, mapping.date_formats)
    except ValueError as exc:
        raise RowError(mapped.column, f"{name}: {_quoted(value)} {exc}{_advice(Kind.date)}") from exc


def _left_out(value: Any, column: str) -> str | None:
    if is_blank(value):
        return None
    truth = TRUTH.get(str(value).strip().lower())
    if truth is None:
        raise RowError(column, f"{DO_NOT_MASTER}: {_quoted(value)} is none of true, false, 1, 0")
    return "true" if truth else None


def _is_true(value: Any) -> bool:
    return (
        value is not ABSENT and not is_blank(value) and str(value).strip().lower() not in ("false", "0", "no")
    )


def _value(
    attribute: Attribute, value: Any, mapped: FieldMapping, source: str, formats: tuple[str, ...]
) -> ClaimValue | None:
    """One attribute's value as the hub keeps it, None for a blank."""
    if is_blank(value):
        return None
    column = mapped.column
    if attribute.kind is Kind.texts:
        return _texts(value, column, attribute.name) or None
    value = _single(value, column, attribute.name)
    if is_blank(value):
        return None
    try:
        if attribute.kind is Kind.number:
            return number(value)
        if attribute.kind is Kind.date:
            return iso_day(value, formats)
    except ValueError as exc:
        raise RowError(column, f"{attribute.name}: {_quoted(value)} {exc}{_advice(attribute.kind)}") from exc
    text = _text(value, column, attribute.name)
    if attribute.kind is Kind.reference:
        return _reference(text, mapped.source or source)
    return word(text) or text if attribute.words else text


def _reference(text: str, source: str) -> str:
    # A source whose name could not be told from a key stays implied: the record's own.
    if ELSEWHERE.fullmatch(text) or not SOURCE_NAME.fullmatch(source):
        return text
    return f"{source}:{text}"


def _advice(kind: Kind) -> str:
    if kind is Kind.date:
        return "; write it as 2026-03-31, or name its format under date_formats in a mapping"
    return "; write it as 1234.5"


def _single(value: Any, column: str, name: str) -> Any:
    if isinstance(value, (list, tuple)):
        filled = [item for item in value if not is_blank(item)]
        if len(filled) > 1:
            raise RowError(
                column,
                f"{name}: the field holds {len(filled)} values; choose one in the mapping, or join them",
            )
        return filled[0] if filled else None
    return value


def _texts(value: Any, column: str, name: str) -> list[str]:
    parts = value if isinstance(value, (list, tuple)) else re.split(r"[;\n]", str(value))
    texts = [_text(part, column, name) for part in parts if not is_blank(part)]
    return list(dict.fromkeys(texts))


def _text(value: Any, column: str, name: str) -> str:
    if isinstance(value, (dict, list, tuple)):
        raise RowError(
            column,
            f"{name}: the field holds an object, no single value; name the field within it in the mapping",
        )
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = str(storable(value)).strip() if not isinstance(value, str) else value.strip()
    if "\x00" in text or not _is_encodable(text):
        raise RowError(
            column, f"{name}: the text holds a NUL character or half a character, which no database keeps"
        )
    return text


def _is_encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _quoted(value: Any) -> str:
    text = str(storable(value))
    return f'"{text[:40]}{"..." if len(text) > 40 else ""}"'
