"""The engine alone: files in, clusters out; no database, no golden records."""

from mdm.file_matching.judging import Figures
from mdm.file_matching.steps import MatchAnswer, MatchRequest, match_files
from mdm.file_matching.table import MatchTable, read_table

__all__ = ["Figures", "MatchAnswer", "MatchRequest", "MatchTable", "match_files", "read_table"]
