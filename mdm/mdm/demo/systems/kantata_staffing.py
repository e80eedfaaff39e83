"""Kantata (PSA): who is booked on which project, and what people and roles are billed at.

An allocation shows `user_id` and `role_name` of its resource beside its own fields, as the export
joins them.
"""

from __future__ import annotations

from mdm.demo.book import Book, Row
from mdm.demo.firm import Firm
from mdm.demo.staffing import Assignment, CardRate, hourly_cents
from mdm.demo.systems.kantata import SOURCE, envelopes
from mdm.demo.wear import Wear, iso
from mdm.demo.workers import Worker


def kantata_staffing(firm: Firm, book: Book) -> None:
    """Write the assignments and rates of this system."""
    wear = Wear(firm.damage, book, firm.chance("kantata staffing"))
    _allocations(firm, book, wear)
    members = [
        _membership(worker, book, wear) for worker in firm.workers if book.key("worker", SOURCE, worker.thing)
    ]
    files = book.answer(SOURCE, "account_memberships", envelopes("account_memberships", members))
    book.load(SOURCE, "rate", files, "account_memberships_bill")
    book.load(SOURCE, "rate", files, "account_memberships_cost")
    lines = [
        _card_line(rate, copy, book, wear)
        for rate in firm.card_rates
        if _has_client(rate, book)
        for copy in range(2 if wear.befalls("repeated_request") else 1)
    ]
    files = book.answer(SOURCE, "rate_card_roles", envelopes("rate_card_roles", lines))
    book.load(SOURCE, "rate", files)


def _allocations(firm: Firm, book: Book, wear: Wear) -> None:
    rows: list[Row] = []
    for assignment in firm.assignments:
        worker = book.key("worker", SOURCE, assignment.worker.thing)
        project = book.key("project", SOURCE, assignment.project.thing)
        if worker is None or project is None:
            continue
        for _ in range(2 if wear.befalls("repeated_request") else 1):
            key = book.state("assignment", SOURCE, str(8100000 + len(rows)), assignment.thing)
            rows.append(_allocation(assignment, key, worker, project, wear))
    files = book.answer(SOURCE, "workspace_allocations", envelopes("workspace_allocations", rows))
    book.load(SOURCE, "assignment", files)


def _allocation(assignment: Assignment, key: str, worker: str, project: str, wear: Wear) -> Row:
    return {
        "id": key, "workspace_id": project, "workspace_resource_id": f"9{key}", "user_id": worker,
        "role_name": assignment.role, "start_date": f"{assignment.start}", "end_date": f"{assignment.end}",
        "minutes": 480 * assignment.percentage, "percentage": assignment.percentage, "hard": assignment.hard,
        "updated_at": iso(wear.moment()),
    }  # fmt: skip


def _membership(worker: Worker, book: Book, wear: Wear) -> Row:
    user = book.key("worker", SOURCE, worker.thing)
    key = f"61{user}"
    bill, cost = hourly_cents(worker, wear.rng)
    book.state("rate", SOURCE, f"bill-{key}", f"bill of {worker.thing}")
    book.state("rate", SOURCE, f"cost-{key}", f"cost of {worker.thing}")
    return {
        "id": key, "user_id": user, "permission": "Collaborator", "bill_rate_in_cents": bill,
        "cost_rate_in_cents": cost, "currency": "GBP", "billability_target": 80, "disabled_at": None,
        "updated_at": iso(wear.moment()),
    }  # fmt: skip


def _has_client(rate: CardRate, book: Book) -> bool:
    return rate.client is None or book.key("client", SOURCE, rate.client.thing) is not None


def _card_line(rate: CardRate, copy: int, book: Book, wear: Wear) -> Row:
    number = rate.thing.rpartition("-")[2]
    line = f"{5000 * copy + int(number)}"
    book.state("rate", SOURCE, f"card-{line}", rate.thing)
    return {
        "id": line, "rate_card_id": str(300 + int(number) // 14), "role_name": rate.role,
        "rate_in_cents": rate.cents, "currency": rate.currency,
        "workspace_group_id": book.key("client", SOURCE, rate.client.thing) if rate.client else None,
        "start_date": f"{rate.valid_from}", "end_date": f"{rate.valid_to}" if rate.valid_to else None,
        "updated_at": iso(wear.moment()),
    }  # fmt: skip
