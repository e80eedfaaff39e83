"""Merge: two golden records are one, and a person names the id that survives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mdm.access.principal import Action
from mdm.errors import OtherTypeError, SameIdTwiceError
from mdm.failpoints import reach
from mdm.identity.changes import Watch
from mdm.identity.contesting import contest, opposing, settle_contested
from mdm.identity.golden_sides import GoldenSide, check_seen, current_side
from mdm.identity.outcomes import Conflicted, Merged
from mdm.identity.recording import NewVerdict, record_verdict
from mdm.overrides.setting import override_value
from mdm.resolve import resolve
from mdm.store.decisions import Verdict
from mdm.survivorship import ClaimValue
from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """What a steward asks for.

    Attributes:
        loser: the golden id that shall lead to the survivor.
        survivor: the golden id that stays.
        seen: golden id to the version that the steward looked at, for both.
        values: attribute to the value that the survivor shall have, kept as the steward's override.
        certain: it rests on more than the evidence shown.
    """

    loser: str
    survivor: str
    seen: Mapping[str, int] = field(default_factory=dict)
    values: Mapping[str, ClaimValue] = field(default_factory=dict)
    reason: str = ""
    certain: bool = False


def merge(uow: UnitOfWork, request: MergeRequest) -> Merged | Conflicted:
    """Merge one golden record into another; its id redirects, its source records and relations follow.

    Raises:
        NoGoldenIdError, NotGoldenError, SameIdTwiceError, UnknownGoldenIdError, OtherTypeError,
        AlreadyRedirectedError, NotCurrentError: it does not name two current golden records of one type.
        VersionNotSeenError: the request does not say which versions were looked at.
        StaleVersionError: one of the two has changed since.
        UsageError, UnusableValueError: a value is for no attribute of the type, or cannot be held by it.
    """
    uow.require(Action.decide, None, request.loser, request.survivor)
    watch = Watch.begin(uow)
    loser, survivor = _two(uow, request)
    uow.require(Action.decide, survivor.entity_type)
    verdict = NewVerdict(
        uow.hub.registry[survivor.entity_type], "same", loser.records, survivor.records,
        reason=request.reason, certain=request.certain, operation="merge",
        basis={
            "survivor": survivor.golden_id, "loser": loser.golden_id,
            "left": loser.records[0], "right": survivor.records[0],
        },
    )  # fmt: skip
    against = opposing(uow, "same", loser.records, survivor.records)
    if against:
        return contest(uow, verdict, against)
    recorded = record_verdict(uow, verdict)
    settle_contested(uow, loser.records, survivor.records, recorded)
    reach("merge.after_verdict_before_resolve")
    resolve(uow, {survivor.entity_type: {*loser.records, *survivor.records}})
    _set_values(uow, request, recorded)
    return Merged(recorded.id, survivor.entity_type, survivor.golden_id, loser.golden_id, watch.changes())


def _set_values(uow: UnitOfWork, request: MergeRequest, verdict: Verdict) -> None:
    """Keep the values that came with the merge as overrides, which an undo of the merge ends."""
    reason = request.reason or f"said with the merge {verdict.id}"
    made = [
        override_value(uow, request.survivor, attribute, value, reason=reason).override_id
        for attribute, value in request.values.items()
    ]
    if made:
        verdict.basis = {**verdict.basis, "overrides": made}
        uow.session.flush()


def _two(uow: UnitOfWork, request: MergeRequest) -> tuple[GoldenSide, GoldenSide]:
    loser, survivor = (current_side(uow.session, i) for i in (request.loser, request.survivor))
    if loser.golden_id == survivor.golden_id:
        raise SameIdTwiceError(loser.golden_id)
    if loser.entity_type != survivor.entity_type:
        raise OtherTypeError(loser.golden_id, survivor.golden_id)
    for side in (loser, survivor):
        check_seen(side, request.seen, mandatory=True)
    return loser, survivor
