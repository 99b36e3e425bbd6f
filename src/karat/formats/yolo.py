"""YOLO: a text file of rows for each picture, as Darknet and Ultralytics (detect, segment, pose, obb) have it."""

from collections.abc import Iterator, Mapping

from karat.formats.base import Format, Proposal, ReadContext, Record, Reject, Source, reject
from karat.formats.cells import BadCell
from karat.formats.folders import SPLITS
from karat.formats.picture_sizes import size_in
from karat.formats.region_fields import propose_from
from karat.formats.region_reading import read_regions, regions_of
from karat.formats.regions import Picture, Region
from karat.formats.sources import READ_ERRORS
from karat.formats.yolo_rows import numbers_of, rows_in, shapes_of
from karat.formats.yolo_sets import Found, is_labels, is_table, look, text_of
from karat.formats.yolo_writing import HOLDING, losses, write
from karat.model.item import Scalar
from karat.model.kind import AnyKind
from karat.model.problem import Problem, shown

CORNERS = "Every row has four corners: those with right angles are read as rotated boxes."
POINTS = "kpt_names is not said in data.yaml: keypoints are called point_1, point_2 …"


def reads(name: str, head: bytes) -> bool:
    """A description of a set as Ultralytics has it, Darknet's `obj.data`, or rows of a class and shares of a picture."""
    is_darknet = name.lower().endswith(".data") and b"names" in head and b"train" in head
    return is_table(name, head) or is_labels(name, head) or is_darknet


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each picture with its rows; a picture without any in a folder whose others have some is one where nothing was found."""
    yield from read_regions(source, context, pictures, title=YOLO.title, own=HOLDING.own)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """A field for what the rows draw, with the classes as labels."""
    found = look(source)
    if not any(label for _, label in found.pictures):
        return None
    points = next((told.task.points for told in found.sets.values() if told.task.points), ())
    return propose_from(
        regions_of(_pictures(source, found)), kinds, template={"points": list(points)} if points else None
    )


def pictures(source: Source, context: ReadContext) -> Iterator[Picture | Reject]:
    """What the files say of each picture."""
    found = look(source)
    if any(told.task.corners for told in found.sets.values()):
        context.notes.append(CORNERS)
    if any(told.task.points[:1] == ("point_1",) for told in found.sets.values()):
        context.notes.append(POINTS)
    if not any(label for _, label in found.pictures) and not found.strays:
        return
    yield from _pictures(source, found)
    for name in found.strays:
        problem = Problem("", name, "a picture of the same name", "Upload the picture: rows are shares of its size.")
        yield reject(name, [problem])


def _pictures(source: Source, found: Found) -> Iterator[Picture | Reject]:
    for name, label in found.pictures:
        size = size_in(source, name)
        if size is None:
            problem = Problem("", name, "a picture that can be opened", "Mend the picture, or save it as JPEG or PNG.")
            yield reject(label or name, [problem])
            continue
        yield _picture(source, name, label, size, found)


def _picture(source: Source, name: str, label: str | None, size: tuple[int, int], found: Found) -> Picture:
    """`label` is "" where others of the folder have label files and this picture has none, None where none has."""
    regions: list[Region] = []
    told = found.told(label or name)
    problems: list[tuple[int | None, Problem]] = []
    try:
        text = text_of(source, label) if label else ""
    except (ValueError, *READ_ERRORS) as error:
        text = ""
        problems.append((None, Problem("", shown(str(error)), "rows of text in UTF-8", "Save the file as text.")))
    for line, row in rows_in(text):
        try:
            numbers = numbers_of(row)
            shapes, sure = shapes_of(numbers, told.task, *size)
        except BadCell as error:
            problems.append((line, error.problem))
            continue
        number = int(numbers[0])
        named = told.names.get(number, str(number))
        group = f"row {line}" if len(shapes) > 1 else None
        regions += [
            Region(kind=kind, label=named, value=value, confidence=sure, group=group, line=line)
            for kind, value in shapes
        ]
    split = next((part.lower() for part in name.split("/")[:-1] if part.lower() in SPLITS), None)
    metadata: dict[str, Scalar] = {"split": split} if split else {}
    return Picture(
        name=name,
        source=label or name,
        width=size[0],
        height=size[1],
        regions=tuple(regions),
        problems=tuple(problems),
        labels=tuple(told.names.values()) or None,
        answered=label is not None,
        metadata=metadata,
    )


YOLO = Format(
    name="yolo",
    title="YOLO",
    about="boxes, outlines or keypoints of pictures, for training",
    extensions=(".yaml", ".txt"),
    media_type="application/yaml",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    propose=propose,
)
