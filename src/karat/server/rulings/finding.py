"""Finding precedents that fit: by the words they share with the item or a question, by words that are alike in their letters
(embeddings), by label, by the item's metadata.

The precedents of a project are kept in memory in the form in which they are compared, until one is added or withdrawn.
"""

from typing import NamedTuple
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa

from karat.model.item import Scalar, Stream
from karat.server.access import Actor, Scope, enter_item, enter_project
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items.seeing import require_given
from karat.server.rulings.schemas import Precedent
from karat.server.rulings.seeing import PRECEDENT, precedent_of, sees_all
from karat.server.search.near import Near
from karat.server.search.ranking import Ranking, best
from karat.server.wire import Page, page

MOST = 5_000
"""The newest so many precedents of a project are looked at."""
LONGEST = 20_000
SHOWN = 8
SAME_LABEL = 0.5
SAME_FIELD = 0.1
OF_RULE = 0.25
_streams = msgspec.json.Decoder(dict[str, Stream])
_metadata = msgspec.json.Decoder(dict[str, Scalar])


class Shelf(NamedTuple):
    """A project's precedents, ready to be asked."""

    mark: tuple[int, int]
    rows: list[Row]
    said: Ranking
    items: Ranking
    near_said: Near
    near_items: Near


_kept: WeakKeyDictionary[sa.Engine, dict[int, Shelf]] = WeakKeyDictionary()
MOST_PROJECTS = 50


def of_item(tx: Tx, actor: Actor, item: str, *, field: str | None, label: str | None, q: str) -> list[Precedent]:
    """The precedents that an item calls to mind, the nearest first."""
    scope, n = enter_item(tx, actor, "precedents.see", item=item)
    if not scope.has("items.see"):
        require_given(tx, scope, n, shown=item)
    streams, metadata = tx.run("SELECT streams, metadata FROM items WHERE n = :n", n=n)[0]
    found = ranked(
        shelf_of(tx, scope.project),
        words_of_item(streams),
        q,
        field=field,
        label=label,
        metadata=_metadata.decode(metadata),
    )
    is_open = sees_all(scope)
    hidden = set() if is_open else _rulings_on(tx, scope, n)
    return [precedent_of(row, is_open=is_open, score=score) for row, score in found if row[0] not in hidden]


def _rulings_on(tx: Tx, scope: Scope, item: int) -> set[int]:
    """The rulings on an item that is not done, of which an annotator was not told in a thread: that would be its answer, and
    people answer independently of one another."""
    rows = tx.run(
        "SELECT p.n FROM precedents p JOIN items i ON i.n = p.item WHERE p.item = :item AND i.state <> 'done' AND NOT EXISTS"
        " (SELECT 1 FROM thread_people o WHERE o.thread = p.thread AND o.author = :me)",
        item=item,
        me=scope.author,
    )
    return {n for (n,) in rows}


def of_project(
    tx: Tx, actor: Actor, project: str, *, q: str, limit: int, after: tuple[str, int] | None
) -> Page[Precedent]:
    """A project's precedents: the newest first, or those that fit some words, the nearest first."""
    scope = enter_project(tx, actor, "precedents.see", project=project)
    is_open = sees_all(scope)
    if q.strip():
        shelf = shelf_of(tx, scope.project)
        scores = shelf.said.best(q, limit)
        return Page([precedent_of(shelf.rows[i], is_open=is_open, score=score) for i, score in scores])
    behind = "" if after is None else " AND (p.at, p.n) < (:at, :n)"
    withdrawn = "" if is_open else " AND p.withdrawn_at IS NULL"
    rows = tx.run(
        f"{PRECEDENT} WHERE p.project = :project{withdrawn}{behind} ORDER BY p.at DESC, p.n DESC LIMIT :limit",
        project=scope.project,
        limit=limit + 1,
        **({} if after is None else {"at": after[0], "n": after[1]}),
    )
    places = {row[1]: (row[14], row[0]) for row in rows}
    return page([precedent_of(row, is_open=is_open) for row in rows], limit, lambda one: places[one.id])


def ranked(
    shelf: Shelf, words: str, asked: str, *, field: str | None, label: str | None, metadata: dict[str, Scalar]
) -> list[tuple[Row, float]]:
    """The precedents that fit, each with a score up to about 4. One that names metadata fits only items that have it."""
    said = _even(shelf.said.scores(f"{asked} {words}"))
    items = _even(shelf.items.scores(words))
    near_said, near_items = shelf.near_said.scores(f"{asked} {words}"), shelf.near_items.scores(words)
    scores = [0.0] * len(shelf.rows)
    for index, row in enumerate(shelf.rows):
        rule = _metadata.decode(row[7])
        if any(metadata.get(key) != value for key, value in rule.items()):
            continue
        score = said[index] + items[index] + max(near_said[index], near_items[index]) + (OF_RULE if rule else 0)
        if field is not None and row[4] == field:
            score += SAME_LABEL if label is not None and row[5] == label else SAME_FIELD
        scores[index] = score
    return [(shelf.rows[index], score) for index, score in best(scores, SHOWN)]


def shelf_of(tx: Tx, project: int) -> Shelf:
    """The project's precedents that hold."""
    count, newest = tx.run(
        "SELECT count(*), coalesce(max(n), 0) FROM precedents WHERE project = :project AND withdrawn_at IS NULL",
        project=project,
    )[0]
    kept = _kept.setdefault(tx.connection.engine, {})
    known = kept.get(project)
    if known is not None and known.mark == (count, newest) and not tx.writes:
        # Whether an example's item is done may have changed since: annotators are told of it only then.
        return known._replace(rows=_with_states(tx, project, known.rows))
    rows = tx.run(
        f"{PRECEDENT} WHERE p.project = :project AND p.withdrawn_at IS NULL ORDER BY p.n DESC LIMIT {MOST}",
        project=project,
    )
    shelf = make_shelf((count, newest), rows)
    if not tx.writes:
        if len(kept) >= MOST_PROJECTS:
            kept.clear()
        kept[project] = shelf
    return shelf


def make_shelf(mark: tuple[int, int], rows: list[Row]) -> Shelf:
    """Rows of `PRECEDENT`, ready to be asked."""
    texts, items = [" ".join(filter(None, (row[2], row[3], row[5]))) for row in rows], [row[17] for row in rows]
    return Shelf(mark, rows, Ranking(texts), Ranking(items), Near(texts), Near(items))


def words_of_item(streams: str) -> str:
    """What is written in an item."""
    parts = [stream.ref.inline for stream in _streams.decode(streams).values() if stream.ref.inline]
    return " ".join(part[:LONGEST] for part in parts)[:LONGEST]


def _with_states(tx: Tx, project: int, rows: list[Row]) -> list[Row]:
    found = tx.run(
        "SELECT p.n, i.state FROM precedents p JOIN items i ON i.n = p.item WHERE p.project = :project AND p.shown",
        project=project,
    )
    states = {n: state for n, state in found}  # noqa: C416 - it says what a row is
    return [(*row[:16], states.get(row[0], row[16]), row[17]) for row in rows]


def _even(scores: list[float]) -> list[float]:
    """Scores from 0 to below 1, so that several kinds of them can be added."""
    return [score / (score + 5) for score in scores]
