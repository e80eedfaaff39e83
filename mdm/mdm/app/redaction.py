"""Keeps the deployment's secrets, and every API key, out of the log, whatever an error says."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from pydantic import BaseModel, SecretStr
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from mdm.settings import Settings

HIDDEN = "[secret]"
KEYS = re.compile(r"mdm_([0-9A-Za-z]{8})_[0-9A-Za-z]{43}")
SHORTEST = 6
"""Characters of a secret that is looked for; a shorter one would hide ordinary words."""


class Redaction:
    """Takes secrets out of texts; what stays of an API key is its id."""

    def __init__(self, settings: Settings) -> None:
        found = {secret for secret in _secrets(settings) if len(secret) >= SHORTEST}
        longest_first = sorted(found, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if found else None

    def text(self, text: str) -> str:
        """The text without secrets."""
        text = KEYS.sub(rf"mdm_\1_{HIDDEN}", text)
        return self._known.sub(HIDDEN, text) if self._known else text

    def __call__(self, _logger: Any, _method: str, rendered: str | MutableMapping[str, Any]) -> str:
        """As structlog's last processor, behind the one that renders."""
        return self.text(str(rendered))


class RedactingFormatter(logging.Formatter):
    """The same for libraries that log by the standard library."""

    def __init__(self, redaction: Redaction) -> None:
        super().__init__("%(levelname)s:%(name)s:%(message)s")
        self._redaction = redaction

    def format(self, record: logging.LogRecord) -> str:
        """One record, with its traceback."""
        return self._redaction.text(super().format(record))


def _secrets(value: object) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        if isinstance(value, Settings):
            yield from _password(value.store_url)
        for name in type(value).model_fields:
            yield from _secrets(getattr(value, name))
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _secrets(part)


def _password(url: str) -> Iterator[str]:
    try:
        password = make_url(url).password
    except ArgumentError:
        return
    if password:
        yield str(password)
