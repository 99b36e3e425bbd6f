# ruff: noqa: S608 - the SQL is put together from constants and clauses; every value is a parameter
"""Finding items among a million: where one condition has few, start there and sort; else walk the order that was asked.

A page first asks each condition that has an index for at most 10,001 rows. If one has fewer, those are looked at and
sorted. Otherwise the sort's own index is walked in windows until the page is full, for at most half a second; what was
found by then is returned with the place that was reached, so that the next page goes on from there.
"""

import time
from collections.abc import Callable, Iterator, Sequence

import msgspec

from karat.model.problem import Problem, Refused, shown
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items.clauses import Clause
from karat.server.items.orders import Order, Phase

FEW = 10_000
BUDGET_S = 0.5
FIRST_WINDOW = 2_000
LARGEST_WINDOW = 200_000
# A text is compared in Python, so only so many are read at once: texts may be large.
VERIFIED_AT_ONCE = 200

Values = tuple[str | float | int, ...]
Place = tuple[int, Values]
"""Which phase of the order, and the values of the last row there."""


class Found(msgspec.Struct, frozen=True):
    """The keys of a page's items in order."""

    items: list[int]
    next: Place | None
    complete: bool
    """False where time ran out before the page was full or the end reached."""
    reached: int | None = None
    """The last item that was looked at, where it is not complete."""


class Count(msgspec.Struct, frozen=True):
    """How many items; not exact above 10,000, and where time ran out."""

    count: int
    exact: bool


def find(
    tx: Tx,
    project: int,
    clauses: Sequence[Clause],
    order: Order,
    *,
    after: Place | None,
    limit: int,
    budget_s: float = BUDGET_S,
    now: Callable[[], float] = time.monotonic,
) -> Found:
    """The next page."""
    search = _Search(tx, project, clauses, order, deadline=now() + budget_s, now=now)
    few = search.fewest()
    return search.sort(few, after, limit) if few is not None else search.walk(after, limit)


def count(
    tx: Tx,
    project: int,
    clauses: Sequence[Clause],
    order: Order,
    *,
    budget_s: float = BUDGET_S,
    now: Callable[[], float] = time.monotonic,
) -> Count:
    """How many items satisfy all clauses, exactly up to 10,000."""
    search = _Search(tx, project, clauses, order, deadline=now() + budget_s, now=now)
    few = search.fewest()
    found = search.sort(few, None, FEW + 1) if few is not None else search.walk(None, FEW + 1)
    n = len(found.items)
    return Count(min(n, FEW), exact=found.complete and n <= FEW)


def matching(tx: Tx, project: int, clauses: Sequence[Clause], order: Order, *, after: int, limit: int) -> list[int]:
    """The keys of the next items above `after` that satisfy all clauses, however long it takes: for jobs.

    `order` must be the order of making, so that a job which changes what it filters by passes over nothing.
    """
    search = _Search(tx, project, clauses, order, deadline=float("inf"), now=time.monotonic)
    few = search.fewest()
    place: Place = (0, (after,))
    return (search.sort(few, place, limit) if few is not None else search.walk(place, limit)).items


class _Search:
    def __init__(
        self,
        tx: Tx,
        project: int,
        clauses: Sequence[Clause],
        order: Order,
        *,
        deadline: float,
        now: Callable[[], float],
    ) -> None:
        self.tx = tx
        self.clauses = clauses
        self.order = order
        self.deadline = deadline
        self.now = now
        self.values: dict[str, object] = {"project": project, **order.values}
        for clause in clauses:
            self.values |= clause.values
        self._last: Place = (0, ())
        self.verifiers = [clause.verify for clause in clauses if clause.verify]

    def fewest(self) -> Clause | None:
        """The clause that is the best to start from, if one has few items."""
        best: tuple[int, Clause] | None = None
        for clause in self.clauses:
            if clause.probe is None:
                continue
            limit = FEW + 1 if best is None else best[0]
            rows = self.tx.run(f"SELECT count(*) FROM ({clause.probe} LIMIT {limit}) q", **self.values)
            if rows[0][0] < limit:
                best = (rows[0][0], clause)
            if rows[0][0] == 0:
                break
        return best[1] if best else None

    def sort(self, few: Clause, after: Place | None, limit: int) -> Found:
        """Look at the few items and sort them."""
        chosen = f"(SELECT DISTINCT item FROM ({few.probe}) p) q CROSS JOIN items i"
        others = [clause for clause in self.clauses if clause is not few or clause.verify]
        found: list[int] = []
        for number, phase, place in self.phases(after):
            where = ["i.n = q.item", "i.project = :project", "i.deleted_at IS NULL", *phase.where]
            where += ["f.item = i.n", "f.key = :sort_key", "+f.project = :project"] if phase.few else []
            while True:
                rows = self.rows(phase, f"{chosen}{phase.few}", where, others, place, None, limit + 1 - len(found))
                last = self.take(rows, found, limit, number)
                if last is not None:
                    return Found(found, last, complete=True)
                if not self.verifiers or len(rows) < VERIFIED_AT_ONCE:
                    break
                place = phase.place(rows[-1])
                if self.now() > self.deadline:
                    return Found(found, (number, place), complete=False, reached=rows[-1][0])
        return Found(found, None, complete=True)

    def walk(self, after: Place | None, limit: int) -> Found:
        """Walk the index of the order until the page is full."""
        found: list[int] = []
        for number, phase, place in self.phases(after):
            source = f"{self.indexed(phase)}{phase.joined}"
            where = [*phase.walked, *phase.where]
            where += [f"i.n = {phase.item}", "i.deleted_at IS NULL"] if phase.joined else []
            window = FIRST_WINDOW
            while True:
                started = self.now()
                end = self.window_end(phase, place, window) if self.clauses or phase.where else None
                rows = self.rows(phase, source, where, self.clauses, place, end, limit + 1 - len(found))
                last = self.take(rows, found, limit, number)
                if last is not None:
                    return Found(found, last, complete=True)
                if self.verifiers and len(rows) == VERIFIED_AT_ONCE:
                    end = rows[-1]
                if end is None:
                    break
                place = phase.place(end)
                if self.now() > self.deadline:
                    return Found(found, (number, place), complete=False, reached=end[0])
                if self.now() - started < BUDGET_S / 8:
                    window = min(window * 2, LARGEST_WINDOW)
        return Found(found, None, complete=True)

    def take(self, rows: Sequence[Row], found: list[int], limit: int, number: int) -> Place | None:
        """Add rows of a phase to the page; the place of its last row, which may be of an earlier phase, once one more
        was seen than it holds.
        """
        for row in rows:
            if self.verifiers and not all(verify(row[-1]) for verify in self.verifiers):
                continue
            if len(found) == limit:
                return self._last
            found.append(row[0])
            self._last = (number, self.order.phases[number].place(row))
        return None

    def rows(
        self,
        phase: Phase,
        source: str,
        where: Sequence[str],
        clauses: Sequence[Clause],
        place: Values | None,
        end: Row | None,
        limit: int,
    ) -> list[Row]:
        """The next rows of a phase that satisfy the clauses: the item's key, the order's values, perhaps the streams."""
        values = dict(self.values)
        tests = [*where, *(f"({clause.test})" for clause in clauses), *_beyond(phase, place, values)]
        if end is not None:
            order = ">=" if phase.descending else "<="
            tests.append(f"({', '.join(phase.by)}) {order} ({_bind(phase.place(end), 'end', values)})")
        streams = ", i.streams" if self.verifiers else ""
        limit = VERIFIED_AT_ONCE if self.verifiers else limit
        return self.tx.run(
            f"SELECT i.n, {', '.join(phase.by)}{streams} FROM {source} WHERE {' AND '.join(tests)}"
            f" ORDER BY {phase.ordered} LIMIT {limit}",
            **values,
        )

    def window_end(self, phase: Phase, place: Values | None, size: int) -> Row | None:
        """The last row of the next window along the index alone; None where the phase ends before."""
        values = dict(self.values)
        where = [*phase.walked, *_beyond(phase, place, values)]
        rows = self.tx.run(
            f"SELECT {phase.item}, {', '.join(phase.by)} FROM {self.indexed(phase)} WHERE {' AND '.join(where)}"
            f" ORDER BY {phase.ordered} LIMIT 1 OFFSET {size - 1}",
            **values,
        )
        return rows[0] if rows else None

    def indexed(self, phase: Phase) -> str:
        return f"{phase.table} INDEXED BY {phase.index}" if self.tx.is_sqlite else phase.table

    def phases(self, after: Place | None) -> Iterator[tuple[int, Phase, Values | None]]:
        start, place = after or (0, None)
        phases = self.order.phases
        if not 0 <= start < len(phases) or (place is not None and not _fits(place, phases[start])):
            raise Refused(
                [Problem("cursor", shown(after), "the `next` of the page before", "Start again without a cursor.")]
            )
        for number in range(start, len(phases)):
            yield number, phases[number], place if number == start else None


def _fits(place: Values, phase: Phase) -> bool:
    if len(place) != len(phase.types):
        return False
    return all(
        isinstance(v, str) == (t is str) and (t is not int or isinstance(v, int)) and "\x00" not in str(v)
        for v, t in zip(place, phase.types, strict=True)
    )


def _beyond(phase: Phase, place: Values | None, values: dict[str, object]) -> list[str]:
    if place is None:
        return []
    return [f"({', '.join(phase.by)}) {'<' if phase.descending else '>'} ({_bind(place, 'place', values)})"]


def _bind(place: Values, name: str, values: dict[str, object]) -> str:
    values |= {f"{name}{i}": value for i, value in enumerate(place)}
    return ", ".join(f":{name}{i}" for i in range(len(place)))
