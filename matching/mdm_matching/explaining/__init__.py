"""Explaining: why two records match, why not, and how a cluster came about; as data and in words."""

from mdm_matching.explaining.changes import Change
from mdm_matching.explaining.explained import Explained
from mdm_matching.explaining.how import Step, how
from mdm_matching.explaining.why import Why
from mdm_matching.explaining.why_not import SharedKey, WhyNot

__all__ = ["Change", "Explained", "SharedKey", "Step", "Why", "WhyNot", "how"]
