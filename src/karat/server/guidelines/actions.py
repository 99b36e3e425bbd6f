"""Writing a guideline: every change is a new version; who has read which is kept."""

from collections.abc import Iterator, Sequence

import msgspec

from karat.model.guideline import clauses_of, repeated_ids, with_clause
from karat.model.problem import Problem, Refused, refuse, shown
from karat.model.schema import Schema
from karat.server.access import Actor, Scope, enter_project
from karat.server.database import Tx
from karat.server.gold.actions import retire
from karat.server.guidelines.queries import document_of, guideline, newest_version
from karat.server.guidelines.schemas import Definition, Document, Example, Guideline, NewExample, NewVersion, Read
from karat.server.items.names import item_keys
from karat.server.labeling.queries.versions import rules_of, schema_at
from karat.server.tell import note, tell
from karat.server.training.actions import renew
from karat.server.wire import if_match

LONGEST = 100_000
MOST = 500
LONGEST_NOTE = 2_000
_ANNOTATIONS = msgspec.json.Decoder(tuple[msgspec.Raw, ...])


class _Named(msgspec.Struct):
    id: str = ""


def change(tx: Tx, actor: Actor, project: str, given: NewVersion, *, match: str | None) -> Guideline:
    """Put a new version in force, made from the one that was read."""
    scope = enter_project(tx, actor, "guideline.change", project=project)
    newest = newest_version(tx, scope.project)
    if_match(match, newest)
    schema = schema_at(tx, scope.project, rules_of(tx, scope.project).schema_version)
    refuse([*_text_problems(given), *_definition_problems(given, schema), *_example_problems(given, schema)])
    examples, problems = _examples(tx, scope, given.examples)
    refuse(problems)
    document = Document(text=given.text, definitions=given.definitions, examples=examples)
    publish(tx, scope, document, note_=given.note, must_read=given.must_read)
    return guideline(tx, scope)


def publish(tx: Tx, scope: Scope, document: Document, *, note_: str, must_read: bool) -> int:
    """Write a version down and tell of it; its number. The lock is the project's row: two never get one number."""
    tx.run("UPDATE projects SET changed_at = :now WHERE n = :project", now=tx.now(), project=scope.project)
    version = newest_version(tx, scope.project) + 1
    tx.run(
        "INSERT INTO guidelines (project, version, document, note, must_read, by, at)"
        " VALUES (:project, :version, :document, :note, :must_read, :by, :at)",
        project=scope.project,
        version=version,
        document=msgspec.json.encode(document).decode(),
        note=note_.strip(),
        must_read=must_read,
        by=scope.author,
        at=tx.now(),
    )
    tx.run("DELETE FROM shown_items WHERE project = :project AND why = 'guideline'", project=scope.project)
    keys = item_keys(tx, scope, list(dict.fromkeys(one.item for one in document.examples)))
    tx.many(
        "INSERT INTO shown_items (item, why, project) VALUES (:item, 'guideline', :project) ON CONFLICT DO NOTHING",
        [{"item": n, "project": scope.project} for n in sorted(keys.values())],
    )
    retire(tx, scope, sorted(keys.values()), "shown")
    if must_read:
        renew(tx, scope)
    _confirm(tx, scope, version)
    id_ = str(tx.run("SELECT id FROM projects WHERE n = :n", n=scope.project)[0][0])
    tell(tx, scope, "guideline.changed", thing="guideline", id=id_, revision=version, must_read=must_read)
    note(
        tx,
        "guideline.changed",
        actor=scope.actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "project", "id": id_},
        version=version,
    )
    return version


def add_to_clause(
    tx: Tx, scope: Scope, clause: str, words: str, *, title: str, replaces: bool, must_read: bool, note_: str
) -> int:
    """A new version in which a clause says these words too, or instead; its number."""
    document = document_of(tx, scope.project, newest_version(tx, scope.project))
    text = with_clause(document.text, clause, words, title=title, replaces=replaces)
    refuse(_text_problems(NewVersion(text=text, note=note_)))
    return publish(tx, scope, msgspec.structs.replace(document, text=text), note_=note_, must_read=must_read)


def confirm(tx: Tx, actor: Actor, project: str, given: Read) -> Guideline:
    """Write down that somebody has read a version; an older one than before changes nothing."""
    scope = enter_project(tx, actor, "guideline.read", project=project)
    newest = newest_version(tx, scope.project)
    if not 1 <= given.version <= newest:
        expected = f"1 to {newest}" if newest else "none yet"
        raise Refused([Problem("version", shown(given.version), expected, "Confirm the version that you read.")])
    _confirm(tx, scope, given.version)
    return guideline(tx, scope)


def _confirm(tx: Tx, scope: Scope, version: int) -> None:
    tx.run(
        "INSERT INTO guideline_reads (project, author, version, at) VALUES (:project, :author, :version, :at)"
        " ON CONFLICT (project, author) DO UPDATE SET version = excluded.version, at = excluded.at"
        " WHERE guideline_reads.version < excluded.version",
        project=scope.project,
        author=scope.author,
        version=version,
        at=tx.now(),
    )


def _text_problems(given: NewVersion) -> Iterator[Problem]:
    if len(given.text) > LONGEST:
        yield Problem("text", f"{len(given.text)} characters", f"at most {LONGEST}", "Say it in fewer words.")
    if len(given.note) > LONGEST_NOTE:
        yield Problem("note", f"{len(given.note)} characters", f"at most {LONGEST_NOTE}", "Say it in a line.")
    for id_ in repeated_ids(given.text):
        yield Problem("text", f"{{#{id_}}} twice", "an id for each clause", "Give one of the clauses another id.")
    for path, many in (("definitions", given.definitions), ("examples", given.examples)):
        if len(many) > MOST:
            yield Problem(path, str(len(many)), f"at most {MOST}", "Leave the less useful ones out.")


def _definition_problems(given: NewVersion, schema: Schema | None) -> Iterator[Problem]:
    clauses = {one.id for one in clauses_of(given.text)}
    seen: set[tuple[str, str | None]] = set()
    for index, one in enumerate(given.definitions):
        path = f"definitions[{index}]"
        if (one.field, one.label) in seen:
            got = shown(one.label or one.field)
            yield Problem(path, got, "each label once", "Put both texts into one definition.")
        seen.add((one.field, one.label))
        if not one.text.strip() or len(one.text) > LONGEST_NOTE * 2:
            expected = f"1 to {LONGEST_NOTE * 2} characters"
            yield Problem(f"{path}.text", f"{len(one.text)} characters", expected, "Say what it means.")
        yield from _place_problems(one, path, schema, clauses)


def _example_problems(given: NewVersion, schema: Schema | None) -> Iterator[Problem]:
    clauses = {one.id for one in clauses_of(given.text)}
    for index, one in enumerate(given.examples):
        path = f"examples[{index}]"
        if len(one.note) > LONGEST_NOTE:
            expected = f"at most {LONGEST_NOTE} characters"
            yield Problem(f"{path}.note", f"{len(one.note)} characters", expected, "Say it in fewer words.")
        if (one.annotation is None) != (one.response is None):
            do = "Name the response and the annotation in it, or neither."
            yield Problem(f"{path}.annotation", shown(one.annotation), "both or neither", do)
        yield from _place_problems(one, path, schema, clauses)


def _place_problems(
    one: Definition | NewExample, path: str, schema: Schema | None, clauses: set[str]
) -> Iterator[Problem]:
    if one.clause is not None and one.clause not in clauses:
        expected = "the id of a clause of the text"
        yield Problem(f"{path}.clause", shown(one.clause), expected, "Write `{#id}` behind its heading.")
    fields = schema.fields if schema else {}
    if one.field is not None and one.field not in fields:
        expected = f"one of {', '.join(list(fields)[:20])}"
        yield Problem(f"{path}.field", shown(one.field), expected, "Name a field of the schema.")


def _examples(tx: Tx, scope: Scope, given: Sequence[NewExample]) -> tuple[tuple[Example, ...], list[Problem]]:
    """The examples with what was drawn there."""
    keys = item_keys(tx, scope, list(dict.fromkeys(one.item for one in given)))
    found: list[Example] = []
    problems: list[Problem] = []
    for index, one in enumerate(given):
        item = keys.get(one.item)
        drawn = _drawn(tx, item, one) if item is not None else None
        if item is None:
            do = "Choose an item of this project."
            problems.append(Problem(f"examples[{index}].item", shown(one.item), "an item that is there", do))
        elif drawn is None:
            do = "Choose an annotation that stands."
            problems.append(Problem(f"examples[{index}].annotation", shown(one.annotation), "an annotation on it", do))
        else:
            found.append(Example(**msgspec.structs.asdict(one), drawn=drawn))
    return tuple(found), problems


def _drawn(tx: Tx, item: int, one: NewExample) -> msgspec.Raw | None:
    """The annotation as it stands; None where it is not there."""
    if one.annotation is None:
        return msgspec.Raw(b"null")
    rows = tx.run(
        "SELECT v.annotations FROM responses r JOIN revisions v ON v.response = r.n AND v.revision = r.head"
        " WHERE r.id = :response AND r.item = :item",
        response=one.response,
        item=item,
    )
    every = _ANNOTATIONS.decode(rows[0][0]) if rows else ()
    return next((raw for raw in every if msgspec.json.decode(raw, type=_Named).id == one.annotation), None)
