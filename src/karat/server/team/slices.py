"""Sums of labels, batches and slices of the items, for charts of their own: kept beside those of people, as author 0.

Each is of an item's answers, one by one, held against the consensus of the others: `label:<field>=<label>` of those that
gave a label, `batch:<id>` of those on the items of a batch, `slice:<key>=<value>` of items with a value in their metadata.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from karat.quality.sums import Sums
from karat.server.database import Tx, named
from karat.server.search.words import known_words
from karat.server.team.giving import Answer, Compared, Key

NOBODY = 0
MOST_VALUES = 12
"""Metadata with more different values than that makes no slices: a file's name is none."""
MOST_KEYS = 40
LONGEST = 60
CHARTED = ("label:", "batch:", "slice:")


class Cut(msgspec.Struct, frozen=True):
    """Which batches and slices some items are of."""

    of: Mapping[int, tuple[str, ...]]

    def sums_of(
        self,
        item: int,
        answers: Sequence[Answer],
        compared: Sequence[Compared],
        said: Mapping[int, Mapping[str, str]],
    ) -> Iterator[tuple[Key, Sums]]:
        """What an item gives to the charts of its labels, batches and slices."""
        by_author: defaultdict[int, list[Compared]] = defaultdict(list)
        for one in compared:
            by_author[one.author].append(one)
        labels = {one.author: _labels(one) for one in answers if one.response is not None}
        for author, ones in by_author.items():
            right = sum(one.right for one in ones) / len(ones)
            for name in self.of.get(item, ()):
                yield (NOBODY, name, ones[0].day), Sums.of(right)
            for one in ones:
                own = said.get(author, {}).get(one.field)
                for label in [own] if own is not None else labels.get(author, {}).get(one.field, ()):
                    yield (NOBODY, f"label:{one.field}={label}", one.day), Sums.of(one.right)


def cut_of(tx: Tx, project: int, items: Sequence[int]) -> Cut:
    """The batches and slices of these items."""
    if not items:
        return Cut({})
    names, values = named(items)
    found: defaultdict[int, list[str]] = defaultdict(list)
    for item, batch in tx.run(
        "SELECT x.item, b.id FROM batch_items x JOIN batches b ON b.n = x.batch"  # noqa: S608 - names of parameters only
        f" WHERE x.item IN ({names}) ORDER BY b.n",
        **values,
    ):
        found[item].append(f"batch:{batch}")
    rows = tx.run(f"SELECT n, metadata FROM items WHERE n IN ({names})", **values)  # noqa: S608 - names of parameters only
    said = {item: msgspec.json.decode(metadata, type=dict[str, object]) for item, metadata in rows}
    keys = _few(tx, project, {key for one in said.values() for key, value in one.items() if isinstance(value, str)})
    for item, one in said.items():
        for key, value in one.items():
            if (isinstance(value, str) and key in keys and len(value) <= LONGEST) or isinstance(value, bool):
                found[item].append(f"slice:{key}={value}")
    return Cut({item: tuple(names) for item, names in found.items()})


def _few(tx: Tx, project: int, keys: Collection[str]) -> set[str]:
    """Of these keys of metadata those that have only a few different texts, found by leaps along the index."""
    found = set()
    for key, n in known_words(tx, project, "meta", sorted(keys)[:MOST_KEYS]).items():
        last: str | None = None
        for _ in range(MOST_VALUES + 1):
            behind = "" if last is None else " AND txt > :last"
            last = tx.run(
                f"SELECT min(txt) FROM facts WHERE project = :project AND key = :key{behind}",  # noqa: S608 - one of two constants
                project=project,
                key=n,
                **({} if last is None else {"last": last}),
            )[0][0]
            if last is None:
                found.add(key)
                break
    return found


def _labels(answer: Answer) -> dict[str, list[str]]:
    """By field the labels that an answer gave to things, each once."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for one in answer.response.annotations if answer.response is not None else ():
        if one.label is not None:
            found[one.field][one.label] = None
    return {field: list(labels) for field, labels in found.items()}
