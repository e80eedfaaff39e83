"""Evaluation: a clustering against the truth."""

from mdm_matching.evaluation.evaluation import Evaluation, evaluate, pair_completeness, recall_at_precision

__all__ = ["Evaluation", "evaluate", "pair_completeness", "recall_at_precision"]
