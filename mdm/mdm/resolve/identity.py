"""Which golden id a cluster has.

Every issued id stays with one source record, its anchor. A cluster's id is the one issued id anchored in it
that is not redirected, so ids are a function of the ledger and the partition, and a replay finds them again.
When clusters change, this module moves anchors, redirects ids and issues new ones so that this stays true:

- an id follows the majority of the records it had; among equals it stays with its anchor;
- of several ids in one cluster the published one survives, then the older; the others redirect to it in one
  hop;
- a cluster that holds the anchor of a redirected id and no other id gets that id back.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, insert, select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.store.derived import Membership
from mdm.store.publishing import Receipt
from mdm.store.records import SourceRecord
from mdm.unit_of_work import UnitOfWork


@dataclass
class Assignment:
    """What became of ids: `members` holds the records of every golden record that was looked at.

    Attributes:
        before: golden id to its records before, for every id that was looked at.
        merged: redirected id to the id that survived.
        emptied: ids whose records are all gone.
    """

    members: dict[str, tuple[int, ...]] = field(default_factory=dict)
    before: dict[str, set[int]] = field(default_factory=dict)
    issued: set[str] = field(default_factory=set)
    revived: set[str] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)

    @property
    def moved(self) -> set[int]:
        """Records whose golden id is another one now."""
        now = {record: golden for golden, records in self.members.items() for record in records}
        then = {record: golden for golden, records in self.before.items() for record in records}
        return {record for record in now.keys() | then.keys() if now.get(record) != then.get(record)}


def assign_ids(
    uow: UnitOfWork, entity_type: EntityType, clusters: Sequence[tuple[int, ...]], touched: Collection[int]
) -> Assignment:
    """Give every cluster its golden id.

    Args:
        clusters: live records, each cluster in the order of source and key.
        touched: records that may have left their golden record, live or not.
    """
    result = Assignment(before=_memberships(uow.session, {*touched, *(r for c in clusters for r in c)}))
    ledger = _Ledger.read(uow.session, entity_type, clusters, result.before)
    _follow_majority(ledger, clusters, result.before)
    unnamed: list[tuple[int, ...]] = []
    for records in clusters:
        golden_id = _id_of(uow, ledger, records, result)
        if golden_id is None:
            unnamed.append(records)
        else:
            result.members[golden_id] = records
    for records, golden_id in zip(
        unnamed, _issue(uow, entity_type, [records[0] for records in unnamed]), strict=True
    ):
        result.members[golden_id] = records
        result.issued.add(golden_id)
    result.emptied = {
        golden_id
        for golden_id in result.before
        if golden_id not in result.members and golden_id not in result.merged
    }
    return result


@dataclass
class _Ledger:
    """The issued ids that clusters may have, by anchor."""

    ids: dict[str, IssuedId]
    published: set[str]
    anchored: dict[int, list[IssuedId]]

    @classmethod
    def read(
        cls,
        session: Session,
        entity_type: EntityType,
        clusters: Sequence[tuple[int, ...]],
        before: Mapping[str, set[int]],
    ) -> _Ledger:
        records = {record for group in clusters for record in group}
        query = select(IssuedId).where(col(IssuedId.entity_type) == entity_type.name)
        found = [row[0] for row in rows_in(session, query, col(IssuedId.anchor_record_id), records)]
        found += [row[0] for row in rows_in(session, query, col(IssuedId.golden_id), before)]
        ids = {issued.golden_id: issued for issued in found}
        sent = select(col(Receipt.golden_id)).where(col(Receipt.outcome) == "delivered").distinct()
        published = (
            {row[0] for row in rows_in(session, sent, col(Receipt.golden_id), ids)} if len(ids) > 1 else set()
        )
        ledger = cls(ids, published, {})
        for issued in ids.values():
            ledger.anchored.setdefault(issued.anchor_record_id, []).append(issued)
        return ledger

    def move(self, issued: IssuedId, anchor: int) -> None:
        """Anchor an id at another record."""
        self.anchored[issued.anchor_record_id].remove(issued)
        self.anchored.setdefault(anchor, []).append(issued)
        issued.anchor_record_id = anchor

    def anchored_in(self, records: Collection[int], *, redirected: bool) -> list[IssuedId]:
        """The ids anchored at these records, best first: published before unpublished, then by age."""
        found = [
            issued
            for record in records
            for issued in self.anchored.get(record, ())
            if bool(issued.redirected_to) is redirected
        ]
        return sorted(found, key=lambda issued: (issued.golden_id not in self.published, issued.number))


def _memberships(session: Session, record_ids: Collection[int]) -> dict[str, set[int]]:
    """All records of every golden record that holds one of these."""
    mine = select(col(Membership.golden_id))
    golden_ids = {row[0] for row in rows_in(session, mine, col(Membership.record_id), record_ids)}
    found: dict[str, set[int]] = {golden_id: set() for golden_id in golden_ids}
    whole = select(col(Membership.golden_id), col(Membership.record_id))
    for golden_id, record_id in rows_in(session, whole, col(Membership.golden_id), golden_ids):
        found[golden_id].add(record_id)
    return found


def _follow_majority(
    ledger: _Ledger, clusters: Sequence[tuple[int, ...]], before: Mapping[str, set[int]]
) -> None:
    """Move the anchor of an id whose records went different ways to where most of them are."""
    home = {record: index for index, records in enumerate(clusters) for record in records}
    for golden_id in sorted(before):
        issued = ledger.ids.get(golden_id)
        if issued is None or issued.redirected_to:
            continue
        shares = Counter(home[record] for record in before[golden_id] if record in home)
        if not shares:
            continue
        here = home.get(issued.anchor_record_id)
        best = max(shares, key=lambda index: (shares[index], index == here, -min(clusters[index])))
        if best != here:
            ledger.move(issued, next(record for record in clusters[best] if record in before[golden_id]))


def _id_of(uow: UnitOfWork, ledger: _Ledger, records: tuple[int, ...], result: Assignment) -> str | None:
    """The id of a cluster that has one; other ids anchored in it redirect to it. None if it has none."""
    held = ledger.anchored_in(records, redirected=False)
    if not held:
        held = [_revive(issued) for issued in ledger.anchored_in(records, redirected=True)[:1]]
        result.revived |= {issued.golden_id for issued in held}
    if not held:
        return None
    survivor, *others = held
    for loser in others:
        _redirect(uow, loser, survivor)
        result.merged[loser.golden_id] = survivor.golden_id
    return survivor.golden_id


def _revive(issued: IssuedId) -> IssuedId:
    issued.redirected_to, issued.redirected_at, issued.redirect_cause = None, None, ""
    return issued


def _redirect(uow: UnitOfWork, loser: IssuedId, survivor: IssuedId) -> None:
    """Redirect an id, and every id that redirected to it, to the survivor: one hop always."""
    uow.session.flush()
    followers = uow.session.scalars(
        select(IssuedId).where(col(IssuedId.redirected_to) == loser.golden_id)
    ).all()
    for issued in (loser, *followers):
        issued.redirected_to, issued.redirected_at, issued.redirect_cause = (
            survivor.golden_id,
            uow.now,
            "merge",
        )


def _issue(uow: UnitOfWork, entity_type: EntityType, anchors: Sequence[int]) -> list[str]:
    """A new id for each anchor; it says nothing but its type, and is the same for the same record and hub."""
    session = uow.session
    named = select(col(SourceRecord.id), col(SourceRecord.source), col(SourceRecord.source_key))
    keys = {row[0]: f"{row[1]}\x1f{row[2]}" for row in rows_in(session, named, col(SourceRecord.id), anchors)}
    number = (
        session.scalar(
            select(func.max(col(IssuedId.number))).where(col(IssuedId.entity_type) == entity_type.name)
        )
        or 0
    )
    first = {anchor: _token(entity_type, keys[anchor], 0) for anchor in anchors}
    taken = {
        row[0]
        for row in rows_in(session, select(col(IssuedId.golden_id)), col(IssuedId.golden_id), first.values())
    }
    issued = []
    for anchor in anchors:
        golden_id, attempt = first[anchor], 0
        while golden_id in taken:
            attempt += 1
            golden_id = _token(entity_type, keys[anchor], attempt)
            if golden_id not in taken and session.get(IssuedId, golden_id) is not None:
                taken.add(golden_id)
        taken.add(golden_id)
        number += 1
        issued.append(
            {
                "golden_id": golden_id,
                "entity_type": entity_type.name,
                "number": number,
                "anchor_record_id": anchor,
                "issued_at": uow.now,
                "redirect_cause": "",
                "version": 0,
            }
        )
    if issued:
        session.execute(insert(IssuedId), issued)
    return [str(row["golden_id"]) for row in issued]


def _token(entity_type: EntityType, key: str, attempt: int) -> str:
    digest = hashlib.sha256(f"{entity_type.name}\x1f{key}\x1f{attempt}".encode()).digest()
    return f"{entity_type.name}-{base64.b32encode(digest)[:12].decode().lower()}"
