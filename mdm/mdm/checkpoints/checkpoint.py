"""One checkpoint: how many events there were, the last one's hash, when, and who signed it.

A line of JSON in a file. Signed are four lines of text: the format's name, the count, the hash and the time.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mdm.errors import InputError
from mdm.secret_files import trust_folder

if TYPE_CHECKING:
    from mdm.settings import Settings

FORMAT = "mdm-checkpoint-1"
FILE = "checkpoints.jsonl"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What the event log was at a moment.

    Attributes:
        count: events there were; the number of the last one.
        head: the hash of the last one, 64 hexadecimal digits.
        at: the moment, ISO 8601 in UTC.
        key: the first 16 hexadecimal digits of the SHA-256 of the public key.
        signature: ed25519 over `signed`.
    """

    count: int
    head: str
    at: str
    key: str
    signature: bytes

    @property
    def signed(self) -> bytes:
        """What the signature speaks of."""
        return signed_text(self.count, self.head, self.at)

    @property
    def line(self) -> str:
        """As the file holds it."""
        signature = base64.b64encode(self.signature).decode()
        return json.dumps(
            {"count": self.count, "head": self.head, "at": self.at, "key": self.key, "signature": signature}
        )


def signed_text(count: int, head: str, at: str) -> bytes:
    """The four lines that are signed."""
    return f"{FORMAT}\n{count}\n{head}\n{at}\n".encode()


def checkpoint_file(settings: Settings) -> Path:
    """Where checkpoints are appended."""
    return trust_folder(settings) / FILE


def read_checkpoints(path: Path) -> list[Checkpoint]:
    """The checkpoints of a file in its order; none if there is no file.

    Raises:
        InputError: a line is no checkpoint.
    """
    if not path.exists():
        return []
    found = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            found.append(_read(line))
        except (ValueError, KeyError, TypeError) as exc:
            raise InputError(
                f"Line {number} of {path} is no checkpoint ({exc}); bring the file back from its copy."
            ) from exc
    return found


def _read(line: str) -> Checkpoint:
    stated = json.loads(line)
    signature = base64.b64decode(stated["signature"], validate=True)
    return Checkpoint(
        int(stated["count"]), str(stated["head"]), str(stated["at"]), str(stated["key"]), signature
    )
