"""Writes golden records: cells, history, typed row, relations and search terms, only where it changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import partial

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.failpoints import reach
from mdm.golden_ids import members_of
from mdm.parallel import beside
from mdm.resolve.due import set_due
from mdm.resolve.evidence import RecordClaims, live_records
from mdm.resolve.former_names import former_claims
from mdm.resolve.hierarchies import (
    drop_loop_tasks,
    entangled,
    store_loop_tasks,
)
from mdm.resolve.override_tasks import drop_override_tasks, refresh_override_tasks
from mdm.resolve.periods import Periods, golden_periods, on_other_days, store_periods, stored_periods
from mdm.resolve.references import Key, led_to, parse_reference
from mdm.resolve.search_index import index_terms, terms_of_members
from mdm.resolve.surviving import Surviving
from mdm.resolve.survivors import Cells
from mdm.resolve.timelines import timelines
from mdm.resolve.versions import (
    NewVersion,
    Standing,
    changed_attributes,
    current_records,
    issued_versions,
    latest_records,
    latest_versions,
    store_current,
    write_versions,
)
from mdm.store.bulk import add_rows, drop_rows
from mdm.store.chunks import rows_in
from mdm.store.derived import Relation, SearchTerm
from mdm.store.erasures import Erasure
from mdm.store.json_text import WrittenDocument
from mdm.strong_ids import hold_strong_ids
from mdm.unit_of_work import UnitOfWork

MANY = 10_000
"""Golden records whose search terms are worth the start of a second process."""


def write_golden_records(
    uow: UnitOfWork,
    entity_type: EntityType,
    golden_ids: Collection[str],
    regrouped: Collection[str] = (),
) -> dict[str, int]:
    """Bring golden records in line with their members; returns how many are new, changed, left alone.

    Args:
        regrouped: those whose members are others now, which is a version of its own also where no value
            changes.
    """
    entwined = entangled(uow.session, entity_type, golden_ids)
    golden_ids = {*golden_ids, *entwined}
    members = members_of(uow.session, golden_ids)
    records = {r.id: r for r in live_records(uow.session, {i for ids in members.values() for i in ids})}
    own = {g: [records[i] for i in members[g] if i in records] for g in sorted(members)}
    slices = timelines(uow.session, records)
    led = targets_of(uow.session, entity_type, [*records.values(), *on_other_days(records, slices)])
    stored = current_records(uow.session, golden_ids)

    survive = Surviving(uow, entity_type, led, entwined)
    values, survivors = survive.values(own)
    periods = golden_periods(own, slices, survive, entwined)
    kept = stored_periods(uow.session, {g: s.version for g, s in stored.items()})
    now = {golden_id: found.cells for golden_id, found in values.items()}
    changed = {
        golden_id: cells
        for golden_id, cells in now.items()
        if golden_id not in stored
        or (stored[golden_id].state, stored[golden_id].cells) != ("active", cells)
        or kept.get(golden_id) != periods.get(golden_id)
    }
    unchanged = {g: s for g, s in stored.items() if g in regrouped and g not in changed}
    changed |= _with_other_members(uow.session, unchanged, members)
    cells = {**{g: s.cells for g, s in stored.items()}, **changed}
    former = former_claims(uow.session, entity_type, records)
    terms_of_all = partial(terms_of_members, entity_type, members, records, former, cells)
    with beside(terms_of_all, worth=len(members) >= MANY) as terms:
        counts = _store(uow, entity_type, changed, stored, members, periods)
        index_terms(uow.session, entity_type, members, terms())
    hold_strong_ids(uow.session, entity_type, now)
    store_loop_tasks(uow.session, entity_type, golden_ids, survive.loops)
    refresh_override_tasks(uow.session, entity_type, own, survivors)
    dues = {g: found.due for g, found in values.items() if found.due is not None}
    set_due(uow.session, entity_type, golden_ids, dues)
    counts["unchanged"] = len(members) - len(changed)
    return counts


def _with_other_members(
    session: Session, stored: Mapping[str, Standing], members: Mapping[str, list[int]]
) -> dict[str, Cells]:
    """The cells of those of these golden records whose newest version names other source records."""
    named = latest_records(session, stored)
    return {g: dict(stored[g].cells) for g, records in named.items() if records != members.get(g)}


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
    stored: Mapping[str, Standing],
    members: Mapping[str, list[int]],
    periods: Periods,
) -> dict[str, int]:
    """Write the changed records with a version, an event and their typed rows."""
    issued = issued_versions(uow.session, changed)
    latest = latest_versions(uow.session, [g for g in issued if issued[g] and g not in stored])
    kept = stored_periods(uow.session, {g: v.version for g, v in latest.items()})
    new = []
    for golden_id, cells in changed.items():
        known = latest.get(golden_id) or stored.get(golden_id) or Standing("", 0, {})
        as_known = golden_id in latest and (known.state, known.cells) == ("active", cells)
        if not as_known or kept.get(golden_id) != periods.get(golden_id):
            kind = "created" if issued[golden_id] == 0 else "changed"
            records = members[golden_id]
            details = {"attributes": changed_attributes(cells, known.cells), "records": records}
            new.append(NewVersion(golden_id, kind, "active", cells, details, records))
    written = {golden_id: WrittenDocument.of(cells) for golden_id, cells in changed.items()}
    issued |= write_versions(uow, entity_type, issued, new, written)
    for one in new:
        store_periods(uow.session, one.golden_id, issued[one.golden_id], periods.get(one.golden_id, ()))
    now = {golden_id: Standing("active", issued[golden_id], cells) for golden_id, cells in changed.items()}
    store_current(uow.session, entity_type, now, stored.keys(), written)
    reach("survivorship.after_history_before_typed_row")
    uow.hub.golden_tables.remove(uow.session, entity_type, changed)
    uow.hub.golden_tables.insert(uow.session, entity_type, changed)
    reach("survivorship.after_typed_row_before_relations")
    _relate(uow.session, entity_type, changed)
    created = sum(one.event == "created" for one in new)
    return {"created": created, "changed": len(new) - created}


def _relate(session: Session, entity_type: EntityType, changed: Mapping[str, Cells]) -> None:
    """Replace the relations that leave these golden records."""
    drop_rows(session, Relation, "from_id", changed)
    rows = [
        {
            "from_id": golden_id, "attribute": a.name, "from_type": entity_type.name,
            "to_id": cells[a.name]["value"], "to_type": a.target,
        }
        for golden_id, cells in changed.items() for a in entity_type.references if a.name in cells
    ]  # fmt: skip
    add_rows(session, Relation, rows)


def end_golden_records(uow: UnitOfWork, entity_type: EntityType, ended: Mapping[str, str]) -> None:
    """Take merged and retired golden records out of what is current; their ids still resolve.

    Args:
        ended: golden id to the id it redirects to; empty for a retired one.
    """
    if not ended:
        return
    stored = current_records(uow.session, ended)
    issued = issued_versions(uow.session, ended)
    latest = latest_versions(uow.session, ended)
    erasures = select(col(Erasure.golden_id))
    erased = {row[0] for row in rows_in(uow.session, erasures, col(Erasure.golden_id), ended)}
    new, now = [], {}
    for golden_id in sorted(ended):
        into = ended[golden_id]
        state = "merged" if into else "erased" if golden_id in erased else "retired"
        known = latest.get(golden_id)
        before = stored.get(golden_id) or known
        cells = before.cells if before and golden_id not in erased else {}
        if known is None or known.state != state:
            new.append(NewVersion(golden_id, state, state, cells, {"into": into} if into else {}))
        now[golden_id] = Standing(state, issued[golden_id], cells)
    versions = write_versions(uow, entity_type, issued, new)
    now |= {g: Standing(now[g].state, version, now[g].cells) for g, version in versions.items()}
    store_current(uow.session, entity_type, now, stored.keys())
    reach("merge.after_ended_before_typed_row")
    uow.hub.golden_tables.remove(uow.session, entity_type, ended)
    hold_strong_ids(uow.session, entity_type, {}, gone=ended)
    set_due(uow.session, entity_type, ended, {})
    drop_override_tasks(uow.session, ended)
    drop_loop_tasks(uow.session, ended)
    drop_rows(uow.session, Relation, "from_id", ended)
    drop_rows(uow.session, SearchTerm, "golden_id", ended)
