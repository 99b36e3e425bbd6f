"""Vocabularies of a project: read from a file, written a few hundred rows at a time, and current only when all is there."""

import asyncio
import csv
import io

import anyio.to_thread
import msgspec

from karat.kinds.entity import LONGEST_TITLE
from karat.kinds.resources import is_name
from karat.model.problem import Problem, Refused, shown
from karat.model.schema import CONTROL, MAX_KEY
from karat.server.access import Actor, Scope, enter_project, missing
from karat.server.database import Database, Tx
from karat.server.projects import queries, rows, uses
from karat.server.vocabularies import Entry, folded

MOST_ENTRIES = 1_000_000
MOST_ALIASES = 100
LONGEST_DEFINITION = 2000
LONGEST_TERM = 100
WORDS = 8
"""An entry is found by this many words of each of its names."""
CHUNK = 60
"""Entries written at once: with their terms some 300 rows, behind people who wait."""
GONE = 500


class Vocabulary(msgspec.Struct, frozen=True):
    """A vocabulary of a project, how many entries it has, and the places of the schema in force that take entries of it."""

    name: str
    entries: int
    at: str
    used_by: tuple[str, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """An entry as a file brings it."""

    id: str | int
    title: str
    aliases: tuple[str, ...] = ()
    definition: str = ""


async def put(db: Database, actor: Actor, project: str, name: str, body: bytes) -> Vocabulary:
    """Read a vocabulary and put it in the place of the one of its name; answers keep the ids and titles they have."""
    scope = await db.read(lambda tx: enter_project(tx, actor, "project.change", project=project))
    if not is_name(name):
        do = "Name it e.g. `places`; the schema says the same name."
        raise Refused([Problem("name", shown(name), "1 to 64 of a-z, 0-9, `_` and `-`", do)])
    found = await anyio.to_thread.run_sync(read, body)
    n = await db.write(_begin, scope, name, len(found))
    for start in range(0, len(found), CHUNK):
        await asyncio.wrap_future(db.write_bulk(_insert, n, found[start : start + CHUNK]))
    made, before = await db.write(_finish, scope, name, n)
    await _clear(db, before)
    return made


def copy(tx: Tx, scope: Scope, source: int) -> None:
    """The vocabularies of another project, for its clone, copied inside the database: all or none; who writes waits meanwhile."""
    found = tx.run("SELECT n, name, entries FROM vocabularies WHERE project = :p AND current ORDER BY n", p=source)
    for vocabulary, name, count in found:
        n = _begin(tx, scope, name, count)
        tx.run(
            "INSERT INTO entries (vocabulary, id, title, aliases, definition)"
            " SELECT :n, id, title, aliases, definition FROM entries WHERE vocabulary = :v",
            n=n,
            v=vocabulary,
        )
        tx.run(
            "INSERT INTO entry_terms (vocabulary, term, entry)"
            " SELECT :n, term, entry FROM entry_terms WHERE vocabulary = :v",
            n=n,
            v=vocabulary,
        )
        tx.run("UPDATE vocabularies SET current = :yes WHERE n = :n", n=n, yes=True)


def listed(tx: Tx, scope: Scope) -> list[Vocabulary]:
    """The vocabularies of a project by name."""
    found = tx.run(
        "SELECT name, entries, at FROM vocabularies WHERE project = :p AND current ORDER BY name", p=scope.project
    )
    _, schema = queries.schema_of(tx, scope.project)
    return [Vocabulary(name, entries, at, uses.of_vocabulary(schema, name)) for name, entries, at in found]


async def remove(db: Database, actor: Actor, project: str, name: str) -> Vocabulary:
    """Forget a vocabulary that the schema in force does not name; answers keep the ids and titles they have."""
    gone, before = await db.write(_withdraw, actor, project, name)
    await _clear(db, before)
    return gone


async def _clear(db: Database, before: list[int]) -> None:
    for old in before:
        while await asyncio.wrap_future(db.write_bulk(_forget, old)):
            pass


def _withdraw(tx: Tx, actor: Actor, project: str, name: str) -> tuple[Vocabulary, list[int]]:
    """From now on it is in force no more; its rows are cleared behind people who wait."""
    scope = enter_project(tx, actor, "project.change", project=project)
    uses.refuse_used(name, uses.of_vocabulary(queries.schema_of(tx, scope.project)[1], name))
    gone = tx.run(
        "UPDATE vocabularies SET current = false WHERE project = :p AND name = :name AND current RETURNING n, entries, at",
        p=scope.project,
        name=name,
    )
    if not gone:
        raise missing("vocabulary", name)
    rows.audit(tx, scope, "vocabulary.removed", vocabulary=name)
    return Vocabulary(name, *gone[0][1:]), [row[0] for row in gone]


def read(body: bytes) -> list[Entry]:
    """The entries of a file: JSON, one a line, or CSV whose head names `id`, `title`, `aliases` (`|` between) and `definition`."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("body", f"byte {error.start}", "text in UTF-8", "Save the file as UTF-8.") from None
    if "\x00" in text:
        raise _refused("body", "U+0000", "text without U+0000", "Take the character out.")
    lines = _json(text) if text.lstrip()[:1] == "{" else _csv(text)
    entries: dict[str, Entry] = {}
    for number, line in lines:
        entry = Entry(str(line.id), line.title, line.aliases, line.definition)
        if problem := _fault(entry, number, is_known=entry.id in entries):
            raise Refused([problem], title="The vocabulary has a mistake")
        entries[entry.id] = entry
        if len(entries) > MOST_ENTRIES:
            raise _refused("body", f"more than {MOST_ENTRIES} entries", f"at most {MOST_ENTRIES}", "Split it in two.")
    if not entries:
        raise _refused("body", "no entry", "at least one", "Send JSON lines or CSV with `id` and `title`.")
    return list(entries.values())


def terms_of(entry: Entry) -> set[str]:
    """By what an entry is found: each of its names, folded, from each of its first words on."""
    found: set[str] = set()
    for name in (entry.title, *entry.aliases):
        words = folded(name).split()
        found |= {" ".join(words[at:])[:LONGEST_TERM] for at in range(min(len(words), WORDS))}
    return found


def _json(text: str) -> list[tuple[int, Line]]:
    decoder = msgspec.json.Decoder(Line)
    found: list[tuple[int, Line]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                found.append((number, decoder.decode(line)))
            except msgspec.DecodeError as error:
                do = 'Write `{"id": "Q90", "title": "Paris", "aliases": ["Lutetia"], "definition": "capital of France"}`.'
                raise _refused(f"line {number}", str(error)[:200], "an entry with id and title", do) from None
    return found


def _csv(text: str) -> list[tuple[int, Line]]:
    reader = csv.DictReader(io.StringIO(text))
    if not {"id", "title"} <= set(reader.fieldnames or ()):
        do = "Name the columns in the first line: id, title, aliases, definition."
        raise _refused("line 1", shown(reader.fieldnames), "a head with id and title", do)
    found: list[tuple[int, Line]] = []
    for row in reader:
        aliases = tuple(a.strip() for a in (row.get("aliases") or "").split("|") if a.strip())
        found.append((reader.line_num, Line(row["id"] or "", row["title"] or "", aliases, row.get("definition") or "")))
    return found


def _fault(entry: Entry, line: int, *, is_known: bool) -> Problem | None:
    if not entry.id or len(entry.id) > MAX_KEY or CONTROL.search(entry.id):
        expected = f"1 to {MAX_KEY} characters, none of them a control character"
        return Problem(f"line {line}", shown(entry.id), expected, "Mend the id.")
    if is_known:
        return Problem(f"line {line}", entry.id, "an id that no line before has", "Join the two entries.")
    names = (entry.title, *entry.aliases)
    if len(names) > MOST_ALIASES or not entry.title.strip() or any(len(name) > LONGEST_TITLE for name in names):
        expected = f"a title and at most {MOST_ALIASES} aliases, each of at most {LONGEST_TITLE} characters"
        return Problem(f"line {line}", shown(entry.title), expected, "Shorten the names.")
    if len(entry.definition) > LONGEST_DEFINITION:
        got = f"{len(entry.definition)} characters"
        return Problem(f"line {line}", got, f"a definition of at most {LONGEST_DEFINITION}", "Shorten it.")
    return None


def _begin(tx: Tx, scope: Scope, name: str, entries: int) -> int:
    n: int = tx.run(
        "INSERT INTO vocabularies (project, name, entries, by, at) VALUES (:p, :name, :entries, :by, :at) RETURNING n",
        p=scope.project,
        name=name,
        entries=entries,
        by=scope.actor.login,
        at=tx.now(),
    )[0][0]
    return n


def _insert(tx: Tx, vocabulary: int, some: list[Entry]) -> None:
    tx.many(
        "INSERT INTO entries (vocabulary, id, title, aliases, definition) VALUES (:v, :id, :title, :aliases, :definition)",
        [
            {
                "v": vocabulary,
                "id": entry.id,
                "title": entry.title,
                "aliases": msgspec.json.encode(entry.aliases).decode(),
                "definition": entry.definition,
            }
            for entry in some
        ],
    )
    tx.many(
        "INSERT INTO entry_terms (vocabulary, term, entry) VALUES (:v, :term, :entry)",
        [{"v": vocabulary, "term": term, "entry": entry.id} for entry in some for term in sorted(terms_of(entry))],
    )


def _finish(tx: Tx, scope: Scope, name: str, n: int) -> tuple[Vocabulary, list[int]]:
    """Put it in force; what stood under its name before, or was left half written, is to be forgotten."""
    tx.run(
        "UPDATE vocabularies SET current = (n = :n) WHERE project = :p AND name = :name",
        n=n,
        p=scope.project,
        name=name,
    )
    before = tx.run(
        "SELECT n FROM vocabularies WHERE project = :p AND name = :name AND n < :n", p=scope.project, name=name, n=n
    )
    entries, at = tx.run("SELECT entries, at FROM vocabularies WHERE n = :n", n=n)[0]
    rows.audit(tx, scope, "vocabulary.changed", vocabulary=name, entries=entries)
    used_by = uses.of_vocabulary(queries.schema_of(tx, scope.project)[1], name)
    return Vocabulary(name, entries, at, used_by), [row[0] for row in before]


def _forget(tx: Tx, vocabulary: int) -> bool:
    """Delete some rows of a vocabulary; whether there may be more."""
    for table, key in (("entry_terms", "entry, term"), ("entries", "id")):
        columns = ", ".join(("vocabulary", key))
        gone = tx.run(
            f"DELETE FROM {table} WHERE ({columns}) IN (SELECT {columns} FROM {table} WHERE vocabulary = :v LIMIT :some)"  # noqa: S608 - constants
            " RETURNING 1",
            v=vocabulary,
            some=GONE,
        )
        if gone:
            return True
    tx.run("DELETE FROM vocabularies WHERE n = :n", n=vocabulary)
    return False


def _refused(path: str, got: str, expected: str, do: str) -> Refused:
    return Refused([Problem(path, got, expected, do)], title="The vocabulary cannot be read")
