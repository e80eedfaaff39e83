from __future__ import annotations

import json
from pathlib import Path

import pytest
from publishing_hub import (
    NOON,
    SECRET,
    StoppedClock,
    all_rows,
    change_golden,
    close_task,
    file_target,
    open_task,
    opened,
    settings_of,
    webhook_target,
)
from standardwebhooks import Webhook

from mdm.errors import SettingsError
from mdm.store.publishing import OutboxRow, PublicationRun, PublicationTarget, Receipt
from mdm_sync import publish


def lines(folder: Path) -> list[dict]:
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def test_a_change_is_delivered_to_a_file_once(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with opened(settings_of(database_url, {"lake": file_target(folder)}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme", country="DE")
        first = publish(hub, "lake")
        second = publish(hub, "lake")

        assert (first.delivered, first.by_type) == (1, {"client": 1})
        assert (second.delivered, second.by_type) == (0, {})
        assert [line["subject"] for line in lines(folder)] == ["C1"]
        assert [r.outcome for r in all_rows(hub, Receipt)] == ["delivered"]


def test_the_envelope_is_cloudevents_with_the_golden_record_in_it(sqlite_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with opened(settings_of(sqlite_url, {"lake": file_target(folder)}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme", country="DE")
        publish(hub, "lake")
        row = all_rows(hub, OutboxRow)[0]

    assert lines(folder) == [
        {
            "specversion": "1.0",
            "id": row.event_id,
            "source": "/mdm/client",
            "type": "mdm.golden.created",
            "subject": "C1",
            "sequence": "0000000001",
            "time": "2026-03-14T12:00:00.000000Z",
            "datacontenttype": "application/json",
            "data": {
                "entity_type": "client",
                "golden_id": "C1",
                "state": "active",
                "version": 1,
                "previous_version": 0,
                "values": {"name": "Acme", "country": "DE"},
                "sources": [{"system": "crm", "key": "C1"}],
                "redirected_to": None,
            },
        }
    ]


def test_three_changes_of_one_record_are_one_delivery_of_the_newest(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    with opened(settings_of(database_url, {"lake": file_target(folder)}), StoppedClock()) as hub:
        for name in ("Acme", "Acme Corp", "Acme Corporation"):
            change_golden(hub, "C1", name=name)
        result = publish(hub, "lake")

        assert (result.delivered, result.superseded) == (1, 2)
        assert [line["data"]["values"]["name"] for line in lines(folder)] == ["Acme Corporation"]
        assert [row.state for row in all_rows(hub, OutboxRow)] == ["superseded", "superseded", "sent"]


def test_a_merged_record_is_published_without_values_and_with_its_new_id(
    sqlite_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    with opened(settings_of(sqlite_url, {"lake": file_target(folder)}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme")
        change_golden(hub, "C1", name="Acme", state="merged", into="C2")
        publish(hub, "lake")

    data = lines(folder)[0]["data"]
    assert (data["state"], data["values"], data["sources"], data["redirected_to"]) == ("merged", {}, [], "C2")


def test_a_record_with_an_open_task_is_held_until_a_steward_has_decided(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    with opened(
        settings_of(database_url, {"lake": file_target(folder, hold_conflicts=True)}), StoppedClock()
    ) as hub:
        change_golden(hub, "C1", name="Acme")
        change_golden(hub, "C2", name="Globex")
        open_task(hub, "C1")
        first, second = publish(hub, "lake"), publish(hub, "lake")
        close_task(hub, "C1")
        third = publish(hub, "lake")

        assert (first.delivered, first.held) == (1, 1)
        assert (second.delivered, second.held) == (0, 1)
        assert (third.delivered, third.held) == (1, 0)
        assert [(r.golden_id, r.outcome) for r in all_rows(hub, Receipt)] == [
            ("C1", "held"),
            ("C2", "delivered"),
            ("C1", "delivered"),
        ]


def test_a_new_target_hears_of_the_records_that_are_older_than_itself(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    with opened(settings_of(database_url, {}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme")
        change_golden(hub, "C1", name="Acme Corp")
        change_golden(hub, "W1", entity_type="worker", family_name="Curie")
        change_golden(hub, "C2", name="Gone")
        change_golden(hub, "C2", name="Gone", state="retired")
    target = file_target(folder, entity_types=["client"])
    with opened(settings_of(database_url, {"lake": target}), StoppedClock()) as hub:
        result = publish(hub, "lake")

        assert (result.delivered, result.by_type) == (1, {"client": 1})
        assert [line["data"]["values"]["name"] for line in lines(folder)] == ["Acme Corp"]


def test_full_mode_delivers_every_active_record_each_time(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    target = file_target(folder, mode="full", entity_types=["client", "worker"])
    with opened(settings_of(database_url, {"lake": target}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme")
        change_golden(hub, "C2", name="Globex")
        first = publish(hub, "lake")
        change_golden(hub, "C2", name="Globex", state="merged", into="C1")
        change_golden(hub, "C1", name="Acme Globex")
        second = publish(hub, "lake")
        third = publish(hub, "lake")

        assert [first.delivered, second.delivered, third.delivered] == [2, 2, 1]
        manifests = [json.loads(p.read_text()) for p in sorted(folder.glob("manifest-*.json"))]
        assert [[(f["entity_type"], f["count"]) for f in m["files"]] for m in manifests] == [
            [("client", 2), ("worker", 0)],
            [("client", 2), ("worker", 0)],
            [("client", 1), ("worker", 0)],
        ]


def test_a_dry_run_counts_and_writes_nothing(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with opened(settings_of(database_url, {"lake": file_target(folder)}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme")
        result = publish(hub, "lake", dry_run=True)

        assert (result.dry_run, result.delivered, result.run_id) == (True, 1, None)
        assert not folder.exists()
        assert (
            all_rows(hub, PublicationRun) == all_rows(hub, PublicationTarget) == all_rows(hub, Receipt) == []
        )


def test_a_webhook_gets_a_signed_message_that_any_receiver_can_verify(
    database_url: str, receiver, tmp_path: Path
) -> None:
    with opened(settings_of(database_url, {"crm": webhook_target(receiver.url)})) as hub:
        change_golden(hub, "C1", name="Åcme 株式会社")
        result = publish(hub, "crm")
        row = all_rows(hub, OutboxRow)[0]

    request = receiver.requests[0]
    content = Webhook(SECRET).verify(request.body, request.headers)
    assert result.delivered == 1
    assert content["data"]["values"] == {"name": "Åcme 株式会社"}
    assert (
        request.headers["webhook-id"] == request.headers["idempotency-key"] == content["id"] == row.event_id
    )
    assert request.headers["content-type"] == "application/cloudevents+json"


def test_progress_reaches_the_total(sqlite_url: str, receiver) -> None:
    seen: list[tuple[int, int]] = []
    with opened(settings_of(sqlite_url, {"crm": webhook_target(receiver.url, lanes=2)})) as hub:
        for number in range(5):
            change_golden(hub, f"C{number}", name="Acme")
        publish(hub, "crm", progress=lambda done, total: seen.append((done, total)))

    assert seen == [(2, 5), (4, 5), (5, 5)]


@pytest.mark.parametrize(
    ("targets", "name", "words"),
    [
        ({}, "lake", "no target 'lake'"),
        ({"crm": {"kind": "webhook", "url": "https://example.com/"}}, "crm", "targets.crm.secret is missing"),
        ({"crm": webhook_target("https://example.com/", secret="whsec_%%%")}, "crm", "is no base64"),
        ({"crm": webhook_target("https://example.com/", secret="whsec_c2hvcnQ=")}, "crm", "has 5 bytes"),
        ({"crm": webhook_target("ftp://example.com/")}, "crm", "is no web address"),
        ({"crm": webhook_target("https://a:b@example.com/")}, "crm", "must hold no user"),
        ({"lake": file_target(Path("x"), entity_types=["clint"])}, "lake", "no entity type 'clint'"),
    ],
)
def test_settings_that_make_no_sense_are_named(sqlite_url: str, targets, name: str, words: str) -> None:
    with opened(settings_of(sqlite_url, targets)) as hub:
        with pytest.raises(SettingsError, match=words):
            publish(hub, name)

        assert all_rows(hub, PublicationRun) == []


def test_the_clock_of_the_run_is_the_hubs_clock(sqlite_url: str, tmp_path: Path) -> None:
    with opened(settings_of(sqlite_url, {"lake": file_target(tmp_path / "out")}), StoppedClock()) as hub:
        change_golden(hub, "C1", name="Acme")
        publish(hub, "lake")
        run = all_rows(hub, PublicationRun)[0]

    assert (run.state, run.due_at, run.finished_at, run.counts["delivered"]) == ("done", NOON, NOON, 1)
