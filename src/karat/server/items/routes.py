"""Items over HTTP."""

from litestar import Response, delete, get, patch, post
from litestar.types import ControllerRouterHandler

from karat.model.problem import Problem, Refused, shown
from karat.quality.differences import Difference
from karat.server.access import Actor, enter_item, enter_project, in_project
from karat.server.database import Database, Tx
from karat.server.items import actions, facets, queries, seeing, starting, view_routes
from karat.server.items.comparing import differences_of
from karat.server.items.schemas import Bulk, Facets, ItemBody, ItemCount, ItemEdit, ItemPage, Operation
from karat.server.items.sending import send_stream
from karat.server.jobs.schemas import Started
from karat.server.state import App, Asked
from karat.server.wire import decode

MAX_TABLE_BYTES = 50_000_000


@get("/projects/{project:str}/items", opt={"right": "items.see"})
async def list_items(
    project: str,
    actor: Actor,
    db: Database,
    filter: str | None = None,
    sort: str = "created",
    descending: bool = False,
    limit: int | None = None,
    cursor: str | None = None,
) -> ItemPage:
    """A page of the items that satisfy `filter`, sorted. Where it is not complete, `next` goes on searching."""

    def query(tx: Tx) -> ItemPage:
        scope = enter_project(tx, actor, "items.see", project=project)
        return queries.list_items(
            tx, scope, filter_=filter, sort=sort, descending=descending, limit=limit, cursor=cursor
        )

    return await db.read(query)


@get("/projects/{project:str}/items/count", opt={"right": "items.see"})
async def count_items(
    project: str,
    actor: Actor,
    db: Database,
    filter: str | None = None,
) -> ItemCount:
    """How many items satisfy `filter`: exact to 10,000."""
    return await db.read(in_project, actor, "items.see", project, queries.count_items, filter)


@get("/projects/{project:str}/facets", opt={"right": "items.see"})
async def get_facets(project: str, actor: Actor, db: Database) -> Facets:
    """What a filter can name: metadata keys with some values, fields with their labels, authors, tags."""
    return await db.read(in_project, actor, "items.see", project, facets.facets)


@get("/items/{item:str}", opt={"right": "work.see", "returns": ItemBody})
async def get_item(item: str, actor: Actor, db: Database) -> Response[ItemBody]:
    """One item with what was said on it. An annotator sees those they were given, with their own answers."""

    def query(tx: Tx) -> ItemBody:
        scope, n = enter_item(tx, actor, "work.see", item=item)
        return seeing.get_item(tx, scope, n)

    return _answer(await db.read(query))


@patch("/items/{item:str}", opt={"right": "items.change", "body": ItemEdit, "returns": ItemBody})
async def edit_item(item: str, body: bytes, actor: Actor, db: Database, request: Asked) -> Response[ItemBody]:
    """Replace an item's metadata, its tags or its group."""
    match = request.headers.get("if-match")
    return _answer(await db.write(actions.edit, actor, item, decode(body, ItemEdit), match=match))


@delete("/items/{item:str}", status_code=200, opt={"right": "items.change"})
async def delete_item(item: str, actor: Actor, db: Database) -> Operation:
    """Delete an item. Its answers are kept for as long as the operation can be undone."""
    return await db.write(actions.delete, actor, item)


@get("/items/{item:str}/streams/{name:str}", opt={"right": "work.see", "media": "*/*"})
async def get_stream(
    item: str,
    name: str,
    actor: Actor,
    app: App,
    request: Asked,
    size: str | None = None,
    page: int | None = None,
    of: str | None = None,
    tile: str | None = None,
) -> Response[bytes]:
    """The content of a stream, whole or in part; `?size=thumb` is a small picture of an image, `?size=screen` all of one that browsers cannot show, `?tile=z/x/y` a piece of a large one. Of a document `?page=2&size=screen` is a page, `?of=words` its text with the place of each word."""
    return await send_stream(request, app, actor, item=item, name=name, size=size, page=page, of=of, tile=tile)


@get("/items/{item:str}/differences", opt={"right": "responses.see"})
async def get_differences(item: str, actor: Actor, db: Database, a: str, b: str) -> list[Difference]:
    """What two responses to one item say differently, field by field."""

    def query(tx: Tx) -> list[Difference]:
        scope, n = enter_item(tx, actor, "responses.see", item=item)
        return differences_of(tx, scope, n, a, b)

    return await db.read(query)


@post(
    "/projects/{project:str}/items/bulk",
    status_code=202,
    opt={"right": "items.change", "body": Bulk, "returns": Operation},
)
async def change_items(project: str, body: bytes, actor: Actor, app: App, db: Database) -> Response[Operation]:
    """Tag, untag, delete, requeue or describe many items; more than 500 are changed by a job."""
    given = decode(body, Bulk)
    operation, started = await db.write(starting.start_bulk, actor, project, given)
    return _started(app, operation, started)


@post(
    "/projects/{project:str}/metadata",
    status_code=202,
    opt={"right": "items.change", "returns": Operation, "accepts": "text/csv"},
)
async def set_metadata(
    project: str, body: bytes, actor: Actor, app: App, db: Database, empty: str = "leave"
) -> Response[Operation]:
    """Set metadata from CSV: the first column is the item's key. `?empty=remove` lets empty cells remove values."""
    if len(body) > MAX_TABLE_BYTES:
        raise Refused(
            [Problem("body", f"{len(body)} bytes", f"at most {MAX_TABLE_BYTES}", "Split the table.")], status=413
        )
    if empty not in ("leave", "remove"):
        raise Refused([Problem("empty", shown(empty), "leave or remove", "Say what an empty cell means.")])
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        problem = Problem("body", f"byte {error.start}", "CSV in UTF-8", "Save the table as CSV in UTF-8.")
        raise Refused([problem], title="The table cannot be read") from None
    operation, started = await db.write(starting.start_metadata, actor, project, text, removes_empty=empty == "remove")
    return _started(app, operation, started)


@post(
    "/operations/{operation:str}/undo",
    status_code=202,
    opt={"right": "items.change", "returns": Operation, "statuses": (200,)},
)
async def undo_operation(operation: str, actor: Actor, app: App, db: Database) -> Response[Operation]:
    """Take back a bulk change where nothing else changed since; what did is reported and kept."""
    done, started = await db.write(starting.start_undo, actor, operation)
    return _started(app, done, started)


def _started(app: App, operation: Operation, started: Started | None) -> Response[Operation]:
    if started is not None:
        app.jobs.submit(started.id, started.attempt)
    return Response(operation, status_code=200 if started is None else 202)


def _answer(item: ItemBody) -> Response[ItemBody]:
    return Response(item, headers={"ETag": f'"{item.revision}"'})


ROUTES: list[ControllerRouterHandler] = [
    list_items,
    count_items,
    get_facets,
    get_item,
    edit_item,
    delete_item,
    get_stream,
    get_differences,
    change_items,
    set_metadata,
    undo_operation,
    *view_routes.ROUTES,
]
