"""From the settings of a target to the target."""

from __future__ import annotations

from pathlib import Path

import httpx2

from mdm.errors import SettingsError
from mdm.hub import Hub
from mdm.settings import TargetSettings
from mdm_sync.publishing.batch import Target
from mdm_sync.publishing.outbox import published_types
from mdm_sync.targets.addresses import guard_of
from mdm_sync.targets.file_target import FileTarget
from mdm_sync.targets.signature import Signer
from mdm_sync.targets.webhook_target import WebhookTarget


def open_target(hub: Hub, name: str, *, dev: bool = False) -> Target:
    """The target of that name; nothing is written or connected to yet.

    Args:
        dev: let webhooks reach this machine.

    Raises:
        SettingsError: there is no such target, or its settings cannot be used.
    """
    settings = hub.settings.targets.get(name)
    if settings is None:
        known = ", ".join(hub.settings.targets) or "none is declared yet"
        raise SettingsError(f"There is no target {name!r} in mdm.toml ({known}); add [targets.{name}] there.")
    for entity_type in settings.entity_types:
        if entity_type not in {known.name for known in hub.registry}:
            raise SettingsError(f"targets.{name}.entity_types: there is no entity type {entity_type!r}.")
    if settings.kind == "file":
        folder = hub.settings.folder / (settings.path or Path())
        return FileTarget(folder, settings.format, hub.registry, published_types(hub, name))
    guard = guard_of(hub.settings.network, dev=dev)
    signer = Signer(name, settings.secret)
    return WebhookTarget(_url(name, settings), signer, guard, lanes=settings.lanes, clock=hub.clock)


def check_targets(hub: Hub, *, dev: bool = False) -> None:
    """Make sure that every target can be opened, as at start.

    Raises:
        SettingsError: one cannot.
    """
    for name in hub.settings.targets:
        open_target(hub, name, dev=dev)


def _url(name: str, settings: TargetSettings) -> httpx2.URL:
    place = f"targets.{name}.url"
    try:
        url = httpx2.URL(settings.url)
    except httpx2.InvalidURL as exc:
        raise SettingsError(f"{place} is no web address ({exc}).") from exc
    if url.scheme not in ("http", "https") or not url.host:
        raise SettingsError(f"{place}: {settings.url!r} is no web address; write https://HOST/PATH.")
    if url.userinfo or url.fragment:
        raise SettingsError(
            f"{place} must hold no user, password or fragment; deliveries are signed instead."
        )
    return url
