"""The page of fairness, read from what is written down; no answer is looked at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from karat.model.item import Scalar
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.fairness.gate import reports_of, standing, waiting
from karat.server.fairness.measuring import GroupBody
from karat.server.fairness.report_job import KIND
from karat.server.fairness.rules import board_of, revision_of, rules_of
from karat.server.fairness.schemas import Board, Fairness, Gate, Groups, Key, Report, Signed, Vote
from karat.server.fairness.voting import is_used
from karat.server.items.names import authors_by_key
from karat.server.items.schemas import Person

LOOKED_AT = 2_000
"""Of so many items the metadata is looked at, to offer keys."""
MOST_KEYS = 50
EXAMPLES = 4
EARLIER = 20
_metadata = msgspec.json.Decoder(dict[str, Scalar])


def page(tx: Tx, scope: Scope) -> Fairness:
    """Everything of a project."""
    rows = tx.run(
        "SELECT n, id, answers, body, at FROM fairness_reports WHERE project = :project ORDER BY n DESC LIMIT 1",
        project=scope.project,
    )
    running = tx.run(
        "SELECT id FROM jobs WHERE project = :project AND kind = :kind AND state IN ('queued', 'running')",
        project=scope.project,
        kind=KIND,
    )
    votes = _votes(tx, scope)
    newest = rows[0][0] if rows else 0
    return Fairness(
        rules=rules_of(tx, scope.project),
        revision=revision_of(tx, scope.project),
        keys=_keys(tx, scope.project),
        report=msgspec.json.decode(rows[0][3], type=Report) if rows else None,
        groups=_groups(tx, scope, rows[0][4] if rows else None),
        gate=_gate(tx, scope, votes.get(newest, [])),
        history=_history(tx, scope, votes),
        answers=tx.run("SELECT responses FROM projects WHERE n = :project", project=scope.project)[0][0],
        running=running[0][0] if running else None,
    )


def _gate(tx: Tx, scope: Scope, votes: Sequence[Vote]) -> Gate:
    board, found = board_of(tx, scope.project), standing(tx, scope.project)
    members, own = _members(tx, scope, board)
    answers = tx.run("SELECT responses FROM projects WHERE n = :project", project=scope.project)[0][0]
    (author,) = tx.run("SELECT id FROM authors WHERE n = :n", n=scope.author)[0]
    has_said = any(vote.by is not None and vote.by.id == author and vote.undone_at is None for vote in votes)
    is_asked = found.state in ("unsigned", "new_findings", "outgrown") and not has_said
    return Gate(
        state=found.state,
        board=board,
        members=members,
        votes=list(votes),
        waiting=waiting(tx, scope.project),
        filter={"all": [{"state": ["labeled"]}]},
        answers=answers,
        upto=found.upto if found.state in ("open", "outgrown") else None,
        can_sign=is_asked and board is not None and own in board.members and scope.has("fairness.sign"),
    )


def _members(tx: Tx, scope: Scope, board: Board | None) -> tuple[list[Person], str]:
    rows = tx.run(
        "SELECT id, author FROM memberships WHERE workspace = :workspace AND active", workspace=scope.workspace
    )
    of_board = set(board.members) if board else set()
    known = authors_by_key(tx, scope.workspace, [author for id_, author in rows if id_ in of_board])
    own = next((id_ for id_, author in rows if author == scope.author), "")
    return sorted(known.values(), key=lambda one: one.name), own


def _votes(tx: Tx, scope: Scope) -> dict[int, list[Vote]]:
    rows = tx.run(
        "SELECT report, id, author, did, reason, at, undone_at FROM board_votes WHERE project = :project ORDER BY n DESC",
        project=scope.project,
    )
    people = authors_by_key(tx, scope.workspace, [row[2] for row in rows])
    used = {report: is_used(tx, scope.project, report) for report in {row[0] for row in rows}}
    found: defaultdict[int, list[Vote]] = defaultdict(list)
    for report, id_, author, did, reason, at, undone_at in rows:
        can_undo = author == scope.author and undone_at is None and not used[report]
        found[report].append(
            Vote(id=id_, by=people.get(author), did=did, reason=reason, at=at, undone_at=undone_at, can_undo=can_undo)
        )
    return dict(found)


def _history(tx: Tx, scope: Scope, votes: Mapping[int, list[Vote]]) -> list[Signed]:
    known = reports_of(tx, scope.project, Board(()))
    return [
        Signed(report=one.id, at=one.at, answers=one.answers, findings=len(one.findings), votes=votes.get(one.n, []))
        for one in known[:EARLIER]
    ]


def _groups(tx: Tx, scope: Scope, made_at: str | None) -> list[Groups]:
    """Every attribute that is asked: with figures, or with the reason why there are none."""
    rows = tx.run(
        "SELECT a.id, a.title, f.body, f.at FROM attributes a"
        " LEFT JOIN group_figures f ON f.attribute = a.n AND f.project = :project WHERE a.workspace = :workspace ORDER BY a.n",
        project=scope.project,
        workspace=scope.workspace,
    )
    found = []
    for id_, title, body, at in rows:
        known = msgspec.json.decode(body, type=GroupBody) if body else GroupBody([], [])
        found.append(
            Groups(
                attribute=id_,
                title=title,
                cells=known.cells,
                is_merged=any(len(block) > 1 or block == [""] for block in known.blocks),
                held=at is not None and made_at is not None and at < made_at,
                at=at,
            )
        )
    return found


def _keys(tx: Tx, project: int) -> list[Key]:
    """The metadata keys of the newest items, with what stands there."""
    rows = tx.run(
        "SELECT metadata FROM items WHERE project = :project AND deleted_at IS NULL ORDER BY n DESC LIMIT :limit",
        project=project,
        limit=LOOKED_AT,
    )
    seen: defaultdict[str, list[Scalar]] = defaultdict(list)
    for (text,) in rows:
        for key, value in _metadata.decode(text).items():
            seen[key].append(value)
    found = [_key(key, values) for key, values in seen.items()]
    return sorted(found, key=lambda one: (-len(seen[one.key]), one.key))[:MOST_KEYS]


def _key(key: str, values: Sequence[Scalar]) -> Key:
    shown = list(dict.fromkeys(", ".join(v) if isinstance(v, list) else str(v) for v in values))
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    is_number = len(numbers) == len(values)
    edges = sorted({float(f"{x:.3g}") for x in np.quantile(numbers, (0.25, 0.5, 0.75))}) if is_number else []
    return Key(key, len(shown), is_number, shown[:EXAMPLES], edges)
