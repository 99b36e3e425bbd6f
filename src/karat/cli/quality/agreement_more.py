"""`karat quality agreement --of …`: boxes, spans, intervals, turns of speakers, texts: what has no bands."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from karat.cli.output import fail
from karat.cli.quality.files import read_columns
from karat.cli.quality.names import column, existing
from karat.cli.quality.values import floats

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from karat.quality.agreement.comparisons import Comparisons
    from karat.quality.estimate import Estimate
    from karat.quality.tallies import Bootstrap

Figures = dict[str, "Estimate"]
Groups = dict[str, Figures]
"""Figures by what they are of: the whole, labels, pairs, slices."""

PARTS = {
    "boxes": ("left", "top", "right", "bottom"),
    "spans": ("start", "end"),
    "intervals": ("start", "end"),
    "turns": ("start", "end"),
    "texts": (),
}
KINDS = {"boxes": "box", "spans": "span", "intervals": "interval"}
LENGTH = "length"


class Marks:
    """A table of what annotators marked, with the names of its columns."""

    def __init__(
        self,
        path: Path,
        sort: str,
        *,
        item: str | None,
        annotator: str | None,
        label: str | None,
        slices: Sequence[str],
    ) -> None:
        self.sort = sort
        names: list[str] = []

        def choose(columns: list[str]) -> list[str]:
            asked = (("item", item), ("annotator", annotator), ("label", label))
            names.extend(column(role, told, columns, str(path)) for role, told in asked)
            more = [existing(name, columns, str(path)) for name in (*PARTS[sort], *slices)]
            return [*names, *more, *([LENGTH] if LENGTH in columns else [])]

        self.table = read_columns(path, choose)
        self.item, self.annotator, self.label = names
        for name in (*PARTS[sort], *([LENGTH] if LENGTH in self.table.column_names else [])):
            place = self.table.column_names.index(name)
            self.table = self.table.set_column(place, name, floats(self.table[name], name))
        self.slices = {name: dict(zip(self._of(self.item), self._of(name), strict=True)) for name in slices}

    @property
    def lengths(self) -> dict[object, float] | None:
        """How long each item is, by the column `length`, where there is one."""
        if LENGTH not in self.table.column_names:
            return None
        found: dict[object, float] = {}
        for item, length in zip(self._of(self.item), self._of(LENGTH), strict=True):
            if not isinstance(length, int | float):
                fail(f"column {LENGTH!r} is empty for the item {item!r}; give the length of each item, or of none.")
            found[item] = max(float(length), found.get(item, 0.0))
        return found

    def columns(self) -> "dict[str, pa.ChunkedArray]":
        """The table as columns."""
        return {name: self.table[name] for name in self.table.column_names}

    def _of(self, name: str) -> list[object]:
        return list(self.table[name].to_pylist())


def regions(marks: Marks, how: "Bootstrap") -> Groups:
    """Mean distance, alpha of matched labels, sigma, KS, distance alpha, and unitising alpha of what lies on a line."""
    from karat.quality.agreement.regions import distance_by_label, response_agreement
    from karat.quality.structured import Responses

    table = Responses.from_table(
        marks.columns(),
        item=marks.item,
        annotator=marks.annotator,
        label=marks.label,
        kind=KINDS[marks.sort],
        value=list(PARTS[marks.sort]),
    )
    found = response_agreement(table, lengths=marks.lengths, bootstrap=how)
    whole: Figures = {"mean distance": found.distance}
    if found.label_alpha is not None:
        whole["labels of what both marked, alpha"] = found.label_alpha
    whole |= {"sigma": found.sigma, "KS": found.ks, "distance alpha": found.distance_alpha}
    if found.unitising_alpha is not None:
        whole["unitising alpha"] = found.unitising_alpha
    by_label: Figures = dict(distance_by_label(table, bootstrap=how))
    return {"agreement": whole, "by_label": by_label, **_parts(found.distances.observed, marks, how)}


def turns(marks: Marks, how: "Bootstrap") -> Groups:
    """The diarization error rate and its parts, each against each, speakers matched as they suit best."""
    from karat.quality.agreement.diarization import diarization_errors
    from karat.quality.spans import Spans

    names = {"item": marks.item, "annotator": marks.annotator, "label": marks.label, "start": "start", "end": "end"}
    found = diarization_errors(Spans.from_table(marks.columns(), **names, lengths=marks.lengths))
    whole = {"diarization error rate": found.rate, "missed": found.missed, "confusion": found.confusion}
    figures = {name: part.estimate(bootstrap=how) for name, part in whole.items()}
    return {"agreement": figures, **_parts(found.rate, marks, how)}


def texts(marks: Marks, how: "Bootstrap") -> Groups:
    """The word error rate and the character error rate, each against each."""
    from karat.quality.agreement.words import word_error_agreement
    from karat.quality.alignment import characters

    columns = marks.columns()
    said = [str(text) if text is not None else "" for text in columns[marks.label].to_pylist()]
    found = word_error_agreement(columns[marks.item], columns[marks.annotator], said)
    letters = word_error_agreement(columns[marks.item], columns[marks.annotator], said, split=characters)
    rates = {"word error rate": found, "character error rate": letters}
    return {
        "agreement": {name: rate.estimate(bootstrap=how) for name, rate in rates.items()},
        **_parts(found, marks, how),
    }


SORTS: "dict[str, Callable[[Marks, Bootstrap], Groups]]" = {
    **dict.fromkeys(KINDS, regions),
    "turns": turns,
    "texts": texts,
}


def _parts(of: "Comparisons", marks: Marks, how: "Bootstrap") -> Groups:
    """Each annotator against the others, and each slice."""
    found: Groups = {"by_annotator": {str(k): v for k, v in of.by_annotator(bootstrap=how).items()}}
    for name, cut in marks.slices.items():
        found[f"by {name}"] = {str(k): v for k, v in of.by_slice(cut, bootstrap=how).items()}
    return found
