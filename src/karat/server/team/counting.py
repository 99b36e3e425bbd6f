# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""Counting items into the sums of their people: read and compared first, then what changed is written in few statements.

Counting an item again adds only the difference to what it gave before: events may come twice, late, or in any order.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from karat.model.response import Response
from karat.quality.responses import author_key
from karat.quality.sums import Sums
from karat.server.database import Tx, named
from karat.server.following import Watch
from karat.server.reports.reading import answered
from karat.server.reports.weighing import rules_of
from karat.server.team.giving import Answer, Key, Merging, Verdict, given_by

Row = tuple[int, str, str, int, float, float, float]
"""Author, what, day, and the sums."""
NAME = "team"
"""Of the cursor that says up to which event everything is counted."""
WATCH = Watch(
    one=frozenset(
        {
            "response.submitted",
            "response.skipped",
            "response.reverted",
            "response.reviewed",
            "review.reverted",
            "item.changed",
            "item.deleted",
        }
    ),
    whole=frozenset({"items.imported", "response.excluded", "project.changed"}),
    due="counting",
    items="(EXISTS (SELECT 1 FROM responses r WHERE r.item = items.n)"
    " OR EXISTS (SELECT 1 FROM given g WHERE g.item = items.n))",
    deleted=True,
)
"""What changes what people did. Skipped and rejected answers count too, so an item without answers that stand is looked at."""
_rows = msgspec.json.Decoder(list[Row])


class Given(msgspec.Struct, frozen=True):
    """What an item gives now."""

    item: int
    rows: list[Row]


class _Code(msgspec.Struct, frozen=True):
    code: str


_codes = msgspec.json.Decoder(list[_Code])


def count(tx: Tx, project: int, items: Sequence[int]) -> list[Given]:
    """What these items give now; nothing is written."""
    rules = rules_of(tx, project)
    settlers = rules.known.settlers if rules.known else None
    merging = Merging(rules.schema, rules.method, rules.weights, settlers)
    standing = {item.n: item.responses for item in answered(tx, project, items)}
    answers, verdicts = _answers(tx, project, items, standing), _verdicts(tx, project, items)
    return [Given(n, _flat(given_by(answers[n], verdicts[n], merging))) for n in items]


def write(tx: Tx, project: int, given: Sequence[Given]) -> None:
    """Move the sums by what the items give more or less than before."""
    if not given or not tx.run("SELECT 1 FROM projects WHERE n = :project", project=project):
        return
    names, values = named([one.item for one in given])
    before = tx.run(f"SELECT item, body FROM given WHERE item IN ({names})", **values)
    moved: defaultdict[Key, Sums] = defaultdict(Sums)
    for one in given:
        for key, sums in _sums(one.rows):
            moved[key] += sums
    for _, body in before:
        for key, sums in _sums(_rows.decode(body)):
            moved[key] -= sums
    tx.many(
        "INSERT INTO person_days (project, author, what, day, n, x, w, ww)"
        " VALUES (:project, :author, :what, :day, :n, :x, :w, :ww) ON CONFLICT (project, author, what, day) DO UPDATE SET"
        " n = person_days.n + excluded.n, x = person_days.x + excluded.x, w = person_days.w + excluded.w,"
        " ww = person_days.ww + excluded.ww",
        [
            {"project": project, "author": author, "what": what, "day": day, **msgspec.structs.asdict(sums)}
            for (author, what, day), sums in sorted(moved.items())
            if sums != Sums()
        ],
    )
    tx.many(
        "INSERT INTO given (item, project, body) VALUES (:item, :project, :body)"
        " ON CONFLICT (item) DO UPDATE SET body = excluded.body",
        [
            {"item": one.item, "project": project, "body": msgspec.json.encode(one.rows).decode()}
            for one in given
            if one.rows
        ],
    )
    tx.many("DELETE FROM given WHERE item = :item", [{"item": one.item} for one in given if not one.rows])


def _flat(sums: Mapping[Key, Sums]) -> list[Row]:
    return [(*key, one.n, one.x, one.w, one.ww) for key, one in sums.items()]


def _sums(rows: Sequence[Row]) -> list[tuple[Key, Sums]]:
    return [((author, what, day), Sums(n, x, w, ww)) for author, what, day, n, x, w, ww in rows]


def _answers(
    tx: Tx, project: int, items: Sequence[int], standing: Mapping[int, Sequence[Response]]
) -> dict[int, list[Answer]]:
    names, values = named(items)
    rows = tx.run(
        "SELECT r.item, r.author, a.id, r.state, r.at, r.active_ms FROM responses r"
        " JOIN authors a ON a.n = r.author JOIN items i ON i.n = r.item AND i.deleted_at IS NULL"
        f" WHERE r.item IN ({names}) AND +r.project = :project AND a.type <> 'consensus' ORDER BY r.item, r.n",
        project=project,
        **values,
    )
    said = {item: {author_key(r.author): r for r in responses} for item, responses in standing.items()}
    found: dict[int, list[Answer]] = {n: [] for n in items}
    for item, author, id_, state, at, active_ms in rows:
        found[item].append(Answer(author, state, at[:10], active_ms, said[item].get(id_)))
    return found


def _verdicts(tx: Tx, project: int, items: Sequence[int]) -> dict[int, list[Verdict]]:
    names, values = named(items)
    rows = tx.run(
        "SELECT v.item, v.response, v.revision, v.author, v.reviewer, v.verdict, v.defects, v.probability, v.counts,"
        " v.active_ms, v.at FROM reviews v JOIN items i ON i.n = v.item AND i.deleted_at IS NULL"
        f" WHERE v.item IN ({names}) AND +v.project = :project ORDER BY v.n",
        project=project,
        **values,
    )
    found: dict[int, list[Verdict]] = {n: [] for n in items}
    for item, response, revision, author, reviewer, verdict, defects, probability, counts, active_ms, at in rows:
        codes = tuple(sorted({one.code for one in _codes.decode(defects)}))
        found[item].append(
            Verdict(response, revision, author, reviewer, verdict, codes, probability, bool(counts), active_ms, at[:10])
        )
    return found
