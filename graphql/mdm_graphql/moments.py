"""The arguments `knownAt` and `asOf` of entry fields: which moment a view is of."""

# Strawberry reads the annotations of this module, so they stay as written.
from datetime import date, datetime
from typing import Annotated

import strawberry

from mdm.history.when import NOW, When
from mdm_graphql.arguments import stated

KnownAt = Annotated[
    datetime | None,
    strawberry.argument(
        description="As the hub knew it at this moment, with a zone; as it knows it now if not given."
    ),
]
AsOf = Annotated[
    date | None,
    strawberry.argument(
        description="What holds on this day, such as a former name; what is current if not given."
    ),
]


def moment(known_at: datetime | None, as_of: date | None) -> When:
    """The moment that the arguments of a field name."""
    known, day = stated(known_at), stated(as_of)
    return NOW if known is None and day is None else When(known, day)
