"""Create ML's object detection: one JSON list of pictures, each box by its middle and size in pixels, as Apple's documentation
of `MLObjectDetector.DataSource` has it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import BinaryIO

import msgspec

from karat.formats.base import Format, Loss, Proposal, ReadContext, Record, Reject, Sink, Source, WriteContext, reject
from karat.formats.cells import BadCell
from karat.formats.coco_numbers import all_finite
from karat.formats.lines import head_of
from karat.formats.region_fields import propose_from
from karat.formats.region_reading import read_regions, regions_of
from karat.formats.region_writing import Answer, Holding, answers, region_losses
from karat.formats.regions import Picture, Region
from karat.formats.sources import READ_ERRORS
from karat.model.kind import AnyKind
from karat.model.problem import Problem, shown
from karat.model.schema import Schema

HOLDING = Holding(own="createml", kinds=("box",))
NAMES = ("image", "imagefilename")
PLACES = ("x", "y", "width", "height")
LARGEST = 256 << 20


def reads(name: str, head: bytes) -> bool:
    """A JSON list whose first bytes have labels and coordinates."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return (
        name.lower().endswith(".json")
        and start.startswith(b"[")
        and b'"coordinates"' in head
        and b'"annotation' in head
    )


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each picture with its boxes."""
    yield from read_regions(source, context, pictures, title=CREATEML.title, own=HOLDING.own)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """A field of boxes."""
    return propose_from(regions_of(pictures(source, ReadContext())), kinds)


def pictures(source: Source, _context: ReadContext) -> Iterator[Picture | Reject]:
    """What the files say of each picture."""
    for name in source.names():
        if not name.lower().endswith(".json"):
            continue
        try:
            with source.open(name) as file:
                if not reads(name, head_of(file, 1 << 16)):
                    continue
            with source.open(name) as file:
                text = file.read(LARGEST + 1)
            given = msgspec.json.decode(text[:LARGEST])
        except (msgspec.MsgspecError, ValueError, RecursionError, *READ_ERRORS) as error:
            problem = Problem("", shown(str(error)), f"JSON of at most {LARGEST} bytes", "Mend the file, or split it.")
            yield reject(name, [problem])
            continue
        for number, entry in enumerate(given if isinstance(given, list) else []):
            yield _picture(entry if isinstance(entry, dict) else {}, name, number)


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """`annotations.json`, or `<author>.annotations.json` for each author; it belongs beside the pictures."""
    with ExitStack() as stack:
        outs: dict[str, BinaryIO] = {}
        for answer in answers(records, context, HOLDING):
            first = answer.author not in outs
            if first:
                name = f"{answer.author}.annotations.json" if answer.author else "annotations.json"
                outs[answer.author] = stack.enter_context(sink.open(name))
            outs[answer.author].write((b"[\n" if first else b",\n") + msgspec.json.encode(_entry(answer)))
        if not outs:
            outs[""] = stack.enter_context(sink.open("annotations.json"))
            outs[""].write(b"[")
        for out in outs.values():
            out.write(b"\n]\n")


def losses(schema: Schema) -> list[Loss]:
    """What Create ML has no place for."""
    return region_losses(schema, HOLDING)


def _picture(entry: Mapping[str, object], source: str, number: int) -> Picture | Reject:
    name = next((entry[key] for key in NAMES if isinstance(entry.get(key), str)), None)
    listed = entry.get("annotations", entry.get("annotation"))
    if not isinstance(name, str) or not name or not isinstance(listed, list):
        problem = Problem(f"[{number}]", shown(entry), "`image` and a list of `annotations`", "Mend the entry.")
        return reject(source, [problem], raw=entry)
    regions: list[Region] = []
    problems: list[tuple[int | None, Problem]] = []
    for index, thing in enumerate(listed):
        try:
            regions.append(_region(thing if isinstance(thing, dict) else {}))
        except BadCell as error:
            at = f"[{number}].annotations[{index}].{error.problem.path}"
            problems.append((None, msgspec.structs.replace(error.problem, path=at)))
    return Picture(name=name, source=source, regions=tuple(regions), problems=tuple(problems))


def _region(thing: Mapping[str, object]) -> Region:
    given = thing.get("coordinates")
    numbers = all_finite([given.get(place) for place in PLACES]) if isinstance(given, dict) else None
    if numbers is None:
        raise BadCell(Problem("coordinates", shown(given), "x, y, width and height in pixels", "Mend the box."))
    x, y, width, height = numbers
    box = {"left": x - width / 2, "top": y - height / 2, "right": x + width / 2, "bottom": y + height / 2}
    return Region(kind="box", label=str(thing.get("label", "")), value=box)


def _entry(answer: Answer) -> dict[str, object]:
    return {
        "image": answer.stream.name or answer.stream.ref.uri or answer.item.key,
        "annotations": [{"label": r.label, "coordinates": _coordinates(r.value)} for r in answer.regions],
    }


def _coordinates(value: object) -> dict[str, float]:
    given = value if isinstance(value, dict) else {}
    left, top, right, bottom = (float(given[side]) for side in ("left", "top", "right", "bottom"))
    return {"x": (left + right) / 2, "y": (top + bottom) / 2, "width": right - left, "height": bottom - top}


CREATEML = Format(
    name="createml",
    title="Create ML",
    about="boxes of pictures, in one JSON list",
    extensions=(".json",),
    media_type="application/json",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    propose=propose,
)
