"""A person as HR, the delivery tools and the CRM know him or her."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from mdm.demo.organisation import FIRM_DOMAIN
from mdm.demo.vocabulary import happens
from mdm.demo.wear import Wear, capitals
from mdm.demo.workers import Worker, mailbox


@dataclass(frozen=True, slots=True)
class SeenWorker:
    """What stands in one row; None is an empty field."""

    given: str
    family: str
    email: str | None
    changed_at: datetime

    @property
    def full_name(self) -> str:
        """As tools display it."""
        return f"{self.given} {self.family}"


def new_mailbox(worker: Worker) -> bool:
    """Whether a marriage has reached the mail system: every fourth has."""
    return bool(worker.former_family) and int(worker.number) % 4 == 0


def see_in_hr(worker: Worker, wear: Wear) -> SeenWorker:
    """The person in HR: legal names, fields swapped now and then."""
    email = mailbox(worker.given, worker.family, FIRM_DOMAIN) if new_mailbox(worker) else worker.email
    seen = SeenWorker(worker.given, worker.family, email, wear.moment())
    seen = _keyed(seen, wear)
    return replace(seen, given=seen.family, family=seen.given) if wear.befalls("swapped_name") else seen


def see_in_tool(worker: Worker, wear: Wear, *, follows_directory: bool = False) -> SeenWorker:
    """The person in a delivery tool or the CRM: everyday name, family name and mailbox of former times.

    A tool that follows the directory shows the mailbox of today.
    """
    given = worker.nickname if worker.nickname and wear.befalls("nickname") else worker.given
    if worker.former_family:
        wear.befalls("marriages", 1.0)
    seen = SeenWorker(given, worker.former_family or worker.family, _mailbox(worker, wear), wear.moment())
    if follows_directory and new_mailbox(worker):
        seen = replace(seen, email=mailbox(worker.given, worker.family, FIRM_DOMAIN))
    return _keyed(seen, wear)


def _mailbox(worker: Worker, wear: Wear) -> str:
    if worker.converted and happens(wear.rng, 0.4):
        return worker.personal_email
    if worker.acquired and wear.befalls("other_domain"):
        return f"{worker.email.partition('@')[0]}@{FIRM_DOMAIN}"
    return worker.email.title() if happens(wear.rng, 0.03) else worker.email


def _keyed(seen: SeenWorker, wear: Wear) -> SeenWorker:
    """Slips of the keyboard, accents lost, capitals."""
    if wear.befalls("typo", wear.damage.typo / 2):
        seen = replace(seen, family=wear.typo(seen.family))
    if not seen.full_name.isascii() and wear.befalls("transliteration"):
        seen = replace(seen, given=wear.transliterated(seen.given), family=wear.transliterated(seen.family))
    if wear.befalls("upper_case", wear.damage.upper_case / 2):
        seen = replace(seen, given=capitals(seen.given), family=capitals(seen.family))
    return seen
