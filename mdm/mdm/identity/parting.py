"""Detach and unmerge: source records leave a golden record, and a verdict that anyone can see and undo keeps
them from coming back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from mdm.access.principal import Action
from mdm.errors import NothingToPartError, UndecidedOverridesError, UnknownRecordError
from mdm.failpoints import reach
from mdm.golden_ids import golden_ids_of, visible_id
from mdm.identity.changes import Watch
from mdm.identity.contributors import Leaving, leaving_set
from mdm.identity.golden_sides import GoldenSide, RecordKey, check_seen, current_side, record_id
from mdm.identity.handing_over import overrides_since, part_overrides, said_with_merges
from mdm.identity.outcomes import Parted
from mdm.identity.recording import NewVerdict, record_verdict
from mdm.resolve import resolve
from mdm.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class DetachRequest:
    """Source records that shall leave their golden record together.

    Attributes:
        records: all of one golden record, but not all that it has.
        seen: golden id to the version that the steward looked at; not checked if it is empty.
    """

    records: tuple[RecordKey, ...]
    seen: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class UnmergeRequest:
    """A golden record that was merged into another, and shall stand by itself again.

    Attributes:
        what: its id, or one of its source records.
        tree: whether what had been merged into it before leaves with it.
        leave: source records that came later and shall leave, too.
        stay: source records that came later and shall stay.
        overrides: id of a steward's value that was set after the merge to whether it leaves; every such value
            has to be assigned.
        seen: golden id to the version that the steward looked at; not checked if it is empty.
    """

    what: str | RecordKey
    tree: bool = False
    leave: tuple[RecordKey, ...] = ()
    stay: tuple[RecordKey, ...] = ()
    overrides: Mapping[str, bool] = field(default_factory=dict)
    seen: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""
    certain: bool = False


@dataclass(frozen=True, slots=True)
class _Parting:
    """What leaves which golden record, and what is kept about it."""

    operation: str
    whole: GoldenSide
    leaves: tuple[int, ...]
    reason: str
    certain: bool
    basis: Mapping[str, str | bool]


def detach(uow: UnitOfWork, request: DetachRequest) -> Parted:
    """Take source records out of their golden record; they get one of their own, or their former one back.

    Raises:
        UnknownRecordError: one of them is unknown or not live.
        NothingToPartError: they are not of one golden record, or nothing would stay.
        StaleVersionError: the golden record has changed since the steward looked.
    """
    watch = Watch.begin(uow)
    ids = {_record(uow, key) for key in request.records}
    homes = set(golden_ids_of(uow.session, ids).values())
    if len(homes) != 1:
        raise NothingToPartError(
            f"The source records are of {len(homes)} golden records; detach those of one at a time."
        )
    home = homes.pop()
    whole = current_side(uow.session, home)
    uow.require(Action.decide, whole.entity_type)
    check_seen(whole, request.seen, mandatory=False)
    parting = _Parting("detach", whole, tuple(sorted(ids)), request.reason, request.certain, {})
    return _part(uow, parting, watch)


def unmerge(uow: UnitOfWork, request: UnmergeRequest, *, rehearsed: bool = False) -> Parted:
    """Let a golden record that was merged into another stand by itself again, under its own id.

    Args:
        rehearsed: it is a preview; a steward's value that nobody has assigned stays, and is named undecided.

    Raises:
        UnknownGoldenIdError, UnknownRecordError: there is no such one.
        NothingToPartError: it was not merged into another, or nothing of it is left to leave.
        UndecidedOverridesError: a steward's value was set after the merge, and nobody says whose it is.
        StaleVersionError: the golden record has changed since the steward looked.
    """
    watch = Watch.begin(uow)
    leaving = _leaving(uow, request)
    uow.require(Action.decide, leaving.whole.entity_type, leaving.whole.golden_id)
    check_seen(leaving.whole, request.seen, mandatory=False)
    open_overrides = overrides_since(uow.session, leaving)
    with_merges = said_with_merges(uow.session, leaving.records)
    undecided = tuple(o for o in open_overrides if o.id not in request.overrides)
    if undecided and not rehearsed:
        raise UndecidedOverridesError({o.id: o.attribute for o in undecided})
    parting = _Parting(
        "unmerge", leaving.whole, leaving.records, request.reason, request.certain,
        {"leaves": leaving.golden_id, "tree": request.tree},
    )  # fmt: skip
    parted = _part(uow, parting, watch)
    leave = [o for o in open_overrides if request.overrides.get(o.id)]
    part_overrides(uow, parted, leave, with_merges)
    return replace(parted, undecided=undecided, changes=watch.changes())


def _leaving(uow: UnitOfWork, request: UnmergeRequest) -> Leaving:
    what = request.what
    named = what if isinstance(what, str) else _record(uow, what)
    if isinstance(named, str) and not uow.view.sees_all_rows:
        visible_id(uow.session, uow.view, named)
    leave, stay = ({_record(uow, key) for key in keys} for keys in (request.leave, request.stay))
    return leaving_set(uow.session, named, tree=request.tree, leave=leave, stay=stay)


def _record(uow: UnitOfWork, key: RecordKey) -> int:
    """The row id of a live source record; one of a golden record of others is unknown."""
    found = record_id(uow.session, key)
    homes = golden_ids_of(uow.session, [found]).values()
    if not set(homes) <= uow.visible(*homes):
        raise UnknownRecordError(key.source, key.source_key)
    return found


def _part(uow: UnitOfWork, parting: _Parting, watch: Watch) -> Parted:
    """Record that what leaves is distinct from what stays, resolve both, and tell of the split."""
    whole, leaves = parting.whole, parting.leaves
    stays = tuple(record for record in whole.records if record not in set(leaves))
    if not leaves or not stays:
        raise NothingToPartError(
            f"Nothing would {'stay in' if leaves else 'leave'} {whole.golden_id}; name some of its records."
        )
    verdict = NewVerdict(
        uow.hub.registry[whole.entity_type], "distinct", leaves, stays,
        reason=parting.reason, certain=parting.certain, operation=parting.operation,
        basis={**parting.basis, "stays": whole.golden_id, "left": leaves[0], "right": stays[0]},
    )  # fmt: skip
    recorded = record_verdict(uow, verdict)
    reach("unmerge.after_verdict_before_resolve")
    returning = {str(parting.basis["leaves"])} if "leaves" in parting.basis else set()
    resolve(uow, {whole.entity_type: {*leaves, *stays}}, returning=returning)
    reach("unmerge.after_resolve_before_event")
    homes = _told_of_split(uow, whole, leaves, stays)
    return Parted(recorded.id, whole.entity_type, whole.golden_id, homes, watch.changes())


def _told_of_split(
    uow: UnitOfWork, whole: GoldenSide, leaves: Collection[int], stays: Collection[int]
) -> tuple[str, ...]:
    """Write the event that names the old id, all new ones and the records that each of them has."""
    home = golden_ids_of(uow.session, {*leaves, *stays})
    successors: dict[str, list[int]] = {}
    for record, golden_id in sorted(home.items()):
        successors.setdefault(golden_id, []).append(record)
    uow.emit("golden.split", whole.entity_type, whole.golden_id, {"successors": successors})
    counts = Counter(home[record] for record in leaves if record in home)
    return tuple(golden_id for golden_id, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0])))
