"""Damage: what happens to a value between one system and the next."""

from __future__ import annotations

from random import Random

# Keys beside each other on a keyboard.
_BESIDE = dict(zip("abcdefghijklmnopqrstuvwxyz", "svxserfguhjnmjopweaytucdtz", strict=True))


def slip(text: str, draw: Random) -> str:
    """One slip of the pen: a letter left out, doubled, swapped with the next, or the key beside."""
    if len(text) < 3:
        return text
    at = draw.randrange(len(text) - 1)
    kind = draw.random()
    if kind < 0.25:
        return text[:at] + text[at + 1 :]
    if kind < 0.45:
        return text[:at] + text[at] + text[at:]
    if kind < 0.75:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + _BESIDE.get(text[at].lower(), text[at]) + text[at + 1 :]


def wrong_digit(text: str, draw: Random) -> str:
    """One digit changed."""
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    if not places:
        return text
    at = draw.choice(places)
    return text[:at] + str((int(text[at]) + draw.randrange(1, 10)) % 10) + text[at + 1 :]


def maybe(value: str, draw: Random, *, blank: float, slips: float) -> str:
    """The value, blank with one chance, with a slip with another."""
    if draw.random() < blank:
        return ""
    if draw.random() < slips:
        return wrong_digit(value, draw) if value[:1].isdigit() else slip(value, draw)
    return value
