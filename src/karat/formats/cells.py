"""What a cell of a table says about a field, and what a field's answer is in a cell."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from karat.model.kind import NO_FACTS, AnyKind, Facts
from karat.model.parsing import join, split_error
from karat.model.parts import id_of
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, On
from karat.model.schema import Field

SEPARATORS = ("|", ";", ",")
START_NAMES = ("start", "start_offset", "begin")
END_NAMES = ("end", "end_offset", "stop")
LABEL_NAMES = ("label", "labels", "tag", "type", "entity", "entity_group")
PLAIN = frozenset({"id", "label", "value", "attributes", "on"})


class BadCell(ValueError):  # noqa: N818 - it reads as what it is
    """A cell that its field does not take."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.expected)
        self.problem = problem


def is_empty(cell: object) -> bool:
    """Whether a cell says nothing: such a field was not answered."""
    return cell is None or cell == ""


def annotations_of(cell: object, field: Field, kind: AnyKind, facts: Facts = NO_FACTS) -> tuple[Annotation, ...]:
    """The annotations that a cell stands for; raises `BadCell` with the reason.

    A what-field takes its value, as JSON or as people write it: a number as text, an option by its title, several options
    in one text. A where-field takes a list of `{label, value, attributes}`, or of spans as other tools write them:
    `[start, end, label]` or `{start, end, label}`. A field that is answered for each part of a stream takes `{part: value}`.
    """
    given = _decoded(cell, field, kind)
    if field.each is not None:
        return tuple(_by_part(given, field, kind, facts))
    if kind.role != "what" or field.many:
        if not isinstance(given, list | tuple):
            raise BadCell(Problem("", shown(cell), "a list of annotations", "Write a JSON list of `{label, value}`."))
        return tuple(_annotation(entry, index, field, kind, facts) for index, entry in enumerate(given))
    return (
        Annotation(
            id=field.key,
            field=field.key,
            kind=kind.name,
            version=kind.version,
            value=value_of(given, field, kind, facts),
        ),
    )


def value_of(given: object, field: Field, kind: AnyKind, facts: Facts = NO_FACTS) -> object:
    """The value that a what-field has for what a cell says, as plain JSON."""
    wanted = _present(_options_named(given, field), kind)
    if kind.value is str and isinstance(wanted, int | float):
        wanted = shown(wanted)
    try:
        value = msgspec.convert(wanted, kind.value, strict=False)
    except (msgspec.ValidationError, ValueError, RecursionError) as error:
        where, reason = split_error(error)
        raise BadCell(Problem(where, shown(given), reason, f"Give what a {kind.name} takes.")) from error
    problems = kind.check(value, field, facts)
    if problems:
        raise BadCell(problems[0])
    return plain(value)


def _by_part(given: object, field: Field, kind: AnyKind, facts: Facts) -> Iterator[Annotation]:
    if isinstance(given, list | tuple) and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in given):
        given = dict(given)  # a map of Parquet
    if not isinstance(given, Mapping):
        expected = f"each {field.each} and its answer"
        raise BadCell(Problem("", shown(given), expected, f"Write `{{{field.each}: answer}}` as JSON."))
    for part, said in given.items():
        if said is None:
            continue
        try:
            is_json = isinstance(said, str) and kind.value is not str and said[:1] in ("[", "{")
            value = value_of(_json(str(said), "") if is_json else said, field, kind, facts)
        except BadCell as error:
            problem = msgspec.structs.replace(error.problem, path=join(str(part), error.problem.path))
            raise BadCell(problem) from error
        yield Annotation(
            id=id_of(field, str(part)),
            field=field.key,
            kind=kind.name,
            version=kind.version,
            on=On(field.on or "", str(part)),
            value=value,
        )


def cell_of(annotations: Sequence[Annotation], field: Field, kind: AnyKind) -> object:
    """What stands in the cell of a table for a field's annotations: the value, for many a list of JSON objects, or
    `{part: value}` where it is answered for each part of a stream."""
    if field.each is not None:
        return {a.on.part: plain(a.value) for a in annotations if a.on is not None and a.on.part is not None}
    if kind.role == "what" and not field.many:
        return plain(annotations[0].value) if annotations else None
    return [entry_of(annotation, field) for annotation in annotations]


def entry_of(annotation: Annotation, field: Field) -> dict[str, object]:
    """One annotation of many, as short as can be."""
    entry: dict[str, object] = {"id": annotation.id}
    if annotation.label is not None:
        entry["label"] = annotation.label
    entry["value"] = plain(annotation.value)
    if annotation.attributes:
        entry["attributes"] = plain(annotation.attributes)
    if annotation.on is not None and annotation.on != On(field.on or ""):
        entry["on"] = msgspec.to_builtins(annotation.on)
    return entry


def plain(value: object) -> object:
    """A value as JSON has it: structs as mappings, tuples as lists."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, msgspec.Struct):
        value = msgspec.to_builtins(value)
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    return value


def titles_of(field: Field) -> dict[str, str]:
    """Every way to name an option or a label of a field, to its key: keys first, then titles, then both in lower case."""
    keys = [*_walk(getattr(field.options, "options", {}))] or [
        (key, label.title) for key, label in field.labels.items()
    ]
    named = {key: key for key, _ in keys}
    for key, title in keys:
        named.setdefault(title, key)
    for key, title in keys:
        named.setdefault(key.casefold(), key)
        named.setdefault(title.casefold(), key)
    return named


def label_named(name: object, field: Field) -> str:
    """The key of the label that a file names; raises `BadCell` if the field has none such."""
    named = _titles(field)
    text = name if isinstance(name, str) else shown(name)
    found = named.get(text) or named.get(text.strip().casefold())
    if found is None:
        few = ", ".join(list(field.labels)[:12])
        raise BadCell(
            Problem("label", shown(name), f"one of {few}", f"Add the label to `{field.key}`, or rename it in the file.")
        )
    return found


def _annotation(entry: object, index: int, field: Field, kind: AnyKind, facts: Facts) -> Annotation:
    try:
        return _one(entry, index, field, kind, facts)
    except BadCell as error:
        problem = msgspec.structs.replace(error.problem, path=join(f"[{index}]", error.problem.path))
        raise BadCell(problem) from error


def _one(entry: object, index: int, field: Field, kind: AnyKind, facts: Facts) -> Annotation:
    if not isinstance(entry, Mapping):
        entry = _triple(entry) if kind.role != "what" else {"value": entry}
    parts = entry if "value" in entry else _span_like(entry)
    on = _text(parts.get("on"), "on") if isinstance(parts.get("on"), str) else field.on
    attributes = parts.get("attributes") or {}
    if isinstance(attributes, str):
        attributes = _json(attributes, "attributes")
    if not isinstance(attributes, Mapping):
        raise BadCell(Problem("attributes", shown(attributes), "a mapping", "Write `{name: value}`."))
    if kind.role == "what":
        value, label = value_of(parts["value"], field, kind, facts), None
    else:
        value, label = (
            checked(_present(parts["value"], kind), field, kind, facts),
            label_named(parts.get("label"), field),
        )
    return Annotation(
        id=_text(parts["id"], "id") if parts.get("id") not in (None, "") else str(index + 1),
        field=field.key,
        kind=kind.name,
        version=kind.version,
        on=On(on) if on else None,
        label=label,
        value=value,
        attributes=dict(attributes),
        extra={k: v for k, v in parts.items() if k not in PLAIN and v is not None},
    )


def _present(value: object, kind: AnyKind) -> object:
    """A value without the nulls that stand where a table has a place for a key and there is none; a key that the kind must
    have stays, for its null says something."""
    if not isinstance(value, Mapping):
        return value
    must = (
        {one.encode_name for one in msgspec.structs.fields(kind.value) if one.required}
        if isinstance(kind.value, type) and issubclass(kind.value, msgspec.Struct)
        else set()
    )
    return {k: v for k, v in value.items() if v is not None or k in must}


def checked(given: object, field: Field, kind: AnyKind, facts: Facts = NO_FACTS) -> object:
    """A where-value as plain JSON; raises `BadCell` if the kind does not take it."""
    try:
        value = msgspec.convert(given, kind.value)
    except (msgspec.ValidationError, RecursionError) as error:
        where, reason = split_error(error)
        raise BadCell(Problem(join("value", where), shown(given), reason, f"Give what a {kind.name} takes.")) from error
    problems = kind.check(value, field, facts)
    if problems:
        raise BadCell(msgspec.structs.replace(problems[0], path=join("value", problems[0].path)))
    return plain(value)


def _decoded(cell: object, field: Field, kind: AnyKind) -> object:
    if not isinstance(cell, str) or (
        kind.role == "what" and kind.value is str and not field.many and field.each is None
    ):
        return cell
    text = cell.strip()
    if text[:1] not in ("[", "{"):
        return cell
    try:
        return _json(text, "")
    except BadCell:
        if kind.role == "what" and not field.many:
            return cell
        raise


def _json(text: str, path: str) -> object:
    try:
        return cast(object, msgspec.json.decode(text))
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadCell(Problem(path, shown(text), f"JSON ({error})", "Mend the JSON of this cell.")) from error


def _options_named(given: object, field: Field) -> object:
    """Options by whatever name the file has, as the keys of a choice; what is no choice passes as it is."""
    if not hasattr(field.options, "options"):
        return given
    multiple = bool(getattr(field.options, "multiple", False))
    named = _titles(field)
    entries = list(given) if isinstance(given, list | tuple) else _split(given, named) if multiple else [given]
    keys = [_named(entry, named) for entry in entries]
    if not multiple and (not isinstance(given, list | tuple) or len(keys) == 1):
        return keys[0]
    order = {key: n for n, (key, _) in enumerate(_walk(field.options.options))}
    if all(isinstance(key, str) and key in order for key in keys):
        return sorted({cast(str, key) for key in keys}, key=order.__getitem__)
    return keys


def _named(entry: object, named: Mapping[str, str]) -> object:
    """`1` and `1.0` are both option "1"; true and false are "true" and "false"."""
    if isinstance(entry, bool):
        entry = "true" if entry else "false"
    elif isinstance(entry, float) and entry.is_integer() and abs(entry) < 1e15:
        entry = str(int(entry))
    elif isinstance(entry, int | float):
        entry = str(entry)
    if not isinstance(entry, str):
        return entry
    return named.get(entry) or named.get(entry.strip()) or named.get(entry.strip().casefold()) or entry


def _split(given: object, named: Mapping[str, str]) -> list[object]:
    if not isinstance(given, str) or given in named:
        return [given]
    for separator in SEPARATORS:
        found = [part.strip() for part in given.split(separator)]
        if len(found) > 1 and all(part in named or part.casefold() in named for part in found):
            return list(found)
    return [given]


def _triple(entry: object) -> dict[str, object]:
    """`[start, end, label]`, as doccano and spaCy write a span."""
    if isinstance(entry, list | tuple) and len(entry) == 3:
        return {"start": entry[0], "end": entry[1], "label": entry[2]}
    raise BadCell(
        Problem(
            "", shown(entry), "{label, value} or [start, end, label]", "Write each annotation in one of these ways."
        )
    )


def _span_like(entry: Mapping[str, object]) -> dict[str, object]:
    """A span with its ends under one of the usual names, as `value`; what else it has is kept beside it."""
    start = next((name for name in START_NAMES if name in entry), None)
    end = next((name for name in END_NAMES if name in entry), None)
    label = next((name for name in LABEL_NAMES if name in entry), None)
    if start is None or end is None:
        raise BadCell(
            Problem("", shown(entry), "`value`, or `start` and `end`", "Write each annotation as {label, value}.")
        )
    rest = {k: v for k, v in entry.items() if k not in (start, end, label)}
    name = entry[label] if label else None
    if isinstance(name, list) and len(name) == 1:
        name = name[0]
    return {**rest, "value": [[entry[start], entry[end]]], "label": name}


def _text(value: object, path: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise BadCell(Problem(path, shown(value), "text", "Put it in quotation marks."))


def _walk(options: Mapping[str, object]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, option in options.items():
        found.append((key, getattr(option, "title", "") or key))
        found += _walk(getattr(option, "options", {}))
    return found


_TITLES: dict[int, tuple[Field, dict[str, str]]] = {}
"""Names by the identity of the field, which is held so that the identity stays its own."""


def _titles(field: Field) -> dict[str, str]:
    cached = _TITLES.get(id(field))
    if cached is not None and cached[0] is field:
        return cached[1]
    if len(_TITLES) > 1000:
        _TITLES.clear()
    _TITLES[id(field)] = (field, titles_of(field))
    return _TITLES[id(field)][1]
