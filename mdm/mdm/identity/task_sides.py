"""Whom a task is about: the source records of two golden records, or two groups within one."""

from __future__ import annotations

from sqlmodel import Session

from mdm.history.verdicts import given_by
from mdm.history.when import NOW, When
from mdm.identity.golden_sides import records_of
from mdm.resolve.verdicts import contested_on, verdicts_on, with_sides
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
    return groups_within(session, one, other)


def groups_within(session: Session, one: Group, other: Group, when: When = NOW) -> tuple[Group, Group]:
    """The two groups within one golden record that a task about these two records is about, or was."""
    pair = (*one, *other)
    if when.known_at is None:
        said = [v for v in contested_on(session, pair) if v.separates(one, other)]
        said = said or [v for v in verdicts_on(session, pair) if v.separates(one, other)]
    else:
        given = with_sides(session, (v for v, ended in given_by(session, pair, when) if not ended))
        said = [v for v in given if v.separates(one, other)]
    return (said[-1].left, said[-1].right) if said else (one, other)
