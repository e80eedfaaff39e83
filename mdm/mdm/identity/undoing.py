"""Undo: a verdict or an operation no longer stands, and what it joined or parted is resolved without it."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from mdm.access.principal import Action
from mdm.errors import AlreadyDecidedError, UnknownVerdictError
from mdm.failpoints import reach
from mdm.golden_ids import golden_ids_of
from mdm.identity.changes import Watch
from mdm.identity.contesting import lift
from mdm.identity.handing_over import take_back_overrides
from mdm.identity.outcomes import Undone
from mdm.resolve import resolve
from mdm.store.decisions import Verdict, VerdictRecord
from mdm.unit_of_work import UnitOfWork


def undo(uow: UnitOfWork, operation: str, *, reason: str = "") -> Undone:
    """Undo a merge, a detach, an unmerge or a plain verdict; it is kept but no longer stands.

    Args:
        operation: the id that the operation or the verdict was given.

    Raises:
        UnknownVerdictError: there is no such one.
        AlreadyDecidedError: it no longer stands.
    """
    watch = Watch.begin(uow)
    verdict = uow.session.get(Verdict, operation)
    if verdict is None:
        raise UnknownVerdictError(operation)
    spoken = select(col(VerdictRecord.record_id)).where(col(VerdictRecord.verdict_id) == operation)
    about = set(golden_ids_of(uow.session, set(uow.session.scalars(spoken))).values())
    if not about <= uow.visible(*about):
        raise UnknownVerdictError(operation)
    uow.require(Action.decide, verdict.entity_type)
    if verdict.superseded_by:
        raise AlreadyDecidedError(f"The verdict {operation} no longer stands; there is nothing to undo.")
    number = uow.emit("verdict.withdrawn", verdict.entity_type, operation, {"reason_given": bool(reason)})
    verdict.superseded_by = f"withdrawn-{number}"
    uow.session.flush()
    reach("undo.after_withdrawal_before_resolve")
    touched = set(uow.session.scalars(spoken))
    touched |= lift(uow, touched)
    returning = {str(verdict.basis["loser"])} if "loser" in verdict.basis else set()
    resolve(uow, {verdict.entity_type: touched}, returning=returning)
    take_back_overrides(uow, verdict, f"undone-{number}")
    golden = golden_ids_of(uow.session, touched)
    ids = tuple(dict.fromkeys(golden[record] for record in sorted(golden)))
    return Undone(operation, verdict.entity_type, ids, watch.changes())
