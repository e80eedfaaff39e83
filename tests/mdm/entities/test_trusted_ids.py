"""How far ids are trusted: what the settings may say, and what it changes in the model and at the door."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from mdm.entities import load_registry
from mdm.entities.trusted_ids import TrustedId
from mdm.errors import SettingsError
from mdm.hub import Hub
from mdm.ingest import IncomingRecord
from mdm.models import shipped_model
from mdm.refused_ids import sort_out
from mdm.resolve.evidence import explain_pair
from mdm.testing import record, take_in

LEI, OTHER = "529900T8BM49AURSDO55", "5493001KJTIIGC8Y1R12"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"vendor": {"lei": TrustedId()}}, "no such entity type"),
        ({"client": {"colour": TrustedId()}}, "that is no id"),
        ({"client": {"owner": TrustedId()}}, "that is no id"),
    ],
)
def test_a_wrong_place_is_told(settings: dict[str, dict[str, TrustedId]], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        load_registry(trusted_ids=settings)


def test_the_model_trusts_as_the_settings_say() -> None:
    told = {"client": {"lei": TrustedId(unique=False), "tax_id": TrustedId(proof=True)}}
    trusting = {c.name: c for c in shipped_model(load_registry(trusted_ids=told)["client"]).columns}
    usual = {c.name: c for c in shipped_model(load_registry()["client"]).columns}

    assert (usual["lei"].exclusive, trusting["lei"].exclusive) == (True, False)
    assert trusting["tax_id"].bits(0) == pytest.approx(usual["tax_id"].bits(0) + 20)
    assert trusting["name"] == usual["name"]


def sorted_out(
    hub: Hub, session: Session, said: TrustedId, *records: IncomingRecord
) -> list[tuple[str, str]]:
    client = load_registry(trusted_ids={"client": {"lei": said}})["client"]
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
    hub.registry = load_registry(trusted_ids={"client": {"lei": TrustedId(sources=("erp",))}})
    return hub
