"""Label Studio JSON out: tasks to import there, with a labelling configuration; what came from there as it came."""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import quoteattr

import msgspec

from karat.formats.base import Loss, Record, Sink, WriteContext
from karat.formats.cells import plain
from karat.formats.label_studio_plan import KARAT_KEY, WHERE, path_keys
from karat.formats.label_studio_relations import (
    KIND,
    read_relation,
    region_ids,
    relations_of,
    says_the_same,
    write_relation,
)
from karat.formats.label_studio_results import Results, utf16_unit
from karat.formats.label_studio_shapes import HOLES, PARTS, SHAPES, Result
from karat.formats.losing import REMEDY, Losing, field_loss, static_losses
from karat.formats.rows import name_of
from karat.model.item import Item, Stream
from karat.model.kind import AnyKind
from karat.model.response import Annotation, Author, Response
from karat.model.schema import Field, Schema

FILE = "tasks.json"
CONFIG = "label_config.xml"
HELD = ("metadata", "skipped responses", "time spent", "time of answering", "authors", "attributes", "confidence")
OWN = ("label_studio",)
KINDS = {
    "choice": "choices",
    "text": "textarea",
    "rating": "rating",
    "span": "labels",
    KIND: KIND,
    **{kind: shape.type for kind, shape in SHAPES.items()},
}
SEGMENTS = "spans of several segments"
IN_PARTS = "spans in turns and answers"
UNSIZED = "shapes on images of unknown size"
OF_RELATIONS = "attributes of relations"
TAKEN = "metadata whose key is a stream's"
WITHDRAWN = "withdrawn responses"
TAGS = {
    "choices": ("Choices", "Choice"),
    "labels": ("Labels", "Label"),
    "taxonomy": ("Taxonomy", "Choice"),
    **{shape.type: (shape.tag, "Label") for shape in SHAPES.values()},
}


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """One task an item, and the configuration for them."""
    writer = _Writer(context)
    with sink.open(FILE) as file:
        file.write(b"[")
        for number, record in enumerate(records):
            file.write((b",\n" if number else b"\n") + msgspec.json.encode(writer.task(record)))
        file.write(b"\n]\n")
    with sink.open(CONFIG) as file:
        file.write(config_of(context.schema, context.kinds, writer.names).encode())


def losses(schema: Schema) -> list[Loss]:
    """What Label Studio's results leave out."""
    named = {
        SEGMENTS: "a region for each segment",
        PARTS: "a region for each part",
        HOLES: "filled",
        UNSIZED: "left out",
        TAKEN: "left out",
        IN_PARTS: "left out",
    }
    if relations_of(schema):
        named[OF_RELATIONS] = "left out"
    return [*static_losses(schema, HELD, KINDS), *(Loss(name, 0, becomes, REMEDY) for name, becomes in named.items())]


class _Writer:
    """Makes tasks of records; remembers the names that the items came with."""

    def __init__(self, context: WriteContext) -> None:
        self.schema = context.schema
        self.kinds = context.kinds
        self.losing = Losing(context.losses, HELD)
        self.results = Results(context.schema, None, context.kinds, type(context.losses)())
        self.names: dict[str, str] = {}
        """Stream to data key, field to control, where they differ."""

    def task(self, record: Record) -> dict[str, object]:
        item = record.item
        kept = _mapping(item.extra.get("label_studio"))
        self.losing.item(item, own=OWN)
        self.names.update({k: str(v) for k, v in _mapping(kept.get("names")).items()})
        task: dict[str, object] = {
            k: v for k, v in kept.items() if k not in ("names", "data", "annotations", "predictions")
        }
        if "id" not in task and item.key.isdigit() and len(item.key) < 16:
            task["id"] = int(item.key)
        elif "id" not in task:
            task["meta"] = {**_mapping(task.get("meta")), KARAT_KEY: item.key}
        data = self._data(item, _mapping(kept.get("data")))
        answers = [r for r in record.responses if r.state != "withdrawn"]
        people = [self._answer(r, item) for r in answers if r.author.type != "model"]
        models = [self._answer(r, item) for r in answers if r.author.type == "model"]
        for response in record.responses:
            self.losing.response(response, own=OWN)
        task["annotations"] = people + _listed(kept.get("annotations"))
        task["predictions"] = models + _listed(kept.get("predictions"))
        # Last, as Label Studio has it: by what stands before a long text the file is known.
        task["data"] = data
        return task

    def _data(self, item: Item, kept: Mapping[str, object]) -> dict[str, object]:
        data: dict[str, object] = {}
        for name, stream in item.streams.items():
            key = self.names.get(name, name)
            data[key] = kept[key] if key in kept and stream.ref.inline is not None else _content(stream)
        for name, value in item.metadata.items():
            if name in data:
                self.losing.add(TAKEN)
            else:
                data[name] = value
        return {**data, **{k: v for k, v in kept.items() if k not in data}}

    def _answer(self, response: Response, item: Item) -> dict[str, object]:
        kept = _mapping(response.extra.get("label_studio"))
        answer: dict[str, object] = {k: v for k, v in kept.items() if k != "results"}
        answer["result"] = [*self._results(response, item), *_listed(kept.get("results"))]
        if response.author.type == "model":
            answer.setdefault("model_version", response.author.name)
            return answer
        if "completed_by" not in answer and response.author.type != "import":
            answer["completed_by"] = _person(response.author)
        if response.state == "skipped" or "was_cancelled" in answer:
            answer["was_cancelled"] = response.state == "skipped"
        if response.at is not None and "created_at" not in answer:
            answer["created_at"] = response.at
        if response.active_ms and "lead_time" not in answer:
            answer["lead_time"] = response.active_ms / 1000
        if response.author.type == "gold":
            answer["ground_truth"] = True
        return answer

    def _results(self, response: Response, item: Item) -> Iterator[Result]:
        ids: dict[str, str] = {}
        for annotation in response.annotations:
            self.losing.annotation(annotation, own=OWN)
            if annotation.kind == KIND:
                continue
            raw = annotation.extra.get("label_studio")
            if isinstance(raw, list) and raw and self.results.unchanged(annotation, raw, item.streams):
                ids[annotation.id] = str(raw[0].get("id", annotation.id))
                yield from raw
            else:
                yield from self._made(annotation, item)
        came = region_ids(response.annotations)
        for annotation in response.annotations:
            if annotation.kind == KIND:
                yield from self._related(annotation, ids, came)

    def _related(self, annotation: Annotation, ids: Mapping[str, str], came: Mapping[str, str]) -> Iterator[Result]:
        field = self.schema.fields.get(annotation.field)
        if field is None:
            self.losing.add(field_loss(annotation.field))
            return
        self.losing.add(OF_RELATIONS, int(bool(annotation.attributes)))
        value = plain(annotation.value)
        raw = annotation.extra.get("label_studio")
        if (
            isinstance(raw, list)
            and raw
            and says_the_same(annotation, value, read_relation(raw[0], self.schema, came, set()))
        ):
            yield raw[0]
        elif isinstance(value, dict):
            yield write_relation(annotation, value, field, ids)

    def _made(self, annotation: Annotation, item: Item) -> Iterator[Result]:
        field = self.schema.fields.get(annotation.field)
        if field is None or field.kind not in KINDS or field.each is not None:
            self.losing.add(field_loss(annotation.field))
            return
        kind = self.kinds[field.kind]
        if kind.role == "what":
            object_name = next(iter(item.streams), "")
            yield self._result(
                annotation.id,
                self.names.get(field.key, field.key),
                object_name,
                *_answer_value(annotation.value, field),
            )
            return
        if annotation.on is not None and annotation.on.part is not None:
            self.losing.add(IN_PARTS)
            return
        stream = item.streams.get(field.on or "")
        for number, (kind_name, value, more) in enumerate(self._regions(annotation, stream)):
            ident = annotation.id if number == 0 else f"{annotation.id}-{number + 1}"
            score = {"score": annotation.confidence} if annotation.confidence is not None else {}
            name = self.names.get(field.key, field.key)
            yield {
                **self._result(ident, name, field.on or "", kind_name, {**value, kind_name: [annotation.label]}),
                **more,
                **score,
            }
            for key, attribute in field.attributes_of(annotation.label).items():
                if key in annotation.attributes:
                    kind_of, said = _answer_value(annotation.attributes[key], attribute)
                    yield {**self._result(ident, key, field.on or "", kind_of, {**value, **said}), **more}

    def _regions(
        self, annotation: Annotation, stream: Stream | None
    ) -> Iterator[tuple[str, dict[str, object], dict[str, object]]]:
        value = plain(annotation.value)
        if isinstance(value, dict):
            size = (stream.facts.width, stream.facts.height) if stream else (None, None)
            if not size[0] or not size[1]:
                self.losing.add(UNSIZED)
                return
            sized: dict[str, object] = {"original_width": size[0], "original_height": size[1], "image_rotation": 0}
            shape = SHAPES[annotation.kind]
            for region in shape.write(value, (size[0], size[1]), self.losing):
                yield shape.type, region, sized
            return
        text = (stream.ref.inline if stream else None) or ""
        segments = value if isinstance(value, list) else []
        if len(segments) > 1:
            self.losing.add(SEGMENTS, becomes="a region for each segment")
        for start, end in segments:
            yield (
                "labels",
                {"start": utf16_unit(text, start), "end": utf16_unit(text, end), "text": text[start:end]},
                {},
            )

    def _result(self, ident: str, from_name: str, stream: str, kind: str, value: Mapping[str, object]) -> Result:
        return {"id": ident, "from_name": from_name, "to_name": stream, "type": kind, "value": dict(value)}


def config_of(schema: Schema, kinds: Mapping[str, AnyKind], names: Mapping[str, str]) -> str:
    """A labelling configuration that asks what the schema asks, as far as Label Studio can."""
    lines = ["<View>"]
    for stream in schema.streams.values():
        tag = "Image" if stream.kind == "image" else "Text"
        lines.append(
            f"  <{tag} name={quoteattr(stream.key)} value={quoteattr('$' + names.get(stream.key, stream.key))}/>"
        )
    first = next(iter(schema.streams), "")
    for field in schema.fields.values():
        if field.kind in KINDS and field.each is None:
            lines += _control(field, names.get(field.key, field.key), field.on or first, per_region=False)
            attributes = {
                **field.attributes,
                **{k: a for label in field.labels.values() for k, a in label.attributes.items()},
            }
            for key, attribute in attributes.items():
                lines += _control(attribute, key, field.on or first, per_region=True)
    return "\n".join([*lines, "</View>", ""])


def _control(field: Field, name: str, stream: str, *, per_region: bool) -> list[str]:
    if field.kind == KIND:
        return ["  <Relations>", *(f"    <Relation value={quoteattr(key)}/>" for key in field.labels), "  </Relations>"]
    own = f"name={quoteattr(name)} toName={quoteattr(stream)}" + (' perRegion="true"' if per_region else "")
    own += ' required="true"' if field.required and not per_region else ""
    options: Mapping[str, object] = getattr(field.options, "options", {})
    if field.kind == "choice":
        nested = any(getattr(option, "options", None) for option in options.values())
        tag, entry = TAGS["taxonomy" if nested else "choices"]
        own += "" if nested else f' choice="{"multiple" if getattr(field.options, "multiple", False) else "single"}"'
        return [f"  <{tag} {own}>", *_entries(options, entry, 4), f"  </{tag}>"]
    if field.kind in WHERE:
        tag, entry = TAGS[KINDS[field.kind]]
        return [f"  <{tag} {own}>", *(f"    <{entry} value={quoteattr(key)}/>" for key in field.labels), f"  </{tag}>"]
    if field.kind == "rating":
        return [f'  <Rating {own} maxRating="{getattr(field.options, "max", 5)}"/>']
    return [f"  <TextArea {own}/>"]


def _entries(options: Mapping[str, object], tag: str, depth: int) -> Iterator[str]:
    for key, option in options.items():
        below: Mapping[str, object] = getattr(option, "options", {})
        if below:
            yield f"{' ' * depth}<{tag} value={quoteattr(key)}>"
            yield from _entries(below, tag, depth + 2)
            yield f"{' ' * depth}</{tag}>"
        else:
            yield f"{' ' * depth}<{tag} value={quoteattr(key)}/>"


def _answer_value(value: object, field: Field) -> tuple[str, dict[str, object]]:
    """The type of the result and what it says."""
    said = plain(value)
    if field.kind == "choice":
        keys = said if isinstance(said, list) else [said]
        paths = {key: list(path) for path, key in reversed(path_keys(field).items())}
        nested = any(len(path) > 1 for path in paths.values())
        return (
            ("taxonomy", {"taxonomy": [paths.get(str(key), [key]) for key in keys]})
            if nested
            else ("choices", {"choices": keys})
        )
    if field.kind == "text":
        return "textarea", {"text": [said]}
    return KINDS[field.kind], {KINDS[field.kind]: said}


def _person(author: Author) -> object:
    if author.name.isdigit() and len(author.name) < 16:
        return int(author.name)
    return {"email": author.name} if author.type == "person" else {"email": name_of(author)}


def _content(stream: Stream) -> str | None:
    return stream.ref.inline if stream.ref.inline is not None else stream.ref.uri or stream.name or stream.ref.blob


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
