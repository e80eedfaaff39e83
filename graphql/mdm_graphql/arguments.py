"""Arguments that list fields share."""

# Strawberry reads the annotations of this module, so they stay as written.
from typing import Annotated, Any

import strawberry

First = Annotated[int, strawberry.argument(description="How many at most, up to 200.")]
After = Annotated[
    str | None, strawberry.argument(description="A cursor of this list; the page begins behind it.")
]
PAGE = 50
"""Records of a page when `first` is not given."""


UNSET: Any = strawberry.UNSET
"""The default of an argument that may be left out: it keeps `= null` out of the published schema."""


def stated(value: Any) -> Any:
    """What the caller gave; None if the argument was left out."""
    return None if value is strawberry.UNSET else value
