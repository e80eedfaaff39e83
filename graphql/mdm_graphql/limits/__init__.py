"""What an operation may ask for, checked before it is parsed, validated and run."""

from mdm_graphql.limits.extension import CheckLimits
from mdm_graphql.limits.figures import Figures
from mdm_graphql.limits.measuring import Measured, measure

__all__ = ["CheckLimits", "Figures", "Measured", "measure"]
