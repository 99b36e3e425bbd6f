"""Asking and answering: threads on items, with messages and mentions."""

from collections.abc import Sequence

import msgspec

from karat.model.problem import Problem, Refused, refuse
from karat.server.access import Actor, Scope, enter_item, enter_project, missing
from karat.server.database import Tx
from karat.server.items.schemas import Person
from karat.server.items.seeing import require_given
from karat.server.rulings.naming import named, people_to_name
from karat.server.rulings.schemas import NewMessage, NewThread, Thread, ThreadEdit
from karat.server.rulings.seeing import MINE, THREAD, enter_thread, sees_all, threads_of
from karat.server.tell import tell
from karat.server.wire import Page, page

LONGEST = 10_000
MOST_OF_ITEM = 200
MOST_OPEN = 200
"""Questions of one person that may stand open in a project."""


def begin(tx: Tx, actor: Actor, project: str, given: NewThread) -> Thread:
    """Ask, or comment, on an item that one may see."""
    scope = enter_project(tx, actor, "threads.write", project=project)
    entered, item = enter_item(tx, actor, "threads.write", item=given.item)
    if entered.project != scope.project:
        raise Refused([Problem("item", given.item, "an item of this project", "Choose another.")], status=404)
    if not scope.has("items.see"):
        require_given(tx, scope, item, shown=given.item)
    refuse(_text_problems(given.text))
    _refuse_flood(tx, scope)
    told = named(tx, scope, given.mentions, thread=None, item=item)
    id_, now = tx.new_id(), tx.now()
    n = tx.run(
        "INSERT INTO threads (id, project, item, kind, state, place, author, at, changed_at)"
        " VALUES (:id, :project, :item, :kind, 'open', :place, :author, :now, :now) RETURNING n",
        id=id_,
        project=scope.project,
        item=item,
        kind=given.kind,
        place=msgspec.json.encode(given.place).decode(),
        author=scope.author,
        now=now,
    )[0][0]
    _say(tx, scope, n, item, given.text, given.mentions, [scope.author, *told])
    tell(tx, scope, "thread.changed", thing="thread", id=id_, item=given.item, did="asked", kind=given.kind)
    return get_thread(tx, actor, id_)


def answer(tx: Tx, actor: Actor, thread: str, given: NewMessage) -> Thread:
    """Say something in a thread; an expert's words answer a question, its author's ask again."""
    scope, row = enter_thread(tx, actor, "threads.write", thread)
    refuse(_text_problems(given.text))
    item = tx.run("SELECT item FROM threads WHERE n = :n", n=row[0])[0][0]
    told = named(tx, scope, given.mentions, thread=row[0], item=item)
    _say(tx, scope, row[0], item, given.text, given.mentions, told)
    state = row[4]
    if state in ("open", "answered") and row[3] == "question":
        state = "open" if row[6] == scope.author else "answered" if sees_all(scope) else state
    tx.run("UPDATE threads SET state = :state, changed_at = :now WHERE n = :n", state=state, now=tx.now(), n=row[0])
    tell(tx, scope, "thread.changed", thing="thread", id=thread, item=row[2], did="answered")
    return get_thread(tx, actor, thread)


def edit(tx: Tx, actor: Actor, thread: str, given: ThreadEdit) -> Thread:
    """Close a thread or open it again: whoever began it, and experts."""
    scope, row = enter_thread(tx, actor, "threads.write", thread)
    if row[6] != scope.author and not sees_all(scope):
        problem = Problem("state", given.state, "a thread that you began", "Ask whoever began it.")
        raise Refused([problem], status=403, title="This thread is not yours")
    has_ruling = tx.run("SELECT 1 FROM precedents WHERE thread = :n AND withdrawn_at IS NULL", n=row[0])
    state = "ruled" if given.state == "open" and has_ruling else given.state
    tx.run("UPDATE threads SET state = :state, changed_at = :now WHERE n = :n", state=state, now=tx.now(), n=row[0])
    tell(tx, scope, "thread.changed", thing="thread", id=thread, item=row[2], did=state)
    return get_thread(tx, actor, thread)


def get_thread(tx: Tx, actor: Actor, thread: str) -> Thread:
    """One thread."""
    scope, row = enter_thread(tx, actor, "threads.see", thread)
    return threads_of(tx, scope, [row])[0]


def of_item(tx: Tx, actor: Actor, item: str) -> list[Thread]:
    """The threads on an item that this person sees, the oldest first."""
    scope, n = enter_item(tx, actor, "threads.see", item=item)
    mine = "" if sees_all(scope) else MINE
    rows = tx.run(
        f"{THREAD} WHERE t.item = :item{mine} ORDER BY t.n LIMIT {MOST_OF_ITEM}",
        item=n,
        **({"me": scope.author} if mine else {}),
    )
    return threads_of(tx, scope, rows)


def of_project(
    tx: Tx,
    actor: Actor,
    project: str,
    *,
    state: str | None,
    kind: str | None,
    limit: int,
    after: tuple[str, int] | None,
) -> Page[Thread]:
    """A project's threads, what happened last first; an annotator's own."""
    scope = enter_project(tx, actor, "threads.see", project=project)
    where, values = "", {}
    if not sees_all(scope):
        where, values = MINE, {"me": scope.author}
    for name, value in (("state", state), ("kind", kind)):
        if value is not None:
            where += f" AND t.{name} = :{name}"
            values[name] = value  # type: ignore[assignment]  # texts beside the number
    if after is not None:
        where += " AND (t.changed_at, t.n) < (:at, :n)"
        values |= {"at": after[0], "n": after[1]}  # type: ignore[dict-item]  # a text beside the numbers
    rows = tx.run(
        f"{THREAD} WHERE t.project = :project{where} ORDER BY t.changed_at DESC, t.n DESC LIMIT :limit",
        project=scope.project,
        limit=limit + 1,
        **values,
    )
    places = {row[1]: (row[8], row[0]) for row in rows}
    return page(threads_of(tx, scope, rows), limit, lambda one: places[one.id])


def whom_to_name(tx: Tx, actor: Actor, project: str, *, thread: str | None, item: str | None) -> list[Person]:
    """Whom one may name in a thread, or in a new one on an item: who may read it; for annotators nobody."""
    scope = enter_project(tx, actor, "threads.see", project=project)
    on = about = None
    if thread is not None:
        entered, row = enter_thread(tx, actor, "threads.see", thread)
        on, about = row[0], tx.run("SELECT item FROM threads WHERE n = :n", n=row[0])[0][0]
    elif item is not None:
        entered, about = enter_item(tx, actor, "threads.see", item=item)
    else:
        entered = scope
    if entered.project != scope.project:
        raise missing("thread" if thread is not None else "item", thread or item or "")
    return people_to_name(tx, scope, thread=on, item=about)


def _say(
    tx: Tx, scope: Scope, thread: int, item: int, text: str, mentions: Sequence[str], readers: Sequence[int]
) -> None:
    tx.run(
        "INSERT INTO messages (id, project, item, thread, author, text, mentions, at)"
        " VALUES (:id, :project, :item, :thread, :author, :text, :mentions, :now)",
        id=tx.new_id(),
        project=scope.project,
        item=item,
        thread=thread,
        author=scope.author,
        text=text.strip(),
        mentions=msgspec.json.encode(list(dict.fromkeys(mentions))).decode(),
        now=tx.now(),
    )
    tx.many(
        "INSERT INTO thread_people (thread, author, project, item) VALUES (:thread, :author, :project, :item)"
        " ON CONFLICT DO NOTHING",
        [
            {"thread": thread, "author": author, "project": scope.project, "item": item}
            for author in dict.fromkeys(readers)
        ],
    )


def _refuse_flood(tx: Tx, scope: Scope) -> None:
    count = tx.run(
        "SELECT count(*) FROM threads WHERE project = :project AND author = :author AND state = 'open'",
        project=scope.project,
        author=scope.author,
    )[0][0]
    if count >= MOST_OPEN and not sees_all(scope):
        problem = Problem("thread", f"{count} open questions", f"at most {MOST_OPEN}", "Close those that are settled.")
        raise Refused([problem], status=409, title="Too many open questions")


def _text_problems(text: str) -> list[Problem]:
    if 0 < len(text.strip()) <= LONGEST:
        return []
    return [Problem("text", f"{len(text)} characters", f"1 to {LONGEST}", "Say what it is about.")]
