"""How much damage the demo's systems have done to what they know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Damage:
    """Shares of records (0 to 1) that suffer, and numbers of cases that are planted one by one.

    The defaults are those of the demo: bad enough to be real, never so bad that a record says nothing of
    what it is about. `Damage.none()` leaves only what systems differ in by design, such as their formats.

    Attributes:
        legal_form: an organisation's legal form dropped, or written out or shortened.
        abbreviation: a word of a name or street abbreviated.
        typo: one letter swapped, dropped or doubled in a name.
        upper_case: the whole row in capitals, umlauts written as two letters.
        transliteration: ä as ae or a, é as e.
        stale_address: the address from before the office moved.
        blank: an optional value left empty.
        placeholder: an optional value filled with "n/a", "-" or "unknown".
        wrong_tax_digit: a tax id with one wrong digit.
        duplicate: a client entered a second time in the same system, the older row never touched again.
        nickname: a person under the short form of the given name.
        swapped_name: given and family name in each other's field.
        other_domain: a person of the acquired company with the mailbox of the new employer.
        title_drift: a project or contract titled otherwise by the people who deliver it.
        repeated_request: an allocation or rate stored twice because a request was sent again.
        marriages: people whose family name changed in HR only.
        rehires: people who left and came back under a second HR number.
        converted: contractors who became employees, under a PSA account and an HR number.
        twins: pairs with one family name, birth date and address.
        generations: pairs of parent and child with the same name and address.
        parent_tax_ids: subsidiaries' rows with the tax id of the parent.
        branches: branch offices listed beside their own company, with its tax id.
        business_centres: telephone numbers and mailboxes shared by many unlike clients.
        brand_only: rows that name a group by its brand and nothing else.
        hidden_mailboxes: people of whom a tool shows the displayed name alone.
        reissued_codes: cost-center codes given to another department after some years.
        renamed_centers: cost centers under a new name in the ERP, the old one in HR.
        unlabelled: projects in the delivery tool without code and client, under a common title.
        twin_contracts: contracts without number, one of two of the same client and time.
    """

    legal_form: float = 0.34
    abbreviation: float = 0.15
    typo: float = 0.05
    upper_case: float = 0.03
    transliteration: float = 0.12
    stale_address: float = 0.07
    blank: float = 0.14
    placeholder: float = 0.015
    wrong_tax_digit: float = 0.025
    duplicate: float = 0.03
    nickname: float = 0.1
    swapped_name: float = 0.008
    other_domain: float = 0.25
    title_drift: float = 0.3
    repeated_request: float = 0.03
    marriages: int = 12
    rehires: int = 12
    converted: int = 14
    twins: int = 3
    generations: int = 3
    parent_tax_ids: int = 5
    branches: int = 5
    business_centres: int = 2
    brand_only: int = 5
    hidden_mailboxes: int = 6
    reissued_codes: int = 4
    renamed_centers: int = 2
    unlabelled: int = 4
    twin_contracts: int = 3

    @classmethod
    def none(cls) -> Damage:
        """Systems that agree on everything they know."""
        return cls(**dict.fromkeys(cls.__slots__, 0))
