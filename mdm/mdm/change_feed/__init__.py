"""The change feed: what happened, in order, for programs that follow the hub."""

from mdm.change_feed.change import Change, ChangeFilter
from mdm.change_feed.following import Tail
from mdm.change_feed.reading import LARGEST, ChangePage, changes_after

__all__ = ["LARGEST", "Change", "ChangeFilter", "ChangePage", "Tail", "changes_after"]
