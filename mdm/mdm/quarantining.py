"""Keeps rows that could not be taken in, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from mdm.erasure.again import erased_again
from mdm.event_log import canonical_json
from mdm.failpoints import reach
from mdm.ingest import Rejected
from mdm.store.records import QuarantinedRow
from mdm.unit_of_work import UnitOfWork


def quarantine(
    uow: UnitOfWork, source: str, entity_type: str, rejected: Sequence[Rejected], mapping: str
) -> int:
    """Keep rows that could not be taken in; returns how many were not in quarantine before."""
    fresh = 0
    again = erased_again(uow, source, entity_type)
    refused = again.among(uow, {str(k): list(row.row.values()) for k, row in enumerate(rejected)})
    for row in (row for k, row in enumerate(rejected) if str(k) not in refused):
        digest = hashlib.sha256(canonical_json({str(k): str(v) for k, v in row.row.items()})).hexdigest()
        known = select(col(QuarantinedRow.id)).where(
            col(QuarantinedRow.source) == source, col(QuarantinedRow.entity_type) == entity_type,
            col(QuarantinedRow.origin) == row.origin, col(QuarantinedRow.row_number) == row.row_number,
            col(QuarantinedRow.row_hash) == digest,
        )  # fmt: skip
        if uow.session.scalar(known) is not None:
            continue
        fresh += 1
        uow.session.add(
            QuarantinedRow(
                source=source,
                entity_type=entity_type,
                origin=row.origin,
                row_number=row.row_number,
                row_hash=digest,
                reason=row.reason,
                column_name=row.column,
                row=dict(row.row),
                mapping=mapping,
                received_at=uow.now,
            )
        )
        uow.session.flush()
        reach("ingest.after_quarantined_row")
    return fresh
