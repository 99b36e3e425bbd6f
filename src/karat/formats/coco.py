"""COCO: images, annotations and categories in one JSON, in any order and of any size.

Polygons, masks, boxes and keypoints become annotations of the schema's fields of these kinds. Without a field of polygons, a
polygon is read as a mask if there is a field of masks, else by its box. Whatever else an annotation has stays in
`extra["coco"]`; it is counted, and written back as long as the shape was not changed. The first image of each file keeps
the file's own head (info, licences, categories) in `extra["coco_dataset"]`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

import msgspec

from karat.formats.base import Format, Proposal, ReadContext, Record, Reject, Source, nothing_to_read, reject
from karat.formats.base import Mapping as ColumnMapping
from karat.formats.coco_annotations import as_object, identity
from karat.formats.coco_images import Dataset, Images
from karat.formats.coco_keypoints import fields_for, has_keypoints
from karat.formats.coco_masks import holds_runs
from karat.formats.coco_panoptic import runs_of_segments
from karat.formats.coco_shapes import is_rectangle, rings_of
from karat.formats.coco_turned import rectangle_of
from karat.formats.coco_writing import losses, write
from karat.formats.finding import Finder
from karat.formats.jsonstream import BrokenJson, parts
from karat.formats.lines import head_of, holds_nul
from karat.formats.propose import options_of, proposal, schema_for
from karat.formats.spool import Owner, Spool, spool
from karat.model.kind import AnyKind
from karat.model.problem import Problem, shown
from karat.model.response import Response

HEAD = 1 << 16
TWICE = "pictures that are in a file twice or more"
ANSWERS = "one item, with an answer for each"
ONCE = "Look whether they are answers of several people or a slip of the file."
MARKS = (b'"images"', b'"annotations"', b'"categories"')
NOT_COCO = (b'"shapes"', b'"result"', b'"imagePath"', b'"dataset"', b'"openlabel"', b'"asset"')


def reads(name: str, head: bytes) -> bool:
    """A JSON object with images, annotations or categories in it."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not name.lower().endswith(".json") or not start.startswith(b"{") or any(mark in head for mark in NOT_COCO):
        return False
    found = [mark for mark in MARKS if mark in head]
    return len(found) >= 2 or (
        bool(found) and any(mark in head for mark in (b'"file_name"', b'"image_id"', b'"licenses"', b'"info"'))
    )


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each image with its shapes; an annotation that is wrong or belongs to no image is a reject of its own."""
    yield from islice(_records(source, context), context.skip, None)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """Fields of polygons, masks, boxes and keypoints with the categories as labels, as there are, and one of text for captions."""
    names: dict[str, None] = {}
    categories: list[dict[str, object]] = []
    found: set[str] = set()
    finder: Finder | None = Finder(source)
    for name in _names(source):
        with source.open(name) as file:
            for part in parts(file):
                value = None if isinstance(part, BrokenJson) or not part.listed else as_object(part.raw)
                if value is None or isinstance(part, BrokenJson):
                    continue
                if part.path == "categories" and isinstance(value.get("name"), str):
                    names[str(value["name"])] = None
                    categories.append(value)
                if part.path == "annotations":
                    found |= {"crowd"} if value.get("iscrowd") == 1 else set()
                    found |= {"mask"} if finder and runs_of_segments(value, name, finder) else set()
                    # One picture tells of all: each is a large file.
                    finder = None if "mask" in found else finder
                    found |= {_shape_of(value), *(["keypoints"] if has_keypoints(value) else [])}
                    found |= {"caption"} if isinstance(value.get("caption"), str) else set()
    fields: dict[str, object] = {}
    if names:
        crowd = {"crowd": {"kind": "choice", "options": {"no": {}, "yes": {}}, "default": "no"}}
        described = {"labels": options_of(names)} | ({"attributes": crowd} if "crowd" in found else {})
        if "turned" in found and "polygon" not in found:
            fields["objects"] = {"kind": "rotated_box", **described}
            found -= {"box"}  # a level one is held as well
        if "polygon" in found:
            fields["objects"] = {"kind": "polygon", **described}
        if "mask" in found:
            fields["masks" if fields else "objects"] = {"kind": "mask", **described}
        if "box" in found or not fields:
            fields["boxes" if fields else "objects"] = {"kind": "box", **described}
        for key, (options, labels) in fields_for(categories).items() if "keypoints" in found else ():
            fields[key] = {"kind": "keypoints", "labels": options_of(labels), **options}
    if "caption" in found:
        fields["caption"] = {"kind": "text", "multiline": True}
    return proposal({"image": {"kind": "image"}}, fields, kinds, ColumnMapping()) if fields else None


def _shape_of(thing: dict[str, object]) -> str:
    """The kind that holds most of an annotation; polygons that only repeat the box are boxes."""
    if holds_runs(thing.get("segmentation")):
        return "mask"
    rings = rings_of(thing.get("segmentation"))
    if rings:
        if is_rectangle(rings):
            return "rectangle"
        return "turned" if rectangle_of(thing) else "polygon"
    return "box" if "bbox" in thing else "none"


def _records(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    schema = schema_for(context, lambda: propose(source, context.kinds))
    names = _names(source)
    if not names:
        yield from nothing_to_read(source, COCO.title)
    stream = next((s.key for s in schema.streams.values() if s.kind == "image"), None)
    if stream is None:
        problem = Problem(
            "",
            "no stream of images",
            "a stream for the pictures",
            "Add `image: {kind: image}` to the streams of the schema.",
        )
        yield from (reject(name, [problem]) for name in names)
        return
    finder = Finder(source)
    with spool(context.scratch) as store:
        files: list[Images] = []
        for number, name in enumerate(names):
            dataset = Dataset()
            yield from _filled(source, name, store, dataset, finder, f"{number}/")
            files.append(Images(name, schema, stream, dataset, finder, context, number=number))
        store.index()
        for owners in store.groups():
            yield from _record([(files[_number(o.identity)], o, store.things_of(o.identity)) for o in owners])
        for owner, line, raw in store.strays():
            problem = Problem(
                "image_id",
                shown(_image_id(raw)),
                "the id of an image of this file",
                "Add the image, or remove the annotation.",
            )
            yield reject(names[_number(owner)], [problem], line=line, raw=raw)


def _filled(source: Source, name: str, store: Spool, dataset: Dataset, finder: Finder, prefix: str) -> Iterator[Reject]:
    """Put images and annotations on disk; what cannot be told from its bytes is a reject."""
    with source.open(name) as file:
        for part in parts(file):
            if isinstance(part, BrokenJson):
                yield reject(name, [part.problem], line=part.line, raw=part.raw)
                continue
            dataset.annotated = dataset.annotated or part.path == "annotations"
            try:
                value = msgspec.json.decode(part.raw)
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                got = shown(part.raw[:80].decode("utf-8", "replace"))
                yield reject(
                    name, [Problem(part.path, got, f"JSON ({error})", "Mend it.")], line=part.line, raw=part.raw
                )
                continue
            if holds_nul(part.raw):
                yield reject(
                    name,
                    [Problem(part.path, shown(value), "text without U+0000", "Remove the NUL characters.")],
                    line=part.line,
                    raw=part.raw,
                )
                continue
            if part.path not in ("images", "annotations") or not part.listed:
                dataset.keep(part, value)
                continue
            ident = (
                identity(value.get("id" if part.path == "images" else "image_id")) if isinstance(value, dict) else None
            )
            if ident is None:
                problem = Problem(
                    part.path,
                    shown(value),
                    "an object with `id` or `image_id`",
                    "Give each image its id, and each annotation its image's.",
                )
                yield reject(name, [problem], line=part.line, raw=part.raw)
            elif part.path == "images":
                given = value.get("file_name")
                found = finder.find(given, name) or given if isinstance(given, str) and given else f"{prefix}{ident}"
                store.add_owner(prefix + ident, found, part.line, part.raw)
            else:
                store.add_thing(prefix + ident, part.line, part.raw)


def _record(found: list[tuple[Images, Owner, list[tuple[int, bytes]]]]) -> Iterator[Record | Reject]:
    """The record of one picture, which several files may speak of, or one file twice: each is then an answer of its own."""
    record: Record | None = None
    taken: Counter[str] = Counter()
    for images, owner, things in found:
        read = images.read(owner, things)
        yield from read.rejects
        if read.item is None:
            continue
        taken[images.name] += 1
        images.context.losses.add(TWICE, int(taken[images.name] == 2), becomes=ANSWERS, remedy=ONCE)
        if record is None:
            record = Record(read.item, read.responses, owner.line, images.name)
        else:
            own = (
                {"coco_image": read.item.extra["coco"]} if read.item.extra["coco"] != record.item.extra["coco"] else {}
            )
            more = (_again(r, taken[images.name], own) for r in read.responses)
            record = Record(record.item, (*record.responses, *more), record.line, record.source, record.rows + 1)
    if record is not None:
        yield record


def _again(response: Response, nth: int, own: dict[str, object]) -> Response:
    """An answer of a further entry for a picture; of the same file, its author is another one."""
    author = response.author
    if nth > 1:
        author = msgspec.structs.replace(author, name=f"{author.name} #{nth}")
    return msgspec.structs.replace(response, author=author, extra={**response.extra, **own})


def _names(source: Source) -> list[str]:
    found: list[str] = []
    for name in source.names():
        if name.lower().endswith(".json"):
            with source.open(name) as file:
                if reads(name, head_of(file, HEAD)):
                    found.append(name)
    return found


def _image_id(raw: bytes) -> object:
    return (as_object(raw) or {}).get("image_id")


def _number(identity: str) -> int:
    return int(identity.partition("/")[0])


COCO = Format(
    name="coco",
    title="COCO",
    about="regions of pictures, for training",
    extensions=(".json",),
    media_type="application/json",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    names_media=True,
    propose=propose,
)
