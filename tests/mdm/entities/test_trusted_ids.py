"""How far ids are trusted: what the settings may say, and what it changes in the model and at the door."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from sqlmodel import Session

from mdm.entities import load_registry
from mdm.entities.trusted_ids import Told, TrustedId
from mdm.errors import SettingsError
from mdm.golden_ids import golden_ids_of
from mdm.hub import Hub
from mdm.ingest import IncomingRecord
from mdm.models import shipped_model
from mdm.refused_ids import sort_out
from mdm.resolve.pair_explanation import explain_pair
from mdm.testing import record, take_in

LEI, OTHER = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"vendor": {"lei": {}}}, "no such entity type"),
        ({"client": {"colour": {}}}, "that is no id"),
        ({"client": {"owner": {}}}, "that is no id"),
    ],
)
def test_a_wrong_place_is_told(settings: Told, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_registry(trusted_ids=settings)


def test_the_model_trusts_as_the_settings_say() -> None:
    told = {"client": {"lei": {"unique": False}, "tax_id": {"proof": True}}}
    trusting = {c.name: c for c in shipped_model(load_registry(trusted_ids=told)["client"]).columns}
    usual = {c.name: c for c in shipped_model(load_registry()["client"]).columns}

    assert (usual["lei"].exclusive, trusting["lei"].exclusive) == (True, False)
    assert trusting["tax_id"].bits(0) == pytest.approx(usual["tax_id"].bits(0) + 20)
    assert trusting["name"] == usual["name"]


def test_what_the_settings_do_not_say_stays_as_it_is_declared() -> None:
    strict = load_registry(trusted_ids={"client": {"lei": {"may_change": False}}})["client"].by_name["lei"]

    assert strict.trusted == TrustedId(proof=True, may_change=False)


def sorted_out(
    hub: Hub, session: Session, said: TrustedId, *records: IncomingRecord
) -> list[tuple[str, str]]:
    client = load_registry(trusted_ids={"client": {"lei": asdict(said)}})["client"]
    accepted, rejected = sort_out(session, client, "crm", records)
    assert len(accepted) + len(rejected) == len(records)
    return [(row.column, str(row.row["id"])) for row in rejected]


def test_strict_ids_may_be_added_written_otherwise_and_deleted_with_their_record(hub: Hub) -> None:
    take_in(hub, "crm", "client", [record("1", name="A", lei=LEI), record("2", name="B")])
    with hub.read() as session:
        strict = TrustedId(may_change=False)
        assert sorted_out(
            hub,
            session,
            strict,
            record("1", lei=LEI.lower()),
            record("2", lei=OTHER),
            record("1", deleted=True, lei=OTHER),
            record("1", name="C"),
        ) == []  # fmt: skip
        assert sorted_out(hub, session, strict, record("1", lei=OTHER)) == [("lei", "1")]
        assert sorted_out(hub, session, strict, record("1", lei=None)) == [("lei", "1")]
        assert sorted_out(hub, session, TrustedId(), record("1", lei=OTHER)) == []


def test_ids_of_a_source_that_is_not_trusted_are_no_evidence(empty_hub_trusting_erp: Hub) -> None:
    hub = empty_hub_trusting_erp
    take_in(hub, "erp", "client", [record("A", name="Harbour Pine plc", lei=LEI)])
    take_in(hub, "crm", "client", [record("1", name="Harbour Pine plc", lei=OTHER, city="Bristol")])

    with hub.read() as session:
        lei = next(r for r in explain_pair(hub, session, 1, 2).reasons if r.column == "lei")
    assert lei.weight == 0.0


@pytest.fixture
def empty_hub_trusting_erp(hub: Hub) -> Hub:
    hub.registry = load_registry(trusted_ids={"client": {"lei": {"sources": ("erp",)}}})
    return hub


@pytest.mark.parametrize(("reissued", "golden"), [(None, 2), (False, 1)])
def test_an_id_that_is_never_issued_again_bridges_the_years_between_two_lives(
    hub: Hub, reissued: bool | None, golden: int
) -> None:
    hub.registry = load_registry(trusted_ids={"cost_center": {"code": {"reissued": reissued}}})
    lives = (("2015-01-01", "2020-01-01"), ("2022-01-01", None))
    for source, (valid_from, valid_to) in zip(("erp", "hcm"), lives, strict=True):
        center = record("1", code="4711", name="Audit", valid_from=valid_from, valid_to=valid_to)
        take_in(hub, source, "cost_center", [center])

    with hub.read() as session:
        assert len(set(golden_ids_of(session, [1, 2]).values())) == golden
