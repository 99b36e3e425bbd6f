"""`karat quality mislabels`: which labels are probably wrong."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from karat.cli.options import AsJson
from karat.cli.output import fail, say, show_json, table
from karat.cli.quality.files import read_columns
from karat.cli.quality.names import column, existing
from karat.cli.quality.options import Item, Label
from karat.cli.quality.showing import shown, working
from karat.cli.quality.values import numbers, plain

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa  # type: ignore[import-untyped]
    from numpy.typing import NDArray

GIVEN = "given"


class Of(StrEnum):
    """What the labels are."""

    labels = "labels"
    numbers = "numbers"
    tags = "tags"
    words = "words"
    boxes = "boxes"
    spans = "spans"
    intervals = "intervals"


def mislabels(
    labels: Annotated[
        Path,
        typer.Argument(
            help="The labels: one row an item, or one row a vote with --annotator; `-` reads standard input."
        ),
    ],
    model: Annotated[
        Path, typer.Option(help="A model's cross-validated probabilities: the item, and a column for each label.")
    ],
    item: Item = None,
    annotator: Annotated[
        str | None, typer.Option(help="The column that names the annotator, where several voted.")
    ] = None,
    label: Label = None,
    of: Annotated[
        Of, typer.Option(help="What the labels are; tags are several labels an item, words those of texts.")
    ] = Of.labels,
    limit: Annotated[int, typer.Option(min=0, help="How many to show, the most probably wrong first.")] = 20,
    json: AsJson = False,
) -> None:
    """Which labels are probably wrong, by a model that did not see them; with several annotators, by all together.

    Numbers: the model's table has the item and `prediction`. Tags: a row for each label that an item was given. Words: rows
    of item, `position`, label. Boxes: `left`, `top`, `right`, `bottom`; spans and intervals: `start`, `end`; the model's
    have a `confidence`.
    """
    if of != Of.labels:
        _others(of, labels, model, item=item, annotator=annotator, label=label, limit=limit, json=json)
        return
    import numpy as np

    from karat.quality.mislabels import find_mislabels
    from karat.quality.mislabels.crowd import find_crowd_mislabels
    from karat.quality.votes import Votes

    with working() as tell:
        names: dict[str, str] = {}

        def choose(columns: list[str]) -> list[str]:
            for role, asked in (("item", item), ("label", label)):
                names[role] = column(role, asked, columns, str(labels))
            if annotator is not None:
                names["annotator"] = existing(annotator, columns, str(labels))
            return list(names.values())

        source = read_columns(labels, choose, far=lambda read, of: tell(f"reading {labels.name}", read, of))
        given_table = {name: source[name] for name in source.column_names}
        given_table[names["label"]] = numbers(given_table[names["label"]])
        who = names.get("annotator", "\0who")
        if annotator is None:
            given_table[who] = [GIVEN] * len(source)
        known = list(dict.fromkeys(given_table[names["label"]].to_pylist()))
        p_table = _probabilities(model, names["item"], item)
        votes = Votes.from_table(
            given_table,
            item=names["item"],
            annotator=who,
            label=names["label"],
            labels=_listed(p_table, known, str(model)),
        )
        listed = votes.labels.tolist()
        p = _aligned(p_table, votes.items.tolist(), str(model))
        tell("scores", 1, 2)
        if annotator is None:
            if len(votes) > len(votes.items):
                fail(f"{labels} has several rows for an item; say who voted by --annotator.")
            given = np.empty(len(votes.items), np.int64)
            given[votes.item_codes] = votes.label_codes
            single = find_mislabels(given, p)
            scores, suggested, suspected = single.scores, single.suggested, single.suspected
        else:
            crowd = find_crowd_mislabels(votes, p)
            given, scores, suggested = crowd.majority, crowd.scores, crowd.labels
            suspected = given != suggested
        tell("done", 2, 2)
    keys = votes.items.tolist()
    rows = [
        {
            "item": keys[i],
            "label": listed[given[i]],
            "suggested": listed[suggested[i]],
            "score": float(scores[i]),
            "suspected": bool(suspected[i]),
        }
        for i in np.argsort(scores, kind="stable").tolist()
    ]
    if json:
        show_json(rows)
        return
    say(f"{int(suspected.sum()):,} of {len(rows):,} labels are suspected. The first to look at:")
    table(
        ["item", "label", "suggested", "score"],
        [(r["item"], r["label"], r["suggested"], f"{r['score']:.3f}") for r in rows[:limit]],
    )


def _others(
    of: Of,
    labels: Path,
    model: Path,
    *,
    item: str | None,
    annotator: str | None,
    label: str | None,
    limit: int,
    json: bool,
) -> None:
    from karat.cli.quality.mislabels_more import SORTS

    if annotator is not None:
        fail(f"--annotator is for labels; take the consensus of {of.value} first: karat quality consensus.")
    with working():
        rows = SORTS[of.value](labels, model, item, label)
    if json:
        show_json(rows)
        return
    say(f"The first of {len(rows):,} items to look at:")
    columns = list(rows[0]) if rows else ["item", "score"]
    table(columns, [tuple(shown(row[name]) for name in columns) for row in rows[:limit]])


def _probabilities(path: Path, same: str, item: str | None) -> "tuple[list[object], list[str], pa.Table]":
    """The items of a model's table, its labels, and the probabilities."""
    key: list[str] = []

    def choose(columns: list[str]) -> list[str]:
        key.append(column("item", item or (same if same in columns else None), columns, str(path)))
        return columns

    found = read_columns(path, choose)
    return found[key[0]].to_pylist(), [name for name in found.column_names if name != key[0]], found


def _listed(table: "tuple[list[object], list[str], pa.Table]", known: list[object], where: str) -> list[object]:
    """All labels that the model knows, written as in the table of labels."""
    by_text = {plain(label): label for label in known if label is not None}
    from karat.quality.columns import some

    missing = [label for text, label in by_text.items() if text not in table[1]]
    if missing:
        fail(f"{where} has no column for the label {missing[0]!r}; beside the item it has {some(table[1])}.")
    return [by_text.get(name, name) for name in table[1]]


def _aligned(
    table: "tuple[list[object], list[str], pa.Table]", items: list[object], where: str
) -> "NDArray[np.float64]":
    """The probabilities of these items, shape (items, labels)."""
    import numpy as np

    from karat.cli.quality.values import floats

    keys, labels, found = table
    row_of = {plain(key): place for place, key in enumerate(keys)}
    missing = next((key for key in items if plain(key) not in row_of), None)
    if missing is not None:
        fail(f"{where} has no row for the item {missing!r}; the model's table needs one for each item.")
    rows = np.array([row_of[plain(key)] for key in items], np.int64)
    p = np.column_stack([floats(found[name], name).to_numpy().astype(np.float64) for name in labels])[rows]
    empty = np.flatnonzero(np.isnan(p).any(axis=1))
    if len(empty):
        fail(f"{where} has an empty probability for the item {items[int(empty[0])]!r}; fill it in.")
    return p
