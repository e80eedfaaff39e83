"""The match model: one readable document that fixes every score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

from mdm_matching.model import document
from mdm_matching.model.column_model import ColumnModel
from mdm_matching.model.kind import Kind, default_kinds
from mdm_matching.semantics.semantic_type import SemanticType


@dataclass(frozen=True)
class MatchModel:
    """How records of one entity type are matched: same records and model, same answer, bit for bit.

    Attributes:
        entity: the entity type, such as `client`.
        columns: the columns that are evidence, in order.
        kinds: kinds of pairs; plain sameness and plain difference come first on their side.
        prior: log2 odds that a candidate pair is the same thing, before any evidence.
        match_threshold: bits of total weight (evidence and prior) from which two records match.
        review_threshold: bits of total weight from which a person should look.
        contradiction: a pair across two groups with evidence below minus this many bits keeps them apart.
        margin: bits by which the better of two contradicting groups must lead to be chosen.
        cohesion: bits of total weight that the pairs across two groups must reach on average for the groups
            to join.
        block_cap: a block key that more live records hold makes no candidates by itself.
    """

    entity: str
    columns: tuple[ColumnModel, ...]
    kinds: tuple[Kind, ...]
    prior: float = -4.0
    match_threshold: float = 4.0
    review_threshold: float = 1.0
    contradiction: float = 8.0
    margin: float = 3.0
    cohesion: float = -1.5
    block_cap: int = 100

    @classmethod
    def default(cls, entity: str, semantics: Mapping[str, SemanticType]) -> MatchModel:
        """The shipped model for columns of these semantic types: default weights, fitted to no data."""
        columns = tuple(ColumnModel.default(name, semantic) for name, semantic in semantics.items())
        return cls(entity, columns, default_kinds(semantics))

    @cached_property
    def version(self) -> str:
        """Sixteen hex digits that change with any part of the model."""
        return blake2b(document.text_of(self).encode(), digest_size=8).hexdigest()

    @property
    def semantics(self) -> dict[str, SemanticType]:
        """The semantic type of each column."""
        return {column.name: column.semantic for column in self.columns}

    def with_thresholds(self, *, match: float, review: float) -> MatchModel:
        """The same model with other thresholds, in bits of total weight."""
        return replace(self, match_threshold=match, review_threshold=review)

    def to_json(self) -> str:
        """The model as a JSON document: sorted, indented, the same bytes for the same model."""
        return document.text_of(self)

    @classmethod
    def from_json(cls, text: str) -> MatchModel:
        """The model that a document describes.

        Raises:
            ModelDocumentError: the text is no model document, or names a semantic type that is not known.
        """
        return document.model_of(text)

    def save(self, path: Path) -> None:
        """Write the document to a file."""
        path.write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> MatchModel:
        """Read the document from a file."""
        return cls.from_json(path.read_text(encoding="utf-8"))
