"""Evidence that was standardised before its records were stored.

What a record says as evidence is a function of its values and the model. So a second process can work it out
while the batch before is resolved; it is taken for records that say the very same, and for no others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from mdm_matching import BlockKeys, MatchModel, StandardTable, standardise

Columns = Mapping[str, Sequence[str | None]]
"""Column of the model to its values, one per record, all columns in the same order."""

_KEY = "mdm.ready_evidence"


@dataclass(frozen=True, slots=True)
class ReadyEvidence:
    """Columns in canonical form, and the block keys of their records.

    Attributes:
        model: version of the model that they were standardised for.
    """

    model: str
    columns: Columns
    table: StandardTable
    keys: BlockKeys

    @classmethod
    def of(cls, model: MatchModel, columns: Columns) -> ReadyEvidence:
        """Standardise these columns; all that resolution asks of them later is worked out here."""
        table = standardise(model, columns)
        keys = table.block_keys()
        for column in table.columns:
            column.leading_keys  # noqa: B018  # a cached property: known from now on
            # What the keys were made of is not asked for again, and is large.
            for name in ("key_codes", "weak_key_codes"):
                vars(column).pop(name, None)
        return cls(model.version, columns, table, keys)


def offer(session: Session, ready: ReadyEvidence | None) -> None:
    """Say what is ready for the records that this transaction takes in."""
    if ready is not None:
        session.info[_KEY] = ready


def ready_for(session: Session, model: MatchModel, columns: Columns) -> ReadyEvidence | None:
    """What was made ready of columns that say the same as these under the same model; None if nothing was."""
    ready: ReadyEvidence | None = session.info.get(_KEY)
    if ready is None or ready.model != model.version or ready.columns != columns:
        return None
    return ready


@event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        session.info.pop(_KEY, None)
