"""Keys in the shape in which each system issues them; invented, and never issued twice."""

from __future__ import annotations

from random import Random
from string import ascii_letters, ascii_lowercase, ascii_uppercase, digits
from uuid import UUID

from anyascii import anyascii

SIGNS = ascii_uppercase + "012345"


def guid(rng: Random) -> str:
    """A random UUID, version 4."""
    return str(UUID(int=rng.getrandbits(128), version=4))


def salesforce_id(prefix: str, rng: Random) -> str:
    """An 18-character id: 3 of the object's prefix, 12 of its own, 3 that tell upper from lower case.

    The last three are one sign for each five characters, whose bits say which of them are capitals.
    """
    stem = prefix + "Qk0000" + "".join(rng.choices(ascii_letters + digits, k=6))
    fives = (stem[start : start + 5] for start in (0, 5, 10))
    return stem + "".join(
        SIGNS[sum(1 << k for k, sign in enumerate(five) if sign in ascii_uppercase)] for five in fives
    )


def account_id(rng: Random) -> str:
    """What Jira knows a user by: 24 hexadecimal digits, opaque."""
    return f"5{rng.getrandbits(92):023x}"


def etag(rng: Random) -> str:
    """The version mark of a Business Central row."""
    return f'W/"{"".join(rng.choices(ascii_letters + digits, k=20))}"'


def project_key(name: str, taken: set[str]) -> str:
    """A Jira project key out of the name's initials, with a letter more where it is taken."""
    letters = [word[0].upper() for word in name.split() if word[0] in ascii_letters]
    stem = ("".join(letters) + "PRJ")[:4]
    key, serial = stem, 0
    while key in taken:
        serial += 1
        key = f"{stem}{serial}"
    taken.add(key)
    return key


def slug(text: str) -> str:
    """A name as a domain label: lower case, ASCII letters and digits, words joined by a hyphen."""
    plain = "".join(sign if sign in ascii_lowercase + digits else " " for sign in anyascii(text).lower())
    return "-".join(plain.split())
