"""A schema and a mapping for a file that comes without one."""

from collections.abc import Callable, Iterable
from collections.abc import Mapping as AbstractMapping
from io import StringIO
from itertools import islice

import msgspec
from ruamel.yaml import YAML

from karat.formats.base import Mapping, Proposal, ReadContext, Reject
from karat.formats.columns import Profile, profile
from karat.formats.mapping import (
    AUTHOR_NAMES,
    IMAGE_NAMES,
    KEY_NAMES,
    LABEL_NAMES,
    TEXT_NAMES,
    longest,
    named,
    propose_mapping,
)
from karat.formats.propose_talk import conversations_in
from karat.formats.rows import Row
from karat.model.kind import AnyKind
from karat.model.problem import Problem, Refused
from karat.model.schema import CONTROL, Schema, read_schema

MOST_OPTIONS = 500
MOST_GUESSED = 50
"""A column that is not named like a label is taken for one only with at most this many different values."""
PROPOSAL_ROWS = 200_000
PLAIN = ("text", "integer", "number", "boolean")
SHORT, FEW, LEAST = 40, 3, 2
"""A guessed text of fewer characters than `SHORT` beside at least `FEW` other plain columns is part of a record, which has
at least `LEAST` columns."""
ASIDE = frozenset(
    {
        "split",
        "subset",
        "fold",
        "lang",
        "language",
        "source",
        "date",
        "year",
        "country",
        "version",
        "model",
        "model_id",
        "model_name",
    }
)


def schema_for(context: ReadContext, proposal: Callable[[], Proposal | None]) -> Schema:
    """The schema to read by: the given one, else the one that the source itself suggests; `Refused` if it suggests none."""
    if context.schema is not None:
        return context.schema
    found = proposal()
    schema, problems = read_schema(found.schema, context.kinds) if found else (None, [])
    if schema is None:
        raise Refused(problems or [no_proposal()])
    return schema


def no_proposal() -> Problem:
    """The problem of a source that suggests no schema."""
    return Problem(
        "",
        "nothing that looks like a text or an image",
        "a column or file to label",
        "Write a schema and map the columns by hand.",
    )


def propose_from_rows(rows: Iterable[Row | Reject], kinds: AbstractMapping[str, AnyKind]) -> Proposal | None:
    """A schema for a table: the text or image column to label, and the columns that look like answers."""
    seen = profile(row.cells for row in islice(rows, PROPOSAL_ROWS) if isinstance(row, Row))
    talk = conversations_in(seen)
    if talk is not None and talk.fields:
        used = {*talk.columns.values(), *(name for names in talk.gathered.values() for name in names)}
        others = {n: c for n, c in seen.items() if n not in used and c.filled}
        mapping = msgspec.structs.replace(_mapping(talk.columns, {}, others), gathered=talk.gathered)
        return proposal(talk.streams, talk.fields, kinds, mapping)
    stream = talk.only if talk is not None else _stream(seen)
    if talk is None and (stream is None or _is_record(seen, stream[2])):
        return _record(seen, kinds)
    if stream is None:
        return None
    name, kind, column = stream
    rest = {n: c for n, c in seen.items() if n != column and c.filled}
    fields: dict[str, object] = {}
    columns: dict[str, str] = {}
    for column_name, value in _answers(rest, kind).items():
        field = key_of(_given(column_name, "label"), taken={name, *fields})
        fields[field], columns[field] = value, column_name
    if kind == "dialogue" and seen[column].labels:
        within = key_of("spans", taken={name, *fields})
        fields[within] = {"kind": "span", "on": name, "labels": options_of(seen[column].labels)}
    if not fields:
        fields = {"label": {"kind": "choice", "options": {"yes": {}, "no": {}}}}
    return proposal({name: {"kind": kind}}, fields, kinds, _mapping({name: column}, columns, rest))


def _is_record(seen: AbstractMapping[str, Profile], column: str) -> bool:
    """Whether the column that stands for the text is one short value among many: the whole row is what is labeled."""
    others = [name for name in _plain(seen) if name != column]
    named_so = named([column], TEXT_NAMES) is not None
    return seen[column].type == "text" and not named_so and seen[column].mean_length < SHORT and len(others) >= FEW


def _record(seen: AbstractMapping[str, Profile], kinds: AbstractMapping[str, AnyKind]) -> Proposal | None:
    """Rows as items: each is a table of one row, and the columns that are named like answers are asked beside it."""
    answers = set(_named_answers({name: column for name, column in seen.items() if column.filled}))
    columns = tuple(name for name in _plain(seen) if name not in answers)
    if len(columns) < LEAST:
        return None
    rest = {n: c for n, c in seen.items() if n not in columns and c.filled}
    fields: dict[str, object] = {}
    found: dict[str, str] = {}
    for name in answers:
        field = key_of(_given(name, "label"), taken={"record", *fields})
        fields[field], found[field] = _choice(seen[name], most=MOST_OPTIONS), name
    if not fields:
        fields = {"label": {"kind": "choice", "options": {"yes": {}, "no": {}}}}
    mapping = msgspec.structs.replace(_mapping({}, found, rest), gathered={"record": columns})
    return proposal({"record": {"kind": "table"}}, fields, kinds, mapping)


def _plain(seen: AbstractMapping[str, Profile]) -> list[str]:
    """The columns of plain values that are neither keys nor authors."""
    aside = {named(seen, KEY_NAMES), named(seen, AUTHOR_NAMES), named(seen, ["split_group"]), named(seen, ["tags"])}
    return [n for n, c in seen.items() if n not in aside and c.filled and c.type in PLAIN]


def proposal(
    streams: AbstractMapping[str, object], fields: AbstractMapping[str, object], kinds: AbstractMapping[str, AnyKind], mapping: Mapping,
    *, notes: tuple[str, ...] = (),
) -> Proposal | None:  # fmt: skip
    """A proposal, if its schema is one that Karat reads."""
    document: dict[str, object] = {"karat_schema": 1, "streams": dict(streams), "fields": dict(fields)}
    schema, _problems = read_schema(document, kinds)
    return None if schema is None else Proposal(schema.document, to_yaml(document), mapping, notes)


def as_proposal(text: bytes, kinds: AbstractMapping[str, AnyKind]) -> Proposal | None:
    """A schema document as a proposal; None if it is none."""
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    schema, _problems = read_schema(document, kinds)
    return None if schema is None else Proposal(schema.document, to_yaml(schema.document), Mapping())


def to_yaml(document: object) -> str:
    """A document as YAML 1.2, in the order of its keys."""
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 120
    text = StringIO()
    writer.dump(msgspec.to_builtins(document), text)
    return text.getvalue()


def key_of(name: str, *, taken: Iterable[str] = ()) -> str:
    """A name from elsewhere as a key of a schema.

    >>> key_of("Review Text"), key_of("2nd"), key_of("text", taken=["text"])
    ('review_text', 'x_2nd', 'text_label')
    """
    plain = "".join(c if c.isascii() and c.isalnum() else "_" for c in name.strip().lower())
    plain = "_".join(part for part in plain.split("_") if part)[:60] or "field"
    key = plain if plain[0].isalpha() else f"x_{plain}"
    used = set(taken)
    if key in used:
        key = f"{key}_label"
    number = 2
    while key in used:
        key, number = f"{plain}_{number}", number + 1
    return key


def option_of(value: str) -> str | None:
    """A value as the key of an option or a label; None if it is too long or has nothing to show."""
    found = CONTROL.sub(" ", value).strip()
    return found if 0 < len(found) <= 200 else None


def options_of(values: Iterable[str]) -> dict[str, object]:
    """Options by these values; a value that cannot be a key as it stands keeps its own form as the title."""
    found: dict[str, object] = {}
    for value in values:
        key = option_of(value)
        if key is not None and key not in found:
            found[key] = {} if key == value else {"title": value}
    return found


def _stream(seen: AbstractMapping[str, Profile]) -> tuple[str, str, str] | None:
    pictures = {name: column for name, column in seen.items() if column.type == "image"}
    texts = {name: column for name, column in seen.items() if column.type == "text"}
    text = named(texts, TEXT_NAMES)
    image = named(pictures, IMAGE_NAMES) or next(iter(pictures), None)
    if text is None and image is None:
        answers = set(_named_answers(texts))
        best = longest(column for name, column in texts.items() if name not in answers) or longest(texts.values())
        text = best.name if best else None
    if image is not None and (text is None or seen[text].mean_length < 200):
        return "image", "image", image
    if text is None:
        return None
    return key_of(_given(text, "text")), "text", text


def _given(column: str, otherwise: str) -> str:
    """The column's own name, unless it was given one for want of a header."""
    return otherwise if column.startswith("column_") and column[7:].isdigit() else column


def _answers(rest: AbstractMapping[str, Profile], stream: str) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for name, column in rest.items():
        if column.type == "spans" and stream == "text" and column.labels:
            found[name] = {"kind": "span", "labels": options_of(column.labels)}
    clear = [name for name in _named_answers(rest) if name not in found]
    guessed = [name for name, column in rest.items() if name not in found and _is_guess(name, column)]
    for name in clear or ([] if found else guessed):
        value = _choice(rest[name], most=MOST_OPTIONS)
        if value is not None:
            found[name] = value
    return found


def _named_answers(columns: AbstractMapping[str, Profile]) -> list[str]:
    plain = {name: name.strip().casefold().replace(" ", "_") for name in columns}
    return [n for n in columns if plain[n] in LABEL_NAMES and _choice(columns[n], most=MOST_OPTIONS) is not None]


def _is_guess(name: str, column: Profile) -> bool:
    if name.strip().casefold() in {*ASIDE, *KEY_NAMES, *AUTHOR_NAMES} or column.filled < 4:
        return False
    if column.type == "integer":  # a column of small numbers without a name is a class, one with a name may be a count
        return _given(name, "") == "" and column.values is not None and len(column.values) <= 10
    return (
        column.type in ("text", "boolean", "list")
        and _choice(column, most=min(MOST_GUESSED, column.filled // 2)) is not None
    )


def _choice(column: Profile, *, most: int) -> dict[str, object] | None:
    if column.type not in ("text", "integer", "boolean", "list") or not column.values or len(column.values) > most:
        return None
    if len(column.values) > 20 and len(column.values) > column.filled / 2:
        return None  # nearly every row has its own: these are texts, not classes
    options = options_of(column.values)
    if not options:
        return None
    return {"kind": "choice", "options": options} | ({"multiple": True} if column.type == "list" else {})


def _mapping(streams: dict[str, str], columns: dict[str, str], rest: AbstractMapping[str, Profile]) -> Mapping:
    free = {name: column for name, column in rest.items() if name not in columns.values()}
    empty = Schema(streams={}, fields={}, layout=[], document={})
    others = propose_mapping(free, empty, {})
    author = named(free, AUTHOR_NAMES) if columns else None
    return msgspec.structs.replace(others, streams=streams, fields=columns, author=author)
