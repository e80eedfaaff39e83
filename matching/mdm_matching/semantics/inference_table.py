"""What the columns of a file look like together, and the plainest rules about one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.semantics.value_profile import ValueProfile

Found = tuple[SemanticType | None, str]


@dataclass(frozen=True, slots=True)
class Table:
    """All columns of a file together: what one is may depend on what the others are.

    Attributes:
        kinds: what each column's name hints at, "" for nothing.
        profiles: what each column's values look like.
        columns: the values themselves.
    """

    kinds: Mapping[str, str]
    profiles: Mapping[str, ValueProfile]
    columns: Mapping[str, Sequence[str | None]]

    def has(self, *kinds: str) -> bool:
        """Whether some column with values hints at one of these kinds."""
        return any(kind in kinds and self.profiles[name].sample for name, kind in self.kinds.items())

    @property
    def country(self) -> str | None:
        """The column that names each record's country."""
        return next(
            (
                name
                for name, kind in self.kinds.items()
                if kind == "country" and self.profiles[name].countries >= 0.5
            ),
            None,
        )

    @property
    def people(self) -> bool:
        """Whether the records are people."""
        return self.has("given_name", "family_name", "birth_date")

    def contexts(self, name: str) -> list[str]:
        """The country beside each value of a column's sample."""
        country = self.country
        if country is None:
            return []
        beside = dict(zip(self.columns[name], self.columns[country], strict=False))
        return [beside.get(value) or "" for value in self.profiles[name].sample]


def percent(share: float) -> str:
    return f"{share:.0%} of its values"


def date_order(values: Sequence[str]) -> str:
    """The order of dates such as 25/12/1990 that values show: "dmy", "mdy", or "" if neither or both."""
    first, second = False, False
    for value in values:
        parts = value.strip().replace("-", "/").split("/")
        if (
            len(parts) == 3
            and all(part.isdigit() for part in parts[:2])
            and len(parts[0]) < 3
            and len(parts[2]) >= 4
        ):
            first |= int(parts[0]) > 12
            second |= int(parts[1]) > 12
    return "" if first == second else "dmy" if first else "mdy"


def when(
    share: str, least: float, make: Callable[[], SemanticType], what: str
) -> Callable[[str, Table], Found | None]:
    """A rule: the type, if at least so much of the values looks as it should."""

    def rule(name: str, table: Table) -> Found | None:
        found: float = getattr(table.profiles[name], share)
        return (make(), f"{percent(found)} {what}") if found >= least else None

    return rule


def always(
    make: Callable[[], SemanticType], what: str = "nothing in its values speaks against it"
) -> Callable[[str, Table], Found | None]:
    return lambda name, table: (make(), what)


def within(
    lowest: int, highest: int, make: Callable[[], SemanticType]
) -> Callable[[str, Table], Found | None]:
    def rule(name: str, table: Table) -> Found | None:
        def fits(value: str) -> bool:
            text = value.strip().removesuffix(".0")
            return text.isascii() and text.isdigit() and lowest <= int(text[:9]) <= highest

        share = table.profiles[name].row_share(fits)
        return (make(), f"{percent(share)} lie between {lowest} and {highest}") if share >= 0.9 else None

    return rule
