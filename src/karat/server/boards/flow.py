"""How work flows through a project: when it will be done, what it costs in time, and how much of it is wrong."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import ceil, floor

from karat.quality.acceptance import defect_bound
from karat.quality.forecast import days_left
from karat.quality.measure import Measure
from karat.quality.sums import Sums
from karat.server.access import Scope
from karat.server.boards.following import NAME, WATCH
from karat.server.boards.giving import monday
from karat.server.boards.rows import counts, listed
from karat.server.boards.schemas import Defects, Flow, Forecast, StageRow, Week
from karat.server.boards.standing import stages_of
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.following import is_behind
from karat.server.projects.queries import policy_of

DAYS = 14
"""Days by whose pace the end is forecast."""
WEEKS = 26
VERDICTS = ("accepted", "fixed", "rejected")
DOES = {"answers": ("label",), "judged": ("review", "adjudicate")}
"""What is forecast, and at which stages it is done."""


def flow(tx: Tx, scope: Scope) -> Flow:
    """How the project's work flows."""
    days = _by_day(tx, scope.project)
    total: defaultdict[str, Sums] = defaultdict(Sums)
    for sums in days.values():
        for what, one in sums.items():
            total[what] += one
    done = tx.run("SELECT done FROM projects WHERE n = :n", n=scope.project)[0][0]
    active = total["answers"].x + total["judged"].x
    _, policy = policy_of(tx, scope.project)
    stages = stages_of(tx, scope, policy)
    verdicts = counts(tx, scope.project, "verdict")
    return Flow(
        stages=stages,
        forecast=_forecast(stages, days, tx.now()[:10]),
        defects=Defects(
            rate=_wrong(total["review"]),
            bound=bound_of(total["review"]),
            verdicts={
                verdict: listed(
                    sum(n for v, _, day, n, _, _ in verdicts if v == verdict and not day),
                    {"reviewed": {"verdict": verdict}},
                )
                for verdict in VERDICTS
            },
        ),
        minutes_per_done=active / 60_000 / done if done and active else None,
        done=listed(done, {"state": ["done"]}),
        weeks=_weeks(tx, scope.project, days, verdicts),
        behind=is_behind(tx, NAME, WATCH, scope.project),
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


def _forecast(stages: Sequence[StageRow], days: Mapping[str, Mapping[str, Sums]], today: str) -> list[Forecast]:
    found = []
    for of, does in DOES.items():
        waiting = [row for row in stages if row.do in does]
        done = _last_days(days, of, today)
        left = sum(row.left for row in waiting)
        if left or any(done):
            state = "open" if of == "answers" else "review"
            n = sum(row.by_state[state].n for row in waiting if state in row.by_state)
            found.append(
                Forecast(
                    of=of,
                    left=left,
                    items=listed(n, {"stage": [row.stage for row in waiting]}, {"state": [state]}),
                    per_day=sum(done) / len(done) if done else 0.0,
                    days=days_left(left, done),
                )
            )
    return found


def _last_days(days: Mapping[str, Mapping[str, Sums]], of: str, today: str) -> list[int]:
    """What was done on each of the last days before today, from the first on which anything was."""
    first = min((day for day, sums in days.items() if of in sums), default=today)
    end = dt.date.fromisoformat(today)
    shown = [(end - dt.timedelta(days=back)).isoformat() for back in range(DAYS, 0, -1)]
    return [days[day][of].n if day in days and of in days[day] else 0 for day in shown if day >= first]


def _weeks(tx: Tx, project: int, days: Mapping[str, Mapping[str, Sums]], verdicts: Sequence[Row]) -> list[Week]:
    found: defaultdict[str, defaultdict[str, Sums]] = defaultdict(lambda: defaultdict(Sums))
    for day, sums in days.items():
        for what, one in sums.items():
            found[monday(day)][what] += one
    answered = {day: n for _, _, day, n, _, _ in counts(tx, project, "week")}
    judged = {(verdict, day): n for verdict, _, day, n, _, _ in verdicts if day}
    return [
        Week(
            week=week,
            answers=sums["answers"].n,
            items=listed(answered.get(week, 0), {"answered": within(week)}),
            agreement=sums["agree"].share(),
            defects=_wrong(sums["review"]),
            verdicts={
                verdict: listed(judged.get((verdict, week), 0), {"reviewed": {"verdict": verdict, **within(week)}})
                for verdict in VERDICTS
            },
        )
        for week, sums in sorted(found.items())
    ][-WEEKS:]


def within(week: str) -> dict[str, object]:
    """A week's days as a filter names them, from its Monday.

    >>> within("2026-11-16")
    {'since': '2026-11-16', 'until': '2026-11-22'}
    """
    return {"since": week, "until": (dt.date.fromisoformat(week) + dt.timedelta(days=6)).isoformat()}
