"""How work flows through a project: what stands where, when it will be done, what it costs, and how much of it is wrong."""

import datetime as dt
import time
from collections import defaultdict
from collections.abc import Mapping
from math import ceil, floor
from weakref import WeakKeyDictionary

import msgspec
import sqlalchemy as sa

from karat.quality.acceptance import defect_bound
from karat.quality.forecast import days_left
from karat.quality.measure import Measure
from karat.quality.sums import Sums
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.projects.queries import policy_of
from karat.server.reports.queries import KEPT_S, SLOW_S
from karat.server.reports.schemas import Filter

DAYS = 14
"""Days by whose pace the end is forecast."""
WEEKS = 26


class StageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One stage: how many items stand there, by state, and since when the one that waits longest has."""

    stage: str
    do: str
    items: int
    by_state: dict[str, int]
    waits_since: str | None
    """Of items that somebody has begun and that are not done: when the first of them last moved."""


class Forecast(msgspec.Struct, frozen=True):
    """What is left of one sort of work, how much of it is done a day, and in how many days it is done, 95 %."""

    of: str
    left: int
    per_day: float
    days: Measure


class Defects(msgspec.Struct, frozen=True):
    """The share of answers that reviewers did not accept, weighted by the draw; it is below `bound` with 95 %."""

    rate: Measure
    bound: float | None


class Week(msgspec.Struct, frozen=True):
    """One week from its Monday: agreement with the others, and what reviewers did not accept."""

    week: str
    answers: int
    agreement: Measure
    defects: Measure


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """The project as work. `minutes_per_done`: active time of everybody, reviewers included, over items that are done."""

    stages: list[StageRow]
    forecast: list[Forecast]
    defects: Defects
    minutes_per_done: float | None
    weeks: list[Week]
    filters: dict[str, Filter]


_stages: WeakKeyDictionary[sa.Engine, dict[int, tuple[float, list[StageRow]]]] = WeakKeyDictionary()


def flow(tx: Tx, scope: Scope) -> Flow:
    """How the project's work flows."""
    days = _by_day(tx, scope.project)
    total: defaultdict[str, Sums] = defaultdict(Sums)
    for sums in days.values():
        for what, one in sums.items():
            total[what] += one
    done = tx.run("SELECT done FROM projects WHERE n = :n", n=scope.project)[0][0]
    active = total["answers"].x + total["judged"].x
    return Flow(
        stages=_standing(tx, scope.project),
        forecast=_forecast(tx, scope.project, days),
        defects=Defects(_wrong(total["review"]), bound_of(total["review"])),
        minutes_per_done=active / 60_000 / done if done and active else None,
        weeks=_weeks(days),
        filters={state: {"all": [{"state": [state]}]} for state in ("open", "labeled", "review", "done")},
    )


def bound_of(review: Sums) -> float | None:
    """What the share that is not accepted stays below with 95 %: exact, for as many answers as the weights are worth."""
    if review.n <= 0:
        return None
    worth = floor(review.effective + 1e-9)
    wrong = ceil((1 - min(1.0, review.x / review.w)) * review.effective - 1e-9)
    return defect_bound(min(wrong, worth), worth) if worth > 0 else None


def _wrong(review: Sums) -> Measure:
    return Sums(review.n, review.w - review.x, review.w, review.ww).share()


def _by_day(tx: Tx, project: int) -> dict[str, dict[str, Sums]]:
    """By day what everybody did together; agreement over all fields."""
    found: defaultdict[str, defaultdict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
    for day, what, n, x, w, ww in tx.run(
        "SELECT day, what, sum(n), sum(x), sum(w), sum(ww) FROM person_days WHERE project = :project AND day <> ''"
        " AND (what IN ('answers', 'judged', 'review') OR (what >= 'agree:' AND what < 'agree;')) GROUP BY day, what",
        project=project,
    ):
        found[day][what.partition(":")[0]] += Sums(int(n), x, w, ww)
    return {day: dict(sums) for day, sums in found.items()}


def _standing(tx: Tx, project: int) -> list[StageRow]:
    """The stages of the policy; counted anew at most every ten seconds where that takes long."""
    kept = _stages.setdefault(tx.connection.engine, {})
    held = kept.get(project)
    if held is not None and time.monotonic() < held[0]:
        return held[1]
    began = time.monotonic()
    rows = tx.run(
        "SELECT stage, state, count(*), min(CASE WHEN responses > 0 AND state <> 'done' THEN changed_at END) FROM items"
        " WHERE project = :project AND deleted_at IS NULL GROUP BY stage, state",
        project=project,
    )
    _, policy = policy_of(tx, project)
    found = []
    for name, stage in policy.stages.items():
        here = [row for row in rows if row[0] == name]
        waits = min((row[3] for row in here if row[3] is not None), default=None)
        by_state = {row[1]: int(row[2]) for row in here}
        found.append(
            StageRow(stage=name, do=stage.do, items=sum(by_state.values()), by_state=by_state, waits_since=waits)
        )
    if time.monotonic() - began > SLOW_S:
        kept[project] = (time.monotonic() + KEPT_S, found)
    return found


def _forecast(tx: Tx, project: int, days: Mapping[str, Mapping[str, Sums]]) -> list[Forecast]:
    _, policy = policy_of(tx, project)
    left: defaultdict[str, int] = defaultdict(int)
    for stage, n in tx.run(
        "SELECT stage, sum(wanted - granted) FROM queue WHERE project = :project GROUP BY stage", project=project
    ):
        if stage in policy.stages:
            left["answers" if policy.stages[stage].do == "label" else "judged"] += int(n)
    for stage, n in tx.run(
        "SELECT stage, count(*) FROM assignments WHERE project = :project AND state = 'claimed' GROUP BY stage",
        project=project,
    ):
        if stage in policy.stages:
            left["answers" if policy.stages[stage].do == "label" else "judged"] += int(n)
    found = []
    for of in ("answers", "judged"):
        done = _last_days(days, of, tx.now()[:10])
        if left[of] or any(done):
            per_day = sum(done) / len(done) if done else 0.0
            found.append(Forecast(of, left[of], per_day, days_left(left[of], done)))
    return found


def _last_days(days: Mapping[str, Mapping[str, Sums]], of: str, today: str) -> list[int]:
    """What was done on each of the last days before today, from the first on which anything was."""
    first = min((day for day, sums in days.items() if of in sums), default=today)
    end = dt.date.fromisoformat(today)
    shown = [(end - dt.timedelta(days=back)).isoformat() for back in range(DAYS, 0, -1)]
    return [days[day][of].n if day in days and of in days[day] else 0 for day in shown if day >= first]


def _weeks(days: Mapping[str, Mapping[str, Sums]]) -> list[Week]:
    found: defaultdict[str, defaultdict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
    for day, sums in days.items():
        date = dt.date.fromisoformat(day)
        monday = (date - dt.timedelta(days=date.weekday())).isoformat()
        for what, one in sums.items():
            found[monday][what] += one
    return [
        Week(week, sums["answers"].n, sums["agree"].share(), _wrong(sums["review"]))
        for week, sums in sorted(found.items())
    ][-WEEKS:]
