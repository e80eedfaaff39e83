"""Resolution: from source records to golden records, relations and tasks."""

from mdm.resolve.steps import Resolved, resolve

__all__ = ["Resolved", "resolve"]
