"""The matching engine: columns of values in; scored pairs, clusters and reasons out."""

from mdm_matching.blocking import BlockKeys, Candidates, CappedKey, candidates, junk_keys
from mdm_matching.clustering import Cause, Clustering, Cut, Edges, cluster
from mdm_matching.errors import ColumnLengthError, MatchingError, ModelDocumentError, NoEvidenceError
from mdm_matching.model import ColumnModel, Kind, MatchModel
from mdm_matching.reasons import Reason, reasons, waterfall_svg
from mdm_matching.scoring import PairScores, probability, score
from mdm_matching.standardising import StandardTable, standardise

__all__ = [
    "BlockKeys",
    "Candidates",
    "CappedKey",
    "Cause",
    "Clustering",
    "ColumnLengthError",
    "ColumnModel",
    "Cut",
    "Edges",
    "Kind",
    "MatchModel",
    "MatchingError",
    "ModelDocumentError",
    "NoEvidenceError",
    "PairScores",
    "Reason",
    "StandardTable",
    "candidates",
    "cluster",
    "junk_keys",
    "probability",
    "reasons",
    "score",
    "standardise",
    "waterfall_svg",
]
