"""What a golden record is made of: its own source records, and the golden records merged into it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from mdm.errors import NothingToPartError, UnknownGoldenIdError
from mdm.golden_ids import golden_ids_of
from mdm.identity.golden_sides import GoldenSide, current_side
from mdm.resolve.stored_edges import edges_of
from mdm.resolve.verdicts import in_force, verdicts_on
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId
from mdm.store.history import RecordLink


@dataclass(frozen=True, slots=True)
class Leaving:
    """What an unmerge takes out of a golden record.

    Attributes:
        whole: the golden record that it leaves.
        golden_id: the id that was merged into it.
        records: the source records that leave, ascending.
        later: those of the whole that came after the merge, and whether they leave.
    """

    whole: GoldenSide
    golden_id: str
    records: tuple[int, ...]
    later: Mapping[int, bool]


def merged_into(session: Session, golden_id: str) -> list[IssuedId]:
    """The ids that lead to a golden record, the oldest first."""
    query = select(IssuedId).where(col(IssuedId.redirected_to) == golden_id)
    return list(session.scalars(query.order_by(col(IssuedId.number))))


def leaving_set(
    session: Session, named: str | int, *, tree: bool, leave: Collection[int], stay: Collection[int]
) -> Leaving:
    """The source records that leave if a golden record is unmerged.

    Linear, these are its own; as a tree, also those of every golden record that was merged into it before.
    A source record that came after the merge goes with the side that the evidence ties it to more strongly,
    and stays where both are equal, unless the caller says which.

    Args:
        named: the golden id that was merged, or the row id of one of its source records.

    Raises:
        UnknownGoldenIdError: there is no such golden record.
        NothingToPartError: it was not merged into another.
    """
    issued, whole = _contributor(session, named)
    contributors = merged_into(session, whole.golden_id)
    ids = _with_descendants(issued, contributors) if tree else {issued.golden_id}
    inside = set(whole.records)
    own = {r for one in contributors if one.golden_id in ids for r in one.own_records} & inside
    brought = {r for one in contributors for r in one.own_records}
    later = _later(session, issued, inside - brought, own)
    settled = {record: record in leave for record in later if record in leave or record in stay}
    core = inside - own - later
    sides = settled | {r: _closer(session, r, own, core) for r in sorted(later - settled.keys())}
    records = own | {record for record, leaves in sides.items() if leaves}
    return Leaving(whole, issued.golden_id, tuple(sorted(records)), sides)


def _contributor(session: Session, named: str | int) -> tuple[IssuedId, GoldenSide]:
    """The merged id that is meant, and the golden record that it leads to."""
    if isinstance(named, str):
        issued = session.get(IssuedId, named)
        if issued is None:
            raise UnknownGoldenIdError(named)
        if issued.redirected_to:
            return issued, current_side(session, issued.redirected_to)
        raise NothingToPartError(_not_merged(session, named))
    home = golden_ids_of(session, [named])[named]
    owner = next((one for one in merged_into(session, home) if named in one.own_records), None)
    if owner is None:
        raise NothingToPartError(_not_merged(session, home))
    return owner, current_side(session, home)


def _not_merged(session: Session, golden_id: str) -> str:
    inside = [one.golden_id for one in merged_into(session, golden_id)]
    if inside:
        return f"{golden_id} is the survivor; name what shall leave it: {', '.join(inside)}."
    return f"Nothing was merged into {golden_id}; detach the source records that do not belong to it."


def _with_descendants(issued: IssuedId, contributors: Collection[IssuedId]) -> set[str]:
    """An id and all that were merged into it, or into one of those, before."""
    ids = {issued.golden_id}
    while True:
        more = {one.golden_id for one in contributors if one.merged_into in ids} - ids
        if not more:
            return ids
        ids |= more


def _later(session: Session, issued: IssuedId, records: Collection[int], own: Collection[int]) -> set[int]:
    """Those of the survivor's own records that came after an id was merged into it."""
    pairs = in_force(verdicts_on(session, own))
    known = {
        record
        for verdict in {**pairs.same}.values()
        if verdict.operation == "merge"
        for record in (*verdict.left, *verdict.right)
    }
    since = issued.redirected_at
    if since is None:
        return set()
    arrived = _arrivals(session, set(records) - known)
    return {record for record, at in arrived.items() if at > since or (known and at == since)}


def _arrivals(session: Session, records: Collection[int]) -> dict[int, datetime]:
    """When each record came to the golden record that it belongs to."""
    newest = select(col(RecordLink.record_id), func.max(col(RecordLink.at))).group_by(
        col(RecordLink.record_id)
    )
    return {row[0]: row[1] for row in rows_in(session, newest, col(RecordLink.record_id), records)}


def _closer(session: Session, record: int, leaving: Collection[int], staying: Collection[int]) -> bool:
    """Whether the evidence ties a record more strongly to what leaves than to what stays."""
    best = {True: float("-inf"), False: float("-inf")}
    for left, right, weight in edges_of(session, [record]):
        other = right if left == record else left
        for side, records in ((True, leaving), (False, staying)):
            if other in records:
                best[side] = max(best[side], weight)
    return best[True] > best[False]
