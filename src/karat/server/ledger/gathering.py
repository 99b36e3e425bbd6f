# ruff: noqa: S608 - the SQL is put together from constants; every value is a parameter
"""Reading what people handed in, some hundreds of items at a time, as it stood at the end of a period."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from karat.policies.pay.tally import Back, Tallies, Window, Work, add_item
from karat.server.database import Tx, named

CHUNK = 500
COURSE = ("practice", "test")


class Sources(NamedTuple):
    """What is read once: who is a person, and what was taken back."""

    people: frozenset[int]
    back: Mapping[int, Sequence[Back]]


class _Use(msgspec.Struct, frozen=True):
    use: str = "work"


class _Thing(msgspec.Struct, frozen=True):
    id: str
    revision: int


def sources_of(tx: Tx, project: int, window: Window, *, items: Sequence[int] | None = None) -> Sources:
    """What counting needs besides the items, or some of them; some hundred bytes for each answer that was taken back."""
    people = tx.run(
        "SELECT a.n FROM authors a JOIN projects p ON p.workspace = a.workspace WHERE p.n = :project AND a.type = 'person'",
        project=project,
    )
    of = None if items is None else _changed(tx, project, items)
    return Sources(frozenset(row[0] for row in people), taken_back(tx, project, end=window.end, of=of))


def taken_back(tx: Tx, project: int, *, end: str, of: Mapping[str, int] | None = None) -> dict[int, list[Back]]:
    """By response, what was taken back before a time; `of` are the keys of responses, by id, where not all are asked for."""
    events = tx.run(
        "SELECT thing, at FROM events WHERE project = :project AND name = 'response.reverted' AND at < :end ORDER BY at, seq",
        project=project,
        end=end,
    )
    things = [(msgspec.json.decode(thing, type=_Thing), at) for thing, at in events]
    keys = _keys(tx, project, [thing.id for thing, _ in things]) if of is None else of
    back: defaultdict[int, list[Back]] = defaultdict(list)
    for thing, at in things:
        if thing.id in keys:
            back[keys[thing.id]].append(Back(thing.revision, at))
    return dict(back)


def _changed(tx: Tx, project: int, items: Sequence[int]) -> dict[str, int]:
    """The answers to items that were handed in more than once or taken back; all others still stand as they came."""
    found: dict[str, int] = {}
    for start in range(0, len(items), CHUNK):
        names, values = named(items[start : start + CHUNK])
        rows = tx.run(
            f"SELECT id, n FROM responses WHERE item IN ({names}) AND +project = :project AND (head <> last OR last > 1)",
            project=project,
            **values,
        )
        found.update(dict(rows))  # type: ignore[arg-type]  # rows of two
    return found


def next_items(tx: Tx, project: int, after: int) -> list[int]:
    """The next items of the project, deleted ones too: who worked on them is paid all the same."""
    rows = tx.run(
        "SELECT n FROM items WHERE project = :project AND n > :after ORDER BY n LIMIT :limit",
        project=project,
        after=after,
        limit=CHUNK,
    )
    return [row[0] for row in rows]


def count_work(work: Sequence[Work], sources: Sources, tallies: Tallies, window: Window, *, longest_ms: int) -> None:
    """Count what was handed in into the sums; it stands item by item."""
    for _, of_item in groupby(work, key=lambda one: one.item):
        add_item(tallies, list(of_item), sources.back, window, longest_ms=longest_ms)


def work_on(
    tx: Tx, project: int, items: Sequence[int], sources: Sources, *, end: str, author: int | None = None
) -> list[Work]:
    """Every revision that people, or one of them, handed in themselves on these items before the end, item by item."""
    if not items:
        return []
    names, values = named(items)
    where = f"r.item IN ({names})"
    if author is not None:
        where, values = f"{where} AND r.author = :author", {**values, "author": author}
    elif items[-1] - items[0] < 4 * len(items):
        # Items that stand together are read in one walk.
        where, values = "r.item >= :first AND r.item <= :last", {"first": items[0], "last": items[-1]}
    rows = tx.run(
        # `+project`: SQLite would else read all answers of the project along another index.
        "SELECT r.item, r.author, r.n, v.revision, v.replaces, v.state, r.apart, v.active_ms, v.at FROM responses r"
        f" JOIN revisions v ON v.response = r.n WHERE {where} AND +r.project = :project"
        " AND v.cause = 'author' AND v.by = r.author AND v.at < :end ORDER BY r.item, r.n",
        project=project,
        end=end,
        **values,
    )
    uses = _uses(tx, sorted({row[0] for row in rows if row[6]}))
    wanted = set(items)
    return [
        Work(item, author, n, revision, replaces, state, uses.get((item, author), "work"), bool(apart), active_ms, at)
        for item, author, n, revision, replaces, state, apart, active_ms, at in rows
        if author in sources.people and item in wanted
    ]


def _uses(tx: Tx, items: Sequence[int]) -> dict[tuple[int, int], str]:
    """For whom an item with a known answer was part of the course; to all others it is work like any other."""
    if not items:
        return {}
    names, values = named(items)
    rows = tx.run(f"SELECT item, author, why FROM assignments WHERE item IN ({names}) AND apart ORDER BY at", **values)
    uses = {(item, author): msgspec.json.decode(why, type=_Use).use for item, author, why in rows}
    return {key: use for key, use in uses.items() if use in COURSE}


def _keys(tx: Tx, project: int, ids: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(ids), 500):
        names, values = named(ids[start : start + 500])
        rows = tx.run(
            f"SELECT id, n FROM responses WHERE id IN ({names}) AND +project = :project", project=project, **values
        )
        found.update(dict(rows))  # type: ignore[arg-type]
    return found
