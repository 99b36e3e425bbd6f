"""Alarms about people that tests of their own raise, each with how often it errs."""

from collections import defaultdict
from collections.abc import Collection

from karat.quality.annotators.copying import FALSE_PAIRS
from karat.quality.annotators.guessing import FALSE_REMOVAL
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.items.names import authors_by_key
from karat.server.team.schemas import Alarm
from karat.server.team.watching import watches_of

ERRS = {
    "falling": "once in {run:,.0f} answers of somebody who stays as good as they are",
    "guessing": f"about at most {FALSE_REMOVAL:.0%} of those who look, however long they work",
    "copying": f"in at most {FALSE_PAIRS:.0%} of projects, over all pairs together",
}


def alarms_of(tx: Tx, scope: Scope, people: Collection[int]) -> dict[int, list[Alarm]]:
    """The alarms of these people that stand."""
    found: defaultdict[int, list[Alarm]] = defaultdict(list)
    for author, watch in watches_of(tx, scope.project).items():
        if author not in people:
            continue
        if watch.falling:
            rang = watch.falling[-1]
            errs = ERRS["falling"].format(run=watch.steps.run_length)
            found[author].append(Alarm("falling", f"falling {rang.n}", rang.since, rang.n, errs))
        if watch.guesses is not None:
            rang = watch.guesses
            found[author].append(Alarm("guessing", f"guessing {rang.n}", rang.since, rang.n, ERRS["guessing"]))
    rows = tx.run(
        "SELECT a, b, n, since FROM pairs WHERE project = :project AND since IS NOT NULL", project=scope.project
    )
    names = authors_by_key(tx, scope.workspace, {n for row in rows for n in row[:2]}) if rows else {}
    for a, b, n, since in rows:
        for one, other in ((a, b), (b, a)):
            if one in people and other in names:
                key = f"copying {names[other].id}"
                found[one].append(Alarm("copying", key, since, n, ERRS["copying"], names[other]))
    return dict(found)
