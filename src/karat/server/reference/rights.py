"""The table of rights: every route with what it needs, for the docs and for the test that walks it."""

import re
from collections.abc import Iterable, Iterator

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.types import ControllerRouterHandler

from karat.server.access import RIGHTS, ROLES

IN_PERSON = frozenset({"fairness.sign", "me.change", "people.reset", "tokens.make", "workspace.create"})
"""Rights of somebody who is signed in, which no token has."""
PLACE = re.compile(r"\{(\w+):\w+\}")


class Row(msgspec.Struct, frozen=True):
    """One route and the right that it needs; None where it is open to all."""

    method: str
    path: str
    template: str
    """The path with the types of its places, as Litestar reads it."""
    right: str | None
    handler: HTTPRouteHandler


def table(rows: Iterable[Row]) -> str:
    """The table as Markdown."""
    head = f"| Route | Right | {' | '.join(ROLES)} | Token |\n|---|---|{'---|' * len(ROLES)}---|\n"
    return head + "".join(f"{_line(row)}\n" for row in rows)


def rows_of(handlers: Iterable[ControllerRouterHandler], prefix: str = "") -> Iterator[Row]:
    """The rows of some routes, whose paths begin with `prefix`; each must say who may call it."""
    for handler in handlers:
        if not isinstance(handler, HTTPRouteHandler):
            raise TypeError(f"{handler!r} is no HTTP route")
        right = handler.opt.get("right")
        if (right is None) == (not handler.opt.get("public")):
            raise ValueError(
                f"{handler.fn.__name__} must say opt={{'right': …}} or opt={{'public': True}}, and not both"
            )
        if right is not None and right not in RIGHTS:
            raise ValueError(f"{handler.fn.__name__} needs {right!r}, which is not in access.RIGHTS")
        for path in sorted(handler.paths):
            for method in sorted(handler.http_methods):
                yield Row(method, PLACE.sub(r"{\1}", prefix + path), prefix + path, right, handler)


def _line(row: Row) -> str:
    route = f"`{row.method} {row.path}`"
    if row.right is None:
        return f"| {route} | open to all | {' | '.join('yes' for _ in ROLES)} | not needed |"
    needed = RIGHTS[row.right]
    cells = ["yes" if ROLES.index(role) >= ROLES.index(needed.role) else "–" for role in ROLES]
    scope = "never" if row.right in IN_PERSON else needed.scope
    return f"| {route} | `{row.right}` | {' | '.join(cells)} | {scope} |"
