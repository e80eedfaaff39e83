"""Scale-out: the same kernels over Spark's DataFrame API, for data that outgrow one machine."""

from mdm_matching.scale.spark import SpreadResult, match_on

__all__ = ["SpreadResult", "match_on"]
