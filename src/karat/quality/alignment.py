"""Two texts side by side: their words, what was changed, left out or put in between them, and the word error rate."""

import re
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from unicodedata import category, normalize

from rapidfuzz.distance import Levenshtein

Split = Callable[[str], Sequence[str]]
"""How a text is cut into the units that are compared."""

APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u00b4": "'", "`": "'"})
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")
"""Soft hyphens, joiners, variants and marks of direction: they change how a word looks, not which word it is."""
SPACED = re.compile(r"(\S+)(\s*)")
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts that are written without spaces: kana and Chinese characters besides those above."""


def words(text: str) -> list[str]:
    """The words of a text as they are compared: without case and punctuation.

    Compatibility forms are resolved (NFKC: full-width digits are digits) and case is folded. Letters with their accents,
    digits, and apostrophes inside a word make words; all else separates them. In scripts written without spaces (Chinese,
    Japanese, Thai, Lao, Burmese, Khmer) each character is a word, so a word error there is a character error.

    >>> words("Let\u2019s go — to Room 7B, 'now'!"), words("東京へ 2 回")
    (["let's", 'go', 'to', 'room', '7b', 'now'], ['東', '京', 'へ', '2', '回'])
    """
    return _word().findall(INVISIBLE.sub("", normalize("NFKC", text.translate(APOSTROPHES)).casefold()))


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a text as it is compared, and as it stands there: with its case and the punctuation around it."""

    word: str
    shown: str
    space: str
    """What follows: nothing, a space or a line break."""


def pieces(text: str) -> list[Piece]:
    """The text cut behind its words: as many pieces as it has `words`, and nothing of it lost but the kind of space.

    >>> [(p.word, p.shown, p.space) for p in pieces("Well-known — to me!")]
    [('well', 'Well-', ''), ('known', 'known —', ' '), ('to', 'to', ' '), ('me', 'me!', '')]
    """
    found: list[Piece] = []
    before = ""
    for chunk, space in SPACED.findall(text):
        space = "\n" * space.count("\n") or (" " if space else "")
        own = _cut(chunk)
        if not own and found:
            last = found[-1]
            found[-1] = Piece(last.word, f"{last.shown}{last.space or ' '}{chunk}", space)
        elif not own:
            before += chunk + space
        else:
            found += [Piece(word, shown, "") for word, shown in own[:-1]]
            found.append(Piece(*own[-1], space))
        if before and found:
            found[0] = Piece(found[0].word, before + found[0].shown, found[0].space)
            before = ""
    return found


def _cut(chunk: str) -> list[tuple[str, str]]:
    """The words of a text without spaces, each with what stands up to the next."""
    compared = words(chunk)
    if len(compared) < 2:
        return [(word, chunk) for word in compared]
    starts = [match.start() for match in _word().finditer(chunk.translate(APOSTROPHES))]
    if len(starts) != len(compared):  # the normal form has other words: 3/4 as one character, for example
        return [(compared[0], chunk), *((word, "") for word in compared[1:])]
    ends = [*starts[1:], len(chunk)]
    return [(word, chunk[start:end]) for word, start, end in zip(compared, [0, *starts[1:]], ends, strict=True)]


def characters(text: str) -> list[str]:
    """The characters of `words` with their accents: by these, `word_errors` counts the character error rate.

    >>> characters("To go!")
    ['t', 'o', 'g', 'o']
    """
    return _character().findall("".join(words(text)))


@dataclass(frozen=True, slots=True)
class WordErrors:
    """What changes a reference into a hypothesis with the fewest changes; `length` is the reference's."""

    substitutions: int
    deletions: int
    insertions: int
    length: int

    @property
    def errors(self) -> int:
        """All changes together."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float:
        """Errors over the reference's length: 0 is equal; above 1 where much is put in. An empty reference has the rate 0
        if the hypothesis is empty too, else infinity."""
        return self.errors / self.length if self.length else (float("inf") if self.errors else 0.0)

    def __add__(self, other: "WordErrors") -> "WordErrors":
        return WordErrors(
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
            self.length + other.length,
        )


NO_ERRORS = WordErrors(0, 0, 0, 0)


def word_errors(reference: str, hypothesis: str, *, split: Split = words) -> WordErrors:
    """The word errors of a hypothesis; sums of these over texts have the corpus' rate.

    >>> found = word_errors("the cat sat on the mat", "The cat sit on mat.")
    >>> found.substitutions, found.deletions, found.insertions, round(found.rate, 3)
    (1, 1, 0, 0.333)
    """
    right, given = split(reference), split(hypothesis)
    counts = {"replace": 0, "delete": 0, "insert": 0}
    for change in Levenshtein.editops(right, given):
        counts[change.tag] += 1
    return WordErrors(counts["replace"], counts["delete"], counts["insert"], len(right))


def word_error_rate(references: Sequence[str], hypotheses: Sequence[str], *, split: Split = words) -> float:
    """All errors over all words of the references: long texts count more. nan where the references have no words.

    >>> word_error_rate(["a b c", "d"], ["a b c", "e"])
    0.25
    """
    if len(references) != len(hypotheses):
        raise ValueError(f"{len(references)} references and {len(hypotheses)} hypotheses: give one for each")
    length = errors = 0
    for reference, hypothesis in zip(references, hypotheses, strict=True):
        right = split(reference)
        length += len(right)
        errors += Levenshtein.distance(right, split(hypothesis))
    return errors / length if length else float("nan")


def word_distance(a: str, b: str, *, split: Split = words) -> float:
    """Changes between two texts over the length of the longer one: symmetric, in [0, 1], 0 for equal words.

    >>> word_distance("a b c d", "a c d")
    0.25
    """
    return float(Levenshtein.normalized_distance(split(a), split(b)))


def aligned(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int | None, int | None]]:
    """Places of two sequences side by side with the fewest changes; None where one has nothing beside the other.

    >>> aligned("cat", "cuts")
    [(0, 0), (1, 1), (2, 2), (None, 3)]
    """
    pairs: list[tuple[int | None, int | None]] = []
    at_a = at_b = 0
    for change in Levenshtein.editops(a, b):
        pairs += zip(range(at_a, change.src_pos), range(at_b, change.dest_pos), strict=True)
        at_a, at_b = change.src_pos, change.dest_pos
        kept_a, kept_b = change.tag != "insert", change.tag != "delete"
        pairs.append((at_a if kept_a else None, at_b if kept_b else None))
        at_a, at_b = at_a + kept_a, at_b + kept_b
    pairs += zip(range(at_a, len(a)), range(at_b, len(b)), strict=True)
    return pairs


@cache
def _word() -> re.Pattern[str]:
    marks = _marks()
    return re.compile(rf"[{UNSPACED}][{marks}]*|(?:(?![{UNSPACED}_])[\w{marks}]|(?<=\w)'(?=\w))+")


@cache
def _character() -> re.Pattern[str]:
    return re.compile(rf"\S[{_marks()}]*")


def _marks() -> str:
    """Vowel signs and accents, which belong to the letter before them and which Python's \\w leaves out."""
    return "".join(chr(code) for code in range(0x300, 0x1F000) if category(chr(code)).startswith("M"))
