"""Which notices follow from an event: for whom, of what name, about what. Whoever did it is told nothing."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from karat.server.database import Tx, named
from karat.server.following import Event

EXPERTS = ("reviewer", "manager", "owner")
TOLD_ELSE = frozenset({"notify", "train"})
"""What is for managers only, and what the course tells of itself."""
MANAGERS = ("manager", "owner")
MOST_PEOPLE = 1_000


class _Board(msgspec.Struct, frozen=True):
    members: tuple[str, ...]


class Made(NamedTuple):
    """A notice to be written: the login, its name, and what it is about."""

    login: int
    name: str
    type: str
    id: str
    item: str | None = None


def notices_of(tx: Tx, event: Event) -> list[Made]:
    """The notices that an event makes; one for each person, the first reason that holds."""
    found: dict[int, Made] = {}
    actor = _login(tx, event.workspace, event.actor)
    for made in _made(tx, event):
        if made.login != actor:
            found.setdefault(made.login, made)
    return list(found.values())


def _made(tx: Tx, event: Event) -> Iterator[Made]:
    id_ = str(event.thing.get("id", ""))
    item = event.data.get("item")
    of = item if isinstance(item, str) else None
    match event.name:
        case "thread.changed":
            yield from _of_thread(tx, event, id_, of)
        case "response.reviewed" if event.data.get("verdict") in ("rejected", "fixed"):
            rows = tx.run("SELECT author FROM reviews WHERE id = :id", id=id_)
            for (author,) in rows:
                yield from _to(tx, event, [author], "sent-back", "review", id_, of)
        case "appeal.changed" if event.data.get("did") == "made":
            yield from _by_role(tx, event, EXPERTS, "appeal", "appeal", id_)
        case "appeal.changed":
            rows = tx.run("SELECT author FROM appeals WHERE id = :id", id=id_)
            yield from _to(tx, event, [row[0] for row in rows], "appeal-decided", "appeal", id_)
        case "batch.changed" if event.data.get("did") in ("given", "handed over"):
            rows = tx.run(
                "SELECT author FROM batches WHERE id = :id AND author IS NOT NULL UNION SELECT m.author FROM batches z"
                " JOIN team_members m ON m.team = z.team WHERE z.id = :id LIMIT :most",
                id=id_,
                most=MOST_PEOPLE,
            )
            yield from _to(tx, event, [row[0] for row in rows], "given", "batch", id_)
        case "batch.changed" if event.data.get("did") == "late":
            rows = tx.run("SELECT by FROM batches WHERE id = :id", id=id_)
            yield from _to(tx, event, [row[0] for row in rows], "late", "batch", id_)
        case "guideline.changed":
            rows = tx.run(
                "SELECT DISTINCT author FROM assignments WHERE project = :p UNION SELECT author FROM guideline_reads"
                " WHERE project = :p LIMIT :most",
                p=event.project,
                most=MOST_PEOPLE,
            )
            yield from _to(tx, event, [row[0] for row in rows], "guideline", "guideline", id_)
        case "standing.changed":
            rows = tx.run("SELECT n FROM authors WHERE id = :id AND workspace = :w", id=id_, w=event.workspace)
            yield from _to(tx, event, [row[0] for row in rows], "course", "course", id_)
        case "rule.acted" | "rule.undone":
            yield from _of_action(tx, event, id_)
        case "pay.changed" if event.data.get("did") == "closed":
            rows = tx.run(
                "SELECT l.author FROM pay_lines l JOIN pay_periods p ON p.n = l.period WHERE p.id = :id LIMIT :most",
                id=id_,
                most=MOST_PEOPLE,
            )
            yield from _to(tx, event, [row[0] for row in rows], "pay", "period", id_)
        case "pay.contested" if event.data.get("did") == "made":
            yield from _by_role(tx, event, MANAGERS, "pay-contest", "contest", id_)
        case "pay.contested":
            rows = tx.run("SELECT author FROM pay_contests WHERE id = :id", id=id_)
            yield from _to(tx, event, [row[0] for row in rows], "pay-decided", "contest", id_)
        case "pay.budget" if event.data.get("did") == "over":
            yield from _by_role(tx, event, MANAGERS, "budget", "budget", id_)
        case "board.asked":
            yield from _to(tx, event, _board(tx, event.project, without=id_), "board-asked", "report", id_)
        case "board.blocked":
            yield from _to(tx, event, _board(tx, event.project), "board-blocked", "board", id_)
            yield from _by_role(tx, event, MANAGERS, "board-blocked", "board", id_)
        case "board.opened" | "board.short":
            yield from _by_role(tx, event, MANAGERS, event.name.replace(".", "-"), "board", id_)
        case "job.changed" if event.data.get("state") in ("done", "failed"):
            rows = tx.run("SELECT by FROM jobs WHERE id = :id AND kind IN ('export', 'import') AND by > 0", id=id_)
            for (login,) in rows:
                yield Made(login, "job-done" if event.data["state"] == "done" else "job-failed", "job", id_)
        case _:
            return


def _of_action(tx: Tx, event: Event, id_: str) -> Iterator[Made]:
    """The person concerned is told what was done and why; managers are told what a rule did by itself."""
    for author, did, by in tx.run("SELECT author, did, by FROM rule_actions WHERE id = :id", id=id_):
        if did not in TOLD_ELSE:
            yield from _to(
                tx, event, [author], "acted" if event.name == "rule.acted" else "acted-undone", "action", id_
            )
        if event.name == "rule.acted" and not by:
            yield from _by_role(tx, event, MANAGERS, "rule-acted", "action", id_)


def _of_thread(tx: Tx, event: Event, id_: str, item: str | None) -> Iterator[Made]:
    rows = tx.run("SELECT n, kind FROM threads WHERE id = :id", id=id_)
    if not rows:
        return
    n, kind = rows[0]
    last = tx.run("SELECT mentions FROM messages WHERE thread = :n ORDER BY n DESC LIMIT 1", n=n)
    for author in msgspec.json.decode(last[0][0], type=list[str]) if last else ():
        keys = tx.run("SELECT n FROM authors WHERE id = :id AND workspace = :w", id=author, w=event.workspace)
        yield from _to(tx, event, [key for (key,) in keys], "mention", "thread", id_, item)
    did = event.data.get("did")
    if did == "asked" and kind == "question":
        yield from _by_role(tx, event, EXPERTS, "question", "thread", id_, item)
    elif did in ("answered", "ruled"):
        people = tx.run("SELECT author FROM thread_people WHERE thread = :n", n=n)
        name = "ruling" if did == "ruled" else "answer"
        yield from _to(tx, event, [author for (author,) in people], name, "thread", id_, item)


def _board(tx: Tx, project: int | None, *, without: str = "") -> list[int]:
    """The authors who are on a project's board, but for those who have signed or waived the report `without`."""
    rows = tx.run("SELECT board FROM fairness_rules WHERE project = :p AND board IS NOT NULL", p=project)
    members = msgspec.json.decode(rows[0][0], type=_Board).members if rows else ()
    names, values = named(members)
    found = tx.run(
        f"SELECT m.author FROM memberships m WHERE m.id IN ({names or 'NULL'}) AND m.author NOT IN"  # noqa: S608 - names of parameters only
        " (SELECT v.author FROM board_votes v JOIN fairness_reports r ON r.n = v.report"
        " WHERE r.id = :without AND v.undone_at IS NULL)",
        without=without,
        **values,
    )
    return [author for (author,) in found]


def _to(
    tx: Tx, event: Event, authors: list[int], name: str, type_: str, id_: str, item: str | None = None
) -> Iterator[Made]:
    for author in authors:
        login = _login(tx, event.workspace, author)
        if login is not None:
            yield Made(login, name, type_, id_, item)


def _by_role(
    tx: Tx, event: Event, roles: tuple[str, ...], name: str, type_: str, id_: str, item: str | None = None
) -> Iterator[Made]:
    rows = tx.run(
        "SELECT login, role FROM memberships WHERE workspace = :w AND active LIMIT :most",
        w=event.workspace,
        most=MOST_PEOPLE,
    )
    for login, role in rows:
        if role in roles:
            yield Made(login, name, type_, id_, item)


def _login(tx: Tx, workspace: int, author: int) -> int | None:
    rows = tx.run(
        "SELECT login FROM memberships WHERE workspace = :w AND author = :author AND active", w=workspace, author=author
    )
    return rows[0][0] if rows else None
