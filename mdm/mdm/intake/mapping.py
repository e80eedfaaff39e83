"""What a source's fields mean: from which field each attribute comes, and by which steps."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from typing import Any

from mdm.effective import FACTS
from mdm.entities.entity_type import EntityType
from mdm.intake.selecting import ABSENT, Missing, Selector
from mdm.intake.transforms import Transform


@dataclass(frozen=True, slots=True)
class FieldMapping:
    """Where one value comes from.

    Attributes:
        selector: the field; None if the value is a constant.
        transforms: steps applied in order to a value that is not blank.
        words: the source's words and ours; `true` and `false` stand for booleans, "" for a blank.
        otherwise: our word for a value that is not blank and not among the words; None keeps the value.
        source: the source that a reference leads into; empty for the record's own.
    """

    selector: Selector | None
    transforms: tuple[Transform, ...] = ()
    words: AbstractMapping[str, Any] = field(default_factory=dict)
    otherwise: Any = None
    source: str = ""
    constant: Any = None

    @property
    def column(self) -> str:
        """The field's name for messages."""
        return self.selector.text if self.selector else ""

    def read(self, row: AbstractMapping[str, Any]) -> Any | Missing:
        """The value after all steps; None for a blank, ABSENT if the row lacks the field.

        Raises:
            ValueError: a step cannot take the value.
        """
        if self.selector is None:
            return self.constant
        value = self.selector.select(row)
        if value is ABSENT:
            return ABSENT
        for transform in self.transforms:
            if is_blank(value):
                break
            value = transform(value)
        return self._worded(value) if self.words or self.otherwise is not None else value

    def _worded(self, value: Any) -> Any:
        if is_blank(value):
            return self.words.get("")
        word = str(value).lower() if isinstance(value, bool) else str(value).strip()
        if word in self.words:
            return self.words[word]
        return value if self.otherwise is None else self.otherwise


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file that was understood, or the one that the headers of an entity type imply.

    Attributes:
        name: how the caller named it, kept with quarantined rows; empty for the implied one.
        records: where a JSON document keeps its records.
        skip: rows of which this is true are left out.
        facts: where `effective_from`, `effective_to` and `do_not_master` come from.
        date_formats: strptime formats that dates may have beside ISO 8601.
        attributes: attribute to where its value comes from.
    """

    name: str
    entity: str
    key: FieldMapping
    attributes: AbstractMapping[str, FieldMapping]
    changed_at: FieldMapping | None = None
    deleted: FieldMapping | None = None
    facts: AbstractMapping[str, FieldMapping] = field(default_factory=dict)
    skip: Selector | None = None
    records: Selector | None = None
    date_formats: tuple[str, ...] = ()


def implied_mapping(entity_type: EntityType) -> Mapping:
    """The mapping for a file whose headers are the hub's own: id, changed_at, the attributes and so on."""

    def column(name: str) -> FieldMapping:
        return FieldMapping(Selector(name, None, (name,)))

    return Mapping(
        name="",
        entity=entity_type.name,
        key=column("id"),
        changed_at=column("changed_at"),
        deleted=column("deleted"),
        facts={name: column(name) for name in FACTS},
        attributes={attribute.name: column(attribute.name) for attribute in entity_type.attributes},
    )


def is_blank(value: Any) -> bool:
    """Whether a value says nothing: null, an empty list or object, text of white space, not-a-number."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, (list, tuple, dict)):
        return not value
    return isinstance(value, float) and value != value
