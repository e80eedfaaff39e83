"""Jira (delivery): users, and projects whose `psa` property names code and client group of the PSA."""

from __future__ import annotations

from collections import Counter

from mdm.demo.book import Book, Row, pages
from mdm.demo.firm import Firm
from mdm.demo.keys import account_id, project_key
from mdm.demo.placing import coded_in_psa, in_psa
from mdm.demo.projects import Project
from mdm.demo.seen_worker import see_in_tool
from mdm.demo.vocabulary import happens
from mdm.demo.wear import Wear
from mdm.demo.workers import Worker

SOURCE = "jira"
SITE = "https://aldermoor.atlassian.net/rest/api/3"
_ROBOTS = ("Automation for Jira", "Slack", "Microsoft Teams")


def jira(firm: Firm, book: Book) -> None:
    """Write everything that this system knows."""
    wear = Wear(firm.damage, book, firm.chance(SOURCE))
    users = _users(firm, book, wear)
    book.load(SOURCE, "worker", book.answer(SOURCE, "users", pages(users, 200)))
    rows = _projects(firm, book, wear)
    documents = [
        {
            "self": f"{SITE}/project/search?startAt={50 * number}&maxResults=50", "maxResults": 50,
            "startAt": 50 * number, "total": len(rows), "isLast": 50 * (number + 1) >= len(rows),
            "values": page,
        }
        for number, page in enumerate(pages(rows, 50))
    ]  # fmt: skip
    book.load(SOURCE, "project", book.answer(SOURCE, "projects", documents))


def _users(firm: Firm, book: Book, wear: Wear) -> list[Row]:
    shown = [worker for worker in firm.workers if happens(wear.rng, 0.78)]
    hidden = _hidden(firm, shown, book, wear)
    rows = []
    for worker in shown:
        row = _user(worker, book, wear)
        if worker.thing in hidden:
            row = row | {
                "emailAddress": None,
                "displayName": f"{worker.nickname or worker.given} {worker.family}",
            }
            _doubt_user(firm, worker, str(row["accountId"]), book)
        rows.append(row)
    robots = [
        _account(account_id(wear.rng), "app") | {"displayName": name, "active": True} for name in _ROBOTS
    ]
    return rows + robots


def _hidden(firm: Firm, shown: list[Worker], book: Book, wear: Wear) -> set[str]:
    """Users whose mailbox is not shown: half of them under a short name, some with a namesake."""
    names = Counter((worker.given, worker.family) for worker in firm.workers)
    known = [w for w in shown if book.key("worker", "bamboohr", w.thing) and not w.former_family]
    namesakes = [w.thing for w in known if names[w.given, w.family] > 1][:2]
    short = [w.thing for w in known if w.nickname and w.thing not in namesakes]
    plain = [w.thing for w in known if not w.nickname and w.thing not in namesakes]
    count = firm.damage.hidden_mailboxes
    chosen = [*namesakes, *wear.rng.sample(short, count // 2), *wear.rng.sample(plain, count // 2)]
    return set(chosen[:count])


def _doubt_user(firm: Firm, worker: Worker, key: str, book: Book) -> None:
    book.happened("hidden_mailboxes")
    for other in firm.workers:
        if (other.given, other.family) == (worker.given, worker.family):
            left, right = f"{SOURCE}:{key}", book.key("worker", "bamboohr", other.thing)
            if right:
                book.doubt("worker", left, f"bamboohr:{right}", "a displayed name and no mailbox")


def _account(key: str, type_: str) -> Row:
    return {
        "self": f"{SITE}/user?accountId={key}", "accountId": key, "accountType": type_,
        "avatarUrls": {"48x48": f"https://aldermoor.atlassian.net/a/{key[:6]}"},
    }  # fmt: skip


def _user(worker: Worker, book: Book, wear: Wear) -> Row:
    seen = see_in_tool(worker, wear, follows_directory=True)
    key = book.state("worker", SOURCE, account_id(wear.rng), worker.thing)
    return _account(key, "atlassian") | {
        "emailAddress": seen.email, "displayName": seen.full_name, "active": worker.left is None,
        "timeZone": "Europe/London", "locale": "en_GB",
    }  # fmt: skip


def _projects(firm: Firm, book: Book, wear: Wear) -> list[Row]:
    """Six in ten of the PSA's projects, and all that stand in no other system."""
    keys: set[str] = set()
    known = ("kantata", "xero")
    shown = [
        project for project in firm.projects
        if not any(book.key("project", system, project.thing) for system in known) or happens(wear.rng, 0.6)
    ]  # fmt: skip
    unlabelled = _unlabelled(firm, shown, wear)
    rows = []
    for number, project in enumerate(shown):
        row = _project(firm, project, str(10000 + number), keys, book, wear)
        if project.thing in unlabelled:
            row |= {"name": project.name, "properties": {}}
            _doubt_project(firm, project, str(row["id"]), book)
        rows.append(row)
    return rows


def _unlabelled(firm: Firm, shown: list[Project], wear: Wear) -> set[str]:
    """Some projects under a title that several clients have, without code and client."""
    titles = Counter(project.name for project in firm.projects if in_psa(firm, project))
    common = [project.thing for project in shown if in_psa(firm, project) and 2 <= titles[project.name] <= 3]
    return set(wear.rng.sample(common, min(firm.damage.unlabelled, len(common))))


def _doubt_project(firm: Firm, project: Project, key: str, book: Book) -> None:
    book.happened("unlabelled")
    for other in firm.projects:
        workspace = book.key("project", "kantata", other.thing)
        if other.name == project.name and workspace:
            why = "a title that several clients have, without code and client"
            book.doubt("project", f"{SOURCE}:{key}", f"kantata:{workspace}", why)


def _project(firm: Firm, project: Project, number: str, keys: set[str], book: Book, wear: Wear) -> Row:
    group = book.key("client", "kantata", project.client.thing) if project.client else None
    named = group is not None and happens(wear.rng, 0.8)
    coded = happens(wear.rng, 0.65) or not named
    psa: Row = {"projectCode": project.code} if coded else {}
    if named or (group and not coded_in_psa(firm, project)):
        psa["groupId"] = group
    # Whoever gives a project a title of his own at least keeps its code.
    name = _title(project, wear) if coded and coded_in_psa(firm, project) else project.name
    lead = book.key("worker", SOURCE, project.manager.thing)
    return {
        "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
        "self": f"{SITE}/project/{number}", "id": book.state("project", SOURCE, number, project.thing),
        "key": project_key(name, keys), "name": name, "description": "",
        "lead": {"accountId": lead, "displayName": project.manager.given, "active": True} if lead else None,
        "projectCategory": {"id": "10001", "name": "Client delivery" if project.client else "Internal"},
        "projectTypeKey": "software", "simplified": False, "style": "classic", "isPrivate": False,
        "archived": project.is_over and happens(wear.rng, 0.7), "properties": {"psa": psa},
    }  # fmt: skip


def _title(project: Project, wear: Wear) -> str:
    """The title as delivery people say it: the client's brand before it, or a shorter word for the phase."""
    if not wear.befalls("title_drift"):
        return project.name
    if project.phase:
        return project.name.replace("Phase", wear.rng.choice(("Ph.", "phase", "- Phase")))
    if project.client and happens(wear.rng, 0.6):
        return f"{project.client.brand} {project.name}"
    return wear.rng.choice(
        (project.name.upper(), project.name.replace("Programme", "Prog."), f"{project.name} (delivery)")
    )
