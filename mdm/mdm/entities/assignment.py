"""Assignment: a worker on a project."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from mdm.effective import Period
from mdm.entities.declaration import Entity, Ref, choices
from mdm.entities.project import Project
from mdm.entities.worker import Worker
from mdm.survivorship import prefer


class Assignment(Entity):
    """A worker on a project, in a role, for a time; matched by exact key."""

    plural: ClassVar[str] = "assignments"
    label: ClassVar[str] = "role"
    match_key: ClassVar[tuple[str, ...]] = ("worker", "project", "role", "start_date")
    row_scope: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "country": ("worker",),
        "legal_entity": ("worker",),
    }
    period: ClassVar[Period | None] = Period("start_date", "end_date", last_day=True)

    worker: Annotated[Ref[Worker], prefer("psa", "delivery")]
    project: Annotated[Ref[Project], prefer("psa", "delivery")]
    role: Annotated[str | None, prefer("psa", "delivery")] = None
    start_date: Annotated[date | None, prefer("psa", "delivery")] = None
    end_date: Annotated[date | None, prefer("psa", "delivery")] = None
    allocation: Annotated[float | None, prefer("psa", "delivery")] = None
    status: Annotated[str | None, choices("proposed", "soft", "hard"), prefer("psa", "delivery")] = None
