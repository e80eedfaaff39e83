"""API keys: what the store keeps of them, how they are rotated, and when they open nothing any more."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import select

from mdm.access import Role
from mdm.access.grants import Grant
from mdm.access.keys import KEY, create_key, first_key, revoke_key, rotate_key
from mdm.app import create_app
from mdm.errors import ForbiddenError, UnknownKeyError
from mdm.hub import Hub
from mdm.settings import SettingsError, load_settings
from mdm.store.rights import ApiKey
from mdm.testing import NOON

VIEWER = Grant(roles=[Role.viewer], persisted_only=False)


def make(hub: Hub, grant: Grant = VIEWER, **options: timedelta) -> tuple[str, str]:
    with hub.write("admin") as uow:
        made = create_key(uow, "ada", grant, lifetime=options.get("lifetime"))
    return made.id, made.secret


@pytest.fixture
def stranger(hub: Hub) -> TestClient:
    return TestClient(create_app(hub, dev=False, role="api"), follow_redirects=False)


def status(stranger: TestClient, key: str, path: str = "/api/v1/changes") -> int:
    return stranger.get(path, headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_key_shows_its_id_and_the_store_keeps_only_a_hash(hub: Hub) -> None:
    key_id, secret = make(hub)

    with hub.read() as session:
        (stored,) = session.exec(select(ApiKey))
        kept = " ".join(str(value) for value in stored.model_dump().values())
    match = KEY.fullmatch(secret)
    assert match is not None
    assert match[1] == key_id
    assert stored.hash == hashlib.sha256(secret.encode()).hexdigest()
    assert match[2] not in kept


def test_a_key_opens_until_it_is_revoked(hub: Hub, stranger: TestClient) -> None:
    key_id, secret = make(hub)
    before = status(stranger, secret)

    with hub.write("admin") as uow:
        revoke_key(uow, key_id)

    assert (before, status(stranger, secret)) == (200, 401)


def test_a_session_ends_with_the_key_it_began_with(hub: Hub, stranger: TestClient) -> None:
    key_id, secret = make(hub)
    stranger.post("/console/sign-in", data={"token": secret})
    before = stranger.get("/console").status_code

    with hub.write("admin") as uow:
        revoke_key(uow, key_id)

    assert (before, stranger.get("/console").status_code) == (200, 303)


def test_a_rotated_key_opens_until_its_grace_ends(hub: Hub, stranger: TestClient) -> None:
    key_id, secret = make(hub)

    with hub.write("admin") as uow:
        made = rotate_key(uow, key_id, grace=timedelta(hours=1))
    hub.clock = lambda: NOON + timedelta(minutes=59)
    during = status(stranger, secret)
    hub.clock = lambda: NOON + timedelta(hours=1)

    assert (during, status(stranger, secret), status(stranger, made.secret)) == (200, 401, 200)


def test_a_key_that_no_longer_opens_is_not_rotated(hub: Hub) -> None:
    key_id, _ = make(hub)
    with hub.write("admin") as uow:
        revoke_key(uow, key_id)

    with hub.write("admin") as uow, pytest.raises(UnknownKeyError, match="mdm key list"):
        rotate_key(uow, key_id)


def test_an_expired_key_opens_nothing(hub: Hub, stranger: TestClient) -> None:
    _, secret = make(hub, lifetime=timedelta(days=1))
    hub.clock = lambda: NOON + timedelta(days=1)

    assert status(stranger, secret) == 401


@pytest.mark.parametrize("end", [-1, None], ids=["one digit changed", "another secret"])
def test_no_other_secret_opens(hub: Hub, stranger: TestClient, end: int | None) -> None:
    key_id, secret = make(hub)
    other = secret[:-1] + ("0" if secret[-1] != "0" else "1") if end else f"mdm_{key_id}_{'A' * 43}"

    assert status(stranger, other) == 401


@pytest.mark.parametrize(
    ("role", "path", "expected"),
    [
        (Role.viewer, "/metrics", 403),
        (Role.viewer, "/console/quarantine", 403),
        (Role.steward, "/console/quarantine", 200),
        (Role.integrator, "/metrics", 200),
        (Role.integrator, "/console/publications", 403),
        (Role.auditor, "/console/publications", 200),
        (Role.admin, "/metrics", 200),
    ],
)
def test_a_route_asks_for_the_right(
    hub: Hub, stranger: TestClient, role: Role, path: str, expected: int
) -> None:
    _, secret = make(hub, Grant(roles=[role], persisted_only=False))

    assert status(stranger, secret, path) == expected


def test_only_who_administers_makes_keys(hub: Hub) -> None:
    from mdm.access.grants import principal_of

    steward = principal_of("eve", [Grant(roles=[Role.steward], persisted_only=False)], hub.settings.auth)

    with hub.write(steward) as uow, pytest.raises(ForbiddenError, match="eve may not administer"):
        create_key(uow, "mallory", Grant(roles=[Role.admin], persisted_only=False))


def test_a_use_case_that_asks_for_no_right_can_write_nothing_for_a_principal(hub: Hub) -> None:
    from mdm.access.grants import principal_of

    steward = principal_of("eve", [Grant(roles=[Role.steward], persisted_only=False)], hub.settings.auth)

    with hub.write(steward) as uow, pytest.raises(ForbiddenError, match="nothing asked for the right"):
        uow.emit("anything.done", "client", "c-1", {})


def test_the_first_start_makes_one_key_and_no_second_start_does(hub: Hub) -> None:
    with hub.write("admin") as uow:
        first, second = first_key(uow), first_key(uow)

    assert first is not None
    assert second is None


def test_a_role_that_the_settings_misspell_is_refused(tmp_path: object) -> None:
    with pytest.raises(SettingsError, match="auth"):
        load_settings(auth={"roles": {"owner": {"sees": ["pay"]}}})
