"""What the hub said at a past moment (system time), and what held on a day (valid time)."""

from mdm.history.when import NOW, When

__all__ = ["NOW", "When"]
