"""The root field `match`: which golden records an unsaved record may be about."""

# Strawberry reads the annotations of this module, so they stay as written.
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Annotated, Any

import strawberry
from sqlmodel import Session
from strawberry.types import Info

from mdm.candidates import Candidate, match_record
from mdm.candidates import Grade as GradeRead
from mdm.entities import EntityRegistry, EntityType, Kind
from mdm_graphql.arguments import UNSET, First
from mdm_graphql.cells import Source
from mdm_graphql.context import Context
from mdm_graphql.golden_record import GoldenRecord
from mdm_graphql.golden_types import described
from mdm_graphql.loaders import Current
from mdm_graphql.match_reason import MatchReason, speaking
from mdm_graphql.reader import Reader

CANDIDATES = 10
"""Candidates when `first` is not given."""

INPUTS: dict[Kind, Any] = {
    Kind.text: str,
    Kind.number: float,
    Kind.date: date,
    Kind.texts: list[str],
    Kind.reference: str,
}
REFERENCE = "The record it refers to, as source:key."


@strawberry.enum(description="What the hub would do if the record arrived.")
class Grade(Enum):
    """The three grades."""

    MATCH = strawberry.enum_value(GradeRead.match.value, description="Make them one golden record.")
    POSSIBLE = strawberry.enum_value(
        GradeRead.possible.value, description="Keep them apart and ask a steward."
    )
    WEAK = strawberry.enum_value(GradeRead.weak.value, description="Keep them apart.")


@strawberry.type(description="A golden record that the record may be about.")
class MatchCandidate:
    """One candidate."""

    id: strawberry.ID = strawberry.field(description="The golden id.")
    label: str = strawberry.field(description="What people call the record.")
    grade: Grade = strawberry.field(description="What the hub would do.")
    weight: float = strawberry.field(description="The evidence as a whole, in bits (log2 odds).")
    probability: float = strawberry.field(description="That both are the same thing, 0 to 1.")
    source: Source = strawberry.field(description="Its source record that speaks loudest.")
    reasons: list[MatchReason] = strawberry.field(description="What each attribute says that says something.")
    _reader: strawberry.Private[Reader]
    _current: strawberry.Private[Current]

    @strawberry.field(description="The record itself.")
    async def node(self) -> GoldenRecord | None:
        """Read with all others of the level."""
        record: GoldenRecord | None = await self._reader.load(self._current, self.id)
        return record

    @staticmethod
    def of(found: Candidate, reader: Reader) -> "MatchCandidate":
        """From the read model."""
        return MatchCandidate(
            id=strawberry.ID(found.golden_id),
            label=found.label,
            grade=Grade(found.grade.value),
            weight=found.weight,
            probability=found.probability,
            source=Source(system=found.source, key=found.source_key),
            reasons=speaking(found.reasons),
            _reader=reader,
            _current=Current(found.entity_type),
        )


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """The record that is asked about; `values` are attribute and value."""

    entity_type: str
    values: tuple[tuple[str, Any], ...]
    source: str
    first: int

    @property
    def as_sent(self) -> dict[str, Any]:
        """The record as a source would send it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in self.values}


@dataclass(frozen=True, slots=True)
class Matched:
    """The candidates of unsaved records."""

    def __call__(
        self, reader: Reader, session: Session, keys: Sequence[MatchRequest]
    ) -> Mapping[MatchRequest, Sequence[Candidate]]:
        return {
            key: match_record(
                reader.hub, session, key.entity_type, key.as_sent, source=key.source, first=key.first
            )
            for key in keys
        }


def match_field(registry: EntityRegistry) -> Any:
    """The root field `match`."""
    record_input = _record_input(registry)

    async def resolve(
        info: Info[Context, None],
        record: Any,
        source: Annotated[
            str, strawberry.argument(description="The system it would come from, such as salesforce.")
        ] = "unsaved",
        first: First = CANDIDATES,
    ) -> list[MatchCandidate]:
        reader = info.context.reader
        entity_type, values = _stated(registry, record)
        found = await reader.load(Matched(), MatchRequest(entity_type, values, source, first))
        return [MatchCandidate.of(candidate, reader) for candidate in found]

    resolve.__annotations__["record"] = Annotated[
        record_input, strawberry.argument(description="The record, as one of the entity types.")
    ]
    words = (
        "The golden records that a record may be about, most likely first, with the grade that the hub "
        "would give it if it arrived. Nothing is written."
    )
    return strawberry.field(resolver=resolve, description=words)


def _record_input(registry: EntityRegistry) -> type:
    """An input with one field per entity type, of which exactly one is given."""
    made = type(
        "RecordInput",
        (),
        {
            "__module__": __name__,
            "__annotations__": {t.name: _attributes_input(t) | None for t in registry},
            **{t.name: strawberry.field(default=UNSET, description=_article(t)) for t in registry},
        },
    )
    return strawberry.input(made, description="A record of exactly one entity type.", one_of=True)


def _attributes_input(entity_type: EntityType) -> Any:
    fields: dict[str, Any] = {}
    for attribute in entity_type.attributes:
        words = REFERENCE if attribute.kind is Kind.reference else described(attribute)
        fields[attribute.name] = strawberry.field(
            default=UNSET, description=words, deprecation_reason=attribute.deprecated or None
        )
    annotations = {a.name: INPUTS[a.kind] | None for a in entity_type.attributes}
    name = f"{entity_type.type_name}Input"
    made = type(name, (), {"__module__": __name__, "__annotations__": annotations, **fields})
    words = f"{_article(entity_type)[:-1]} as a source states it; what is not known is left out."
    return strawberry.input(made, name=name, description=words)


def _article(entity_type: EntityType) -> str:
    title = entity_type.title.lower()
    return f"{'An' if title[0] in 'aeiou' else 'A'} {title}."


def _stated(registry: EntityRegistry, record: Any) -> tuple[str, tuple[tuple[str, Any], ...]]:
    entity_type = next(t for t in registry if getattr(record, t.name) is not UNSET)
    attributes = getattr(record, entity_type.name)
    given = ((a.name, getattr(attributes, a.name)) for a in entity_type.attributes)
    return entity_type.name, tuple((n, _plain(v)) for n, v in given if v is not UNSET and v is not None)


def _plain(value: Any) -> Any:
    """A value as a source would send it, and hashable, since equal questions are asked once."""
    if isinstance(value, list):
        return tuple(value)
    return value.isoformat() if isinstance(value, date) else value
