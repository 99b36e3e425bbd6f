"""Images of one COCO file as items, with the answers that their annotations are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as default

import msgspec

from karat.formats.base import ReadContext, Reject, reject
from karat.formats.coco_annotations import Annotations, as_object
from karat.formats.finding import Finder
from karat.formats.jsonstream import Part
from karat.formats.spool import Owner
from karat.model.item import Item, Ref, Scalar, Stream
from karat.model.kind import Facts
from karat.model.problem import Problem, shown
from karat.model.response import Author, Response
from karat.model.schema import Schema

MOST_KEPT = 2000
"""Elements of a list other than images, annotations and categories that are kept."""
SPLIT = re.compile(
    r"(?:^|[_/.-])(train|val|valid|validation|test|dev|minival|trainval)(?=\d{4}|[_/.-]|$)", re.IGNORECASE
)


@dataclass
class Dataset:
    """What a file says beside its images and annotations."""

    categories: list[dict[str, object]] = default(default_factory=list)
    head: dict[str, object] = default(default_factory=dict)
    annotated: bool = False

    def keep(self, part: Part, value: object) -> None:
        """Remember a category, or an element of the head as far as that is small."""
        if part.path == "categories" and part.listed:
            if isinstance(value, dict):
                self.categories.append(value)
        elif not part.listed:
            self.head[part.path] = value
        else:
            listed = self.head.setdefault(part.path, [])
            if isinstance(listed, list) and len(listed) < MOST_KEPT:
                listed.append(value)


@dataclass
class Made:
    """What one image became."""

    item: Item | None = None
    responses: tuple[Response, ...] = ()
    rejects: list[Reject] = default(default_factory=list)


class Images:
    """Makes items of the images of one file; `number` is its place among the files of the source."""

    def __init__(
        self,
        name: str,
        schema: Schema,
        stream: str,
        dataset: Dataset,
        finder: Finder,
        context: ReadContext,
        *,
        number: int,
    ) -> None:
        self.name = name
        self.stream = stream
        self.dataset = dataset
        self.finder = finder
        self.context = context
        self.author = Author(
            type="import", name=context.default_author if number == 0 else f"{context.default_author} {name}"
        )
        self.annotations = Annotations(name, schema, stream, dataset.categories, context, self.author, finder)
        self.split = split_of(name)
        self.first = True

    def read(self, owner: Owner, things: list[tuple[int, bytes]]) -> Made:
        """One image with all that belongs to it."""
        image = as_object(owner.raw) or {}
        problems = [*_wrong(image)]
        if owner.repeated:
            problems.append(
                Problem("id", shown(image.get("id")), "an id that no earlier image has", "Give each image its own id.")
            )
            things = []  # they belong to the earlier one
        if problems:
            broken = Problem("image_id", shown(image.get("id")), "an image that can be read", "Mend the image.")
            lost = [reject(self.name, [broken], line=at, raw=thing) for at, thing in things]
            return Made(rejects=[reject(self.name, problems, line=owner.line, raw=owner.raw), *lost])
        item = self._item(image)
        made = self.annotations.read(item.streams[self.stream].facts, things)
        return Made(item, self._responses(made.shapes, made.captions, made.extra), made.rejects)

    def _item(self, image: dict[str, object]) -> Item:
        given = str(image["file_name"])
        found = self.finder.find(given, self.name)
        address = next(
            (image[k] for k in ("coco_url", "flickr_url") if isinstance(image.get(k), str) and image[k]), None
        )
        uri = found or (given if "://" in given else None) or (str(address) if address else given)
        if found is None and uri == given and "://" not in given:
            self.context.losses.add(
                "pictures",
                becomes="missing: the file is not in the upload",
                remedy="Upload the pictures together with the label file.",
            )
        facts = Facts(width=_size(image.get("width")), height=_size(image.get("height")))
        extra: dict[str, object] = {
            "coco": {k: v for k, v in image.items() if k not in ("file_name", "width", "height")}
        }
        if self.first:
            extra["coco_dataset"] = {**self.dataset.head, "categories": self.dataset.categories}
            self.first = False
        metadata: dict[str, Scalar] = {"split": self.split} if self.split else {}
        return Item(
            key=found or given,
            streams={self.stream: Stream("image", Ref(uri=uri), facts, given)},
            metadata=metadata,
            extra=extra,
        )

    def _responses(
        self, boxes: Response | None, captions: list[Response], extra: dict[str, object]
    ) -> tuple[Response, ...]:
        if not self.dataset.annotated:
            return ()
        if boxes is not None:
            return (msgspec.structs.replace(boxes, extra=extra), *captions)
        if captions:
            return (msgspec.structs.replace(captions[0], extra=extra), *captions[1:])
        return (Response(author=self.author, cause="import", extra=extra),) if extra else ()


def split_of(name: str) -> str | None:
    """The part of a data set that a file is about, where its name or folder says so.

    >>> split_of("annotations/instances_val2017.json"), split_of("train/_annotations.coco.json"), split_of("instances.json")
    ('val', 'train', None)
    """
    found = SPLIT.findall(name)
    return found[-1].lower() if found else None


def _wrong(image: dict[str, object]) -> Iterator[Problem]:
    name = image.get("file_name")
    if not isinstance(name, str) or not name or "\x00" in name or len(name) > 1000:
        yield Problem("file_name", shown(name), "the name of a picture", "Give each image its file_name.")
    for side in ("width", "height"):
        if image.get(side) is not None and _size(image[side]) is None:
            yield Problem(
                side, shown(image[side]), "pixels, more than 0", "Give the size in whole pixels, or leave it out."
            )


def _size(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1 << 31 or value != int(value):
        return None
    return int(value)
