"""The search terms of golden records: found in what their source records say and said, kept for search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from sqlmodel import Session

from mdm.entities import EntityType
from mdm.query.search_terms import search_terms
from mdm.resolve.evidence import RecordClaims
from mdm.resolve.former_names import Stated
from mdm.resolve.survivors import Cells
from mdm.store.bulk import add_columns, drop_rows
from mdm.store.derived import SearchTerm


def terms_of_members(
    entity_type: EntityType,
    members: Mapping[str, list[int]],
    records: Mapping[int, RecordClaims],
    former: Mapping[int, list[Stated]],
    cells: Mapping[str, Cells],
) -> list[list[str]]:
    """The search terms of each of these golden records; former and other names come from the claims."""
    return [
        sorted(
            search_terms(
                entity_type,
                (c for i in ids if i in records for c in (records[i].claims, *former.get(i, ()))),
                cells.get(golden_id, {}),
            )
        )
        for golden_id, ids in members.items()
    ]


def index_terms(
    session: Session, entity_type: EntityType, members: Mapping[str, list[int]], terms: Sequence[list[str]]
) -> None:
    """Replace the search terms of these golden records."""
    drop_rows(session, SearchTerm, "golden_id", members)
    ids = [golden_id for golden_id, own in zip(members, terms, strict=True) for _ in own]
    if ids:
        columns = {
            "term": list(chain.from_iterable(terms)),
            "entity_type": [entity_type.name] * len(ids),
            "golden_id": ids,
        }
        add_columns(session, SearchTerm, columns)
