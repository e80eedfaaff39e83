"""Rate: what an hour or a day of work costs or is billed at."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from mdm.effective import Period
from mdm.entities.client import Client
from mdm.entities.declaration import Entity, Ref, choices, pay
from mdm.entities.project import Project
from mdm.entities.worker import Worker
from mdm.survivorship import prefer


class Rate(Entity):
    """What an hour or a day of work costs or is billed at, from a day on; matched by exact key."""

    plural: ClassVar[str] = "rates"
    label: ClassVar[str] = "kind"
    match_key: ClassVar[tuple[str, ...]] = (
        "kind", "unit", "currency", "worker", "project", "client", "role", "valid_from",
    )  # fmt: skip
    row_scope: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "country": ("worker", "project", "client"),
        "legal_entity": ("worker", "project", "client"),
    }
    period: ClassVar[Period | None] = Period("valid_from", "valid_to")

    kind: Annotated[str, choices("bill", "cost"), prefer("psa", "erp")]
    unit: Annotated[str | None, choices("hour", "day"), prefer("psa", "erp")] = None
    amount: Annotated[float, pay(), prefer("psa", "erp")]
    currency: Annotated[str | None, prefer("psa", "erp")] = None
    worker: Annotated[Ref[Worker] | None, prefer("psa", "erp")] = None
    project: Annotated[Ref[Project] | None, prefer("psa", "erp")] = None
    client: Annotated[Ref[Client] | None, prefer("psa", "erp")] = None
    role: Annotated[str | None, prefer("psa", "erp")] = None
    valid_from: Annotated[date | None, prefer("psa", "erp")] = None
    valid_to: Annotated[date | None, prefer("psa", "erp")] = None
