"""Which Label Studio control is which field, and which data key is which stream."""

from collections.abc import Iterable, Iterator, Mapping

from karat.formats.base import Mapping as ColumnMapping
from karat.formats.base import Proposal
from karat.formats.columns import is_image
from karat.formats.label_studio_config import Config, Control, Entry
from karat.formats.label_studio_relations import KIND, RELATED, is_relation
from karat.formats.label_studio_shapes import BARE, SHAPES, TYPES, kind_seen, proposed
from karat.formats.propose import key_of, option_of, options_of, proposal
from karat.model.kind import AnyKind
from karat.model.schema import Field, Schema

KINDS = {
    "choices": "choice",
    "taxonomy": "choice",
    "labels": "span",
    **{type: kinds[0] for type, kinds in TYPES.items()},
    "textarea": "text",
    "rating": "rating",
}
REGIONS = frozenset({"labels", *TYPES, *BARE})
ON_IMAGES = frozenset(SHAPES)
WHERE = ON_IMAGES | {"span"}
KARAT_KEY = "karat_key"
"""Where in `meta` the key of an item stands that is no number, since Label Studio's own ids are."""
TEXTUAL = frozenset({"text", "hypertext"})


class Survey:
    """What the tasks seen so far show beyond the configuration."""

    def __init__(self, config: Config | None) -> None:
        self.config = config or Config()
        self.strings: dict[str, int] = {}
        """Data keys with text, to the longest one seen."""
        self.pictures: dict[str, int] = {}
        self.others: dict[str, int] = {}
        self.tasks = 0

    def see(self, task: Mapping[str, object]) -> None:
        """Take note of one task."""
        self.tasks += 1
        data = task.get("data")
        for key, value in data.items() if isinstance(data, dict) else ():
            if isinstance(value, str) and value:
                kind = self.pictures if is_image(value) and " " not in value.strip() else self.strings
                kind[key] = max(kind.get(key, 0), len(value))
            elif isinstance(value, list | dict):
                self.others[key] = self.others.get(key, 0) + 1
        for results in results_of(task):
            self._see_results(results, data if isinstance(data, dict) else {})

    def _see_results(self, results: list[dict[str, object]], data: Mapping[str, object]) -> None:
        regions = {str(r.get("id")) for r in results if str(r.get("type")) in REGIONS and r.get("id")}
        for result in results:
            if is_relation(result) and {str(result.get("from_id")), str(result.get("to_id"))} <= regions:
                said = [label for label in _listed(result.get("labels")) if isinstance(label, str)] or [RELATED]
                self.config.relations += [label for label in said if label not in self.config.relations]
            name, kind, to_name = result.get("from_name"), result.get("type"), result.get("to_name")
            if not isinstance(name, str) or not isinstance(kind, str):
                continue
            control = self.config.controls.setdefault(name, Control(name, kind, str(to_name or "")))
            if kind not in REGIONS and str(result.get("id")) in regions:
                control.per_region = True
            self._see_value(control, kind, result.get("value"))
            source = result.get("source")
            key = source[1:] if isinstance(source, str) and source.startswith("$") else to_name
            if isinstance(to_name, str) and to_name not in self.config.objects and isinstance(key, str) and key in data:
                self.config.objects[to_name] = (
                    "image" if kind in TYPES or kind in BARE or "original_width" in result else "text",
                    key,
                )

    def _see_value(self, control: Control, kind: str, value: object) -> None:
        if not isinstance(value, dict):
            return
        if kind in REGIONS and (shape := kind_seen(value)):
            control.shapes.add(shape)
        given = value.get(kind)
        if kind == "taxonomy":
            paths = [path for path in _listed(given) if isinstance(path, list)]
            control.multiple = control.multiple or len(paths) > 1
            for path in paths:
                below = control.entries
                for step in path:
                    below = below.setdefault(str(step), Entry()).below
        elif kind == "rating" and isinstance(given, int):
            control.largest = max(control.largest, given)
        elif kind in KINDS or kind in BARE:
            names = [entry for entry in _listed(given) if isinstance(entry, str)]
            control.multiple = control.multiple or (kind == "choices" and len(names) > 1)
            for name in names:
                if not any(name in (key, entry.alias) for key, entry in control.entries.items()):
                    control.entries[name] = Entry()

    def propose(self, kinds: Mapping[str, AnyKind]) -> Proposal | None:
        """The schema that the controls ask for."""
        streams = dict(self._streams())
        keys = {data_key: key_of(data_key) for data_key in streams.values()}
        if not streams:
            return None
        shown = {keys[data_key]: {"kind": kind} for kind, data_key in self._kinds_of(streams)}
        fields: dict[str, dict[str, object]] = {}
        names: dict[str, str] = {}
        for control in self.config.controls.values():
            described = None if control.per_region else self._field(control, kinds)
            if described is not None:
                key = key_of(control.name, taken={*shown, *fields})
                if described["kind"] in WHERE:
                    described["on"] = self._stream_of(control, streams, keys, str(described["kind"]), shown)
                if described.get("on", "") is not None:
                    fields[key], names[key] = described, control.name
        attributes = {
            key_of(c.name): d for c in self.config.controls.values() if c.per_region and (d := self._field(c, kinds))
        }
        for described in fields.values():
            if attributes and described["kind"] in WHERE:
                described["attributes"] = {k: {n: v for n, v in d.items() if n != "on"} for k, d in attributes.items()}
        relations = options_of(self.config.relations)
        if relations and KIND in kinds and any(described["kind"] in WHERE for described in fields.values()):
            fields[key_of("relations", taken={*shown, *fields})] = {"kind": KIND, "labels": relations}
        if not fields:
            fields = {"label": {"kind": "choice", "options": {"yes": {}, "no": {}}}}
        mapping = ColumnMapping(streams={keys[data_key]: data_key for data_key in streams.values()}, fields=names)
        return proposal(shown, fields, kinds, mapping)

    def _streams(self) -> Iterator[tuple[str, str]]:
        """Object name to data key, of the objects that controls lie on; else the likeliest data key."""
        wanted = {name for c in self.config.controls.values() for name in c.to_name.split(",")}
        found = {name: key for name, (_tag, key) in self.config.objects.items() if name in wanted or not wanted}
        known = {*self.strings, *self.pictures, *self.others}
        found = {name: key for name, key in found.items() if not known or key in known}
        if not found:
            best = max(self.pictures, key=lambda k: self.pictures[k], default=None) or max(
                self.strings, key=lambda k: self.strings[k], default=None
            )
            best = best or next(iter(self.others), None)
            found = {best: best} if best else {}
        seen: set[str] = set()
        for name, key in found.items():
            if key not in seen:
                seen.add(key)
                yield name, key

    def _kinds_of(self, streams: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for name, key in streams.items():
            tag = self.config.objects.get(name, ("", ""))[0]
            yield ("image" if tag == "image" or (not tag and key in self.pictures) else "text"), key

    def _stream_of(
        self,
        control: Control,
        streams: Mapping[str, str],
        keys: Mapping[str, str],
        kind: str,
        shown: Mapping[str, Mapping[str, str]],
    ) -> str | None:
        wanted = "image" if kind in ON_IMAGES else "text"
        data_key = streams.get(control.to_name.split(",")[0]) or self.config.objects.get(control.to_name, ("", ""))[1]
        if data_key in keys and shown[keys[data_key]]["kind"] == wanted:
            return keys[data_key]
        return next((key for key, stream in shown.items() if stream["kind"] == wanted), None)

    def _field(self, control: Control, kinds: Mapping[str, AnyKind]) -> dict[str, object] | None:
        tag = self.config.objects.get(control.to_name.split(",")[0], ("", ""))[0]
        kind = KINDS.get(control.type)
        if control.type in TYPES or (control.type == "labels" and tag == "image"):
            kind = proposed(control.type, control.shapes)
        if kind not in kinds or (kind == "span" and tag not in ("", *TEXTUAL)):
            return None
        title = {} if key_of(control.name) == control.name else {"title": control.name}
        if kind == "choice":
            options = _tree(control.entries) if control.type == "taxonomy" else _flat(control.entries)
            many = (
                {"multiple": True}
                if control.multiple or (control.type == "taxonomy" and not control.per_region)
                else {}
            )
            return {"kind": "choice", **title, "options": options, **many} if options else None
        if kind in WHERE:
            labels = _flat(control.entries)
            return {"kind": kind, **title, "labels": labels} if labels else None
        if kind == "rating":
            return {"kind": "rating", **title, "min": 1, "max": max(control.largest, 5)}
        return {"kind": "text", **title, "multiline": True}


def results_of(task: Mapping[str, object]) -> Iterator[list[dict[str, object]]]:
    """The results of each annotation and prediction of a task."""
    for group in ("annotations", "completions", "predictions"):
        for answer in _listed(task.get(group)):
            if isinstance(answer, dict):
                yield [result for result in _listed(answer.get("result")) if isinstance(result, dict)]


def field_for(schema: Schema, name: str, type: str, mapping: ColumnMapping | None) -> Field | None:
    """The field that a control's results go to: as mapped, by name, or the only one of its kind."""
    kinds = {KINDS.get(type), *TYPES.get(type, ())} - {None} | (ON_IMAGES if type in ("labels", *BARE) else set())
    mapped = next((key for key, control in (mapping.fields if mapping else {}).items() if control == name), None)
    for key in (mapped, key_of(name), key_of(name, taken=schema.streams)):
        if key in schema.fields and schema.fields[key].kind in kinds and schema.fields[key].each is None:
            return schema.fields[key]
    fitting = [field for field in schema.fields.values() if field.kind in kinds and field.each is None]
    return fitting[0] if len(fitting) == 1 and not (mapping and mapping.fields) else None


def path_keys(field: Field) -> dict[tuple[str, ...], str]:
    """Each path of a tree of options, by keys or by titles, to the key at its end."""
    found: dict[tuple[str, ...], str] = {}

    def descend(options: Mapping[str, object], above: tuple[str, ...], titled: tuple[str, ...]) -> None:
        for key, option in options.items():
            found.setdefault((*above, key), key)
            found.setdefault((*titled, getattr(option, "title", "") or key), key)
            descend(getattr(option, "options", {}), (*above, key), (*titled, getattr(option, "title", "") or key))

    descend(getattr(field.options, "options", {}), (), ())
    return found


def _flat(entries: Mapping[str, Entry]) -> dict[str, object]:
    """Options by what results contain: the alias where there is one."""
    found = options_of(entry.alias or name for name, entry in entries.items())
    for name, entry in entries.items():
        if entry.alias in found:
            found[entry.alias] = {"title": name}
    return found


def _tree(entries: Mapping[str, Entry]) -> dict[str, object]:
    """Nested options; a name that occurs twice in the tree gets its path as key and its name as title."""
    counts: dict[str, int] = {}

    def count(level: Mapping[str, Entry]) -> None:
        for name, entry in level.items():
            counts[name] = counts.get(name, 0) + 1
            count(entry.below)

    def build(level: Mapping[str, Entry], above: tuple[str, ...]) -> dict[str, object]:
        found: dict[str, object] = {}
        for name, entry in level.items():
            key = option_of(name if counts[name] == 1 else " / ".join((*above, name)))
            if key is not None:
                below = build(entry.below, (*above, name))
                found[key] = ({"title": name} if key != name else {}) | ({"options": below} if below else {})
        return found

    count(entries)
    return build(entries, ())


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list) else []
