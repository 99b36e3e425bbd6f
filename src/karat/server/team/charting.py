"""All control charts of a project: of its people, labels, batches and slices, and how often they err together."""

from collections import Counter, defaultdict
from math import exp

from karat.quality.drift.steps import Steps
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.items.names import authors_by_key
from karat.server.projects.queries import schema_of
from karat.server.reports.schemas import Filter
from karat.server.team.charts import RUN_LENGTH, Day, chart_of
from karat.server.team.queries import NO_PERSON
from karat.server.team.schemas import AllCharts, Chart, Charted, ChartRow, ChartSum
from karat.server.team.slices import CHARTED, NOBODY
from karat.server.team.watching import watches_of

MOST_POINTS = 60
"""Of a chart that is listed, the latest."""
MOST_ITEMS = 50
OF: tuple[Charted, ...] = ("person", "label", "batch", "slice")


def all_charts(tx: Tx, scope: Scope) -> AllCharts:
    """Every chart that has a point, alarms first, then by what it is of; and what their alarms are worth together."""
    rows = [*_of_people(tx, scope), *_of_things(tx, scope)]
    rows.sort(key=lambda row: (row.chart.falling_since is None, OF.index(row.of), row.name))
    points, alarms = Counter[str](), Counter[str]()
    for row in rows:
        points[row.of] += len(row.chart.points)
        alarms[row.of] += sum(point.alarm for point in row.chart.points)
    sums = [
        ChartSum(of, sum(row.of == of for row in rows), points[of], alarms[of], points[of] / RUN_LENGTH)
        for of in OF
        if points[of]
    ]
    watches = watches_of(tx, scope.project).values()
    begun = [watch.steps for watch in watches if watch.steps.is_begun]
    answers = sum(steps.watched for steps in begun)
    run = Steps(2).run_length
    expected = sum(one.expected for one in sums) + answers / run
    return AllCharts(
        charts=[_shortened(row) for row in rows],
        sums=sums,
        run_length=RUN_LENGTH,
        steps=len(begun),
        answers=answers,
        alarms=sum(len(watch.falling) for watch in watches),
        run_length_answers=run,
        expected=expected,
        chance=1 - exp(-expected),
        next_round=len(rows) / RUN_LENGTH,
    )


def _of_people(tx: Tx, scope: Scope) -> list[ChartRow]:
    days = _days(tx, scope, "what >= 'right:' AND what < 'right;'", by="author")
    names = authors_by_key(tx, scope.workspace, [int(key) for key in days])
    found = []
    for key, own in days.items():
        author, chart = names.get(int(key)), chart_of(own)
        if author is not None and author.type not in NO_PERSON and chart.points:
            of: Filter = {"all": [{"author": author.id}]}
            found.append(ChartRow("person", author.id, author.name, author, chart, of))
    return found


def _of_things(tx: Tx, scope: Scope) -> list[ChartRow]:
    where = " OR ".join(f"what >= '{one}' AND what < '{one[:-1]};'" for one in CHARTED)
    _, schema = schema_of(tx, scope.project)
    found = []
    for what, own in _days(tx, scope, f"author = {NOBODY} AND ({where})", by="what").items():
        chart = chart_of(own)
        if not chart.points:
            continue
        of, _, rest = what.partition(":")
        key, _, value = rest.partition("=")
        match of:
            case "label":
                title = schema.fields[key].title or key if key in schema.fields else key
                items: Filter = {"all": [{"label": {"field": key, "label": value}}]}
                found.append(ChartRow("label", rest, f"{value}, {title}", None, chart, items))
            case "slice":
                said: str | bool = {"True": True, "False": False}.get(value, value)
                items = {"all": [{"metadata": {"key": key, "op": "eq", "value": said}}]}
                found.append(ChartRow("slice", rest, f"{key}: {value}", None, chart, items))
            case _:
                found += _of_batch(tx, scope, rest, chart)
    return found


def _of_batch(tx: Tx, scope: Scope, id_: str, chart: Chart) -> list[ChartRow]:
    rows = tx.run("SELECT n, title FROM batches WHERE id = :id AND project = :project", id=id_, project=scope.project)
    if not rows:
        return []
    items = tx.run(
        "SELECT i.id FROM batch_items x JOIN items i ON i.n = x.item AND i.deleted_at IS NULL WHERE x.batch = :batch"
        " AND i.responses > 0 ORDER BY coalesce(i.disagreement, 0) DESC, i.n LIMIT :limit",
        batch=rows[0][0],
        limit=MOST_ITEMS,
    )
    return [ChartRow("batch", id_, rows[0][1], None, chart, {"all": [{"ids": [item for (item,) in items]}]})]


def _days(tx: Tx, scope: Scope, where: str, *, by: str) -> dict[str, list[Day]]:
    """By author or by what, how many were compared on each day and how right they were."""
    found: defaultdict[str, list[Day]] = defaultdict(list)
    for key, day, n, x in tx.run(
        f"SELECT {by}, day, sum(n), sum(x) FROM person_days WHERE project = :project AND {where}"  # noqa: S608 - constants
        f" GROUP BY {by}, day HAVING sum(n) > 0 ORDER BY {by}, day",
        project=scope.project,
    ):
        found[str(key)].append((day, int(n), x))
    return found


def _shortened(row: ChartRow) -> ChartRow:
    chart = row.chart
    short = Chart(chart.points[-MOST_POINTS:], chart.limit, chart.run_length, chart.falling_since)
    return ChartRow(row.of, row.key, row.name, row.author, short, row.items)
