"""Learning: what people said about pairs of records sharpens a model, and what to ask them next."""

from mdm_matching.learning.labels import Labels
from mdm_matching.learning.questions import Question, questions
from mdm_matching.learning.teaching import Doubt, taught

__all__ = ["Doubt", "Labels", "Question", "questions", "taught"]
