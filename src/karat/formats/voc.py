"""Pascal VOC: a box for each thing, in an XML file for each picture; pixels are counted from 1 and both ends are in the box
(VOC2012 development kit, section on annotation)."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

import msgspec

from karat.formats.base import Format, Loss, Proposal, ReadContext, Record, Reject, Sink, Source, WriteContext, reject
from karat.formats.cells import BadCell
from karat.formats.coco_numbers import finite
from karat.formats.columns import is_image
from karat.formats.finding import Finder
from karat.formats.folders import SPLITS
from karat.formats.lines import head_of
from karat.formats.region_fields import propose_from
from karat.formats.region_reading import read_regions, regions_of
from karat.formats.region_writing import Answer, Holding, answers, region_losses, stem_of, write_picture
from karat.formats.regions import Picture, Region
from karat.formats.repeats import Repeats
from karat.formats.sources import READ_ERRORS
from karat.formats.xml_parts import parts
from karat.model.item import Scalar
from karat.model.kind import AnyKind
from karat.model.problem import Problem, shown
from karat.model.schema import Schema

HOLDING = Holding(own="voc", kinds=("box",), parts=("attributes",))
FLAGS = ("truncated", "difficult", "occluded")
"""Attributes of yes and no, which stand as 1 and 0."""
PLAIN = frozenset({"name", "bndbox", "part", "actions", "attributes", "point", "polygon"})
SIDES = ("xmin", "ymin", "xmax", "ymax")
PARTS = "parts of things, such as heads"
ACTIONS = "actions of persons"


def reads(name: str, head: bytes) -> bool:
    """An XML file whose root is `annotation`, with the name of a picture."""
    return (
        name.lower().endswith(".xml")
        and b"<annotation>" in head
        and b"<filename>" in head
        and b"<imagesize>" not in head
    )


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each picture with its boxes."""
    yield from read_regions(source, context, pictures, title=VOC.title, own=HOLDING.own)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """A field of boxes with the names as labels, and what is said of them as attributes."""
    return propose_from(regions_of(pictures(source, ReadContext())), kinds)


def pictures(source: Source, context: ReadContext) -> Iterator[Picture | Reject]:
    """What each file says of its picture, which it names with or without its ending, or not at all by its own name."""
    finder, stems = Finder(source), _by_stem(source)
    for name in source.names():
        if not name.lower().endswith(".xml"):
            continue
        try:
            with source.open(name) as file:
                if not reads(name, head_of(file, 1 << 16)):
                    continue
            with source.open(name) as file:
                for element, line in parts(file, frozenset({"annotation"})):
                    if isinstance(element, Problem):
                        yield reject(name, [element], line=line)
                    else:
                        found = _picture(element, name, line, context)
                        if isinstance(found, Picture) and finder.find(found.name, name) is None:
                            found = msgspec.structs.replace(found, name=_alike(found, stems) or found.name)
                        yield found
        except READ_ERRORS as error:
            yield reject(name, [Problem("", shown(str(error)), "a file that can be read", "Upload it again.")])


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """`Annotations/`, `JPEGImages/` and `ImageSets/Main/`, below a folder for each author."""
    names = Repeats()
    lists: dict[str, list[str]] = {}
    for answer in answers(records, context, HOLDING):
        stem = stem_of(answer, names)
        above = f"{answer.author}/" if answer.author else ""
        file_name = write_picture(sink, f"{above}JPEGImages/", stem, answer, context)
        with sink.open(f"{above}Annotations/{stem}.xml") as file:
            file.write(_document(answer, file_name))
        split = str(answer.item.metadata.get("split", "")).lower()
        lists.setdefault(f"{above}ImageSets/Main/{split if split in SPLITS else 'default'}.txt", []).append(stem)
    for path, stems in lists.items():
        with sink.open(path) as file:
            file.write("".join(f"{stem}\n" for stem in stems).encode())


def losses(schema: Schema) -> list[Loss]:
    """What Pascal VOC has no place for."""
    return region_losses(schema, HOLDING)


def _picture(root: Element, source: str, line: int, context: ReadContext) -> Picture | Reject:
    name = (root.findtext("filename") or "").strip()
    if not name or len(name) > 1000:
        problem = Problem("filename", shown(name), "the name of a picture", "Give the file its picture’s name.")
        return reject(source, [problem], line=line)
    regions: list[Region] = []
    problems: list[tuple[int | None, Problem]] = []
    for thing in root.findall("object"):
        context.losses.add(
            PARTS, len(thing.findall("part")), becomes="left out", remedy="Label them as things of their own."
        )
        context.losses.add(
            ACTIONS, len(thing.findall("actions")), becomes="left out", remedy="Add attributes for them."
        )
        try:
            regions.append(_region(thing, line))
        except BadCell as error:
            problems.append((line, error.problem))
    split = next((part.lower() for part in source.split("/")[:-1] if part.lower() in SPLITS), None)
    metadata: dict[str, Scalar] = {"split": split} if split else {}
    return Picture(
        name=name,
        source=source,
        line=line,
        width=_whole(root.findtext("size/width")),
        height=_whole(root.findtext("size/height")),
        regions=tuple(regions),
        problems=tuple(problems),
        metadata=metadata,
    )


def _by_stem(source: Source) -> dict[str, list[str]]:
    """Pictures by their names in lower case, without the ending."""
    found: dict[str, list[str]] = {}
    for name in source.names():
        if is_image(name):
            found.setdefault(PurePosixPath(name).stem.lower(), []).append(name)
    return found


def _alike(picture: Picture, stems: Mapping[str, list[str]]) -> str | None:
    """The only picture whose name is alike but for case and ending, by the name given, else by that of the file."""
    stems_given = (
        PurePosixPath(picture.name).stem,
        PurePosixPath(picture.name).name,
        PurePosixPath(picture.source).stem,
    )
    return next((found[0] for stem in stems_given if len(found := stems.get(stem.lower(), [])) == 1), None)


def _region(thing: Element, line: int) -> Region:
    found = [_number(thing.findtext(f"bndbox/{side}")) for side in SIDES]
    sides = [side for side in found if side is not None]
    if len(sides) < 4:
        expected = "xmin, ymin, xmax and ymax in pixels"
        raise BadCell(Problem("bndbox", shown(found), expected, "Mend the box."))
    asked: dict[str, object] = {}
    for child in thing:
        text = (child.text or "").strip()
        if child.tag not in PLAIN and text and not len(child):
            asked[child.tag] = ("yes" if text == "1" else "no") if child.tag in FLAGS and text in ("0", "1") else text
    for attribute in thing.findall("attributes/attribute"):
        asked[attribute.findtext("name") or ""] = attribute.findtext("value") or ""
    left, top, right, bottom = sides
    box = {"left": max(0.0, left - 1), "top": max(0.0, top - 1), "right": right, "bottom": bottom}
    return Region(kind="box", label=(thing.findtext("name") or "").strip(), value=box, attributes=asked, line=line)


def _document(answer: Answer, file_name: str) -> bytes:
    facts = answer.stream.facts
    size = f"<width>{facts.width or 0}</width><height>{facts.height or 0}</height><depth>3</depth>"
    lines = ["<annotation>", "  <folder>JPEGImages</folder>", f"  <filename>{escape(file_name)}</filename>"]
    lines += [f"  <size>{size}</size>", "  <segmented>0</segmented>"]
    for region in answer.regions:
        value = region.value if isinstance(region.value, dict) else {}
        lines += ["  <object>", f"    <name>{escape(region.label)}</name>"]
        named = {"pose": "Unspecified", "truncated": "0", "difficult": "0", **region.attributes}
        others = [name for name in named if name not in ("pose", *FLAGS)]
        lines += [f"    <{name}>{escape(_said(named[name]))}</{name}>" for name in named if name not in others]
        sides = [float(str(value[side])) + add for side, add in (("left", 1), ("top", 1), ("right", 0), ("bottom", 0))]
        box = "".join(f"<{name}>{side:.10g}</{name}>" for name, side in zip(SIDES, sides, strict=True))
        lines.append(f"    <bndbox>{box}</bndbox>")
        if others:
            told = "".join(
                f"<attribute><name>{escape(name)}</name><value>{escape(str(named[name]))}</value></attribute>"
                for name in others
            )
            lines.append(f"    <attributes>{told}</attributes>")
        lines.append("  </object>")
    return "\n".join([*lines, "</annotation>", ""]).encode()


def _said(value: object) -> str:
    word = str(value).casefold()
    return "1" if word in ("yes", "true") else "0" if word in ("no", "false") else str(value)


def _number(text: str | None) -> float | None:
    try:
        return finite(float(text or ""))
    except ValueError:
        return None


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdigit() and len(text) < 12 and int(text) else None


VOC = Format(
    name="voc",
    title="Pascal VOC",
    about="boxes of pictures, an XML file for each",
    extensions=(".xml",),
    media_type="application/xml",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    propose=propose,
)
