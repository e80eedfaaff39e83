"""An explanation as a document for programs and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mdm.explain.value import ValueExplanation
from mdm.overrides import StandingOverride
from mdm.overrides.applying import rule_of
from mdm.survivorship import Claim
from mdm.survivorship.losing import BeatenClaim


def value_lines(explained: ValueExplanation) -> Iterator[str]:
    """What a steward reads: the value, the rule at work, each claim that lost and what would flip it."""
    choice = explained.choice
    if choice is None:
        yield f"{explained.golden_id}.{explained.attribute} has no value: no source record states one."
    else:
        yield f"{explained.golden_id}.{choice.attribute} = {choice.value}"
        yield f"  chosen by {choice.rule} from {_place(choice.claim)}"
        if choice.rule not in (explained.rule, f"together by {explained.rule}"):
            yield f"  the attribute's rule is {explained.rule}"
    for beaten in explained.beaten:
        yield from _beaten_lines(beaten)
    for out in explained.banned:
        why = _banned(out.ban.author, out.ban.reason)
        yield f"  leaves out {out.claim.value} from {_place(out.claim)}: {why}"
    for override in explained.overrides:
        yield f"  {_said(explained, override)}"


def _beaten_lines(beaten: BeatenClaim) -> Iterator[str]:
    doubt = f" ({beaten.claim.flagged})" if beaten.claim.flagged else ""
    verb = "agrees with" if beaten.agrees else "beats"
    yield f"  {verb} {beaten.claim.value} from {_place(beaten.claim)}{doubt}"
    yield f"    {beaten.lost_by}: {beaten.because}"
    if beaten.flip and not beaten.agrees:
        yield f"    it would win {beaten.flip}"


def _place(claim: Claim) -> str:
    return f"{claim.source}:{claim.source_key}"


def _banned(author: str, reason: str) -> str:
    return f"banned by {author}{f' ({reason})' if reason else ''}"


def _said(explained: ValueExplanation, override: StandingOverride) -> str:
    standing = explained.choice is not None and explained.choice.override == override.id
    if override.proposal:
        state = f"a proposal, made on {override.golden_id} before it was merged"
    else:
        state = "in force" if standing else "no longer in force"
    if explained.stale and not override.proposal:
        state += ", stale: the sources have changed since"
    reason = f" ({override.reason})" if override.reason else ""
    return f"{override.author} set {override.value}{reason}: {rule_of(override)}, {state}"


def value_document(explained: ValueExplanation) -> dict[str, Any]:
    """The same as a JSON document; `claim`, `rule` and `value` are absent where there is no value."""
    document: dict[str, Any] = {
        "golden_id": explained.golden_id,
        "entity_type": explained.entity_type,
        "attribute": explained.attribute,
        "value": None,
        "declared_rule": explained.rule,
        "beats": [_beaten_document(beaten) for beaten in explained.beaten],
        "banned": [
            {**_claim(out.claim), "ban": out.ban.id, "author": out.ban.author, "reason": out.ban.reason}
            for out in explained.banned
        ],
        "overrides": [_override_document(explained, override) for override in explained.overrides],
    }
    choice = explained.choice
    if choice is None:
        return document
    return document | {"value": choice.value, "rule": choice.rule, "claim": _claim(choice.claim)}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "value": claim.value,
        "source": claim.source,
        "key": claim.source_key,
        "changed_at": claim.changed_at.isoformat() if claim.changed_at else None,
        "flag": claim.flagged,
    }


def _beaten_document(beaten: BeatenClaim) -> dict[str, Any]:
    return {
        **_claim(beaten.claim),
        "lost_by": beaten.lost_by,
        "because": beaten.because,
        "would_win": beaten.flip,
        "agrees": beaten.agrees,
    }


def _override_document(explained: ValueExplanation, override: StandingOverride) -> dict[str, Any]:
    return {
        "id": override.id,
        "value": override.value,
        "author": override.author,
        "reason": override.reason,
        "at": override.at.isoformat(),
        "lifetime": override.lifetime.value,
        "until": override.until.isoformat() if override.until else None,
        "in_force": explained.choice is not None and explained.choice.override == override.id,
        "stale": explained.stale and not override.proposal,
        "proposal_of": override.golden_id if override.proposal else "",
    }
