"""By what a project is cut into slices, and who is its board: read, checked and changed."""

import msgspec

from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import ROLES, Actor, Role, Scope, enter_project
from karat.server.database import Tx, named
from karat.server.fairness.schemas import LEAST_PEOPLE, Board, BoardChange, SliceRule, Slices
from karat.server.tell import note, tell

MOST_SLICES = 12
MOST_VALUES = 20
MOST_PEOPLE = 100
LEAST_QUORUM = 2
MOST_MEMBERS = 50
NOBODY_SAID = Slices(())


def rules_of(tx: Tx, project: int) -> Slices:
    """By what a project is cut."""
    rows = tx.run("SELECT slices FROM fairness_rules WHERE project = :project", project=project)
    return msgspec.json.decode(rows[0][0], type=Slices) if rows else NOBODY_SAID


def board_of(tx: Tx, project: int) -> Board | None:
    """Who signs; None where nobody has to."""
    rows = tx.run("SELECT board FROM fairness_rules WHERE project = :project AND board IS NOT NULL", project=project)
    return msgspec.json.decode(rows[0][0], type=Board) if rows else None


def revision_of(tx: Tx, project: int) -> int:
    """Grows with each change of the rules; 0 where there are none."""
    rows = tx.run("SELECT revision FROM fairness_rules WHERE project = :project", project=project)
    return int(rows[0][0]) if rows else 0


def set_slices(tx: Tx, actor: Actor, project: str, given: Slices) -> None:
    """Cut a project in this way from its next report on."""
    scope = enter_project(tx, actor, "fairness.change", project=project)
    problems = [problem for at, one in enumerate(given.slices) for problem in _checked(one, f"slices[{at}]")]
    keys = [one.key for one in given.slices]
    if len(keys) > MOST_SLICES or len(set(keys)) < len(keys):
        do = "Name each key once, and few of them: every comparison more makes the others harder to find."
        problems.append(Problem("slices", shown(keys), f"at most {MOST_SLICES} keys, each once", do))
    if not LEAST_PEOPLE <= given.people <= MOST_PEOPLE:
        do = f"Fewer than {LEAST_PEOPLE} people would be told from one another."
        problems.append(Problem("people", shown(given.people), f"{LEAST_PEOPLE} to {MOST_PEOPLE}", do))
    refuse(problems)
    _write(tx, scope, "slices", msgspec.json.encode(given).decode())
    note(tx, "slices.changed", actor=actor, workspace=scope.workspace, project=scope.project, keys=keys)


def set_board(tx: Tx, actor: Actor, project: str, given: BoardChange) -> Scope:
    """Name the board without which nothing is accepted, or let items be accepted without one."""
    scope = enter_project(tx, actor, "fairness.board", project=project)
    if given.board is not None:
        refuse(_checked_board(tx, scope, given.board))
    body = None if given.board is None else msgspec.json.encode(given.board).decode()
    _write(tx, scope, "board", body)
    note(
        tx,
        "board.changed",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        members=list(given.board.members) if given.board else [],
        names=_names(tx, given.board) if given.board else [],
        quorum=given.board.quorum if given.board else 0,
    )
    return scope


def _names(tx: Tx, board: Board) -> list[str]:
    """What its members are called, for those who read the audit trail."""
    names, values = named(board.members)
    rows = tx.run(
        f"SELECT a.name FROM memberships m JOIN authors a ON a.n = m.author WHERE m.id IN ({names}) ORDER BY a.name",  # noqa: S608 - names of parameters only
        **values,
    )
    return [name for (name,) in rows]


def _write(tx: Tx, scope: Scope, column: str, body: str | None) -> None:
    tx.run(
        "INSERT INTO fairness_rules (project, slices, changed_at) VALUES (:project, :nothing, :now)"
        " ON CONFLICT (project) DO NOTHING",
        project=scope.project,
        nothing=msgspec.json.encode(NOBODY_SAID).decode(),
        now=tx.now(),
    )
    tx.run(
        f"UPDATE fairness_rules SET {column} = :body, revision = revision + 1, changed_at = :now WHERE project = :project",  # noqa: S608 - one of two constants
        body=body,
        now=tx.now(),
        project=scope.project,
    )
    tell(tx, scope, "fairness.changed", thing="project", id=str(scope.project))


def _checked(one: SliceRule, path: str) -> list[Problem]:
    found = []
    if not one.key.strip():
        found.append(Problem(f"{path}.key", shown(one.key), "a metadata key", "Name a key that items have."))
    if list(one.edges) != sorted(set(one.edges)) or len(one.edges) > MOST_VALUES:
        do = "Write the edges of the ranges from the lowest to the highest."
        found.append(Problem(f"{path}.edges", shown(one.edges), f"at most {MOST_VALUES} growing numbers", do))
    if not 1 <= one.most <= MOST_VALUES:
        do = "Say how many values have a slice each."
        found.append(Problem(f"{path}.most", shown(one.most), f"1 to {MOST_VALUES}", do))
    if any(share < 0 for share in one.expected.values()) or len(one.expected) > 2 * MOST_VALUES:
        do = "Write the share of the items that each slice should have, e.g. 0.25."
        found.append(Problem(f"{path}.expected", shown(one.expected), "shares of 0 and more", do))
    return found


def _checked_board(tx: Tx, scope: Scope, board: Board) -> list[Problem]:
    names, values = named(board.members)
    rows = tx.run(
        f"SELECT m.id, m.role FROM memberships m WHERE m.workspace = :workspace AND m.active AND m.id IN ({names or 'NULL'})",  # noqa: S608 - names of parameters only
        workspace=scope.workspace,
        **values,
    )
    roles: dict[str, Role] = {member: role for member, role in rows}  # noqa: C416 - it says what a row is
    found = [
        Problem(f"board.members[{at}]", shown(member), "an active reviewer, manager or owner", "Name another person.")
        for at, member in enumerate(board.members)
        if member not in roles or ROLES.index(roles[member]) < ROLES.index("reviewer")
    ]
    distinct = len(set(board.members))
    if not LEAST_QUORUM <= board.quorum <= distinct <= MOST_MEMBERS or distinct < len(board.members):
        do = "A board is at least two people, so that nobody signs alone."
        got = f"{board.quorum} of {distinct}"
        found.append(Problem("board.quorum", got, f"{LEAST_QUORUM} to the number of members", do))
    if not 0 <= board.most_new <= 1:
        do = "Write e.g. 0.2 for a new report with every fifth answer more."
        found.append(Problem("board.most_new", shown(board.most_new), "0 to 1", do))
    return found


def not_found(what: str, title: str) -> Refused:
    """409: what was asked about is no longer as it was."""
    return Refused([Problem(what, "changed meanwhile", "the newest", "Load the page again.")], status=409, title=title)
