"""SuccessFactors (the acquired company's HR): companies, cost centers by first day, jobs with the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from mdm.demo.book import Book, Row
from mdm.demo.firm import Firm
from mdm.demo.keys import slug
from mdm.demo.organisation import ACQUIRED, CostCenter
from mdm.demo.seen_worker import see_in_hr
from mdm.demo.vocabulary import happens
from mdm.demo.wear import Wear, sap_date
from mdm.demo.workers import Worker

SOURCE = "successfactors"
HOST = "https://api44.sapsf.example/odata/v2"
_COMPANIES = {ACQUIRED: ("2000", "Brackwater Partners B.V."), "ALD-UK": ("2900", "Aldermoor Group PLC")}
_FOR_EVER = "/Date(253402214400000)/"


def successfactors(firm: Firm, book: Book) -> None:
    """Write everything that this system knows."""
    wear = Wear(firm.damage, book, firm.chance(SOURCE))
    companies = [e for e in firm.legal_entities if e.code in _COMPANIES]
    rows = [_company(e.code, e.thing, e.country, e.currency, book, wear) for e in companies]
    book.load(SOURCE, "legal_entity", book.answer(SOURCE, "fo_company", [_results(rows)]))
    centers = [c for c in firm.cost_centers if c.code[0] == "6"]
    codes = {center.thing: _code(center) for center in centers}
    rows = [_cost_center(center, codes, book, wear) for center in centers]
    book.load(SOURCE, "cost_center", book.answer(SOURCE, "fo_cost_center", [_results(rows)]))
    staff = [worker for worker in firm.workers if worker.acquired]
    keys = {w.thing: book.state("worker", SOURCE, str(104000 + 7 * k), w.thing) for k, w in enumerate(staff)}
    by_thing = {center.thing: center for center in centers}
    rows = [_job(worker, keys, by_thing[worker.cost_center], codes, wear) for worker in staff]
    book.load(SOURCE, "worker", book.answer(SOURCE, "emp_job", [_results(rows)]))


def _results(rows: Sequence[Row]) -> Row:
    return {"d": {"results": rows}}


def _moment(day: date) -> str:
    return sap_date(datetime.combine(day, time(tzinfo=UTC)))


def _meta(type_: str, key: str) -> Row:
    return {"uri": f"{HOST}/{type_}({key})", "type": f"SFOData.{type_}"}


def _code(center: CostCenter) -> str:
    """The acquired company's own code, which its HR still goes by."""
    return f"2000{center.code}"


def _company(code: str, thing: str, country: str, currency: str, book: Book, wear: Wear) -> Row:
    external, name = _COMPANIES[code]
    return {
        "__metadata": _meta("FOCompany", f"externalCode='{external}'"),
        "externalCode": book.state("legal_entity", SOURCE, external, thing),
        "startDate": _moment(date(2016, 1, 1)),
        "endDate": _FOR_EVER, "name": name, "country": country, "currency": currency, "status": "A",
        "lastModifiedDateTime": sap_date(wear.moment()),
    }  # fmt: skip


def _key(center: CostCenter, codes: dict[str, str]) -> Row:
    """The two fields that make a cost center's key: codes are issued again after some years."""
    return {"externalCode": codes[center.thing], "startDate": _moment(center.valid_from)}


def _cost_center(center: CostCenter, codes: dict[str, str], book: Book, wear: Wear) -> Row:
    key = _key(center, codes)
    book.state("cost_center", SOURCE, f"{key['externalCode']}@{key['startDate']}", center.thing)
    if center.valid_to:
        book.happened("reissued_codes")
    parent = {"externalCode": codes[center.parent], "startDate": key["startDate"]} if center.parent else None
    return {"__metadata": _meta("FOCostCenter", f"externalCode='{key['externalCode']}'")} | key | {
        "endDate": _moment(center.valid_to) if center.valid_to else _FOR_EVER, "name": center.name,
        "description": None,
        "status": "I" if center.valid_to else "A", "parent": parent and parent["externalCode"],
        "parentNav": parent,
        "costcenterManager": None, "costcenterExternalObjectID": center.code, "glStatementCode": None,
        "customString1": _COMPANIES[ACQUIRED][0], "lastModifiedDateTime": sap_date(wear.moment()),
    }  # fmt: skip


def _job(worker: Worker, keys: dict[str, str], center: CostCenter, codes: dict[str, str], wear: Wear) -> Row:
    seen = see_in_hr(worker, wear)
    user = keys[worker.thing]
    person = {
        "personIdExternal": worker.number, "dateOfBirth": _moment(worker.born),
        "nationalIdNav": {"results": _national_ids(worker, wear)},
        "emailNav": {"results": [{"emailType": "P",
        "emailAddress": worker.personal_email}] if happens(wear.rng, 0.7) else []},
        "phoneNav": {"results": [{"phoneType": "C",
        "phoneNumber": wear.telephone(worker.mobile)}] if happens(wear.rng, 0.8) else []},
    }  # fmt: skip
    return {
        "__metadata": _meta("EmpJob", f"seqNumber=1L,userId='{user}'"), "userId": user, "seqNumber": "1",
        "startDate": _moment(worker.hired), "endDate": _FOR_EVER, "company": _COMPANIES[ACQUIRED][0],
        "costCenter": codes[center.thing], "costCenterNav": _key(center, codes), "jobTitle": worker.title,
        "managerId": keys.get(worker.manager or "", "NO_MANAGER"), "employeeClass": "45601",
        "emplStatus": "45605" if worker.left or worker.moved else "45600", "fte": "1", "standardHours": "40",
        "lastModifiedDateTime": sap_date(seen.changed_at).replace(")/", "+0000)/"),
        "employmentNav": {
            "startDate": _moment(worker.hired), "endDate": _moment(worker.left) if worker.left else None,
            "isContingentWorker": False, "personNav": person,
        },
        "userNav": {
            "firstName": seen.given, "lastName": seen.family, "email": seen.email,
            "username": slug(seen.given)[:1] + slug(seen.family),
        },
    }  # fmt: skip


def _national_ids(worker: Worker, wear: Wear) -> list[Row]:
    number = wear.optional(worker.national_id)
    return [{"country": "NLD", "cardType": "BSN", "nationalId": number, "isPrimary": True}] if number else []
