"""What stewards look at: the queue, a task, a golden record, and the state of publications and quarantine."""

from mdm.stewardship.attribute_rows import AttributeRow, MergedValue
from mdm.stewardship.differences import Mark, Segment, differences
from mdm.stewardship.former_version import FormerValue, FormerVersion, former_version
from mdm.stewardship.golden_cells import CellView, ClaimView
from mdm.stewardship.golden_history import VersionView
from mdm.stewardship.golden_view import GoldenView, golden_view
from mdm.stewardship.labels import GoldenLabel, golden_labels, label_of
from mdm.stewardship.page import Page
from mdm.stewardship.publications import Publications, publications
from mdm.stewardship.quarantine import QuarantineView, quarantined, quarantined_count
from mdm.stewardship.queue import (
    TaskPlace,
    next_task,
    queue_counts,
    task_place,
    tasks,
    tasks_count,
)
from mdm.stewardship.relation_groups import RelationGroup
from mdm.stewardship.source_records import SourceView, StatedValue
from mdm.stewardship.task_summary import TaskSummary
from mdm.stewardship.task_view import Side, TaskView, task_view
from mdm.stewardship.verdicts import EarlierVerdict, decided_since, standing_verdict

__all__ = [
    "AttributeRow",
    "CellView",
    "ClaimView",
    "EarlierVerdict",
    "FormerValue",
    "FormerVersion",
    "GoldenLabel",
    "GoldenView",
    "Mark",
    "MergedValue",
    "Page",
    "Publications",
    "QuarantineView",
    "RelationGroup",
    "Segment",
    "Side",
    "SourceView",
    "StatedValue",
    "TaskPlace",
    "TaskSummary",
    "TaskView",
    "VersionView",
    "decided_since",
    "differences",
    "former_version",
    "golden_labels",
    "golden_view",
    "label_of",
    "next_task",
    "publications",
    "quarantined",
    "quarantined_count",
    "queue_counts",
    "standing_verdict",
    "task_place",
    "task_view",
    "tasks",
    "tasks_count",
]
