"""Values and names as people read them."""

from __future__ import annotations

from mdm.entities import Attribute
from mdm.survivorship import ClaimValue

INITIALS = {"id": "ID", "lei": "LEI"}


def title_of(name: str) -> str:
    """An attribute's name for people: `tax_id` becomes "Tax ID"."""
    words = [INITIALS.get(word, word) for word in name.split("_")]
    return " ".join([words[0] if words[0].isupper() else words[0].capitalize(), *words[1:]])


def text_of(value: ClaimValue | None) -> str:
    """A value for people: lists with commas, numbers in groups and without needless zeros (1,250,000.5)."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    if isinstance(value, int | float):
        return f"{value:,.10g}" if abs(value) < 1e10 else f"{value:,.2f}"
    return value


def describe(attribute: Attribute) -> str:
    """What an attribute means, as its declaration or its semantic type says it; "" if neither does."""
    if attribute.description:
        return attribute.description
    documented = (type(attribute.semantic).__doc__ or "") if attribute.semantic else ""
    return documented.strip().partition("\n")[0]
