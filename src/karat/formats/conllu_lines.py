"""The lines of a CoNLL-U sentence: ten columns a word, and where each word stands in the text (universaldependencies.org/format)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

COLUMNS = 10
WORD = re.compile(r"[1-9]\d*")
TOKEN = re.compile(r"([1-9]\d*)-([1-9]\d*)")
EMPTY = re.compile(r"\d+\.[1-9]\d*")
TEXT = re.compile(r"#\s*text\s*=\s?(.*)")
NO_SPACE = "SpaceAfter=No"

Place = tuple[int, int]


@dataclass(frozen=True)
class Word:
    """A syntactic word: its line's cells, and where it stands in the text, in code points."""

    cells: tuple[str, ...]
    place: Place
    whole: bool
    """Whether the place is that of a token of several words, since their letters do not make it up."""

    @property
    def is_tagged(self) -> bool:
        """Whether it has a part of speech, so that there is a span for it."""
        return self.cells[3] != "_"

    @property
    def head(self) -> int | None:
        """The number of the word it depends on, 0 for a root; None where nothing is said."""
        return int(self.cells[6]) if self.cells[6].isdigit() else None


@dataclass(frozen=True)
class Laid:
    """A sentence laid out on its text."""

    text: str
    words: tuple[Word, ...]
    as_given: bool
    """Whether the text is the one of the sentence's comment; else it is spelled from the tokens."""


def fault(rows: Sequence[Sequence[str]]) -> tuple[int, str, str] | None:
    """The first row at fault: its index, what was got, and what is expected."""
    count = sum(1 for row in rows if WORD.fullmatch(row[0]))
    next_word, covered = 1, 0
    for index, row in enumerate(rows):
        if len(row) != COLUMNS:
            return index, f"{len(row)} columns", f"{COLUMNS} columns with tabs between"
        if token := TOKEN.fullmatch(row[0]):
            first, last = int(token[1]), int(token[2])
            if first != next_word or not covered < first < last <= count:
                return index, row[0], "a range of the words that follow it"
            covered = last
        elif WORD.fullmatch(row[0]):
            if row[0] != str(next_word):
                return index, row[0], f"the word {next_word}"
            next_word += 1
            if row[6] != "_" and not (
                row[6].isdigit() and len(row[6]) < 9 and int(row[6]) <= count and row[6] != row[0]
            ):
                return index, row[6], f"as HEAD another word, 0 to {count}, or _"
        elif not EMPTY.fullmatch(row[0]):
            return index, row[0], "an ID such as 1, 1-2 or 1.1"
        if not row[1].strip() and not EMPTY.fullmatch(row[0]):
            return index, "an empty FORM", "the word's letters"
    return None if count else (0, "no word", "at least one word")


def lay_out(rows: Sequence[Sequence[str]], comments: Sequence[str]) -> Laid:
    """The words of a sentence on the text of its comment, or on the one that its tokens spell."""
    tokens = list(_tokens(rows))
    forms = [(row[1], row[9]) for row, _ in tokens]
    given = next((found[1] for comment in comments if (found := TEXT.match(comment))), None)
    places = None if given is None else _aligned(given, [form for form, _ in forms])
    text = given if given is not None and places is not None else _spelled(forms)
    standing = places or _aligned(text, [form for form, _ in forms]) or []
    words = [word for (_, own), place in zip(tokens, standing, strict=True) for word in _words(own, place, text)]
    return Laid(text, tuple(words), places is not None)


def _tokens(rows: Sequence[Sequence[str]]) -> Iterator[tuple[Sequence[str], list[Sequence[str]]]]:
    """Each token as it is written, with the rows of its words."""
    last, held = 0, None
    for row in rows:
        if token := TOKEN.fullmatch(row[0]):
            last, held = int(token[2]), (row, list[Sequence[str]]())
        elif WORD.fullmatch(row[0]):
            if held is None:
                yield row, [row]
                continue
            held[1].append(row)
            if int(row[0]) == last:
                yield held
                held = None


def _words(rows: Sequence[Sequence[str]], place: Place, text: str) -> Iterator[Word]:
    start, end = place
    split = "".join(row[1] for row in rows) == text[start:end]
    for row in rows:
        own = (start, start + len(row[1])) if split else place
        yield Word(tuple(row), own, whole=not split)
        start = own[1] if split else start


def _aligned(text: str, forms: Sequence[str]) -> list[Place] | None:
    """Where the forms stand in a text one after the other, with nothing but space between; None where they do not."""
    found: list[Place] = []
    at = 0
    for form in forms:
        while at < len(text) and text[at].isspace() and not text.startswith(form, at):
            at += 1
        if not text.startswith(form, at):
            return None
        found.append((at, at + len(form)))
        at += len(form)
    return None if text[at:].strip() else found


def _spelled(forms: Sequence[tuple[str, str]]) -> str:
    pieces = [form + ("" if NO_SPACE in misc.split("|") else " ") for form, misc in forms]
    return "".join(pieces).rstrip(" ") if pieces else ""
