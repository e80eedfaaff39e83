"""Invented numbers as authorities issue them: tax ids with check digits, registrations, people's ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from stdnum import luhn
from stdnum.at import uid as at_uid
from stdnum.ch import uid as ch_uid
from stdnum.de import vat as de_vat
from stdnum.es import cif as es_cif
from stdnum.es import dni as es_dni
from stdnum.fr import siren as fr_siren
from stdnum.gb import vat as gb_vat
from stdnum.ie import vat as ie_vat
from stdnum.iso7064 import mod_11_10
from stdnum.nl import bsn as nl_bsn
from stdnum.se import orgnr as se_orgnr
from stdnum.us import ein as us_ein
from stdnum.us import ssn as us_ssn

from mdm.demo.vocabulary import fill

Valid = Callable[[str], bool]


def tax_id(country: str, rng: Random) -> str:
    """A tax id of that country which passes its check, such as DE136695976."""
    draw, decorate = _TAX_IDS[country]
    return decorate(draw(rng))


def registration_number(country: str, rng: Random) -> str:
    """A number of that country's register of companies, such as HRB 48213."""
    return fill(_REGISTERS[country], rng)


def national_id(country: str, born: date, rng: Random) -> str:
    """What that country knows a resident by; Sweden's holds the birth date."""
    if country == "SE":
        stem = f"{born:%y%m%d}{rng.randrange(100, 980)}"
        return f"{born:%Y%m%d}-{stem[-3:]}{luhn.calc_check_digit(stem)}"
    return _NATIONAL_IDS[country](rng)


def wrong_digit(number: str, rng: Random) -> str:
    """The number with one digit mistyped, so that its check fails in nearly every case."""
    digits = [place for place, sign in enumerate(number) if sign.isdigit()]
    place = rng.choice(digits[1:])
    other = str((int(number[place]) + rng.randrange(1, 10)) % 10)
    return number[:place] + other + number[place + 1 :]


def _until_valid(pattern: str, valid: Valid) -> Callable[[Random], str]:
    """A draw that is repeated until the number passes: one in ten to one in a hundred does."""

    def draw(rng: Random) -> str:
        while True:
            number = fill(pattern, rng)
            if number[0] != "0" and valid(number):
                return number

    return draw


def _german_person(rng: Random) -> str:
    digits = rng.sample("0123456789", 9)
    digits.append(digits[0])
    while True:
        rng.shuffle(digits)
        if digits[0] != "0":
            return "".join(digits) + mod_11_10.calc_check_digit("".join(digits))


def _spanish_person(rng: Random) -> str:
    stem = fill("########", rng)
    return stem + es_dni.calc_check_digit(stem)


def _british_person(rng: Random) -> str:
    return rng.choice("ABCEHJKLM") + rng.choice("ABCEHJKLM") + fill("######", rng) + rng.choice("ABCD")


def _irish_firm(rng: Random) -> str:
    stem = fill("#######", rng)
    return stem + ie_vat.calc_check_digit(stem)


def _french_vat(siren: str) -> str:
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"


Draw = tuple[Callable[[Random], str], Callable[[str], str]]

_TAX_IDS: dict[str, Draw] = {
    "DE": (_until_valid("#########", de_vat.is_valid), "DE{}".format),
    "AT": (_until_valid("U########", at_uid.is_valid), "AT{}".format),
    "CH": (_until_valid("CHE#########", ch_uid.is_valid), str),
    "GB": (_until_valid("#########", gb_vat.is_valid), "GB{}".format),
    "IE": (_irish_firm, "IE{}".format),
    "US": (_until_valid("##-#######", us_ein.is_valid), str),
    "FR": (_until_valid("#########", fr_siren.is_valid), _french_vat),
    "NL": (_until_valid("#########", nl_bsn.is_valid), "NL{}B01".format),
    "SE": (_until_valid("556#######", se_orgnr.is_valid), "SE{}01".format),
    "ES": (_until_valid("B########", es_cif.is_valid), "ES{}".format),
}

_REGISTERS = {
    "DE": "HRB #####", "AT": "FN ######k", "CH": "CH-020.3.###.###-#", "GB": "0#######", "IE": "######",
    "US": "#######", "FR": "RCS ### ### ###", "NL": "6#######", "SE": "556###-####", "ES": "M-######",
}  # fmt: skip

_NATIONAL_IDS: dict[str, Callable[[Random], str]] = {
    "DE": _german_person,
    "GB": _british_person,
    "ES": _spanish_person,
    "US": _until_valid("###-##-####", us_ssn.is_valid),
    "NL": _until_valid("#########", nl_bsn.is_valid),
}
