"""Pictures with regions, whatever file they stand in, as records: which field takes a region, and what of it is lost.

A format of such files gives `Picture`s one after the other; those of one picture in several files are answers to one item.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import msgspec

from karat.formats.base import ReadContext, Record, Reject, Source, nothing_to_read, reject
from karat.formats.cells import BadCell, checked, label_named, titles_of, value_of
from karat.formats.finding import Finder
from karat.formats.propose import schema_for
from karat.formats.region_fields import propose_from
from karat.formats.regions import AS, NAMES, Picture, Region, as_kind
from karat.formats.sound_rings import sound
from karat.formats.spool import spool
from karat.model.item import Item, Ref, Stream
from karat.model.kind import Facts
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import Field, Schema

FEWER = "Give the schema a field of {} that has their labels."
MENDED = "the same area with sound rings"
LOOK = "Look at them: outlines that cross are often slips of the hand."
MISSING = "missing: the file is not in the upload"
UPLOAD = "Upload the pictures together with the label file."
NOT_ASKED = "Add the attribute to the schema."
TRUE, FALSE = ("yes", "true", "1"), ("no", "false", "0")
LARGEST_SIDE = 1 << 31


Pictures = Callable[[Source, ReadContext], Iterator[Picture | Reject]]


def read_regions(
    source: Source, context: ReadContext, pictures: Pictures, *, title: str, own: str
) -> Iterator[Record | Reject]:
    """The records of all pictures of a source; `own` is the name under which `extra` keeps what only the format has."""
    yield from islice(_records(source, context, pictures, title, own), context.skip, None)


def _records(
    source: Source, context: ReadContext, pictures: Pictures, title: str, own: str
) -> Iterator[Record | Reject]:
    schema = schema_for(context, lambda: propose_from(regions_of(pictures(source, ReadContext())), context.kinds))
    stream = next((s.key for s in schema.streams.values() if s.kind == "image"), None)
    finder = Finder(source)
    files: dict[str, None] = {}
    number = 0
    with spool(context.scratch) as store:
        for found in pictures(source, context):
            number += 1
            if isinstance(found, Reject):
                yield found
                continue
            files.setdefault(found.source)
            key = finder.find(found.name, found.source) or found.name
            store.add_owner(str(number), key, found.line or 0, msgspec.json.encode(found))
        if not number:
            yield from nothing_to_read(source, title)
        if stream is None:
            problem = Problem(
                "", "no stream of images", "a stream for the pictures", "Add `image: {kind: image}` to the streams."
            )
            yield from (reject(name, [problem]) for name in files)
            return
        store.index()
        taker = Taker(schema, stream, context, own)
        authors = {name: context.default_author + (f" {name}" if n else "") for n, name in enumerate(files)}
        for owners in store.groups():
            said = [msgspec.json.decode(owner.raw, type=Picture) for owner in owners]
            yield from taker.record(said, finder, authors)


def regions_of(found: Iterable[Picture | Reject], most: int = 5000) -> Iterator[Picture]:
    """The first pictures, for a proposal."""
    yield from islice((one for one in found if isinstance(one, Picture)), most)


class Taker:
    """Gives regions to the fields of a schema."""

    def __init__(self, schema: Schema, stream: str, context: ReadContext, own: str) -> None:
        self.stream = stream
        self.context = context
        self.own = own
        self.fields = [f for f in schema.fields.values() if f.on == stream and f.kind in NAMES]
        self.named = {f.key: titles_of(f) for f in self.fields}

    def record(self, said: list[Picture], finder: Finder, authors: dict[str, str]) -> Iterator[Record | Reject]:
        """One picture with an answer for each time that a file speaks of it."""
        first = said[0]
        found = finder.find(first.name, first.source)
        if found is None and "://" not in first.name:
            self.context.losses.add("pictures", becomes=MISSING, remedy=UPLOAD)
        facts = Facts(width=_side(first.width), height=_side(first.height))
        extra: dict[str, object] = {self.own: first.extra} if first.extra else {}
        item = Item(
            key=found or first.name,
            streams={self.stream: Stream("image", Ref(uri=found or first.name), facts, first.name)},
            metadata=first.metadata,
            extra=extra,
        )
        responses: list[Response] = []
        names: dict[str, int] = {}
        for picture in said:
            yield from (reject(picture.source, [problem], line=line) for line, problem in picture.problems)
            if not picture.answered:
                continue
            annotations: list[Annotation] = []
            for region in picture.regions:
                try:
                    annotation = self._annotation(region, facts, len(annotations) + 1)
                except BadCell as error:
                    yield reject(picture.source, [error.problem], line=region.line, raw=region)
                else:
                    annotations += [annotation] if annotation else []
            name = authors[picture.source]
            names[name] = names.get(name, 0) + 1
            author = Author(type="import", name=name if names[name] == 1 else f"{name} {names[name]}")
            responses.append(
                Response(author=author, annotations=tuple(annotations), covers=self._covers(picture), cause="import")
            )
        yield Record(item, tuple(responses), first.line, first.source, len(said))

    def _annotation(self, region: Region, facts: Facts, number: int) -> Annotation | None:
        """A region as an annotation; None, and counted, where no field can have it. Raises `BadCell` for what is wrong."""
        fitting = [f for kind in AS.get(region.kind, {}) for f in self.fields if f.kind == kind]
        field = next((f for f in fitting if region.label in self.named[f.key]), next(iter(fitting), None))
        if field is None:
            what = NAMES.get(region.kind, region.kind)
            self.context.losses.add(what, becomes="left out", remedy=FEWER.format(what))
            return None
        label = label_named(region.label, field)
        value = self._value(region, field, facts)
        return Annotation(
            id=str(number),
            field=field.key,
            kind=field.kind,
            on=On(self.stream),
            label=label,
            value=value,
            attributes=self._attributes(region, field, label),
            confidence=region.confidence,
            group=region.group,
            z=region.z,
            extra={self.own: region.extra} if region.extra else {},
        )

    def _value(self, region: Region, field: Field, facts: Facts) -> object:
        kind = self.context.kinds[field.kind]
        if region.kind == "keypoints":
            return checked(self._keypoints(region.value, field), field, kind, facts)
        given = region.value if isinstance(region.value, dict) else {}
        size = (facts.width, facts.height) if facts.width and facts.height else None
        value = as_kind(region.kind, given, field.kind, size)
        if value is None:
            expected = "a picture of known size" if size is None else "an area of one pixel or more"
            raise BadCell(Problem("", shown(region.value), expected, "Upload the picture, or remove the region."))
        what, becomes = NAMES[region.kind], AS[region.kind][field.kind]
        self.context.losses.add(what, int(bool(becomes)), becomes=becomes, remedy=FEWER.format(what))
        if field.kind == "polygon" and isinstance(value, dict) and not value.get("holes"):
            rings = value.get("outer")
            value, was_mended = sound(rings if isinstance(rings, list) else [], field, kind, facts)
            self.context.losses.add("polygons that cross themselves", int(was_mended), becomes=MENDED, remedy=LOOK)
            return value
        return checked(value, field, kind, facts)

    def _keypoints(self, value: object, field: Field) -> object:
        """Points by name in the order of the field's template; those that it lacks are counted."""
        if not isinstance(value, dict):
            return value
        names = list(getattr(field.options, "points", ()))
        strange = [name for name, point in value.items() if name not in names and point[2]]
        self.context.losses.add(
            "points that the template lacks", len(strange), becomes="left out", remedy="Add the points to the template."
        )
        return [value.get(name, [0, 0, 0]) for name in names]

    def _attributes(self, region: Region, field: Field, label: str) -> dict[str, object]:
        wanted = field.attributes_of(label)
        found: dict[str, object] = {}
        for name, given in region.attributes.items():
            if name not in wanted:
                self.context.losses.add(f"attribute `{name}`", becomes="left out", remedy=NOT_ASKED)
                continue
            asked = wanted[name]
            try:
                found[name] = value_of(_truth(given, asked), asked, self.context.kinds[asked.kind])
            except BadCell as error:
                problem = msgspec.structs.replace(error.problem, path=f"attributes.{name}")
                raise BadCell(problem) from error
        return found

    def _covers(self, picture: Picture) -> dict[str, list[str] | None]:
        """The fields that the file spoke about, and of which labels, where it says which there are."""
        found: dict[str, list[str] | None] = {}
        said = picture.labels
        for field in self.fields:
            named = self.named[field.key]
            labels = None if said is None else {named[name] for name in said if name in named}
            if labels is None or set(field.labels) <= labels:
                found[field.key] = None
            elif labels:
                found[field.key] = [label for label in field.labels if label in labels]
        return found


def _truth(given: object, field: Field) -> object:
    """Yes and no by the names that the attribute's own options have for them."""
    word = str(given).casefold()
    options = getattr(field.options, "options", {})
    for words in (TRUE, FALSE):
        if word in words and word not in options:
            return next((option for option in words if option in options), given)
    return given


def _side(value: int | None) -> int | None:
    return value if value is not None and 0 < value < LARGEST_SIDE else None
