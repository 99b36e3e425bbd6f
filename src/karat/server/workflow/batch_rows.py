"""Batches as rows: read as they are shown, written down, and whom they are for."""

from typing import Literal

from karat.model.ids import stamp, unstamp
from karat.server.access import Scope, missing
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.tell import note, tell
from karat.server.workflow.schemas import Batch, NewBatch

To = Literal["person", "group", "skill", "language", "anybody"]
PRIORITIES = {"high": 10, "normal": 0, "low": -10}
BATCH = (
    "SELECT z.id, z.title, m.id, l.name, t.id, t.name, z.skill, z.language, z.priority, z.deadline, z.late, z.exclusive,"
    " z.items, z.at, z.ended_at, z.job, y.name,"
    " (SELECT count(*) FROM batch_items b JOIN items i ON i.n = b.item WHERE b.batch = z.n AND i.state IN ('open', 'review')"
    " AND i.deleted_at IS NULL AND (z.author IS NULL OR NOT EXISTS (SELECT 1 FROM responses r WHERE r.item = b.item"
    " AND r.author = z.author AND r.state <> 'withdrawn'))),"
    " (SELECT count(DISTINCT b.item) FROM batch_items b JOIN assignments s ON s.item = b.item AND s.state = 'claimed'"
    " AND NOT s.apart WHERE b.batch = z.n)"
    " FROM batches z LEFT JOIN memberships m ON m.author = z.author LEFT JOIN logins l ON l.n = m.login"
    " LEFT JOIN teams t ON t.n = z.team LEFT JOIN authors y ON y.n = z.by"
)


def batch_of(row: Row) -> Batch:
    """A batch as it is shown, of a row of `BATCH`."""
    id_, title, person, name, group, group_name, skill, language, priority, deadline, late, exclusive, items, *rest = (
        row
    )
    at, ended, job, by, left, held = rest
    to: To = "person" if person else "group" if group else "skill" if skill else "language" if language else "anybody"
    return Batch(
        id=id_,
        title=title,
        to=to,
        person=person,
        group=group,
        name=name or group_name or skill or language or "",
        priority=priority,
        deadline=deadline,
        late=late,
        exclusive=bool(exclusive),
        items=items,
        left=left,
        held=held,
        at=at,
        by=by or "",
        ended_at=ended,
        job=job,
    )


def one(tx: Tx, scope: Scope, batch: str) -> Batch:
    """One batch of the scope's project."""
    return batch_of(tx.run(f"{BATCH} WHERE z.id = :id AND z.project = :p", id=batch, p=scope.project)[0])


def insert(tx: Tx, scope: Scope, given: NewBatch, author: int | None, team: int | None) -> tuple[int, str]:
    """Write a batch down, with nothing in it yet; (key, id)."""
    id_ = tx.new_id()
    is_move = author is None and team is None and not given.skill and not given.language
    n: int = tx.run(
        "INSERT INTO batches (id, project, title, author, team, skill, language, is_move, priority, deadline, late, exclusive,"
        " items, by, at) VALUES (:id, :p, :title, :author, :team, :skill, :language, :is_move, :priority, :deadline, :late,"
        " :exclusive, 0, :by, :now) RETURNING n",
        id=id_,
        p=scope.project,
        title=given.title.strip(),
        author=author,
        team=team,
        skill=given.skill and given.skill.strip(),
        language=given.language and given.language.strip(),
        is_move=is_move,
        priority=PRIORITIES[given.priority] if isinstance(given.priority, str) else given.priority,
        deadline=None if given.deadline is None else stamp(unstamp(given.deadline)),
        late=given.late,
        exclusive=given.exclusive and not is_move,
        by=scope.author,
        now=tx.now(),
    )[0][0]
    return n, id_


def author_of(tx: Tx, scope: Scope, member: str) -> int:
    """The author who an active member of the workspace is."""
    found = tx.run(
        "SELECT author FROM memberships WHERE id = :id AND workspace = :w AND active", id=member, w=scope.workspace
    )
    if not found:
        raise missing("member", member)
    author: int = found[0][0]
    return author


def written(tx: Tx, scope: Scope, batch: str, what: str, *, items: int = 0) -> None:
    """Note and tell what became of a batch."""
    note(
        tx,
        "batch.changed",
        actor=scope.actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "batch", "id": batch},
        what=what,
        items=items,
    )
    tell(tx, scope, "batch.changed", thing="batch", id=batch, did=what, items=items)
