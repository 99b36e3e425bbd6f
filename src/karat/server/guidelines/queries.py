"""Reading a guideline, what changed in it, and what of it fits a question."""

import msgspec

from karat.model.guideline import clauses_of, compared
from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, Scope, enter_project
from karat.server.database import Tx
from karat.server.guidelines.schemas import Changes, Document, Found, Guideline, VersionRow
from karat.server.labeling.queries.course import course_of
from karat.server.labeling.queries.unread import to_read
from karat.server.labeling.queries.versions import rules_of
from karat.server.search.ranking import Ranking
from karat.server.wire import Page, page

_DOCUMENT = msgspec.json.Decoder(Document)
LONGEST_QUESTION = 1_000
MOST_FOUND = 20
_ROW = "SELECT g.version, g.note, g.must_read, a.name, g.at, g.document FROM guidelines g LEFT JOIN authors a ON a.n = g.by"


def get_guideline(tx: Tx, actor: Actor, project: str, version: int | None = None) -> Guideline:
    """A version of the guideline, the newest where none is named."""
    return guideline(tx, enter_project(tx, actor, "guideline.see", project=project), version)


def guideline(tx: Tx, scope: Scope, version: int | None = None) -> Guideline:
    """The same for whoever is in already."""
    newest = newest_version(tx, scope.project)
    wanted = newest if version is None else version
    if wanted != 0:
        _refuse_unknown(wanted, newest)
    rows = tx.run(f"{_ROW} WHERE g.project = :project AND g.version = :version", project=scope.project, version=wanted)
    n, note, must_read, by, at, document = rows[0] if rows else (0, "", False, None, None, "{}")
    found = _DOCUMENT.decode(document)
    is_open = scope.has("responses.see")
    return Guideline(
        version=n,
        newest=newest,
        text=found.text,
        clauses=tuple(clauses_of(found.text)),
        definitions=found.definitions,
        # Whose answer an example was taken from is nobody else's business.
        examples=found.examples
        if is_open
        else tuple(msgspec.structs.replace(one, response=None) for one in found.examples),
        note=note,
        must_read=bool(must_read),
        by=by if is_open else None,
        at=at,
        read=read_version(tx, scope),
        to_read=to_read(tx, scope, course_of(scope, rules_of(tx, scope.project))),
    )


def list_versions(tx: Tx, actor: Actor, project: str, *, limit: int, after: tuple[int, ...] | None) -> Page[VersionRow]:
    """The versions, the newest first."""
    scope = enter_project(tx, actor, "guideline.see", project=project)
    rows = tx.run(
        f"{_ROW} WHERE g.project = :project AND g.version < :before ORDER BY g.version DESC LIMIT :limit",
        project=scope.project,
        before=after[0] if after else 1 << 31,
        limit=limit + 1,
    )
    is_open = scope.has("responses.see")
    found = [
        VersionRow(version=n, note=note, must_read=bool(must), by=by if is_open else None, at=at)
        for n, note, must, by, at, _ in rows
    ]
    return page(found, limit, lambda one: (one.version,))


def changes(tx: Tx, actor: Actor, project: str, since: int | None, until: int | None) -> Changes:
    """What changed between two versions: from the one you read last to the newest, where none are named."""
    scope = enter_project(tx, actor, "guideline.see", project=project)
    newest = newest_version(tx, scope.project)
    first = min(read_version(tx, scope), newest) if since is None else since
    last = newest if until is None else until
    for version in (first, last):
        if version != 0:
            _refuse_unknown(version, newest)
    lines = compared(_lines(document_of(tx, scope.project, first)), _lines(document_of(tx, scope.project, last)))
    notes = tx.run(
        "SELECT note FROM guidelines WHERE project = :project AND version > :first AND version <= :last ORDER BY version",
        project=scope.project,
        first=first,
        last=last,
    )
    return Changes(
        since=first,
        until=last,
        lines=tuple(lines),
        notes=tuple(note for (note,) in notes if note),
        changed=sum(line.op != "same" for line in lines),
    )


def search(tx: Tx, actor: Actor, project: str, asked: str) -> list[Found]:
    """The clauses and definitions that fit some words, the better first."""
    scope = enter_project(tx, actor, "guideline.see", project=project)
    if len(asked) > LONGEST_QUESTION:
        do = "Ask in fewer words."
        raise Refused([Problem("q", f"{len(asked)} characters", f"at most {LONGEST_QUESTION}", do)])
    document = document_of(tx, scope.project, newest_version(tx, scope.project))
    entries = [
        Found(clause=one.id, field=None, label=None, title=one.title, text=one.text, score=0)
        for one in clauses_of(document.text)
    ] + [
        Found(clause=one.clause, field=one.field, label=one.label, title=one.label or one.field, text=one.text, score=0)
        for one in document.definitions
    ]
    ranked = Ranking(f"{one.title} {one.title} {one.text}" for one in entries).best(asked, MOST_FOUND)
    return [msgspec.structs.replace(entries[index], score=score) for index, score in ranked]


def newest_version(tx: Tx, project: int) -> int:
    """The newest version's number, 0 where there is none."""
    rows = tx.run("SELECT coalesce(max(version), 0) FROM guidelines WHERE project = :project", project=project)
    return int(rows[0][0])


def document_of(tx: Tx, project: int, version: int) -> Document:
    """A version's document, an empty one of version 0."""
    rows = tx.run(
        "SELECT document FROM guidelines WHERE project = :project AND version = :version",
        project=project,
        version=version,
    )
    return _DOCUMENT.decode(rows[0][0]) if rows else Document()


def read_version(tx: Tx, scope: Scope) -> int:
    """The newest version that the actor confirmed to have read, 0 for none."""
    rows = tx.run(
        "SELECT version FROM guideline_reads WHERE project = :project AND author = :author",
        project=scope.project,
        author=scope.author,
    )
    return int(rows[0][0]) if rows else 0


def _lines(document: Document) -> str:
    """A document as one text, so that all of it can be compared."""
    marks = {"do": "Do", "dont": "Don’t"}
    defined = [f"{one.field}{f' / {one.label}' if one.label else ''}: {one.text}" for one in document.definitions]
    examples = [
        f"{marks[one.verdict]}: {' / '.join(filter(None, (one.field, one.label)))} {one.note}".rstrip()
        for one in document.examples
    ]
    return "\n".join(
        [document.text.rstrip(), *(["", *defined] if defined else []), *(["", *examples] if examples else [])]
    )


def _refuse_unknown(version: int, newest: int) -> None:
    if not 1 <= version <= newest:
        expected = f"1 to {newest}" if newest else "none: nobody has written a guideline yet"
        raise Refused([Problem("version", shown(version), expected, "Ask for a version that exists.")], status=404)
