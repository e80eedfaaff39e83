"""Who may see and do what: principals and roles, the view below every door, keys and tokens."""

from mdm.access.principal import (
    ACTIONS,
    ALL_DOMAINS,
    Action,
    Principal,
    Role,
    everything,
)
from mdm.access.view import View, view_of

__all__ = ["ACTIONS", "ALL_DOMAINS", "Action", "Principal", "Role", "View", "everything", "view_of"]
