"""The built-in types hold what people build on, and a wrong declaration says what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mdm.entities import EntityRegistry, Kind, load_registry
from mdm.entities.declaration import Sensitivity
from mdm.errors import DeclarationError, UnknownEntityTypeError

REGISTRY = load_registry()

ATTRIBUTES = {
    "client": """name display_name client_number kind status tax_id registration_number lei website email
        phone street city region postcode country industry currency parent owner""",
    "worker": """worker_number given_name family_name preferred_name email personal_email phone birth_date
        national_id worker_type status job_title hire_date termination_date manager cost_center legal_entity
        street city region postcode country""",
    "project": """code name client engagement manager cost_center status billing_type start_date end_date
        currency budget parent""",
    "cost_center": """code name parent manager legal_entity status valid_from valid_to predecessor
        successor""",
    "engagement": "number title type client signed_on start_date end_date value currency status parent",
    "rate": "kind unit amount currency worker project client role valid_from valid_to",
    "assignment": "worker project role start_date end_date allocation status",
    "legal_entity": "code name country tax_id currency parent",
}
DATES = [
    *("birth_date", "hire_date", "termination_date", "start_date", "end_date"),
    *("valid_from", "valid_to", "signed_on"),
]
NUMBERS = ["budget", "value", "amount", "allocation"]
TARGETS = {
    "owner": "worker", "manager": "worker", "worker": "worker", "client": "client", "project": "project",
    "engagement": "engagement", "cost_center": "cost_center", "legal_entity": "legal_entity",
    "predecessor": "cost_center", "successor": "cost_center",
}  # fmt: skip


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_a_type_has_exactly_its_published_attributes(name: str) -> None:
    assert sorted(REGISTRY[name].by_name) == sorted(ATTRIBUTES[name].split())


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_every_attribute_is_of_its_kind(name: str) -> None:
    for attribute in REGISTRY[name].attributes:
        target = name if attribute.name == "parent" else TARGETS.get(attribute.name, "")
        kind = Kind.reference if target else Kind.text
        if attribute.name in DATES:
            kind = Kind.date
        if attribute.name in NUMBERS:
            kind = Kind.number
        assert (attribute.name, attribute.kind, attribute.target) == (attribute.name, kind, target)
        assert attribute.hierarchy == (attribute.name == "parent")


def test_types_are_resolved_after_what_is_evidence_for_them() -> None:
    order = [entity_type.name for entity_type in REGISTRY.in_order]

    assert sorted(order) == sorted(ATTRIBUTES)
    assert order.index("client") < order.index("engagement")
    assert order.index("client") < order.index("project")
    assert order.index("worker") < order.index("assignment")
    assert order.index("project") < order.index("assignment")
    assert order.index("project") < order.index("rate")


@pytest.mark.parametrize("attribute", ["parent", "manager", "owner"])
def test_who_leads_and_what_lies_above_is_no_evidence(attribute: str) -> None:
    for entity_type in REGISTRY:
        assert attribute not in [a.name for a in entity_type.evidence_references]


def test_rates_and_assignments_match_by_exact_key_and_nothing_else_does() -> None:
    assert {t.name for t in REGISTRY if t.match_key} == {"rate", "assignment"}
    assert REGISTRY["assignment"].match_key == ("worker", "project", "role", "start_date")


@pytest.mark.parametrize(
    ("name", "plural", "type_name", "label"),
    [
        ("client", "clients", "Client", "name"),
        ("cost_center", "cost_centers", "CostCenter", "name"),
        ("legal_entity", "legal_entities", "LegalEntity", "name"),
        ("engagement", "engagements", "Engagement", "title"),
        ("worker", "workers", "Worker", "family_name"),
    ],
)
def test_a_type_has_its_names(name: str, plural: str, type_name: str, label: str) -> None:
    entity_type = REGISTRY[name]

    assert (entity_type.plural, entity_type.type_name, entity_type.label) == (plural, type_name, label)
    assert entity_type.description.endswith(".")


def test_personal_data_and_pay_are_marked() -> None:
    worker = REGISTRY["worker"].by_name

    personal = {a.name for a in worker.values() if a.sensitivity is Sensitivity.personal}
    assert {"birth_date", "national_id", "personal_email", "street", "postcode"} <= personal
    assert REGISTRY["rate"].by_name["amount"].sensitivity is Sensitivity.pay


def test_addresses_survive_together() -> None:
    for name in ("client", "worker"):
        (group,) = REGISTRY[name].groups.values()
        assert [a.name for a in group] == ["street", "city", "region", "postcode", "country"]


def test_referrers_are_known_by_target() -> None:
    assert {(t.name, a.name) for t, a in REGISTRY.referrers["client"]} == {
        ("client", "parent"),
        ("engagement", "client"),
        ("project", "client"),
        ("rate", "client"),
    }


def test_an_unknown_type_names_the_known_ones() -> None:
    with pytest.raises(UnknownEntityTypeError, match=r"clientt.*client, worker"):
        REGISTRY["clientt"]
    assert "clientt" not in REGISTRY


HEAD = """
from datetime import date, datetime
from typing import Annotated, ClassVar
from mdm.entities import Entity, Ref
from mdm.entities.client import Client
from mdm.entities.declaration import Group, Hierarchy, NoEvidence
from mdm.survivorship import longest, prefer, together, union
from mdm_matching.semantics import OrganisationName, Reference
"""


def declared(folder: Path, body: str, *names: str) -> EntityRegistry:
    """The registry of a deployment that declares these types."""
    (folder / "types.py").write_text(HEAD + body, encoding="utf-8")
    return load_registry([f"types.py:{name}" for name in names or ("Vendor",)], folder)


WRONG = {
    "a reserved name": ("class Vendor(Entity):\n    version: str\n", "version.*reserved"),
    "the name of a column of every file": ("class Vendor(Entity):\n    deleted: str\n", "deleted.*reserved"),
    "a name that is not in snake case": ("class Vendor(Entity):\n    taxId: str\n", "snake case"),
    "a kind that the hub cannot hold": (
        "class Vendor(Entity):\n    on: datetime\n",
        "Vendor.on: the hub holds",
    ),
    "two kinds": ("class Vendor(Entity):\n    size: str | float\n", "Vendor.size: the hub holds"),
    "a truth value": ("class Vendor(Entity):\n    good: bool\n", "Vendor.good: the hub holds"),
    "no attribute at all": ("class Vendor(Entity):\n    pass\n", "Vendor.*attribute"),
    "a target that is not declared": (
        'class Vendor(Entity):\n    name: str\n    buyer: Ref["Buyer"] | None = None\n',
        "vendor.buyer refers to 'buyer', which is not declared",
    ),
    "a hierarchy to another type": (
        "class Vendor(Entity):\n    parent: Annotated[Ref[Client] | None, Hierarchy()] = None\n",
        "Hierarchy refers to its own type",
    ),
    "a key of unknown attributes": (
        'class Vendor(Entity):\n    match_key: ClassVar[tuple[str, ...]] = ("name", "vat")\n    name: str\n',
        "names 'vat', which is none of its attributes",
    ),
    "an unknown code": (
        'class Vendor(Entity):\n    code_attribute: ClassVar[str] = "vat"\n    name: str\n',
        "names 'vat'",
    ),
    "a name of the hub's own": ("class Record(Entity):\n    name: str\nVendor = Record\n", "'record'"),
    "a name that is taken": ("class Client(Entity):\n    name: str\nVendor = Client\n", "same name"),
    "all values of an attribute that holds one": (
        "class Vendor(Entity):\n    name: Annotated[str, union()]\n",
        r"Vendor.name: union\(\) gives several values; declare list\[str\]",
    ),
    "no entity type": ("class Vendor:\n    name: str\n", "no subclass of mdm.entities.Entity"),
    "one attribute in two groups": (
        """
class Place(Group):
    city: str | None = None
class Vendor(Entity):
    home: Place | None = None
    work: Place | None = None
""",
        "city twice",
    ),
    "an unknown label": (
        'class Vendor(Entity):\n    label: ClassVar[str] = "titel"\n    title: str\n',
        "names 'titel'",
    ),
    "a program that does not run": (
        "class Vendor(Entity)\n",
        "Cannot load .* 'types.py:Vendor'",
    ),
    "a program that fails": ("raise RuntimeError('no')\n", "Cannot load .* 'types.py:Vendor'"),
    "a name that is not there": ("class Vendors(Entity):\n    name: str\n", "Cannot load the entity type"),
}


@pytest.mark.parametrize(("body", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_declaration_says_what_is_wrong(tmp_path: Path, body: str, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        declared(tmp_path, body)


def test_types_that_are_each_others_evidence_are_refused(tmp_path: Path) -> None:
    body = """
class Vendor(Entity):
    name: str
    buyer: Annotated[Ref["Buyer"] | None, Reference()] = None
class Buyer(Entity):
    name: str
    vendor: Annotated[Ref["Vendor"] | None, Reference()] = None
"""
    with pytest.raises(DeclarationError, match="vendor, buyer are evidence for each other in a circle"):
        declared(tmp_path, body, "Vendor", "Buyer")

    mended = body.replace('Ref["Buyer"] | None, Reference()', 'Ref["Buyer"] | None, NoEvidence()')
    order = [t.name for t in declared(tmp_path, mended, "Vendor", "Buyer").in_order]
    assert order.index("vendor") < order.index("buyer")


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match=r"missing\.py:Vendor"):
        load_registry(["missing.py:Vendor"], tmp_path)


def test_an_installed_module_may_declare_a_type() -> None:
    with pytest.raises(DeclarationError, match="same name"):
        load_registry(["mdm.entities.client:Client"])


def test_a_declaration_gives_all_that_the_hub_needs(tmp_path: Path) -> None:
    body = """
class Vendor(Entity):
    \"\"\"Who sells to the firm.\"\"\"
    plural: ClassVar[str] = "vendors"
    name: Annotated[str, OrganisationName(), prefer("erp")]
    phones: list[str] = []
    tags: Annotated[list[str], prefer("crm")] = []
    motto: Annotated[str | None, longest()] = None
    since: date | None = None
    client: Ref[Client] | None = None
"""
    vendor = declared(tmp_path, body)["vendor"]

    assert " ".join(a.kind for a in vendor.attributes) == "text texts texts text date reference"
    assert [a.rule.describe() for a in vendor.attributes] == [
        "prefer(erp)",
        "union",
        "prefer(crm)",
        "longest",
        "most_recent",
        "most_recent",
    ]
    assert [a.required for a in vendor.attributes] == [True, False, False, False, False, False]
    assert (vendor.title, vendor.description, vendor.label) == ("Vendor", "Who sells to the firm.", "name")


def test_two_deployments_may_name_their_files_alike(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    one = declared(tmp_path / "one", "class Vendor(Entity):\n    name: str\n")
    other = declared(
        tmp_path / "other", "class Vendor(Entity):\n    name: str\n    city: str | None = None\n"
    )

    assert (list(one["vendor"].by_name), list(other["vendor"].by_name)) == (["name"], ["name", "city"])
