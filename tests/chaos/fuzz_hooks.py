"""What schemathesis loads: our check for answers that say the hub failed, and values of our own scalars."""

from __future__ import annotations

from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

SERVER_ERROR = 500
FAILED = frozenset({"FAILED", "UNAVAILABLE"})
"""Codes of GraphQL errors that are the hub's fault; unexpected ones have none, and a text of their own."""

UNEXPECTED = "Something went wrong inside the hub"

schemathesis.graphql.scalar(
    "CellValue",
    st.text(max_size=20).map(nodes.String)
    | st.floats(allow_nan=False, allow_infinity=False).map(nodes.Float),
)


@schemathesis.check
def hub_fails_never(ctx: Any, response: Any, case: Any) -> None:
    """No status of 500 or more, and no GraphQL error that is the hub's own."""
    assert response.status_code < SERVER_ERROR, f"status {response.status_code}"
    if case.operation.schema.__class__.__name__ == "GraphQLSchema":
        for error in response.json().get("errors") or ():
            assert error.get("extensions", {}).get("code") not in FAILED, error
            assert UNEXPECTED not in error["message"], error
