"""What was said and of what: how often each label was given, and how well each slice of the items is covered."""

from collections import defaultdict

from karat.server.access import Scope
from karat.server.boards.rows import counts, listed
from karat.server.boards.schemas import Coverage, LabelCount, Slice, SliceKey
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.projects.changes import flat_titles
from karat.server.projects.queries import schema_of
from karat.server.slices import NUMBER, TEXT

SLICES_SHOWN = 50


def labels(tx: Tx, scope: Scope) -> list[LabelCount]:
    """How often each label and option was given, over all authors."""
    _, schema = schema_of(tx, scope.project)
    found: list[LabelCount] = []
    for key, name, _, items, n, _ in counts(tx, scope.project, "label"):
        if key.partition(".")[0] not in schema.fields:
            continue
        top = schema.fields.get(key)
        titles = {} if top is None else {k: one.title for k, one in top.labels.items()} | flat_titles(top)
        title = titles.get(name) or name
        filter_: dict[str, object] = {"all": [{"label": {"field": key, "label": name}}]}
        found.append(LabelCount(field=key, label=name, title=title, n=int(n), items=int(items), filter=filter_))
    order = {key: i for i, key in enumerate(schema.fields)}
    return sorted(found, key=lambda row: (order.get(row.field.partition(".")[0], 0), row.field, -row.n, row.label))


def coverage(tx: Tx, scope: Scope) -> Coverage:
    """How well each value of the metadata is covered, those with the fewest answered items first."""
    (items,) = tx.run("SELECT items FROM projects WHERE n = :n", n=scope.project)[0]
    by_key: defaultdict[str, list[Row]] = defaultdict(list)
    for row in counts(tx, scope.project, "slice"):
        by_key[row[0]].append(row)
    wide = [row[0] for row in counts(tx, scope.project, "wide")]
    having = {key: n for key, _, _, n, _, _ in counts(tx, scope.project, "key")}
    return Coverage(
        keys=[_key(key, rows, items - having.get(key, 0)) for key, rows in by_key.items()], wide=wide, items=items
    )


def _key(key: str, rows: list[Row], without: int) -> SliceKey:
    slices = sorted((_slice(key, row) for row in rows), key=lambda one: (one.answered.n, one.items.n))
    lacks: dict[str, object] = {"metadata": {"key": key, "op": "exists", "value": False}}
    return SliceKey(key=key, values=len(rows), without=listed(without, lacks), slices=slices[:SLICES_SHOWN])


def _slice(key: str, row: Row) -> Slice:
    _, text, _, items, answered, done = row
    value = float(text[1:]) if text.startswith(NUMBER) else text.removeprefix(TEXT)
    here: dict[str, object] = {"metadata": {"key": key, "op": "eq", "value": value}}
    return Slice(
        value=value,
        items=listed(items, here),
        answered=listed(answered, here, {"responses": {"op": "ge", "value": 1}}),
        done=listed(done, here, {"state": ["done"]}),
    )
