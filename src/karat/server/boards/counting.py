# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""Writing down what items give: only the difference to what they gave before moves the counts.

So an item may be looked at twice, late, or in any order. What did not change costs one read and no write.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from karat.quality.annotators.bins import time_bin
from karat.server.boards.giving import SAME, Counted, Given, Key, Look, Pair, monday
from karat.server.database import Tx, named
from karat.server.projects.queries import policy_of
from karat.server.search.words import word_ids

MOST_VALUES = 200
"""A key of the metadata with more values has no slices: each item would be one of its own."""

_given = msgspec.json.Decoder(Given)
Sums = list[float]


def write(tx: Tx, project: int, looks: Sequence[Look]) -> int:
    """Bring the counts to what these items give now; how many of them gave something else before."""
    if not looks or not tx.run("SELECT 1 FROM projects WHERE n = :project", project=project):
        return 0
    before = _before(tx, looks)
    wide = {a for (a,) in tx.run("SELECT a FROM rollups WHERE project = :p AND what = 'wide'", p=project)}
    near = _numbered(tx, project, looks)
    start = policy_of(tx, project)[1].start
    counts: defaultdict[Key, Sums] = defaultdict(lambda: [0, 0.0, 0.0])
    pairs: defaultdict[tuple[int, int, int, int], Sums] = defaultdict(lambda: [0, 0, 0.0])
    changed: list[tuple[int, Given | None]] = []
    for one in looks:
        old = before.get(one.item)
        new = _now(one, old, near.get(one.item, []), wide)
        if new == old:
            continue
        changed.append((one.item, new))
        for given, sign in ((old, -1), (new, 1)):
            if given is not None:
                _add(counts, given.rows, sign, wide)
                _add_pairs(pairs, given.pairs, sign)
        # Whoever looks for the first time at an item that moved on already knows when it was made, and where it began.
        left, since = (old.stage, old.since) if old is not None else (start, one.made_at)
        if new is not None and new.stage != left:
            _add(counts, [_stayed(left, since, new)], 1, wide)
    _write_counts(tx, project, counts)
    _write_pairs(tx, project, pairs)
    _write_items(tx, project, changed, before)
    _widen(tx, project, {key[1] for key in counts if key[0] == "slice"})
    return len(changed)


def _before(tx: Tx, looks: Sequence[Look]) -> dict[int, Given]:
    names, values = named([one.item for one in looks])
    return {
        n: _given.decode(body) for n, body in tx.run(f"SELECT item, body FROM rolled WHERE item IN ({names})", **values)
    }


def _now(one: Look, old: Given | None, pairs: list[Pair], wide: set[str]) -> Given | None:
    if one.given is None:
        return None
    rows = sorted(row for row in one.given.rows if not (row[0] == "slice" and row[1] in wide))
    since = old.since if old is not None and old.stage == one.given.stage else one.given.changed_at
    return msgspec.structs.replace(one.given, rows=rows, pairs=pairs, since=since)


def _numbered(tx: Tx, project: int, looks: Sequence[Look]) -> dict[int, list[Pair]]:
    """The pairs of each item with numbers for their fields and labels."""
    fields = word_ids(tx, project, "field", sorted({field for one in looks for field, *_ in one.near}))
    labels = word_ids(tx, project, "label", sorted({near[1] for one in looks for near in one.near if near[1]}))
    return {
        one.item: sorted((fields[f], labels[label] if label else 0, a, b, near) for f, label, a, b, near in one.near)
        for one in looks
        if one.near
    }


def _add(counts: defaultdict[Key, Sums], rows: Iterable[Counted], sign: int, wide: set[str]) -> None:
    for what, a, b, day, n, x, y in rows:
        if what == "slice" and a in wide:
            continue
        sums = counts[what, a, b, day]
        sums[0] += sign * n
        sums[1] += sign * x
        sums[2] += sign * y


def _add_pairs(pairs: defaultdict[tuple[int, int, int, int], Sums], given: Iterable[Pair], sign: int) -> None:
    for field, label, a, b, near in given:
        sums = pairs[field, label, a, b]
        sums[0] += sign
        sums[1] += sign * (near < SAME)
        sums[2] += sign * near


def _stayed(stage: str, since: str, new: Given) -> Counted:
    """How long an item stood at the stage that it left."""
    begun, ended = (dt.datetime.fromisoformat(at) for at in (since, new.changed_at))
    ms = max(0, round((ended - begun).total_seconds() * 1000))
    return "stayed", stage, str(time_bin(ms)), monday(new.changed_at[:10]), 1, float(ms), 0.0


def _write_counts(tx: Tx, project: int, counts: dict[Key, Sums]) -> None:
    tx.many(
        "INSERT INTO rollups (project, what, a, b, day, n, x, y) VALUES (:project, :what, :a, :b, :day, :n, :x, :y)"
        " ON CONFLICT (project, what, a, b, day) DO UPDATE SET n = rollups.n + excluded.n, x = rollups.x + excluded.x,"
        " y = rollups.y + excluded.y",
        [
            {"project": project, "what": what, "a": a, "b": b, "day": day, "n": n, "x": x, "y": y}
            for (what, a, b, day), (n, x, y) in sorted(counts.items())
            if n or x or y
        ],
    )


def _write_pairs(tx: Tx, project: int, pairs: dict[tuple[int, int, int, int], Sums]) -> None:
    tx.many(
        "INSERT INTO pair_sums (project, field, label, a, b, n, differ, x)"
        " VALUES (:project, :field, :label, :a, :b, :n, :differ, :x) ON CONFLICT (project, field, label, a, b) DO UPDATE"
        " SET n = pair_sums.n + excluded.n, differ = pair_sums.differ + excluded.differ, x = pair_sums.x + excluded.x",
        [
            {"project": project, "field": field, "label": label, "a": a, "b": b, "n": n, "differ": differ, "x": x}
            for (field, label, a, b), (n, differ, x) in sorted(pairs.items())
            if n or differ or x
        ],
    )


def _write_items(tx: Tx, project: int, changed: Sequence[tuple[int, Given | None]], before: dict[int, Given]) -> None:
    gone = [{"item": item} for item, given in changed if given is None]
    tx.many("DELETE FROM rolled WHERE item = :item", gone)
    tx.many(
        "INSERT INTO rolled (item, project, body) VALUES (:item, :project, :body)"
        " ON CONFLICT (item) DO UPDATE SET body = excluded.body",
        [
            {"item": item, "project": project, "body": msgspec.json.encode(given).decode()}
            for item, given in changed
            if given is not None
        ],
    )
    moved = [
        (item, given)
        for item, given in changed
        if (given.pairs if given else []) != (before[item].pairs if item in before else [])
    ]
    tx.many("DELETE FROM differing WHERE item = :item", [{"item": item} for item, _ in moved])
    tx.many(
        "INSERT INTO differing (item, field, label, a, b, project, distance)"
        " VALUES (:item, :field, :label, :a, :b, :project, :distance)",
        [
            {"item": item, "field": f, "label": label, "a": a, "b": b, "project": project, "distance": 1 - near}
            for item, given in moved
            if given is not None
            for f, label, a, b, near in given.pairs
            if near < SAME
        ],
    )


def _widen(tx: Tx, project: int, keys: set[str]) -> None:
    """Keep no slices of a key that turned out to have too many values."""
    for key in sorted(keys):
        count = tx.run(
            "SELECT count(*) FROM (SELECT 1 FROM rollups WHERE project = :p AND what = 'slice' AND a = :a LIMIT :most) q",
            p=project,
            a=key,
            most=MOST_VALUES + 1,
        )[0][0]
        if count > MOST_VALUES:
            tx.run("DELETE FROM rollups WHERE project = :p AND what = 'slice' AND a = :a", p=project, a=key)
            _write_counts(tx, project, {("wide", key, "", ""): [1, 0.0, 0.0]})
