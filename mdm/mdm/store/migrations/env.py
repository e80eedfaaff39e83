"""Runs the migrations on the connection that the hub hands over, inside its transaction."""

from alembic import context
from sqlmodel import SQLModel

from mdm.store import (  # noqa: F401  # registers the tables
    answers,
    decisions,
    derived,
    erasures,
    history,
    holds,
    publishing,
    records,
    rights,
    sayings,
)


def include(name: str | None, kind: str, _parents: object) -> bool:
    """Typed golden tables follow the declarations, not the migrations."""
    return not (
        kind == "table" and (name or "").startswith("golden_") and name not in SQLModel.metadata.tables
    )


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    include_name=include,
)
context.run_migrations()
