"""Project: work that the firm does, mostly for a client."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from mdm.entities.client import Client
from mdm.entities.cost_center import CostCenter
from mdm.entities.declaration import Entity, Hierarchy, NoEvidence, Ref, choices, inverse
from mdm.entities.engagement import Engagement
from mdm.entities.worker import Worker
from mdm.survivorship import prefer
from mdm_matching.semantics import Code, Date, Reference, Title


class Project(Entity):
    """Work that the firm does, mostly for a client; phase 1 and phase 2 are two projects."""

    plural: ClassVar[str] = "projects"
    code_attribute: ClassVar[str] = "code"
    row_scope: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "country": ("client",),
        "legal_entity": ("cost_center",),
    }

    code: Annotated[str | None, Code(), prefer("psa", "erp", "delivery")] = None
    name: Annotated[str, Title(), prefer("psa", "erp", "delivery")]
    client: Annotated[Ref[Client] | None, Reference(), prefer("psa", "erp", "crm")] = None
    engagement: Annotated[Ref[Engagement] | None, NoEvidence(), prefer("psa", "clm")] = None
    manager: Annotated[
        Ref[Worker] | None, NoEvidence(), inverse("managed_projects"), prefer("psa", "erp", "delivery")
    ] = None
    cost_center: Annotated[Ref[CostCenter] | None, NoEvidence(), prefer("erp", "psa")] = None
    status: Annotated[
        str | None, choices("planned", "active", "on_hold", "closed"), prefer("psa", "erp", "delivery")
    ] = None
    billing_type: Annotated[
        str | None,
        choices("time_and_materials", "fixed", "retainer", "internal"),
        prefer("psa", "erp"),
    ] = None
    start_date: Annotated[date | None, Date(), prefer("psa", "erp", "delivery")] = None
    end_date: Annotated[date | None, NoEvidence(), prefer("psa", "erp", "delivery")] = None
    currency: Annotated[str | None, NoEvidence(), prefer("psa", "erp")] = None
    budget: Annotated[float | None, NoEvidence(), prefer("psa", "erp")] = None
    parent: Annotated[Ref["Project"] | None, Hierarchy(), prefer("psa", "erp")] = None
