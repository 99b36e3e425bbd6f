"""The page of fairness, read from what is written down; no answer is looked at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from karat.model.item import Scalar
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.fairness.crossing import CrossBody
from karat.server.fairness.figures import Crossed, Groups, Report
from karat.server.fairness.gate import reports_of, seats_of, short_of, standing, waiting, waiting_filter
from karat.server.fairness.grouped import GroupBody
from karat.server.fairness.report_job import KIND
from karat.server.fairness.rules import board_of, revision_of, rules_of
from karat.server.fairness.schemas import Board, BoardMember, Fairness, Gate, Key, Signed, Vote
from karat.server.fairness.slicing import shown_name
from karat.server.fairness.voting import is_used
from karat.server.items.names import authors_by_key

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
    groups, crossed = _groups(tx, scope, rows[0][4] if rows else None)
    return Fairness(
        rules=rules_of(tx, scope.project),
        revision=revision_of(tx, scope.project),
        keys=_keys(tx, scope.project),
        report=msgspec.json.decode(rows[0][3], type=Report) if rows else None,
        groups=groups,
        crossed=crossed,
        gate=_gate(tx, scope, votes.get(newest, [])),
        history=_history(tx, scope, votes),
        answers=tx.run("SELECT responses FROM projects WHERE n = :project", project=scope.project)[0][0],
        running=running[0][0] if running else None,
    )


def _gate(tx: Tx, scope: Scope, votes: Sequence[Vote]) -> Gate:
    board, found = board_of(tx, scope.project), standing(tx, scope.project)
    seats = seats_of(tx, board) if board else []
    people = authors_by_key(tx, scope.workspace, [seat.author for seat in seats])
    members = [BoardMember(person=people[seat.author], lacks=seat.lacks) for seat in seats]
    answers = tx.run("SELECT responses FROM projects WHERE n = :project", project=scope.project)[0][0]
    (author,) = tx.run("SELECT id FROM authors WHERE n = :n", n=scope.author)[0]
    has_said = any(vote.by is not None and vote.by.id == author and vote.undone_at is None for vote in votes)
    is_asked = found.state in ("unsigned", "new_findings", "outgrown") and not has_said
    return Gate(
        state=found.state,
        board=board,
        members=sorted(members, key=lambda one: one.person.name),
        votes=list(votes),
        waiting=waiting(tx, scope.project),
        filter=waiting_filter(tx, scope.project),
        answers=answers,
        upto=found.upto if found.state in ("open", "outgrown") else None,
        can_sign=is_asked
        and any(seat.author == scope.author and seat.lacks is None for seat in seats)
        and scope.has("fairness.sign"),
        short=short_of(tx, scope.project, board, found.state) if board else 0,
    )


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


def _groups(tx: Tx, scope: Scope, made_at: str | None) -> tuple[list[Groups], list[Crossed]]:
    """Every attribute that is asked: with figures, or with the reason why there are none; then by the slices of each key."""
    rows = tx.run(
        "SELECT a.id, a.title, f.key, f.body, f.at FROM attributes a"
        " LEFT JOIN group_figures f ON f.attribute = a.n AND f.project = :project WHERE a.workspace = :workspace"
        " ORDER BY a.n, f.key",
        project=scope.project,
        workspace=scope.workspace,
    )
    keys = [rule.key for rule in rules_of(tx, scope.project).slices]
    groups: list[Groups] = []
    crossed: list[Crossed] = []
    for id_, title, key, body, at in rows:
        held = at is not None and made_at is not None and at < made_at
        if key in keys:
            of_key = msgspec.json.decode(body, type=CrossBody)
            crossed.append(
                Crossed(
                    attribute=id_,
                    title=title,
                    key=key,
                    cells=of_key.cells,
                    tests=of_key.tests,
                    is_merged=of_key.is_merged,
                    held=held,
                    at=at,
                )
            )
        elif not key:
            known = msgspec.json.decode(body, type=GroupBody) if body else GroupBody([], [])
            is_merged = any(len(block) > 1 or block == [""] for block in known.blocks)
            groups.append(Groups(attribute=id_, title=title, cells=known.cells, is_merged=is_merged, held=held, at=at))
    order = {key: place for place, key in enumerate(keys)}
    return groups, sorted(crossed, key=lambda one: (one.title, one.attribute, order[one.key]))


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
    return Key(key, len(shown), is_number, [shown_name(one) for one in shown[:EXAMPLES]], edges)
