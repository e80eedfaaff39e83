"""What can go wrong in the engine.

MatchingError
├── ColumnLengthError
├── LabelError
├── MemoryBoundError
├── ModelDocumentError
├── NoEvidenceError
└── RecordNameError
"""

from __future__ import annotations


class MatchingError(Exception):
    """Something the caller can put right."""


class ColumnLengthError(MatchingError):
    """Columns differ in length; every column needs one value per record."""

    def __init__(self, lengths: dict[str, int]) -> None:
        self.lengths = lengths
        super().__init__(f"columns differ in length: {lengths}")


class LabelError(MatchingError):
    """A label speaks of no pair of the records; name two different rows that are there."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"a label cannot be used: {why}")


class MemoryBoundError(MatchingError):
    """The work does not fit into the memory that was allowed; allow more, or give it less to do."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class ModelDocumentError(MatchingError):
    """This is no model document that the engine can read."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(f"not a model document: {why}")


class NoEvidenceError(MatchingError):
    """No column has a semantic type, so nothing can be compared; name the type of at least one column."""

    def __init__(self) -> None:
        super().__init__("no column has a semantic type: name the type of at least one column")


class RecordNameError(MatchingError):
    """The column that names the records leaves some unnamed or names two alike; give each record one name."""

    def __init__(self, column: str, unnamed: int, repeated: int) -> None:
        self.column, self.unnamed, self.repeated = column, unnamed, repeated
        super().__init__(
            f"column {column!r} leaves {unnamed:,} records unnamed and gives {repeated:,} a name that "
            "another has: each record needs a name of its own"
        )
