"""The subscription `changes`: what happens in the hub, as it happens, from any event number on."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import AsyncIterator
from datetime import datetime
from enum import Enum
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from mdm.change_feed import Change as ChangeRead
from mdm.change_feed import ChangeFilter
from mdm_graphql.arguments import UNSET, stated
from mdm_graphql.context import Context
from mdm_graphql.golden_record import GoldenRecord
from mdm_graphql.loaders import LedTo
from mdm_graphql.reader import Reader

After = Annotated[
    int | None,
    strawberry.argument(
        description="Number of the last event you have, to resume without a gap; 0 for all there ever were. "
        "If not given, what happens from now on."
    ),
]
Types = Annotated[
    list[str] | None,
    strawberry.argument(
        description="Only these kinds of events, such as golden.changed; golden.* for all that begin so."
    ),
]
Ids = Annotated[
    list[strawberry.ID] | None, strawberry.argument(description="Only about these golden records.")
]


def change_type(names: type[Enum]) -> type:
    """The type of a change, in a schema with these entity types."""

    @strawberry.type(description="Something that happened in the hub; changes are numbered without gaps.")
    class Change:
        number: int = strawberry.field(description="Its place in the log; hand it back as after to resume.")
        id: strawberry.ID = strawberry.field(description="Equal for every delivery of this change.")
        at: datetime = strawberry.field(description="When it happened.")
        type: str = strawberry.field(description="In the past tense, such as golden.changed.")
        entity_type: names | None = strawberry.field(description="What kind of thing it is about.")  # type: ignore[valid-type]  # made at run time
        subject: str = strawberry.field(description="The golden id, verdict or record it is about.")
        author: str = strawberry.field(description="Who did it.")
        version: int | None = strawberry.field(description="The golden record's version from then on.")
        attributes: list[str] = strawberry.field(
            description="Names of the attributes whose golden values changed."
        )
        _reader: strawberry.Private[Reader]
        _is_golden: strawberry.Private[bool]

        @strawberry.field(
            description="The golden record as it is now, or the one it was merged into; null if retired."
        )
        async def record(self) -> GoldenRecord | None:
            if not self._is_golden:
                return None
            record: GoldenRecord | None = await self._reader.load(LedTo(), self.subject)
            return record

    return Change


def subscription_type(names: type[Enum]) -> type:
    """The root type of subscriptions, in a schema with these entity types."""
    change = change_type(names)

    async def changes(
        info: Info[Context, None],
        after: After = UNSET,
        types: Types = UNSET,
        entity_types: Any = UNSET,
        ids: Ids = UNSET,
    ) -> AsyncIterator[Any]:
        wanted = ChangeFilter(
            frozenset(stated(types) or ()),
            frozenset(member.value for member in stated(entity_types) or ()),
            frozenset(map(str, stated(ids) or ())),
        )
        async for page in info.context.tail.follow(stated(after), wanted, info.context.principal):
            for one in page.changes:
                yield _told(change, names, one, info.context.reader)

    changes.__annotations__ |= {
        "entity_types": Annotated[
            list[names] | None,  # type: ignore[valid-type]  # made at run time
            strawberry.argument(description="Only about these kinds of things; all if not given."),
        ],
        "return": AsyncIterator[change],  # type: ignore[valid-type]  # the same
    }
    words = (
        "What happens in the hub, in order and without gaps. A slow reader is waited for; after a lost "
        "connection, resume after the last number."
    )
    fields = {"changes": strawberry.subscription(resolver=changes, description=words)}
    made = type("Subscription", (), {"__module__": __name__, "__annotations__": {}, **fields})
    return strawberry.type(made, name="Subscription", description="What the hub tells as it happens.")


def _told(change: Any, names: type[Enum], one: ChangeRead, reader: Reader) -> Any:
    known = {member.value for member in names}
    return change(
        number=one.number,
        id=strawberry.ID(one.id),
        at=one.at,
        type=one.type,
        entity_type=names(one.entity_type) if one.entity_type in known else None,
        subject=one.subject,
        author=one.author,
        version=one.details.get("version"),
        attributes=one.details.get("attributes", []),
        _reader=reader,
        _is_golden=one.type.startswith("golden."),
    )
