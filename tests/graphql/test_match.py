"""`match`: candidates for a record that no system has yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mdm.hub import Hub
from mdm.testing import record, take_in

MATCH = """query ($record: RecordInput!) {
  match(record: $record, first: 3) {
    id label grade weight probability source { system key }
    reasons { attribute text weight }
    node { id ... on Client { city } }
  }
}"""


def test_candidates_come_with_grade_reasons_and_record(hub: Hub, data: Callable[..., Any]) -> None:
    take_in(hub, "crm", "client", [record("C1", name="Harbour Pine Ltd", city="Leeds", country="GB")])
    asked = {"client": {"name": "Harbour Pine Limited", "city": "Leeds", "country": "GB"}}

    (candidate,) = data(MATCH, record=asked)["match"]

    assert candidate["grade"] in {"MATCH", "POSSIBLE"}
    assert candidate["source"] == {"system": "crm", "key": "C1"}
    assert candidate["node"] == {"id": candidate["id"], "city": "Leeds"}
    assert {reason["attribute"] for reason in candidate["reasons"]} >= {"name", "city", "country"}


def test_numbers_dates_and_references_are_typed(hub: Hub, data: Callable[..., Any]) -> None:
    take_in(hub, "psa", "client", [record("K1", name="Harbour Pine Ltd")])
    take_in(hub, "psa", "project", [record("P1", code="P-77", name="Roof renewal", client="K1")])
    asked = {
        "project": {"code": "P-77", "name": "Roof renewal", "client": "psa:K1", "startDate": "2026-01-01"}
    }

    (candidate,) = data(MATCH, record=asked)["match"]

    assert candidate["source"] == {"system": "psa", "key": "P1"}


def test_exactly_one_kind_of_record_is_asked_about(run: Callable[..., Any]) -> None:
    both = {"client": {"name": "Harbour"}, "worker": {"familyName": "Roth"}}

    assert run(MATCH, record=both).errors
    assert run(MATCH, record={}).errors
