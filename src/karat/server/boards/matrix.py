"""Who agrees with whom: every two authors on a field or on one of its labels, people, models and rules alike."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from string import ascii_uppercase

import msgspec
import numpy as np

from karat.model.policy import Policy
from karat.model.problem import Problem, Refused, shown
from karat.model.schema import Field
from karat.quality.sums import Sums
from karat.server.access import Scope
from karat.server.boards.following import NAME, WATCH
from karat.server.boards.schemas import PairCell, Pairs
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.following import is_behind
from karat.server.items.names import authors_by_key
from karat.server.items.schemas import Person
from karat.server.projects.changes import flat_titles
from karat.server.projects.queries import policy_of, schema_of
from karat.server.search.words import known_words, texts_of

MOST = 60
"""Authors shown: of more nobody reads a table."""


def pairs(tx: Tx, scope: Scope, field: str | None, label: str | None) -> Pairs:
    """The matrix of a field, or of one of its labels; of the schema's first field that two have answered, where none is named."""
    _, schema = schema_of(tx, scope.project)
    if field is not None and field not in schema.fields:
        problem = Problem("field", shown(field), f"one of {', '.join(schema.fields)}", "Name a field of the schema.")
        raise Refused([problem])
    words = known_words(tx, scope.project, "field", [field] if field else list(schema.fields))
    if field is None:
        compared = {row[0] for row in tx.run(_FIELDS, project=scope.project)}
        field = next((key for key in schema.fields if words.get(key) in compared), next(iter(schema.fields)))
    word = words.get(field, -1)
    labels = texts_of(tx, scope.project, [n for (n,) in tx.run(_LABELS, project=scope.project, field=word)])
    chosen = 0 if label is None else known_words(tx, scope.project, "label", [label]).get(label, -1)
    rows = tx.run(_CELLS, project=scope.project, field=word, label=chosen)
    shared: defaultdict[int, int] = defaultdict(int)
    for a, b, n, _, _ in rows:
        shared[a] += n
        shared[b] += n
    shown_authors = sorted(shared, key=lambda author: (-shared[author], author))[:MOST]
    people = authors_by_key(tx, scope.workspace, shown_authors)
    rows = [row for row in rows if row[0] in people and row[1] in people]
    order = clustered([author for author in shown_authors if author in people], rows)
    is_blinded = blinds(scope, policy_of(tx, scope.project)[1])
    names = {author: _letter(people[author], i) if is_blinded else people[author] for i, author in enumerate(order)}
    return Pairs(
        field=field,
        label=label,
        labels=_titles(schema.fields[field], set(labels.values())),
        authors=[names[author] for author in order],
        more=len(shared) - len(order),
        blinded=is_blinded,
        cells=[_cell(row, names, field, label, is_blinded=is_blinded) for row in rows],
        behind=is_behind(tx, NAME, WATCH, scope.project),
    )


def blinds(scope: Scope, policy: Policy) -> bool:
    """Whether the policy keeps from this person whose answers are judged: reviewers at a blind stage, not managers."""
    judging = [stage for stage in policy.stages.values() if stage.do in ("review", "adjudicate")]
    return not scope.has("project.change") and any(stage.blind for stage in judging)


def clustered(authors: Sequence[int], rows: Sequence[Row]) -> list[int]:
    """The authors in the order of the leaves of a tree of average distances (UPGMA), so that those who agree stand together.

    Two who share nothing are as far apart as any two are on average.
    """
    if len(authors) < 3:
        return sorted(authors)
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering
    from scipy.spatial.distance import squareform

    place = {author: i for i, author in enumerate(sorted(authors))}
    apart = np.full((len(place), len(place)), np.nan)
    for a, b, n, _, x in rows:
        apart[place[a], place[b]] = apart[place[b], place[a]] = min(1.0, max(0.0, 1 - x / n))
    usual = float(np.nanmean(apart)) if np.isfinite(apart).any() else 0.0
    apart = np.where(np.isnan(apart), usual, apart)
    np.fill_diagonal(apart, 0.0)
    flat = squareform(apart, checks=False)
    leaves = leaves_list(optimal_leaf_ordering(linkage(flat, "average"), flat))
    by_place = list(place)
    return [by_place[i] for i in leaves.tolist()]


def _cell(row: Row, names: Mapping[int, Person], field: str, label: str | None, *, is_blinded: bool) -> PairCell:
    a, b, n, differ, x = row
    near = Sums(int(n), x, float(n), float(n)).share()
    asked = {"a": names[a].id, "b": names[b].id, "field": field, **({} if label is None else {"label": label})}
    return PairCell(
        a=names[a].id,
        b=names[b].id,
        value=near.value,
        low=near.low,
        high=near.high,
        n=int(n),
        differ=int(differ),
        filter=None if is_blinded else {"all": [{"differ": asked}]},
    )


def _letter(person: Person, place: int) -> Person:
    """An author without a name; what is no person keeps it."""
    if person.type != "person":
        return person
    name = ascii_uppercase[place] if place < len(ascii_uppercase) else str(place + 1)
    return msgspec.structs.replace(person, id=name, name=name)


def _titles(field: Field, found: set[str]) -> dict[str, str]:
    titles = {key: one.title for key, one in field.labels.items()} | flat_titles(field)
    return {key: titles[key] for key in titles if key in found} | {
        key: key for key in sorted(found) if key not in titles
    }


_FIELDS = "SELECT DISTINCT field FROM pair_sums WHERE project = :project AND label = 0 AND n > 0"
_LABELS = "SELECT DISTINCT label FROM pair_sums WHERE project = :project AND field = :field AND label > 0 AND n > 0"
_CELLS = (
    "SELECT a, b, n, differ, x FROM pair_sums WHERE project = :project AND field = :field AND label = :label AND n > 0"
    " ORDER BY a, b"
)
