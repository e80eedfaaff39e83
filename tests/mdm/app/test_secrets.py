"""Secrets of a deployment are in no answer, log, event, audit entry or metric, however things fail."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select
from structlog.testing import capture_logs

from mdm.access import Role
from mdm.access.grants import Grant
from mdm.access.keys import create_key
from mdm.app import create_app
from mdm.app.redaction import RedactingFormatter, Redaction
from mdm.errors import StoreError
from mdm.hub import Hub
from mdm.settings import Settings
from mdm.store.answers import AnsweredRequest
from mdm.store.decisions import Event
from mdm.store.rights import ApiKey, ClassifiedRead

CANARIES = [f"canary{k:02}-{'x' * 24}" for k in range(25)]
FAILURES: tuple[type[Exception], ...] = (
    RuntimeError,
    ValueError,
    KeyError,
    OSError,
    StoreError,
    UnicodeError,
)
PATHS = (
    ("GET", "/console"),
    ("GET", "/console/search?q={s}"),
    ("GET", "/console/golden/{s}"),
    ("GET", "/console/tasks/{s}"),
    ("GET", "/console/publications"),
    ("GET", "/console/quarantine"),
    ("GET", "/api/v1/changes?after=0"),
    ("GET", "/metrics"),
    ("GET", "/readyz"),
    ("GET", "/openapi.json"),
    ("POST", "/graphql"),
    ("POST", "/api/v1/records"),
    ("POST", "/api/v1/match"),
    ("GET", "/nothing/{s}"),
)


def test_settings_do_not_print_their_secrets() -> None:
    settings = Settings.model_validate(
        {
            "api_token": CANARIES[0],
            "targets": {"t": {"kind": "webhook", "url": "https://x.example", "secret": CANARIES[1]}},
            "auth": {"oidc": {"issuer": "https://i", "audience": "a", "client_secret": CANARIES[2]}},
        }
    )

    assert not any(canary in f"{settings!r} {settings}" for canary in CANARIES)


@pytest.mark.parametrize("failure", FAILURES, ids=lambda f: f.__name__)
def test_no_secret_comes_out_of_a_failing_path(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    with hub.write("test") as uow:
        key = create_key(uow, "ada", Grant(roles=[Role.admin])).secret
    canaries = [*CANARIES, key, key.rpartition("_")[2]]
    client = TestClient(
        create_app(hub, dev=False, role="api", token=CANARIES[0]), raise_server_exceptions=False
    )
    read, told = hub.database.read, []

    def fail(*_: Any, **options: Any) -> Any:
        # Looking up who asks succeeds; what is asked for fails with everything secret in its words.
        if options.get("seconds") is None:
            return read(**options)
        raise failure(" ".join(CANARIES))

    with capture_logs():
        for headers in ({"Authorization": f"Bearer {key}"}, {"Authorization": f"Bearer {CANARIES[3]}"}):
            monkeypatch.setattr(hub.database, "read", fail)
            for method, path in PATHS:
                body = (
                    {"query": "{ clients { totalCount } }", "password": CANARIES[4]}
                    if method == "POST"
                    else None
                )
                answer = client.request(method, path.format(s="x"), json=body, headers=headers)
                told.append(f"{answer.text} {dict(answer.headers)}")
            monkeypatch.setattr(hub.database, "read", read)
        client.post("/console/sign-in", data={"token": CANARIES[5], "name": "Eve"})
    with hub.read() as session:
        kept = [
            json.dumps(row.model_dump(mode="json"))
            for table in (Event, ApiKey, ClassifiedRead, AnsweredRequest)
            for row in session.exec(select(table))
        ]

    assert [canary for canary in canaries if canary in " ".join(told)] == []
    assert [canary for canary in canaries if canary in " ".join(kept)] == []


def test_the_log_holds_no_secret_whatever_an_error_says() -> None:
    settings = Settings.model_validate(
        {
            "database_url": f"postgresql+psycopg://hub:{CANARIES[6]}@db/mdm",
            "api_token": CANARIES[0],
            "targets": {"t": {"kind": "webhook", "url": "https://x.example", "secret": CANARIES[1]}},
            "auth": {"oidc": {"issuer": "https://i", "audience": "a", "client_secret": CANARIES[2]}},
        }
    )
    key = f"mdm_abcdefgh_{'k' * 43}"
    redaction = Redaction(settings)
    words = " ".join((*CANARIES[:3], CANARIES[6], key))
    formatter = RedactingFormatter(redaction)
    try:
        raise RuntimeError(words)
    except RuntimeError:
        record = logging.LogRecord("mdm", logging.ERROR, "x.py", 1, "failed: %s", (words,), sys.exc_info())

    logged = formatter.format(record) + redaction(None, "error", json.dumps({"error": words}))

    assert [secret for secret in (*CANARIES[:3], CANARIES[6], key) if secret in logged] == []
    assert "mdm_abcdefgh_[secret]" in logged
