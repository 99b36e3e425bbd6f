"""What a schema is made of: streams, fields, labels, panels."""

import re
from typing import Literal, get_args

import msgspec

KEY = re.compile(r"[a-z][a-z0-9_]*")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
MAX_KEY = 200
TextFormat = Literal["plain", "markdown", "html"]
FORMATS: tuple[TextFormat, ...] = get_args(TextFormat)


class Example(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A do or a don't beside a label's definition."""

    text: str
    good: bool = True


class StreamSpec(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part that every item brings."""

    key: str
    kind: str
    optional: bool = False
    title: str = ""
    format: TextFormat = "plain"
    """How its texts are written, unless a file says otherwise of its own."""
    veil: bool = False
    """It may disturb: covered until whoever looks at it lifts the veil."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question about an item, or one attribute of a label."""

    key: str
    kind: str
    options: msgspec.Struct
    on: str | None = None
    many: bool = False
    required: bool = False
    title: str = ""
    definition: str = ""
    labels: dict[str, "Label"] = {}
    attributes: dict[str, "Field"] = {}
    default: object = None
    when: dict[str, str] = {}
    searchable: bool = True
    each: str | None = None
    """The name of the parts of the stream `on` that it is answered once for each of, such as `turn`; None: once an item."""
    of: tuple[str, ...] = ()
    """Roles of the parts on which it is asked; empty for all."""

    def attributes_of(self, label: str | None) -> dict[str, "Field"]:
        """The attributes that an annotation with this label carries: the field's and the label's own."""
        own = self.labels[label].attributes if label in self.labels else {}
        return {**self.attributes, **own}


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One class that a where-annotation can have."""

    key: str
    title: str = ""
    hotkey: str | None = None
    definition: str = ""
    examples: tuple[Example, ...] = ()
    color: int | None = None
    attributes: dict[str, Field] = {}


Place = Literal["side", "main"]


class PanelSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One panel of a schema.

    `module` is the SHA-256 of the uploaded file, in hexadecimal: a version of the schema means one file for ever.
    `streams` are shown to the panel, and nothing else of the item; `fields` are those it may answer.
    `place` is the panel at the side, or a pane beside the item's streams; `height` is in pixels, before it asks for its own.
    """

    key: str
    title: str
    module: str
    streams: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    place: Place = "side"
    height: int = 240


class Schema(msgspec.Struct, frozen=True, kw_only=True):
    """A project's streams and fields. `document` is the same as plain JSON, with every default filled in."""

    streams: dict[str, StreamSpec]
    fields: dict[str, Field]
    layout: object
    document: dict[str, object]
    panels: dict[str, PanelSpec] = {}
