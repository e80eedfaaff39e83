"""Stewards' values that were set on a merged golden record: whose they are once it parts, a person says."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from mdm.identity.contributors import Leaving
from mdm.identity.outcomes import Parted
from mdm.overrides import Lifetime, StandingOverride, standing
from mdm.overrides.setting import Until, end_overrides, override_value
from mdm.resolve import resolve
from mdm.resolve.verdicts import verdicts_on
from mdm.store.chunks import rows_in
from mdm.store.decisions import IssuedId, Verdict
from mdm.store.sayings import Override
from mdm.unit_of_work import UnitOfWork


def overrides_since(session: Session, leaving: Leaving) -> tuple[StandingOverride, ...]:
    """The values that stewards set on the whole since the merge, but for those said with the merge itself."""
    merged_at = session.get_one(IssuedId, leaving.golden_id).redirected_at
    with_it = said_with_merges(session, leaving.records)
    found = standing(session, [leaving.whole.golden_id])[leaving.whole.golden_id]
    return tuple(
        o
        for o in found
        if not o.proposal and o.id not in with_it and merged_at is not None and o.at >= merged_at
    )


def said_with_merges(session: Session, leaving: Collection[int]) -> set[str]:
    """The overrides that came with a merge of any of these records; they end with it."""
    merges = [v.id for v in verdicts_on(session, leaving) if v.operation == "merge"]
    bases = [row[0] for row in rows_in(session, select(col(Verdict.basis)), col(Verdict.id), merges)]
    return {str(override) for basis in bases for override in basis.get("overrides", ())}


def part_overrides(
    uow: UnitOfWork, parted: Parted, leaving: Collection[StandingOverride], with_merges: Collection[str]
) -> None:
    """End what was said with the merge, and set on the record that leaves what was assigned to it.

    Undoing the operation ends what it set and sets again what it ended.
    """
    ended = {o.id for o in leaving} | set(with_merges)
    _bring_in_line(uow, end_overrides(uow, ended, _mark(parted.operation)))
    made = [
        override_value(
            uow, parted.leaves[0], o.attribute, o.value, until=Until(o.lifetime, o.until), reason=o.reason
        ).override_id
        for o in leaving
    ]
    if made:
        verdict = uow.session.get_one(Verdict, parted.operation)
        verdict.basis = {**verdict.basis, "overrides": made}
        uow.session.flush()


def take_back_overrides(uow: UnitOfWork, verdict: Verdict, by: str) -> None:
    """End the values that an operation set, and set again those that it ended."""
    _bring_in_line(uow, end_overrides(uow, verdict.basis.get("overrides", ()), by))
    lost = select(Override).where(col(Override.ended_by) == _mark(verdict.id)).order_by(col(Override.id))
    for one in uow.session.scalars(lost).all():
        until = Until(Lifetime(one.lifetime), one.until)
        override_value(uow, one.golden_id, one.attribute, one.value, until=until, reason=one.reason)


def _mark(operation: str) -> str:
    return f"parted-{operation}"


def _bring_in_line(uow: UnitOfWork, touched: Collection[tuple[str, str]]) -> None:
    resolve(uow, {}, {name: {g for kind, g in touched if kind == name} for name, _ in touched})
