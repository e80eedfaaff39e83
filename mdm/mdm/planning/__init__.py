"""Changes of models and rules: proposed by training, planned by a rehearsal, applied as planned or not."""

from mdm.planning.plan import Applied, Change, Plan, apply_plan, make_plan, read_plan
from mdm.planning.training import Trained, train_model

__all__ = [
    "Applied",
    "Change",
    "Plan",
    "Trained",
    "apply_plan",
    "make_plan",
    "read_plan",
    "train_model",
]
