"""Training: weights, frequencies and thresholds from the records themselves, without labels."""

from mdm_matching.training.train import train

__all__ = ["train"]
