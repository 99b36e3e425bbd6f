"""The schema that pictures with regions suggest: a field for each kind of shape, with the labels and attributes seen."""

from collections.abc import Iterable, Mapping

from karat.formats.base import Mapping as ColumnMapping
from karat.formats.base import Proposal
from karat.formats.propose import options_of, proposal
from karat.formats.regions import Picture, Region
from karat.model.kind import AnyKind

KEYS = {
    "box": "boxes",
    "cuboid": "cuboids",
    "ellipse": "ellipses",
    "keypoints": "keypoints",
    "mask": "masks",
    "point": "points",
    "polygon": "polygons",
    "polyline": "lines",
    "rotated_box": "rotated_boxes",
}
YES_OR_NO = ("yes", "no", "true", "false")
MOST_OPTIONS = 50


class Seen:
    """What the pictures of a source show: labels of each kind, and answers to attributes."""

    def __init__(self, pictures: Iterable[Picture]) -> None:
        self.labels: dict[str, dict[str, None]] = {}
        self.declared: dict[str, None] = {}
        self.answers: dict[str, dict[str, dict[str, None]]] = {}
        self.points: dict[str, None] = {}
        for picture in pictures:
            self.declared.update(dict.fromkeys(picture.labels or ()))
            for region in picture.regions:
                self._add(region)
        if self.labels.keys() == {"box", "rotated_box"}:  # a level one is held as well
            self.labels = {"rotated_box": {**self.labels["box"], **self.labels["rotated_box"]}}
            boxes, turned = self.answers.get("box", {}), self.answers.get("rotated_box", {})
            self.answers = {"rotated_box": {n: {**boxes.get(n, {}), **turned.get(n, {})} for n in {**boxes, **turned}}}

    def attributes(self, kind: str, known: Iterable[str]) -> dict[str, object]:
        """The attributes of a kind that are not known otherwise: yes or no, one of few, else text."""
        asked = {name: values for name, values in self.answers.get(kind, {}).items() if name not in set(known)}
        return {name: _question(values) for name, values in asked.items()}

    def answered(self, name: str, question: object) -> object:
        """A declared question with the answers that the file has and does not declare."""
        options = _mapping(_mapping(question).get("options"))
        said = {value: None for answers in self.answers.values() for value in answers.get(name, ())}
        return {**_mapping(question), "options": {**options, **options_of(said)}} if options else question

    def _add(self, region: Region) -> None:
        self.labels.setdefault(region.kind, {}).setdefault(region.label)
        if region.kind == "keypoints" and isinstance(region.value, dict):
            self.points.update(dict.fromkeys(region.value))
        for name, value in region.attributes.items():
            said = ("yes" if value else "no") if isinstance(value, bool) else str(value)
            self.answers.setdefault(region.kind, {}).setdefault(name, {}).setdefault(said)


def propose_from(
    pictures: Iterable[Picture],
    kinds: Mapping[str, AnyKind],
    *,
    attributes: Mapping[str, Mapping[str, object]] | None = None,
    template: Mapping[str, object] | None = None,
    usual: str = "box",
) -> Proposal | None:
    """A field for each kind that is seen; None where there is neither a region nor a label.

    `attributes` are the questions about each label that the file declares, others are guessed from their answers;
    `template` the options of keypoints; `usual` the kind where labels are declared and nothing is drawn. A label that is
    declared and never drawn belongs to every field.
    """
    seen = Seen(pictures)
    labels = seen.labels or ({usual: {}} if seen.declared else {})
    drawn = {label for found in labels.values() for label in found}
    asked = attributes or {}
    fields: dict[str, object] = {}
    for kind in sorted(labels, key=lambda kind: kind not in ("box", "rotated_box", "polygon")):
        in_order = [label for label in seen.declared if label in labels[kind] or label not in drawn]
        options = options_of([*in_order, *labels[kind]])
        options = options or options_of(seen.declared or ["thing"])
        own = {
            label: {**_mapping(entry), "attributes": {n: seen.answered(n, asked[label][n]) for n in asked[label]}}
            for label, entry in options.items()
            if asked.get(label)
        }
        described: dict[str, object] = {"kind": kind, "labels": {**options, **own}}
        if more := seen.attributes(kind, [name for questions in asked.values() for name in questions]):
            described["attributes"] = more
        if kind == "keypoints":
            described |= template or {"points": list(seen.points)}
        fields["objects" if not fields else KEYS[kind]] = described
    return proposal({"image": {"kind": "image"}}, fields, kinds, ColumnMapping()) if fields else None


def _question(values: Iterable[str]) -> dict[str, object]:
    found = list(values)
    if {value.casefold() for value in found} <= {*YES_OR_NO}:
        return {"kind": "choice", "options": {"no": {}, "yes": {}}}
    return {"kind": "choice", "options": options_of(sorted(found))} if len(found) <= MOST_OPTIONS else {"kind": "text"}


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
