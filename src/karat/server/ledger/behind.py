# ruff: noqa: S608 - the SQL is put together from constants; every value is a parameter
"""What a line comes from: each answer, review, question, appeal and correction, with what of it counts.

A line's own person sees what they did themselves. Which items were gold, were drawn for agreement, or are hard is told to
nobody here: that would say what others answered, and how long they took.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Literal, NamedTuple, get_args

from karat.model.pay import Formula
from karat.model.problem import Problem, Refused, shown
from karat.policies.pay.tally import Window, count_answer
from karat.server.access import Actor, Scope, enter_by_key, missing
from karat.server.database import Tx, named
from karat.server.ledger.formulas import version_of
from karat.server.ledger.gathering import Sources, taken_back, work_on
from karat.server.ledger.schemas import PaidThing
from karat.server.wire import Page, page

Of = Literal["answers", "reviews", "flags", "corrections"]
After = tuple[str, int] | None


class Line(NamedTuple):
    """A line, by key, with what it was computed for."""

    project: int
    author: int
    window: Window
    formula: Formula


def behind(tx: Tx, actor: Actor, line: str, of: str, *, limit: int, after: After) -> Page[PaidThing]:
    """What a line comes from, one kind at a time, the newest first."""
    if of not in get_args(Of):
        raise Refused([Problem("of", shown(of), f"one of {', '.join(get_args(Of))}", "Name what to list.")])
    found = _enter(tx, actor, line)
    rows = _READ[of](tx, found, limit + 1, after)
    things = page(rows, limit, lambda row: (row[0], row[1]))
    return Page([thing for _, _, thing in things.items], things.next)


Listed = Sequence[tuple[str, int, PaidThing]]
"""(time, key) by which a list goes on, and what is listed."""


def _enter(tx: Tx, actor: Actor, line: str) -> Line:
    rows = tx.run(
        "SELECT l.project, l.author, p.begin_at, p.end_at, p.formula, p.state FROM pay_lines l JOIN pay_periods p"
        " ON p.n = l.period WHERE l.id = :id",
        id=line,
    )
    if not rows:
        raise missing("line", line)
    project, author, begin, end, formula, state = rows[0]
    scope: Scope = enter_by_key(tx, actor, "pay.mine", project=project, what="line", shown=line)
    is_own = author == scope.author and state == "closed"
    if not is_own and not scope.has("pay.see"):
        raise missing("line", line)
    return Line(project, author, Window(begin, end), version_of(tx, project, formula))


def _answers(tx: Tx, line: Line, limit: int, after: After) -> Listed:
    """Answers of which something was handed in or taken back in the period, by when each was handed in last."""
    back = taken_back(tx, line.project, end=line.window.end, of=_changed(tx, line))
    gone = [n for n, undone in back.items() if any(one.at >= line.window.begin for one in undone)]
    names, values = named(gone)
    among = (
        f"UNION SELECT r.n, r.at, r.item FROM responses r WHERE r.n IN ({names}) AND r.project = :project AND r.author = :author"
        " AND EXISTS (SELECT 1 FROM revisions v WHERE v.response = r.n AND v.cause = 'author' AND v.by = r.author)"
    )
    rows = tx.run(
        "SELECT x.n, x.at, x.item, i.id, i.key FROM (SELECT * FROM (SELECT r.n, r.at, r.item FROM responses r"
        " WHERE r.project = :project AND r.author = :author AND r.at >= :begin AND EXISTS (SELECT 1 FROM revisions v"
        " WHERE v.response = r.n AND v.cause = 'author' AND v.by = r.author AND v.at >= :begin AND v.at < :end)"
        f" AND {_behind('r', after)} ORDER BY r.at DESC, r.n DESC LIMIT :limit) a {among if gone else ''}) x"
        f" JOIN items i ON i.n = x.item WHERE {_behind('x', after)} ORDER BY x.at DESC, x.n DESC LIMIT :limit",
        **_values(line, limit, after),
        **values,
    )
    items = sorted(row[2] for row in rows)
    own = Sources(frozenset({line.author}), back)
    work = work_on(tx, line.project, items, own, end=line.window.end, author=line.author)
    said = {n: list(revisions) for n, revisions in groupby(work, key=lambda one: one.response)}
    found = []
    for n, at, _, item, key in rows:
        counted = count_answer(said[n], back.get(n, ()), line.window, longest_ms=line.formula.longest_ms)
        use = said[n][0].use
        thing = PaidThing(
            of="answer" if use == "work" else "practice" if use == "practice" else "test",
            at=max(one.at for one in said[n]),
            item=item,
            key=key,
            active_ms=counted.raw_ms,
            counted_ms=counted.counted_ms,
            answers=counted.answers,
        )
        found.append((at, n, thing))
    return found


def _changed(tx: Tx, line: Line) -> dict[str, int]:
    """The answers of the line's person that were handed in more than once or taken back; all others still stand as they came."""
    rows = tx.run(
        "SELECT id, n FROM responses WHERE project = :project AND author = :author AND (head <> last OR last > 1)",
        project=line.project,
        author=line.author,
    )
    return dict(rows)  # type: ignore[arg-type]  # rows of two


def _reviews(tx: Tx, line: Line, limit: int, after: After) -> Listed:
    rows = tx.run(
        "SELECT r.n, r.at, i.id, i.key, r.active_ms FROM reviews r JOIN items i ON i.n = r.item WHERE r.project = :project"
        f" AND r.reviewer = :author AND r.at >= :begin AND r.at < :end AND {_behind('r', after)}"
        " ORDER BY r.at DESC, r.n DESC LIMIT :limit",
        **_values(line, limit, after),
    )
    longest = line.formula.longest_ms
    return [
        (at, n, PaidThing(of="review", at=at, item=item, key=key, active_ms=ms, counted_ms=min(ms, longest)))
        for n, at, item, key, ms in rows
    ]


def _flags(tx: Tx, line: Line, limit: int, after: After) -> Listed:
    """Questions that led somebody else to a ruling, each with its first, and appeals that were right."""
    rows = tx.run(
        "SELECT x.n, x.at, x.of, i.id, i.key FROM ("
        " SELECT t.n, min(p.at) AS at, 'ruling' AS of, t.item FROM precedents p JOIN threads t ON t.n = p.thread"
        " WHERE p.project = :project AND t.author = :author AND p.at >= :begin AND p.at < :end AND p.by <> t.author AND NOT EXISTS"
        " (SELECT 1 FROM precedents q WHERE q.thread = p.thread AND q.at < :begin) GROUP BY t.n, t.item"
        " UNION ALL SELECT n, decided_at AS at, 'appeal' AS of, item FROM appeals WHERE project = :project"
        " AND author = :author AND state = 'overturned' AND decided_at >= :begin AND decided_at < :end) x"
        f" LEFT JOIN items i ON i.n = x.item WHERE {_behind('x', after)} ORDER BY x.at DESC, x.n DESC LIMIT :limit",
        **_values(line, limit, after),
    )
    return [(at, n, PaidThing(of=of, at=at, item=item, key=key)) for n, at, of, item, key in rows]


def _corrections(tx: Tx, line: Line, limit: int, after: After) -> Listed:
    rows = tx.run(
        "SELECT n, at, amount, reason FROM pay_corrections x WHERE project = :project AND author = :author AND at >= :begin"
        f" AND at < :end AND {_behind('x', after)} ORDER BY at DESC, n DESC LIMIT :limit",
        **_values(line, limit, after),
    )
    return [(at, n, PaidThing(of="correction", at=at, amount=amount, text=reason)) for n, at, amount, reason in rows]


_READ: Mapping[str, Callable[[Tx, Line, int, After], Listed]] = {
    "answers": _answers,
    "reviews": _reviews,
    "flags": _flags,
    "corrections": _corrections,
}


def _behind(name: str, after: After) -> str:
    return "TRUE" if after is None else f"({name}.at, {name}.n) < (:last_at, :last_n)"


def _values(line: Line, limit: int, after: After) -> dict[str, object]:
    found: dict[str, object] = {"project": line.project, "author": line.author, "limit": limit}
    found |= {"begin": line.window.begin, "end": line.window.end}
    return found | ({} if after is None else {"last_at": after[0], "last_n": after[1]})
