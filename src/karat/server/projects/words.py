"""Lists of words of a project, each word with the label that it suggests: one row a list, read whole by the screen."""

import csv
import io

import msgspec

from karat.kinds.resources import is_name
from karat.model.problem import Problem, Refused, shown
from karat.model.schema import CONTROL, MAX_KEY
from karat.server.access import Actor, Scope, enter_project, missing
from karat.server.database import Tx
from karat.server.projects import rows

MOST_WORDS = 50_000
LONGEST = 100
"""A list is looked for in what is in sight while somebody reads; longer words are sentences."""


class WordList(msgspec.Struct, frozen=True):
    """A list of a project and how many words it has."""

    name: str
    words: int
    at: str


class WordLabels(msgspec.Struct, frozen=True):
    """The words of a list, each with the label that it suggests."""

    words: dict[str, str]


class Line(msgspec.Struct, frozen=True):
    """A word as a file brings it."""

    words: str
    label: str


def put(tx: Tx, actor: Actor, project: str, name: str, body: bytes) -> WordList:
    """Read a list and put it in the place of the one of its name; no answer changes by it."""
    scope = enter_project(tx, actor, "project.change", project=project)
    if not is_name(name):
        do = "Name it e.g. `drugs`; the schema says the same name."
        raise Refused([Problem("name", shown(name), "1 to 64 of a-z, 0-9, `_` and `-`", do)])
    found = read(body)
    content = msgspec.json.encode(WordLabels(found)).decode()
    now = tx.now()
    tx.run("DELETE FROM resources WHERE project = :p AND kind = 'words' AND name = :name", p=scope.project, name=name)
    tx.put(
        "INSERT INTO resources (project, kind, name, content, size, by, at)"
        " VALUES (:p, 'words', :name, :content, :size, :by, :at)",
        p=scope.project,
        name=name,
        content=content,
        size=len(content.encode()),
        by=actor.login,
        at=now,
    )
    rows.audit(tx, scope, "words.changed", list=name, words=len(found))
    return WordList(name, len(found), now)


def listed(tx: Tx, scope: Scope) -> list[WordList]:
    """The lists of a project by name."""
    found = tx.run(
        "SELECT name, content, at FROM resources WHERE project = :p AND kind = 'words' ORDER BY name", p=scope.project
    )
    return [WordList(name, len(_content(content).words), at) for name, content, at in found]


def words_of(tx: Tx, scope: Scope, name: str) -> WordLabels:
    """The words of a list."""
    found = tx.run(
        "SELECT content FROM resources WHERE project = :p AND kind = 'words' AND name = :name",
        p=scope.project,
        name=name,
    )
    if not found:
        raise missing("word list", name)
    return _content(found[0][0])


def read(body: bytes) -> dict[str, str]:
    """The words of a file: CSV whose head names `words` and `label`, or JSON lines with both; of a word twice, the first."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("body", f"byte {error.start}", "text in UTF-8", "Save the file as UTF-8.") from None
    lines = _json(text) if text.lstrip()[:1] == "{" else _csv(text)
    found: dict[str, str] = {}
    for number, line in lines:
        words = " ".join(line.words.split())
        if not words or len(words) > LONGEST or CONTROL.search(words):
            expected = f"1 to {LONGEST} characters, none of them a control character"
            raise _refused(f"line {number}", shown(line.words), expected, "Mend the words.")
        if not line.label or len(line.label) > MAX_KEY or CONTROL.search(line.label):
            raise _refused(f"line {number}", shown(line.label), "the key of a label", "Name a label of the field.")
        found.setdefault(words, line.label)
        if len(found) > MOST_WORDS:
            raise _refused("body", f"more than {MOST_WORDS} words", f"at most {MOST_WORDS}", "Split it in two.")
    if not found:
        raise _refused("body", "no word", "at least one", "Send CSV or JSON lines with `words` and `label`.")
    return found


def _json(text: str) -> list[tuple[int, Line]]:
    decoder = msgspec.json.Decoder(Line)
    found: list[tuple[int, Line]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                found.append((number, decoder.decode(line)))
            except msgspec.DecodeError as error:
                do = 'Write `{"words": "low potassium", "label": "finding"}`.'
                raise _refused(f"line {number}", str(error)[:200], "words and their label", do) from None
    return found


def _csv(text: str) -> list[tuple[int, Line]]:
    reader = csv.DictReader(io.StringIO(text))
    if not {"words", "label"} <= set(reader.fieldnames or ()):
        do = "Name the columns in the first line: words, label."
        raise _refused("line 1", shown(reader.fieldnames), "a head with words and label", do)
    return [(reader.line_num, Line(row["words"] or "", row["label"] or "")) for row in reader]


def _content(content: str) -> WordLabels:
    return msgspec.json.decode(content, type=WordLabels)


def _refused(path: str, got: str, expected: str, do: str) -> Refused:
    return Refused([Problem(path, got, expected, do)], title="The word list cannot be read")
