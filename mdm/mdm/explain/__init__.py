"""Why a golden value is what it is: the rule at work, why each claim lost, what would flip it."""

from mdm.explain.telling import value_document, value_lines
from mdm.explain.value import ValueExplanation, explain_value, explain_values

__all__ = ["ValueExplanation", "explain_value", "explain_values", "value_document", "value_lines"]
