"""What people are told of their gold score: in batches that never change, from the day after, so that no single item shows."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from scipy.sparse import csr_array

from karat.model.schema import Schema
from karat.quality.estimate import exact_interval
from karat.quality.measure import Measure, bootstrap, measure, surely_above
from karat.server.database import Tx
from karat.server.gold.right import is_right
from karat.server.gold.schemas import FieldScore

FIRST = 20
"""Answers before anything is told."""
STEP = 10
"""Answers after which it is told anew."""
COUNTED = "('hidden', 'work')"
"""Uses that count for a score: in practice and tests people know that they are looked at."""


class Told(msgspec.Struct, frozen=True):
    """A gold score as it is told; `exact` is the share of answers that are right, see `gold.right`."""

    n: int
    score: Measure
    exact: Measure
    fields: list[FieldScore]


def told_of(fields: Sequence[Mapping[str, float]], schema: Schema) -> Told:
    """The scores over some answers, each given as its distances by field.

    >>> schema = Schema(streams={}, fields={}, layout=(), document={})
    >>> told = told_of([{"topic": 0.0}] * 3 + [{"topic": 1.0}], schema)
    >>> told.n, told.score.value, round(told.exact.low, 3)
    (4, 0.75, 0.194)
    """
    spoken = [one for one in fields if one]
    means = [sum(one.values()) / len(one) for one in spoken]
    names = list(dict.fromkeys(name for one in spoken for name in one))
    by_field: list[FieldScore] = []
    for name in names:
        said = [{name: one[name]} for one in spoken if name in one]
        by_field.append(FieldScore(name, *_both([one[name] for one in said], _count(said, schema))))
    return Told(len(means), *_both(means, _count(spoken, schema)), by_field)


def close_batches(tx: Tx, project: int, authors: Sequence[int], schema: Schema) -> None:
    """Write down the scores of those who have answered enough more items since they were told last."""
    for author in authors:
        n = tx.run(
            f"SELECT count(*) FROM gold_answers WHERE project = :project AND author = :author AND use IN {COUNTED}",  # noqa: S608 - a constant
            project=project,
            author=author,
        )[0][0]
        full = n - n % STEP
        if full < FIRST or tx.run(
            "SELECT 1 FROM gold_batches WHERE project = :project AND author = :author AND n >= :full",
            project=project,
            author=author,
            full=full,
        ):
            continue
        rows = tx.run(
            f"SELECT fields FROM gold_answers WHERE project = :project AND author = :author AND use IN {COUNTED}"  # noqa: S608 - a constant
            " ORDER BY at, item LIMIT :full",
            project=project,
            author=author,
            full=full,
        )
        told = told_of([msgspec.json.decode(row[0], type=dict[str, float]) for row in rows], schema)
        tx.put(
            "INSERT INTO gold_batches (project, author, n, body, at) VALUES (:project, :author, :n, :body, :now)"
            " ON CONFLICT DO NOTHING",
            project=project,
            author=author,
            n=full,
            body=msgspec.json.encode(told).decode(),
            now=tx.now(),
        )


def _count(said: Sequence[Mapping[str, float]], schema: Schema) -> int:
    return sum(is_right(one, schema) for one in said)


def _both(distances: Sequence[float], right: int) -> tuple[Measure, Measure]:
    """The mean of 1 minus the distance, and the share of answers that are right."""
    near = 1 - np.asarray(distances, np.float64)
    n = len(near)
    low, high = (float(end) for end in exact_interval(right, n))
    exact = measure(right / n if n else float("nan"), low, high, n=n)
    if not n or near.min() == near.max():
        # Answers that are all alike, when drawn again, show no width: what so many can say is said by the share.
        mean = float(near.mean()) if n else float("nan")
        return measure(mean, min(mean, surely_above(n)) if right else 0.0, max(mean, high), n=n), exact
    rows = csr_array(np.column_stack([near, np.ones(n)]))
    lows, highs = bootstrap(rows, lambda sums: sums[:, :1] / sums[:, 1:])
    return measure(float(near.mean()), float(lows[0]), float(highs[0]), n=n), exact
