"""Whether two people share answers: tests of pairs, fed once with each item that both answered."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from karat.quality.annotators.copying import Pair, Person, Tally
from karat.quality.annotators.guessing import Guessing
from karat.server.database import Tx, named
from karat.server.team.watching import watches_of

PAIRS_AT_LEAST = 10
"""Shared items below which nothing is said of a pair."""


class Met(msgspec.Struct, frozen=True):
    """Two who answered the same item: whether alike, and how likely what each said is right by all votes but the other's."""

    a: int
    b: int
    """The greater of the two."""
    same: bool
    right: tuple[float, float]
    labels: int
    place: int = 0
    """Of the options, the one that the second chose."""


_pair = msgspec.json.Decoder(Pair)


def meet(tx: Tx, project: int, met: Iterable[Met]) -> None:
    """Let the tests of pairs go on."""
    by_pair: dict[tuple[int, int], list[Met]] = {}
    for one in met:
        by_pair.setdefault((one.a, one.b), []).append(one)
    if not by_pair:
        return
    people = sorted({who for pair in by_pair for who in pair})
    habits = {who: watch.guessing for who, watch in watches_of(tx, project, people).items()}
    known = {who: Person() for who in people} | _people(tx, project, people)
    pairs: dict[tuple[int, int], tuple[Pair, str | None]] = {}
    for (a, b), ones in sorted(by_pair.items()):
        rows = tx.run(
            "SELECT body, since FROM pairs WHERE project = :project AND a = :a AND b = :b", project=project, a=a, b=b
        )
        pair, since = (_pair.decode(rows[0][0]), rows[0][1]) if rows else (Pair(ones[0].labels), None)
        pairs[a, b] = pair, since
        for one in ones:
            usual = max(_usual(habits.get(who), one) for who in (a, b))
            pair.add(known[a], known[b], same=one.same, right=one.right, labels=one.labels, usual=usual)
    _keep_people(tx, project, known)
    _keep_pairs(tx, project, pairs, known)


def _keep_pairs(
    tx: Tx, project: int, pairs: Mapping[tuple[int, int], tuple[Pair, str | None]], known: Mapping[int, Person]
) -> None:
    """Write pairs down, with what is to be said of them by all that is known now."""
    people, n, same, expected = tx.run(
        "SELECT count(*), coalesce(sum(said_n), 0), coalesce(sum(said_same), 0), coalesce(sum(said_expected), 0)"
        " FROM watches WHERE project = :project",
        project=project,
    )[0]
    whole = Tally(int(n), int(same), float(expected))
    possible = max(1, people * (people - 1) // 2)
    day = tx.now()[:10]
    for (a, b), (pair, since) in pairs.items():
        is_new = since is None and pair.n >= PAIRS_AT_LEAST
        is_sharing = is_new and pair.is_sharing(known[a], known[b], whole, pairs=possible)
        tx.put(
            "INSERT INTO pairs (project, a, b, n, same_wrong, body, evidence, since) VALUES (:project, :a, :b, :n,"
            " :same_wrong, :body, :evidence, :since) ON CONFLICT (project, a, b) DO UPDATE SET n = excluded.n,"
            " same_wrong = excluded.same_wrong, body = excluded.body, evidence = excluded.evidence, since = excluded.since",
            project=project,
            a=a,
            b=b,
            n=pair.n,
            same_wrong=pair.same_wrong,
            body=msgspec.json.encode(pair).decode(),
            evidence=pair.evidence(known[a], known[b], whole),
            since=day if is_sharing else since,
        )


def _people(tx: Tx, project: int, people: Sequence[int]) -> dict[int, Person]:
    names, values = named(people)
    rows = tx.run(
        "SELECT author, said_n, said_same, said_expected, heard_n, heard_same, heard_expected"  # noqa: S608 - names of parameters
        f" FROM watches WHERE project = :project AND author IN ({names})",
        project=project,
        **values,
    )
    return {author: Person(Tally(*sums[:3]), Tally(*sums[3:])) for author, *sums in rows}


def _keep_people(tx: Tx, project: int, known: Mapping[int, Person]) -> None:
    tx.many(
        "INSERT INTO watches (project, author, body, said_n, said_same, said_expected, heard_n, heard_same, heard_expected)"
        " VALUES (:project, :author, '{}', :said_n, :said_same, :said_expected, :heard_n, :heard_same, :heard_expected)"
        " ON CONFLICT (project, author) DO UPDATE SET said_n = excluded.said_n, said_same = excluded.said_same,"
        " said_expected = excluded.said_expected, heard_n = excluded.heard_n, heard_same = excluded.heard_same,"
        " heard_expected = excluded.heard_expected",
        [
            {
                "project": project,
                "author": author,
                **{f"said_{name}": value for name, value in msgspec.structs.asdict(person.said).items()},
                **{f"heard_{name}": value for name, value in msgspec.structs.asdict(person.heard).items()},
            }
            for author, person in known.items()
        ],
    )


def _usual(habit: Guessing | None, met: Met) -> float:
    """How often somebody gives the answer of a meeting, whatever the item."""
    if habit is None or habit.labels != met.labels:
        return 1 / met.labels
    return habit.given[met.place] / sum(habit.given)
