"""Reads files of other systems row by row, and turns rows into records that the hub can take in."""

from mdm.intake.columns import check_columns
from mdm.intake.mapping import FieldMapping, Mapping, implied_mapping
from mdm.intake.mapping_file import find_mapping, load_mapping, shipped_mappings
from mdm.intake.opening import open_rows
from mdm.intake.preparing import key_of, prepare
from mdm.intake.repeats import REPEATED_KEY, Repeat, SeenKeys
from mdm.intake.source_row import RowSource, SourceRow, is_unreadable, storable

__all__ = [
    "REPEATED_KEY",
    "FieldMapping",
    "Mapping",
    "Repeat",
    "RowSource",
    "SeenKeys",
    "SourceRow",
    "check_columns",
    "find_mapping",
    "implied_mapping",
    "is_unreadable",
    "key_of",
    "load_mapping",
    "open_rows",
    "prepare",
    "shipped_mappings",
    "storable",
]
