from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mdm.clock import utc_now
from mdm.entities import deprecated
from mdm.errors import DeclarationError
from mdm.hub import Hub, open_hub
from mdm.settings import load_settings
from mdm.testing import record, take_in

VENDOR = '''"""Vendor: who sells to the firm."""

from typing import Annotated, ClassVar

from mdm.entities import Entity, Ref, deprecated, personal
from mdm.entities.client import Client
from mdm.survivorship import prefer, union
from mdm_matching.semantics import Country, OrganisationName


class Vendor(Entity):
    """Who sells to the firm."""

    plural: ClassVar[str] = "vendors"

    name: Annotated[str, OrganisationName(), prefer("erp")]
    country: Annotated[str | None, Country()] = None
    phones: Annotated[list[str], union()] = []
    client: Annotated[Ref[Client] | None, prefer("erp")] = None
    fax: Annotated[str | None, deprecated("Use phones.")] = None
    pager: Annotated[str | None, personal(), deprecated("Use phones.")] = None
    owner: Annotated[Ref[Client] | None, deprecated("Use client.")] = None
'''


@pytest.fixture
def vendors(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    """A hub whose settings name one more entity type."""
    (tmp_path / "vendor.py").write_text(VENDOR, encoding="utf-8")
    settings = tmp_path / "mdm.toml"
    settings.write_text('entities = ["vendor.py:Vendor"]\n', encoding="utf-8")
    opened = open_hub(load_settings(settings, database_url=database_url), clock=utc_now)
    yield opened
    opened.close()


def test_one_file_and_a_settings_line_bring_a_type_into_the_api(
    vendors: Hub, runner: Callable[[Hub], Any]
) -> None:
    take_in(vendors, "crm", "client", [record("7", name="Harbour & Pine Ltd", country="GB")])
    take_in(
        vendors,
        "erp",
        "vendor",
        [record("V1", name="Copper Kettle Catering GmbH", country="DE", client="crm:7")],
    )
    rows = [
        record("V1", name="Copper Kettle Catering GmbH", country="DE", client="crm:7"),
        record("V2", name="Quarry Lane Stationers Ltd", phones=["+441"]),
    ]
    take_in(vendors, "erp", "vendor", rows)

    result = runner(vendors)(
        """{ vendors(filter: {country: {eq: "DE"}}, orderBy: {name: DESC}) { totalCount nodes { name
               client { name vendors { nodes { name } } } cells { attribute rule } } }
             vendorByKey(system: "erp", key: "V2") { phones }
             search(text: "coper kettle", types: [VENDOR]) {
               entityType node { ... on Vendor { country } } } }"""
    )

    assert result.errors is None
    assert result.data == {
        "vendors": {
            "totalCount": 1,
            "nodes": [
                {
                    "name": "Copper Kettle Catering GmbH",
                    "client": {
                        "name": "Harbour & Pine Ltd",
                        "vendors": {"nodes": [{"name": "Copper Kettle Catering GmbH"}]},
                    },
                    "cells": [
                        {"attribute": "name", "rule": "prefer(erp)"},
                        {"attribute": "country", "rule": "most_recent"},
                        {"attribute": "client", "rule": "prefer(erp)"},
                    ],
                }
            ],
        },
        "vendorByKey": {"phones": ["+441"]},
        "search": [{"entityType": "VENDOR", "node": {"country": "DE"}}],
    }


def test_an_attribute_that_will_go_is_deprecated_in_the_schema_and_still_answers(
    vendors: Hub, runner: Callable[[Hub], Any]
) -> None:
    take_in(vendors, "erp", "vendor", [record("V3", name="Copper Kettle GmbH", fax="+4930")])
    fields = "fields(includeDeprecated: true) { name isDeprecated deprecationReason }"

    shown = runner(vendors)(f'{{ __type(name: "Vendor") {{ {fields} }} vendors {{ nodes {{ fax }} }} }}').data

    going = {f["name"]: f["deprecationReason"] for f in shown["__type"]["fields"] if f["isDeprecated"]}
    assert going == {"fax": "Use phones.", "pager": "Use phones.", "owner": "Use client."}
    assert shown["vendors"] == {"nodes": [{"fax": "+4930"}]}


@pytest.mark.parametrize("suffix", ["Filter", "Order", "Input"])
def test_an_attribute_that_will_go_is_deprecated_where_it_is_given_and_still_counts(
    vendors: Hub, runner: Callable[[Hub], Any], suffix: str
) -> None:
    take_in(vendors, "erp", "vendor", [record("V3", name="Copper Kettle GmbH", fax="+4930")])
    fields = "inputFields(includeDeprecated: true) { name isDeprecated deprecationReason }"
    asked = 'vendors(filter: {fax: {eq: "+4930"}}, orderBy: [{fax: ASC}]) { totalCount }'

    shown = runner(vendors)(f'{{ __type(name: "Vendor{suffix}") {{ {fields} }} {asked} }}').data

    going = {f["name"]: f["deprecationReason"] for f in shown["__type"]["inputFields"] if f["isDeprecated"]}
    assert going == {"fax": "Use phones.", "pager": "Use phones.", "owner": "Use client."}
    assert shown["vendors"] == {"totalCount": 1}


def test_a_deprecation_that_names_no_way_on_is_no_declaration() -> None:
    with pytest.raises(DeclarationError, match="what to use instead"):
        deprecated(" ")
