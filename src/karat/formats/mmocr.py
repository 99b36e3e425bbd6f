"""MMOCR's JSON of text on pictures: detection and spotting (`data_list`), and key information (WildReceipt), a picture a line.

The layouts are those of mmocr.readthedocs.io, "Dataset zoo" and "Data structures": outlines or boxes with what they read.
"""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import msgspec

from karat.formats.base import Format, Proposal, ReadContext, Record, Reject, Source, reject
from karat.formats.jsonstream import BrokenJson, Part, parts
from karat.formats.lines import encoding_of, head_of
from karat.formats.region_fields import propose_from
from karat.formats.region_reading import read_regions, regions_of
from karat.formats.regions import Picture, Region
from karat.formats.sources import READ_ERRORS
from karat.model.kind import AnyKind
from karat.model.problem import Problem, shown

LISTED = b'"data_list"'
ENDINGS = (".json", ".jsonl", ".txt")
HEAD = 1 << 16
CLASSES = "class_list.txt"
LARGEST_LIST = 1 << 20
TEXT = "text"
"""The attribute with what is read, and the label of files that have one class."""
FLAGS = ("ignore",)
WHOLE = "texts of whole pictures"
DO = "Write {polygon: [x, y, …]} or {bbox: [left, top, right, bottom]}."


def reads(name: str, head: bytes) -> bool:
    """A `data_list` of one of MMOCR's data sets of text, or a line for each picture with its boxes and texts."""
    if not name.lower().endswith(ENDINGS):
        return False
    if LISTED in head and b'"Text' in head and b'"dataset_type"' in head:
        return True
    first = head.lstrip()[:1] == b"{" and b'"file_name"' in head and b'"annotations"' in head
    return first and b'"box"' in head and b'"text"' in head and b'"images"' not in head


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each picture with its texts; several files about a picture are several answers to it."""
    yield from read_regions(source, context, pictures, title=MMOCR.title, own=MMOCR.name)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """A field of outlines with the classes as labels, each with its text."""
    found = list(regions_of(pictures(source, ReadContext())))
    said = {r.label for one in found for r in one.regions if TEXT in r.attributes}
    return propose_from(found, kinds, attributes={label: {TEXT: {"kind": "text"}} for label in said}, usual="polygon")


def pictures(source: Source, context: ReadContext) -> Iterator[Picture | Reject]:
    """What the files say of each picture."""
    for name in source.names():
        if not name.lower().endswith(ENDINGS):
            continue
        try:
            with source.open(name) as file:
                head = head_of(file, HEAD)
            if not reads(name, head):
                continue
            is_listed = LISTED in head
            names = {} if is_listed else _class_list(source, name)
            with source.open(name) as file:
                for part in parts(file, split=is_listed):
                    if isinstance(part, Part) and part.path == "metainfo":
                        names = _categories(part.raw)
                    elif isinstance(part, BrokenJson) or not is_listed or part.path == "data_list":
                        yield _picture(part, name, names, context)
        except READ_ERRORS as error:
            yield reject(name, [Problem("", shown(str(error)), "a file that can be read", "Upload it again.")])


def _picture(part: Part | BrokenJson, source: str, names: Mapping[int, str], context: ReadContext) -> Picture | Reject:
    if isinstance(part, BrokenJson):
        return reject(source, [part.problem], line=part.line, raw=part.raw)
    entry = _decoded(part.raw)
    given = entry.get("img_path", entry.get("file_name"))
    if not isinstance(given, str) or not 0 < len(given) <= 1000:
        problem = Problem("img_path", shown(given), "the name of a picture", "Name the picture's file.")
        return reject(source, [problem], line=part.line, raw=part.raw)
    listed = entry.get("instances", entry.get("annotations"))
    regions: list[Region] = []
    problems: list[tuple[int | None, Problem]] = []
    for number, instance in enumerate(listed if isinstance(listed, list) else []):
        said = instance if isinstance(instance, dict) else {}
        if TEXT in said and not any(key in said for key in ("polygon", "bbox", "box")):
            context.losses.add(WHOLE, becomes="left out", remedy="Import them as a table with a column of texts.")
            continue
        found = _region(said, names, part.line)
        if found is None:
            problems.append((part.line, Problem(f"instances[{number}]", shown(instance), "an outline or a box", DO)))
        else:
            regions.append(found)
    return Picture(
        name=given,
        source=source,
        line=part.line,
        width=_whole(entry.get("width")),
        height=_whole(entry.get("height")),
        regions=tuple(regions),
        problems=tuple(problems),
        labels=tuple(names.values()) or None,
        extra={key: entry[key] for key in ("seg_map",) if key in entry},
    )


def _region(said: Mapping[str, object], names: Mapping[int, str], line: int) -> Region | None:
    corners = _numbers(said.get("polygon", said.get("box")))
    box = _numbers(said.get("bbox"))
    kind, value = "polygon", dict[str, object]()
    if corners is not None and len(corners) >= 6 and len(corners) % 2 == 0:
        value = {"outer": [[[x, y] for x, y in zip(corners[::2], corners[1::2], strict=True)]]}
    elif box is not None and len(box) == 4:
        kind, value = "box", dict(zip(("left", "top", "right", "bottom"), box, strict=True))
    else:
        return None
    number = said.get("bbox_label", said.get("label"))
    label = names.get(number, str(number)) if isinstance(number, int) and not isinstance(number, bool) else TEXT
    attributes: dict[str, object] = {key: said[key] for key in FLAGS if isinstance(said.get(key), bool)}
    text = said.get(TEXT)
    if isinstance(text, str):
        attributes[TEXT] = text.replace("\x00", "")
    return Region(kind=kind, label=label, value=value, attributes=attributes, line=line)


def _categories(raw: bytes) -> dict[int, str]:
    """The names of the classes by their numbers, as `metainfo` has them."""
    listed = _decoded(raw).get("category")
    entries = [e for e in (listed if isinstance(listed, list) else []) if isinstance(e, dict)]
    return {e["id"]: str(e["name"]) for e in entries if isinstance(e.get("id"), int) and e.get("name")}


def _class_list(source: Source, name: str) -> dict[int, str]:
    """`class_list.txt` beside the file: a number and a name a line."""
    beside = str(PurePosixPath(name).parent / CLASSES)
    if not source.has(beside):
        return {}
    with source.open(beside) as file:
        content = file.read(LARGEST_LIST)
    pairs = (line.split(maxsplit=1) for line in content.decode(encoding_of(content), "replace").splitlines())
    return {int(pair[0]): pair[1].strip() for pair in pairs if len(pair) == 2 and pair[0].isdecimal()}


def _decoded(raw: bytes) -> dict[str, object]:
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}  # it has no name then, which is told
    return found if isinstance(found, dict) else {}


def _numbers(given: object) -> list[float] | None:
    if not isinstance(given, list):
        return None
    found = [float(n) for n in given if isinstance(n, int | float) and not isinstance(n, bool)]
    return found if len(found) == len(given) else None


def _whole(given: object) -> int | None:
    return given if isinstance(given, int) and not isinstance(given, bool) else None


MMOCR = Format(
    name="mmocr",
    title="MMOCR JSON",
    about="text on pictures: detection, spotting, key information",
    extensions=(".json", ".jsonl", ".txt"),
    media_type="application/json",
    reads=reads,
    read=read,
    propose=propose,
)
