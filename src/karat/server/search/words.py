"""The dictionary of search: fields, labels, metadata keys and tags of a project as small integers."""

from collections.abc import Iterable
from typing import Literal
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from karat.server.database import Tx

WordKind = Literal["field", "label", "meta", "tag", "own"]
"""`own` are Karat's own entries: `tags` and `authors`, which stand in `marks` beside the fields."""

TAGS = "tags"
AUTHORS = "authors"

# Words are never renumbered, so what was committed once can be remembered. Bounded: a project of a million metadata
# keys must not fill the memory.
MOST_REMEMBERED = 200_000
_Words = dict[tuple[int, str, str], int]
_known: WeakKeyDictionary[sa.Engine, _Words] = WeakKeyDictionary()


def word_ids(tx: Tx, project: int, kind: WordKind, texts: Iterable[str]) -> dict[str, int]:
    """The number of each text; those that are new are added in this transaction."""
    wanted = dict.fromkeys(texts)
    found = known_words(tx, project, kind, wanted)
    fresh = [text for text in wanted if text not in found]
    if not fresh:
        return found
    tx.many(
        "INSERT INTO words (project, kind, text) VALUES (:project, :kind, :text) ON CONFLICT DO NOTHING",
        [{"project": project, "kind": kind, "text": text} for text in sorted(fresh)],
    )
    added = _read(tx, project, kind, fresh)
    # Only after the commit: a number that was rolled back would belong to another word later.
    tx.after(lambda: _remember(tx, project, kind, added))
    return found | added


def known_words(tx: Tx, project: int, kind: WordKind, texts: Iterable[str]) -> dict[str, int]:
    """The numbers of those texts that the project has; nothing is added."""
    memory = _known.get(tx.connection.engine, {})
    found: dict[str, int] = {}
    unknown: list[str] = []
    for text in texts:
        n = memory.get((project, kind, text))
        if n is None:
            unknown.append(text)
        else:
            found[text] = n
    return found | _read(tx, project, kind, unknown) if unknown else found


def all_words(tx: Tx, project: int, kind: WordKind) -> dict[int, str]:
    """Every word of one kind, by its number."""
    rows = tx.run("SELECT n, text FROM words WHERE project = :project AND kind = :kind", project=project, kind=kind)
    return {n: text for n, text in rows}  # noqa: C416 - it says what a row is, which dict() cannot


def texts_of(tx: Tx, project: int, numbers: Iterable[int]) -> dict[int, str]:
    """The texts behind some numbers."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    names = {f"w{i}": n for i, n in enumerate(wanted)}
    marks = ", ".join(f":{name}" for name in names)
    rows = tx.run(f"SELECT n, text FROM words WHERE project = :project AND n IN ({marks})", project=project, **names)  # noqa: S608 - names of parameters only
    return {n: text for n, text in rows}  # noqa: C416 - it says what a row is, which dict() cannot


def forget_words() -> None:
    """Forget what was remembered: called when a project is purged, since SQLite may use its numbers again."""
    _known.clear()


def _read(tx: Tx, project: int, kind: str, texts: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(texts), 500):
        names = {f"w{i}": text for i, text in enumerate(texts[start : start + 500])}
        marks = ", ".join(f":{name}" for name in names)
        rows = tx.run(
            f"SELECT text, n FROM words WHERE project = :project AND kind = :kind AND text IN ({marks})",  # noqa: S608 - names of parameters only
            project=project,
            kind=kind,
            **names,
        )
        found |= {text: n for text, n in rows}  # noqa: C416 - it says what a row is
    return found


def _remember(tx: Tx, project: int, kind: str, added: dict[str, int]) -> None:
    memory = _known.setdefault(tx.connection.engine, {})
    if len(memory) > MOST_REMEMBERED:
        memory.clear()
    memory.update({(project, kind, text): n for text, n in added.items()})
