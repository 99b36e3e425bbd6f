"""What is watched of people from answer to answer: charts and tests of constant size, fed once with each comparison."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from karat.quality.annotators.guessing import Guessing
from karat.quality.drift.steps import Steps
from karat.server.database import Tx, named


class Told(msgspec.Struct, frozen=True):
    """What one comparison tells of an author's answer."""

    author: int
    likely: float
    """How likely it was right, in [0, 1], where as many wrong answers as right ones could be given."""
    labels: int = 0
    """Of a choice: how many options there are, else 0 …"""
    place: int = 0
    """… and which of them was chosen …"""
    belief: float = 0.0
    """… and how likely that is by what is believed of the item."""


class Rang(msgspec.Struct, frozen=True):
    """An alarm as it is kept."""

    since: str
    n: int


class Watch(msgspec.Struct):
    """All that is watched of one person."""

    steps: Steps = msgspec.field(default_factory=lambda: Steps(2))
    guessing: Guessing | None = None
    falling: list[Rang] = []
    """The last alarms of the chart."""
    guesses: Rang | None = None

    def feed(self, told: Told, day: str) -> None:
        """The next comparison."""
        if self.steps.feed(told.likely):
            self.falling = [*self.falling[-9:], Rang(day, self.steps.n)]
        if not told.labels:
            return
        if self.guessing is None or self.guessing.labels != told.labels:
            self.guessing, self.guesses = Guessing(told.labels), None
        belief = [0.0] * told.labels
        belief[told.place] = told.belief
        self.guessing.add(told.place, belief)
        if self.guessing.guesses and self.guesses is None:
            self.guesses = Rang(day, self.guessing.n)


_watch = msgspec.json.Decoder(Watch)


def watch_of(body: str) -> Watch:
    """A person's watch as it is kept."""
    return _watch.decode(body)


def watches_of(tx: Tx, project: int, authors: Collection[int] | None = None) -> dict[int, Watch]:
    """Everybody's, or those of some authors."""
    names, values = ("", {}) if authors is None else named(sorted(authors))
    only = "" if authors is None else f" AND author IN ({names or '-1'})"
    rows = tx.run(f"SELECT author, body FROM watches WHERE project = :project{only}", project=project, **values)  # noqa: S608 - names of parameters
    return {author: watch_of(body) for author, body in rows}


def feed(tx: Tx, project: int, told: Iterable[Told]) -> None:
    """Let the watches of those concerned go on."""
    day = tx.now()[:10]
    by_author: dict[int, list[Told]] = {}
    for one in told:
        by_author.setdefault(one.author, []).append(one)
    known = watches_of(tx, project, by_author) if by_author else {}
    for author, ones in sorted(by_author.items()):
        watch = known.get(author, Watch())
        for one in ones:
            watch.feed(one, day)
        keep(tx, project, author, watch)


def keep(tx: Tx, project: int, author: int, watch: Watch) -> None:
    """Write a watch down."""
    tx.put(
        "INSERT INTO watches (project, author, body) VALUES (:project, :author, :body)"
        " ON CONFLICT (project, author) DO UPDATE SET body = excluded.body",
        project=project,
        author=author,
        body=msgspec.json.encode(watch).decode(),
    )


def ready(tx: Tx, project: int) -> dict[int, Steps]:
    """Charts that have learned enough to begin: setting their limit takes up to a second, so it is done by a reader."""
    found = {author: watch.steps for author, watch in watches_of(tx, project).items() if watch.steps.is_ready}
    for steps in found.values():
        steps.begin()
    return found


def begin(tx: Tx, project: int, charts: Mapping[int, Steps]) -> None:
    """Let charts begin whose limit was set. Only the loop that feeds them writes them, so none has moved meanwhile."""
    kept = watches_of(tx, project) if charts else {}
    for author, steps in charts.items():
        watch = kept.get(author)
        if watch is not None and watch.steps.n == steps.n:
            watch.steps = steps
            keep(tx, project, author, watch)
