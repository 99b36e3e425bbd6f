"""A member of the board signs a report, or waives with a reason; and takes that back while nothing was accepted by it."""

from karat.model.problem import Problem, Refused, shown
from karat.server.access import Actor, Scope, enter_by_key, enter_project, in_person, missing
from karat.server.database import Tx
from karat.server.fairness.gate import reports_of, settle_gate
from karat.server.fairness.rules import board_of, not_found
from karat.server.fairness.schemas import Board, NewVote
from karat.server.tell import note, tell

LONGEST_REASON = 2000
LEAST_REASON = 3


def vote(tx: Tx, actor: Actor, project: str, given: NewVote) -> None:
    """Sign the newest report, or waive what it found; with a quorum of the board items are accepted at once."""
    scope = enter_project(tx, actor, "fairness.sign", project=project)
    in_person(actor)
    if not tx.is_sqlite:
        # Two members who sign at once must both be counted.
        tx.run("SELECT 1 FROM projects WHERE n = :project FOR NO KEY UPDATE", project=scope.project)
    board = _own_board(tx, scope)
    reason = given.reason.strip()
    if (given.did == "waived" and len(reason) < LEAST_REASON) or len(reason) > LONGEST_REASON:
        do = "Say why items may be accepted all the same: it stands beside your name."
        expected = f"{LEAST_REASON} to {LONGEST_REASON} characters"
        raise Refused([Problem("reason", shown(given.reason[:40]), expected, do)])
    known = reports_of(tx, scope.project, board)
    if not any(one.id == given.report for one in known):
        raise missing("report", given.report)
    if known[0].id != given.report:
        raise not_found("report", "There is a newer report")
    before = tx.run(
        "SELECT 1 FROM board_votes WHERE report = :report AND author = :author AND undone_at IS NULL",
        report=known[0].n,
        author=scope.author,
    )
    if before:
        problem = Problem("report", "signed or waived by you", "no word of yours yet", "Take that back first.")
        raise Refused([problem], status=409, title="You have said so already")
    tx.run(
        "INSERT INTO board_votes (id, project, report, author, did, reason, at)"
        " VALUES (:id, :project, :report, :author, :did, :reason, :now)",
        id=tx.new_id(),
        project=scope.project,
        report=known[0].n,
        author=scope.author,
        did=given.did,
        reason=reason,
        now=tx.now(),
    )
    _told(tx, scope, f"board.{given.did}", given.report, reason=reason)


def undo(tx: Tx, actor: Actor, given: str) -> None:
    """Take one's own signature or waiver back, while no item was accepted by it."""
    in_person(actor)
    rows = tx.run("SELECT n, project, author, undone_at, report FROM board_votes WHERE id = :id", id=given)
    if not rows:
        raise missing("vote", given)
    n, project, author, undone_at, report = rows[0]
    scope = enter_by_key(tx, actor, "fairness.sign", project=project, what="vote", shown=given)
    if author != scope.author:
        raise missing("vote", given)
    if undone_at is not None:
        return
    if is_used(tx, scope.project, report):
        do = "What was accepted stands. Name a new report's findings instead, or ask a manager to open items again."
        problem = Problem("vote", "items were accepted by it", "a signature that nothing was accepted by", do)
        raise Refused([problem], status=409, title="It was used already")
    tx.run("UPDATE board_votes SET undone_at = :now WHERE n = :n", now=tx.now(), n=n)
    (name,) = tx.run("SELECT id FROM fairness_reports WHERE n = :n", n=report)[0]
    _told(tx, scope, "board.undone", name)


def is_used(tx: Tx, project: int, report: int) -> bool:
    """Whether an item was accepted since a quorum of the board has signed a report."""
    board = board_of(tx, project)
    times = tx.run("SELECT at FROM board_votes WHERE report = :report AND undone_at IS NULL ORDER BY at", report=report)
    if board is None or len(times) < board.quorum:
        return False
    return bool(
        tx.run(
            "SELECT 1 FROM resolutions z JOIN items i ON i.n = z.item WHERE z.project = :project AND z.at >= :at"
            " AND i.state = 'done' LIMIT 1",
            project=project,
            at=times[board.quorum - 1][0],
        )
    )


def _own_board(tx: Tx, scope: Scope) -> Board:
    board = board_of(tx, scope.project)
    member = tx.run(
        "SELECT id FROM memberships WHERE workspace = :workspace AND author = :author",
        workspace=scope.workspace,
        author=scope.author,
    )[0][0]
    if board is None or member not in board.members:
        do = "An owner names the board."
        problem = Problem("board", "not one of its members", "a member of the project's board", do)
        raise Refused([problem], status=409, title="You are not on this project's board")
    return board


def _told(tx: Tx, scope: Scope, name: str, report: str, *, reason: str = "") -> None:
    settle_gate(tx, scope)
    note(
        tx,
        name,
        actor=scope.actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "report", "id": report},
        reason=reason,
    )
    tell(tx, scope, "fairness.changed", thing="report", id=report)
