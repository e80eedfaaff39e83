"""Files of every kind, written by the test itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mdm.entities import EntityRegistry

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file into the test's folder and returns its path."""

    def write_file(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write_file


@pytest.fixture(scope="session")
def registry() -> EntityRegistry:
    """The built-in entity types."""
    return EntityRegistry()
