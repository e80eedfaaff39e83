"""The contenders: ours and the peers, each in an environment of its own, made when it is first needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PEERS = Path(__file__).parent / "peers"
LIMIT = 900  # seconds that a contender may take for one set


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who takes part.

    Attributes:
        name: as the table names it.
        script: its file in `peers`.
        packages: what its environment holds; none for ours, which runs in this one.
    """

    name: str
    script: str
    packages: tuple[str, ...]


CONTENDERS = (
    Contender("ours", "ours.py", ()),
    Contender("Splink", "splink_peer.py", ("splink==5.0.0", "pandas", "numpy")),
    Contender("recordlinkage", "recordlinkage_peer.py", ("recordlinkage==0.16",)),
    Contender("GoldenMatch", "goldenmatch_peer.py", ("goldenmatch==3.22.0", "polars", "numpy")),
    Contender(
        "dedupe",
        "dedupe_peer.py",
        ("dedupe==3.0.3", "BTrees==6.0", "zope.index==7.0", "unidecode"),  # it fails with newer ones
    ),
)


def python_of(contender: Contender, folder: Path) -> Path:
    """The interpreter of the contender's environment, made if it is not there.

    Raises:
        subprocess.CalledProcessError: it cannot be made; what the installer said is in `stderr`.
    """
    if not contender.packages:
        return Path(sys.executable)
    home = folder / contender.name.lower()
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (home / ".ready").exists():
        return python
    uv = shutil.which("uv")
    make = (
        [uv, "venv", "--quiet", "--clear", str(home)]
        if uv
        else [sys.executable, "-m", "venv", "--clear", str(home)]
    )
    install = (
        [uv, "pip", "install", "--quiet", "--python", str(python)]
        if uv
        else [str(python), "-m", "pip", "install", "--quiet"]
    )
    for command in (make, [*install, *contender.packages]):
        subprocess.run(command, check=True, capture_output=True, text=True)
    (home / ".ready").touch()
    return python


def contest(
    contender: Contender, python: Path, name: str, given: tuple[Path, Path], answer: Path
) -> dict[str, object]:
    """Let the contender answer one set; what it noted, or why there is no answer."""
    command = [str(python), str(PEERS / contender.script), name, *map(str, given), str(answer)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    except subprocess.TimeoutExpired:
        return {"failed": f"not done after {LIMIT} s"}
    note = answer.with_suffix(".json")
    if done.returncode or not note.exists():
        said = done.stderr.strip().splitlines()
        return {"failed": said[-1] if said else f"exit code {done.returncode}"}
    found: dict[str, object] = json.loads(note.read_text(encoding="utf-8"))
    return found
