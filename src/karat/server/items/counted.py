"""How many items a filter finds where that is a count which is kept: many of them, exact at any size, and at once.

Lists of few are looked up as they are; of more than that the counts that dashboards show are read, so that the number and
the list behind it say the same.
"""

import datetime as dt
from collections.abc import Sequence

from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.items import filters
from karat.server.items.filters import Condition
from karat.server.items.texts import as_text
from karat.server.slices import slice_of

WORK = ("open", "labeled", "review", "done")


def kept_count(tx: Tx, scope: Scope, conditions: Sequence[Condition]) -> int | None:
    """The count that is kept of these conditions; None where none is."""
    match conditions:
        case [filters.Stages(stages=stages)]:
            return _sum(tx, scope, "stage", [(stage, state, None) for stage in set(stages) for state in WORK])
        case [filters.Stages(stages=stages), filters.States(states=states)]:
            return _sum(tx, scope, "stage", [(stage, state, None) for stage in set(stages) for state in set(states)])
        case [filters.LabelIs(field=field, label=label, author=None)]:
            return _sum(tx, scope, "label", [(field, label, "")])
        case [filters.Metadata(op="eq") as value, *more]:
            return _slice(tx, scope, value, more)
        case [filters.Answered(author=None, state="submitted", since=str() as since, until=str() as until)]:
            name = "day" if since == until else "week" if _is_week(since, until) else None
            return None if name is None else _sum(tx, scope, name, [("", "", since)])
        case [filters.Reviewed(verdict=str() as verdict, author=None, reviewer=None, since=None, until=None)]:
            return _sum(tx, scope, "verdict", [(verdict, "", "")])
        case _:
            return None


def _slice(tx: Tx, scope: Scope, asked: filters.Metadata, more: Sequence[Condition]) -> int | None:
    if not isinstance(asked.value, str | int | float | bool):
        return None
    number = None if isinstance(asked.value, str | bool) else float(asked.value)
    key = (asked.key, slice_of(as_text(asked.value) if isinstance(asked.value, str | bool) else None, number), "")
    match more:
        case []:
            return _sum(tx, scope, "slice", [key])
        case [filters.Responses(op="ge", value=1)]:
            return _sum(tx, scope, "slice", [key], "x")
        case [filters.States(states=["done"])]:
            return _sum(tx, scope, "slice", [key], "y")
        case _:
            return None


def _is_week(since: str, until: str) -> bool:
    try:
        monday, sunday = dt.date.fromisoformat(since), dt.date.fromisoformat(until)
    except ValueError:
        return False
    return monday.weekday() == 0 and (sunday - monday).days == 6


def _sum(tx: Tx, scope: Scope, what: str, keys: Sequence[tuple[str, str, str | None]], column: str = "n") -> int:
    total = 0
    for a, b, day in keys:
        at = "" if day is None else " AND day = :day"
        rows = tx.run(
            f"SELECT coalesce(sum({column}), 0) FROM rollups"  # noqa: S608 - constants
            f" WHERE project = :project AND what = :what AND a = :a AND b = :b{at}",
            project=scope.project,
            what=what,
            a=a,
            b=b,
            **({} if day is None else {"day": day}),
        )
        total += int(rows[0][0])
    return total
