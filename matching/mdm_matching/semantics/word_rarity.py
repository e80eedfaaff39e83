"""How much a word of a title or text says: by general word lists, or by how rare it is among the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from mdm_matching.semantics.name_words import FUNCTION_WORDS
from mdm_matching.semantics.semantic_type import SemanticType
from mdm_matching.semantics.title_words import title_weight

# A word at least so rare, as a share of the rarest word's bits, hardly brings two records together by chance.
_RARE = 0.9


@dataclass(frozen=True, slots=True)
class WordRarity(SemanticType):
    """A type whose values are compared word by word, a rare word counting more than a common one.

    Attributes:
        words: the share of the records that hold a word, for common words; empty until counted.
        rare_word: the share that stands for any other word; 0 until counted.
    """

    words: Mapping[str, float] = field(default_factory=dict[str, float], hash=False, kw_only=True)
    rare_word: float = field(default=0.0, kw_only=True)

    def weight(self, word: str) -> float:
        """How much a word says, 0 to 1.5: as the word lists have it until the words are counted.

        Then it is the bits by which the word narrows the records down, as a share of what the rarest does.
        """
        if self.rare_word <= 0:
            return title_weight(word)
        bits = log2(self.words.get(word, self.rare_word)) / log2(self.rare_word)
        return 0.1 * bits if word in FUNCTION_WORDS else bits

    def is_rare(self, word: str) -> bool:
        """Whether so few records hold the word that it hardly brings two together by chance."""
        return self.rare_word > 0 and self.weight(word) >= _RARE


def word_shares(held: Sequence[tuple[str, ...]], counts: Sequence[int]) -> tuple[dict[str, float], float]:
    """The shares of the words that more than two records hold, and the share that stands for any other word.

    Args:
        held: the words of each distinct value.
        counts: how many records hold that value.
    """
    return shares_of(word_holders(held, counts), sum(counts))


def word_holders(held: Sequence[tuple[str, ...]], counts: Sequence[int]) -> dict[str, int]:
    """How many records hold each word."""
    holders: dict[str, int] = {}
    for words, count in zip(held, counts, strict=True):
        for word in set(words):
            holders[word] = holders.get(word, 0) + count
    return holders


def shares_of(holders: Mapping[str, int], total: int) -> tuple[dict[str, float], float]:
    """What `word_shares` gives, from how many records hold each word and how many hold any value."""
    if total < 2:
        return {}, 0.0
    # A word held once or twice is as rare as one never seen.
    named = {word: round(count / total, 9) for word, count in sorted(holders.items()) if count > 2}
    return named, round(min(2.0 / total, 0.5), 9)
