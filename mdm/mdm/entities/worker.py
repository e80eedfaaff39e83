"""Worker: a person who works for the firm, employed or contracted."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from mdm.entities.cost_center import CostCenter
from mdm.entities.declaration import Entity, Group, NoEvidence, Ref, choices, inverse, personal
from mdm.entities.legal_entity import LegalEntity
from mdm.survivorship import most_recent, prefer, together
from mdm_matching.semantics import (
    BirthDate,
    City,
    Code,
    Country,
    Email,
    FamilyName,
    GivenName,
    NationalId,
    Phone,
    Postcode,
    Region,
    Street,
)


class HomeAddress(Group):
    """Where the worker lives."""

    street: Annotated[str | None, Street(), personal()] = None
    city: Annotated[str | None, City(), personal()] = None
    region: Annotated[str | None, Region(), personal()] = None
    postcode: Annotated[str | None, Postcode(), personal()] = None
    country: Annotated[str | None, Country(), personal()] = None


class Worker(Entity):
    """A person who works for the firm, employed or contracted; a re-hire is the same person."""

    plural: ClassVar[str] = "workers"
    label: ClassVar[str] = "family_name"
    code_attribute: ClassVar[str] = "worker_number"
    row_scope: ClassVar[Mapping[str, tuple[str, ...]]] = {"country": ("legal_entity",)}

    worker_number: Annotated[str | None, Code(), prefer("hcm", "erp", "psa")] = None
    given_name: Annotated[str | None, GivenName(), prefer("hcm", "erp", "psa")] = None
    family_name: Annotated[str, FamilyName(), prefer("hcm", "erp", "psa")]
    preferred_name: Annotated[str | None, NoEvidence(), prefer("hcm", "psa")] = None
    email: Annotated[str | None, Email(), prefer("hcm", "delivery", "psa")] = None
    personal_email: Annotated[str | None, Email(), personal(), prefer("hcm")] = None
    phone: Annotated[str | None, Phone(), personal(), most_recent()] = None
    birth_date: Annotated[date | None, BirthDate(), personal(), prefer("hcm")] = None
    national_id: Annotated[str | None, NationalId(), personal(), prefer("hcm")] = None
    worker_type: Annotated[
        str | None, choices("employee", "contractor", "contingent"), prefer("hcm", "psa")
    ] = None
    status: Annotated[str | None, choices("active", "on_leave", "terminated"), prefer("hcm", "psa")] = None
    job_title: Annotated[str | None, NoEvidence(), prefer("hcm", "psa", "delivery")] = None
    hire_date: Annotated[date | None, NoEvidence(), prefer("hcm", "erp")] = None
    termination_date: Annotated[date | None, NoEvidence(), prefer("hcm", "erp")] = None
    manager: Annotated[Ref["Worker"] | None, NoEvidence(), inverse("reports"), prefer("hcm")] = None
    cost_center: Annotated[Ref[CostCenter] | None, NoEvidence(), prefer("hcm", "erp")] = None
    legal_entity: Annotated[Ref[LegalEntity] | None, NoEvidence(), prefer("hcm", "erp")] = None
    address: Annotated[HomeAddress | None, together(), prefer("hcm", "erp")] = None
