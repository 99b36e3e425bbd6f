"""What stands at each stage, since when, and whom it waits for: where a project's bottleneck is."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from karat.model.policy import Policy, Stage
from karat.quality.annotators.bins import median_ms
from karat.server.access import Scope
from karat.server.boards.rows import counts, listed
from karat.server.boards.schemas import Age, Holder, Items, StageRow, Stayed
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items.names import authors_by_key

AGES = (0, 1, 3, 7, 30)
"""Days ago up to which items stand in one row."""
WEEKS = 8
STATES = ("open", "labeled", "review", "done")
WAITING = ("open", "labeled", "review")
NEVER = Stayed(0, None, None, None)


def stages_of(tx: Tx, scope: Scope, policy: Policy) -> list[StageRow]:
    """The stages in the order of the policy, then those that are gone from it and still hold items."""
    today = dt.date.fromisoformat(tx.now()[:10])
    here: defaultdict[str, list[Row]] = defaultdict(list)
    for row in counts(tx, scope.project, "stage"):
        here[row[0]].append(row)
    stayed = _stayed(tx, scope.project, today)
    held = _held(tx, scope)
    names = [*policy.stages, *(name for name in here if name not in policy.stages)]
    waited = {name: _waited(here[name], today) for name in names}
    most = max(waited.values(), default=0)
    return [
        _stage(
            name,
            policy.stages.get(name),
            here[name],
            today,
            held=held.get(name, []),
            stayed=stayed.get(name, NEVER),
            is_bottleneck=0 < waited[name] == most,
        )
        for name in names
    ]


def _stage(
    name: str,
    stage: Stage | None,
    rows: Sequence[Row],
    today: dt.date,
    *,
    held: list[Holder],
    stayed: Stayed,
    is_bottleneck: bool,
) -> StageRow:
    at: dict[str, object] = {"stage": [name]}
    by_state = {
        state: listed(sum(row[3] for row in rows if row[1] == state), at, {"state": [state]})
        for state in STATES
        if any(row[1] == state for row in rows)
    }
    waiting = [row for row in rows if row[1] != "done"]
    return StageRow(
        stage=name,
        do=stage.do if stage else "gone",
        items=listed(sum(row[3] for row in rows), at),
        by_state=by_state,
        ages=_ages(at, waiting, today),
        waits_since=min((row[2] for row in waiting), default=None),
        left=int(sum(row[4] for row in waiting)),
        waits_for=_waits_for(stage, by_state),
        who=_who(stage),
        held=held,
        stayed=stayed,
        is_bottleneck=is_bottleneck,
    )


def _ages(at: dict[str, object], waiting: Sequence[Row], today: dt.date) -> list[Age]:
    """Rows of items that have waited for about as long; those without any are left out."""
    found: list[Age] = []
    newest = 0
    for days in (*AGES, None):
        within = [row for row in waiting if newest <= _days_ago(row[2], today) <= (days if days is not None else 10**6)]
        until = (today - dt.timedelta(days=newest)).isoformat()
        since = None if days is None else (today - dt.timedelta(days=days)).isoformat()
        # A clock that was ahead may have written tomorrow.
        last = {} if newest == 0 else {"until": until}
        changed = last if since is None else {**last, "since": since}
        if within:
            n = sum(row[3] for row in within)
            found.append(Age(days, int(n), {"all": [at, {"state": list(WAITING)}, {"changed": changed}]}))
        newest = 0 if days is None else days + 1
    return found


def _days_ago(day: str, today: dt.date) -> int:
    return max(0, (today - dt.date.fromisoformat(day)).days)


def _waited(rows: Sequence[Row], today: dt.date) -> int:
    """Items times days for which they have waited, today as half a day: in half days."""
    return sum(int(row[3]) * (2 * _days_ago(row[2], today) + 1) for row in rows if row[1] != "done")


def _waits_for(stage: Stage | None, by_state: Mapping[str, Items]) -> Literal["people", "consensus", "nobody"]:
    waiting = [state for state in WAITING if state in by_state]
    if not waiting or stage is None:
        return "nobody"
    return "consensus" if stage.do == "resolve" or waiting == ["labeled"] else "people"


def _who(stage: Stage | None) -> list[str]:
    if stage is None or stage.do == "resolve":
        return []
    asked = stage.who
    return [stage.role, *((*asked.skills, *asked.languages) if asked else ())]


def _held(tx: Tx, scope: Scope) -> dict[str, list[Holder]]:
    """By stage, who holds how many items, the most first."""
    rows = tx.run(
        "SELECT stage, author, count(*), min(at) FROM assignments WHERE project = :project AND state = 'claimed' AND NOT apart"
        " GROUP BY stage, author ORDER BY 3 DESC, author",
        project=scope.project,
    )
    people = authors_by_key(tx, scope.workspace, {row[1] for row in rows})
    found: defaultdict[str, list[Holder]] = defaultdict(list)
    for stage, author, n, since in rows:
        if author in people:
            found[stage].append(Holder(people[author], int(n), since))
    return found


def _stayed(tx: Tx, project: int, today: dt.date) -> dict[str, Stayed]:
    since = (today - dt.timedelta(weeks=WEEKS)).isoformat()
    bins: defaultdict[str, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))
    ms: defaultdict[str, float] = defaultdict(float)
    for stage, place, week, n, x, _ in counts(tx, project, "stayed"):
        if week >= since:
            bins[stage][int(place)] += int(n)
            ms[stage] += x
    total = sum(ms.values())
    return {
        stage: Stayed(
            n := sum(times.values()), median_ms(times), round(ms[stage] / n), ms[stage] / total if total else None
        )
        for stage, times in bins.items()
    }
