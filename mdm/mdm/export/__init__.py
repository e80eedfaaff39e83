"""Golden records and other tables as files: CSV that no spreadsheet runs, JSON lines, Parquet."""

from mdm.export.formulas import harmless
from mdm.export.golden_rows import golden_columns, golden_rows
from mdm.export.writing import Column, Format, format_of, replacing, write_rows

__all__ = [
    "Column",
    "Format",
    "format_of",
    "golden_columns",
    "golden_rows",
    "harmless",
    "replacing",
    "write_rows",
]
