"""Keys that lie outside the database, each a file that only its owner may read; made on first use."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from mdm.errors import SettingsError

if TYPE_CHECKING:
    from mdm.settings import Settings


def trust_folder(settings: Settings) -> Path:
    """Where keys and checkpoints lie: as the settings say, beside a SQLite file, or beside mdm.toml."""
    named = settings.trust.folder
    if named is not None:
        return settings.folder / named
    url = make_url(settings.store_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        path = Path(url.database)
        return path.with_name(f"{path.stem}-trust")
    return settings.folder / "mdm-trust"


def secret_file(path: Path, make: Callable[[], bytes]) -> bytes:
    """The content of a key file; a missing one is made with mode 0600, by one process only.

    Raises:
        SettingsError: it cannot be read or made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        if not path.exists():
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(make())
                stream.flush()
                os.fsync(stream.fileno())
            _first_wins(unfinished, path)
        return path.read_bytes()
    except OSError as exc:
        raise SettingsError(
            f"The key {path} cannot be read or made ({exc.strerror}); mend its folder, or name another under "
            "[trust] folder in mdm.toml."
        ) from exc


def _first_wins(unfinished: Path, path: Path) -> None:
    """Give the file its name, whole, unless another process was faster."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
