"""What people said of candidates, as comparisons and rankings of where these come from; how far they agree; whether the place
on the screen decided."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import msgspec
import numpy as np
from scipy.sparse import csr_array

from karat.kinds.ranking import Ranking, places_of
from karat.model.candidates import candidates_of
from karat.model.item import Item
from karat.model.response import AuthorType, Response
from karat.model.schema import Schema
from karat.quality.consensus.pairwise import Pairs
from karat.quality.consensus.rankings import Rankings
from karat.quality.estimate import Estimate, estimate
from karat.quality.measure import RESAMPLES, bootstrap
from karat.quality.placing import Places, PositionBias
from karat.quality.responses import PEOPLE, author_key, counted


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one author said of the candidates of one item."""

    item: str
    author: str
    keys: tuple[str, ...]
    """All candidates, in the order of the item."""
    names: tuple[str, ...]
    """Where each comes from; `item/key` where that is not known."""
    sources: tuple[str, ...]
    """The same, empty where it is not known."""
    value: Ranking
    shown: tuple[str, ...] | None
    """Keys in the order in which this author saw them; None where that is not known."""

    @property
    def places(self) -> list[float]:
        """The mean rank of each candidate, 1 for the best; all tied where nothing was ranked."""
        return places_of(self.value, self.keys)

    @property
    def first_won(self) -> bool | None:
        """Whether the candidate shown first is the best alone; None where none is, or where the order shown is not known."""
        best = self.value.order[0] if self.value.order and not self.value.none_good else ()
        return None if self.shown is None or len(best) != 1 else best[0] == self.shown[0]


def ballots_of(
    items: Iterable[tuple[Item, Sequence[Response]]],
    schema: Schema,
    field: str,
    *,
    authors: Collection[AuthorType] = PEOPLE,
) -> Iterator[Ballot]:
    """The answers to one field of kind `ranking`, item by item; `ValueError` where the field is of another kind.

    Only submitted responses that are not excluded count, of authors of these types. Answers that none is good, without an
    order, rank all candidates the same.
    """
    asked = schema.fields.get(field)
    if asked is None or asked.kind != "ranking" or asked.on is None:
        known = [key for key, f in schema.fields.items() if f.kind == "ranking"]
        raise ValueError(
            f"{field!r} is no field of kind ranking: name one of {', '.join(known) or 'a schema that has one'}"
        )
    for item, responses in items:
        stream = item.streams.get(asked.on)
        if stream is None or stream.ref.inline is None:
            continue
        candidates = candidates_of(stream.ref.inline)
        keys = tuple(candidate.key for candidate in candidates)
        names = tuple(candidate.source or f"{item.key}/{candidate.key}" for candidate in candidates)
        for response in counted(responses, authors=authors).values():
            given = next((a for a in response.annotations if a.field == field), None)
            if given is not None:
                value = msgspec.convert(msgspec.to_builtins(given.value), Ranking)
                shown = _shown(response, asked.on, keys)
                sources = tuple(candidate.source for candidate in candidates)
                yield Ballot(item.key, author_key(response.author), keys, names, sources, value, shown)


def pairs_of(ballots: Iterable[Ballot]) -> Pairs:
    """Every two candidates that an author compared, for `BradleyTerry`: what is better, what worse, and ties.

    Candidates of one source are not compared with one another.
    """
    columns: dict[str, list[object]] = {"better": [], "worse": [], "author": [], "tie": []}
    for ballot in ballots:
        named = list(zip(ballot.names, ballot.places, strict=True))
        for (a, at), (b, below) in combinations(named, 2):
            if a != b:
                first, second = (a, b) if at <= below else (b, a)
                for name, cell in zip(columns, (first, second, ballot.author, at == below), strict=True):
                    columns[name].append(cell)
    return Pairs.from_table(columns, better="better", worse="worse", annotator="author", tie="tie")


def rankings_of(ballots: Iterable[Ballot]) -> Rankings:
    """Each author's order of each item's candidates, for `PlackettLuce`; of several from one source the best one counts."""
    columns: dict[str, list[object]] = {"item": [], "author": [], "object": [], "rank": []}
    for ballot in ballots:
        best: dict[str, float] = {}
        for name, rank in zip(ballot.names, ballot.places, strict=True):
            best[name] = min(rank, best.get(name, rank))
        for name, rank in best.items():
            for column, cell in zip(columns, (ballot.item, ballot.author, name, rank), strict=True):
                columns[column].append(cell)
    return Rankings.from_table(columns, ranking="item", annotator="author", object="object", rank="rank")


def concordance(ballots: Iterable[Ballot], *, resamples: int = RESAMPLES, seed: int = 0) -> Estimate:
    """Kendall's W, the mean over items that two or more ranked: 1 where all see one order, 0 where there is none in common.

    With the correction for ties; items on which everybody ties everything say nothing and are left out. The interval is a
    percentile bootstrap over items. Source: Kendall and Babington Smith, Annals of Mathematical Statistics 10 (1939); Siegel
    and Castellan, Nonparametric Statistics, 2nd edition (1988), 9.4.
    """
    by_item: dict[str, list[list[float]]] = {}
    for ballot in ballots:
        by_item.setdefault(ballot.item, []).append(ballot.places)
    found = [w for ranks in by_item.values() if len(ranks) > 1 and (w := kendall_w_of(ranks)) is not None]
    method = "mean of Kendall's W over items; percentile bootstrap over items"
    if not found:
        warning = "no item was ranked by two who told its candidates apart"
        return estimate(float("nan"), float("nan"), float("nan"), n=0, of="items", method=method, warning=warning)
    rows = csr_array(np.column_stack([found, np.ones(len(found))]))
    low, high = bootstrap(rows, lambda sums: sums[:, :1] / sums[:, 1:], resamples=resamples, seed=seed)
    return estimate(float(np.mean(found)), float(low[0]), float(high[0]), n=len(found), of="items", method=method)


def kendall_w_of(ranks: Sequence[Sequence[float]]) -> float | None:
    """Kendall's W of several rankings of the same things, shape (rankings, things); None where all is tied.

    >>> kendall_w_of([[1, 2, 3], [1, 2, 3]]), kendall_w_of([[1, 2], [2, 1]]), kendall_w_of([[1.5, 1.5], [1.5, 1.5]])
    (1.0, 0.0, None)
    """
    table = np.asarray(ranks, np.float64)
    m, n = table.shape
    sums = table.sum(axis=0)
    ties = sum(int(t) ** 3 - int(t) for row in table for t in np.unique(row, return_counts=True)[1])
    most = m * m * (n**3 - n) - m * ties
    return None if most <= 0 else float(12 * ((sums - sums.mean()) ** 2).sum() / most)


def position_bias(ballots: Iterable[Ballot], *, level: float = 0.95) -> PositionBias:
    """The share of decided ballots that the candidate shown first won, with the exact interval of a share and a test.

    A ballot is decided where one candidate alone is the best and the order shown is known. Orders are drawn at random for
    each author and item, so that a share beside `expected` is due to the place, not to what stood there. The interval takes
    ballots as independent.
    """
    places = Places()
    for ballot in ballots:
        if (won := ballot.first_won) is not None:
            places.add(len(ballot.keys), first_won=won)
    return places.bias(level=level)


def _shown(response: Response, stream: str, keys: Sequence[str]) -> tuple[str, ...] | None:
    """The order that was kept with a response, if it is one of these candidates."""
    shown = response.extra.get("shown")
    order = shown.get(stream) if isinstance(shown, dict) else None
    return tuple(order) if isinstance(order, list) and sorted(map(str, order)) == sorted(keys) else None
