"""What is paid besides answers, and what is known of quality: verdicts, told gold scores, reviews, flags, corrections."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TypedDict

import msgspec

from karat.model.pay import Formula
from karat.policies.pay.line import PPM, JudgedWork
from karat.policies.pay.tally import Window
from karat.server.database import Tx
from karat.server.ledger.times import days_before

LEAST = 1e-6
"""Of the probability of a draw, as the people's page has it."""


class Evidence(TypedDict, total=False):
    """What one person's line takes besides their own answers."""

    review_ms: int
    judged: JudgedWork
    flags: int
    corrections: int


class _Score(msgspec.Struct, frozen=True):
    value: float | None = None


class _Told(msgspec.Struct, frozen=True):
    score: _Score = _Score()


def evidence_of(tx: Tx, project: int, formula: Formula, window: Window) -> dict[int, Evidence]:
    """By author, everything that was there at the end of the window."""
    found: defaultdict[int, Evidence] = defaultdict(Evidence)
    for author, ms in _reviewing(tx, project, formula, window).items():
        found[author]["review_ms"] = ms
    for author, n in _flags(tx, project, window).items():
        found[author]["flags"] = n
    rows = tx.run(
        "SELECT author, sum(amount) FROM pay_corrections WHERE project = :project AND at >= :begin AND at < :end GROUP BY author",
        project=project,
        **msgspec.structs.asdict(window),
    )
    for author, amount in rows:
        found[author]["corrections"] = int(amount)
    if formula.accuracy is not None:
        since = days_before(window.end, formula.accuracy.days)
        verdicts = _verdicts(tx, project, since, window.end)
        gold = _gold(tx, project, since, window.end)
        for author in verdicts.keys() | gold.keys():
            found[author]["judged"] = JudgedWork(tuple(verdicts.get(author, ())), gold.get(author))
    return dict(found)


def _reviewing(tx: Tx, project: int, formula: Formula, window: Window) -> dict[int, int]:
    rows = tx.run(
        "SELECT reviewer, sum(CASE WHEN active_ms > :longest THEN :longest ELSE active_ms END) FROM reviews"
        " WHERE project = :project AND at >= :begin AND at < :end GROUP BY reviewer",
        project=project,
        longest=formula.longest_ms,
        **msgspec.structs.asdict(window),
    )
    return {author: int(ms) for author, ms in rows if ms}


def _verdicts(tx: Tx, project: int, since: str, end: str) -> dict[int, list[tuple[int, int, int]]]:
    """The last verdict on each answer; one whose appeal was right counts as accepted."""
    rows = tx.run(
        "SELECT r.author, CASE WHEN r.verdict = 'accepted' OR x.n IS NOT NULL THEN 1 ELSE 0 END AS ok, r.probability, count(*)"
        " FROM reviews r LEFT JOIN appeals x ON x.project = r.project AND x.author = r.author AND x.against = 'review'"
        " AND x.thing = r.id AND x.state = 'overturned' AND x.decided_at < :end"
        " WHERE r.project = :project AND r.at >= :since AND r.at < :end AND r.counts AND NOT EXISTS (SELECT 1 FROM reviews y"
        " WHERE y.item = r.item AND y.response = r.response AND y.n > r.n AND y.counts AND y.at < :end)"
        " GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        project=project,
        since=since,
        end=end,
    )
    found: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for author, ok, probability, n in rows:
        found[author].append((int(ok), round(PPM / max(probability, LEAST)), int(n)))
    return found


def _gold(tx: Tx, project: int, since: str, end: str) -> dict[int, tuple[int, int]]:
    """The score that each was told last, before the day of the end: what nobody was told moves nobody's pay.

    Scores that were told before an appeal against one was right are left out.
    """
    rows = tx.run(
        "SELECT b.author, b.n, b.body FROM gold_batches b WHERE b.project = :project AND b.at >= :since AND b.at < :day"
        " AND NOT EXISTS (SELECT 1 FROM appeals x WHERE x.project = b.project AND x.author = b.author AND x.against = 'gold'"
        " AND x.state = 'overturned' AND x.decided_at > b.at AND x.decided_at < :end) ORDER BY b.author, b.n",
        project=project,
        since=since,
        day=end[:10],
        end=end,
    )
    found: dict[int, tuple[int, int]] = {}
    for author, n, body in rows:
        value = msgspec.json.decode(body, type=_Told).score.value
        if value is not None:
            found[author] = (int(n), round(value * PPM))
    return found


def _flags(tx: Tx, project: int, window: Window) -> Mapping[int, int]:
    """Questions that led somebody else to a ruling, each once, and appeals that were right."""
    rows = tx.run(
        "SELECT author, sum(n) FROM ("
        " SELECT t.author, count(DISTINCT t.n) AS n FROM precedents p JOIN threads t ON t.n = p.thread"
        " WHERE p.project = :project AND p.at >= :begin AND p.at < :end AND p.by <> t.author AND NOT EXISTS (SELECT 1 FROM"
        " precedents q WHERE q.thread = p.thread AND q.at < :begin) GROUP BY t.author"
        " UNION ALL SELECT author, count(*) AS n FROM appeals WHERE project = :project AND state = 'overturned'"
        " AND decided_at >= :begin AND decided_at < :end GROUP BY author) f GROUP BY author",
        project=project,
        **msgspec.structs.asdict(window),
    )
    return {author: int(n) for author, n in rows}
