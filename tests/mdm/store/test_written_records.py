"""What a transaction knows of the source records that it has added."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col, select

from mdm.hub import Hub
from mdm.ingest import ingest
from mdm.resolve.evidence import live_records
from mdm.store.records import SourceRecord
from mdm.store.written_records import written_records
from mdm.testing import NOON, record


def test_records_just_added_are_known_as_their_table_has_them(any_hub: Hub):
    """Given new records with every kind of value, when they are asked for, then they are as if read."""
    rows = [
        record("1", name="Kestrel Ltd", email="no address", tax_id="123", phone=None),
        record("2", name="Müller \u2028 GmbH", changed_at=None),
    ]
    with any_hub.write("test") as uow:
        ids = ingest(uow, "crm", "client", rows).touched
        budget = ingest(uow, "psa", "project", [record("3", name="Tide", budget=12.5)]).touched
        known = live_records(uow.session, ids | budget)
        assert written_records(uow.session).keys() == ids | budget
    with any_hub.write("test") as uow:
        stored = live_records(uow.session, ids | budget)

        assert not written_records(uow.session)
    assert known == stored
    assert len(stored) == 3


def test_a_record_that_is_changed_where_it_was_added_is_read_anew(hub: Hub):
    later, earlier = NOON + timedelta(days=1), NOON - timedelta(days=1)
    with hub.write("test") as uow:
        (known,) = ingest(uow, "crm", "client", [record("1", name="Kestrel", city="Ely")]).touched
        ingest(uow, "crm", "client", [record("1", later, name="Kestrel Ltd")])
        ingest(uow, "crm", "client", [record("1", earlier, phone="1")])
        (found,) = live_records(uow.session, [known])

        assert {name: claim["v"] for name, claim in found.claims.items()} == {
            "name": "Kestrel Ltd", "city": "Ely", "phone": "1",
        }  # fmt: skip


def test_a_record_that_is_ended_where_it_was_added_is_no_longer_live(hub: Hub):
    with hub.write("test") as uow:
        ids = ingest(uow, "crm", "client", [record("1", name="Kestrel"), record("2", name="Larch")]).touched
        ingest(uow, "crm", "client", [record("1", NOON + timedelta(days=1), deleted=True)])
        other = uow.session.scalars(select(SourceRecord).where(col(SourceRecord.source_key) == "2")).one()
        other.live = False
        uow.session.flush()

        assert live_records(uow.session, ids) == []
