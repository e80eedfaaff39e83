"""Keyed fingerprints of what named an erased subject: they recognise it, and tell nobody who it was.

The key lies outside the database, because names are few enough to be tried one by one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

from mdm.errors import SettingsError
from mdm.secret_files import secret_file, trust_folder

if TYPE_CHECKING:
    from mdm.settings import Settings

KEY_FILE = "erasure.key"


class Fingerprints:
    """Makes fingerprints under this deployment's key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of(cls, settings: Settings, *, some_exist: bool = False) -> Fingerprints:
        """Those of this deployment; the key is made on first use.

        Raises:
            SettingsError: fingerprints exist but their key is gone, so that nobody would be recognised.
        """
        path = trust_folder(settings) / KEY_FILE
        if some_exist and not path.exists():
            raise SettingsError(
                f"The key {path} is missing, by which erased people are recognised; bring it back from where "
                "it was backed up."
            )
        return cls(secret_file(path, lambda: secrets.token_bytes(32)))

    def of_key(self, entity_type: str, source: str, key: str) -> str:
        """The fingerprint of a source key."""
        return self._of("key", entity_type, source, key)

    def of_name(self, entity_type: str, name: str) -> str:
        """The fingerprint of a value that names somebody, squashed."""
        return self._of("name", entity_type, name)

    def _of(self, *parts: str) -> str:
        return hmac.new(self._key, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()
