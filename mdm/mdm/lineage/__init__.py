"""The lineage graph: where a golden record's values came from, what decided, what it is related to, where it went."""

from mdm.lineage.graph import NodeKind, lineage
from mdm.lineage.picture import to_png, to_svg
from mdm.lineage.text import to_text

__all__ = ["NodeKind", "lineage", "to_png", "to_svg", "to_text"]
