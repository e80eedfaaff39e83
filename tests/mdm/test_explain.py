"""An explanation names the rule at work, why each claim lost, and what would make it win."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mdm.decide import RecordKey, decide_records
from mdm.explain import explain_value, value_document, value_lines
from mdm.golden_ids import golden_id_of
from mdm.hub import Hub
from mdm.overrides import Lifetime
from mdm.overrides.banning import ban_value
from mdm.overrides.setting import Until, override_value
from mdm.survivorship import Circumstances, Claim, SourceOrder, choose, parse_rule
from mdm.survivorship.losing import beaten_claims
from mdm.testing import NOON, hub_at, record, take_in

HARBOUR = {"name": "Harbour Pine plc", "website": "harbourpine.co.uk", "city": "Bristol", "country": "GB"}


def lines(hub: Hub, attribute: str) -> str:
    with hub.read() as session:
        golden_id = golden_id_of(session, "client", "netsuite", "1")
        explained = explain_value(hub, session, golden_id, attribute)
        document = value_document(explained)
        assert document["value"] == (explained.choice.value if explained.choice else None)
        assert [b["because"] for b in document["beats"]] == [b.because for b in explained.beaten]
        return "\n".join(value_lines(explained))


def filled(tmp_path: Path, **rules: str) -> Hub:
    """A hub with one client that two systems know."""
    hub = hub_at(f"sqlite:///{tmp_path / 'rules.db'}", survivorship={"client": rules})
    take_in(hub, "netsuite", "client", [record("1", NOON, **HARBOUR, phone="+44 20 7946 0101")])
    later = NOON + timedelta(days=1)
    more = {**HARBOUR, "name": "Harbour Pine", "street": "Quay Street 1"}
    take_in(hub, "salesforce", "client", [record("2", later, **more, phone="+44 20 7946 0102")])
    with hub.write("anna") as uow:
        left, right = RecordKey("client", "netsuite", "1"), RecordKey("client", "salesforce", "2")
        decide_records(uow, left, right, "same")
    return hub


TOLD = {
    "prefer(erp, crm)": ("source: salesforce is number 2 of erp, crm", "if netsuite:1 had none"),
    "most_recent": (
        "recency: changed on 2026-03-01 12:00, against changed on 2026-03-02 12:00",
        "if netsuite changed it after 2026-03-02",
    ),
    "oldest": ("age: changed on 2026-03-02", "if netsuite changed its value after 2026-03-02"),
    "most_complete": ("completeness: its record states 5 attributes, against", "more than 6 attributes"),
    "maximum": ("size: +44 20 7946 0101, against +44 20 7946 0102", "if it were more than"),
    "when(country=GB, then=prefer(crm), otherwise=longest)": (
        "the attribute's rule is when(country=GB",
        "chosen by prefer(crm)",
    ),
    "trust(erp=0.9, crm=0.6)": ("trust: trusted 0.600, against trusted 0.900", "if netsuite had none"),
}  # fmt: skip


@pytest.mark.parametrize("rule", TOLD)
def test_an_explanation_says_why_a_claim_lost_and_what_would_flip_it(tmp_path: Path, rule: str) -> None:
    hub = filled(tmp_path, phone=rule)

    told = lines(hub, "phone")

    hub.close()
    for part in TOLD[rule]:
        assert part in told


def test_a_part_of_a_group_lost_because_its_record_did(tmp_path: Path) -> None:
    hub = filled(tmp_path, address="most_complete")

    assert "completeness: its record states" in lines(hub, "city")
    assert "agrees with Bristol from netsuite:1" in lines(hub, "city")
    hub.close()


def test_bans_overrides_and_what_is_stale_are_told(tmp_path: Path) -> None:
    hub = filled(tmp_path, phone="prefer(erp)")
    with hub.write("anna") as uow:
        golden_id = golden_id_of(uow.session, "client", "netsuite", "1")
        ban_value(uow, golden_id, "phone", "+44 20 7946 0101", reason="a fax")
    assert "leaves out +44 20 7946 0101 from netsuite:1: banned by anna (a fax)" in lines(hub, "phone")
    with hub.write("bert") as uow:
        override_value(uow, golden_id, "phone", "+44 20 7946 0103", reason="told me")
        override_value(uow, golden_id, "city", "Bath", until=Until(Lifetime.basis))
    told = lines(hub, "phone")
    assert "override: bert set another value" in told
    assert "it would win if the override were removed" in told
    assert "bert set +44 20 7946 0103 (told me): override(forever), in force" in told
    take_in(
        hub,
        "netsuite",
        "client",
        [record("1", NOON + timedelta(days=3), **HARBOUR, phone="+44 20 7946 0104")],
    )
    assert "in force, stale: the sources have changed since" in lines(hub, "phone")
    assert "has no value: no source record states one" in lines(hub, "tax_id")
    hub.close()


def at(day: int | None) -> datetime | None:
    return None if day is None else NOON + timedelta(days=day)


RULES = ["prefer(erp, crm)", "most_recent", "oldest", "most_frequent", "longest", "minimum", "maximum"]
RULES += ["trust(erp=0.9, crm=0.6)", "most_complete", "when(source=erp, then=longest, otherwise=oldest)"]
CLAIMS = st.lists(
    st.builds(
        lambda value, source, key, day: Claim("x", value, source, key, changed_at=at(day)),
        st.sampled_from(["A", "BB", "CC"]),
        st.sampled_from(["erp", "crm", "paper"]),
        st.sampled_from(["1", "2"]),
        st.sampled_from([None, 1, 2]),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda c: (c.source, c.source_key),
)  # fmt: skip


@given(st.sampled_from(RULES), CLAIMS)
def test_every_beaten_claim_has_its_reason(text: str, claims: list[Claim]) -> None:
    rule, circumstances = parse_rule(text), Circumstances(SourceOrder())
    choice = choose("x", rule, claims, circumstances)

    assert choice is not None
    beaten = beaten_claims(rule, choice.claim, choice.beats, circumstances)
    assert [b.claim for b in beaten] == list(choice.beats)
    assert all(b.lost_by and " against " in b.because for b in beaten)
