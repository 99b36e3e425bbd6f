"""Saved views of a project's table of items: a named filter with its order and columns, shared by all who see the table."""

import re

import msgspec

from karat.model.problem import Problem, Refused, refuse, shown
from karat.server.access import Actor, Scope, enter_project, missing
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items.filters import conditions_of
from karat.server.items.orders import order_of
from karat.server.items.schemas import NewView, View, ViewLook

MAX_NAME = 60
MAX_VIEWS = 50
MAX_COLUMNS = 200
MAX_BYTES = 50_000
NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f]")
COLUMNS = "v.id, v.name, v.body, l.name, v.changed_at"


def listed(tx: Tx, scope: Scope) -> list[View]:
    """The views of a project, in the order in which they were made."""
    rows = tx.run(
        f"SELECT {COLUMNS} FROM views v JOIN logins l ON l.n = v.by WHERE v.project = :project ORDER BY v.n",  # noqa: S608 - a constant
        project=scope.project,
    )
    return [_view(row) for row in rows]


def create(tx: Tx, actor: Actor, project: str, given: NewView) -> View:
    """Save a view under a name that no other view of the project has."""
    scope = enter_project(tx, actor, "views.change", project=project)
    body = _accept(tx, scope, given)
    there = tx.run("SELECT count(*) FROM views WHERE project = :project", project=scope.project)[0][0]
    if there >= MAX_VIEWS:
        raise Refused(
            [Problem("name", f"view {there + 1}", f"at most {MAX_VIEWS} views", "Delete one that nobody needs.")],
            status=409,
        )
    view = tx.new_id()
    tx.run(
        "INSERT INTO views (id, project, name, body, by, changed_at) VALUES (:id, :project, :name, :body, :by, :at)",
        id=view,
        project=scope.project,
        name=given.name.strip(),
        body=body,
        by=actor.login,
        at=tx.now(),
    )
    return _one(tx, scope, view)


def replace(tx: Tx, actor: Actor, project: str, view: str, given: NewView) -> View:
    """Give a view another name or look."""
    scope = enter_project(tx, actor, "views.change", project=project)
    _one(tx, scope, view)
    tx.run(
        "UPDATE views SET name = :name, body = :body, by = :by, changed_at = :at WHERE id = :id AND project = :project",
        name=given.name.strip(),
        body=_accept(tx, scope, given, view=view),
        by=actor.login,
        at=tx.now(),
        id=view,
        project=scope.project,
    )
    return _one(tx, scope, view)


def delete(tx: Tx, actor: Actor, project: str, view: str) -> View:
    """Forget a view; the items it showed stay as they are."""
    scope = enter_project(tx, actor, "views.change", project=project)
    gone = _one(tx, scope, view)
    tx.run("DELETE FROM views WHERE id = :id AND project = :project", id=view, project=scope.project)
    return gone


def _accept(tx: Tx, scope: Scope, given: NewView, *, view: str = "") -> str:
    """A view's body as it is stored; a filter, an order or a name that would not work is refused."""
    name = given.name.strip()
    problems: list[Problem] = []
    if not name or len(name) > MAX_NAME or NOT_IN_A_NAME.search(name):
        problems.append(
            Problem("name", shown(name), f"1 to {MAX_NAME} characters on one line", "Give the view a short name.")
        )
    if len(given.columns) > MAX_COLUMNS:
        problems.append(
            Problem("columns", f"{len(given.columns)} columns", f"at most {MAX_COLUMNS}", "Leave some out.")
        )
    refuse(problems)
    conditions_of(given.filter)
    order_of(tx, scope.project, given.sort, descending=given.descending)
    taken = tx.run(
        "SELECT 1 FROM views WHERE project = :project AND name = :name AND id <> :id",
        project=scope.project,
        name=name,
        id=view,
    )
    if taken:
        problem = Problem(
            "name", shown(name), "a name that no other view has", "Choose another name, or change that view."
        )
        raise Refused([problem], status=409, title="There is a view of this name")
    look = ViewLook(filter=given.filter, sort=given.sort, descending=given.descending, columns=given.columns)
    body = msgspec.json.encode(look)
    if len(body) > MAX_BYTES:
        raise Refused(
            [Problem("filter", f"{len(body)} bytes", f"at most {MAX_BYTES}", "Tag the items, and filter by the tag.")]
        )
    return body.decode()


def _one(tx: Tx, scope: Scope, view: str) -> View:
    rows = tx.run(
        f"SELECT {COLUMNS} FROM views v JOIN logins l ON l.n = v.by WHERE v.project = :project AND v.id = :id",  # noqa: S608 - a constant
        project=scope.project,
        id=view,
    )
    if not rows:
        raise missing("view", view)
    return _view(rows[0])


def _view(row: Row) -> View:
    id_, name, body, by, at = row
    look = msgspec.json.decode(body, type=ViewLook)
    return View(
        id=id_,
        name=name,
        filter=look.filter,
        sort=look.sort,
        descending=look.descending,
        columns=look.columns,
        by=by,
        changed_at=at,
    )
