"""`karat quality mislabels --of …`: numbers, several labels an item, words of texts, boxes, spans and intervals."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from karat.cli.output import fail
from karat.cli.quality.files import read_columns
from karat.cli.quality.names import column, existing
from karat.cli.quality.values import floats, numbers, plain

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa  # type: ignore[import-untyped]
    from numpy.typing import NDArray

    from karat.quality.structured import Responses

Row = dict[str, object]
"""What is told of an item: `item`, `score`, and what else there is to see."""
Find = Callable[[Path, Path, str | None, str | None], list[Row]]
"""The tables of labels and of the model, and the columns of item and label; worst rows first."""

PARTS = {"boxes": ("left", "top", "right", "bottom"), "spans": ("start", "end"), "intervals": ("start", "end")}
KINDS = {"boxes": "box", "spans": "span", "intervals": "interval"}
CONFIDENCE, PREDICTION, POSITION = "confidence", "prediction", "position"


def numbers_of(labels: Path, model: Path, item: str | None, label: str | None) -> list[Row]:
    """Numbers beside the model's `prediction`."""
    import numpy as np

    from karat.quality.mislabels.numbers import number_scores

    given, key, name = _labels(labels, item, label)
    found = _model(model, key, [PREDICTION])
    keys = given[key].to_pylist()
    said = floats(given[name], name).to_numpy().astype(np.float64)
    row_of = _rows_of(found, key)
    foretold = floats(found[PREDICTION], PREDICTION).to_numpy()[_places(keys, row_of, model)]
    scores = number_scores(said, foretold)
    return _worst(
        [
            {"item": k, "label": float(a), "prediction": float(b), "score": float(s)}
            for k, a, b, s in zip(keys, said, foretold, scores, strict=True)
        ]
    )


def tags_of(labels: Path, model: Path, item: str | None, label: str | None) -> list[Row]:
    """Several labels an item: a row for each label that was given; the model has a column for each."""
    import numpy as np

    from karat.quality.mislabels.tags import tag_label_scores, tag_scores

    given, key, name = _labels(labels, item, label)
    found = _model(model, key, None)
    listed = [column for column in found.column_names if column != key]
    row_of, place = _rows_of(found, key), {plain(x): i for i, x in enumerate(listed)}
    tags = np.zeros((len(row_of), len(listed)), np.int64)
    for k, tag in zip(given[key].to_pylist(), given[name].to_pylist(), strict=True):
        if tag is None:
            continue  # an item without labels
        if plain(tag) not in place:
            fail(f"{model} has no column for the label {tag!r}; beside the item it has {', '.join(listed[:8])}.")
        tags[_places([k], row_of, model)[0], place[plain(tag)]] = 1
    p = np.column_stack([floats(found[x], x).to_numpy().astype(np.float64) for x in listed])
    scores, each = tag_scores(tags, p), tag_label_scores(tags, p)
    worst = each.argmin(axis=1)
    return _worst(
        [
            {"item": k, "label": listed[w], "given": bool(tags[i, w]), "score": float(scores[i])}
            for i, (k, w) in enumerate(zip(found[key].to_pylist(), worst.tolist(), strict=True))
        ]
    )


def words_of(labels: Path, model: Path, item: str | None, label: str | None) -> list[Row]:
    """Words of texts: rows of item, `position` and label, and of the model with a column for each label."""
    import numpy as np

    from karat.quality.mislabels.tokens import find_token_mislabels

    given, key, name = _labels(labels, item, label, [POSITION])
    found = _model(model, key, None)
    existing(POSITION, found.column_names, str(model))
    listed = [column for column in found.column_names if column not in (key, POSITION)]
    place = {plain(x): i for i, x in enumerate(listed)}
    at = list(zip(given[key].to_pylist(), given[POSITION].to_pylist(), strict=True))
    order = sorted(range(len(at)), key=lambda row: (plain(at[row][0]), at[row][1]))
    row_of = {
        (plain(k), plain(n)): i
        for i, (k, n) in enumerate(zip(found[key].to_pylist(), found[POSITION].to_pylist(), strict=True))
    }
    missing = next((at[i] for i in order if (plain(at[i][0]), plain(at[i][1])) not in row_of), None)
    if missing is not None:
        fail(f"{model} has no row for the item {missing[0]!r} at position {missing[1]!r}; it needs one for each word.")
    said = given[name].to_pylist()
    unknown = next((said[i] for i in order if plain(said[i]) not in place), None)
    if unknown is not None:
        fail(f"{model} has no column for the label {unknown!r}; it has {', '.join(listed[:8])}.")
    rows = np.array([row_of[plain(at[i][0]), plain(at[i][1])] for i in order], np.int64)
    p = np.column_stack([floats(found[x], x).to_numpy().astype(np.float64)[rows] for x in listed])
    codes = np.array([place[plain(said[i])] for i in order], np.int64)
    judged = find_token_mislabels(np.array([plain(at[i][0]) for i in order], object), codes, p)
    return _worst(
        [
            {
                "item": at[order[w]][0],
                "position": at[order[w]][1],
                "label": listed[codes[w]],
                "suggested": listed[int(judged.suggested[w])],
                "score": float(judged.item_scores[i]),
            }
            for i, w in enumerate(judged.worst.tolist())
        ]
    )


def regions_of(sort: str) -> Find:
    """Boxes by `left`, `top`, `right`, `bottom`, spans and intervals by `start`, `end`; the model's with `confidence`."""

    def find(labels: Path, model: Path, item: str | None, label: str | None) -> list[Row]:
        from karat.quality.mislabels.regions import find_region_mislabels

        given, key, name = _labels(labels, item, label, list(PARTS[sort]))
        found = _model(model, key, [name, *PARTS[sort], CONFIDENCE])
        sure = floats(found[CONFIDENCE], CONFIDENCE).to_numpy()
        ours, theirs = _regions(given, key, name, sort), _regions(found, key, name, sort)
        judged = find_region_mislabels(ours, theirs, sure)
        rows: list[Row] = [
            {"item": k, "score": float(score), "overlooked": 0, "badly placed": 0, "misnamed": 0}
            for k, score in zip(ours.items.tolist(), judged.item_scores, strict=True)
        ]
        place = {plain(row["item"]): row for row in rows}
        _count(rows, ours.item_codes, judged.placed < 0.5, "badly placed")
        _count(rows, ours.item_codes, judged.named < 0.5, "misnamed")
        for code, missed in zip(theirs.item_codes.tolist(), (judged.seen < 1).tolist(), strict=True):
            row = place.get(plain(theirs.items.tolist()[code]))
            if missed and row is not None:
                row["overlooked"] = int(str(row["overlooked"])) + 1
        return _worst(rows)

    return find


SORTS: dict[str, Find] = {
    "numbers": numbers_of,
    "tags": tags_of,
    "words": words_of,
    **{sort: regions_of(sort) for sort in PARTS},
}


def _regions(table: "pa.Table", key: str, name: str, sort: str) -> "Responses":
    from karat.quality.structured import Responses

    columns: dict[str, object] = {part: floats(table[part], part) for part in PARTS[sort]}
    columns |= {key: table[key], name: table[name], "\0who": ["one"] * len(table)}
    return Responses.from_table(
        columns, item=key, annotator="\0who", label=name, kind=KINDS[sort], value=list(PARTS[sort])
    )


def _count(rows: list[Row], codes: "NDArray[np.integer]", bad: "NDArray[np.bool_]", what: str) -> None:
    import numpy as np

    for row, n in zip(rows, np.bincount(codes, bad, minlength=len(rows)).tolist(), strict=True):
        row[what] = int(n)


def _labels(
    path: Path, item: str | None, label: str | None, more: list[str] | None = None
) -> "tuple[pa.Table, str, str]":
    names: list[str] = []

    def choose(columns: list[str]) -> list[str]:
        names.extend(column(role, asked, columns, str(path)) for role, asked in (("item", item), ("label", label)))
        return [*names, *(existing(name, columns, str(path)) for name in more or [])]

    table = read_columns(path, choose)
    for name in (names[1], *(more or [])):
        table = table.set_column(table.column_names.index(name), name, numbers(table[name]))
    return table, names[0], names[1]


def _model(path: Path, key: str, wanted: list[str] | None) -> "pa.Table":
    """The model's table with the item first; its item column is called as in the labels, or as items usually are."""

    def choose(columns: list[str]) -> list[str]:
        own = key if key in columns else column("item", None, columns, str(path))
        if wanted is None:
            return [own, *(name for name in columns if name != own)]
        return [own, *(existing(name, columns, str(path)) for name in wanted)]

    table = read_columns(path, choose)
    return table.rename_columns([key, *table.column_names[1:]])


def _rows_of(table: "pa.Table", key: str) -> dict[str, int]:
    return {plain(k): row for row, k in enumerate(table[key].to_pylist())}


def _places(keys: list[object], row_of: dict[str, int], where: Path) -> list[int]:
    missing = next((k for k in keys if plain(k) not in row_of), None)
    if missing is not None:
        fail(f"{where} has no row for the item {missing!r}; the model's table needs one for each item.")
    return [row_of[plain(k)] for k in keys]


def _worst(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: float(str(row["score"])))
