"""The report of fairness to take along: its figures, its findings, groups, and the record of the board.

Groups are as the page shows them: rounded, of enough people, and no row that the page does not have.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from karat.model.problem import Problem, Refused, shown
from karat.server.fairness.figures import Figure, Report
from karat.server.fairness.schemas import Fairness
from karat.server.sheets import Cell, Sheet

Columns = Mapping[str, Literal["text", "integer", "number"]]


def _of(text: str = "", *, integers: str = "", numbers: str = "") -> dict[str, Literal["text", "integer", "number"]]:
    return {
        **dict.fromkeys(text.split(), "text"),
        **dict.fromkeys(integers.split(), "integer"),
        **dict.fromkeys(numbers.split(), "number"),
    }


FIGURE = (
    _of("measure measure_title", integers="n", numbers="value value_low value_high others")
    | _of(numbers="difference difference_low difference_high p p_corrected")
    | _of("differs warning")
)
SLICES = _of("key slice kind", integers="items answered accepted", numbers="share expected") | _of("filter") | FIGURE
FINDINGS = _of("key slice filter") | FIGURE
GROUPS = (
    _of("attribute group", integers="people_at_least")
    | _of("measure measure_title", numbers="value value_low value_high others difference")
    | _of("differs on_same_items figures_of")
)
CROSSED = (
    _of("attribute group key slice kind measure measure_title", numbers="value others difference_elsewhere")
    | _of(numbers="more_here more_here_low more_here_high")
    | _of("differs figures_of")
)
RECORD = _of("report made_at", integers="answers findings") | _of("who did reason at taken_back_at")
METHOD = _of("what is")


def sheet(page: Fairness, name: str) -> Sheet:
    """One of the tables of the page."""
    if name not in TABLES:
        expected = f"one of {', '.join(TABLES)}"
        raise Refused([Problem("part", shown(name), expected, "Name one of the tables.")])
    columns, rows = TABLES[name]
    return Sheet(columns, list(rows(page)))


def _titles(report: Report | None) -> Mapping[str, str]:
    return {one.key: one.title for one in report.measures} if report else {}


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _figure(one: Figure, titles: Mapping[str, str]) -> tuple[Cell, ...]:
    return (
        *(one.measure, titles.get(one.measure, one.measure), one.n, one.value, one.low, one.high),
        *(one.others, one.difference, one.difference_low, one.difference_high),
        *(one.p, one.adjusted, _yes(one.is_finding), one.warning),
    )


def _filter(given: object) -> str:
    return msgspec.json.encode(given).decode()


def _slices(page: Fairness) -> Iterator[Sequence[Cell]]:
    titles = _titles(page.report)
    for of in page.report.slices if page.report else []:
        for cell in of.cells:
            head = of.key, cell.name, cell.kind, cell.items, cell.answered, cell.accepted, cell.share, cell.expected
            yield from ((*head, _filter(cell.filter), *_figure(one, titles)) for one in cell.figures)
            if not cell.figures:
                yield *head, _filter(cell.filter), *(None,) * len(FIGURE)


def _findings(page: Fairness) -> Iterator[Sequence[Cell]]:
    titles = _titles(page.report)
    for one in page.report.findings if page.report else []:
        yield one.key, one.cell, _filter(one.filter), *_figure(one.figure, titles)


def _groups(page: Fairness) -> Iterator[Sequence[Cell]]:
    titles = _titles(page.report)
    for of in page.groups:
        for cell in of.cells:
            for one in cell.figures:
                if one.value is not None:
                    yield (
                        *(of.title, cell.value, cell.people, one.measure, titles.get(one.measure, one.measure)),
                        *(one.value, one.low, one.high, one.others, one.difference),
                        *(_yes(one.differs), _yes(one.on_same_items), of.at),
                    )


def _crossed(page: Fairness) -> Iterator[Sequence[Cell]]:
    titles = _titles(page.report)
    for of in page.crossed:
        for cell in of.cells:
            for one in cell.figures:
                yield (
                    *(of.title, cell.value, of.key, cell.cell, cell.kind, one.measure),
                    *(titles.get(one.measure, one.measure), one.value, one.others, one.elsewhere),
                    *(one.difference, one.low, one.high, _yes(one.differs), of.at),
                )


def _record(page: Fairness) -> Iterator[Sequence[Cell]]:
    for one in page.history:
        head = one.report, one.at, one.answers, one.findings
        if not one.votes:
            yield *head, None, None, None, None, None
        for vote in one.votes:
            who = vote.by.name if vote.by else None
            yield *head, who, vote.did, vote.reason, vote.at, vote.undone_at


def _method(page: Fairness) -> Iterator[Sequence[Cell]]:
    if page.report is None:
        return
    yield "report", page.report.id
    yield "made_at", page.report.at
    yield "answers", str(page.report.answers)
    yield "items", str(page.report.items)
    yield "comparisons_of_slices", str(page.report.tests)
    yield "comparisons_of_groups_in_slices", str(max((one.tests for one in page.crossed), default=0))
    yield "people_in_a_figure_of_groups_at_least", str(page.rules.people)
    yield "method", page.report.method
    yield "gate", page.gate.state
    yield from (("note", note) for note in page.report.notes)


TABLES: Mapping[str, tuple[Columns, Callable[[Fairness], Iterator[Sequence[Cell]]]]] = {
    "slices": (SLICES, _slices),
    "findings": (FINDINGS, _findings),
    "groups": (GROUPS, _groups),
    "crossed": (CROSSED, _crossed),
    "record": (RECORD, _record),
    "method": (METHOD, _method),
}
"""Every table by its name."""
