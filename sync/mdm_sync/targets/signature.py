"""The Standard Webhooks signature of a delivery. https://www.standardwebhooks.com"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from pydantic import SecretStr
from standardwebhooks import Webhook

from mdm.errors import SettingsError

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes


class Signer:
    """Signs deliveries to one target.

    Raises:
        SettingsError: the secret is missing, is no base64, or has fewer than 24 or more than 64 bytes.
    """

    def __init__(self, target: str, secret: SecretStr | None) -> None:
        place = f"targets.{target}.secret"
        wanted = (
            f"set MDM_TARGETS__{target.upper()}__SECRET to {PREFIX} and the base64 of {SHORTEST} to "
            f"{LONGEST} random bytes."
        )
        if secret is None:
            raise SettingsError(f"{place} is missing; {wanted}")
        text = secret.get_secret_value().removeprefix(PREFIX)
        try:
            key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except (binascii.Error, ValueError) as exc:
            raise SettingsError(f"{place} is no base64; {wanted}") from exc
        if not SHORTEST <= len(key) <= LONGEST:
            raise SettingsError(f"{place} has {len(key)} bytes; {wanted}")
        self._webhook = Webhook(key)

    def headers(self, event_id: str, at: datetime, body: bytes) -> dict[str, str]:
        """The headers of one attempt: the id stays the same over attempts, the timestamp does not."""
        return {
            "webhook-id": event_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._webhook.sign(event_id, at, body.decode()),
            "idempotency-key": event_id,
        }
