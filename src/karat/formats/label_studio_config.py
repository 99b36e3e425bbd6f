"""What a Label Studio labelling configuration asks: its controls, and the objects they lie on."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from xml.parsers import expat

from karat.formats.base import Source
from karat.formats.lines import head_of
from karat.formats.sources import READ_ERRORS

LARGEST = 1 << 20
DEEPEST = 200
ENTRIES = frozenset({"label", "choice"})
OBJECTS = frozenset(
    {
        "text",
        "image",
        "audio",
        "audioplus",
        "video",
        "hypertext",
        "paragraphs",
        "timeseries",
        "list",
        "table",
        "pdf",
        "chat",
    }
)


@dataclass
class Control:
    """One question: a tag with `toName`, or what results under one `from_name` show of it."""

    name: str
    type: str
    to_name: str = ""
    entries: dict[str, "Entry"] = default(default_factory=dict)
    multiple: bool = False
    per_region: bool = False
    required: bool = False
    largest: int = 0
    """The highest rating."""
    shapes: set[str] = default(default_factory=set)
    """The kinds of its results on images."""


@dataclass
class Entry:
    """A label or a choice, with the choices below it."""

    alias: str = ""
    below: dict[str, "Entry"] = default(default_factory=dict)


@dataclass
class Config:
    """A configuration, or as much of it as results show."""

    controls: dict[str, Control] = default(default_factory=dict)
    relations: list[str] = default(default_factory=list)
    """The labels of relations between regions."""
    objects: dict[str, tuple[str, str]] = default(default_factory=dict)
    """Name to tag in lower case and data key."""


class _Refused(Exception):  # noqa: N818 - it stops the parser
    pass


def read_config(text: bytes) -> Config | None:
    """A configuration; None if the text is none, declares entities or a document type, or is too large or deep."""
    if len(text) > LARGEST:
        return None
    builder = _Builder()
    parser = expat.ParserCreate()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.ExternalEntityRefHandler = _refuse
    try:
        parser.Parse(text, True)
    except (expat.ExpatError, _Refused, ValueError, UnicodeError):
        return None
    return builder.config if builder.root == "view" else None


def config_for(source: Source, name: str) -> Config | None:
    """The configuration beside a task file or in a folder above it; else the only one there is."""
    found: dict[str, Config] = {}
    for candidate in source.names():
        if candidate.lower().endswith(".xml"):
            try:
                with source.open(candidate) as file:
                    config = read_config(head_of(file, LARGEST + 1))
            except READ_ERRORS:
                continue  # a configuration that cannot be read is no configuration
            if config is not None:
                found[candidate] = config
    folder = name
    while folder:
        folder = folder.rpartition("/")[0]
        beside = [config for path, config in found.items() if path.rpartition("/")[0] == folder]
        if len(beside) == 1:
            return beside[0]
    return next(iter(found.values())) if len(found) == 1 else None


class _Builder:
    """Collects controls and objects while the parser walks."""

    def __init__(self) -> None:
        self.config = Config()
        self.root = ""
        self.depth = 0
        self.open: list[tuple[str, dict[str, Entry]]] = []
        """The controls and entries that are open, with where entries below them go."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Refused
        low = tag.lower()
        self.root = self.root or low
        name, to_name = attributes.get("name"), attributes.get("toName") or attributes.get("toname")
        if low == "relation":
            self.config.relations.append(attributes.get("alias") or attributes.get("value", ""))
        elif low in ENTRIES and self.open:
            entry = Entry(alias=attributes.get("alias", ""))
            self.open[-1][1].setdefault(attributes.get("value", ""), entry)
            self.open.append((low, entry.below))
        elif name and to_name:
            control = Control(
                name,
                low,
                to_name,
                multiple=attributes.get("choice", "") == "multiple",
                per_region=attributes.get("perRegion", attributes.get("perregion", "")) == "true",
                required=attributes.get("required", "") == "true",
                largest=_whole(attributes.get("maxRating", "")),
            )
            self.config.controls[name] = control
            self.open.append((low, control.entries))
        elif name and low in OBJECTS and attributes.get("value", "").startswith("$"):
            self.config.objects[name] = (low, attributes["value"][1:])

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.open and self.open[-1][0] == tag.lower():
            self.open.pop()


def _whole(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 4 else 0


def _refuse(*_given: object) -> int:
    raise _Refused
