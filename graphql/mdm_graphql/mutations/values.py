"""Mutations about golden values: override, take an override back, ban a value, lift a ban."""

# Strawberry reads the annotations of this module, so they stay as written.
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from mdm.overrides import Lifetime as LifetimeRead
from mdm.overrides.banning import Banned as BannedRead
from mdm.overrides.banning import ban_value, lift_ban
from mdm.overrides.setting import Overridden as OverriddenRead
from mdm.overrides.setting import Until, override_value, remove_override
from mdm_graphql.arguments import UNSET, stated
from mdm_graphql.cells import CellValue
from mdm_graphql.context import Context
from mdm_graphql.golden_record import GoldenRecord
from mdm_graphql.loaders import LedTo
from mdm_graphql.mutations.acting import Preview, Refused, Stale, acted, optional_id
from mdm_graphql.reader import Reader


@strawberry.enum(description="How long a steward's value holds.")
class Lifetime(Enum):
    """The four lifetimes."""

    FOREVER = strawberry.enum_value(LifetimeRead.forever.value, description="Until somebody takes it back.")
    BASIS = strawberry.enum_value(
        LifetimeRead.basis.value, description="Until a source states another value than it did."
    )
    DATE = strawberry.enum_value(LifetimeRead.date.value, description="Until the moment in `until`.")
    NEXT_WRITE = strawberry.enum_value(
        LifetimeRead.next_write.value, description="Until a source writes the record again."
    )


@strawberry.input(description="One attribute of one golden record, as you saw it.")
class CellInput:
    """Which cell."""

    id: strawberry.ID = strawberry.field(description="The golden id.")
    attribute: str = strawberry.field(description="Name of the attribute as declared, such as tax_id.")
    version: int = strawberry.field(description="The record's version when you looked.")


@strawberry.input(description="Your value in the place of what the sources say.")
class OverrideInput:
    """What, and for how long."""

    cell: CellInput = strawberry.field(description="Where.")
    value: CellValue = strawberry.field(
        description="A text, a number, a list of texts, or a golden id for a reference."
    )
    lifetime: Lifetime = strawberry.field(default=Lifetime.FOREVER, description="How long it holds.")
    until: datetime | None = strawberry.field(
        default=UNSET, description="With the lifetime DATE: until when."
    )
    reason: str = strawberry.field(default="", description="Why, for those who read it later.")


@strawberry.input(description="A value that a golden record must not take, whoever states it.")
class BanInput:
    """Which value."""

    cell: CellInput = strawberry.field(description="Where.")
    value: str = strawberry.field(description="The value.")
    reason: str = strawberry.field(default="", description="Why, for those who read it later.")


@strawberry.type
class _Written:
    """A cell after a steward spoke."""

    attribute: str = strawberry.field(description="Name of the attribute as declared.")
    changed: bool = strawberry.field(description="False if it was so already, and nothing was written.")
    _id: strawberry.Private[str]
    _reader: strawberry.Private[Reader]

    @strawberry.field(description="The golden record as it is now; as it was if it is a preview.")
    async def golden_record(self) -> GoldenRecord | None:
        """Read after the operation."""
        record: GoldenRecord | None = await self._reader.load(LedTo(), self._id)
        return record


@strawberry.type(description="A steward's value stands, or no longer does.")
class Overridden(_Written):
    """The cell's override."""

    value: CellValue | None = strawberry.field(description="Your value; null if the sources speak again.")
    override_id: strawberry.ID | None = strawberry.field(description="What stands now; null for none.")
    ended: list[strawberry.ID] = strawberry.field(description="Overrides that no longer stand because of it.")


@strawberry.type(description="A value is banned, or no longer is.")
class Banned(_Written):
    """The cell's ban."""

    value: str = strawberry.field(description="The value it is about.")
    ban_id: strawberry.ID | None = strawberry.field(description="The ban that stands; null for none.")


OverrideOutcome = Annotated[
    Overridden | Stale | Refused,
    strawberry.union("OverrideOutcome", description="What became of a steward's value."),
]
BanOutcome = Annotated[
    Banned | Stale | Refused, strawberry.union("BanOutcome", description="What became of a ban.")
]
Reason = Annotated[str, strawberry.argument(description="Why, for those who read it later.")]


@strawberry.type
class ValueMutations:
    """Stewards' words about golden values."""

    @strawberry.mutation(description="Set a golden value in the place of what the sources say.")
    async def override(
        self, info: Info[Context, None], input: OverrideInput, *, preview: Preview = False
    ) -> OverrideOutcome:
        """To say the same again changes nothing."""
        cell, lifetime = input.cell, LifetimeRead(str(input.lifetime.value))

        def operation(uow: Any) -> OverriddenRead:
            return override_value(
                uow,
                str(cell.id),
                cell.attribute,
                input.value,
                until=Until(lifetime, stated(input.until)),
                reason=input.reason,
                expected_version=cell.version,
            )

        return _overridden(await acted(info.context, operation, preview=preview), info.context)

    @strawberry.mutation(description="Let the sources speak again.")
    async def remove_override(
        self, info: Info[Context, None], cell: CellInput, reason: Reason = "", *, preview: Preview = False
    ) -> OverrideOutcome:
        """To remove what does not stand changes nothing."""

        def operation(uow: Any) -> OverriddenRead:
            return remove_override(
                uow, str(cell.id), cell.attribute, reason=reason, expected_version=cell.version
            )

        return _overridden(await acted(info.context, operation, preview=preview), info.context)

    @strawberry.mutation(description="Never let a golden record take this value, whoever states it.")
    async def ban(
        self, info: Info[Context, None], input: BanInput, *, preview: Preview = False
    ) -> BanOutcome:
        """The next best claim takes its place."""
        cell = input.cell

        def operation(uow: Any) -> BannedRead:
            return ban_value(
                uow,
                str(cell.id),
                cell.attribute,
                input.value,
                reason=input.reason,
                expected_version=cell.version,
            )

        return _banned(await acted(info.context, operation, preview=preview), info.context)

    @strawberry.mutation(description="Lift the ban on a value.")
    async def lift_ban(
        self, info: Info[Context, None], input: BanInput, *, preview: Preview = False
    ) -> BanOutcome:
        """The value may win again."""
        cell = input.cell

        def operation(uow: Any) -> BannedRead:
            return lift_ban(
                uow,
                str(cell.id),
                cell.attribute,
                input.value,
                reason=input.reason,
                expected_version=cell.version,
            )

        return _banned(await acted(info.context, operation, preview=preview), info.context)


def _overridden(done: OverriddenRead | Stale | Refused, context: Context) -> Overridden | Stale | Refused:
    if not isinstance(done, OverriddenRead):
        return done
    return Overridden(
        attribute=done.attribute,
        changed=done.changed,
        value=None if done.value is None else CellValue(done.value),
        override_id=optional_id(done.override_id),
        ended=[strawberry.ID(one) for one in done.ended],
        _id=done.golden_id,
        _reader=context.reader,
    )


def _banned(done: BannedRead | Stale | Refused, context: Context) -> Banned | Stale | Refused:
    if not isinstance(done, BannedRead):
        return done
    return Banned(
        attribute=done.attribute,
        changed=done.changed,
        value=done.value,
        ban_id=optional_id(done.ban_id),
        _id=done.golden_id,
        _reader=context.reader,
    )
