"""What stewards said about golden values: their own value in place of the sources', values that are banned.

`mdm.overrides.setting` and `mdm.overrides.banning` hold the use cases; reading is here.
"""

from mdm.overrides.lifetime import Lifetime, in_force, is_stale
from mdm.overrides.standing import (
    NOTHING_SAID,
    Said,
    StandingBan,
    StandingOverride,
    said_about,
    standing,
    standing_bans,
)

__all__ = [
    "NOTHING_SAID",
    "Lifetime",
    "Said",
    "StandingBan",
    "StandingOverride",
    "in_force",
    "is_stale",
    "said_about",
    "standing",
    "standing_bans",
]
