"""Evaluation: a clustering against the truth."""

from mdm_matching.evaluation.calibration import Calibration, calibration
from mdm_matching.evaluation.evaluation import Evaluation, evaluate, pair_completeness, recall_at_precision

__all__ = ["Calibration", "Evaluation", "calibration", "evaluate", "pair_completeness", "recall_at_precision"]
