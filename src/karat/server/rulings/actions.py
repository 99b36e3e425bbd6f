"""Ruling: a question is decided for all that is like it; the decision becomes guideline text and opens items again."""

import re

import msgspec

from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Actor, Scope, enter_by_key, enter_project, missing
from karat.server.database import Tx
from karat.server.gold.actions import retire
from karat.server.guidelines.actions import add_to_clause
from karat.server.items.names import item_keys
from karat.server.labeling.queries.versions import rules_of, schema_at
from karat.server.rulings.finding import words_of_item
from karat.server.rulings.naming import said_plainly
from karat.server.rulings.schemas import NewRuling, Place, Precedent, ToGuideline, Written
from karat.server.rulings.seeing import PRECEDENT, enter_thread, precedent_of
from karat.server.tell import note, tell

LONGEST = 5_000
CLAUSE = re.compile(r"[\w.-]{1,80}")


def rule_thread(tx: Tx, actor: Actor, thread: str, given: NewRuling) -> Precedent:
    """Decide a question; an earlier ruling of the same thread is withdrawn."""
    scope, row = enter_thread(tx, actor, "rule", thread)
    item, place = tx.run("SELECT item, place FROM threads WHERE n = :n", n=row[0])[0]
    tx.run(
        "UPDATE precedents SET withdrawn_at = :now WHERE thread = :n AND withdrawn_at IS NULL", now=tx.now(), n=row[0]
    )
    where = given.place or msgspec.json.decode(place, type=Place)
    found = _write(tx, scope, given, item=item, place=where, thread=row[0])
    tx.run("UPDATE threads SET state = 'ruled', changed_at = :now WHERE n = :n", now=tx.now(), n=row[0])
    tell(tx, scope, "thread.changed", thing="thread", id=thread, item=row[2], did="ruled")
    return found


def rule(tx: Tx, actor: Actor, project: str, given: NewRuling) -> Precedent:
    """Write down a precedent that nobody asked for."""
    scope = enter_project(tx, actor, "rule", project=project)
    item = item_keys(tx, scope, [given.item]).get(given.item) if given.item is not None else None
    if given.item is not None and item is None:
        raise missing("item", given.item)
    return _write(tx, scope, given, item=item, place=given.place or Place(), thread=None)


def withdraw(tx: Tx, actor: Actor, precedent: str) -> Precedent:
    """Let a precedent hold no more; it is kept for whoever wants to know what held."""
    scope, n = enter_precedent(tx, actor, "rule", precedent)
    tx.run("UPDATE precedents SET withdrawn_at = :now WHERE n = :n AND withdrawn_at IS NULL", now=tx.now(), n=n)
    _show(tx, scope)
    _noted(tx, scope, "ruling.withdrawn", precedent)
    return get(tx, n)


def write_down(tx: Tx, actor: Actor, precedent: str, given: ToGuideline) -> Written:
    """Put a ruling into the guideline: a new version says it."""
    scope, n = enter_precedent(tx, actor, "guideline.change", precedent)
    found = get(tx, n)
    if not CLAUSE.fullmatch(given.clause):
        do = "Name a clause of the guideline, or a new id such as `parked-cars`."
        raise Refused([Problem("clause", shown(given.clause), "letters, digits, `-`, `_` and `.`", do)])
    version = add_to_clause(
        tx,
        scope,
        given.clause,
        given.text if given.text is not None else found.text,
        title=given.title,
        replaces=given.replaces,
        must_read=given.must_read,
        note_=found.about or found.text[:200],
    )
    tx.run("UPDATE precedents SET clause = :clause WHERE n = :n", clause=given.clause, n=n)
    tell(tx, scope, "ruling.changed", thing="precedent", id=precedent)
    return Written(version, given.clause)


def enter_precedent(tx: Tx, actor: Actor, right: str, precedent: str) -> tuple[Scope, int]:
    """The scope of a precedent's project, and its key."""
    rows = tx.run("SELECT project, n FROM precedents WHERE id = :id", id=precedent)
    if not rows:
        raise missing("precedent", precedent)
    return enter_by_key(tx, actor, right, project=rows[0][0], what="precedent", shown=precedent), rows[0][1]


def get(tx: Tx, n: int) -> Precedent:
    """A precedent as experts see it."""
    return precedent_of(tx.run(f"{PRECEDENT} WHERE p.n = :n", n=n)[0], is_open=True)


def _write(tx: Tx, scope: Scope, given: NewRuling, *, item: int | None, place: Place, thread: int | None) -> Precedent:
    refuse(_problems(tx, scope, given))
    streams = tx.run("SELECT streams FROM items WHERE n = :n", n=item)[0][0] if item is not None else "{}"
    id_ = tx.new_id()
    n = tx.run(
        "INSERT INTO precedents (id, project, thread, item, about, text, field, label, clause, applies, example, shown, words,"
        " by, at) VALUES (:id, :project, :thread, :item, :about, :text, :field, :label, :clause, :applies, :example, :shown,"
        " :words, :by, :now) RETURNING n",
        id=id_,
        project=scope.project,
        thread=thread,
        item=item,
        about=said_plainly(given.about),
        text=said_plainly(given.text),
        field=given.field,
        label=given.label,
        clause=given.clause,
        applies=msgspec.json.encode(given.applies).decode(),
        example=msgspec.json.encode(place).decode(),
        shown=given.shown and item is not None,
        words=words_of_item(streams),
        by=scope.author,
        now=tx.now(),
    )[0][0]
    _show(tx, scope)
    _noted(tx, scope, "ruling.made", id_)
    return get(tx, n)


def _show(tx: Tx, scope: Scope) -> None:
    """Let everybody look at the examples of the rulings that hold."""
    tx.run("DELETE FROM shown_items WHERE project = :project AND why = 'ruling'", project=scope.project)
    tx.run(
        "INSERT INTO shown_items (item, why, project) SELECT DISTINCT item, 'ruling', project FROM precedents"
        " WHERE project = :project AND shown AND item IS NOT NULL AND withdrawn_at IS NULL ON CONFLICT DO NOTHING",
        project=scope.project,
    )
    # What is ruled of an item stands beside it, shown whole or not: whoever reads it knows the answer.
    ruled = tx.run(
        "SELECT DISTINCT item FROM precedents WHERE project = :project AND item IS NOT NULL AND withdrawn_at IS NULL",
        project=scope.project,
    )
    retire(tx, scope, sorted(n for (n,) in ruled), "shown")


def _noted(tx: Tx, scope: Scope, name: str, id_: str) -> None:
    thing: dict[str, object] = {"type": "precedent", "id": id_}
    note(tx, name, actor=scope.actor, workspace=scope.workspace, project=scope.project, thing=thing)
    tell(tx, scope, "ruling.changed", thing="precedent", id=id_)


def _problems(tx: Tx, scope: Scope, given: NewRuling) -> list[Problem]:
    found: list[Problem] = []
    for path, text, least in (("text", given.text, 1), ("about", given.about, 0)):
        if not least <= len(text.strip()) <= LONGEST:
            expected = f"{least} to {LONGEST} characters"
            found.append(Problem(path, f"{len(text)} characters", expected, "Say what is decided, and of what."))
    if given.field is not None:
        schema = schema_at(tx, scope.project, rules_of(tx, scope.project).schema_version)
        if schema is None or given.field not in schema.fields:
            expected = f"one of {', '.join(list(schema.fields)[:20]) if schema else 'no field'}"
            found.append(Problem("field", shown(given.field), expected, "Name a field of the schema."))
    if len(given.applies) > 20:
        found.append(Problem("applies", str(len(given.applies)), "at most 20 keys", "Name fewer."))
    if given.label is not None and given.field is None:
        found.append(Problem("field", "null", "the field of the label", "Name the field too."))
    return found
