"""Which claim becomes the golden value: rules that rank claims, and the reason for the choice.

Pure functions of claims and circumstances: never of arrival or of the database; of the moment only where
trust decays, and then the moment is an argument.
"""

from mdm.survivorship.by_content import Longest, Maximum, Minimum, MostComplete, MostFrequent, Union
from mdm.survivorship.by_source import MostRecent, Oldest, Prefer
from mdm.survivorship.choosing import Choice, Together, choose, choose_together, together
from mdm.survivorship.claims import (
    NO_CLOCK,
    Circumstances,
    Claim,
    ClaimValue,
    SourceOrder,
    token_of,
)
from mdm.survivorship.conditions import Conditional, when
from mdm.survivorship.notation import NotationError, parse_rule
from mdm.survivorship.rule import Rule, rank
from mdm.survivorship.trust import Decay, Trust, exponential, linear, trust
from mdm.survivorship.words import (
    longest,
    maximum,
    minimum,
    most_complete,
    most_frequent,
    most_recent,
    oldest,
    prefer,
    union,
)

__all__ = [
    "NO_CLOCK",
    "Choice",
    "Circumstances",
    "Claim",
    "ClaimValue",
    "Conditional",
    "Decay",
    "Longest",
    "Maximum",
    "Minimum",
    "MostComplete",
    "MostFrequent",
    "MostRecent",
    "NotationError",
    "Oldest",
    "Prefer",
    "Rule",
    "SourceOrder",
    "Together",
    "Trust",
    "Union",
    "choose",
    "choose_together",
    "exponential",
    "linear",
    "longest",
    "maximum",
    "minimum",
    "most_complete",
    "most_frequent",
    "most_recent",
    "oldest",
    "parse_rule",
    "prefer",
    "rank",
    "together",
    "token_of",
    "trust",
    "union",
    "when",
]
