"""Prints the schema of the built-in entity types, or of a deployment, in the schema definition language.

python -m mdm_graphql > graphql/schema.graphql
python -m mdm_graphql --config mdm.toml
python -m mdm_graphql --federated > subgraph.graphql
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from mdm.entities import load_registry
from mdm.errors import MdmError
from mdm.settings import load_settings
from mdm_graphql.schema import sdl


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0, or 1 with one sentence on standard error."""
    parser = argparse.ArgumentParser(
        prog="python -m mdm_graphql",
        description="Print the GraphQL schema; the built-in entity types without --config.",
    )
    parser.add_argument("--config", type=Path, help="an mdm.toml whose entity types are added")
    parser.add_argument(
        "--federated", action="store_true", help="as a subgraph for a router of Apollo Federation 2"
    )
    given = parser.parse_args(arguments)
    config: Path | None = given.config
    try:
        settings = load_settings(config) if config else None
        registry = load_registry(settings.entities, settings.folder) if settings else load_registry()
        sys.stdout.write(sdl(registry, federated=given.federated))
    except MdmError as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
