"""Semantic types: how each kind of value is standardised, found and compared, and what agreement is worth."""

from mdm_matching.semantics.affiliation import Affiliation
from mdm_matching.semantics.authority_ids import Lei, NationalId, RegistrationNumber, TaxId
from mdm_matching.semantics.birth_date_parts import BirthDay, BirthMonth, BirthYear
from mdm_matching.semantics.category import Category
from mdm_matching.semantics.city import City, Region
from mdm_matching.semantics.code import Code, Identifier
from mdm_matching.semantics.country import Country
from mdm_matching.semantics.date import BirthDate, Date
from mdm_matching.semantics.email import Email
from mdm_matching.semantics.family_name import FamilyName
from mdm_matching.semantics.free_text import FreeText
from mdm_matching.semantics.full_address import FullAddress
from mdm_matching.semantics.full_name import FullName, RelatedPerson
from mdm_matching.semantics.geo_point import GeoPoint
from mdm_matching.semantics.given_name import GivenName, MiddleName
from mdm_matching.semantics.inference import Inferred, infer
from mdm_matching.semantics.keys import ExactKey, Reference, SourceSystem
from mdm_matching.semantics.organisation_name import OrganisationName, RelatedOrganisation
from mdm_matching.semantics.person_list import PersonList
from mdm_matching.semantics.phone import Phone
from mdm_matching.semantics.placeholders import is_block_listed, is_placeholder
from mdm_matching.semantics.postcode import Postcode
from mdm_matching.semantics.quantities import Money, Number
from mdm_matching.semantics.semantic_type import Level, SemanticType, Standard
from mdm_matching.semantics.several import Several
from mdm_matching.semantics.street import Street, StreetNumber
from mdm_matching.semantics.text import standardise_text
from mdm_matching.semantics.title import Title
from mdm_matching.semantics.website import Website

__all__ = [
    "Affiliation", "BirthDate", "BirthDay", "BirthMonth", "BirthYear", "Category", "City", "Code",
    "Country", "Date", "Email", "ExactKey", "FamilyName", "FreeText", "FullAddress", "FullName",
    "GeoPoint", "GivenName", "Identifier", "Inferred", "Lei", "Level", "MiddleName", "Money",
    "NationalId", "Number", "OrganisationName", "PersonList", "Phone", "Postcode", "Reference", "Region",
    "RegistrationNumber", "RelatedOrganisation", "RelatedPerson", "SemanticType", "Several",
    "SourceSystem", "Standard", "Street", "StreetNumber", "TaxId", "Title", "Website", "infer",
    "is_block_listed", "is_placeholder", "standardise_text",
]  # fmt: skip
