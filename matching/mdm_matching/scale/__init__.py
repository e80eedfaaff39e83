"""Scale-out: the same kernels over Spark's DataFrame API, for data that outgrow one machine."""

from mdm_matching.scale.spark import Spread, match_on, scored_pairs

__all__ = ["Spread", "match_on", "scored_pairs"]
