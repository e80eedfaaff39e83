"""Which golden id a cluster has.

Every issued id stays with one source record, its anchor. A cluster's id is the one issued id anchored in it
that is not redirected, so ids are a function of the ledger and the partition, and a replay finds them again.
When clusters change, this module moves anchors, redirects ids and issues new ones so that this stays true:

- an id follows the majority of its own records, without those that a person took away from it; among equals
  it stays with its anchor. The records of an id that was merged into it are not its own;
- of several ids in one cluster the one that a person named survives, then the published one, the confirmed
  one, the one with the most weight, the older; the others redirect to it in one hop, and remember which
  records were their own;
- a redirected id leads to where most of its own records are; where they make a cluster that has no other id,
  it comes back. So it does where its merge no longer stands and it outranks the id that is there by now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.entities import EntityType
from mdm.resolve.issuing import issue
from mdm.resolve.ledger import Ledger
from mdm.resolve.redirects import mend_trees, redirect, revive
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.store.derived import Membership
from mdm.unit_of_work import UnitOfWork

Cluster = tuple[int, ...]


@dataclass
class Assignment:
    """What became of ids: `members` holds the records of every golden record that was looked at.

    Attributes:
        before: golden id to its records before, for every id that was looked at.
        revived: each id that came back, and which it was merged into.
        returning: ids whose merge by a person no longer stands.
        merged: redirected id to the id that survived.
        emptied: ids whose records are all gone.
    """

    members: dict[str, Cluster] = field(default_factory=dict)
    before: dict[str, set[int]] = field(default_factory=dict)
    returning: frozenset[str] = frozenset()
    issued: set[str] = field(default_factory=set)
    revived: dict[str, str | None] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    emptied: set[str] = field(default_factory=set)

    @property
    def moved(self) -> set[int]:
        """Records whose golden id is another one now."""
        now = {record: golden for golden, records in self.members.items() for record in records}
        then = {record: golden for golden, records in self.before.items() for record in records}
        return {record for record in now.keys() | then.keys() if now.get(record) != then.get(record)}


def assign_ids(
    uow: UnitOfWork,
    entity_type: EntityType,
    clusters: Sequence[Cluster],
    touched: Collection[int],
    returning: Collection[str] = (),
) -> Assignment:
    """Give every cluster its golden id.

    Args:
        clusters: live records, each cluster in the order of source and key.
        touched: records that may have left their golden record, live or not.
        returning: ids whose merge by a person no longer stands.
    """
    before = _memberships(uow.session, {*touched, *(r for c in clusters for r in c)})
    result = Assignment(before=before, returning=frozenset(returning))
    ledger = Ledger.read(uow.session, entity_type, clusters, result.before)
    home = {record: index for index, records in enumerate(clusters) for record in records}
    ledger.consult(uow.session, _in_question(ledger, home))
    own = _place_current(ledger, clusters, home)
    claims = _place_redirected(ledger, clusters, home, own)
    unnamed: list[Cluster] = []
    for index, records in enumerate(clusters):
        golden_id = _id_of(uow, ledger, records, claims.get(index, []), result)
        if golden_id is None:
            unnamed.append(records)
        else:
            result.members[golden_id] = records
    for records, golden_id in zip(
        unnamed, issue(uow, entity_type, [records[0] for records in unnamed]), strict=True
    ):
        result.members[golden_id] = records
        result.issued.add(golden_id)
    _follow_anchors(uow, ledger, result)
    result.emptied = {
        golden_id
        for golden_id in result.before
        if golden_id not in result.members and golden_id not in result.merged
    }
    return result


_MINE = select(col(Membership.golden_id))
_WHOLE = select(col(Membership.golden_id), col(Membership.record_id))


def _memberships(session: Session, record_ids: Collection[int]) -> dict[str, set[int]]:
    """All records of every golden record that holds one of these."""
    golden_ids = {row[0] for row in rows_in(session, _MINE, col(Membership.record_id), record_ids)}
    found: dict[str, set[int]] = {golden_id: set() for golden_id in golden_ids}
    for golden_id, record_id in rows_in(session, _WHOLE, col(Membership.golden_id), golden_ids):
        found[golden_id].add(record_id)
    return found


def _in_question(ledger: Ledger, home: Mapping[int, int]) -> set[int]:
    """The records of ids that part, and of ids that meet in one cluster."""
    homes = {
        golden_id: {home[record] for record in records if record in home}
        for golden_id, records in ledger.before.items()
    }
    met = Counter(index for indexes in homes.values() for index in indexes)
    return {
        record
        for golden_id, indexes in homes.items()
        if len(indexes) > 1 or any(met[index] > 1 for index in indexes)
        for record in ledger.before[golden_id]
    }


def _place_current(ledger: Ledger, clusters: Sequence[Cluster], home: Mapping[int, int]) -> dict[str, int]:
    """Move the anchor of an id whose records went different ways to where most of its own are.

    Returns:
        golden id to the index of the cluster that has it.
    """
    placed: dict[str, int] = {}
    for golden_id in sorted(ledger.before):
        issued = ledger.ids.get(golden_id)
        if issued is None or issued.redirected_to:
            continue
        everything = ledger.before[golden_id]
        homes = {home[record] for record in everything if record in home}
        if not homes:
            continue
        voters = everything
        if len(homes) > 1:
            staying = everything - ledger.leaving(issued)
            voters = next(
                (some for some in (ledger.own(issued) & staying, staying) if home.keys() & some), everything
            )
        shares = Counter(home[record] for record in voters if record in home)
        here = home.get(issued.anchor_record_id)
        best = max(shares, key=lambda index: (shares[index], index == here, -min(clusters[index])))
        placed[golden_id] = best
        if best != here:
            ledger.move(issued, next(record for record in clusters[best] if record in voters))
    return placed


def _place_redirected(
    ledger: Ledger, clusters: Sequence[Cluster], home: Mapping[int, int], placed: Mapping[str, int]
) -> dict[int, list[IssuedId]]:
    """Move the anchors of redirected ids to where most of their own records are.

    Returns:
        cluster index to the redirected ids that have more than half of their own live records in it.
    """
    claims: dict[int, list[IssuedId]] = {}
    for golden_id in sorted(ledger.ids):
        issued = ledger.ids[golden_id]
        if not issued.redirected_to:
            continue
        own = [record for record in issued.own_records if record in home] or [
            record for record in (issued.anchor_record_id,) if record in home
        ]
        shares = Counter(home[record] for record in own)
        here = home.get(issued.anchor_record_id)
        if shares and issued.redirected_to in ledger.before:
            target = placed.get(issued.redirected_to)
            best = max(shares, key=lambda i: (shares[i], i == target, i == here, -min(clusters[i])))
            if best != here:
                ledger.move(issued, next(record for record in clusters[best] if record in own))
                here = best
        if here is not None and 2 * shares[here] > len(own):
            claims.setdefault(here, []).append(issued)
    return claims


def _id_of(
    uow: UnitOfWork,
    ledger: Ledger,
    records: Cluster,
    claims: Sequence[IssuedId],
    result: Assignment,
) -> str | None:
    """The id of a cluster that has one; other ids anchored in it redirect to it. None if it has none."""
    held = ledger.anchored_in(records, redirected=False)
    if not held and claims:
        back = _foremost(ledger, records, claims)
        result.revived[back.golden_id] = revive(back)
        return back.golden_id
    if not held:
        return None
    # As if it had never been merged, an id that returns meets those that are here.
    met = [*held, *(issued for issued in claims if issued.golden_id in result.returning)]
    survivor = min(met, key=ledger.rank)
    if len(met) > 1:
        survivor = ledger.named_survivor(records, met) or survivor
    if survivor.redirected_to:
        result.revived[survivor.golden_id] = revive(survivor)
    for loser in held:
        if loser is not survivor:
            redirect(uow, ledger, loser, survivor)
            result.merged[loser.golden_id] = survivor.golden_id
    return survivor.golden_id


def _foremost(ledger: Ledger, records: Cluster, claims: Sequence[IssuedId]) -> IssuedId:
    """Which of several redirected ids comes back: the one named, else one that others were merged into."""
    if len(claims) == 1:
        return claims[0]
    ids = {issued.golden_id for issued in claims}
    roots = [issued for issued in claims if issued.merged_into not in ids] or list(claims)
    return ledger.named_survivor(records, roots) or min(roots, key=ledger.rank)


def _follow_anchors(uow: UnitOfWork, ledger: Ledger, result: Assignment) -> None:
    """Lead every redirected id to the golden record that holds its anchor now."""
    uow.session.flush()
    home = {record: golden_id for golden_id, records in result.members.items() for record in records}
    for golden_id in sorted(ledger.ids):
        issued = ledger.ids[golden_id]
        leads_to = home.get(issued.anchor_record_id)
        if issued.redirected_to and leads_to and leads_to != issued.redirected_to:
            issued.redirected_to, issued.redirected_at = leads_to, uow.now
            result.merged[golden_id] = leads_to
    mend_trees(ledger.ids.values(), result.revived)
