"""The matching engine: columns of values in; scored pairs, clusters and reasons out."""

from mdm_matching.blocking import (
    BlockKeys,
    Candidates,
    CappedKey,
    KeyCount,
    KeyReach,
    Plan,
    candidates,
    junk_keys,
)
from mdm_matching.charts import waterfall_svg
from mdm_matching.clustering import Cause, Clustering, Cut, Edges, cluster, contradicts
from mdm_matching.errors import (
    ColumnLengthError,
    LabelError,
    MatchingError,
    ModelDocumentError,
    NoEvidenceError,
)
from mdm_matching.evaluation import (
    Calibration,
    Evaluation,
    calibration,
    evaluate,
    pair_completeness,
    recall_at_precision,
)
from mdm_matching.explaining import Explained
from mdm_matching.learning import Labels, Question, taught
from mdm_matching.matching import Advance, Follower, Learner, MatchResult, Pairs, match
from mdm_matching.model import ColumnModel, Kind, MatchModel
from mdm_matching.online import Hit, Index, MemoryIndex
from mdm_matching.reasons import Reason, reasons
from mdm_matching.scoring import PairScores, probability, score
from mdm_matching.standardising import StandardTable, standardise
from mdm_matching.training import train

__all__ = [
    "Advance",
    "BlockKeys",
    "Calibration",
    "Candidates",
    "CappedKey",
    "Cause",
    "Clustering",
    "ColumnLengthError",
    "ColumnModel",
    "Cut",
    "Edges",
    "Evaluation",
    "Explained",
    "Follower",
    "Hit",
    "Index",
    "KeyCount",
    "KeyReach",
    "Kind",
    "LabelError",
    "Labels",
    "Learner",
    "MatchModel",
    "MatchResult",
    "MatchingError",
    "MemoryIndex",
    "ModelDocumentError",
    "NoEvidenceError",
    "PairScores",
    "Pairs",
    "Plan",
    "Question",
    "Reason",
    "StandardTable",
    "calibration",
    "candidates",
    "cluster",
    "contradicts",
    "evaluate",
    "junk_keys",
    "match",
    "pair_completeness",
    "probability",
    "reasons",
    "recall_at_precision",
    "score",
    "standardise",
    "taught",
    "train",
    "waterfall_svg",
]
