# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""Counting items into the sums of their people: read and compared first, then what changed is written in few statements.

Counting an item again adds only the difference to what it gave before: events may come twice, late, or in any order.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

import msgspec

from karat.model.response import Response
from karat.quality.annotators.copying import believed
from karat.quality.responses import PEOPLE, author_key
from karat.quality.sums import Sums
from karat.server.database import Tx, named
from karat.server.following import ALL_ANSWERS, ANSWERS, Watch
from karat.server.reports.reading import answered
from karat.server.reports.weighing import rules_of
from karat.server.team import slices
from karat.server.team.discrete import Options, chosen, options_of
from karat.server.team.giving import Answer, Compared, Key, Merging, Verdict, given_by
from karat.server.team.meeting import Met, meet
from karat.server.team.repeating import repeats
from karat.server.team.sitting import Sitting, Sittings, keep_sittings
from karat.server.team.watching import Told, feed

Row = tuple[int, str, str, int, float, float, float]
"""Author, what, day, and the sums."""
NAME = "team"
"""Of the cursor that says up to which event everything is counted."""
WATCH = Watch(
    one=ANSWERS | {"item.deleted"},
    whole=ALL_ANSWERS,
    due="counting",
    items="(EXISTS (SELECT 1 FROM responses r WHERE r.item = items.n)"
    " OR EXISTS (SELECT 1 FROM given g WHERE g.item = items.n))",
    deleted=True,
)
"""What changes what people did. Skipped and rejected answers count too, so an item without answers that stand is looked at."""
MOST_MET = 8
"""Of items with more answers no pairs are compared: of eight people there are 28."""


class Body(msgspec.Struct, frozen=True):
    """What an item gave to the sums, and what it has told once and never again."""

    rows: list[Row] = []
    told: list[int] = []
    """Authors whose watches were fed."""
    met: list[tuple[int, int]] = []
    """Pairs whose tests were."""


class Given(msgspec.Struct, frozen=True):
    """What an item gives now."""

    item: int
    rows: list[Row]
    told: list[Told] = []
    met: list[Met] = []
    sittings: list[Sitting] = []


body_from = msgspec.json.Decoder(Body).decode


class _Code(msgspec.Struct, frozen=True):
    code: str


_codes = msgspec.json.Decoder(list[_Code])


def count(tx: Tx, project: int, items: Sequence[int]) -> list[Given]:
    """What these items give now; nothing is written."""
    rules = rules_of(tx, project)
    settlers = rules.known.settlers if rules.known else None
    merging = Merging(rules.schema, rules.method, rules.weights, settlers)
    known = {item.n: item for item in answered(tx, project, items)}
    standing = {n: item.responses for n, item in known.items()}
    sittings = Sittings(tx, project)
    answers = {n: [sittings.seat(one) for one in found] for n, found in _answers(tx, project, items, standing).items()}
    verdicts = _verdicts(tx, project, items)
    cut = slices.cut_of(tx, project, items)
    options = options_of(rules.schema)
    found = []
    for n in items:
        given = given_by(answers[n], verdicts[n], merging, asked=known[n].asked)
        sums = dict(given.sums)
        said = {one.author: chosen(one.response, options) for one in answers[n] if one.response is not None}
        for key, one in (
            *repeats(tx, project, answers[n], given.compared, said),
            *cut.sums_of(n, answers[n], given.compared, said),
        ):
            sums[key] = sums.get(key, Sums()) + one
        told, met = _told(given.compared, said, options), _met(answers[n], said, options)
        found.append(Given(n, _flat(sums), told, met, sittings.of(answers[n])))
    return found


def write(tx: Tx, project: int, given: Sequence[Given]) -> None:
    """Move the sums by what the items give more or less than before."""
    if not given or not tx.run("SELECT 1 FROM projects WHERE n = :project", project=project):
        return
    names, values = named([one.item for one in given])
    before = tx.run(f"SELECT item, body FROM given WHERE item IN ({names})", **values)
    moved: defaultdict[Key, Sums] = defaultdict(Sums)
    for one in given:
        for key, sums in _sums(one.rows):
            moved[key] += sums
    earlier = {item: body_from(body) for item, body in before}
    for was in earlier.values():
        for key, sums in _sums(was.rows):
            moved[key] -= sums
    bodies = _go_on(tx, project, given, earlier)
    tx.many(
        "INSERT INTO person_days (project, author, what, day, n, x, w, ww)"
        " VALUES (:project, :author, :what, :day, :n, :x, :w, :ww) ON CONFLICT (project, author, what, day) DO UPDATE SET"
        " n = person_days.n + excluded.n, x = person_days.x + excluded.x, w = person_days.w + excluded.w,"
        " ww = person_days.ww + excluded.ww",
        [
            {"project": project, "author": author, "what": what, "day": day, **msgspec.structs.asdict(sums)}
            for (author, what, day), sums in sorted(moved.items())
            if sums != Sums()
        ],
    )
    keep_bodies(tx, project, bodies)


def keep_bodies(tx: Tx, project: int, bodies: Mapping[int, Body]) -> None:
    """Write down what items gave and told."""
    tx.many(
        "INSERT INTO given (item, project, body) VALUES (:item, :project, :body)"
        " ON CONFLICT (item) DO UPDATE SET body = excluded.body",
        [
            {"item": item, "project": project, "body": msgspec.json.encode(body).decode()}
            for item, body in bodies.items()
            if body != Body()
        ],
    )
    tx.many("DELETE FROM given WHERE item = :item", [{"item": item} for item, body in bodies.items() if body == Body()])


def _go_on(tx: Tx, project: int, given: Sequence[Given], earlier: Mapping[int, Body]) -> dict[int, Body]:
    """Feed what is watched with what the items tell for the first time; what is kept of each item."""
    found: dict[int, Body] = {}
    told: list[Told] = []
    met: list[Met] = []
    for one in given:
        was = earlier.get(one.item, Body())
        known = set(was.met)
        new = [each for each in one.told if each.author not in was.told]
        pairs = [each for each in one.met if (each.a, each.b) not in known]
        told += new
        met += pairs
        authors, names = (each.author for each in new), ((each.a, each.b) for each in pairs)
        found[one.item] = Body(one.rows, [*was.told, *authors], [*was.met, *names])
    keep_sittings(tx, project, [sitting for one in given for sitting in one.sittings])
    feed(tx, project, told)
    meet(tx, project, met)
    return found


def _told(compared: Sequence[Compared], said: Mapping[int, Mapping[str, str]], options: Options) -> list[Told]:
    """What the item tells of each author's answer: of several fields their mean, as they are not independent."""
    by_author: defaultdict[int, list[Compared]] = defaultdict(list)
    for one in compared:
        by_author[one.author].append(one)
    return [_telling(author, ones, said.get(author, {}), options) for author, ones in by_author.items()]


def _telling(author: int, ones: Sequence[Compared], said: Mapping[str, str], options: Options) -> Told:
    likely = []
    choices: list[tuple[int, str, float]] = []
    for one in ones:
        n = len(options.get(one.field, ("", "")))
        belief = one.right * one.sure + (1 - one.right) * (1 - one.sure) / (n - 1)
        # Among n labels a belief of 1 / n says nothing; as a chance between two that is a half.
        likely.append(belief * (n - 1) / max(belief * (n - 1) + 1 - belief, 1e-12))
        if one.field in said:
            choices.append((n, one.field, belief))
    mean = sum(likely) / len(likely)
    if not choices:
        return Told(author, mean)
    n, field, belief = max(choices)
    return Told(author, mean, n, options[field].index(said[field]), belief)


def _met(answers: Sequence[Answer], said: Mapping[int, Mapping[str, str]], options: Options) -> list[Met]:
    """Who met whom on the item, in the field with the most options of those that at least one more person chose in."""
    people = [
        one.author
        for one in answers
        if one.response is not None and one.response.author.type in PEOPLE and said.get(one.author)
    ]
    votes = {field: {who: said[who][field] for who in people if field in said[who]} for field in options}
    some = [field for field, given in votes.items() if 3 <= len(given) <= MOST_MET]
    if not some:
        return []
    field = max(some, key=lambda one: (len(options[one]), one))
    given, n = votes[field], len(options[field])

    def right(one: int, without: int) -> float:
        return believed(given[one], [value for who, value in given.items() if who != without], n)

    return [
        Met(a, b, given[a] == given[b], (right(a, b), right(b, a)), n, options[field].index(given[b]))
        for a, b in combinations(sorted(given), 2)
    ]


def _flat(sums: Mapping[Key, Sums]) -> list[Row]:
    return [(*key, one.n, one.x, one.w, one.ww) for key, one in sums.items()]


def _sums(rows: Sequence[Row]) -> list[tuple[Key, Sums]]:
    return [((author, what, day), Sums(n, x, w, ww)) for author, what, day, n, x, w, ww in rows]


def _answers(
    tx: Tx, project: int, items: Sequence[int], standing: Mapping[int, Sequence[Response]]
) -> dict[int, list[Answer]]:
    names, values = named(items)
    rows = tx.run(
        "SELECT r.item, r.author, a.id, r.state, r.at, r.active_ms FROM responses r"
        " JOIN authors a ON a.n = r.author JOIN items i ON i.n = r.item AND i.deleted_at IS NULL"
        f" WHERE r.item IN ({names}) AND +r.project = :project AND a.type <> 'consensus' ORDER BY r.item, r.n",
        project=project,
        **values,
    )
    said = {item: {author_key(r.author): r for r in responses} for item, responses in standing.items()}
    found: dict[int, list[Answer]] = {n: [] for n in items}
    for item, author, id_, state, at, active_ms in rows:
        found[item].append(Answer(author, state, at[:10], active_ms, said[item].get(id_), at=at))
    return found


def _verdicts(tx: Tx, project: int, items: Sequence[int]) -> dict[int, list[Verdict]]:
    names, values = named(items)
    rows = tx.run(
        "SELECT v.item, v.response, v.revision, v.author, v.reviewer, v.verdict, v.defects, v.probability, v.counts,"
        " v.active_ms, v.at FROM reviews v JOIN items i ON i.n = v.item AND i.deleted_at IS NULL"
        f" WHERE v.item IN ({names}) AND +v.project = :project ORDER BY v.n",
        project=project,
        **values,
    )
    found: dict[int, list[Verdict]] = {n: [] for n in items}
    for item, response, revision, author, reviewer, verdict, defects, probability, counts, active_ms, at in rows:
        codes = tuple(sorted({one.code for one in _codes.decode(defects)}))
        found[item].append(
            Verdict(response, revision, author, reviewer, verdict, codes, probability, bool(counts), active_ms, at[:10])
        )
    return found
