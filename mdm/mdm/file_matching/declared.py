"""What an entity type's declaration says about the columns of files."""

from __future__ import annotations

from collections.abc import Iterable

from mdm.entities import EntityType, Kind
from mdm.errors import UnknownColumnError
from mdm_matching.semantics import SemanticType


def declared_semantics(entity_type: EntityType, columns: Iterable[str]) -> dict[str, SemanticType]:
    """The semantic types of the columns that the type declares as evidence; the others take no part.

    References take no part either: without a hub nobody knows what they lead to.

    Raises:
        UnknownColumnError: no column is evidence of the type.
    """
    names = list(columns)
    known = {
        attribute.name: attribute.semantic
        for attribute in entity_type.attributes
        if attribute.name in names
        and attribute.evidence
        and attribute.semantic is not None
        and attribute.kind is not Kind.reference
    }
    if not known:
        attributes = ", ".join(a.name for a in entity_type.attributes if a.evidence and a.semantic)
        raise UnknownColumnError(
            f"None of the columns {', '.join(names)} is evidence for {entity_type.name} ({attributes}); "
            "rename them, or leave --entity out."
        )
    return known
