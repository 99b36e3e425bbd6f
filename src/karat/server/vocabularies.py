"""Finding entries of a project's vocabularies: by what somebody types, and by the ids that answers name."""

import unicodedata
from collections.abc import Iterable, Iterator

import msgspec

from karat.kinds.entity import Entity, EntityOptions
from karat.model.problem import Problem
from karat.model.response import Annotation
from karat.model.schema import Schema
from karat.server.access import missing
from karat.server.database import Tx
from karat.server.database.base import Row, named

MOST_FOUND = 50
LOOKED_AT = 500
"""Names that are looked at for words which do not stand beside one another."""
LAST = "\U0010ffff"


class Entry(msgspec.Struct, frozen=True):
    """One entry of a vocabulary."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()
    definition: str = ""


def folded(text: str) -> str:
    """Letters without their marks and capitals, words one space apart.

    >>> folded("  Zürich,  CAFÉ ")
    'zurich, cafe'
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.split())


def search(tx: Tx, project: int, name: str, typed: str, *, limit: int) -> list[Entry]:
    """The entries with a name in which what was typed begins at a word, the nearest first.

    An id comes first, then names that are just that, then those that begin so, then those in which a later word does. Words
    that do not stand beside one another are found too, among the first `LOOKED_AT` names that have the longest of them.
    """
    vocabulary = _current(tx, project, name)
    wanted = folded(typed)
    found = {entry.id: entry for entry in _by_ids(tx, vocabulary, [typed.strip()])} if typed.strip() else {}
    for entry in _beginning(tx, vocabulary, wanted, limit=4 * limit):
        found.setdefault(entry.id, entry)
    words = wanted.split()
    if len(found) < limit and len(words) > 1:
        for entry in _beginning(tx, vocabulary, max(words, key=len), limit=LOOKED_AT):
            if all(any(f" {w}" in f" {n}" for n in _names(entry)) for w in words):
                found.setdefault(entry.id, entry)
    nearest = sorted(found.values(), key=lambda entry: _rank(entry, typed.strip(), wanted))
    return nearest[:limit]


def problems_of(tx: Tx, project: int, schema: Schema, annotations: Iterable[Annotation]) -> list[Problem]:
    """A problem for each entity that its vocabulary does not have; paths are those of the annotations."""
    asked: dict[str, list[tuple[str, str]]] = {}
    for vocabulary, path, id_ in _entities(schema, annotations):
        asked.setdefault(vocabulary, []).append((path, id_))
    found: list[Problem] = []
    for vocabulary, uses in asked.items():
        rows = tx.run(_CURRENT, p=project, name=vocabulary)
        known = {e.id for e in _by_ids(tx, rows[0][0], {id_ for _, id_ in uses})} if rows else set()
        do = f"Search the vocabulary {vocabulary} for it, or upload one that has it."
        found += [Problem(p, id_, f"an entry of {vocabulary}", do) for p, id_ in uses if id_ not in known]
    return found


def _entities(schema: Schema, annotations: Iterable[Annotation]) -> Iterator[tuple[str, str, str]]:
    """(vocabulary, path, id) of every entity that is named."""
    for index, annotation in enumerate(annotations):
        field = schema.fields.get(annotation.field)
        if field is None:
            continue
        said = [(f"annotations[{index}].value.id", field, annotation.value)]
        for name, attribute in field.attributes_of(annotation.label).items():
            said.append((f"annotations[{index}].attributes.{name}.id", attribute, annotation.attributes.get(name)))
        for path, asked, value in said:
            if isinstance(asked.options, EntityOptions) and isinstance(value, Entity) and value.id is not None:
                yield asked.options.vocabulary, path, value.id


_CURRENT = "SELECT n FROM vocabularies WHERE project = :p AND name = :name AND current ORDER BY n DESC LIMIT 1"


def _current(tx: Tx, project: int, name: str) -> int:
    found = tx.run(_CURRENT, p=project, name=name)
    if not found:
        raise missing("vocabulary", name)
    n: int = found[0][0]
    return n


def _beginning(tx: Tx, vocabulary: int, begins: str, *, limit: int) -> list[Entry]:
    rows = tx.run(
        "SELECT e.id, e.title, e.aliases, e.definition FROM (SELECT entry FROM entry_terms WHERE vocabulary = :v"
        " AND term >= :low AND term < :high ORDER BY term, entry LIMIT :limit) t"
        " JOIN entries e ON e.vocabulary = :v AND e.id = t.entry",
        v=vocabulary,
        low=begins,
        high=begins + LAST,
        limit=limit,
    )
    return [_entry(row) for row in rows]


def _by_ids(tx: Tx, vocabulary: int, ids: Iterable[str]) -> list[Entry]:
    found: list[Entry] = []
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), 500):
        names, values = named(wanted[start : start + 500])
        rows = tx.run(
            f"SELECT id, title, aliases, definition FROM entries WHERE vocabulary = :v AND id IN ({names})",  # noqa: S608 - names of parameters
            v=vocabulary,
            **values,
        )
        found += [_entry(row) for row in rows]
    return found


def _entry(row: Row) -> Entry:
    return Entry(row[0], row[1], msgspec.json.decode(row[2], type=tuple[str, ...]), row[3])


def _names(entry: Entry) -> list[str]:
    return [folded(name) for name in (entry.title, *entry.aliases)]


def _rank(entry: Entry, typed: str, wanted: str) -> tuple[int, int, str]:
    names = _names(entry)
    if entry.id == typed:
        place = 0
    elif wanted in names:
        place = 1
    elif any(name.startswith(wanted) for name in names):
        place = 2
    else:
        place = 3
    return place, len(entry.title), entry.title
