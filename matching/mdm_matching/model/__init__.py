"""The match model: everything a score depends on beside the two records."""

from mdm_matching.model.column_model import ColumnModel
from mdm_matching.model.kind import DIFFERENT, SAME, Kind
from mdm_matching.model.match_model import MatchModel

__all__ = ["DIFFERENT", "SAME", "ColumnModel", "Kind", "MatchModel"]
