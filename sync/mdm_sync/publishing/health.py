"""How a target is doing: when to leave it alone for a while, and when to stop for good."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from mdm.store.publishing import PublicationTarget
from mdm_sync.publishing.batch import Answer, Outcome

OPENS_AT = 5
"""Failures in a row after which the target is left alone."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=10)
PATIENCE = timedelta(days=5)
"""How long nothing but failure is put up with."""


def pause_after(failures: int) -> timedelta | None:
    """How long to leave a target alone: 30 s after 5 failures in a row, 1 min after 6, at most 10 min."""
    if failures < OPENS_AT:
        return None
    doublings: int = min(failures - OPENS_AT, 10)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


def note_outcomes(state: PublicationTarget, outcomes: Iterable[Outcome], now: datetime) -> str:
    """Take outcomes into a target's health; why the target has to be switched off, empty if it need not.

    A refusal of one record (a dead letter) proves that the target answers, so it counts as life.
    """
    answers = [outcome.answer for outcome in outcomes]
    if any(answer in (Answer.delivered, Answer.dead) for answer in answers):
        state.failures, state.failing_since, state.paused_until = 0, None, None
    elif answers:
        # A wave of lanes is one look at the target, however many lanes it has.
        state.failures += 1
        state.failing_since = state.failing_since or now
        pause = pause_after(state.failures)
        state.paused_until = now + pause if pause else None
    if Answer.gone in answers:
        return "it answered 410 Gone"
    if state.failing_since is not None and now - state.failing_since >= PATIENCE:
        return f"it has failed without a break since {state.failing_since:%Y-%m-%d %H:%M} UTC"
    return ""
