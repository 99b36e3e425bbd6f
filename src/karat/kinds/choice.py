"""A choice: one or several of the field's options, which may form a tree."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import cast

import msgspec

from karat.kinds.averages import ALIKE, shares
from karat.model.kind import ANY_STREAM, Facts, Kind, Scale
from karat.model.problem import Problem, shown
from karat.model.schema import CONTROL, MAX_KEY, Field

Choice = str | tuple[str, ...]
"""The key of an option, or, where several may be chosen, their keys in the order of the schema."""


class Option(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One possible answer. `options` below it make a tree; a key stands for its whole path. `good` says that what is answered
    so is good, or is not, for files to train on; left out, it says neither."""

    title: str = ""
    hotkey: str | None = msgspec.field(default=None, name="key")
    definition: str = ""
    good: bool | None = None
    options: dict[str, "Option | None"] = {}


class ChoiceOptions(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """The possible answers, and whether more than one may be chosen."""

    options: dict[str, Option | None]
    multiple: bool = False


class Tree(msgspec.Struct, frozen=True):
    """The options of a field, laid flat in the order of the schema."""

    paths: dict[str, frozenset[str]]
    """Each key to itself and all above it."""
    order: dict[str, int]
    flat: bool


def check(value: Choice, field: Field, _facts: Facts) -> list[Problem]:
    """The keys are options of the field; several are unique and in the order of the schema."""
    options = _options(field)
    tree = _tree(options.options)
    if isinstance(value, str):
        if value in tree.order and not options.multiple:
            return []
        if options.multiple:
            return [
                Problem("", shown(value), "a list of options", f"Write `[{shown(value)}]`: several may be chosen here.")
            ]
        return [_unknown("", value, tree)]
    if not options.multiple:
        return [Problem("", shown(value), "one option", "Choose one; only a field with `multiple: true` takes a list.")]
    found = [_unknown(f"[{index}]", key, tree) for index, key in enumerate(value) if key not in tree.order]
    if found:
        return found
    wanted = sorted(set(value), key=tree.order.__getitem__)
    if list(value) == wanted:
        return []
    return [Problem("", shown(value), shown(wanted), "Name each option once, in the order of the schema.")]


def distance(a: Choice, b: Choice, field: Field) -> float:
    """Jaccard distance of the chosen options, each with all that stand above it; 0 for equal answers.

    For one flat option this is 0 or 1; in a tree, two children of one parent are nearer than strangers. Jaccard and not
    MASI (Passonneau 2006): it is a metric, it says how large a share differs, and it needs no weights of its own. Two
    empty answers are equal.
    """
    if a == b:
        return 0.0
    tree = _tree(_options(field).options)
    if tree.flat and isinstance(a, str):
        return 1.0
    left, right = _closed(a, tree), _closed(b, tree)
    return 1.0 - len(left & right) / len(left | right)


def merge(values: Sequence[Choice], weights: Sequence[float], field: Field) -> Choice:
    """The option with the most weight; of several options, each that more than half of the weight has chosen.

    In a tree, an answer counts for itself only: the vote does not climb. Where options are level, the one that comes first
    in `values` is taken; an option at exactly half is in if the first answer has it.
    """
    share = shares(weights)
    votes: dict[str, float] = {}
    for value, s in zip(values, share, strict=True):
        for key in _keys(value):
            votes[key] = votes.get(key, 0.0) + s
    if isinstance(values[0], str):
        most = max(votes.values())
        return next(key for key, vote in votes.items() if vote >= most - ALIKE)
    chosen = [k for k, v in votes.items() if v > 0.5 + ALIKE or (v > 0.5 - ALIKE and k in values[0])]
    order = _tree(_options(field).options).order
    return tuple(sorted(chosen, key=lambda key: order.get(key, len(order))))


def check_options(given: msgspec.Struct) -> list[Problem]:
    """There is an option, keys are unique in the whole tree, and hotkeys are single and unique among neighbours."""
    options = cast(ChoiceOptions, given)  # the kind's own options type, by the contract of Kind
    if not options.options:
        return [Problem("options", "{}", "at least one option", "List the answers, e.g. `options: {yes: {}, no: {}}`.")]
    found: list[Problem] = []
    seen: set[str] = set()
    for path, key, option in _walk(options.options, "options"):
        if not key or len(key) > MAX_KEY or CONTROL.search(key):
            found.append(
                Problem(
                    path,
                    shown(key),
                    f"1 to {MAX_KEY} characters, none of them a control character",
                    "Rename the option.",
                )
            )
        if key in seen:
            found.append(
                Problem(
                    path,
                    shown(key),
                    "a key that no other option of the field has",
                    "Rename one of the two; `title` may repeat.",
                )
            )
        seen.add(key)
        if option.hotkey is not None and len(option.hotkey) != 1:
            found.append(
                Problem(f"{path}.key", shown(option.hotkey), "a single key", 'Write one character, e.g. `key: "1"`.')
            )
    return found + _same_hotkeys(options.options, "options")


def terms(value: Choice) -> tuple[str, ...]:
    """The chosen options."""
    return _keys(value)


def scale(field: Field) -> Scale | None:
    """Nominal for one choice from a flat list; else agreement goes through `distance`."""
    return "nominal" if _tree(_options(field).options).flat and not _options(field).multiple else None


def _options(field: Field) -> ChoiceOptions:
    return cast(ChoiceOptions, field.options)  # read_schema converts a field's options to its kind's type


def _tree(options: dict[str, Option | None]) -> Tree:
    key = id(options)
    cached = _TREES.get(key)
    if cached is not None and cached[0] is options:
        return cached[1]
    tree = _flatten(options)
    if len(_TREES) >= _TREES_KEPT:
        _TREES.clear()
    _TREES[key] = (options, tree)
    return tree


_TREES: dict[int, tuple[dict[str, Option | None], Tree]] = {}
"""Trees by the identity of the options they were made from; the options are held so that the identity stays theirs."""
_TREES_KEPT = 4096


def _flatten(options: Mapping[str, Option | None]) -> Tree:
    paths: dict[str, frozenset[str]] = {}

    def descend(level: Mapping[str, Option | None], above: frozenset[str]) -> None:
        for key, option in level.items():
            paths[key] = above | {key}
            if option is not None:
                descend(option.options, paths[key])

    descend(options, frozenset())
    flat = all(len(path) == 1 for path in paths.values())
    return Tree(paths=paths, order={key: n for n, key in enumerate(paths)}, flat=flat)


def _walk(options: Mapping[str, Option | None], path: str) -> Iterator[tuple[str, str, Option]]:
    for key, option in options.items():
        here = f"{path}.{key}"
        yield here, key, option or Option()
        if option is not None:
            yield from _walk(option.options, f"{here}.options")


def _same_hotkeys(options: Mapping[str, Option | None], path: str) -> list[Problem]:
    found: list[Problem] = []
    taken: dict[str, str] = {}
    for key, option in options.items():
        if option is None:
            continue
        if option.hotkey and option.hotkey in taken:
            expected = f"a key that `{taken[option.hotkey]}` does not have"
            found.append(
                Problem(f"{path}.{key}.key", option.hotkey, expected, "Give neighbouring options different keys.")
            )
        elif option.hotkey:
            taken[option.hotkey] = key
        found += _same_hotkeys(option.options, f"{path}.{key}.options")
    return found


def _closed(value: Choice, tree: Tree) -> frozenset[str]:
    return frozenset().union(*(tree.paths.get(key, frozenset({key})) for key in _keys(value)))


def _keys(value: Choice) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _unknown(path: str, key: str, tree: Tree) -> Problem:
    return Problem(
        path, shown(key), _one_of(tuple(tree.order)), "Choose an option of this field, or add it to the schema."
    )


@lru_cache(maxsize=256)
def _one_of(keys: tuple[str, ...]) -> str:
    """The options by name, or, where they are many, the first of them and how many there are."""
    few = 12
    return f"one of {', '.join(keys[:few])}" + (f" … ({len(keys)} options)" if len(keys) > few else "")


CHOICE = Kind(
    name="choice",
    version=1,
    role="what",
    value=Choice,
    options=ChoiceOptions,
    streams=ANY_STREAM,
    check=check,
    distance=distance,
    merge=merge,
    terms=terms,
    scale=scale,
    check_options=check_options,
)
