"""Which slice an item is of, by a value of its metadata."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from karat.model.item import Scalar
from karat.server.fairness.schemas import CellKind, SliceRule
from karat.server.reports.schemas import Filter
from karat.server.search.index import searched

MISSING = "missing"
OTHER = "other"
SEVERAL = "several"
"""An item whose value is a list of more than one: it is of no single slice."""

Typed = tuple[str, str | float | bool]
"""A value as it is shown, and as a filter compares it."""
Raw = Typed | float | None
"""A value as slices tell it apart: a number by itself where there are edges, None where there is no value."""


class Cut(NamedTuple):
    """A slice: its name, what it is, and the conditions that find its items."""

    name: str
    kind: CellKind
    filter: Filter


def raw_of(value: Scalar | None, rule: SliceRule) -> Raw:
    """The value by which an item is put into a slice; a number stays by itself only where the rule has edges.

    >>> raw_of(3, SliceRule("n")), raw_of(3, SliceRule("n", edges=(2,))), raw_of(True, SliceRule("n"))
    (('3', 3.0), 3.0, ('true', True))
    """
    if value is None or value == []:
        return None
    if isinstance(value, bool):
        return ("true" if value else "false"), value
    if isinstance(value, int | float):
        return float(value) if rule.edges else (f"{value:g}", float(value))
    if isinstance(value, str):
        return value, searched(value)
    return (value[0], searched(value[0])) if len(value) == 1 else (SEVERAL, SEVERAL)


def cuts_of(values: Iterable[Raw], rule: SliceRule) -> tuple[list[Cut], dict[Raw, int]]:
    """The slices that these values make, and the place of each value in them.

    Ranges come in order, then the most frequent values, `other` and `missing`. No two have the same items.
    """
    counts = Counter(values)
    ranges = _ranges(rule) if any(isinstance(value, float) for value in counts) else []
    known = sorted((v for v in counts if isinstance(v, tuple)), key=lambda v: (-counts[v], v[0], str(v[1])))
    # A single value more is shown by itself: `other` would hold nothing else.
    kept = known if len(known) <= rule.most + 1 else known[: rule.most]
    cuts = list(ranges)
    for text, value in kept:
        name = f'"{text}"' if any(cut.name == text for cut in cuts) else text
        cuts.append(Cut(name, "value", _where(rule.key, "eq", value)))
    place: dict[Raw, int] = {value: len(ranges) + index for index, value in enumerate(kept)}
    for number in counts:
        if isinstance(number, float):
            place[number] = sum(number >= edge for edge in rule.edges)
    if len(kept) < len(known):
        place |= {value: len(cuts) for value in known[rule.most :]}
        cuts.append(Cut(OTHER, "other", _other(rule, kept)))
    if None in counts:
        place[None] = len(cuts)
        cuts.append(Cut(MISSING, "missing", _where(rule.key, "exists", False)))
    return cuts, place


def _ranges(rule: SliceRule) -> list[Cut]:
    first, last = rule.edges[0], rule.edges[-1]
    between = zip(rule.edges[:-1], rule.edges[1:], strict=True)
    return [
        Cut(f"below {first:g}", "range", _between(rule.key, None, first)),
        *(Cut(f"{low:g} to {high:g}", "range", _between(rule.key, low, high)) for low, high in between),
        Cut(f"from {last:g}", "range", _between(rule.key, last, None)),
    ]


def _between(key: str, low: float | None, high: float | None) -> Filter:
    bounds = [("ge", low), ("lt", high)]
    return {"all": [{"metadata": {"key": key, "op": op, "value": edge}} for op, edge in bounds if edge is not None]}


def _where(key: str, op: str, value: str | float | bool) -> Filter:
    return {"all": [{"metadata": {"key": key, "op": op, "value": value}}]}


def _other(rule: SliceRule, kept: Sequence[Typed]) -> Filter:
    without: list[object] = [{"metadata": {"key": rule.key, "op": "ne", "value": value}} for _, value in kept]
    return {"all": [{"metadata": {"key": rule.key, "op": "exists", "value": True}}, *without]}
