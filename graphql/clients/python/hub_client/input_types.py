from datetime import date
from typing import Any, Optional

from pydantic import Field

from .base_model import BaseModel


class AssignmentInput(BaseModel):
    """An assignment as a source states it; what is not known is left out."""

    worker: Optional[str] = None
    "The record it refers to, as source:key."
    project: Optional[str] = None
    "The record it refers to, as source:key."
    role: Optional[str] = None
    "Role."
    start_date: Optional[date] = Field(alias="startDate", default=None)
    "Start date."
    end_date: Optional[date] = Field(alias="endDate", default=None)
    "End date."
    allocation: Optional[float] = None
    "Allocation."
    status: Optional[str] = None
    "Status: proposed, soft, hard."


class ClientInput(BaseModel):
    """A client as a source states it; what is not known is left out."""

    name: Optional[str] = None
    "Legal name."
    display_name: Optional[str] = Field(alias="displayName", default=None)
    "Display name."
    client_number: Optional[str] = Field(alias="clientNumber", default=None)
    "Client number."
    kind: Optional[str] = None
    "Kind: organisation, person."
    status: Optional[str] = None
    "Status: prospect, active, dormant, blocked, closed."
    tax_id: Optional[str] = Field(alias="taxId", default=None)
    "Tax id."
    registration_number: Optional[str] = Field(alias="registrationNumber", default=None)
    "Registration number."
    lei: Optional[str] = None
    "Legal entity identifier, ISO 17442."
    website: Optional[str] = None
    "Website."
    email: Optional[str] = None
    "Email."
    phone: Optional[str] = None
    "Phone."
    street: Optional[str] = None
    "Street and house number."
    city: Optional[str] = None
    "City."
    region: Optional[str] = None
    "Region."
    postcode: Optional[str] = None
    "Postcode."
    country: Optional[str] = None
    "ISO 3166 alpha-2 code."
    industry: Optional[str] = None
    "Industry."
    currency: Optional[str] = None
    "Currency."
    parent: Optional[str] = None
    "The record it refers to, as source:key."
    owner: Optional[str] = None
    "The record it refers to, as source:key."


class CostCenterInput(BaseModel):
    """A cost center as a source states it; what is not known is left out."""

    code: Optional[str] = None
    "Code."
    name: Optional[str] = None
    "Name."
    parent: Optional[str] = None
    "The record it refers to, as source:key."
    manager: Optional[str] = None
    "The record it refers to, as source:key."
    legal_entity: Optional[str] = Field(alias="legalEntity", default=None)
    "The record it refers to, as source:key."
    status: Optional[str] = None
    "Status: active, closed."
    predecessor: Optional[str] = None
    "The record it refers to, as source:key."
    successor: Optional[str] = None
    "The record it refers to, as source:key."
    valid_from: Optional[date] = Field(alias="validFrom", default=None)
    "Valid from."
    valid_to: Optional[date] = Field(alias="validTo", default=None)
    "Valid to."


class EngagementInput(BaseModel):
    """An engagement as a source states it; what is not known is left out."""

    number: Optional[str] = None
    "Number."
    title: Optional[str] = None
    "Title."
    type_: Optional[str] = Field(alias="type", default=None)
    "Type: msa, sow, change_order, nda."
    client: Optional[str] = None
    "The record it refers to, as source:key."
    signed_on: Optional[date] = Field(alias="signedOn", default=None)
    "Signed on."
    start_date: Optional[date] = Field(alias="startDate", default=None)
    "Start date."
    end_date: Optional[date] = Field(alias="endDate", default=None)
    "End date."
    value: Optional[float] = None
    "Value."
    currency: Optional[str] = None
    "Currency."
    status: Optional[str] = None
    "Status: draft, signed, active, expired, terminated."
    parent: Optional[str] = None
    "The record it refers to, as source:key."


class LegalEntityInput(BaseModel):
    """A legal entity as a source states it; what is not known is left out."""

    code: Optional[str] = None
    "Code."
    name: Optional[str] = None
    "Name."
    country: Optional[str] = None
    "Country."
    tax_id: Optional[str] = Field(alias="taxId", default=None)
    "Tax id."
    currency: Optional[str] = None
    "Currency."
    parent: Optional[str] = None
    "The record it refers to, as source:key."


class MergeInput(BaseModel):
    """Two golden records that are one."""

    loser: str
    "The golden id that shall lead to the survivor."
    survivor: str
    "The golden id that stays."
    seen: list["VersionSeen"]
    "The versions you looked at, of both."
    values: list["MergedValue"] = Field(default_factory=lambda: [])
    "Values that the survivor shall have, whatever the sources say."
    reason: str = ""
    "Why, for those who read it later."
    certain: bool = False
    "You know more than the evidence shown."


class MergedValue(BaseModel):
    """A value of yours for one attribute of the survivor."""

    attribute: str
    "Name of the attribute as declared."
    value: Any
    "A text, a number, a list of texts, or a golden id."


class ProjectInput(BaseModel):
    """A project as a source states it; what is not known is left out."""

    code: Optional[str] = None
    "Code."
    name: Optional[str] = None
    "Name."
    client: Optional[str] = None
    "The record it refers to, as source:key."
    engagement: Optional[str] = None
    "The record it refers to, as source:key."
    manager: Optional[str] = None
    "The record it refers to, as source:key."
    cost_center: Optional[str] = Field(alias="costCenter", default=None)
    "The record it refers to, as source:key."
    status: Optional[str] = None
    "Status: planned, active, on_hold, closed."
    billing_type: Optional[str] = Field(alias="billingType", default=None)
    "Billing type: time_and_materials, fixed, retainer, internal."
    start_date: Optional[date] = Field(alias="startDate", default=None)
    "Start date."
    end_date: Optional[date] = Field(alias="endDate", default=None)
    "End date."
    currency: Optional[str] = None
    "Currency."
    budget: Optional[float] = None
    "Budget."
    parent: Optional[str] = None
    "The record it refers to, as source:key."


class RateInput(BaseModel):
    """A rate as a source states it; what is not known is left out."""

    kind: Optional[str] = None
    "Kind: bill, cost."
    unit: Optional[str] = None
    "Unit: hour, day."
    amount: Optional[float] = None
    "Amount."
    currency: Optional[str] = None
    "Currency."
    worker: Optional[str] = None
    "The record it refers to, as source:key."
    project: Optional[str] = None
    "The record it refers to, as source:key."
    client: Optional[str] = None
    "The record it refers to, as source:key."
    role: Optional[str] = None
    "Role."
    valid_from: Optional[date] = Field(alias="validFrom", default=None)
    "Valid from."
    valid_to: Optional[date] = Field(alias="validTo", default=None)
    "Valid to."


class RecordInput(BaseModel):
    """A record of exactly one entity type."""

    legal_entity: Optional["LegalEntityInput"] = Field(alias="legalEntity", default=None)
    "A legal entity."
    cost_center: Optional["CostCenterInput"] = Field(alias="costCenter", default=None)
    "A cost center."
    client: Optional["ClientInput"] = None
    "A client."
    worker: Optional["WorkerInput"] = None
    "A worker."
    engagement: Optional["EngagementInput"] = None
    "An engagement."
    project: Optional["ProjectInput"] = None
    "A project."
    assignment: Optional["AssignmentInput"] = None
    "An assignment."
    rate: Optional["RateInput"] = None
    "A rate."


class VersionSeen(BaseModel):
    """The version of a golden record that you looked at."""

    id: str
    "The golden id."
    version: int
    "Its version when you looked."


class WorkerInput(BaseModel):
    """A worker as a source states it; what is not known is left out."""

    worker_number: Optional[str] = Field(alias="workerNumber", default=None)
    "Worker number."
    given_name: Optional[str] = Field(alias="givenName", default=None)
    "Given name."
    family_name: Optional[str] = Field(alias="familyName", default=None)
    "Family name."
    preferred_name: Optional[str] = Field(alias="preferredName", default=None)
    "Preferred name."
    email: Optional[str] = None
    "Email."
    personal_email: Optional[str] = Field(alias="personalEmail", default=None)
    "Personal email."
    phone: Optional[str] = None
    "Phone."
    birth_date: Optional[date] = Field(alias="birthDate", default=None)
    "Birth date."
    national_id: Optional[str] = Field(alias="nationalId", default=None)
    "National id."
    worker_type: Optional[str] = Field(alias="workerType", default=None)
    "Worker type: employee, contractor, contingent."
    status: Optional[str] = None
    "Status: active, on_leave, terminated."
    job_title: Optional[str] = Field(alias="jobTitle", default=None)
    "Job title."
    hire_date: Optional[date] = Field(alias="hireDate", default=None)
    "Hire date."
    termination_date: Optional[date] = Field(alias="terminationDate", default=None)
    "Termination date."
    manager: Optional[str] = None
    "The record it refers to, as source:key."
    cost_center: Optional[str] = Field(alias="costCenter", default=None)
    "The record it refers to, as source:key."
    legal_entity: Optional[str] = Field(alias="legalEntity", default=None)
    "The record it refers to, as source:key."
    street: Optional[str] = None
    "Street."
    city: Optional[str] = None
    "City."
    region: Optional[str] = None
    "Region."
    postcode: Optional[str] = None
    "Postcode."
    country: Optional[str] = None
    "Country."


MergeInput.model_rebuild()
RecordInput.model_rebuild()
