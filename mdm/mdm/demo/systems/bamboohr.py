"""BambooHR (the firm's HR): employees as a report answers them, and the list of departments.

A department's label begins with the cost center's code, and an employee's division is the code of the company
in the ERP, as the tenant set the lists up.
"""

from __future__ import annotations

from datetime import date, timedelta

from mdm.demo.book import Book, Row
from mdm.demo.firm import Firm
from mdm.demo.organisation import CostCenter
from mdm.demo.seen_worker import SeenWorker, see_in_hr
from mdm.demo.vocabulary import happens, table
from mdm.demo.wear import Wear, iso, shortened
from mdm.demo.workers import Worker

SOURCE = "bamboohr"
_FIELDS = (
    "id", "employeeNumber", "firstName", "lastName", "preferredName", "workEmail", "homeEmail", "mobilePhone",
    "address1", "city", "state", "zipcode", "country", "dateOfBirth", "ssn", "hireDate", "originalHireDate",
    "terminationDate", "employmentHistoryStatus", "status", "jobTitle", "department", "division",
    "supervisorEId", "lastChanged",
)  # fmt: skip


def bamboohr(firm: Firm, book: Book) -> None:
    """Write everything that this system knows."""
    wear = Wear(firm.damage, book, firm.chance(SOURCE))
    departments = _departments(firm, book, wear)
    staff = [
        worker
        for worker in firm.workers
        if worker.kind == "employee" and (not worker.acquired or worker.moved)
    ]
    keys = {w.thing: book.state("worker", SOURCE, str(100 + k), w.thing) for k, w in enumerate(staff)}
    rows = [_employee(worker, keys, departments, wear) for worker in staff]
    for number, worker in enumerate([w for w in staff if w.rehired], start=len(staff)):
        rows.append(_former_employment(worker, str(100 + number), rows[staff.index(worker)], book, wear))
    # A birth date that is none: the row has to wait until somebody corrects it.
    rows.append(rows[0] | {"id": "9001", "employeeNumber": "29001", "dateOfBirth": "1985-13-40"})
    book.unusable += 1
    fields = [{"id": name, "type": "text", "name": name} for name in _FIELDS]
    files = book.answer(SOURCE, "employees", [{"title": "Hub", "fields": fields, "employees": rows}])
    book.load(SOURCE, "worker", files)


def _departments(firm: Firm, book: Book, wear: Wear) -> dict[str, str]:
    """The list of departments; cost-center thing to label. Old ones stay in it, archived."""
    labels: dict[str, str] = {}
    options: list[Row] = []
    for center in firm.cost_centers:
        if center.code[0] == "6" or not (center.valid_to or center.other_name or happens(wear.rng, 0.85)):
            continue
        name = shortened(center.name) if wear.befalls("abbreviation") else center.name
        labels[center.thing] = label = f"{center.code} - {name}"
        book.state("cost_center", SOURCE, label, center.thing)
        options.append(_option(center, label, 4000 + len(options)))
        if center.valid_to:
            book.happened("reissued_codes")
        if center.other_name:
            erp = book.key("cost_center", "business_central", center.thing)
            left, right = f"{SOURCE}:{label}", f"business_central:{erp}"
            book.doubt("cost_center", left, right, "the same code under a wholly different name")
    lists = [
        {"fieldId": 18, "alias": "location", "manageable": "yes", "multiple": "no", "name": "Location",
        "options": []},
        {"fieldId": 4, "alias": "department", "manageable": "yes", "multiple": "no", "name": "Department",
        "options": options},
    ]  # fmt: skip
    book.load(SOURCE, "cost_center", book.answer(SOURCE, "departments", [lists]))
    return labels


def _option(center: CostCenter, label: str, number: int) -> Row:
    return {
        "id": number, "archived": "yes" if center.valid_to else "no",
        "createdDate": f"{center.valid_from}T08:00:00Z",
        "archivedDate": f"{center.valid_to}T08:00:00Z" if center.valid_to else None, "name": label,
    }  # fmt: skip


def _employee(worker: Worker, keys: dict[str, str], departments: dict[str, str], wear: Wear) -> Row:
    seen = see_in_hr(worker, wear)
    since = worker.hired + timedelta(days=1900) if worker.rehired else worker.hired
    number = _second_number(worker.number, 70000) if worker.moved or worker.converted else worker.number
    return _row(worker, seen, wear) | {
        "id": keys[worker.thing], "employeeNumber": number, "hireDate": since.isoformat(),
        "originalHireDate": worker.hired.isoformat(), "department": departments.get(worker.cost_center),
        "division": worker.company, "supervisorEId": keys.get(worker.manager or ""),
        "terminationDate": worker.left.isoformat() if worker.left else None,
        "status": "Inactive" if worker.left else "Active",
    }  # fmt: skip


def _second_number(number: str, offset: int) -> str:
    return str(offset + int(number))


def _row(worker: Worker, seen: SeenWorker, wear: Wear) -> Row:
    """What HR knows of a person whatever the employment."""
    return {
        "firstName": seen.given, "lastName": seen.family,
        "preferredName": worker.nickname if worker.nickname and happens(wear.rng, 0.4) else None,
        "workEmail": seen.email,
        "homeEmail": worker.personal_email if worker.converted else wear.optional(worker.personal_email, 0.8),
        "mobilePhone": wear.optional(wear.telephone(worker.mobile), 0.85), "address1": worker.address.street,
        "city": worker.address.city, "state": worker.address.region or None,
        "zipcode": worker.address.postcode,
        "country": table("country")[worker.address.country], "dateOfBirth": worker.born.isoformat(),
        "ssn": wear.optional(worker.national_id), "jobTitle": worker.title,
        "employmentHistoryStatus": "Part-Time" if happens(wear.rng, 0.15) else "Full-Time",
        "lastChanged": iso(seen.changed_at),
    }  # fmt: skip


def _former_employment(worker: Worker, key: str, today: Row, book: Book, wear: Wear) -> Row:
    """The first employment of somebody who came back: another number, last changed on the way out."""
    left = worker.hired + timedelta(days=1200)
    book.state("worker", SOURCE, key, worker.thing)
    book.happened("rehires")
    return today | {
        "id": key, "employeeNumber": _second_number(worker.number, -10000),
        "hireDate": worker.hired.isoformat(),
        "workEmail": None, "mobilePhone": None, "terminationDate": min(left, date(2024, 12, 31)).isoformat(),
        "address1": None, "zipcode": None, "status": "Inactive", "ssn": worker.national_id,
        "lastChanged": iso(wear.long_ago()),
    }  # fmt: skip
