"""Words that names of people, firms, streets and projects are made of."""

from __future__ import annotations

from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN = _words(
    "Anna Maria Laura Julia Sophie Emma Clara Nora Elena Sara Ines Greta Katharine Elizabeth Margaret Susan "
    "Robert William James Michael Thomas David Daniel Andrew Joseph Edward Richard Anthony Samuel Peter Paul "
    "Henry Oscar Felix Jonas Luis Marco Pierre Hugo Milan Igor Pavel Chen Yuki Amir Omar Fatima Leila Priya"
)
SHORT = {
    "Robert": "Bob", "William": "Bill", "James": "Jim", "Michael": "Mike", "Thomas": "Tom", "David": "Dave",
    "Daniel": "Dan", "Andrew": "Andy", "Joseph": "Joe", "Edward": "Ted", "Richard": "Rick", "Anthony": "Tony",
    "Samuel": "Sam", "Elizabeth": "Liz", "Katharine": "Kate", "Margaret": "Peggy", "Susan": "Sue",
}  # fmt: skip
FAMILY = _words(
    "Smith Jones Miller Brown Garcia Martin Rossi Novak "
    "Kowalski Müller Schmidt Weber Dubois Silva Ivanov Tanaka"
)
STREETS = _words(
    "Main Church Station Park Mill Garden Lake Bridge Market School Forest Hill River Queen King Harbour"
)
STREET_KINDS = (("Street", "St"), ("Road", "Rd"), ("Avenue", "Ave"), ("Lane", "Ln"))
TRADES = _words(
    "Analytics Logistics Foods Robotics Optics Textiles Energy Pharma Media Steel Software Consulting Marine"
)
FORMS = (
    ("GmbH", "Gesellschaft mbH"),
    ("Ltd", "Limited"),
    ("Inc", "Incorporated"),
    ("SA", "S.A."),
    ("AB", "Aktiebolag"),
)
UNITS = _words("Services Capital Holding Manufacturing Distribution International")
WORKS = _words(
    "Migration Rollout Audit Upgrade Relocation Implementation Assessment Integration Redesign Training"
)
DEPARTMENTS = _words(
    "Finance Sales Marketing Legal Research Procurement Production Logistics Payroll Facilities"
)
_START = _words("Bar Cal Dor Fen Gar Hol Kar Len Mar Nor Os Par Quin Ros Sal Tor Ul Van Wes Yor Zel")
_MIDDLE = _words("a e i o u an en in on er ar il")
_END = _words("ton son berg stein ford field ley ner ski elli ard ov dal strom quist")
_TOWN = _words("ville burg port ham mouth stadt bury")


def family_name(draw: Random) -> str:
    """A common family name in one of four, else one made of syllables."""
    if draw.random() < 0.25:
        return draw.choice(FAMILY)
    return draw.choice(_START) + draw.choice(_MIDDLE) + draw.choice(_END)


def town(draw: Random) -> str:
    """A town; there are about 1,700."""
    return draw.choice(_START) + draw.choice(_MIDDLE) + draw.choice(_TOWN)


def brand(draw: Random) -> str:
    """A brand of two syllable words."""
    return (
        draw.choice(_START)
        + draw.choice(_MIDDLE)
        + draw.choice(("x", "tek", "va", "lo", "ris", "dan", "mont"))
    )


def digits(draw: Random, count: int) -> str:
    """So many random digits, the first not 0."""
    return str(draw.randrange(10 ** (count - 1), 10**count))
