"""Every route of the server, gathered feature by feature, and the reference that is made from them.

A feature is a package named in `karat.server.FEATURES`. Where it has a `routes` module, that ends with `ROUTES`, the list
of its handlers; paths are relative to `/api/v1`. Every handler says in `opt` who may call it:

- `opt={"right": "items.see"}`: one of `access.RIGHTS`, or `opt={"public": True}`;
- `"body": SomeStruct`: the JSON that a handler which takes `body: bytes` expects, for the API reference;
- `"returns": SomeStruct`: what a handler that builds its own `Response` sends; `"media": "text/csv"` if not JSON;
- `"secret": True`: the answer holds a secret, so that it is never kept for a repeated `Idempotency-Key`.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from litestar.types import ControllerRouterHandler

from karat.server import FEATURES, system
from karat.server.reference import openapi
from karat.server.reference.page import page
from karat.server.reference.rights import Row, rows_of
from karat.server.reference.routes import Reference

API = "/api/v1"


def root_routes() -> list[ControllerRouterHandler]:
    """The routes of the process itself; their paths are whole."""
    return system.ROUTES


def routes() -> list[ControllerRouterHandler]:
    """Every route of the API, feature by feature."""
    found: list[ControllerRouterHandler] = []
    for feature in FEATURES:
        name = f"karat.server.{feature}.routes"
        if find_spec(name):
            found += import_module(name).ROUTES
    return found


def rows() -> list[Row]:
    """Every route of the server with the right that it needs, by path."""
    return sorted([*rows_of(root_routes()), *rows_of(routes(), API)], key=lambda row: (row.path, row.method))


@cache
def reference() -> Reference:
    """The reference of every route, made when it is first asked for."""
    document = openapi.document(rows())
    return Reference(openapi.text(document), page(document))
