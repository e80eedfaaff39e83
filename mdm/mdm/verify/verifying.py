"""Runs every check, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sqlmodel import Session

from mdm.garbage import collected_seldom
from mdm.verify import derived, history, kept, outside, strong_ids
from mdm.verify.check import Check

if TYPE_CHECKING:
    from mdm.hub import Hub

CHECKS: tuple[Callable[[Hub, Session, Check], Iterator[str]], ...] = (
    derived.one_golden_record_each,
    kept.ids_resolve,
    derived.values_explained,
    strong_ids.strong_ids_held_once,
    derived.verdicts_kept,
    derived.holds_kept,
    kept.chain_holds,
    outside.checkpoints_hold,
    kept.history_complete,
    kept.changes_published,
    derived.tasks_current,
    derived.tasks_weighed,
    kept.claims_follow_versions,
    kept.versions_vouched_for,
    derived.typed_rows_match,
    derived.relations_follow,
    history.moments_kept,
    history.queue_kept,
)
"""A check's docstring is its name, which people read."""


@collected_seldom()
def verify(hub: Hub, session: Session) -> list[Check]:
    """Every invariant, in order; a sound hub has no failures."""
    done = []
    for run in CHECKS:
        check = Check((run.__doc__ or run.__name__).rstrip("."))
        check.failures = list(run(hub, session, check))
        done.append(check)
    return done
