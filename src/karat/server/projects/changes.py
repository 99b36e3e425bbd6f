"""Which changes of a schema would strand answers, and how many."""

from collections.abc import Iterator, Mapping

import msgspec

from karat.kinds import KINDS
from karat.model.loosening import freely
from karat.model.problem import Problem, shown
from karat.model.schema import Field, Schema
from karat.server.database import Tx
from karat.server.search.index import is_found

ENOUGH = 10_000
"""Answers are counted up to here; beyond it the number no longer changes what one does."""


class Change(msgspec.Struct, frozen=True):
    """A change that takes something away from answers already given."""

    path: str
    field: str
    label: str | None
    got: str
    expected: str


def stranding(old: Schema, new: Schema) -> Iterator[Change]:
    """The changes under which an answer to the old schema may not stand in the new one. Additions are none."""
    for name, stream in old.streams.items():
        after = new.streams.get(name)
        if after is None or after.kind != stream.kind:
            got = "nothing" if after is None else shown(after.kind)
            yield Change(f"streams.{name}", "", None, got, f"a stream of kind {stream.kind}, which items have")
        elif stream.optional and not after.optional:
            yield Change(f"streams.{name}.optional", "", None, "false", "true: there are items without it")
    for name, stream in new.streams.items():
        if name not in old.streams and not stream.optional:
            yield Change(f"streams.{name}.optional", "", None, "false", "true: there are items without it")
    for name, field in old.fields.items():
        yield from _field(f"fields.{name}", name, field, new.fields.get(name))


def problems_of(tx: Tx, project: int, old: Schema, new: Schema) -> list[Problem]:
    """A problem for each change that strands answers or items which are there, with their number."""
    found: list[Problem] = []
    for change in stranding(old, new):
        if change.field == "":
            count = tx.run("SELECT items FROM projects WHERE n = :n", n=project)[0][0]
            what = "item"
        else:
            count = answers(tx, project, old, change)
            what = "answer"
        if count:
            number = f"{count} {what}{'' if count == 1 else 's'}" if count < ENOUGH else f"{ENOUGH} {what}s or more"
            do = f"{number} would be stranded. Keep this as it was, or add a new {'field' if change.field else 'optional stream'} beside it."
            found.append(Problem(change.path, change.got, change.expected, do))
    return found


def answers(tx: Tx, project: int, old: Schema, change: Change) -> int:
    """How many authors' answers a change touches, at most `ENOUGH`."""
    if not all(
        field.searchable and (field.labels or is_found(KINDS[field.kind])) for field in _named(old, change.field)
    ):
        return _all_answers(tx, project)
    words = tx.run("SELECT n FROM words WHERE project = :p AND kind = 'field' AND text = :t", p=project, t=change.field)
    if not words:
        return 0
    field = words[0][0]
    if change.label is not None:
        return _count(
            tx,
            "SELECT item FROM marks WHERE project = :p AND field = :f"
            " AND label = (SELECT n FROM words WHERE project = :p AND kind = 'label' AND text = :l)",
            p=project,
            f=field,
            l=change.label,
        )
    marks = _count(tx, "SELECT DISTINCT item, author FROM marks WHERE project = :p AND field = :f", p=project, f=field)
    texts = _count(tx, "SELECT item FROM facts WHERE project = :p AND key = :f", p=project, f=field)
    return max(marks, texts)


def _named(schema: Schema, name: str) -> list[Field]:
    """A field by its key; of `field.attribute` the field, and the attribute of each label that has it."""
    key, _, attribute = name.partition(".")
    top = schema.fields[key]
    groups = [top.attributes, *(label.attributes for label in top.labels.values())]
    return [top, *(group[attribute] for group in groups if attribute in group)]


def _field(path: str, key: str, old: Field, new: Field | None) -> Iterator[Change]:
    if new is None:
        yield Change(path, key, None, "nothing", f"the field `{key}`")
        return
    if new.kind != old.kind:
        yield Change(f"{path}.kind", key, None, shown(new.kind), old.kind)
        return
    if old.on is not None and new.on != old.on:
        yield Change(f"{path}.on", key, None, shown(new.on), old.on)
    if new.each != old.each:
        yield Change(f"{path}.each", key, None, shown(new.each), shown(old.each))
    elif new.of and not (old.of and set(old.of) <= set(new.of)):
        yield Change(
            f"{path}.of", key, None, shown(list(new.of)), f"all of {shown(list(old.of))}" if old.of else "null"
        )
    if old.many and not new.many:
        yield Change(f"{path}.many", key, None, "false", "true: an item may have several")
    if new.when and new.when != old.when:
        yield Change(f"{path}.when", key, None, shown(new.when), shown(old.when))
    yield from _options(path, key, old, new)
    for label in old.labels:
        if label not in new.labels:
            yield Change(f"{path}.labels.{label}", key, label, "nothing", f"the label `{label}`")
    yield from _attributes(f"{path}.attributes", key, old.attributes, new.attributes)
    for label, before in old.labels.items():
        if label in new.labels:
            yield from _attributes(
                f"{path}.labels.{label}.attributes", key, before.attributes, new.labels[label].attributes
            )


def _attributes(path: str, key: str, old: Mapping[str, Field], new: Mapping[str, Field]) -> Iterator[Change]:
    for name, attribute in old.items():
        yield from _field(f"{path}.{name}", f"{key}.{name}", attribute, new.get(name))


def _options(path: str, key: str, old: Field, new: Field) -> Iterator[Change]:
    kind = KINDS[old.kind]
    looser = {**({"cut": freely} if kind.role == "where" else {}), **kind.looser}
    for option in msgspec.structs.fields(kind.options):
        before, after = getattr(old.options, option.name), getattr(new.options, option.name)
        if before == after:
            continue
        if option.name == "options":
            kept = set(_flat(msgspec.to_builtins(after)))
            for one in _flat(msgspec.to_builtins(before)):
                if one not in kept:
                    yield Change(f"{path}.options.{one}", key, one, "nothing", f"the option `{one}`")
        elif option.name not in looser or not looser[option.name](before, after):
            got, expected = shown(msgspec.to_builtins(after)), shown(msgspec.to_builtins(before))
            yield Change(f"{path}.{option.encode_name}", key, None, got, expected)


def _flat(options: object) -> list[str]:
    """The keys of a tree of options."""
    found: list[str] = []
    for key, option in options.items() if isinstance(options, dict) else ():
        found += [key, *(_flat(option.get("options")) if isinstance(option, dict) else ())]
    return found


def flat_titles(field: Field) -> dict[str, str]:
    """The options of a field, a tree laid flat, each with its title."""
    found: dict[str, str] = {}

    def descend(options: object) -> None:
        for key, option in options.items() if isinstance(options, dict) else ():
            entry = option if isinstance(option, dict) else {}
            found[key] = entry.get("title") or key
            descend(entry.get("options"))

    descend(msgspec.to_builtins(field.options).get("options"))
    return found


def _all_answers(tx: Tx, project: int) -> int:
    """Nothing is known of a field that is not searched, so every answer of the project may be touched."""
    return _count(tx, "SELECT n FROM responses WHERE project = :p AND state = 'submitted'", p=project)


def _count(tx: Tx, select: str, **values: object) -> int:
    rows = tx.run(f"SELECT count(*) FROM ({select} LIMIT {ENOUGH}) q", **values)  # noqa: S608 - `select` is one of the constants above
    count: int = rows[0][0]
    return count
