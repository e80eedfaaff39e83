"""Cost center: where costs are collected."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from mdm.effective import Period
from mdm.entities.declaration import Entity, Hierarchy, NoEvidence, Ref, choices, inverse
from mdm.entities.legal_entity import LegalEntity
from mdm.survivorship import prefer
from mdm_matching.semantics import Code, Reference, Title

if TYPE_CHECKING:
    from mdm.entities.worker import Worker  # which refers to cost centers itself


class CostCenter(Entity):
    """A place in the firm where costs are collected."""

    plural: ClassVar[str] = "cost_centers"
    code_attribute: ClassVar[str] = "code"
    row_scope: ClassVar[Mapping[str, tuple[str, ...]]] = {"country": ("legal_entity",)}
    period: ClassVar[Period | None] = Period("valid_from", "valid_to")

    code: Annotated[str, Code(), prefer("erp", "hcm", "psa")]
    name: Annotated[str | None, Title(), prefer("erp", "hcm", "psa")] = None
    parent: Annotated[Ref["CostCenter"] | None, Hierarchy(), prefer("erp", "hcm")] = None
    manager: Annotated[
        Ref["Worker"] | None, NoEvidence(), inverse("managed_cost_centers"), prefer("erp", "hcm")
    ] = None
    legal_entity: Annotated[Ref[LegalEntity] | None, Reference(), prefer("erp", "hcm")] = None
    status: Annotated[str | None, choices("active", "closed"), prefer("erp", "hcm")] = None
    predecessor: Annotated[
        Ref["CostCenter"] | None, NoEvidence(), inverse("successors"), prefer("erp", "hcm")
    ] = Field(None, description="The cost center that it took over from, as after a split")
    successor: Annotated[
        Ref["CostCenter"] | None, NoEvidence(), inverse("absorbed"), prefer("erp", "hcm")
    ] = Field(None, description="The cost center that took over from it, as after an absorption")
    valid_from: Annotated[date | None, NoEvidence(), prefer("erp", "hcm")] = None
    valid_to: Annotated[date | None, NoEvidence(), prefer("erp", "hcm")] = None
