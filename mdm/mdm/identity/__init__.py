"""What people do to identity: merge, detach, unmerge and undo, each with a preview of all that it changes."""

from mdm.identity.changes import Changes, IdChange, MovedRecord, RelationChange, ValueChange
from mdm.identity.golden_sides import GoldenSide, RecordKey, current_side, named_record
from mdm.identity.id_lists import IdLists, id_lists
from mdm.identity.merging import MergeRequest, merge
from mdm.identity.outcomes import Conflicted, Merged, Parted, Undone
from mdm.identity.parting import DetachRequest, UnmergeRequest, detach, unmerge
from mdm.identity.previewing import previewed
from mdm.identity.undoing import undo

__all__ = [
    "Changes",
    "Conflicted",
    "DetachRequest",
    "GoldenSide",
    "IdChange",
    "IdLists",
    "MergeRequest",
    "Merged",
    "MovedRecord",
    "Parted",
    "RecordKey",
    "RelationChange",
    "Undone",
    "UnmergeRequest",
    "ValueChange",
    "current_side",
    "detach",
    "id_lists",
    "merge",
    "named_record",
    "previewed",
    "undo",
    "unmerge",
]
