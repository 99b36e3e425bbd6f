"""Every table of a dashboard to take along."""

from collections.abc import Callable, Iterator, Sequence

from karat.model.problem import Problem, Refused, shown
from karat.quality.measure import Measure
from karat.server.access import Scope
from karat.server.boards.flow import VERDICTS, flow
from karat.server.boards.matrix import pairs
from karat.server.boards.mix import coverage, labels
from karat.server.boards.standing import STATES
from karat.server.database import Tx
from karat.server.projects.queries import schema_of
from karat.server.reports.queries import agreement
from karat.server.sheets import Cell, Sheet
from karat.server.team import tables as of_people

Row = Sequence[Cell]
Columns = dict[str, str]
TEXT, INTEGER, NUMBER = "text", "integer", "number"


def sheet(tx: Tx, scope: Scope, name: str) -> Sheet:
    """One of the tables."""
    if name in TABLES:
        return TABLES[name](tx, scope)
    if name in of_people.NAMES:
        return of_people.sheet(tx, scope, name)
    names = ", ".join((*TABLES, *of_people.NAMES))
    raise Refused([Problem("table", shown(name), f"one of {names}", "Name one of the tables.")])


def _measure(name: str) -> Columns:
    return {name: NUMBER, f"{name}_low": NUMBER, f"{name}_high": NUMBER, f"{name}_n": INTEGER}


def _of(one: Measure) -> tuple[Cell, ...]:
    return one.value, one.low, one.high, one.n


def _sheet(columns: Columns, rows: Iterator[Row]) -> Sheet:
    return Sheet(columns, list(rows))  # type: ignore[arg-type]


def _stages(tx: Tx, scope: Scope) -> Sheet:
    columns = {"stage": TEXT, "do": TEXT, "items": INTEGER, **dict.fromkeys(STATES, INTEGER), "waits_since": TEXT}
    columns |= {"left": INTEGER, "waits_for": TEXT, "who": TEXT, "held": INTEGER, "stayed_n": INTEGER}
    columns |= {"stayed_median_s": NUMBER, "stayed_mean_s": NUMBER, "stayed_share": NUMBER}
    return _sheet(
        columns,
        (
            (
                *(row.stage, row.do, row.items.n),
                *(row.by_state[state].n if state in row.by_state else 0 for state in STATES),
                *(row.waits_since, row.left, row.waits_for, " ".join(row.who), sum(one.n for one in row.held)),
                *(row.stayed.n, _seconds(row.stayed.median_ms), _seconds(row.stayed.mean_ms), row.stayed.share),
            )
            for row in flow(tx, scope).stages
        ),
    )


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000


def _weeks(tx: Tx, scope: Scope) -> Sheet:
    columns = {"week": TEXT, "items": INTEGER, "answers": INTEGER, **_measure("agreement"), **_measure("not_accepted")}
    return _sheet(
        columns | dict.fromkeys(VERDICTS, INTEGER),
        (
            (
                *(row.week, row.items.n, row.answers, *_of(row.agreement), *_of(row.defects)),
                *(row.verdicts[verdict].n for verdict in VERDICTS),
            )
            for row in flow(tx, scope).weeks
        ),
    )


def _forecast(tx: Tx, scope: Scope) -> Sheet:
    columns = {"of": TEXT, "left": INTEGER, "items": INTEGER, "per_day": NUMBER, **_measure("days")}
    return _sheet(
        columns, ((row.of, row.left, row.items.n, row.per_day, *_of(row.days)) for row in flow(tx, scope).forecast)
    )


def _labels(tx: Tx, scope: Scope) -> Sheet:
    columns = {"field": TEXT, "label": TEXT, "title": TEXT, "times": INTEGER, "items": INTEGER}
    return _sheet(columns, ((row.field, row.label, row.title, row.n, row.items) for row in labels(tx, scope)))


def _slices(tx: Tx, scope: Scope) -> Sheet:
    columns = {"key": TEXT, "value": TEXT, "items": INTEGER, "answered": INTEGER, "done": INTEGER}
    return _sheet(
        columns,
        (
            (key.key, _shown(one.value), one.items.n, one.answered.n, one.done.n)
            for key in coverage(tx, scope).keys
            for one in key.slices
        ),
    )


def _shown(value: str | float | bool) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _pairs(tx: Tx, scope: Scope) -> Sheet:
    columns = {"field": TEXT, "label": TEXT, "a": TEXT, "a_name": TEXT, "b": TEXT, "b_name": TEXT}
    return _sheet(columns | _measure("agreement") | {"differ": INTEGER}, _cells(tx, scope))


def _cells(tx: Tx, scope: Scope) -> Iterator[Row]:
    for field in schema_of(tx, scope.project)[1].fields:
        whole = pairs(tx, scope, field, None)
        for one in (whole, *(pairs(tx, scope, field, label) for label in whole.labels)):
            names = {author.id: author.name for author in one.authors}
            for c in one.cells:
                who = (c.a, names[c.a], c.b, names[c.b])
                yield field, one.label, *who, c.value, c.low, c.high, c.n, c.differ


def _agreement(tx: Tx, scope: Scope) -> Sheet:
    columns = {
        "field": TEXT,
        "kind": TEXT,
        "label": TEXT,
        **_measure("same"),
        **_measure("alpha"),
        **_measure("distance"),
    }
    return _sheet(columns, _agreements(tx, scope))


def _agreements(tx: Tx, scope: Scope) -> Iterator[Row]:
    for field in agreement(tx, scope).fields:
        yield field.field, field.kind, None, *_of(field.percent), *_of(field.alpha), *_of(field.distance)
        for label in field.per_label:
            yield field.field, field.kind, label.label, *_of(label.percent), *_of(label.alpha), None, None, None, 0


TABLES: dict[str, Callable[[Tx, Scope], Sheet]] = {
    "stages": _stages,
    "forecast": _forecast,
    "weeks": _weeks,
    "labels": _labels,
    "slices": _slices,
    "pairs": _pairs,
    "agreement": _agreement,
}
"""Every table by its name, beside those of people."""
