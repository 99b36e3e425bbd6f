"""Tags of tokens as spans and back, in the schemes of CoNLL files: BIO (IOB2), IOB1, BIOES and its relatives."""

import re
from collections.abc import Sequence

TAG = re.compile(r"O|([BIESLUM])-(\S.*)")
SCHEMES = ("BIO", "IOB1", "BIOES")
TOKEN = re.compile(r"\w+|[^\w\s]")

Tagged = tuple[int, int, str]
"""First token, token after the last, label."""


def decode(tags: Sequence[str]) -> list[Tagged]:
    """The spans of a sentence, whichever scheme it is in, as the CoNLL-2000 evaluation reads them.

    >>> decode(["I-PER", "I-PER", "B-PER", "O", "S-LOC"])
    [(0, 2, 'PER'), (2, 3, 'PER'), (4, 5, 'LOC')]
    """
    spans: list[Tagged] = []
    start, label = -1, ""
    for index, tag in enumerate(tags):
        mark, name = (tag[0], tag[2:]) if tag != "O" else ("O", "")
        if start >= 0 and (mark in "OBSU" or name != label):
            spans.append((start, index, label))
            start = -1
        if mark != "O" and start < 0:
            start, label = index, name
        if mark in "ESLU" and start >= 0:
            spans.append((start, index + 1, label))
            start = -1
    if start >= 0:
        spans.append((start, len(tags), label))
    return spans


def encode(spans: Sequence[Tagged], length: int, scheme: str = "BIO") -> list[str]:
    """The tags of spans that do not overlap.

    >>> encode([(0, 2, "PER"), (2, 3, "PER")], 4, "IOB1")
    ['I-PER', 'I-PER', 'B-PER', 'O']
    """
    tags = ["O"] * length
    before: Tagged = (-1, -1, "")
    for start, end, label in sorted(spans):
        first = "B" if scheme != "IOB1" or (before[1] == start and before[2] == label) else "I"
        for index in range(start, end):
            tags[index] = f"{first if index == start else 'I'}-{label}"
        if scheme == "BIOES":
            tags[end - 1] = f"{'S' if end - start == 1 else 'E'}-{label}"
        before = (start, end, label)
    return tags


def scheme_of(tags: Sequence[str]) -> str | None:
    """The first scheme that gives these tags for their spans; None if none does."""
    spans = decode(tags)
    return next((scheme for scheme in SCHEMES if encode(spans, len(tags), scheme) == list(tags)), None)


def offsets(tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Where each token stands in the text of tokens with single spaces between them, in code points."""
    found: list[tuple[int, int]] = []
    at = 0
    for token in tokens:
        found.append((at, at + len(token)))
        at += len(token) + 1
    return found


def tokenize(text: str, cuts: Sequence[int]) -> list[tuple[int, int]]:
    """Words and single marks of a text, cut also at `cuts`, so that a span never begins or ends within a token."""
    wanted = sorted(set(cuts))
    found: list[tuple[int, int]] = []
    for match in TOKEN.finditer(text):
        start, end = match.span()
        for cut in _between(wanted, start, end):
            found.append((start, cut))
            start = cut
        found.append((start, end))
    return found


def _between(cuts: Sequence[int], start: int, end: int) -> list[int]:
    return [cut for cut in cuts if start < cut < end] if cuts else []
