"""Whom a task is about: the source records of two golden records, or two groups within one."""

from __future__ import annotations

from sqlmodel import Session

from mdm.identity.golden_sides import records_of
from mdm.resolve.verdicts import contested_on, verdicts_on
from mdm.store.derived import Task

Group = tuple[int, ...]


def task_sides(session: Session, task: Task) -> tuple[Group, Group]:
    """The two groups of source records that a task is about.

    Where both are of one golden record, they are those that somebody said to be distinct against a verdict
    of same, or those that were said to be the same before the evidence changed.
    """
    if task.left_golden != task.right_golden:
        return records_of(session, task.left_golden), records_of(session, task.right_golden)
    one, other = (task.left_record,), (task.right_record,)
    said = [v for v in contested_on(session, (*one, *other)) if v.separates(one, other)]
    said = said or [v for v in verdicts_on(session, (*one, *other)) if v.separates(one, other)]
    return (said[-1].left, said[-1].right) if said else (one, other)
