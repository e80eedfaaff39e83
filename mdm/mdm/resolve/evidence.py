"""What matching sees of source records: their claims as columns of values, references as golden ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Text, cast, select
from sqlmodel import Session, col

from mdm.entities import EntityType, Kind
from mdm.models import EXACT_KEY_COLUMN, SOURCE_COLUMN, evidence_types
from mdm.resolve.ready_evidence import ready_for
from mdm.resolve.references import Key, led_to, parse_reference
from mdm.store.chunks import rows_in
from mdm.store.json_text import json_document
from mdm.store.records import SourceRecord
from mdm.store.written_records import written_records
from mdm_matching import BlockKeys, MatchModel, StandardTable, standardise
from mdm_matching.semantics import is_block_listed
from mdm_matching.semantics.several import SEPARATOR


@dataclass(frozen=True)
class Evidence:
    """Live source records of one entity type as matching sees them; row k of the table is `ids[k]`.

    Attributes:
        order: a text per row that orders records by source and key, whatever their row ids.
        labels: a text per row that names the record to people.
        block_list: names of the deployment that stand for nobody, beside those that always do.
        ready_keys: the block keys of every row, where they are known already.
    """

    ids: list[int]
    order: list[str]
    table: StandardTable
    labels: list[str]
    block_list: Sequence[str] = ()
    ready_keys: BlockKeys | None = None

    @cached_property
    def block_keys(self) -> BlockKeys:
        """The block keys of every row."""
        return self.table.block_keys() if self.ready_keys is None else self.ready_keys

    @property
    def rows(self) -> dict[int, int]:
        """Record id to row."""
        return {record_id: row for row, record_id in enumerate(self.ids)}

    @cached_property
    def block_listed(self) -> frozenset[int]:
        """Rows that take no candidates, such as "Test GmbH"."""
        more = {name.casefold() for name in self.block_list}
        listed = (is_block_listed(text) or text.casefold() in more for text in self.labels)
        return frozenset(row for row, is_listed in enumerate(listed) if is_listed)


@dataclass(frozen=True, slots=True)
class RecordClaims:
    """One live source record, the claims that stand, and the id of its current version."""

    id: int
    source: str
    source_key: str
    claims: Mapping[str, Mapping[str, Any]]
    version: int | None = None


_LIVE = select(
    col(SourceRecord.id), col(SourceRecord.source), col(SourceRecord.source_key),
    col(SourceRecord.claims), col(SourceRecord.current_version_id),
).where(col(SourceRecord.live).is_(True))  # fmt: skip


def live_records(session: Session, ids: Iterable[int]) -> list[RecordClaims]:
    """The live ones among these records, in the order of their source and key."""
    wanted, written = set(ids), written_records(session)
    found = [RecordClaims(*written[record_id]) for record_id in wanted & written.keys()]
    stored = rows_in(session, _LIVE, col(SourceRecord.id), wanted - written.keys())
    found += [RecordClaims(*row) for row in stored]
    return sorted(found, key=lambda record: (record.source, record.source_key))


_LIVE_KEYS = select(col(SourceRecord.id), col(SourceRecord.source), col(SourceRecord.source_key)).where(
    col(SourceRecord.live).is_(True)
)


def live_keys(session: Session, ids: Iterable[int]) -> Iterator[tuple[int, str, str]]:
    """Row id, source and source key of the live ones among these records."""
    wanted, written = set(ids), written_records(session)
    for record_id in wanted & written.keys():
        yield written[record_id][:3]
    for row in rows_in(session, _LIVE_KEYS, col(SourceRecord.id), wanted - written.keys()):
        yield row[0], row[1], row[2]


class UnreadRecord(NamedTuple):
    """A record as `RecordClaims` has it, its claims still the text that the database keeps."""

    id: int
    source: str
    source_key: str
    claims: str
    version: int | None


_UNREAD = select(
    col(SourceRecord.id), col(SourceRecord.source), col(SourceRecord.source_key),
    cast(col(SourceRecord.claims), Text), col(SourceRecord.current_version_id),
).where(col(SourceRecord.live).is_(True))  # fmt: skip


def unread_records(session: Session, ids: Iterable[int]) -> list[UnreadRecord]:
    """The live ones among these records, in no order."""
    return [UnreadRecord(*row) for row in rows_in(session, _UNREAD, col(SourceRecord.id), ids)]


def read(records: Iterable[UnreadRecord]) -> list[RecordClaims]:
    """The records with their claims read."""
    return [RecordClaims(r.id, r.source, r.source_key, json_document(r.claims), r.version) for r in records]


def place_of(source: str, source_key: str) -> str:
    """A text that orders records by source and key."""
    return f"{source}\x1f{source_key}"


def gather(
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    ids: Iterable[int],
    block_list: Sequence[str] = (),
) -> Evidence:
    """The evidence of these records, values that lost their force not yet muted."""
    return gather_records(session, entity_type, model, live_records(session, ids), block_list)


def gather_records(  # what is read, and where references led
    session: Session,
    entity_type: EntityType,
    model: MatchModel,
    records: Sequence[RecordClaims],
    block_list: Sequence[str] = (),
    led: Mapping[tuple[str, Key], str] | None = None,
) -> Evidence:
    """The evidence of records whose claims are known, stored or not, in the order given.

    Args:
        led: (target type, key) to the golden id that references led to; None: where they lead now.
    """
    golden = led_by_evidence(session, entity_type, records) if led is None else led
    columns = evidence_columns(entity_type, records, golden)
    ready = ready_for(session, model, columns)
    if ready is None:
        return _evidence(entity_type, records, standardise(model, columns), block_list)
    return _evidence(entity_type, records, ready.table, block_list, ready.keys)


def evidence_of(
    entity_type: EntityType,
    model: MatchModel,
    records: Sequence[RecordClaims],
    led: Mapping[tuple[str, Key], str],
    block_list: Sequence[str] = (),
) -> Evidence:
    """The evidence of records whose claims are known, without a look at the database.

    Args:
        led: (target type, key) to the golden id that the references lead to.
    """
    table = standardise(model, evidence_columns(entity_type, records, led))
    return _evidence(entity_type, records, table, block_list)


def _evidence(
    entity_type: EntityType,
    records: Sequence[RecordClaims],
    table: StandardTable,
    block_list: Sequence[str],
    keys: BlockKeys | None = None,
) -> Evidence:
    labels = [str(record.claims.get(entity_type.label, {}).get("v", "")) for record in records]
    order = [place_of(record.source, record.source_key) for record in records]
    return Evidence([record.id for record in records], order, table, labels, block_list, keys)


def led_by_evidence(
    session: Session, entity_type: EntityType, records: Sequence[RecordClaims]
) -> dict[tuple[str, Key], str]:
    """(target type, key) to the golden id that references lead to, for those that are evidence."""
    found: dict[tuple[str, Key], str] = {}
    for target in {a.target for a in entity_type.evidence_references}:
        names = [a.name for a in entity_type.evidence_references if a.target == target]
        keys = {
            parse_reference(str(record.claims[name]["v"]), record.source)
            for record in records
            for name in names
            if name in record.claims
        }
        found.update({(target, key): golden_id for key, golden_id in led_to(session, target, keys).items()})
    return found


def evidence_columns(
    entity_type: EntityType, records: Sequence[RecordClaims], golden: Mapping[tuple[str, Key], str]
) -> dict[str, list[str | None]]:
    """What these records say to matching, by column of the model; references as golden ids."""
    if entity_type.match_key:
        return {EXACT_KEY_COLUMN: [_match_key(entity_type, record, golden) for record in records]}
    return {name: _column(entity_type, name, records, golden) for name in evidence_types(entity_type)}


def _column(
    entity_type: EntityType,
    name: str,
    records: Sequence[RecordClaims],
    golden: Mapping[tuple[str, Key], str],
) -> list[str | None]:
    if name == SOURCE_COLUMN:
        return [record.source for record in records]
    attribute = entity_type.by_name[name]
    heard = {source: attribute.trusted.hears(source) for source in {record.source for record in records}}
    claims = (
        claim if (claim := record.claims.get(name)) and not claim["f"] and heard[record.source] else None
        for record in records
    )
    if attribute.kind is Kind.reference:
        return [
            None if claim is None else golden.get((attribute.target, _key(claim, record)))
            for claim, record in zip(claims, records, strict=True)
        ]
    return [None if claim is None else _text(claim["v"]) for claim in claims]


def _key(claim: Mapping[str, Any], record: RecordClaims) -> Key:
    return parse_reference(str(claim["v"]), record.source)


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return SEPARATOR.join(map(str, value)) or None
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _match_key(
    entity_type: EntityType, record: RecordClaims, golden: Mapping[tuple[str, Key], str]
) -> str | None:
    """The exact key as one text; an unresolved reference stands as source and key. None if it has none."""
    parts = []
    for name in entity_type.match_key:
        claim = record.claims.get(name)
        attribute = entity_type.by_name[name]
        text = "" if claim is None else str(claim["v"]).strip().casefold()
        if claim is not None and attribute.kind is Kind.reference:
            key = _key(claim, record)
            text = golden.get((attribute.target, key)) or f"?{key[0]}:{key[1]}"
        parts.append(text)
    return "|".join(parts) if any(parts) else None
