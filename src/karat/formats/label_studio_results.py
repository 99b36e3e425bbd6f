"""Label Studio results as annotations: percent to pixels, UTF-16 units to code points, results of one region together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from math import isfinite

from karat.formats.base import LossCounter
from karat.formats.base import Mapping as ColumnMapping
from karat.formats.cells import BadCell, checked, label_named, value_of
from karat.formats.label_studio_plan import REGIONS, field_for, path_keys
from karat.formats.label_studio_relations import REMEDIES, is_relation, read_relation, region_ids
from karat.formats.label_studio_shapes import BARE, LATER, SHAPES, Result, Unheld, kind_seen, named
from karat.formats.propose import key_of
from karat.formats.sound_rings import sound
from karat.model.item import Stream
from karat.model.kind import NO_FACTS, AnyKind, Facts
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, On
from karat.model.schema import Field, Schema

KEPT = "kept in extra and written back by Label Studio JSON and JSON lines"
MENDED = f"the same area; the outline as it was is {KEPT}"
LOOK = "Look at them: outlines that cross are often slips of the hand."
ADD = "Add a field for them to the schema, or map one."

ASTRAL = re.compile("[\U00010000-\U0010ffff]")
"""Characters that take two UTF-16 units; without them units and code points are the same."""


@dataclass
class Answers:
    """What the results of one annotation or prediction became."""

    annotations: list[Annotation] = default(default_factory=list)
    left: list[object] = default(default_factory=list)
    problems: list[tuple[Problem, Result]] = default(default_factory=list)


class Results:
    """Reads results into the fields of a schema."""

    def __init__(
        self, schema: Schema, mapping: ColumnMapping | None, kinds: Mapping[str, AnyKind], losses: LossCounter
    ) -> None:
        self.schema = schema
        self.mapping = mapping
        self.kinds = kinds
        self.losses = losses
        self.fields: dict[tuple[str, str], Field | None] = {}
        self.covered: dict[str, None] = {}
        """Fields that some result went to, or some control of the configuration asks."""

    def field_of(self, result: Mapping[str, object]) -> Field | None:
        """The field of a result's control."""
        name, kind = str(result.get("from_name", "")), str(result.get("type", ""))
        if (name, kind) not in self.fields:
            field = field_for(self.schema, name, kind, self.mapping)
            if len(self.fields) > 10_000:
                self.fields.clear()
            self.fields[name, kind] = field
            if field is not None:
                self.covered[field.key] = None
        return self.fields[name, kind]

    def read(self, given: object, streams: Mapping[str, Stream]) -> Answers:
        """The annotations of one list of results; what none holds is left, what is wrong is a problem."""
        answers = Answers()
        if not isinstance(given, list):
            return answers
        for group in _grouped([result for result in given if not is_relation(result)]):
            if not isinstance(group, list):
                self._leave(group, Unheld("results that are no objects"), answers)
                continue
            try:
                answers.annotations += self._made(group, streams, {a.id for a in answers.annotations})
            except Unheld as unheld:
                for result in group:
                    self._leave(result, unheld if result is group[0] else Unheld(named(result)), answers)
            except BadCell as error:
                answers.problems += [(error.problem, result) for result in group]
        ids = region_ids(answers.annotations)
        for result in given:
            if is_relation(result):
                self._relate(result, ids, answers)
        return answers

    def _relate(self, result: Result, ids: Mapping[str, str], answers: Answers) -> None:
        made = read_relation(result, self.schema, ids, {a.id for a in answers.annotations}, self.losses)
        if isinstance(made, str):
            self._leave(result, Unheld(made, REMEDIES[made]), answers)
        else:
            answers.annotations += made

    def unchanged(self, annotation: Annotation, group: Sequence[Result], streams: Mapping[str, Stream]) -> bool:
        """Whether an annotation still is what these results were read as."""
        try:
            made = self._made([*group], streams, set())
        except (Unheld, BadCell):
            return False
        return any(_same(annotation, m) for m in made)

    def _leave(self, result: object, unheld: Unheld, answers: Answers) -> None:
        self.losses.add(unheld.what, becomes=KEPT, remedy=unheld.remedy)
        answers.left.append(result)

    def _made(self, group: list[Result], streams: Mapping[str, Stream], taken: set[str]) -> list[Annotation]:
        regions = [result for result in group if str(result.get("type")) in REGIONS]
        if regions:
            return self._region(group, regions, streams, taken)
        return [self._answer(group[0], taken)]

    def _answer(self, result: Result, taken: set[str]) -> Annotation:
        field = self.field_of(result)
        kind = str(result.get("type", ""))
        if field is None or _mapping(result.get("value")).keys() & {"start", "end", "x", "y"}:
            raise Unheld(named(result), LATER if field or kind not in ("choices", "taxonomy", "textarea") else ADD)
        value = value_of(self._said(result, field), field, self.kinds[field.kind])
        ident = field.key if not field.many else _free(str(result.get("id") or field.key), taken)
        if not field.many and ident in taken:
            raise Unheld("second answers of a control", "Make the field `many: true`.")
        return Annotation(
            id=ident,
            field=field.key,
            kind=field.kind,
            value=value,
            confidence=_score(result),
            extra={"label_studio": [result]},
        )

    def _said(self, result: Result, field: Field) -> object:
        """What a result answers, as a cell would say it."""
        kind = str(result.get("type", ""))
        given = _mapping(result.get("value")).get("text" if kind == "textarea" else kind)
        if kind == "taxonomy":
            paths = path_keys(field)
            steps = (
                [tuple(str(step) for step in path) for path in given if isinstance(path, list)]
                if isinstance(given, list)
                else []
            )
            keys = [paths.get(path, path[-1] if path else "") for path in steps]
            return keys if getattr(field.options, "multiple", False) or len(keys) != 1 else keys[0]
        if kind == "textarea" and isinstance(given, list):
            if len(given) > 1:
                self.losses.add(
                    "texts of several parts", becomes="one text with line breaks; the parts are kept in extra"
                )
            return "\n".join(str(part) for part in given)
        return given

    def _region(
        self, group: list[Result], regions: list[Result], streams: Mapping[str, Stream], taken: set[str]
    ) -> list[Annotation]:
        first = next((r for r in regions if r.get("type") not in BARE), regions[0])
        field = self.field_of(first)
        if field is None:
            raise Unheld(named(first), ADD)
        labels = _labels(first)
        if not labels:
            raise Unheld("regions without a label")
        on = streams.get(field.on or "")
        facts = on.facts if on else NO_FACTS
        if field.kind in SHAPES:
            value = SHAPES[field.kind].read(next((r for r in regions if kind_seen(_mapping(r.get("value")))), first))
        else:
            value = _segment(_mapping(first.get("value")), on.ref.inline if on else None)
            facts = Facts(length=facts.length)
        kind = self.kinds[field.kind]
        checked_value = (
            self._mended(value, field, facts) if field.kind == "polygon" else checked(value, field, kind, facts)
        )
        attributes = self._attributes([r for r in group if r not in regions], field, labels[0])
        if len(labels) > 1:
            self.losses.add("regions with several labels", becomes="one region for each label")
        made: list[Annotation] = []
        for label in labels:
            own = group if len(labels) == 1 else [_with_label(r, label) for r in group]
            ident = _free(str(first.get("id") or len(taken) + len(made) + 1), taken | {m.id for m in made})
            made.append(
                Annotation(
                    id=ident,
                    field=field.key,
                    kind=field.kind,
                    on=On(field.on) if field.on else None,
                    label=label_named(label, field),
                    value=checked_value,
                    attributes=attributes,
                    confidence=_score(first),
                    group=str(first.get("id")) if len(labels) > 1 else None,
                    extra={"label_studio": own},
                )
            )
        return made

    def _mended(self, value: object, field: Field, facts: Facts) -> object:
        """A polygon with sound rings; one that crosses itself keeps its area, and is counted."""
        rings = _mapping(value).get("outer")
        found, was_mended = sound(rings if isinstance(rings, list) else [], field, self.kinds[field.kind], facts)
        if was_mended:
            self.losses.add("polygons that cross themselves", becomes=MENDED, remedy=LOOK)
        return found

    def _attributes(self, results: list[Result], field: Field, label: object) -> dict[str, object]:
        """Answers about the region, where the schema has the attribute; the others stay in extra with it."""
        wanted = field.attributes_of(label if isinstance(label, str) else None)
        found: dict[str, object] = {}
        for result in results:
            name = str(result.get("from_name", ""))
            attribute = next(
                (a for key, a in wanted.items() if key == name or a.title == name or key == _plain(name)), None
            )
            if attribute is None:
                self.losses.add(
                    f"answers about regions to `{name[:80]}`",
                    becomes=KEPT,
                    remedy="Add an attribute of this name to the labels.",
                )
                continue
            found[attribute.key] = value_of(self._said(result, attribute), attribute, self.kinds[attribute.kind])
        return found


def _grouped(given: list[object]) -> list[list[Result] | object]:
    """Results of one region together, in the order of their first; what is no object stands alone."""
    regions = {str(r["id"]) for r in given if isinstance(r, dict) and str(r.get("type")) in REGIONS and r.get("id")}
    groups: dict[str, list[Result]] = {}
    found: list[list[Result] | object] = []
    for result in given:
        ident = str(result.get("id")) if isinstance(result, dict) else ""
        if not isinstance(result, dict):
            found.append(result)
        elif ident not in regions:
            found.append([result])
        elif ident in groups:
            groups[ident].append(result)
        else:
            groups[ident] = [result]
            found.append(groups[ident])
    return found


def _labels(result: Result) -> list[object]:
    given = _mapping(result.get("value")).get(str(result.get("type")))
    return [label for label in given if isinstance(label, str)] if isinstance(given, list) else []


def _with_label(result: Result, label: object) -> Result:
    kind = str(result.get("type"))
    value = _mapping(result.get("value"))
    return {**result, "value": {**value, kind: [label]}} if kind in value and kind in REGIONS else result


def _segment(value: Mapping[str, object], text: str | None) -> list[list[int]]:
    """A span in code points. Label Studio counts UTF-16 units; `text`, where given, decides between the two."""
    start, end = value.get("start"), value.get("end")
    if not isinstance(start, int) or not isinstance(end, int) or "startOffset" in value or "channel" in value:
        raise Unheld("regions of other media than plain text")
    if text is None:
        raise Unheld("spans of a text that is not in the file", "Put the text itself into the tasks.")
    if not 0 <= start < end:
        raise BadCell(Problem("value", shown([start, end]), "a start before its end", "Mend the region."))
    units = [[code_point(text, start), code_point(text, end)]]
    said = value.get("text")
    if not isinstance(said, str):
        return units
    for found in (units, [[start, end]]):
        if text[found[0][0] : found[0][1]] == said:
            return found
    raise Unheld(
        "spans whose text is not at their place", "Check the text of the task; it was changed after it was labeled."
    )


def code_point(text: str, unit: int) -> int:
    """The place in code points of a place in UTF-16 units.

    >>> code_point("a😀b", 3)
    2
    """
    if not ASTRAL.search(text):
        return unit
    return len(text.encode("utf-16-le", "surrogatepass")[: unit * 2].decode("utf-16-le", "ignore"))


def utf16_unit(text: str, point: int) -> int:
    """The inverse of `code_point`."""
    return len(text[:point].encode("utf-16-le", "surrogatepass")) // 2 if ASTRAL.search(text) else point


def _same(a: Annotation, b: Annotation) -> bool:
    return (a.field, a.label, a.value, a.attributes) == (b.field, b.label, b.value, b.attributes)


def _score(result: Mapping[str, object]) -> float | None:
    score = _number(result.get("score"))
    return score if score is not None and 0 <= score <= 1 else None


def _number(value: object) -> float | None:
    return (
        float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300 and isfinite(value)
        else None
    )


def _free(ident: str, taken: set[str]) -> str:
    ident = ident.replace("\x00", "")[:150] or "1"
    number, found = 2, ident
    while found in taken:
        found, number = f"{ident}#{number}", number + 1
    return found


def _plain(name: str) -> str:
    return key_of(name)


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
