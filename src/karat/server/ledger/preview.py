"""A formula tried on the project's latest answers, beside the one that holds: what real people would get, before it is saved."""

from collections.abc import Mapping, Sequence

from karat.model import money
from karat.model.pay import Formula
from karat.policies.pay.line import accuracy, consistency
from karat.policies.pay.tally import SAMPLE, Tallies, Window
from karat.policies.pay.words import said
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.items.names import authors_by_key
from karat.server.ledger.agreeing import compared
from karat.server.ledger.computing import Computed, lines_of
from karat.server.ledger.evidence import Evidence, evidence_of
from karat.server.ledger.formulas import begin_of, formula_from, holding, versions_of
from karat.server.ledger.gathering import Sources, count_work, sources_of, work_on
from karat.server.ledger.schemas import NewFormula, Preview, PreviewRow
from karat.server.ledger.times import later

LATEST = 2_000
"""Answers that are looked at: a preview answers while one types."""
COMPARED = 300
"""Items on which agreement is measured for a preview, over all people."""


def preview(tx: Tx, scope: Scope, given: NewFormula) -> Preview:
    """What the people of the latest answers would get for them."""
    formula = formula_from(given.formula)
    rows = tx.run(
        "SELECT item, at FROM responses WHERE project = :project AND state = 'submitted' AND active_ms > 0"
        " ORDER BY at DESC LIMIT :limit",
        project=scope.project,
        limit=LATEST,
    )
    window = Window(min((row[1] for row in rows), default=tx.now()), later(tx.now()))
    items = sorted({row[0] for row in rows})
    holds = holding(versions_of(tx, scope.project), begin_of(tx, scope.project))
    lines, *before = _lines(tx, scope, items, [formula, *([holds.formula] if holds else [])], window)
    now = {line.author: line.amount for of_now in before for line in of_now}
    people = authors_by_key(tx, scope.workspace, [line.author for line in lines])
    return Preview(
        words=said(formula),
        currency=formula.currency,
        digits=money.digits(formula.currency),
        answers=sum(sum(line.inputs.answers) for line in lines),
        begin_at=window.begin if rows else None,
        rows=sorted(
            (
                PreviewRow(
                    person=people[line.author],
                    parts=list(line.parts),
                    amount=line.amount,
                    now=now.get(line.author),
                    accuracy=accuracy(line.inputs, formula),
                    consistency=consistency(line.inputs, formula),
                )
                for line in lines
            ),
            key=lambda row: (row.person.name, row.person.id),
        ),
    )


def _lines(tx: Tx, scope: Scope, items: list[int], formulas: Sequence[Formula], window: Window) -> list[list[Computed]]:
    """The lines by each formula; what they go by is read once where it is the same."""
    sources = sources_of(tx, scope.project, window, items=items)
    counted: dict[int, Tallies] = {}
    known: dict[tuple[int, int | None], Mapping[int, Evidence]] = {}
    shared: Mapping[int, tuple[int, int]] | None = None
    found = []
    for formula in formulas:
        longest = formula.longest_ms
        if longest not in counted:
            counted[longest] = _counted(tx, scope, items, sources, window, longest)
        tallies = counted[longest]
        of = (longest, formula.accuracy.days if formula.accuracy else None)
        if of not in known:
            known[of] = evidence_of(tx, scope.project, formula, window)
        if formula.consistency is not None and shared is None:
            shared = _shared(tx, scope, tallies, sources, window)
        agreed = shared if formula.consistency is not None and shared is not None else {}
        found.append(lines_of(tallies, known[of], agreed, formula))
    return found


def _counted(tx: Tx, scope: Scope, items: list[int], sources: Sources, window: Window, longest_ms: int) -> Tallies:
    tallies = Tallies()
    for start in range(0, len(items), 500):
        work = work_on(tx, scope.project, items[start : start + 500], sources, end=window.end)
        count_work(work, sources, tallies, window, longest_ms=longest_ms)
    return tallies


def _shared(tx: Tx, scope: Scope, tallies: Tallies, sources: Sources, window: Window) -> dict[int, tuple[int, int]]:
    each = min(SAMPLE, max(1, COMPARED // max(len(tallies.people), 1)))
    drawn: dict[int, list[int]] = {}
    for author, own in tallies.people.items():
        for _, item in own.sample[:each]:
            drawn.setdefault(item, []).append(author)
    return compared(tx, scope.project, sorted(drawn), drawn, sources, window.end)
