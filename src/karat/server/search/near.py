"""Ranking texts by how alike their words are in their letters: embeddings of character n-grams, compared by their angle.

What shares no whole word is found too: misspelled words, compounds, other endings. A text's vector is the sum of its words'
n-grams of 3 to 5 characters, hashed to coordinates and signs (Weinberger et al., "Feature Hashing for Large Scale Multitask
Learning", 2009; words as bags of n-grams as in Bojanowski et al., "Enriching Word Vectors with Subword Information", 2017),
each word weighted by its rarity among the texts. There is no model to load, and the same text has the same vector everywhere.
"""

import math
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from karat.server.search.ranking import words_of

DIMENSIONS = 512
SIZES = (3, 4, 5)
MOST_WORDS = 1_000
"""Of a longer text or question the first so many words count."""
UNRELATED = 0.14
"""Texts that have nothing to do with one another come up to this cosine by chance."""

Vector = npt.NDArray[np.float32]


class Near:
    """Texts that can be asked many times."""

    def __init__(self, texts: Iterable[str]) -> None:
        counts = [Counter(words_of(text)[:MOST_WORDS]) for text in texts]
        self._holders = Counter(word for count in counts for word in count)
        self._total = len(counts)
        vectors = [self._vector(count) for count in counts]
        self._vectors = np.stack(vectors) if vectors else np.zeros((0, DIMENSIONS), np.float32)

    def scores(self, asked: str) -> list[float]:
        """How near each text is, in [0, 1]: 0 up to what chance makes alike, 1 for the same words."""
        cosines = self._vectors @ self._vector(Counter(words_of(asked)[:MOST_WORDS]))
        return [float(one) for one in np.clip((cosines - UNRELATED) / (1 - UNRELATED), 0, 1)]

    def _vector(self, words: Counter[str]) -> Vector:
        found = np.zeros(DIMENSIONS, np.float32)
        for word, times in words.items():
            rarity = math.log(1 + (self._total + 1) / (self._holders[word] + 0.5))
            places, signs = _spread(word)
            np.add.at(found, places, signs * np.float32(rarity * (1 + math.log(times))))
        length = float(np.linalg.norm(found))
        return found if length == 0 else found / np.float32(length)


@lru_cache(maxsize=20_000)
def _spread(word: str) -> tuple[npt.NDArray[np.intp], Vector]:
    """Where the n-grams of a word stand, and with which sign; together of length 1 where no two meet."""
    codes = [zlib.crc32(gram.encode()) for gram in grams_of(word)]
    signs = np.array([1 if code >> 31 else -1 for code in codes], np.float32) / np.float32(math.sqrt(len(codes)))
    return np.array([code % DIMENSIONS for code in codes], np.intp), signs


def grams_of(word: str) -> list[str]:
    """The n-grams of a word between its marks of beginning and end, and the word itself.

    >>> grams_of("car")
    ['<ca', 'car', 'ar>', '<car', 'car>', '<car>']
    """
    marked = f"<{word}>"
    found = [marked[i : i + size] for size in SIZES for i in range(len(marked) - size + 1)]
    return found if len(marked) in SIZES else [*found, marked]
