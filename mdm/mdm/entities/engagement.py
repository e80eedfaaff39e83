"""Engagement: a contract with a client, from master agreement to change order."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

from mdm.entities.client import Client
from mdm.entities.declaration import Entity, Hierarchy, NoEvidence, Ref, choices
from mdm.survivorship import prefer
from mdm_matching.semantics import Category, Code, Date, Money, Reference, Title


class Engagement(Entity):
    """A contract with a client: master agreement, statement of work, change order."""

    plural: ClassVar[str] = "engagements"
    label: ClassVar[str] = "title"
    code_attribute: ClassVar[str] = "number"
    row_scope: ClassVar[Mapping[str, tuple[str, ...]]] = {"country": ("client",), "legal_entity": ("client",)}

    number: Annotated[str | None, Code(), prefer("clm", "psa", "erp")] = None
    title: Annotated[str, Title(), prefer("clm", "psa", "crm")]
    type: Annotated[
        str | None, Category(), choices("msa", "sow", "change_order", "nda"), prefer("clm", "psa")
    ] = None
    client: Annotated[Ref[Client] | None, Reference(), prefer("clm", "psa", "crm")] = None
    signed_on: Annotated[date | None, NoEvidence(), prefer("clm", "psa")] = None
    start_date: Annotated[date | None, Date(), prefer("clm", "psa", "crm")] = None
    end_date: Annotated[date | None, NoEvidence(), prefer("clm", "psa", "crm")] = None
    value: Annotated[float | None, Money(), prefer("clm", "psa", "crm")] = None
    currency: Annotated[str | None, NoEvidence(), prefer("clm", "psa", "crm")] = None
    status: Annotated[
        str | None, choices("draft", "signed", "active", "expired", "terminated"), prefer("clm", "psa")
    ] = None
    parent: Annotated[Ref["Engagement"] | None, Hierarchy(), prefer("clm", "psa")] = None
