"""Ranking texts by how much they have in common with some words: BM25 over small collections, in memory.

Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), with k1 = 1.2 and b = 0.75.
Plurals are cut by the S-stemmer of Harman, "How effective is suffixing?" (1991).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\w+")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
K1 = 1.2
B = 0.75
MOST_WORDS = 4_000
"""Of a longer text or question the first so many words count."""


def words_of(text: str) -> list[str]:
    """A text as comparable words: lower case, plurals cut, and pairs of characters where a script has no spaces.

    >>> words_of("Parked cars, queries"), words_of("标注员")
    (['parked', 'car', 'query'], ['标注', '注员'])
    """
    found: list[str] = []
    for word in _WORD.findall(text.casefold()):
        if len(word) > 1 and _CJK.search(word):
            found += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            found.append(_singular(word))
        if len(found) >= MOST_WORDS:
            break
    return found


class Ranking:
    """Texts that can be asked many times."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._counts = [Counter(words_of(text)) for text in texts]
        self._lengths = [sum(count.values()) for count in self._counts]
        self._mean = sum(self._lengths) / len(self._lengths) if self._lengths else 0.0
        self._holders: dict[str, list[int]] = {}
        for index, count in enumerate(self._counts):
            for word in count:
                self._holders.setdefault(word, []).append(index)

    def scores(self, asked: str) -> list[float]:
        """The score of each text, 0 or more; 0 where it has no word of what is asked."""
        found = [0.0] * len(self._counts)
        for word, times in Counter(words_of(asked)).items():
            holders = self._holders.get(word, ())
            if not holders:
                continue
            rarity = math.log(1 + (len(self._counts) - len(holders) + 0.5) / (len(holders) + 0.5))
            for index in holders:
                n = self._counts[index][word]
                length = K1 * (1 - B + B * self._lengths[index] / self._mean)
                # A word that is asked often counts once more each time, less and less.
                found[index] += rarity * n * (K1 + 1) / (n + length) * (1 + math.log(times))
        return found

    def best(self, asked: str, limit: int) -> list[tuple[int, float]]:
        """The best texts, as (index, score), the better first; the earlier where two are alike."""
        return best(self.scores(asked), limit)


def best(scores: Sequence[float], limit: int) -> list[tuple[int, float]]:
    """The places of the highest scores above 0, the higher first."""
    found = sorted((i for i, score in enumerate(scores) if score > 0), key=lambda i: (-scores[i], i))
    return [(i, scores[i]) for i in found[:limit]]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies") and not word.endswith(("eies", "aies")):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word
