from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jmespath
import pytest

from mdm.entities import EntityRegistry
from mdm.intake import load_mapping, shipped_mappings
from mdm.intake.mapping import is_blank

if TYPE_CHECKING:
    from conftest import Demo

ATTRIBUTES = {
    "client": "name display_name client_number kind status tax_id registration_number lei website email "
    "phone street city region postcode country industry currency parent owner",
    "worker": "worker_number given_name family_name preferred_name email personal_email phone birth_date "
    "national_id worker_type status job_title hire_date termination_date manager cost_center legal_entity "
    "street city region postcode country",
    "project": "code name client engagement manager cost_center status billing_type start_date end_date "
    "currency budget parent",
    "cost_center": "code name parent manager legal_entity status valid_from valid_to",
    "engagement": "number title type client signed_on start_date end_date value currency status parent",
    "rate": "kind unit amount currency worker project client role valid_from valid_to",
    "assignment": "worker project role start_date end_date allocation status",
    "legal_entity": "code name country tax_id currency parent",
}
# Fields that the systems have and this firm never fills.
EMPTY_HERE = {("successfactors/fo_cost_center", "manager"), ("business_central/dimension_values", "valid_to")}


@pytest.mark.parametrize("name", shipped_mappings())
def test_a_shipped_mapping_is_understood_and_fills_only_known_attributes(
    name: str, registry: EntityRegistry
) -> None:
    mapping = load_mapping(name, registry)

    assert set(mapping.attributes) <= set(ATTRIBUTES[mapping.entity].split())


def test_the_demo_goes_through_every_mapping_of_its_systems(demo: Demo) -> None:
    used = {step["mapping"] for step in demo.manifest}
    shipped = {name for name in shipped_mappings() if name.partition("/")[0] in demo.summary.systems}

    assert used == shipped


def test_every_path_of_a_mapping_finds_a_value_in_the_generated_documents(
    demo: Demo, registry: EntityRegistry
) -> None:
    missing = set()
    for step in demo.manifest:
        mapping = load_mapping(step["mapping"], registry)
        records = [record for name in step["files"] for record in _records(demo, name, mapping.records)]
        missing |= {
            (step["mapping"], name)
            for name, field in mapping.attributes.items()
            if all(is_blank(field.read(record)) for record in records)
        }

    assert missing == EMPTY_HERE


def _records(demo: Demo, name: str, path: object) -> list[dict[str, object]]:
    """The records of a document, found by JMESPath itself and not by the hub's reader."""
    document = json.loads((demo.summary.folder / name).read_text(encoding="utf-8"))
    text = getattr(path, "text", "")
    found = jmespath.search(text, document) if text else document
    return list(found.values()) if isinstance(found, dict) else found


@pytest.mark.parametrize(
    ("source", "entity", "attribute", "words"),
    [
        ("salesforce", "client", "status", {"active", "prospect", None}),
        ("business_central", "client", "status", {"active", "blocked"}),
        ("ironclad", "engagement", "type", {"msa", "sow", "change_order"}),
        ("salesforce", "engagement", "type", {"msa", "sow", "change_order"}),
        ("kantata", "project", "status", {"active", "closed"}),
        ("kantata", "rate", "kind", {"bill", "cost"}),
        ("successfactors", "worker", "status", {"active", "terminated"}),
        ("bamboohr", "worker", "worker_type", {"employee"}),
    ],
)
def test_words_of_a_system_become_the_hubs_words(
    demo: Demo, source: str, entity: str, attribute: str, words: set[str | None]
) -> None:
    assert {values.get(attribute) for _, _, values in demo.values(entity, source)} == words


def test_no_value_is_in_doubt_but_for_planted_placeholders_and_wrong_numbers(demo: Demo) -> None:
    flagged = {
        (key[0], name): reason
        for key, record in demo.exports.live.items()
        for name, reason in record.flags.items()
        if reason != "is a placeholder, no value" and name not in ("phone", "tax_id")
    }

    assert flagged == {}


def test_amounts_in_cents_become_whole_amounts(demo: Demo) -> None:
    amounts = [float(values["amount"]) for _, _, values in demo.values("rate") if values["kind"] == "bill"]

    assert 60 <= min(amounts) <= max(amounts) <= 6000


def test_dates_of_every_notation_become_days(demo: Demo) -> None:
    for entity, source, attribute in (
        ("worker", "successfactors", "birth_date"),
        ("worker", "bamboohr", "hire_date"),
        ("engagement", "ironclad", "start_date"),
        ("project", "xero", "end_date"),
        ("cost_center", "bamboohr", "valid_from"),
    ):
        days = {str(values[attribute]) for _, _, values in demo.values(entity, source)}
        assert all(len(day) == 10 and day[4] == day[7] == "-" for day in days)
