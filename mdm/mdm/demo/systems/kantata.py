"""Kantata (PSA): client groups, users, projects as workspaces.

The tenant writes the project code and the link of the contract into a workspace's description, `P24-1113 | https://...`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mdm.demo.book import Book, Row, pages
from mdm.demo.clients import Client
from mdm.demo.firm import Firm
from mdm.demo.placing import clients_of, coded_in_psa, in_psa
from mdm.demo.projects import Project
from mdm.demo.seen_client import Holds, see
from mdm.demo.seen_worker import new_mailbox, see_in_tool
from mdm.demo.vocabulary import happens, table
from mdm.demo.wear import Wear, iso
from mdm.demo.workers import Worker

SOURCE = "kantata"
HOLDS = Holds(website=0.65, email=0.55, phone=0.65, address=0.85, number=0.45, short_name=0.45)
CONTRACT_LINK = "https://ironcladapp.com/records/"


def kantata(firm: Firm, book: Book) -> None:
    """Write the clients, people and projects of this system."""
    wear = Wear(firm.damage, book, firm.chance(SOURCE))
    placed = {client.thing for client in clients_of(firm, SOURCE)}
    placed |= {project.client.thing for project in firm.projects if project.client and in_psa(firm, project)}
    groups = [_group(client, book, wear) for client in firm.clients if client.thing in placed]
    groups += _brand_only(firm, book, wear)
    book.load(
        SOURCE, "client", book.answer(SOURCE, "workspace_groups", envelopes("workspace_groups", groups))
    )
    users = [_user(worker, book, wear) for worker in firm.workers if _delivers(worker, wear)]
    book.load(SOURCE, "worker", book.answer(SOURCE, "users", envelopes("users", users)))
    workspaces = [_workspace(firm, project, book, wear) for project in firm.projects if in_psa(firm, project)]
    workspaces.append(workspaces[0] | {"id": "40299999", "start_date": "TBD"})
    book.unusable += 1
    documents = envelopes("workspaces", workspaces, {str(group["id"]): group for group in groups})
    book.load(SOURCE, "project", book.answer(SOURCE, "workspaces", documents))


def envelopes(name: str, rows: Sequence[Row], groups: dict[str, Row] | None = None) -> Iterator[Row]:
    """The pages of an object: the order in `results`, the rows by id, and the client groups they name."""
    parts = list(pages(rows, 200))
    for number, part in enumerate(parts, start=1):
        document: Row = {
            "count": len(rows), "results": [{"key": name, "id": row["id"]} for row in part],
            name: {str(row["id"]): row for row in part},
        }  # fmt: skip
        if groups is not None:
            named = {key for row in part for key in row["workspace_group_ids"]}  # type: ignore[attr-defined]  # a list
            document["workspace_groups"] = {key: groups[key] for key in sorted(named)}
        document["meta"] = {
            "count": len(rows),
            "page_count": len(parts),
            "page_number": number,
            "page_size": 200,
        }
        yield document


def _group(client: Client, book: Book, wear: Wear) -> Row:
    seen = see(client, HOLDS, wear)
    key = book.state("client", SOURCE, str(550000 + len(book.truth)), client.thing)
    where = seen.address
    text = (
        f"{where.street}, {where.city}, {where.postcode}, {table('country')[where.country]}"
        if where
        else None
    )
    return {
        "id": key, "name": seen.name, "company": True, "contact_name": None, "email": seen.email,
        "phone_number": seen.phone, "address": text, "website": seen.website,
        "notes": f"ERP {seen.number}" if seen.number == client.number else None, "external_reference_ids": [],
        "created_at": "2021-03-01T08:00:00Z", "updated_at": iso(seen.changed_at),
    }  # fmt: skip


def _brand_only(firm: Firm, book: Book, wear: Wear) -> list[Row]:
    """Rows that say "Norvind" and the group's site: the parent is meant, any of its companies may be."""
    known = [
        c for c in firm.clients if c.in_group and c.level == 1 and book.key("client", "salesforce", c.thing)
    ]
    rows = []
    for client in wear.rng.sample(known, min(firm.damage.brand_only, len(known))):
        key = book.state("client", SOURCE, str(550000 + len(book.truth)), client.thing)
        rows.append(
            _group(client, Book(), wear)
            | {
                "id": key, "name": client.brand, "email": None, "phone_number": None, "address": None,
                "notes": None,
                "website": client.domain,
            }
        )  # fmt: skip
        account = book.key("client", "salesforce", client.thing)
        book.doubt(
            "client", f"{SOURCE}:{key}", f"salesforce:{account}", "a group's brand and site and nothing else"
        )
        book.happened("brand_only")
    return rows


def _delivers(worker: Worker, wear: Wear) -> bool:
    return worker.kind == "contractor" or worker.converted or happens(wear.rng, 0.85)


def _user(worker: Worker, book: Book, wear: Wear) -> Row:
    seen = see_in_tool(worker, wear)
    key = book.state("worker", SOURCE, str(70000 + len(book.truth)), worker.thing)
    if seen.email == worker.personal_email:
        book.happened("converted")
    if new_mailbox(worker):
        employee = book.key("worker", "bamboohr", worker.thing)
        why = "another family name and another mailbox"
        book.doubt("worker", f"{SOURCE}:{key}", f"bamboohr:{employee}", why)
    return {
        "id": key, "full_name": seen.full_name, "photo_path": None, "email_address": seen.email,
        "headline": worker.title, "generic": False, "disabled": worker.left is not None, "account_id": "9020",
        "updated_at": iso(seen.changed_at),
    }  # fmt: skip


def _workspace(firm: Firm, project: Project, book: Book, wear: Wear) -> Row:
    key = book.state("project", SOURCE, str(40200000 + int(project.thing.partition("-")[2])), project.thing)
    group = book.key("client", SOURCE, project.client.thing if project.client else None)
    contract = book.key("engagement", "ironclad", project.engagement.thing if project.engagement else None)
    code = project.code if coded_in_psa(firm, project) else ""
    return {
        "id": key, "title": project.name, "account_id": 9020, "archived": project.is_over,
        "description": f"{code} | {CONTRACT_LINK + contract if contract else ''}",
        "start_date": f"{project.start}",
        "due_date": f"{project.end}", "effective_due_date": f"{project.end}", "budgeted": True,
        "change_orders_enabled": True, "currency": project.currency, "currency_base_unit": 100,
        "price_in_cents": project.budget * 100, "rate_card_id": None,
        "status": {"color": "grey", "key": 310, "message": "Closed"} if project.is_over
        else {"color": "light-green", "key": 210, "message": "Active"},
        "created_at": f"{project.start}T09:00:00Z", "updated_at": iso(wear.moment()), "creator_id": "70001",
        "primary_maven_id": book.key("worker", SOURCE, project.manager.thing), "participant_ids": [],
        "workspace_group_ids": [group] if group else [], "custom_field_value_ids": [],
    }  # fmt: skip
