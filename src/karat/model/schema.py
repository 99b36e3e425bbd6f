"""The ontology of a project: the streams an item is made of and the fields that are asked, each of one kind."""

from collections.abc import Mapping
from functools import partial
from typing import cast

import msgspec

from karat.model import strings
from karat.model.asking import read_each
from karat.model.consistency import (
    problems_of_conditions,
    problems_of_ends,
    problems_of_hotkeys,
    problems_of_layout,
    problems_of_sources,
)
from karat.model.contents import content_of
from karat.model.document import document_of
from karat.model.field import CONTROL, FORMATS, MAX_KEY, Example, Field, Label, Schema, StreamSpec
from karat.model.kind import NO_FACTS, AnyKind
from karat.model.panels import read_panels
from karat.model.parsing import convert_problem, text_of, with_text_keys
from karat.model.problem import Problem
from karat.model.walker import Walker

FIELD_KEYS = frozenset(
    {
        "kind",
        "on",
        "each",
        "of",
        "many",
        "required",
        "title",
        "definition",
        "labels",
        "attributes",
        "default",
        "when",
        "searchable",
    }
)
COLORS = 256
"""Labels may name one of so many colors; the palette repeats after its own number."""
NOT_IN_ATTRIBUTES = ("attributes", "each", "many", "of", "on", "searchable")

__all__ = ["CONTROL", "MAX_KEY", "Example", "Field", "Label", "Schema", "StreamSpec", "read_schema"]


def read_schema(given: object, kinds: Mapping[str, AnyKind]) -> tuple[Schema | None, list[Problem]]:
    """The schema that plain JSON or YAML values describe, or what is wrong with them."""
    reader = _Reader(kinds)
    try:
        given = with_text_keys(given)
        reader.problems += strings.problems_of(given, "")
        schema = reader.schema(given) if not reader.problems else None
    except RecursionError:
        return None, [Problem("", "values within values", "at most a few hundred levels", "Flatten the schema.")]
    return (None, reader.problems) if reader.problems else (schema, [])


class _Reader(Walker):
    """Makes streams, fields and labels of their parts of the document."""

    def __init__(self, kinds: Mapping[str, AnyKind]) -> None:
        super().__init__()
        self.kinds = kinds
        self.streams_at_fault = False

    def schema(self, given: object) -> Schema | None:
        top = self.mapping(given, "", {"karat_schema", "streams", "fields", "panels", "layout"})
        if top is None:
            return None
        if top.get("karat_schema") != 1:
            self.say("karat_schema", top.get("karat_schema"), "1", "Start the schema with `karat_schema: 1`.")
        streams = {
            key: s for key, value in self.entries(top.get("streams"), "streams") if (s := self.stream(key, value))
        }
        self.streams_at_fault = bool(self.problems)
        fields = {
            key: f
            for key, value in self.entries(top.get("fields"), "fields")
            if (f := self.field(key, value, f"fields.{key}", streams))
        }
        if not streams and not self.problems:
            self.say(
                "streams",
                top.get("streams"),
                "at least one stream",
                "Say what an item brings, e.g. `streams: {text: {kind: text}}`.",
            )
        if not fields and not self.problems:
            self.say(
                "fields",
                top.get("fields"),
                "at least one field",
                "Say what is asked, e.g. `fields: {topic: {kind: choice, options: {a: {}, b: {}}}}`.",
            )
        self.problems += problems_of_hotkeys(fields)
        if self.problems:
            return None  # what follows would only repeat that a part at fault is not there
        panels, wrong = read_panels(top.get("panels"), streams, fields)
        self.problems += wrong
        if wrong:
            return None
        layout = top.get("layout") or [*streams, [*fields]]
        self.problems += problems_of_conditions(fields, self.kinds)
        self.problems += problems_of_ends(fields, self.kinds)
        self.problems += problems_of_sources(fields, streams, self.kinds)
        self.problems += problems_of_layout(layout, {*streams, *fields, *panels}, fields, self.kinds)
        if self.problems:
            return None
        document = document_of(streams, fields, layout, panels)
        return Schema(streams=streams, fields=fields, layout=layout, document=document, panels=panels)

    def stream(self, key: str, given: object) -> StreamSpec | None:
        path = f"streams.{key}"
        if not self.key(key, path):
            return None
        value = self.mapping(given, path, {"kind", "format", "optional", "title", "veil"})
        if value is None:
            return None
        known = sorted({s for kind in self.kinds.values() for s in kind.streams})
        if value.get("kind") not in known:
            self.say(f"{path}.kind", value.get("kind"), f"one of {', '.join(known)}", "Name the kind of the stream.")
            return None
        format = value.get("format", "plain")
        if format not in FORMATS or (format != "plain" and value["kind"] != "text"):
            self.say(f"{path}.format", format, f"{', '.join(FORMATS)} of a text", "Say how the texts are written.")
            return None
        return StreamSpec(
            key=key,
            kind=cast(str, value["kind"]),  # checked against the list of stream kinds just above
            format=format,
            optional=self.flag(value, "optional", path, default=False),
            title=self.text(value, "title", path) or titled(key),
            veil=self.flag(value, "veil", path, default=False),
        )

    def field(
        self, key: str, given: object, path: str, streams: Mapping[str, StreamSpec], *, attribute: bool = False
    ) -> Field | None:
        if not self.key(key, path):
            return None
        value = self.mapping(given, path, None)
        if value is None:
            return None
        name = value.get("kind")
        kind = self.kinds.get(name) if isinstance(name, str) else None
        if kind is None:
            self.say(f"{path}.kind", name, f"one of {', '.join(sorted(self.kinds))}", "Name a kind that Karat has.")
            return None
        if attribute and kind.role != "what":
            self.say(
                f"{path}.kind",
                kind.name,
                "a kind that is an answer, such as choice or text",
                "An attribute is an answer about a region; make a field of its own for regions.",
            )
            return None
        for name in NOT_IN_ATTRIBUTES if attribute else ():
            if name in value:
                self.say(
                    f"{path}.{name}",
                    value[name],
                    "nothing here",
                    f"Remove `{name}`: an attribute is one answer about a region.",
                )
        options = self.options(value, kind, path)
        each, of = (None, ()) if attribute else read_each(self, value, kind, path, streams)
        field = Field(
            key=key,
            kind=kind.name,
            options=options,
            on=None if attribute else self.on(value, kind, path, streams, each=each),
            many=self.flag(value, "many", path, default=kind.role != "what"),
            required=self.flag(value, "required", path, default=False),
            title=self.text(value, "title", path) or titled(key),
            definition=self.text(value, "definition", path),
            labels=self.labels(value, kind, path, streams),
            attributes=self.attributes(value, path, streams) if not attribute else {},
            default=value.get("default"),
            when=self.when(value, path),
            searchable=self.flag(value, "searchable", path, default=True),
            each=each,
            of=of,
        )
        self.check_default(field, kind, path)
        return field

    def options(self, value: Mapping[str, object], kind: AnyKind, path: str) -> msgspec.Struct:
        given = {k: v for k, v in value.items() if k not in FIELD_KEYS}
        known = {f.encode_name for f in msgspec.structs.fields(kind.options)}
        for name in sorted(given.keys() - known):
            choices = ", ".join(sorted(known | FIELD_KEYS))
            self.say(
                f"{path}.{name}",
                given[name],
                f"one of {choices}",
                f"A field of kind {kind.name} has no `{name}`; remove it or mend its name.",
            )
        fitting = {k: v for k, v in given.items() if k in known}
        try:
            options = msgspec.convert(fitting, kind.options)
        except msgspec.ValidationError as error:
            convert = partial(msgspec.convert, type=kind.options)
            do = f"Mend the options of this {kind.name}."
            problem = convert_problem(error, fitting, convert, do=do, type_=kind.options)
            if problem.got == "nothing":
                problem = msgspec.structs.replace(
                    problem, do=f"A field of kind {kind.name} needs `{problem.path}`: add it."
                )
            self.add([problem], path)
            return cast(msgspec.Struct, None)  # never read: the problem just said stops the schema from being made
        self.add(kind.check_options(options), path)
        return options

    def on(
        self,
        value: Mapping[str, object],
        kind: AnyKind,
        path: str,
        streams: Mapping[str, StreamSpec],
        *,
        each: str | None = None,
    ) -> str | None:
        given = value.get("on")
        fitting = [
            key
            for key, stream in streams.items()
            if stream.kind in kind.streams and (each is None or each in content_of(stream.kind).parts)
        ]
        names_none = kind.role != "where" and not kind.names_parts and each is None
        if (given is None and names_none) or self.streams_at_fault:
            return None
        if given is None and len(fitting) == 1:
            return fitting[0]
        if not kind.streams:
            self.say(f"{path}.on", given, "no `on`", f"A {kind.name} lies on no stream of its own: remove `on`.")
            return None
        if given not in fitting:
            expected = f"one of {', '.join(fitting)}" if fitting else f"a stream of kind {' or '.join(kind.streams)}"
            of_parts = "" if each is None else f", of which each {each} is asked"
            self.say(f"{path}.on", given, expected, f"Say on which stream the {kind.name} lies{of_parts}.")
            return None
        return given

    def labels(
        self, value: Mapping[str, object], kind: AnyKind, path: str, streams: Mapping[str, StreamSpec]
    ) -> dict[str, Label]:
        given = value.get("labels")
        if kind.role == "what":
            if given is not None:
                self.say(
                    f"{path}.labels",
                    given,
                    "no labels",
                    f"A {kind.name} is an answer; its possible answers are `options`.",
                )
            return {}
        if not given:
            self.say(
                f"{path}.labels", given, "at least one label", "List the labels, e.g. `labels: {person: {}, car: {}}`."
            )
            return {}
        return {
            key: label
            for key, entry in self.entries(given, f"{path}.labels")
            if (label := self.label(key, entry, f"{path}.labels.{key}", streams))
        }

    def label(self, key: str, given: object, path: str, streams: Mapping[str, StreamSpec]) -> Label | None:
        if not key or len(key) > MAX_KEY or CONTROL.search(key):
            self.say(path, key, f"1 to {MAX_KEY} characters, none of them a control character", "Rename the label.")
            return None
        value = self.mapping(given, path, {"title", "key", "definition", "examples", "color", "attributes"})
        if value is None:
            return None
        examples: tuple[Example, ...] = ()
        try:
            examples = msgspec.convert(value.get("examples") or [], tuple[Example, ...])
        except msgspec.ValidationError as error:
            convert = partial(msgspec.convert, type=tuple[Example, ...])
            do = "Write examples as a list of `{text: …, good: true}`."
            self.add([convert_problem(error, value.get("examples"), convert, do=do)], f"{path}.examples")
        hotkey = value.get("key")
        if hotkey is not None and not (isinstance(hotkey, str | int) and len(str(hotkey)) == 1):
            self.say(f"{path}.key", hotkey, "a single key", 'Write one character, e.g. `key: "1"`.')
            hotkey = None
        return Label(
            key=key,
            title=self.text(value, "title", path) or key,
            hotkey=None if hotkey is None else str(hotkey),
            definition=self.text(value, "definition", path),
            examples=examples,
            color=self.color(value, path),
            attributes=self.attributes(value, path, streams),
        )

    def color(self, value: Mapping[str, object], path: str) -> int | None:
        given = value.get("color")
        if given is None or (isinstance(given, int) and not isinstance(given, bool) and 0 <= given < COLORS):
            return given
        self.say(
            f"{path}.color", given, f"0 to {COLORS - 1}", "Give the number of a color of the palette, or leave it out."
        )
        return None

    def attributes(self, value: Mapping[str, object], path: str, streams: Mapping[str, StreamSpec]) -> dict[str, Field]:
        return {
            key: f
            for key, entry in self.entries(value.get("attributes"), f"{path}.attributes", optional=True)
            if (f := self.field(key, entry, f"{path}.attributes.{key}", streams, attribute=True))
        }

    def when(self, value: Mapping[str, object], path: str) -> dict[str, str]:
        given = value.get("when")
        if given is None:
            return {}
        if not isinstance(given, Mapping) or not all(isinstance(v, str | int | float) for v in given.values()):
            self.say(f"{path}.when", given, "another answer and its value", "Write e.g. `when: {occluded: no}`.")
            return {}
        return {other: text_of(answer) for other, answer in given.items()}

    def check_default(self, field: Field, kind: AnyKind, path: str) -> None:
        if field.default is None or self.problems:
            return
        if kind.role != "what" or field.many or field.each is not None:
            self.say(
                f"{path}.default",
                field.default,
                "no default",
                "Only a field with one answer can have a default; remove it.",
            )
            return
        try:
            value = msgspec.convert(field.default, kind.value)
        except msgspec.ValidationError as error:
            do = "Give a default that this field would accept as an answer."
            self.add(
                [convert_problem(error, field.default, partial(msgspec.convert, type=kind.value), do=do)],
                f"{path}.default",
            )
            return
        self.add(kind.check(value, field, NO_FACTS), f"{path}.default")


def titled(key: str) -> str:
    """A key as people read it.

    >>> titled("night_shift")
    'Night shift'
    """
    return key.replace("_", " ").capitalize()
