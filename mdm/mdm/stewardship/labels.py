"""How people know a record: its name, and the code beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from mdm.access.view import View, view_of
from mdm.entities import EntityRegistry, EntityType
from mdm.history.tables import golden_at
from mdm.history.when import NOW, When
from mdm.store.chunks import rows_in
from mdm_matching.semantics import FamilyName, GivenName


@dataclass(frozen=True, slots=True)
class GoldenLabel:
    """A golden record in one line.

    Attributes:
        label: its name; the code, else the id itself, if it has none.
        code: the code people know it by, empty if none.
        state: active, merged, retired, or unknown if the hub holds no such record now.
    """

    golden_id: str
    entity_type: str
    label: str
    code: str = ""
    state: str = "active"


def label_of(entity_type: EntityType, values: Mapping[str, Any]) -> str:
    """What people call a record with these values (attribute to value): a person's given name comes first."""
    named = str(values.get(entity_type.label) or "")
    if named and isinstance(entity_type.by_name[entity_type.label].semantic, FamilyName):
        given = [a.name for a in entity_type.attributes if isinstance(a.semantic, GivenName)]
        named = " ".join([*(str(values[name]) for name in given if values.get(name)), named])
    return named or str(values.get(entity_type.code_attribute) or "")


def golden_labels(
    session: Session, registry: EntityRegistry, ids: Iterable[str], when: When = NOW
) -> dict[str, GoldenLabel]:
    """The labels of these golden records, all of them in a few statements; every id has an answer.

    Args:
        when: what they were called at a moment.
    """
    wanted, view = set(ids), view_of(session)
    visible = view.visible(session, wanted)
    golden = golden_at(When(when.known_at))
    query = select(golden.c.golden_id, golden.c.entity_type, golden.c.state, golden.c.cells)
    found = {i: GoldenLabel(i, "", i, state="unknown") for i in wanted}
    for golden_id, name, state, cells in rows_in(session, query, golden.c.golden_id, visible):
        found[golden_id] = stored_label(view, registry[name], golden_id, cells, state)
    return found


def stored_label(
    view: View, entity_type: EntityType, golden_id: str, cells: Mapping[str, Any], state: str = "active"
) -> GoldenLabel:
    """The label of a golden record that the view lets exist, from its stored cells."""
    values = {name: cell["value"] for name, cell in view.open_part(entity_type, cells).items()}
    code = str(values.get(entity_type.code_attribute) or "") if entity_type.code_attribute else ""
    return GoldenLabel(golden_id, entity_type.name, label_of(entity_type, values) or golden_id, code, state)
