"""CVAT for images 1.1: shapes and attributes of pictures in one XML file, as docs.cvat.ai has it under XML annotation format."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import BinaryIO
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, quoteattr

from karat.formats.base import Format, Loss, Proposal, ReadContext, Record, Reject, Sink, Source, WriteContext, reject
from karat.formats.cells import BadCell
from karat.formats.cvat_shapes import read_shape, write_shape
from karat.formats.lines import head_of
from karat.formats.propose import options_of
from karat.formats.region_fields import propose_from
from karat.formats.region_reading import read_regions, regions_of
from karat.formats.region_writing import Answer, Holding, answers, fields_of, labels_of, region_losses
from karat.formats.regions import NAMES, Picture, Region
from karat.formats.sources import READ_ERRORS
from karat.formats.xml_parts import parts
from karat.model.item import Scalar
from karat.model.kind import AnyKind
from karat.model.problem import Problem, shown
from karat.model.schema import Field, Schema

WANTED = frozenset({"labels", "image", "track"})
SHAPES = frozenset({"box", "polygon", "polyline", "points", "ellipse", "cuboid", "mask", "skeleton"})
OCCLUDED = "occluded"
"""CVAT's own flag of every shape, as an attribute where a project asks for it."""
TRACKS = "tracks of videos"
TAGS = "tags of pictures"
KEPT = ("id", "subset", "task_id")
HOLDING = Holding(own="cvat", kinds=tuple(NAMES), parts=("attributes", "groups", "stacking order"))


def reads(name: str, head: bytes) -> bool:
    """An XML file whose root is `annotations`, with the version or pictures that CVAT writes."""
    return name.lower().endswith(".xml") and b"<annotations" in head and (b"<version>" in head or b"<image " in head)


def read(source: Source, context: ReadContext) -> Iterator[Record | Reject]:
    """Each picture with its shapes; several files about a picture are several answers to it."""
    yield from read_regions(source, context, pictures, title=CVAT.title, own=HOLDING.own)


def propose(source: Source, kinds: Mapping[str, AnyKind]) -> Proposal | None:
    """A field for each kind of shape that is drawn, with the labels and attributes that the file declares."""
    asked: dict[str, dict[str, object]] = {}
    for name in _names(source):
        with source.open(name) as file:
            for element, _line in parts(file, frozenset({"labels"})):
                if isinstance(element, Element):
                    asked |= {label: questions for label, questions in _declared(element) if label not in asked}
    return propose_from(regions_of(pictures(source, ReadContext())), kinds, attributes=asked)


def pictures(source: Source, context: ReadContext) -> Iterator[Picture | Reject]:
    """What the files say of each picture."""
    for name in _names(source):
        labels: tuple[str, ...] | None = None
        try:
            with source.open(name) as file:
                for element, line in parts(file, WANTED):
                    if isinstance(element, Problem):
                        yield reject(name, [element], line=line)
                    elif element.tag == "labels":
                        labels = (*(labels or ()), *(label for label, _ in _declared(element)))
                    elif element.tag == "track":
                        context.losses.add(TRACKS, becomes="left out", remedy="Export the frames as CVAT for images.")
                    else:
                        yield _picture(element, name, line, labels, context)
        except READ_ERRORS as error:
            yield reject(name, [Problem("", shown(str(error)), "a file that can be read", "Upload it again.")])


def write(sink: Sink, records: Iterable[Record], context: WriteContext) -> None:
    """`annotations.xml`, or `<author>.annotations.xml` for each author."""
    fields = fields_of(context.schema, HOLDING)
    numbers: Counter[str] = Counter()
    with ExitStack() as stack:
        outs: dict[str, BinaryIO] = {}
        for answer in answers(records, context, HOLDING):
            if answer.author not in outs:
                outs[answer.author] = _opened(stack, sink, answer.author, fields)
            outs[answer.author].write(_image(answer, numbers[answer.author]))
            numbers[answer.author] += 1
        if not outs:
            outs[""] = _opened(stack, sink, "", fields)
        for out in outs.values():
            out.write(b"</annotations>\n")


def losses(schema: Schema) -> list[Loss]:
    """What CVAT has no place for."""
    return region_losses(schema, HOLDING)


def _names(source: Source) -> Iterator[str]:
    for name in source.names():
        if name.lower().endswith(".xml"):
            try:
                with source.open(name) as file:
                    head = head_of(file, 1 << 16)
            except READ_ERRORS:
                continue  # a file that cannot be opened is no file of this format
            if reads(name, head):
                yield name


def _declared(labels: Element) -> Iterator[tuple[str, dict[str, object]]]:
    """Each label with the questions about it. Labels of a skeleton's points have a parent and are none."""
    for label in labels.iter("label"):
        name = label.findtext("name")
        if name and not label.findtext("parent"):
            yield (
                name,
                dict(_question(attribute) for attribute in label.iter("attribute") if attribute.findtext("name")),
            )


def _question(attribute: Element) -> tuple[str, object]:
    name, values = attribute.findtext("name") or "", (attribute.findtext("values") or "").split("\n")
    kind = attribute.findtext("input_type")
    if kind == "checkbox":
        return name, {"kind": "choice", "options": {"false": {}, "true": {}}}
    options = options_of(value for value in values if value)
    return name, {"kind": "choice", "options": options} if kind in ("select", "radio") and options else {"kind": "text"}


def _picture(
    image: Element, source: str, line: int, labels: tuple[str, ...] | None, context: ReadContext
) -> Picture | Reject:
    name = image.get("name", "")
    if not name or len(name) > 1000:
        problem = Problem("name", shown(name), "the name of a picture", "Give each image its name.")
        return reject(source, [problem], line=line)
    regions: list[Region] = []
    problems: list[tuple[int | None, Problem]] = []
    for element in image:
        if element.tag in SHAPES:
            try:
                regions += _regions(element, len(regions), line)
            except BadCell as error:
                problems.append((line, error.problem))
        elif element.tag == "tag":
            context.losses.add(TAGS, becomes="left out", remedy="Import them as folders or a table of classes.")
    subset = image.get("subset")
    metadata: dict[str, Scalar] = {"split": subset.lower()} if subset and subset != "default" else {}
    return Picture(
        name=name,
        source=source,
        line=line,
        width=_whole(image.get("width")),
        height=_whole(image.get("height")),
        regions=tuple(regions),
        problems=tuple(problems),
        labels=labels,
        metadata=metadata,
        extra={key: image.attrib[key] for key in KEPT if key in image.attrib},
    )


def _regions(element: Element, before: int, line: int) -> Iterator[Region]:
    asked = {a.get("name", ""): a.text or "" for a in element.findall("attribute")}
    if element.get(OCCLUDED) == "1":
        asked.setdefault(OCCLUDED, "yes")
    group = element.get("group_id")
    found = list(read_shape(element))
    several = f"points {before + 1}" if len(found) > 1 else None
    z = _whole(element.get("z_order"))
    for kind, value in found:
        yield Region(
            kind=kind,
            label=element.get("label", ""),
            value=value,
            attributes=dict(asked),
            group=group if group and group != "0" else several,
            z=z or None,
            line=line,
        )


def _opened(stack: ExitStack, sink: Sink, author: str, fields: list[Field]) -> BinaryIO:
    """A file with the labels and their attributes."""
    out = stack.enter_context(sink.open(f"{author}.annotations.xml" if author else "annotations.xml"))
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<annotations>",
        "<version>1.1</version>",
        "<meta><task><labels>",
    ]
    for label in labels_of(fields):
        asked = {
            name: a
            for f in fields
            if label in f.labels
            for name, a in f.attributes_of(label).items()
            if name != OCCLUDED
        }
        told = "".join(_told(name, attribute) for name, attribute in asked.items())
        lines.append(f"<label><name>{escape(label)}</name><attributes>{told}</attributes></label>")
    out.write("\n".join([*lines, "</labels></task></meta>", ""]).encode())
    return out


def _told(name: str, attribute: Field) -> str:
    options = list(getattr(attribute.options, "options", {}))
    boxed = set(options) == {"true", "false"}
    kind = "checkbox" if boxed else "select" if options else "text"
    values = escape("\n".join(["false"] if boxed else options))
    first = escape("false" if boxed else options[0] if options else "")
    return (
        f"<attribute><name>{escape(name)}</name><mutable>False</mutable><input_type>{kind}</input_type>"
        f"<default_value>{first}</default_value><values>{values}</values></attribute>"
    )


def _image(answer: Answer, number: int) -> bytes:
    facts = answer.stream.facts
    kept = answer.item.extra.get(HOLDING.own)
    own = kept if isinstance(kept, dict) else {}
    head = {
        "id": str(own.get("id", number)),
        "name": answer.stream.name or answer.stream.ref.uri or answer.item.key,
        **{key: str(own[key]) for key in KEPT[1:] if key in own},
        **{side: str(size) for side, size in (("width", facts.width), ("height", facts.height)) if size},
    }
    groups = {name: n for n, name in enumerate(dict.fromkeys(r.group for r in answer.regions if r.group), 1)}
    taken = {int(name) for name in groups if name.isdigit()}
    lines = [f"<image {_attributes(head)}>"]
    for region in answer.regions:
        tag, at, children = write_shape(region.kind, region.value)
        occluded = str(region.attributes.get(OCCLUDED)).casefold() in ("yes", "true", "1")
        whole = {"label": region.label, "source": "manual", OCCLUDED: str(int(occluded)), **at}
        if region.z:
            whole["z_order"] = str(region.z)
        if region.group:
            number = int(region.group) if region.group.isdigit() else max(taken, default=0) + groups[region.group]
            whole["group_id"] = str(number)
        inner = "".join(f"<{child} {_attributes(told)}/>" for child, told in children)
        inner += "".join(
            f"<attribute name={quoteattr(name)}>{escape(_said(value))}</attribute>"
            for name, value in region.attributes.items()
            if name != OCCLUDED
        )
        lines.append(f"  <{tag} {_attributes(whole)}>{inner}</{tag}>")
    return "\n".join([*lines, "</image>", ""]).encode()


def _said(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _attributes(values: Mapping[str, str]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.lstrip("-").isdigit() and len(text) < 12 else None


CVAT = Format(
    name="cvat",
    title="CVAT for images",
    about="shapes of pictures, as CVAT has them",
    extensions=(".xml",),
    media_type="application/xml",
    reads=reads,
    read=read,
    write=write,
    losses=losses,
    names_media=True,
    propose=propose,
)
