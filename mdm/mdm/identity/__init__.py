"""What people do to identity: merge, detach, unmerge and undo, each with a preview of all that it changes."""

from mdm.identity.changes import Changes, IdChange, MovedRecord, RelationChange, ValueChange
from mdm.identity.merging import MergeRequest, merge
from mdm.identity.outcomes import Conflicted, Merged, Parted, Undone
from mdm.identity.parting import DetachRequest, UnmergeRequest, detach, unmerge
from mdm.identity.previewing import previewed
from mdm.identity.undoing import undo

__all__ = [
    "Changes",
    "Conflicted",
    "DetachRequest",
    "IdChange",
    "MergeRequest",
    "Merged",
    "MovedRecord",
    "Parted",
    "RelationChange",
    "Undone",
    "UnmergeRequest",
    "ValueChange",
    "detach",
    "merge",
    "previewed",
    "undo",
    "unmerge",
]
