# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""Conditions on the work that was done on an item, as SQL: when, by whom, with what verdict, and between whom it differs."""

from karat.server.items.clauses import Clause, Compiling
from karat.server.items.filters import Answered, Changed, Differ, Reviewed

END_OF_DAY = "~"
"""Behind every time of a day, which is written YYYY-MM-DDT…"""


def when(compiler: Compiling, condition: Changed | Answered | Reviewed) -> Clause:
    """What happened within some days: the item's last change, an answer to it, or a verdict on one."""
    if isinstance(condition, Changed):
        tests = _days(compiler, "changed_at", condition.since, condition.until) or ["1 = 1"]
        test = " AND ".join(tests)
        probe = f"SELECT n AS item FROM items WHERE project = :project AND deleted_at IS NULL AND {test}"
        return Clause(
            test=" AND ".join(f"i.{one}" if one != "1 = 1" else one for one in tests),
            values=compiler.values,
            probe=probe,
        )
    days = _days(compiler, "at", condition.since, condition.until)
    if isinstance(condition, Answered):
        table, tests = "responses", [f"state = {compiler.value(condition.state)}", *days]
    else:
        table, tests = "reviews", ["counts", *days]
        if condition.verdict is not None:
            tests.append(f"verdict = {compiler.value(condition.verdict)}")
        if condition.reviewer is not None:
            tests.append(f"reviewer = {compiler.value(compiler.author_key(condition.reviewer, 'reviewed.reviewer'))}")
    if condition.author is not None:
        name = "answered" if isinstance(condition, Answered) else "reviewed"
        tests.append(f"author = {compiler.value(compiler.author_key(condition.author, f'{name}.author'))}")
    elif isinstance(condition, Answered):
        # The consensus is no answer that anybody handed in.
        tests.append("author NOT IN (SELECT c.n FROM authors c WHERE c.type = 'consensus')")
    narrow = " AND ".join(tests)
    # `+project` keeps SQLite from walking a range where the item is known.
    test = f"(SELECT 1 FROM {table} w WHERE w.item = i.n AND +w.project = :project AND {narrow} LIMIT 1) IS NOT NULL"
    return Clause(
        test=test, values=compiler.values, probe=f"SELECT item FROM {table} WHERE project = :project AND {narrow}"
    )


def differ(compiler: Compiling, condition: Differ) -> Clause | None:
    """Two authors do not say the same."""
    if not compiler.has_field(condition.field):
        return None
    a, b = sorted((compiler.author_key(condition.a, "differ.a"), compiler.author_key(condition.b, "differ.b")))
    label = compiler.value(0) if condition.label is None else compiler.word("label", condition.label)
    narrow = (
        f"a = {compiler.value(a)} AND b = {compiler.value(b)} AND field = {compiler.word('field', condition.field)}"
        f" AND label = {label}"
    )
    test = f"(SELECT 1 FROM differing d WHERE d.item = i.n AND +d.project = :project AND {narrow} LIMIT 1) IS NOT NULL"
    return Clause(
        test=test, values=compiler.values, probe=f"SELECT item FROM differing WHERE project = :project AND {narrow}"
    )


def _days(compiler: Compiling, column: str, since: str | None, until: str | None) -> list[str]:
    tests = [] if since is None else [f"{column} >= {compiler.value(since)}"]
    return tests if until is None else [*tests, f"{column} <= {compiler.value(until + END_OF_DAY)}"]
