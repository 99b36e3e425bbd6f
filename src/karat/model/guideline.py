"""A guideline's text: Markdown whose headings are clauses with ids of their own, and what changed between two versions."""

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*(?:\{#([\w.-]+)\})?[ \t]*$")
_FENCE = re.compile(r"^[ \t]{0,3}(```|~~~)")
_NOT_IN_AN_ID = re.compile(r"[^\w]+")
LONGEST_ID = 80


class Clause(msgspec.Struct, frozen=True):
    """A heading and what stands under it up to the next heading of any level."""

    id: str
    """As written after the heading, `{#id}`, else made of the title; unique in its text."""
    title: str
    level: int
    text: str
    line: int
    """The heading's line, from 0; the text ends before `end`."""
    end: int


class Line(msgspec.Struct, frozen=True):
    """A line of a comparison."""

    op: Literal["same", "added", "removed"]
    text: str


def clauses_of(text: str) -> list[Clause]:
    """The clauses of a text in their order; what stands before the first heading belongs to none.

    >>> [(c.id, c.text) for c in clauses_of("# Cars {#car}\\nFour wheels.\\n## Parked cars\\nToo.")]
    [('car', 'Four wheels.'), ('parked-cars', 'Too.')]
    """
    lines = text.split("\n")
    heads = list(_headings(lines))
    found: list[Clause] = []
    taken = {id_ for _, _, _, id_ in heads if id_}
    for index, (line, level, title, given) in enumerate(heads):
        end = heads[index + 1][0] if index + 1 < len(heads) else len(lines)
        id_ = given or _free(slug(title), taken)
        taken.add(id_)
        found.append(Clause(id_, title, level, "\n".join(lines[line + 1 : end]).strip(), line, end))
    return found


def repeated_ids(text: str) -> list[str]:
    """Ids that were written more than once."""
    given = [id_ for _, _, _, id_ in _headings(text.split("\n")) if id_]
    return sorted({id_ for id_ in given if given.count(id_) > 1})


def with_clause(text: str, id_: str, words: str, *, title: str = "", replaces: bool = False) -> str:
    """The text with these words added to a clause, or put in place of what it said; a new clause where there is none.

    >>> with_clause("# Cars {#car}\\nFour wheels.", "car", "Parked ones too.")
    '# Cars {#car}\\nFour wheels.\\n\\nParked ones too.\\n'
    """
    clause = next((one for one in clauses_of(text) if one.id == id_), None)
    words = words.strip()
    if clause is None:
        before = f"{text.rstrip()}\n\n" if text.strip() else ""
        return f"{before}## {title.strip() or id_} {{#{id_}}}\n{words}\n"
    lines = text.split("\n")
    said = words if replaces or not clause.text else f"{clause.text}\n\n{words}"
    after = lines[clause.end :]
    return "\n".join([*lines[: clause.line + 1], said, "", *after])


def compared(before: str, after: str) -> list[Line]:
    """What changed from one text to another, line by line: what is gone stands before what came in its place.

    >>> [(line.op, line.text) for line in compared("a\\nb", "a\\nc")]
    [('same', 'a'), ('removed', 'b'), ('added', 'c')]
    """
    a, b = before.splitlines(), after.splitlines()
    found: list[Line] = []
    for op, a1, a2, b1, b2 in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            found += [Line("same", line) for line in a[a1:a2]]
        else:
            found += [Line("removed", line) for line in a[a1:a2]]
            found += [Line("added", line) for line in b[b1:b2]]
    return found


def slug(title: str) -> str:
    """An id made of a title.

    >>> slug("Parked cars, vans & lorries"), slug("…")
    ('parked-cars-vans-lorries', 'clause')
    """
    return _NOT_IN_AN_ID.sub("-", title.casefold()).strip("-")[:LONGEST_ID] or "clause"


def _headings(lines: Sequence[str]) -> Iterator[tuple[int, int, str, str]]:
    """(line, level, title, written id or empty) of each heading outside of code."""
    fence = ""
    for number, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark:
            fence = "" if fence == mark[1] else fence or mark[1]
        elif not fence and (found := _HEADING.match(line)):
            yield number, len(found[1]), found[2].rstrip("# ").strip(), found[3] or ""


def _free(id_: str, taken: set[str]) -> str:
    n = 1
    found = id_
    while found in taken:
        n += 1
        found = f"{id_}-{n}"
    return found
