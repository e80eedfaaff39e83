"""Which numbers of authorities are well formed, by the rules of their country."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Protocol, cast

from stdnum import lei
from stdnum.exceptions import ValidationError

from mdm_matching.semantics.country_codes import country_code
from mdm_matching.semantics.number_signs import signs

# Modules of python-stdnum that know a country's tax numbers, the VAT number first; a number must pass one of them.
_TAX = {
    "AR": "ar.cuit", "AT": "at.uid at.tin", "AU": "au.abn au.acn au.tfn", "AZ": "az.voen", "BE": "be.vat", "BG": "bg.vat",
    "BR": "br.cnpj br.cpf", "BY": "by.unp", "CA": "ca.bn ca.sin", "CH": "ch.vat ch.uid", "CL": "cl.rut", "CN": "cn.uscc cn.ric",
    "CO": "co.nit", "CR": "cr.cpj", "CY": "cy.vat", "CZ": "cz.dic", "DE": "de.vat de.stnr de.idnr", "DK": "dk.cvr dk.cpr",
    "DO": "do.rnc", "EC": "ec.ruc", "EE": "ee.kmkr ee.registrikood", "EG": "eg.tn", "ES": "es.nif", "FI": "fi.alv fi.ytunnus",
    "FR": "fr.tva fr.siren fr.siret fr.nif", "GB": "gb.vat gb.utr", "GR": "gr.vat", "GT": "gt.nit", "HR": "hr.oib", "HU": "hu.anum",
    "ID": "id.npwp", "IE": "ie.vat", "IL": "il.hp", "IN": "in_.gstin in_.pan", "IS": "is_.vsk is_.kennitala",
    "IT": "it.iva it.codicefiscale", "JP": "jp.cn", "KR": "kr.brn", "LT": "lt.pvm", "LU": "lu.tva", "LV": "lv.pvn", "MC": "mc.tva",
    "MX": "mx.rfc", "MT": "mt.vat", "NL": "nl.btw", "NO": "no.mva no.orgnr", "NZ": "nz.ird", "PE": "pe.ruc", "PL": "pl.nip pl.regon",
    "PT": "pt.nif", "PY": "py.ruc", "RO": "ro.cf", "RS": "rs.pib", "RU": "ru.inn", "SE": "se.vat se.orgnr", "SG": "sg.uen",
    "SI": "si.ddv", "SK": "sk.dph", "SM": "sm.coe", "TH": "th.tin", "TR": "tr.vkn tr.tckimlik", "TW": "tw.ubn", "UA": "ua.edrpou",
    "US": "us.tin", "UY": "uy.rut", "VE": "ve.rif", "VN": "vn.mst", "ZA": "za.tin",
}  # fmt: skip
_REGISTER = {
    "AT": "at.businessid", "AU": "au.acn au.abn", "BE": "be.vat", "BR": "br.cnpj", "CA": "ca.bn", "CH": "ch.uid", "CN": "cn.uscc",
    "CZ": "cz.dic", "DK": "dk.cvr", "EE": "ee.registrikood", "FI": "fi.ytunnus", "FR": "fr.siren fr.siret", "IL": "il.hp",
    "JP": "jp.cn", "KR": "kr.brn", "NO": "no.orgnr", "NZ": "nz.ird", "PL": "pl.regon", "SE": "se.orgnr", "SG": "sg.uen",
    "TW": "tw.ubn", "UA": "ua.edrpou",
}  # fmt: skip
_NATIONAL = {
    "AR": "ar.dni", "BE": "be.nn be.bis", "BG": "bg.egn", "BR": "br.cpf", "CA": "ca.sin", "CH": "ch.ssn", "CL": "cl.rut",
    "CN": "cn.ric", "CO": "co.nit", "CZ": "cz.rc", "DE": "de.idnr", "DK": "dk.cpr", "EE": "ee.ik", "ES": "es.dni es.nie es.nif",
    "FI": "fi.hetu", "FR": "fr.nir", "GB": "gb.nhs", "GR": "gr.amka", "HR": "hr.oib", "IE": "ie.pps", "IL": "il.idnr",
    "IN": "in_.aadhaar in_.pan", "IS": "is_.kennitala", "IT": "it.codicefiscale", "KR": "kr.rrn", "LT": "lt.asmens",
    "MX": "mx.curp", "MY": "my.nric", "NL": "nl.bsn", "NO": "no.fodselsnummer", "PL": "pl.pesel", "PT": "pt.cc pt.nif", "RO": "ro.cnp",
    "RS": "rs.pib", "SE": "se.personnummer", "SG": "sg.uen", "SI": "si.emso", "SK": "sk.rc", "TH": "th.pin", "TR": "tr.tckimlik",
    "US": "us.ssn us.itin", "ZA": "za.idnr",
}  # fmt: skip
# Countries whose register numbers, or whose citizens' numbers, carry no check digit that could be tested.
_NO_CHECK_DIGIT = frozenset({"US"})
_UNTESTED_NATIONAL = frozenset({"GB", "RS", "SG", "AR", "IL", "CO", "CL"})
_COUNTRY_OF_PREFIX = {"EL": "GR", "XI": "GB", "UK": "GB"}
_GERMAN_REGISTER = re.compile(r"(?:amtsgericht|ag)?([a-z]*?)(hra|hrb|gnr|pr|vr)(\d{1,7})([a-z]{0,3})")
_PREFIXED = re.compile(r"([a-z]{2})(?=[a-z0-9]*\d)")


class _Rules(Protocol):
    def compact(self, number: str) -> str: ...
    def is_valid(self, number: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Checked:
    """A number of an authority that is well formed as far as can be told.

    Attributes:
        number: its signs without the country's letters.
        country: two letters, "" if not known.
        checked: whether check digits were tested and hold.
        note: what a steward should know about it.
    """

    number: str
    country: str
    checked: bool
    note: str = ""


def checked_tax_id(value: str, context: str = "") -> Checked | None:
    """A tax id with its country, from its first letters or else `context`; None if it breaks the country's rules."""
    text = signs(value)
    if not 4 < len(text) < 25 or not any(map(str.isdigit, text)) or len(set(text)) < 3:
        return None
    for country in _countries(text, context, _TAX):
        number = _passing(value, text, country, _TAX[country])
        if number:
            return Checked(number, country, checked=country not in _NO_CHECK_DIGIT)
    named = _countries(text, context, _TAX)
    if named:
        return None
    return _opaque(text, context)


def checked_register_number(value: str, context: str = "") -> Checked | None:
    """A number in a public register; None if it breaks the rules of a register that has check digits."""
    text = signs(value)
    if len(text) < 3 or not any(map(str.isdigit, text)) or len(set(text)) < 2:
        return None
    country = country_code(context) if context else ""
    german = _GERMAN_REGISTER.fullmatch(text)
    if german and country in ("", "DE"):
        court, register, number, suffix = german.groups()
        return Checked(
            f"{register}{number.lstrip('0')}{suffix}",
            "DE",
            checked=False,
            note=f"court {court}" if court else "",
        )
    if country in _REGISTER:
        number = _passing(value, text, country, _REGISTER[country])
        return Checked(number, country, checked=True) if number else None
    if country == "GB" and text.isdigit():
        text = text.zfill(8)
    return Checked(
        text.lstrip("0") if text.isdigit() and country != "GB" else text,
        country,
        checked=False,
        note="not checked",
    )


def checked_national_id(value: str, context: str = "") -> Checked | None:
    """A person's number with the state; None if it breaks the rules of its country."""
    text = signs(value)
    if (
        not 3 < len(text) < 25
        or not any(map(str.isdigit, text))
        or len(set(text)) < 3
        or text in "01234567890123456789"
    ):
        return None
    country = country_code(context) if context else ""
    if country in _NATIONAL and country not in _UNTESTED_NATIONAL:
        number = _passing(value, text, country, _NATIONAL[country])
        return Checked(number, country, checked=country not in _NO_CHECK_DIGIT) if number else None
    return Checked(text, country, checked=False, note="not checked")


def checked_lei(value: str) -> str:
    """A legal entity identifier in capitals; "" if it is none."""
    text = signs(value).upper()
    return text if len(text) == 20 and lei.is_valid(text) else ""


def _opaque(text: str, context: str) -> Checked | None:
    """A number of a country without known rules, kept as it stands."""
    country = country_code(context) if context else ""
    found = _PREFIXED.match(text)
    if found and not country:
        country = country_code(found.group(1))
    if country and text.startswith(country.lower()) and any(map(str.isdigit, text[2:])):
        text = text[2:]
    return Checked(
        text, country, checked=False, note="country not known, not checked" if not country else "not checked"
    )


def _countries(text: str, context: str, table: dict[str, str]) -> list[str]:
    """The countries whose rules a number may follow: that of its first letters, then that of the context."""
    found = _PREFIXED.match(text)
    prefix = found.group(1).upper() if found else ""
    named = [_COUNTRY_OF_PREFIX.get(prefix, prefix), country_code(context) if context else ""]
    return [country for country in dict.fromkeys(named) if country in table]


@cache
def _rules(country: str, modules: str) -> tuple[_Rules, ...]:
    return tuple(cast(_Rules, import_module(f"stdnum.{module}")) for module in modules.split())


def _passing(value: str, text: str, country: str, modules: str) -> str:
    """The number without its country's letters if one of the country's rules holds for it, else ""."""
    letters = tuple(
        prefix for prefix, of in (*_COUNTRY_OF_PREFIX.items(), (country, country)) if of == country
    )
    bare = next((text[2:] for prefix in letters if text.startswith(prefix.lower())), text)
    for rules in _rules(country, modules):
        for spelling in dict.fromkeys((bare, text, value)):
            try:
                if rules.is_valid(spelling):
                    number = rules.compact(spelling).lower()
                    return next(
                        (number[2:] for prefix in letters if number.startswith(prefix.lower())), number
                    )
            except (ValidationError, ValueError, IndexError):
                continue
    return ""
