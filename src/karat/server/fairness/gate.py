"""Whether items are accepted: a board has signed the newest report, or one that said the same, and not too much came since.

The number of answers up to which that holds stands with the project (`accept_upto`), where everything that moves items
reads it: so the gate closes by itself, and nothing has to watch it. Once it opens, every item is looked at again.
"""

from typing import NamedTuple

import msgspec

from karat.policies.flow import resolving_stage
from karat.server.access import ROLES, Scope
from karat.server.database import Tx, named
from karat.server.fairness.rules import board_of
from karat.server.fairness.schemas import Board, GateState, Lack
from karat.server.following import mark_due
from karat.server.labeling.queries.versions import rules_of as flow_of
from karat.server.reports.following import Follower
from karat.server.reports.schemas import Filter

CLOSED = -1
"""No project has so few answers."""


class Standing(NamedTuple):
    """How the gate stands: what it says, and up to how many answers items are accepted; None: without a board."""

    state: GateState
    upto: int | None


class Known(NamedTuple):
    """A report as the gate sees it."""

    n: int
    id: str
    answers: int
    findings: frozenset[str]
    at: str
    voters: int
    """Members of the board, as it is now, who have signed or waived."""


def standing(tx: Tx, project: int) -> Standing:
    """How the gate stands by the board's rules, the reports and the votes on them."""
    board = board_of(tx, project)
    if board is None:
        return Standing("off", None)
    known = reports_of(tx, project, board)
    if not known:
        return Standing("no_report", CLOSED)
    signed = next((one for one in known if one.voters >= board.quorum), None)
    if signed is None:
        return Standing("unsigned", CLOSED)
    if not known[0].findings <= signed.findings:
        return Standing("new_findings", CLOSED)
    upto = int(signed.answers * (1 + board.most_new))
    answers = tx.run("SELECT responses FROM projects WHERE n = :project", project=project)[0][0]
    return Standing("open" if answers <= upto else "outgrown", upto)


def settle_gate(tx: Tx, scope: Scope) -> Standing:
    """Bring the project to what its gate says; where it opens, every item that waits is looked at again."""
    found = standing(tx, scope.project)
    before = tx.run("SELECT accept_upto, responses FROM projects WHERE n = :project", project=scope.project)[0]
    tx.run("UPDATE projects SET accept_upto = :upto WHERE n = :project", upto=found.upto, project=scope.project)
    was_held = before[0] is not None and before[1] > before[0]
    if was_held and found.state in ("off", "open"):
        mark_due(tx, Follower.watch, scope.project)
    return found


def reports_of(tx: Tx, project: int, board: Board) -> list[Known]:
    """The reports of a project, the newest first, each with how many of the board have signed or waived it."""
    members = set(board.members)
    voters: dict[int, set[str]] = {}
    for report, member in tx.run(
        "SELECT v.report, m.id FROM board_votes v JOIN projects p ON p.n = v.project"
        " JOIN memberships m ON m.author = v.author AND m.workspace = p.workspace"
        " WHERE v.project = :project AND v.undone_at IS NULL",
        project=project,
    ):
        voters.setdefault(report, set()).add(member)
    rows = tx.run(
        "SELECT n, id, answers, findings, at FROM fairness_reports WHERE project = :project ORDER BY n DESC LIMIT 50",
        project=project,
    )
    return [
        Known(
            n,
            id_,
            answers,
            frozenset(msgspec.json.decode(found, type=list[str])),
            at,
            len(voters.get(n, set()) & members),
        )
        for n, id_, answers, found, at in rows
    ]


class Seat(NamedTuple):
    """One of a board: the membership and its author, and what they lack to sign."""

    member: str
    author: int
    lacks: Lack | None


def seats_of(tx: Tx, board: Board) -> list[Seat]:
    """Who is on a board, and who of them can still sign: an active member, reviewer or higher."""
    names, values = named(board.members)
    rows = tx.run(f"SELECT id, author, active, role FROM memberships WHERE id IN ({names or 'NULL'})", **values)  # noqa: S608 - names of parameters only
    least = ROLES.index("reviewer")
    return [
        Seat(member, author, "membership" if not active else "role" if ROLES.index(role) < least else None)
        for member, author, active, role in rows
    ]


def short_of(tx: Tx, project: int, board: Board, state: GateState) -> int:
    """How many people a board lacks who could sign its newest report; where that is signed, its next."""
    able = {seat.author for seat in seats_of(tx, board) if seat.lacks is None}
    if state != "open":
        rows = tx.run(
            "SELECT author FROM board_votes WHERE undone_at IS NULL AND report ="
            " (SELECT max(n) FROM fairness_reports WHERE project = :project)",
            project=project,
        )
        able |= {author for (author,) in rows}
    return max(0, board.quorum - len(able))


def waiting(tx: Tx, project: int) -> int:
    """How many items have all they need and wait for the board; those that are a tie wait for a decision too."""
    rules = flow_of(tx, project)
    if not rules.is_held:
        return 0
    rows = tx.run(
        "SELECT count(*) FROM items WHERE project = :project AND state = 'labeled' AND stage = :stage AND deleted_at IS NULL",
        project=project,
        stage=resolving_stage(rules.policy),
    )
    return int(rows[0][0])


def waiting_filter(tx: Tx, project: int) -> Filter:
    """Finds these items."""
    return {"all": [{"stage": [resolving_stage(flow_of(tx, project).policy)]}, {"state": ["labeled"]}]}
