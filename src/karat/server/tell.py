"""Writing down what happened: events for consumers and the audit trail, in the transaction they speak of."""

from collections.abc import Iterable

import msgspec

from karat.server.access import Actor, Scope
from karat.server.database import Tx

EVENTS: dict[str, str] = {
    "appeal.changed": "An answer's rejection was appealed, or that was decided.",
    "batch.changed": "Items were given to people or handed over, released, or their deadline passed.",
    "board.asked": "A report of fairness waits for its board to sign it, or to waive.",
    "board.blocked": "Items have all they need and wait for a board: see `why`.",
    "board.opened": "Items are accepted again: a board has spoken, or is needed no more.",
    "board.short": "So few of a board can still sign that no report can be signed.",
    "fairness.changed": "By what a project is cut, its report of fairness, or what its board said of it, changed.",
    "gold.changed": "An item was made gold, or is gold in another way.",
    "guideline.changed": "A new version of a guideline is in force.",
    "invite.changed": "An invite was made, used or taken back.",
    "item.changed": "An item's metadata, tags, content or state changed.",
    "item.deleted": "An item was deleted.",
    "item.resolved": "An item's result was decided, or no longer stands since its consensus is a tie.",
    "items.imported": "A chunk of items was imported.",
    "items.recounted": "A changed policy has been applied to every item of a project.",
    "job.changed": "A job made progress, ended or was cancelled.",
    "member.changed": "Somebody joined or left the workspace, or has another role.",
    "notice.made": "Somebody has a new notice.",
    "pay.budget": "A project's budget was changed, or will not do.",
    "pay.changed": "A pay formula was changed, or a period computed or closed.",
    "pay.contested": "A pay line was contested, or that was decided.",
    "project.changed": "A project's title, schema, policy or state changed.",
    "response.excluded": "A response was taken out of consensus, or back in.",
    "response.reverted": "A submit was undone.",
    "response.reviewed": "A reviewer accepted, fixed or rejected a response.",
    "response.skipped": "An item was skipped with a reason.",
    "response.submitted": "A revision of a response was handed in.",
    "review.reverted": "A reviewer took a judgement back right after giving it.",
    "rule.acted": "A rule or a manager did something about somebody: see `did`.",
    "rule.undone": "What a rule or a manager did about somebody was undone.",
    "ruling.changed": "A question was ruled, or a precedent withdrawn.",
    "standing.changed": "Somebody was put elsewhere in a project's course, or paused.",
    "thread.changed": "A question or comment was begun, answered or closed.",
}
"""Every event's name and what it means. No event carries content."""

AUDIT: dict[str, str] = {
    "appeal.decided": "An appeal was decided.",
    "attribute.asked": "People may state something about themselves.",
    "attribute.removed": "Something that people could state about themselves, and all that was stated, was deleted.",
    "backup.made": "A backup was written.",
    "batch.changed": "Items were given to people by hand, or released.",
    "board.changed": "Who signs before items are accepted was changed.",
    "board.signed": "A member of the board signed a report of fairness.",
    "board.undone": "A member of the board took a signature or a waiver back.",
    "board.waived": "A member of the board waived what a report of fairness found, with a reason.",
    "export.started": "An export was asked for.",
    "gold.made": "Items were made gold.",
    "group.changed": "A group of people was made, changed or deleted.",
    "guideline.changed": "A new version of a guideline was put in force.",
    "hook.added": "An address is told what happens.",
    "hook.changed": "An address is told again, no more for now, or of other things.",
    "hook.removed": "An address is told nothing more.",
    "import.started": "An import was asked for.",
    "items.changed": "Items were changed in bulk.",
    "items.deleted": "Items were deleted.",
    "link.made": "An invite or reset link was made.",
    "link.revoked": "A link was taken back.",
    "link.spent": "A link was used.",
    "member.activated": "A member may sign in again.",
    "member.added": "A person joined the workspace.",
    "member.deactivated": "A member may no longer sign in.",
    "member.role": "A member's role changed.",
    "member.traits": "A member's skills or languages were changed.",
    "operation.undone": "A bulk change was undone.",
    "panel.added": "A panel of the project's own was uploaded.",
    "panel.removed": "A panel of the project's own was deleted.",
    "password.changed": "A password was changed.",
    "pay.budget": "A project's budget was changed.",
    "pay.closed": "A pay period was closed.",
    "pay.corrected": "Somebody's pay was corrected.",
    "pay.decided": "What was said against a pay line was decided.",
    "pay.formula": "A project's pay formula was changed.",
    "policy.changed": "A project's workflow policy changed.",
    "project.archived": "A project was archived.",
    "project.cloned": "A project was cloned.",
    "project.created": "A project was created.",
    "project.deleted": "A project was moved to the bin.",
    "project.purged": "A project was deleted for good.",
    "project.renamed": "A project's title or description changed.",
    "project.restored": "A project was taken back.",
    "responses.excluded": "An author's responses were excluded.",
    "ruling.made": "A question was ruled.",
    "ruling.reopened": "Items were opened again after a ruling.",
    "ruling.withdrawn": "A precedent was withdrawn.",
    "schema.changed": "A project's schema changed.",
    "session.ended": "A session was ended.",
    "session.failed": "A sign-in failed.",
    "session.started": "Somebody signed in.",
    "slices.changed": "By what a project is cut into slices was changed.",
    "standing.decided": "A manager decided where somebody stands in a course.",
    "token.made": "An API token was made.",
    "token.revoked": "An API token was revoked.",
    "totp.off": "The second factor was taken away.",
    "totp.on": "A second factor was set up.",
    "vocabulary.changed": "A vocabulary of a project was uploaded.",
    "vocabulary.removed": "A vocabulary of a project was deleted.",
    "words.changed": "A word list of a project was uploaded.",
    "workspace.created": "A workspace was created.",
    "workspace.renamed": "A workspace was renamed.",
}
"""Every audit entry's name and what it means."""

MAX_DATA_BYTES = 4096
_COLUMNS = "INSERT INTO events (id, at, workspace, project, actor, name, thing, data, xid)"
_VALUES = "VALUES (:id, :at, :workspace, :project, :actor, :name, :thing, :data, "
_INSERT = {True: f"{_COLUMNS} {_VALUES}0)", False: f"{_COLUMNS} {_VALUES}pg_current_xact_id()::text::bigint)"}


def tell(tx: Tx, scope: Scope, name: str, *, thing: str, id: str, revision: int | None = None, **data: object) -> None:
    """Write an event in this transaction; whoever listens is woken after the commit."""
    tx.put(_INSERT[tx.is_sqlite], **_event(tx, scope, name, thing, id, revision, data))


def tell_each(tx: Tx, scope: Scope, name: str, *, thing: str, ids: Iterable[str]) -> None:
    """Write the same event of many things."""
    tx.many(_INSERT[tx.is_sqlite], [_event(tx, scope, name, thing, id_, None, {}) for id_ in ids])


def _event(
    tx: Tx, scope: Scope, name: str, thing: str, id_: str, revision: int | None, data: dict[str, object]
) -> dict[str, object]:
    if name not in EVENTS:
        raise KeyError(f"{name!r} is not an event; add it to EVENTS with what it means")
    tx.told = True
    body = msgspec.json.encode(data).decode()
    if len(body) > MAX_DATA_BYTES:
        raise ValueError(
            f"event {name} carries {len(body)} bytes, at most {MAX_DATA_BYTES}: say where the rest is instead"
        )
    return {
        "id": tx.new_id(),
        "at": tx.now(),
        "workspace": scope.workspace,
        "project": scope.project or None,
        "actor": scope.author,
        "name": name,
        "thing": msgspec.json.encode({"type": thing, "id": id_, "revision": revision}).decode(),
        "data": body,
    }


def note(
    tx: Tx,
    name: str,
    *,
    actor: Actor | None,
    workspace: int | None = None,
    project: int | None = None,
    thing: dict[str, object] | None = None,
    address: str = "",
    **data: object,
) -> None:
    """Write an audit entry. `actor` is None for the operator at the command line. No secret may be in `data`."""
    if name not in AUDIT:
        raise KeyError(f"{name!r} is not an audit entry; add it to AUDIT with what it means")
    tx.put(
        "INSERT INTO audit (at, workspace, project, actor, name, thing, data, address)"
        " VALUES (:at, :workspace, :project, :actor, :name, :thing, :data, :address)",
        at=tx.now(),
        workspace=workspace,
        project=project,
        actor=actor.login if actor else None,
        name=name,
        thing=msgspec.json.encode(thing or {}).decode(),
        data=msgspec.json.encode(data).decode(),
        address=actor.address if actor else address,
    )
