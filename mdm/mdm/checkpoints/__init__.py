"""Signed checkpoints of the event log, kept outside the database: what proves that its tail was not cut."""

from mdm.checkpoints.checkpoint import Checkpoint, checkpoint_file, read_checkpoints
from mdm.checkpoints.writing import Checkpoints, write_checkpoint

__all__ = ["Checkpoint", "Checkpoints", "checkpoint_file", "read_checkpoints", "write_checkpoint"]
