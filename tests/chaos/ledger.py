"""What a client was told, outside the database: one line each, appended whole, there after any kill."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ledger:
    """A file of JSON lines."""

    path: Path

    def write(self, **line: Any) -> None:
        """Append one line; a line is one write, so a kill leaves it out or leaves it whole."""
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, json.dumps(line).encode() + b"\n")
        finally:
            os.close(descriptor)

    def lines(self, kind: str) -> list[dict[str, Any]]:
        """The lines of one kind, in order."""
        if not self.path.exists():
            return []
        found = (json.loads(line) for line in self.path.read_text("utf-8").splitlines())
        return [line for line in found if line["kind"] == kind]
