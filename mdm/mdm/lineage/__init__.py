"""The lineage graph: where golden values came from, who decided, what it relates to, where it goes."""

from mdm.lineage.directions import Direction, walked
from mdm.lineage.graph import NodeKind, lineage
from mdm.lineage.picture import to_png, to_svg
from mdm.lineage.text import to_text

__all__ = ["Direction", "NodeKind", "lineage", "to_png", "to_svg", "to_text", "walked"]
