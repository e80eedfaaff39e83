"""Legal forms of companies: which words at the end or the beginning of a name are one, and which."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from mdm_matching.semantics.text import joined_initials, words
from mdm_matching.semantics.word_tables import lines


@dataclass(slots=True)
class _Node:
    """A step in the tree of legal forms, word by word; `form` if the way here spells one."""

    then: dict[str, _Node] = field(default_factory=dict)
    form: str = ""

    def add(self, tokens: list[str], form: str) -> None:
        node = self
        for token in tokens:
            node = node.then.setdefault(token, _Node())
        node.form = node.form or form

    def longest(self, tokens: list[str]) -> tuple[int, str]:
        """How many of the first words spell a legal form, and which; (0, "") for none."""
        node: _Node | None = self
        best, form = 0, ""
        for count, token in enumerate(tokens, start=1):
            node = node.then.get(token) if node else None
            if node is None:
                break
            if node.form:
                best, form = count, node.form
        return best, form


@dataclass(frozen=True, slots=True)
class LegalForms:
    """The table of legal forms, ready to be looked up from either end of a name.

    Attributes:
        endings: spellings read from the last word backwards.
        beginnings: spellings that also stand before a name.
        native: spellings in scripts that do not separate words, longest first, with the folded form of each.
    """

    endings: _Node
    beginnings: _Node
    native: tuple[tuple[str, str], ...]


@cache
def legal_forms() -> LegalForms:
    """The table `legal_forms.txt`, compiled."""
    endings, beginnings = _Node(), _Node()
    native: dict[str, str] = {}
    for line in lines("legal_forms.txt"):
        form, _, spellings = (part.strip() for part in line.split("|"))
        form = " ".join(joined_initials(words(form)))
        endings.add(form.split()[::-1], form)
        for spelling in spellings.split(";"):
            before, spelling = spelling.strip().startswith("^"), spelling.strip().lstrip("^")
            tokens = joined_initials(words(spelling))
            if _runs_together(spelling):
                native[spelling] = f" {form} "
                continue
            endings.add(tokens[::-1], form)
            if before:
                beginnings.add(tokens, form)
    ordered = sorted(native.items(), key=lambda item: (-len(item[0]), item[0]))
    return LegalForms(endings, beginnings, tuple(ordered))


def _runs_together(spelling: str) -> bool:
    """Whether the spelling is in a script that writes names without blanks, or with signs of its own."""
    return any(
        "\u3000" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7ff" or "\u3200" <= sign <= "\u33ff"
        for sign in spelling
    )


def with_native_forms_set_apart(value: str) -> str:
    """The name with 株式会社 and its like turned into words of their own, moved behind the name."""
    if value.isascii():
        return value
    for spelling, form in legal_forms().native:
        if spelling in value:
            return value.replace(spelling, " ") + form
    return value


def split_legal_form(tokens: list[str]) -> tuple[list[str], str]:
    """The words of a name without its legal forms, and these as canonical words; at least one word stays.

    ["meier", "gmbh", "and", "co", "kg"] gives (["meier"], "gmbh co kg"); ["the", "limited"] stays as it is.
    """
    core = joined_initials(tokens)
    forms: list[str] = []
    table = legal_forms()
    for _ in range(3):
        count, form = table.endings.longest(core[::-1])
        if not form or not _leaves_a_name(core[: len(core) - count]):
            break
        core = core[: len(core) - count]
        forms.insert(0, form)
    count, form = table.beginnings.longest(core)
    if form and _leaves_a_name(core[count:]):
        core = core[count:]
        if form not in forms:
            forms.append(form)
    return core, " ".join(forms)


def _leaves_a_name(core: list[str]) -> bool:
    return any(token not in ("the", "and", "of") for token in core)
