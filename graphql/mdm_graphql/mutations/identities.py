"""Mutations about identity: merge, detach, unmerge, undo."""

# Strawberry reads the annotations of this module, so they stay as written.
import asyncio
from typing import Annotated, cast

import strawberry
from strawberry.types import Info

from mdm import identity
from mdm.overrides import StandingOverride
from mdm.survivorship import ClaimValue
from mdm_graphql.cells import CellValue
from mdm_graphql.context import Context
from mdm_graphql.golden_record import GoldenRecord
from mdm_graphql.loaders import LedTo
from mdm_graphql.mutations.acting import Conflicted, Preview, Refused, Stale, acted, optional_id
from mdm_graphql.mutations.changes_made import Changes
from mdm_graphql.reader import Reader


@strawberry.input(description="The version of a golden record that you looked at.")
class VersionSeen:
    """A golden record and its version."""

    id: strawberry.ID = strawberry.field(description="The golden id.")
    version: int = strawberry.field(description="Its version when you looked.")


@strawberry.input(description="A source record by system and key.")
class RecordKeyInput:
    """Which record."""

    entity_type: str = strawberry.field(description="Such as client.")
    system: str = strawberry.field(description="The system's name, such as salesforce.")
    key: str = strawberry.field(description="The key of the record in that system.")

    @property
    def read(self) -> identity.RecordKey:
        """As the use cases take it."""
        return identity.RecordKey(self.entity_type, self.system, self.key)


@strawberry.input(description="A value of yours for one attribute of the survivor.")
class MergedValue:
    """Kept as your override."""

    attribute: str = strawberry.field(description="Name of the attribute as declared.")
    value: CellValue = strawberry.field(description="A text, a number, a list of texts, or a golden id.")


@strawberry.input(description="Whom a steward's value belongs to that was set after the merge.")
class OverrideAssignment:
    """Leaves or stays."""

    override_id: strawberry.ID = strawberry.field(description="The override, as a preview lists it.")
    leaves: bool = strawberry.field(description="Whether it leaves with the record.")


@strawberry.input(description="Two golden records that are one.")
class MergeInput:
    """Which one stays."""

    loser: strawberry.ID = strawberry.field(description="The golden id that shall lead to the survivor.")
    survivor: strawberry.ID = strawberry.field(description="The golden id that stays.")
    seen: list[VersionSeen] = strawberry.field(description="The versions you looked at, of both.")
    values: list[MergedValue] = strawberry.field(
        default_factory=list, description="Values that the survivor shall have, whatever the sources say."
    )
    reason: str = strawberry.field(default="", description="Why, for those who read it later.")
    certain: bool = strawberry.field(default=False, description="You know more than the evidence shown.")


@strawberry.input(description="Source records that shall leave their golden record together.")
class DetachInput:
    """All of one golden record."""

    records: list[RecordKeyInput] = strawberry.field(description="The records, all of one golden record.")
    seen: VersionSeen = strawberry.field(description="The version of their golden record you looked at.")
    reason: str = strawberry.field(default="", description="Why, for those who read it later.")
    certain: bool = strawberry.field(default=False, description="You know more than the evidence shown.")


@strawberry.input(description="A golden record that was merged into another and shall stand by itself again.")
class UnmergeInput:
    """What leaves."""

    id: strawberry.ID = strawberry.field(description="The golden id that was merged away.")
    tree: bool = strawberry.field(
        default=False, description="What had been merged into it before leaves with it."
    )
    leave: list[RecordKeyInput] = strawberry.field(
        default_factory=list, description="Records that came later and shall leave, too."
    )
    stay: list[RecordKeyInput] = strawberry.field(
        default_factory=list, description="Records that came later and shall stay."
    )
    overrides: list[OverrideAssignment] = strawberry.field(
        default_factory=list, description="Stewards' values set after the merge; each has to be assigned."
    )
    seen: VersionSeen = strawberry.field(description="The version of the survivor you looked at.")
    reason: str = strawberry.field(default="", description="Why, for those who read it later.")


@strawberry.type(description="The golden records that an operation left, as they are now.")
class _Touched:
    _ids: strawberry.Private[tuple[str, ...]]
    _reader: strawberry.Private[Reader]

    @strawberry.field(description="The golden records as they are now; as they were if it is a preview.")
    async def golden_records(self) -> list[GoldenRecord]:
        """Read after the operation."""
        found = await asyncio.gather(*(self._reader.load(LedTo(), i) for i in self._ids))
        return [record for record in found if record is not None]


@strawberry.type(description="Two golden records are one.")
class Merged(_Touched):
    """A done merge."""

    operation: strawberry.ID = strawberry.field(description="What undo takes.")
    survivor: strawberry.ID = strawberry.field(description="The golden id that stayed.")
    redirected: strawberry.ID = strawberry.field(description="The golden id that leads to it now.")
    changes: Changes = strawberry.field(description="Everything that it changed.")


@strawberry.type(description="A steward's value that was set after a merge.")
class UndecidedOverride:
    """Somebody has to say whom it belongs to."""

    override_id: strawberry.ID = strawberry.field(description="The override.")
    attribute: str = strawberry.field(description="Name of the attribute as declared.")
    author: str = strawberry.field(description="Who set it.")
    reason: str = strawberry.field(description="Why.")

    @staticmethod
    def of(override: StandingOverride) -> "UndecidedOverride":
        """From the use case."""
        return UndecidedOverride(
            override_id=strawberry.ID(override.id),
            attribute=override.attribute,
            author=override.author,
            reason=override.reason,
        )


@strawberry.type(description="Source records left a golden record; a verdict keeps them from coming back.")
class Parted(_Touched):
    """A done detach or unmerge."""

    operation: strawberry.ID = strawberry.field(description="What undo takes; it removes the block.")
    stays: strawberry.ID = strawberry.field(description="Golden id of the records that stayed.")
    leaves: list[strawberry.ID] = strawberry.field(description="Golden ids of the records that left.")
    undecided: list[UndecidedOverride] = strawberry.field(
        description="Of a preview: stewards' values set after the merge that have to be assigned first."
    )
    changes: Changes = strawberry.field(description="Everything that it changed.")


@strawberry.type(description="A verdict or an operation no longer stands, and what it did is undone.")
class Undone(_Touched):
    """A done undo."""

    operation: strawberry.ID = strawberry.field(description="What no longer stands.")
    changes: Changes = strawberry.field(description="Everything that it changed.")


MergeOutcome = Annotated[
    Merged | Conflicted | Stale | Refused,
    strawberry.union("MergeOutcome", description="What became of a merge."),
]
PartOutcome = Annotated[
    Parted | Stale | Refused,
    strawberry.union("PartOutcome", description="What became of a detach or an unmerge."),
]
UndoOutcome = Annotated[
    Undone | Stale | Refused, strawberry.union("UndoOutcome", description="What became of an undo.")
]


@strawberry.type
class IdentityMutations:
    """Stewards' operations on identity."""

    @strawberry.mutation(description="Make two golden records one; you name the id that stays.")
    async def merge(
        self, info: Info[Context, None], input: MergeInput, *, preview: Preview = False
    ) -> MergeOutcome:
        """A verdict of yours, which evidence never overrules."""
        request = identity.MergeRequest(
            str(input.loser),
            str(input.survivor),
            _seen(*input.seen),
            {one.attribute: cast("ClaimValue", one.value) for one in input.values},
            input.reason,
            input.certain,
        )
        done = await acted(info.context, lambda uow: identity.merge(uow, request), preview=preview)
        if isinstance(done, identity.Conflicted):
            return Conflicted(
                message=done.message,
                verdict_id=optional_id(done.verdict_id),
                task_id=optional_id(done.task_id),
            )
        if not isinstance(done, identity.Merged):
            return done
        return Merged(
            operation=strawberry.ID(done.operation),
            survivor=strawberry.ID(done.golden_id),
            redirected=strawberry.ID(done.redirected),
            changes=Changes.of(done.changes),
            _ids=(done.golden_id,),
            _reader=info.context.reader,
        )

    @strawberry.mutation(description="Take source records out of their golden record, and keep them out.")
    async def detach(
        self, info: Info[Context, None], input: DetachInput, *, preview: Preview = False
    ) -> PartOutcome:
        """They get a golden record of their own, or their former one back."""
        request = identity.DetachRequest(
            tuple(record.read for record in input.records), _seen(input.seen), input.reason, input.certain
        )
        done = await acted(info.context, lambda uow: identity.detach(uow, request), preview=preview)
        return _parted(done, info.context)

    @strawberry.mutation(description="Let a golden record that was merged away stand by itself again.")
    async def unmerge(
        self, info: Info[Context, None], input: UnmergeInput, *, preview: Preview = False
    ) -> PartOutcome:
        """It gets its own id, its records and its relations back."""
        request = identity.UnmergeRequest(
            str(input.id),
            tree=input.tree,
            leave=tuple(record.read for record in input.leave),
            stay=tuple(record.read for record in input.stay),
            overrides={str(one.override_id): one.leaves for one in input.overrides},
            seen=_seen(input.seen),
            reason=input.reason,
        )
        done = await acted(info.context, lambda uow: identity.unmerge(uow, request), preview=preview)
        return _parted(done, info.context)

    @strawberry.mutation(description="Undo a merge, a detach, an unmerge or a verdict.")
    async def undo(
        self,
        info: Info[Context, None],
        operation: Annotated[
            strawberry.ID, strawberry.argument(description="The id that the operation or verdict was given.")
        ],
        reason: Annotated[str, strawberry.argument(description="Why.")] = "",
        *,
        preview: Preview = False,
    ) -> UndoOutcome:
        """It is kept, but no longer stands."""
        name = str(operation)
        done = await acted(info.context, lambda uow: identity.undo(uow, name, reason=reason), preview=preview)
        if not isinstance(done, identity.Undone):
            return done
        return Undone(
            operation=strawberry.ID(done.operation),
            changes=Changes.of(done.changes),
            _ids=done.golden_ids,
            _reader=info.context.reader,
        )


def _seen(*versions: VersionSeen) -> dict[str, int]:
    return {str(one.id): one.version for one in versions}


def _parted(done: identity.Parted | Stale | Refused, context: Context) -> Parted | Stale | Refused:
    if not isinstance(done, identity.Parted):
        return done
    return Parted(
        operation=strawberry.ID(done.operation),
        stays=strawberry.ID(done.stays),
        leaves=[strawberry.ID(golden_id) for golden_id in done.leaves],
        undecided=[UndecidedOverride.of(override) for override in done.undecided],
        changes=Changes.of(done.changes),
        _ids=(done.stays, *done.leaves),
        _reader=context.reader,
    )
