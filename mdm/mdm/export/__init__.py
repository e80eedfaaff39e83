"""Golden records and other tables as files: CSV that no spreadsheet runs, JSON lines, Parquet."""

from mdm.export.formulas import harmless
from mdm.export.golden_rows import golden_columns, golden_rows
from mdm.export.writing import Column, Format, write_rows

__all__ = ["Column", "Format", "golden_columns", "golden_rows", "harmless", "write_rows"]
