"""Legal entity: a company of the firm itself."""

from typing import Annotated, ClassVar

from mdm.entities.declaration import Entity, Hierarchy, NoEvidence, Ref
from mdm.survivorship import prefer
from mdm_matching.semantics import Code, Country, OrganisationName, TaxId


class LegalEntity(Entity):
    """A company of the firm itself, which employs, buys and bills."""

    plural: ClassVar[str] = "legal_entities"
    code_attribute: ClassVar[str] = "code"

    code: Annotated[str | None, Code(), prefer("erp", "hcm")] = None
    name: Annotated[str, OrganisationName(), prefer("erp", "hcm")]
    country: Annotated[str | None, Country(), prefer("erp", "hcm")] = None
    tax_id: Annotated[str | None, TaxId(country="country"), prefer("erp")] = None
    currency: Annotated[str | None, NoEvidence(), prefer("erp", "hcm")] = None
    parent: Annotated[Ref["LegalEntity"] | None, Hierarchy(), prefer("erp", "hcm")] = None
