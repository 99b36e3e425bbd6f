"""Reading a project's people from their sums; no answer is looked at."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from karat.quality.annotators.bins import median_ms
from karat.quality.annotators.paces import pace_of
from karat.quality.annotators.repeats import carried_over
from karat.quality.annotators.speed import SPEEDING
from karat.quality.drift import sittings
from karat.quality.sums import Sums
from karat.server.access import Scope, missing
from karat.server.database import Tx
from karat.server.following import is_behind
from karat.server.items.names import authors_by_key
from karat.server.items.schemas import Person
from karat.server.projects.queries import policy_of, schema_of
from karat.server.team.alarms import alarms_of
from karat.server.team.charts import RUN_LENGTH, Day, chart_of
from karat.server.team.counting import NAME, WATCH
from karat.server.team.learned import Skills, learned_skills
from karat.server.team.schemas import (
    Alarm,
    Chart,
    Charts,
    CourseOfPerson,
    DayOfPerson,
    DefectCount,
    FieldOfPerson,
    PersonPage,
    PersonRow,
    ReviewerRow,
    Team,
)

VERDICTS = ("accepted", "fixed", "rejected")
NO_PERSON = frozenset({"consensus", "gold"})
"""Authors who are nobody: results, and keys."""
FEW_TIMES = 10
"""Answers with a time below which nobody is said to be fast."""

Own = Mapping[str, Sums]
"""The sums of one author by what they are of."""


def team(tx: Tx, scope: Scope) -> Team:
    """Everybody who answered or judged in the project."""
    sums, last = _sums(tx, scope.project)
    people = {n: one for n, one in authors_by_key(tx, scope.workspace, sums).items() if one.type not in NO_PERSON}
    days = _days(tx, scope.project)
    charts = {n: chart_of(days.get(n, ())) for n in people}
    usual = _median(sums[n] for n in people)
    alarms, skills = alarms_of(tx, scope, people), learned_skills(tx, scope.project)
    rows = [
        _person(people[n], sums[n], last.get(n), usual, charts[n], alarms.get(n, []), skills)
        for n in people
        if _did(sums[n])
    ]
    reviewers = [_reviewer(people[n], sums[n]) for n in people if "judged" in sums[n]]
    points = sum(len(chart.points) for chart in charts.values())
    with_points = sum(1 for chart in charts.values() if chart.points)
    return Team(
        people=sorted(rows, key=lambda row: row.author.name),
        reviewers=sorted(reviewers, key=lambda row: row.author.name),
        charts=Charts(with_points, points, RUN_LENGTH, points / RUN_LENGTH),
        behind=is_behind(tx, NAME, WATCH, scope.project),
    )


def person(tx: Tx, scope: Scope, author: str) -> PersonPage:
    """One of them, day by day and field by field."""
    found = tx.run(
        "SELECT n, id, name, type FROM authors WHERE id = :id AND workspace = :workspace",
        id=author,
        workspace=scope.workspace,
    )
    if not found:
        raise missing("person", author)
    n, id_, name, type_ = found[0]
    sums, last = _sums(tx, scope.project)
    own = sums.get(n, {})
    known = Person(id_, name, type_)
    chart = chart_of(_days(tx, scope.project, author=n).get(n, ()))
    usual = _median(sums.values())
    return PersonPage(
        row=_person(
            known,
            own,
            last.get(n),
            usual,
            chart,
            alarms_of(tx, scope, [n]).get(n, []),
            learned_skills(tx, scope.project),
        ),
        course=_course(tx, scope.project, n),
        reviewer=_reviewer(known, own) if "judged" in own else None,
        fields=_fields(tx, scope, own),
        days=_by_day(tx, scope.project, n),
        defects=_defects(tx, scope, own),
        chart=chart,
    )


def _course(tx: Tx, project: int, author: int) -> CourseOfPerson | None:
    rows = tx.run(
        "SELECT state, since, tries, reason FROM standings WHERE project = :project AND author = :author",
        project=project,
        author=author,
    )
    return CourseOfPerson(*rows[0]) if rows else None


def _sums(tx: Tx, project: int) -> tuple[dict[int, dict[str, Sums]], dict[int, str]]:
    """By author and by what, over all days; and the last day of each author."""
    found: defaultdict[int, dict[str, Sums]] = defaultdict(dict)
    last: dict[int, str] = {}
    for author, what, n, x, w, ww, day in tx.run(
        "SELECT author, what, sum(n), sum(x), sum(w), sum(ww), max(CASE WHEN n > 0 THEN day ELSE '' END)"
        " FROM person_days WHERE project = :project GROUP BY author, what HAVING sum(n) > 0",
        project=project,
    ):
        found[author][what] = Sums(int(n), x, w, ww)
        last[author] = max(last.get(author, ""), day)
    for author, sums in _on_gold(tx, project).items():
        found[author]["gold"] = sums
    for author, n, taken in tx.run(
        "SELECT author, count(*), sum(CASE WHEN taken THEN 1 ELSE 0 END) FROM plants WHERE project = :project AND wrong"
        " GROUP BY author",
        project=project,
    ):
        found[author]["trust"] = Sums(int(n), float(taken), float(n), float(n))
    return found, {author: day for author, day in last.items() if day}


def _on_gold(tx: Tx, project: int) -> dict[int, Sums]:
    """By author, answers to items whose answer is known; practice and tests are no work."""
    rows = tx.run(
        "SELECT author, count(*), sum(score) FROM gold_answers WHERE project = :project AND use IN ('hidden', 'work')"
        " GROUP BY author",
        project=project,
    )
    return {author: Sums(int(n), score, float(n), float(n)) for author, n, score in rows}


def _days(tx: Tx, project: int, *, author: int | None = None) -> dict[int, list[Day]]:
    """By author, what was compared on each day."""
    only = "" if author is None else " AND author = :author"
    found: defaultdict[int, list[Day]] = defaultdict(list)
    for who, day, n, x in tx.run(
        "SELECT author, day, sum(n), sum(x) FROM person_days WHERE project = :project"  # noqa: S608 - one of two constants
        f" AND what >= 'right:' AND what < 'right;'{only} GROUP BY author, day HAVING sum(n) > 0 ORDER BY author, day",
        project=project,
        **({} if author is None else {"author": author}),
    ):
        found[who].append((day, int(n), x))
    return found


def _person(
    known: Person,
    own: Own,
    last: str | None,
    usual: int | None,
    chart: Chart,
    alarms: list[Alarm],
    skills: Skills,
) -> PersonRow:
    answers, median = own.get("answers", Sums()), _median([own])
    timed = sum(sums.n for what, sums in own.items() if what.startswith("time:"))
    pace = median / usual if median and usual else None
    took, repeated = own.get("pace", Sums()), own.get("repeated", Sums())
    paced = pace_of(took.n, took.x, took.ww)
    skill = skills.of.get(known.id)
    accuracy = skill if skill and skills.thinks else _over_fields(own, "right:").share()
    if chart.falling_since is not None and not any(one.name == "falling" for one in alarms):
        since, errs = chart.falling_since, f"once in {RUN_LENGTH:.0f} batches while nothing changes"
        alarms = [*alarms, Alarm("falling", f"chart {since}", since, accuracy.n, errs)]
    return PersonRow(
        author=known,
        answers=answers.n,
        skipped=own.get("skipped", Sums()).n,
        active_ms=round(answers.x),
        median_ms=median,
        pace=pace,
        is_fast=paced.high is not None and paced.high < SPEEDING
        if paced.value is not None
        else pace is not None and pace < SPEEDING and timed >= FEW_TIMES,
        accuracy=accuracy,
        agreement=_over_fields(own, "agree:").share(),
        reviewed=own.get("review", Sums()).share(),
        gold=own.get("gold", Sums()).share(),
        skill=skill or Sums().share(),
        verdicts={verdict: own.get(f"verdict:{verdict}", Sums()).n for verdict in VERDICTS},
        defects=sum(sums.n for what, sums in own.items() if what.startswith("defect:")),
        paced=paced,
        fatigue=sittings.tiring(_sat(own)),
        repeats=carried_over(round(repeated.x), round(own.get("repeatable", Sums()).x), n=repeated.n),
        trust=own.get("trust", Sums()).share(),
        alarms=alarms,
        falling_since=next((one.since for one in alarms if one.name == "falling"), None),
        last_day=last,
        filter={"all": [{"answered": {"author": known.id}}]},
    )


def _sat(own: Own) -> list[sittings.Sitting]:
    """Each sitting as sums."""
    found = []
    for what, right in own.items():
        if what.startswith("fresh:"):
            tired = own.get(f"tired:{what.removeprefix('fresh:')}", Sums())
            found.append(sittings.Sitting(right.n, tired.w, tired.ww, right.x, tired.x))
    return found


def _reviewer(known: Person, own: Own) -> ReviewerRow:
    judged = own["judged"]
    return ReviewerRow(
        author=known,
        judged=judged.n,
        active_ms=round(judged.x),
        verdicts={verdict: own.get(f"judged:{verdict}", Sums()).n for verdict in VERDICTS},
        overturned=own.get("checked", Sums()).share(),
        filter={"all": [{"reviewed": {"reviewer": known.id}}]},
    )


def _did(own: Own) -> bool:
    return "answers" in own or "skipped" in own


def _over_fields(own: Own, what: str) -> Sums:
    """All fields together, worth as much as the items that were compared: fields of one item are not independent."""
    of = [sums for name, sums in own.items() if name.startswith(what)]
    if not of:
        return Sums()
    total, items = sum(of, Sums()), max(sums.n for sums in of)
    share = items / total.n
    return Sums(items, total.x * share, total.w * share, total.ww * share)


def _median(of: Iterable[Own]) -> int | None:
    """The median time of the answers that these authors gave, to the bin; None where none has a time."""
    times: defaultdict[int, int] = defaultdict(int)
    for own in of:
        for what, sums in own.items():
            if what.startswith("time:"):
                times[int(what.removeprefix("time:"))] += sums.n
    return median_ms(times)


def _fields(tx: Tx, scope: Scope, own: Own) -> list[FieldOfPerson]:
    _, schema = schema_of(tx, scope.project)
    return [
        FieldOfPerson(key, field.title or key, right.share(), agree.share())
        for key, field in schema.fields.items()
        if (right := own.get(f"right:{key}", Sums())).n + (agree := own.get(f"agree:{key}", Sums())).n
    ]


def _by_day(tx: Tx, project: int, author: int) -> list[DayOfPerson]:
    rows = tx.run(
        "SELECT day, what, n, x FROM person_days WHERE project = :project AND author = :author AND day <> ''",
        project=project,
        author=author,
    )
    days: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    for day, what, n, x in rows:
        if what == "answers":
            days[day][0] += n
            days[day][1] += x
        elif what.startswith("right:"):
            days[day][2] += n
            days[day][3] += x
    return [
        DayOfPerson(day, int(answers), round(active), int(compared), right / compared if compared else None)
        for day, (answers, active, compared, right) in sorted(days.items())
        if answers or compared
    ]


def _defects(tx: Tx, scope: Scope, own: Own) -> list[DefectCount]:
    known = policy_of(tx, scope.project)[1].defect_list
    reviewed = own.get("review", Sums()).w
    found = []
    for what, sums in own.items():
        if what.startswith("defect:"):
            code = what.removeprefix("defect:")
            kind = known.get(code)
            found.append(
                DefectCount(
                    code,
                    kind.title if kind else code,
                    kind.severity if kind else None,
                    sums.n,
                    sums.w / reviewed if reviewed else None,
                )
            )
    return sorted(found, key=lambda one: (-one.n, one.code))
