"""Scoring: levels of agreement become match weights, in bits, and probabilities."""

from mdm_matching.scoring.pair_scores import PairScores, score
from mdm_matching.scoring.probability import probability

__all__ = ["PairScores", "probability", "score"]
