"""Registered operations: a manifest of documents by their SHA-256, made when an application is built.

An operation is asked for by `extensions.persistedQuery.sha256Hash` instead of its text, as Apollo's
clients do. A key may be marked so that it runs no others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from strawberry.extensions import SchemaExtension

from graphql import GraphQLError
from mdm.errors import SettingsError
from mdm_graphql.context import Context

UNKNOWN = "No registered operation has this SHA-256; add it to the manifest that mdm.toml names."
ONLY = "This key runs registered operations only; send extensions.persistedQuery.sha256Hash of one."


def read_manifest(path: Path | None) -> dict[str, str]:
    """The documents of a manifest by hash, each checked against it; none without a manifest.

    Raises:
        SettingsError: it cannot be read, is no JSON object of texts, or a hash is not that of its document.
    """
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as exc:
        raise SettingsError(
            f"Cannot read the operations in {path} ({exc}); correct graphql.operations."
        ) from exc
    if not isinstance(found, dict):
        raise SettingsError(f"{path} is no JSON object of SHA-256 to document; make it anew.")
    for name, document in found.items():
        if not isinstance(document, str) or hash_of(document) != name:
            raise SettingsError(f"{path}: {name} is not the SHA-256 of its document; make the manifest anew.")
    return found


def hash_of(document: str) -> str:
    """The name of a document in the manifest."""
    return hashlib.sha256(document.encode()).hexdigest()


class RegisteredOperations(SchemaExtension):
    """Finds the document of a hash, and refuses unregistered ones to those who may run no others."""

    def __init__(self, manifest: Mapping[str, str]) -> None:
        self.manifest = manifest

    def on_operation(self) -> Iterator[None]:
        """Before anything is looked at."""
        wanted = self._hash()
        if wanted:
            document = self.manifest.get(wanted)
            given = self.execution_context.query
            if document is None or given not in {None, "", document}:
                raise GraphQLError(UNKNOWN, extensions={"code": "PERSISTED_QUERY_NOT_FOUND"})
            self.execution_context.query = document
        elif self._is_bound() and hash_of(self.execution_context.query or "") not in self.manifest:
            raise GraphQLError(ONLY, extensions={"code": "PERSISTED_ONLY"})
        yield

    def _is_bound(self) -> bool:
        return cast(Context, self.execution_context.context).principal.persisted_only

    def _hash(self) -> str:
        given: Any = (self.execution_context.operation_extensions or {}).get("persistedQuery")
        found = given.get("sha256Hash") if isinstance(given, Mapping) else None
        return found if isinstance(found, str) else ""
