"""Pictures with their masks as PNG beside them: a number a pixel, which names a class or a thing.

Pictures and masks have the same name in different folders; a folder of masks is called so: `masks`, `testannot`,
`SegmentationClass` … What the numbers mean stands in `classes.csv`, `classes.txt` or `label_colors.txt`, in the folder of the
masks or above it; `instances.csv` says it for each file where a number is a thing. Without any, a number is its own class.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from karat.formats.base import Format, Loss, Proposal, ReadContext, Record, Reject, Source, nothing_to_read, reject
from karat.formats.base import Mapping as ColumnMapping
from karat.formats.cells import BadCell, checked, label_named
from karat.formats.columns import is_image
from karat.formats.folders import SPLITS
from karat.formats.mask_classes import Classes, is_table, value_names
from karat.formats.mask_folder_writing import mask_losses, write_masks
from karat.formats.propose import options_of, proposal, schema_for
from karat.formats.sources import READ_ERRORS, is_aside
from karat.geometry import masks
from karat.model.item import Item, Ref, Scalar, Stream
from karat.model.kind import AnyKind, Facts
from karat.model.problem import Problem, Refused, shown
from karat.model.response import Annotation, Author, On, Response
from karat.model.schema import Field, Schema

FOLDERS = ("annot", "mask", "segmentation")
"""Words by which a folder of masks is known."""
ENDINGS = ("_L", "_mask", "_seg", "_label", "_labelIds", "_gtFine_labelIds")
"""What mask files add to the name of their picture."""
IHDR = b"\x89PNG\r\n\x1a\n"
GREY_OR_INDEXED = (0, 3)
EMPTY = (0, 255)
"""Numbers that mean nothing where no table names them: the ground, and what is left out."""
NOTE = "No table says what the numbers in the masks mean: each is its own class, and 0 and 255 are nothing unless a label is called so."
UNNAMED = "mask values that are no label"
SAMPLE = 60
Pixels = NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """What a source has: pictures in their order, and the masks of each stem."""

    pictures: tuple[str, ...]
    masks: Mapping[str, tuple[str, ...]]
    tables: Classes


def reads(name: str, head: bytes) -> bool:
    """A PNG of numbers in a folder of masks; pictures beside it are found by its name."""
    return _is_mask(name) and head.startswith(IHDR) and head[25:26] in [bytes([c]) for c in GREY_OR_INDEXED]


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each picture with an answer that has its masks; masks of no picture are rejects."""
    yield from islice(_records(source, context), context.skip, None)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """A field of masks with the classes as labels: one mask a label, or things where `instances.csv` tells them apart."""
    found = _look(source)
    if not found.pictures:
        return None
    names: dict[str, None] = dict.fromkeys(found.tables.names())
    if not names:
        seen = islice((name for stems in found.masks.values() for name in stems), SAMPLE)
        names = dict.fromkeys(
            str(value) for value in sorted({v for name in seen for v in _values(source, name)} - set(EMPTY))
        )
    field: dict[str, object] = {"kind": "mask", "labels": options_of(names or ["thing"])}
    shared = {} if found.tables.has_things else {"instances": False, "overlap": False}
    return proposal({"image": {"kind": "image"}}, {"masks": {**field, **shared}}, kinds, ColumnMapping())


def _records(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    schema = schema_for(context, lambda: propose(source, context.kinds))
    stream = next((s.key for s in schema.streams.values() if s.kind == "image"), None)
    if stream is None:
        raise Refused(
            [
                Problem(
                    "streams",
                    ", ".join(schema.streams),
                    "a stream of kind image",
                    "Import another kind of file, or change the schema.",
                )
            ]
        )
    found = _look(source)
    if not found.pictures:
        yield from nothing_to_read(source, "a picture with masks")
    used: set[str] = set()
    for name in found.pictures:
        mine = _masks_of(name, found.masks)
        used.update(mine)
        yield from _record(source, name, mine, stream, schema, found.tables, context)
    for name in (name for names in found.masks.values() for name in names if name not in used):
        yield reject(
            name,
            [
                Problem(
                    "", name, "a picture of the same name", "Put the picture into a folder of its own beside the masks."
                )
            ],
        )


def _record(
    source: Source, name: str, mine: tuple[str, ...], stream: str, schema: Schema, tables: Classes, context: ReadContext
) -> Iterator[Record | Reject]:
    answers: dict[str, list[Annotation]] = {}
    covers: dict[str, dict[str, list[str] | None]] = {}
    for mask in mine:
        field = _field(mask, schema, stream)
        if field is None:
            context.losses.add("masks", becomes="left out", remedy="Give the schema a field of masks.")
            continue
        author = _author(mask, context.default_author)
        try:
            made = _annotations(source, mask, field, stream, tables, context, len(answers.get(author, [])))
        except BadCell as error:
            yield reject(mask, [error.problem])
            continue
        answers.setdefault(author, []).extend(made)
        covers.setdefault(author, {})[field.key] = None
    responses = [
        Response(
            author=Author(type="import", name=author), annotations=tuple(made), covers=covers[author], cause="import"
        )
        for author, made in answers.items()
    ]
    split = next((part.lower() for part in PurePosixPath(name).parts[:-1] if part.lower() in SPLITS), None)
    metadata: dict[str, Scalar] = {"split": split} if split else {}
    picture = Stream("image", Ref(uri=name), name=name.rsplit("/", 1)[-1])
    yield Record(Item(key=name, streams={stream: picture}, metadata=metadata), tuple(responses), None, name)


def _annotations(
    source: Source, name: str, field: Field, stream: str, tables: Classes, context: ReadContext, taken: int
) -> list[Annotation]:
    """A mask for each number that a label is named for."""
    pixels = _pixels(source, name, tables)
    named = value_names(tables, name)
    if not named and NOTE not in context.notes:
        context.notes.append(NOTE)
    facts = Facts(width=pixels.shape[1], height=pixels.shape[0])
    made: list[Annotation] = []
    for value in np.unique(pixels).tolist():
        try:
            label = label_named(named.get(value, str(value)), field)
        except BadCell:
            context.losses.add(
                UNNAMED,
                int(value not in EMPTY or value in named),
                becomes="left out",
                remedy="Add the labels, or name the numbers in classes.csv.",
            )
            continue
        crop = masks.of_pixels(pixels == value)
        if crop is not None:
            given = checked({"box": list(crop[0]), "counts": crop[1]}, field, context.kinds["mask"], facts)
            made.append(
                Annotation(
                    id=str(taken + len(made) + 1), field=field.key, kind="mask", on=On(stream), label=label, value=given
                )
            )
    return made


def _pixels(source: Source, name: str, tables: Classes) -> Pixels:
    """The number of each pixel; colours are numbered by the table that names them. Raises `BadCell`."""
    from PIL import Image, UnidentifiedImageError

    try:
        with source.open(name) as file, Image.open(file) as image:
            is_coloured = image.mode in ("RGB", "RGBA")
            pixels = np.asarray(image.convert("RGB") if is_coloured else image, np.int64)
    except (UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError, *READ_ERRORS) as error:
        problem = Problem("", shown(name), "a PNG with a number a pixel", "Save the mask as a grey or indexed PNG.")
        raise BadCell(problem) from error
    return tables.numbered(pixels, name) if is_coloured else pixels


def _values(source: Source, name: str) -> set[int]:
    try:
        return set(np.unique(_pixels(source, name, Classes())).tolist())
    except BadCell:
        return set()  # it is a reject when it is read


def _look(source: Source) -> Found:
    pictures: list[str] = []
    found: dict[str, list[str]] = {}
    tables: list[str] = []
    for name in source.names():
        if is_table(name):
            tables.append(name)
        elif is_aside(name) or not is_image(name):
            continue
        elif _is_mask(name):
            found.setdefault(PurePosixPath(name).stem, []).append(name)
        else:
            pictures.append(name)
    return Found(tuple(pictures), {stem: tuple(names) for stem, names in found.items()}, Classes.read(source, tables))


def _masks_of(picture: str, found: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The masks with the picture's name; of several pictures of one name, those in the folders that are most alike."""
    stem = PurePosixPath(picture).stem
    names = next((found[stem + ending] for ending in ("", *ENDINGS) if stem + ending in found), ())
    words = set(PurePosixPath(picture).parts[:-1]) & SPLITS
    near = tuple(name for name in names if words & set(PurePosixPath(name).parts[:-1]))
    return near or names


def _is_mask(name: str) -> bool:
    folders = [part.lower() for part in PurePosixPath(name).parts[:-1]]
    return name.lower().endswith(".png") and any(word in part for part in folders for word in FOLDERS)


def _field(name: str, schema: Schema, stream: str) -> Field | None:
    """The field that a folder `masks.<field>` names, else the first of masks."""
    fields = {f.key: f for f in schema.fields.values() if f.kind == "mask" and f.on == stream}
    named = [part.partition(".")[2] for part in PurePosixPath(name).parts[:-1] if part.startswith("masks.")]
    return next((fields[key] for key in named if key in fields), next(iter(fields.values()), None))


def _author(name: str, default: str) -> str:
    """Who a folder `1-ann` above the masks names, as an export of all authors has them."""
    first, *more = PurePosixPath(name).parts
    number, dash, author = first.partition("-")
    return author if more and dash and number.isdigit() and author else default


def _losses(schema: Schema) -> list[Loss]:
    return mask_losses(schema)


MASK_FOLDER = Format(
    name="mask_folder",
    title="Folder of masks",
    about="pictures with masks beside them",
    extensions=(".png",),
    media_type="image/png",
    reads=reads,
    read=read,
    write=write_masks,
    losses=_losses,
    propose=propose,
)
