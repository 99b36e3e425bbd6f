# ruff: noqa: S608 - the SQL is put together from constants; every value is a parameter
"""The orders in which items can be listed, each as phases that walk one index from end to end.

Where not every item has the value that is sorted by, the items without it come last, by the order in which they were
made; numbers of metadata come before texts. An item whose metadata is a list stands at its first value.
"""

from collections.abc import Sequence

import msgspec

from karat.model.problem import Problem, Refused, shown
from karat.server.database import Tx
from karat.server.search.words import known_words

SORTS = ("created", "changed", "key", "responses", "disagreement", "uncertainty", "meta:<key>")


_STANDING = ("i.project = :project", "i.deleted_at IS NULL")


class Phase(msgspec.Struct, frozen=True, kw_only=True):
    """One index walked in one direction."""

    by: tuple[str, ...]
    """Columns of the order, the item's key last."""
    types: tuple[type, ...]
    """What a cursor holds for each."""
    descending: bool
    index: str
    """The index that is walked; SQLite is told, since without statistics it would rather sort a million rows."""
    where: tuple[str, ...] = ()
    """What rows of this phase satisfy, beside belonging to the project and not being deleted."""
    walked: tuple[str, ...] = _STANDING
    """What a walk along the index adds, of columns that the index holds: windows are measured by it alone."""
    table: str = "items i"
    item: str = "i.n"
    joined: str = ""
    """What a walk along another table's index joins, to come to the items."""
    few: str = ""
    """What is joined to a few items that were already chosen, to have the order's columns."""

    @property
    def ordered(self) -> str:
        """The ORDER BY."""
        return ", ".join(f"{column}{' DESC' if self.descending else ''}" for column in self.by)

    def place(self, row: Sequence[object]) -> tuple[str | float | int, ...]:
        """The values of a row of this phase, which begins with the item's key."""
        return tuple(v for v in row[1 : 1 + len(self.by)] if isinstance(v, str | float | int))


class Order(msgspec.Struct, frozen=True):
    """Phases one behind the other."""

    phases: tuple[Phase, ...]
    values: dict[str, object] = {}


def order_of(tx: Tx, project: int, sort: str, *, descending: bool) -> Order:
    """The order that a request names."""
    match sort:
        case "created":
            return Order((_made(descending=descending),))
        case "changed":
            by = ("i.changed_at", "i.n")
            return Order((Phase(by=by, types=(str, int), descending=descending, index="items_changed"),))
        case "key":
            return Order((Phase(by=("i.key", "i.n"), types=(str, int), descending=descending, index="items_key"),))
        case "responses":
            return _responses(descending=descending)
        case "disagreement" | "uncertainty":
            return _where_known(sort, descending=descending)
    kind, _, key = sort.partition(":")
    if kind != "meta" or not key or "\x00" in key:
        raise Refused([Problem("sort", shown(sort), f"one of {', '.join(SORTS)}", "Name a column to sort by.")])
    return _metadata(known_words(tx, project, "meta", [key]).get(key, -1), descending=descending)


def _made(*where: str, descending: bool) -> Phase:
    return Phase(by=("i.n",), types=(int,), descending=descending, index="items_made", where=where)


def _responses(*, descending: bool) -> Order:
    has_some = "i.responses > 0"
    some = Phase(
        by=("i.responses", "i.n"),
        types=(int, int),
        descending=descending,
        index="items_responses",
        where=(has_some,),
        walked=(*_STANDING, has_some),
    )
    # The index has no items without answers: an import of a million would otherwise pay for it.
    none = _made("i.responses = 0", descending=descending)
    return Order((some, none) if descending else (none, some))


def _where_known(column: str, *, descending: bool) -> Order:
    is_known = f"i.{column} IS NOT NULL"
    known = Phase(
        by=(f"i.{column}", "i.n"),
        types=(float, int),
        descending=descending,
        index=f"items_{column}",
        where=(is_known,),
        walked=(*_STANDING, is_known),
    )
    return Order((known, _made(f"i.{column} IS NULL", descending=False)))


def _metadata(key: int, *, descending: bool) -> Order:
    has_none = "(SELECT 1 FROM facts g WHERE g.item = i.n AND g.author = 0 AND g.key = :sort_key LIMIT 1) IS NULL"
    phases = (_values("num", float, descending=descending), _values("txt", str, descending=descending))
    ordered = reversed(phases) if descending else phases
    return Order((*ordered, _made(has_none, descending=False)), {"sort_key": key})


def _values(column: str, type_: type, *, descending: bool) -> Phase:
    earlier = f"g.{column} {'>' if descending else '<'} f.{column}"
    first = f"(SELECT 1 FROM facts g WHERE g.item = f.item AND g.author = 0 AND g.key = :sort_key AND {earlier} LIMIT 1) IS NULL"
    there = f"f.{column} IS NOT NULL"
    return Phase(
        by=(f"f.{column}", "f.item"),
        types=(type_, int),
        descending=descending,
        index=f"facts_{column}",
        where=("f.author = 0", there, first),
        walked=("f.project = :project", "f.key = :sort_key", there),
        table="facts f",
        item="f.item",
        joined=" CROSS JOIN items i",
        # Of a few items the facts are looked up by item; `+project` keeps SQLite from walking all facts of the key.
        few=" CROSS JOIN facts f",
    )


BY_MAKING = Order((_made(descending=False),))
"""The order in which items were made: their keys grow."""
