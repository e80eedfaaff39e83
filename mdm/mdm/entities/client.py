"""Client: an organisation or person that buys the firm's services."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from mdm.entities.declaration import Entity, Group, Hierarchy, NoEvidence, Ref, choices, inverse
from mdm.entities.trusted_ids import trusted
from mdm.entities.worker import Worker
from mdm.survivorship import most_recent, prefer, together
from mdm_matching.semantics import (
    Category,
    City,
    Code,
    Country,
    Email,
    Lei,
    OrganisationName,
    Phone,
    Postcode,
    Region,
    RegistrationNumber,
    Street,
    TaxId,
    Website,
)


class ClientAddress(Group):
    """Where the client is billed."""

    street: Annotated[str | None, Street()] = Field(None, description="Street and house number")
    city: Annotated[str | None, City()] = None
    region: Annotated[str | None, Region()] = None
    postcode: Annotated[str | None, Postcode()] = None
    country: Annotated[str | None, Country()] = Field(None, description="ISO 3166 alpha-2 code")


class Client(Entity):
    """An organisation or person that buys the firm's services."""

    plural: ClassVar[str] = "clients"
    code_attribute: ClassVar[str] = "client_number"
    row_scope: ClassVar[Mapping[str, tuple[str, ...]]] = {"legal_entity": ("owner",)}

    name: Annotated[str, OrganisationName(), prefer("erp", "clm", "crm")] = Field(description="Legal name")
    display_name: Annotated[str | None, NoEvidence(), prefer("crm", "erp")] = None
    client_number: Annotated[str | None, Code(), prefer("erp", "crm")] = None
    kind: Annotated[str | None, choices("organisation", "person"), prefer("erp", "crm")] = None
    status: Annotated[
        str | None, choices("prospect", "active", "dormant", "blocked", "closed"), prefer("erp", "crm")
    ] = None
    tax_id: Annotated[str | None, TaxId(country="country"), prefer("erp", "clm", "crm")] = None
    registration_number: Annotated[str | None, RegistrationNumber(), prefer("erp", "clm", "crm")] = None
    lei: Annotated[str | None, Lei(), trusted(proof=True), prefer("erp", "clm", "crm")] = Field(
        None, description="Legal entity identifier, ISO 17442"
    )
    website: Annotated[str | None, Website(), prefer("crm", "erp")] = None
    email: Annotated[str | None, Email(), most_recent()] = None
    phone: Annotated[str | None, Phone(), most_recent()] = None
    address: Annotated[ClientAddress | None, together(), prefer("erp", "clm", "crm")] = None
    industry: Annotated[str | None, NoEvidence(), Category(), prefer("crm", "erp")] = None
    currency: Annotated[str | None, NoEvidence(), prefer("erp", "crm")] = None
    parent: Annotated[Ref["Client"] | None, Hierarchy(), inverse("subsidiaries"), prefer("crm", "erp")] = None
    owner: Annotated[Ref[Worker] | None, NoEvidence(), inverse("owned_clients"), prefer("crm")] = Field(
        None, description="The worker who looks after the client"
    )
