"""Writes golden records: cells, history, typed row, relations and search terms, only where it changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.failpoints import reach
from mdm.query.search_terms import search_terms
from mdm.resolve.due import set_due
from mdm.resolve.evidence import RecordClaims, live_records
from mdm.resolve.former_names import former_claims
from mdm.resolve.hierarchies import (
    Loop,
    drop_loop_tasks,
    entangled,
    loops_of,
    refused_by,
    store_loop_tasks,
)
from mdm.resolve.override_tasks import drop_override_tasks, refresh_override_tasks
from mdm.resolve.periods import Periods, golden_periods, on_other_days, store_periods, stored_periods
from mdm.resolve.references import Key, led_to, parse_reference
from mdm.resolve.survivors import Cells, Survivors, cells_of, due_of, survivors_of
from mdm.resolve.timelines import timelines
from mdm.store.chunks import chunks, rows_in
from mdm.store.decisions import GoldenVersion, IssuedId
from mdm.store.derived import GoldenRecord, Membership, Relation, SearchTerm
from mdm.store.erasures import Erasure
from mdm.strong_ids import hold_strong_ids
from mdm.unit_of_work import UnitOfWork


def write_golden_records(
    uow: UnitOfWork, entity_type: EntityType, golden_ids: Collection[str]
) -> dict[str, int]:
    """Bring golden records in line with their members; returns how many are new, changed, left alone."""
    entwined = entangled(uow.session, entity_type, golden_ids)
    golden_ids = {*golden_ids, *entwined}
    members = _members(uow.session, golden_ids)
    records = {r.id: r for r in live_records(uow.session, {i for ids in members.values() for i in ids})}
    own = {g: [records[i] for i in members[g] if i in records] for g in sorted(members)}
    slices = timelines(uow.session, records)
    led = targets_of(uow.session, entity_type, [*records.values(), *on_other_days(records, slices)])
    stored = _stored(uow.session, golden_ids)

    loops: list[Loop] = []

    def survive(
        records_of: Mapping[str, Sequence[RecordClaims]], day: date | None = None
    ) -> dict[str, Survivors]:
        survived = survivors_of(
            uow.hub, uow.session, entity_type, records_of, led, moment=uow.now, refused={}
        )
        choices = {
            golden_id: survived[golden_id].choices for golden_id in records_of if golden_id in entwined
        }
        found = loops_of(entity_type, choices, uow.hub.source_order, day)
        loops.extend(found)
        again = {loop.refused.golden_id: records_of[loop.refused.golden_id] for loop in found}
        return survived | survivors_of(
            uow.hub, uow.session, entity_type, again, led, moment=uow.now, refused=refused_by(found)
        )

    survivors = survive(own)
    periods = golden_periods(own, slices, survive, entwined)
    kept = stored_periods(uow.session, {g: s.version for g, s in stored.items()})
    changed = {
        golden_id: cells
        for golden_id, cells in ((g, cells_of(survived.choices)) for g, survived in survivors.items())
        if golden_id not in stored
        or (stored[golden_id].state, stored[golden_id].cells) != ("active", cells)
        or kept.get(golden_id) != periods.get(golden_id)
    }
    counts = _store(uow, entity_type, changed, stored, members, periods)
    _index(uow.session, entity_type, members, records, {**{g: s.cells for g, s in stored.items()}, **changed})
    hold_strong_ids(uow.session, entity_type, {g: cells_of(survivors[g].choices) for g in own})
    store_loop_tasks(uow.session, entity_type, golden_ids, loops)
    refresh_override_tasks(uow.session, entity_type, own, survivors)
    set_due(uow.session, entity_type, golden_ids, due_of(survivors, members))
    counts["unchanged"] = len(members) - len(changed)
    return counts


def _members(session: Session, golden_ids: Iterable[str]) -> dict[str, list[int]]:
    query = select(col(Membership.golden_id), col(Membership.record_id))
    found: dict[str, list[int]] = {}
    for golden_id, record_id in rows_in(session, query, col(Membership.golden_id), set(golden_ids)):
        found.setdefault(golden_id, []).append(record_id)
    return {golden_id: sorted(records) for golden_id, records in found.items()}


def _stored(session: Session, golden_ids: Iterable[str]) -> dict[str, GoldenRecord]:
    rows = rows_in(session, select(GoldenRecord), col(GoldenRecord.golden_id), set(golden_ids))
    return {row[0].golden_id: row[0] for row in rows}


def targets_of(
    session: Session, entity_type: EntityType, records: Iterable[RecordClaims]
) -> dict[tuple[str, Key], str]:
    """Where the references of these records lead: (target type, key) to golden id."""
    wanted: dict[str, set[Key]] = {}
    for record in records:
        for attribute in entity_type.references:
            stated = record.claims.get(attribute.name)
            if stated is not None:
                wanted.setdefault(attribute.target, set()).add(
                    parse_reference(str(stated["v"]), record.source)
                )
    return {
        (target, key): found
        for target, keys in wanted.items()
        for key, found in led_to(session, target, keys).items()
    }


def _store(
    uow: UnitOfWork,
    entity_type: EntityType,
    changed: Mapping[str, Cells],
    stored: Mapping[str, GoldenRecord],
    members: Mapping[str, list[int]],
    periods: Periods,
) -> dict[str, int]:
    """Write the changed records with a version, an event and their typed rows."""
    counts = {"created": 0, "changed": 0}
    issued = {
        row[0].golden_id: row[0]
        for row in rows_in(uow.session, select(IssuedId), col(IssuedId.golden_id), changed)
    }
    latest = latest_versions(
        uow.session, {g: i.version for g, i in issued.items() if i.version and g not in stored}
    )
    kept = stored_periods(uow.session, {g: v.version for g, v in latest.items()})
    for golden_id, cells in changed.items():
        before = stored.get(golden_id)
        if before is None:
            before = GoldenRecord(
                golden_id=golden_id,
                entity_type=entity_type.name,
                state="",
                version=issued[golden_id].version,
                cells={},
            )
            uow.session.add(before)
        known = latest.get(golden_id)
        before_cells = known.cells if known else before.cells
        as_known = known is not None and (known.state, known.cells) == ("active", cells)
        if not as_known or kept.get(golden_id) != periods.get(golden_id):
            kind = "created" if issued[golden_id].version == 0 else "changed"
            counts[kind] += 1
            _new_version(
                uow,
                entity_type,
                issued[golden_id],
                f"golden.{kind}",
                "active",
                cells,
                before_cells,
                members[golden_id],
            )
            store_periods(uow.session, golden_id, issued[golden_id].version, periods.get(golden_id, ()))
        before.state, before.cells, before.version = "active", cells, issued[golden_id].version
    uow.session.flush()
    reach("survivorship.after_history_before_typed_row")
    uow.hub.golden_tables.remove(uow.session, entity_type, changed)
    uow.hub.golden_tables.insert(uow.session, entity_type, changed)
    reach("survivorship.after_typed_row_before_relations")
    _relate(uow.session, entity_type, changed)
    return counts


def latest_versions(session: Session, versions: Mapping[str, int]) -> dict[str, GoldenVersion]:
    """The newest entry of the history of golden records whose version is given."""
    rows = rows_in(session, select(GoldenVersion), col(GoldenVersion.golden_id), versions)
    return {row[0].golden_id: row[0] for row in rows if row[0].version == versions[row[0].golden_id]}


def _new_version(
    uow: UnitOfWork,
    entity_type: EntityType,
    issued: IssuedId,
    event: str,
    state: str,
    cells: Cells,
    before: Mapping[str, Any],
    records: list[int],
) -> None:
    issued.version += 1
    attributes = sorted(n for n in cells.keys() | before.keys() if _value(cells, n) != _value(before, n))
    details = {"attributes": attributes, "records": records}
    number = uow.emit_golden(event, entity_type.name, issued.golden_id, issued.version, details)
    uow.session.add(
        GoldenVersion(
            golden_id=issued.golden_id,
            version=issued.version,
            event_number=number,
            at=uow.now,
            state=state,
            cells=cells,
            records=records,
        )
    )


def _value(cells: Mapping[str, Any], name: str) -> Any:
    cell = cells.get(name)
    return cell["value"] if cell else None


def _relate(session: Session, entity_type: EntityType, changed: Mapping[str, Cells]) -> None:
    """Replace the relations that leave these golden records."""
    for part in chunks(changed):
        session.execute(delete(Relation).where(col(Relation.from_id).in_(part)))
    rows = [
        {
            "from_id": golden_id, "attribute": a.name, "from_type": entity_type.name,
            "to_id": cells[a.name]["value"], "to_type": a.target,
        }
        for golden_id, cells in changed.items() for a in entity_type.references if a.name in cells
    ]  # fmt: skip
    if rows:
        session.execute(insert(Relation), rows)


def _index(
    session: Session,
    entity_type: EntityType,
    members: Mapping[str, list[int]],
    records: Mapping[int, RecordClaims],
    cells: Mapping[str, Cells],
) -> None:
    """Replace the search terms of these golden records; former and other names come from the claims."""
    for part in chunks(members):
        session.execute(delete(SearchTerm).where(col(SearchTerm.golden_id).in_(part)))
    former = former_claims(session, entity_type, records)
    stated = {
        golden_id: [c for i in ids if i in records for c in (records[i].claims, *former.get(i, ()))]
        for golden_id, ids in members.items()
    }
    rows = [
        {"term": term, "entity_type": entity_type.name, "golden_id": golden_id}
        for golden_id, claims in stated.items()
        for term in sorted(search_terms(entity_type, claims, cells.get(golden_id, {})))
    ]
    if rows:
        session.execute(insert(SearchTerm), rows)


def end_golden_records(uow: UnitOfWork, entity_type: EntityType, ended: Mapping[str, str]) -> None:
    """Take merged and retired golden records out of what is current; their ids still resolve.

    Args:
        ended: golden id to the id it redirects to; empty for a retired one.
    """
    if not ended:
        return
    stored = _stored(uow.session, ended)
    issued = {
        row[0].golden_id: row[0]
        for row in rows_in(uow.session, select(IssuedId), col(IssuedId.golden_id), ended)
    }
    latest = latest_versions(uow.session, {golden_id: i.version for golden_id, i in issued.items()})
    erasures = select(col(Erasure.golden_id))
    erased = {row[0] for row in rows_in(uow.session, erasures, col(Erasure.golden_id), ended)}
    for golden_id in sorted(ended):
        state = "merged" if ended[golden_id] else "erased" if golden_id in erased else "retired"
        record = stored.get(golden_id)
        known = latest.get(golden_id)
        cells = record.cells if record else (known.cells if known else {})
        cells = {} if golden_id in erased else cells
        if known is None or known.state != state:
            issued[golden_id].version += 1
            details = {"into": ended[golden_id]} if ended[golden_id] else {}
            number = uow.emit_golden(
                f"golden.{state}", entity_type.name, golden_id, issued[golden_id].version, details
            )
            uow.session.add(
                GoldenVersion(
                    golden_id=golden_id,
                    version=issued[golden_id].version,
                    event_number=number,
                    at=uow.now,
                    state=state,
                    cells=cells,
                    records=[],
                )
            )
        if record is None:
            record = GoldenRecord(
                golden_id=golden_id, entity_type=entity_type.name, state=state, version=0, cells=cells
            )
            uow.session.add(record)
        record.state, record.version, record.cells = state, issued[golden_id].version, cells
    uow.session.flush()
    reach("merge.after_ended_before_typed_row")
    uow.hub.golden_tables.remove(uow.session, entity_type, ended)
    hold_strong_ids(uow.session, entity_type, {}, gone=ended)
    set_due(uow.session, entity_type, ended, {})
    drop_override_tasks(uow.session, ended)
    drop_loop_tasks(uow.session, ended)
    for part in chunks(ended):
        uow.session.execute(delete(Relation).where(col(Relation.from_id).in_(part)))
        uow.session.execute(delete(SearchTerm).where(col(SearchTerm.golden_id).in_(part)))
