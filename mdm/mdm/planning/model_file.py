"""Reads a proposed model from a file."""

from __future__ import annotations

from pathlib import Path

from mdm.errors import UnreadableFileError
from mdm_matching import MatchModel, ModelDocumentError


def read_model(path: Path) -> MatchModel:
    """The model in a file.

    Raises:
        UnreadableFileError: there is none.
    """
    try:
        return MatchModel.load(path)
    except (OSError, UnicodeDecodeError, ModelDocumentError) as exc:
        raise UnreadableFileError(f"{path} holds no model ({exc}); make one with mdm train.") from exc
