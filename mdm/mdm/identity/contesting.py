"""Contradictions between people: what somebody says against a verdict that stands becomes a task.

Nobody's word is dropped: the later one is kept as contested, not in force, and the task names both. It ends
when somebody settles it, or takes force when what stood against it is withdrawn or has expired.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from mdm.failpoints import reach
from mdm.golden_ids import golden_ids_of
from mdm.identity.outcomes import Conflicted
from mdm.identity.recording import NewVerdict, record_verdict
from mdm.resolve import resolve
from mdm.resolve.conflicts import task_id
from mdm.resolve.verdicts import StandingVerdict, contested_on, in_force, verdicts_on
from mdm.store.decisions import Verdict
from mdm.unit_of_work import UnitOfWork

OPPOSITE = {"same": "distinct", "distinct": "same"}


def opposing(
    uow: UnitOfWork, answer: str, left: Collection[int], right: Collection[int]
) -> list[StandingVerdict]:
    """The verdicts in force that say the opposite of any pair across two groups, oldest first."""
    pairs = in_force(verdicts_on(uow.session, {*left, *right}))
    if answer == "same":
        return pairs.parting(left, right)
    return pairs.joining(left, right) if answer == "distinct" else []


def contest(uow: UnitOfWork, new: NewVerdict, against: Sequence[StandingVerdict]) -> Conflicted:
    """Keep what was said against verdicts that stand, as a task that names both; nothing else changes."""
    stands = against[-1]
    said = f"said {stands.answer!r} about these records (verdict {stands.id}) and that still stands"
    if all(verdict.author == uow.author for verdict in against):
        return Conflicted(f"You {said}; undo it first.", stands.id)
    known = _asked_before(uow, new)
    if known is None:
        record_verdict(uow, replace(new, contested=True, basis={**new.basis, "against": stands.id}))
        reach("contest.after_verdict_before_task")
        resolve(uow, {new.entity_type.name: {*new.left, *new.right}})
    golden = golden_ids_of(uow.session, (new.left[0], new.right[0]))
    task = task_id(new.entity_type.name, golden[new.left[0]], golden[new.right[0]])
    return Conflicted(f"{stands.author} {said}; {task} names both decisions.", stands.id, task)


def _asked_before(uow: UnitOfWork, new: NewVerdict) -> StandingVerdict | None:
    """The same said before by the same person, so that asking again adds nothing."""
    return next(
        (
            v
            for v in contested_on(uow.session, new.left)
            if (v.author, v.answer, v.left, v.right)
            == (uow.author, new.answer, tuple(sorted(new.left)), tuple(sorted(new.right)))
        ),
        None,
    )


def lift(uow: UnitOfWork, record_ids: Collection[int]) -> set[int]:
    """Put contested verdicts in force against which nothing stands any more.

    Returns:
        the records that they speak of.
    """
    touched: set[int] = set()
    for verdict in sorted(contested_on(uow.session, record_ids), key=lambda v: v.number):
        if not opposing(uow, verdict.answer, verdict.left, verdict.right):
            row = uow.session.get_one(Verdict, verdict.id)
            row.contested = False
            uow.emit("verdict.lifted", row.entity_type, row.id, {"answer": row.answer})
            uow.session.flush()
            touched |= {*verdict.left, *verdict.right}
    return touched


def settle_contested(
    uow: UnitOfWork, left: Collection[int], right: Collection[int], verdict: Verdict
) -> None:
    """A new answer about two groups takes the place of what was contested, and of an earlier `unsure`."""
    records = {*left, *right}
    earlier = [v for v in verdicts_on(uow.session, records) if v.answer == "unsure"]
    for one in (*earlier, *contested_on(uow.session, records)):
        if one.id != verdict.id and one.separates(left, right):
            uow.session.get_one(Verdict, one.id).superseded_by = verdict.id
    uow.session.flush()
