"""Why a value is kept but not trusted: an e-mail, phone or id that is none, a word that nobody knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from mdm.entities.entity_type import Attribute
from mdm_matching.semantics import (
    Email,
    Lei,
    NationalId,
    Phone,
    RegistrationNumber,
    SemanticType,
    TaxId,
    is_placeholder,
)

CHECKED: dict[type[SemanticType], str] = {
    Email: "is no valid e-mail address",
    Phone: "is no valid phone number",
    TaxId: "is no valid tax id",
    RegistrationNumber: "is no valid registration number",
    Lei: "is no valid LEI",
    NationalId: "is no valid national id",
}
"""Semantic types whose values can be told right from wrong."""


def word(text: str) -> str:
    """A status word as the hub writes it: "On Hold" is on_hold, "Time & Materials" is time_and_materials."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower().replace("&", " and ")).strip("_")


def doubt(attribute: Attribute, value: Any, values: Mapping[str, Any]) -> str:
    """Why the value of an attribute is doubtful, empty if it is not; `values` are the record's."""
    if attribute.words:
        return "" if value in attribute.words else f"is none of {', '.join(attribute.words)}"
    semantic = attribute.semantic
    if semantic is None or type(semantic) not in CHECKED:
        return ""
    context = values.get(semantic.context or "") or ""
    for text in value if isinstance(value, list) else [str(value)]:
        if not _stands(semantic, text, str(context)):
            return "is a placeholder, no value" if is_placeholder(text) else CHECKED[type(semantic)]
    return ""


@lru_cache(maxsize=65_536)
def _stands(semantic: SemanticType, text: str, context: str) -> bool:
    return semantic.standardise(text, context) is not None
