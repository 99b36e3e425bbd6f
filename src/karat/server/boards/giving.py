# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""What items give to the counts of a project's dashboards. Nothing is written here.

A count is of something (`what`), told apart by `a`, `b` and a day; `n` counts items:

- `stage`: a the stage, b the state, by the day on which the item last moved; x the answers or verdicts it still wants;
- `label`: a the field, b the label; x how often it was given, over all authors;
- `slice`: a a key of the metadata, b its value; x items with an answer, y items that are done; `key`: items that have it;
- `day`, `week`: items with an answer handed in then (of a week its Monday); x how many answers;
- `verdict`: a the verdict, by the week and over all of them; items that have it; x how many verdicts;
- `stayed`: a the stage that an item left, by the week, b the bin of how long it stood there; x in milliseconds. It is of what
  happened, and never taken back.
- `wide`: a a key of the metadata with so many values that its slices are not counted.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from karat.quality.pairs import pairs_of
from karat.server.database import Tx, named
from karat.server.database.base import Row
from karat.server.projects.queries import schema_of
from karat.server.reports.reading import answered
from karat.server.search.words import AUTHORS, TAGS, known_words, texts_of
from karat.server.slices import slice_of

Key = tuple[str, str, str, str]
"""What, a, b, day."""
Counted = tuple[str, str, str, str, int, float, float]
"""A key and its sums."""
Pair = tuple[int, int, int, int, float]
"""Field and label (words; 0 for the whole field), two authors, and how near they are."""

MOST_AUTHORS = 16
"""Of an item that more have answered, the first so many are held against each other: 120 pairs."""
SAME = 1 - 1e-9
"""From here on two answers are the same."""


class Given(msgspec.Struct, frozen=True, array_like=True):
    """What one item gives, and where it stood since when."""

    changed_at: str
    stage: str
    state: str
    since: str
    """When it was first seen at this stage."""
    rows: list[Counted]
    pairs: list[Pair]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """An item as it was looked at; None where it is deleted or gone."""

    item: int
    given: Given | None
    made_at: str
    near: list[tuple[str, str, int, int, float]]


def look(tx: Tx, project: int, items: Sequence[int]) -> list[Look]:
    """What these items give now."""
    names, values = named(items)
    rows = tx.run(
        "SELECT i.n, i.stage, i.state, i.changed_at, i.responses, i.created_at, coalesce((SELECT q.wanted - q.granted FROM queue q"
        " WHERE q.item = i.n), 0) + (SELECT count(*) FROM assignments s WHERE s.item = i.n AND s.state = 'claimed'"
        f" AND NOT s.apart) FROM items i WHERE i.n IN ({names}) AND +i.project = :project AND i.deleted_at IS NULL",
        project=project,
        **values,
    )
    standing = {row[0]: row for row in rows}
    given: defaultdict[int, list[Counted]] = defaultdict(list)
    for n, row in standing.items():
        given[n].append(("stage", row[1], row[2], row[3][:10], 1, float(row[6]), 0.0))
    for n, one in _labels(tx, project, names, values):
        given[n].append(one)
    for n, one in _slices(tx, project, names, values, standing):
        given[n].append(one)
    for n, one in _times(tx, project, names, values):
        given[n].append(one)
    near = _pairs(tx, project, [n for n, row in standing.items() if row[4] > 1])
    found = []
    for item in items:
        at = standing.get(item)
        now = None if at is None else Given(at[3], at[1], at[2], at[3], given[item], [])
        found.append(Look(item=item, given=now, made_at="" if at is None else at[5], near=near.get(item, [])))
    return found


def _labels(tx: Tx, project: int, names: str, values: Mapping[str, object]) -> Iterator[tuple[int, Counted]]:
    rows = tx.run(
        "SELECT item, field, label, sum(n) FROM marks"
        f" WHERE item IN ({names}) AND author <> 0 AND +project = :project GROUP BY item, field, label",
        project=project,
        **values,
    )
    # Tags and authors stand in `marks` too, beside the fields; their labels are no words.
    own = set(known_words(tx, project, "own", [TAGS, AUTHORS]).values())
    rows = [row for row in rows if row[1] not in own]
    words = texts_of(tx, project, {word for _, field, label, _ in rows for word in (field, label)})
    for item, field, label, n in rows:
        yield item, ("label", words[field], words[label], "", 1, float(n), 0.0)


def _slices(
    tx: Tx, project: int, names: str, values: Mapping[str, object], standing: Mapping[int, Row]
) -> Iterator[tuple[int, Counted]]:
    rows = tx.run(
        "SELECT f.item, w.text, f.txt, f.num FROM facts f JOIN words w ON w.n = f.key AND w.kind = 'meta'"
        f" WHERE f.item IN ({names}) AND f.author = 0 AND +f.project = :project",
        project=project,
        **values,
    )
    for item, key in {(item, key) for item, key, _, _ in rows if item in standing}:
        yield item, ("key", key, "", "", 1, 0.0, 0.0)
    for item, key, text, number in rows:
        if item in standing:
            state, answers = standing[item][2], standing[item][4]
            yield item, ("slice", key, slice_of(text, number), "", 1, float(answers > 0), float(state == "done"))


def _times(tx: Tx, project: int, names: str, values: Mapping[str, object]) -> Iterator[tuple[int, Counted]]:
    found: defaultdict[tuple[int, Key], int] = defaultdict(int)
    rows = tx.run(
        "SELECT r.item, r.at FROM responses r JOIN authors a ON a.n = r.author"
        f" WHERE r.item IN ({names}) AND +r.project = :project AND r.state = 'submitted' AND a.type <> 'consensus'",
        project=project,
        **values,
    )
    for item, at in rows:
        found[item, ("day", "", "", at[:10])] += 1
        found[item, ("week", "", "", monday(at[:10]))] += 1
    judged = tx.run(
        f"SELECT item, verdict, at FROM reviews WHERE item IN ({names}) AND +project = :project AND counts",
        project=project,
        **values,
    )
    for item, verdict, at in judged:
        found[item, ("verdict", verdict, "", monday(at[:10]))] += 1
        found[item, ("verdict", verdict, "", "")] += 1
    for (item, key), n in found.items():
        yield item, (*key, 1, float(n), 0.0)


def monday(day: str) -> str:
    """The Monday of a day's week.

    >>> monday("2026-11-22")
    '2026-11-16'
    """
    date = dt.date.fromisoformat(day)
    return (date - dt.timedelta(days=date.weekday())).isoformat()


def _pairs(tx: Tx, project: int, items: Sequence[int]) -> dict[int, list[tuple[str, str, int, int, float]]]:
    """By item each two of its authors: people, models, rules and keys alike."""
    if not items:
        return {}
    _, schema = schema_of(tx, project)
    standing = {
        one.n: {r.author.id: r for r in one.alike if r.author.id is not None} for one in answered(tx, project, items)
    }
    ids = {id_ for responses in standing.values() for id_ in responses}
    keys = _keys(tx, ids)
    found = {}
    for item, responses in standing.items():
        first = dict(list(responses.items())[:MOST_AUTHORS])
        found[item] = [
            (one.field, one.label, min(keys[one.a], keys[one.b]), max(keys[one.a], keys[one.b]), one.near)
            for one in pairs_of(first, schema)
        ]
    return found


def _keys(tx: Tx, ids: set[str]) -> dict[str, int]:
    if not ids:
        return {}
    names, values = named(sorted(ids))
    return {id_: n for n, id_ in tx.run(f"SELECT n, id FROM authors WHERE id IN ({names})", **values)}
