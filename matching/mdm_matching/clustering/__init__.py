"""Clustering: which records are one thing, given scores and verdicts; what was kept apart is said."""

from mdm_matching.clustering.clustering import Cause, Clustering, Cut, Edges
from mdm_matching.clustering.clusters import cluster
from mdm_matching.clustering.crossings import contradicts

__all__ = ["Cause", "Clustering", "Cut", "Edges", "cluster", "contradicts"]
