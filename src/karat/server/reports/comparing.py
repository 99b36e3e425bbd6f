# ruff: noqa: S608 - the SQL is put together from constants and names of parameters; every value is a parameter
"""What people said of candidates, read item by item: a table of their sources, and what the place on the screen did."""

from collections.abc import Sequence

import msgspec

from karat.kinds.checking import parse_annotations
from karat.model.item import Item, Stream
from karat.model.response import Author, Response
from karat.model.schema import Schema
from karat.quality.bias.rates import false_discoveries
from karat.quality.compared import Ballot, ballots_of
from karat.quality.measure import Measure, measure
from karat.quality.placing import Places, PositionBias
from karat.quality.standings import MOST_NAMED, Standing, Table
from karat.server.database import Database, Tx, named
from karat.server.projects.queries import policy_of, schema_of
from karat.server.reports.schemas import ComparedField, Counted, Filter, PersonPlaces, PlaceBias, SourceRow

CHUNK = 500
_streams = msgspec.json.Decoder(dict[str, Stream])
_extra = msgspec.json.Decoder(dict[str, object])


def compared_fields(db: Database, project: int, schema: Schema) -> list[ComparedField]:
    """Each field of kind `ranking`, from every answer that stands; read once, in chunks, each in a snapshot of its own."""
    gathered = [Gathered(schema, key) for key, field in schema.fields.items() if field.kind == "ranking"]
    after = 0
    while gathered and (chunk := db.read_now(_said_after, project, after)):
        for _, item, responses in chunk:
            for one in gathered:
                one.add(item, responses)
        after = chunk[-1][0]
    return [one.report() for one in gathered]


class Gathered:
    """One field of kind `ranking` while its answers come in."""

    def __init__(self, schema: Schema, field: str) -> None:
        self.schema, self.field = schema, field
        self.table, self.places = Table(), Places()
        self.people: dict[str, Places] = {}
        self.items, self.answers = 0, 0
        self.first: dict[str, None] = {}

    def add(self, item: Item, responses: Sequence[Response]) -> None:
        """An item, with its id as key, and everything said on it."""
        ballots = list(ballots_of([(item, responses)], self.schema, self.field))
        self.items += bool(ballots)
        self.answers += len(ballots)
        self.table.add(item.key, ballots)
        for ballot in ballots:
            self._place(ballot)

    def report(self) -> ComparedField:
        """What pages ask for."""
        people = sorted((author, places.bias()) for author, places in self.people.items())
        adjusted = false_discoveries([bias.p for _, bias in people]).tolist()
        return ComparedField(
            field=self.field,
            title=self.schema.fields[self.field].title,
            n_items=self.items,
            n_answers=self.answers,
            known=len(self.table.number),
            unknown=self.table.unknown,
            sources=[_row(standing) for standing in self.table.standings()],
            first=_bias(self.places.bias(), _these(self.first)),
            people=[
                PersonPlaces(author, _bias(bias, {"all": [{"author": author}]}, adjusted=p))
                for (author, bias), p in zip(people, adjusted, strict=True)
            ],
        )

    def _place(self, ballot: Ballot) -> None:
        if (won := ballot.first_won) is None:
            return
        for places in (self.places, self.people.setdefault(ballot.author, Places())):
            places.add(len(ballot.keys), first_won=won)
        if won and len(self.first) < MOST_NAMED:
            self.first[ballot.item] = None


def _row(standing: Standing) -> SourceRow:
    counts = {str(name): Counted(n, _these(standing.items[name])) for name, n in standing.counts.items()}
    return SourceRow(source=standing.source, elo=standing.elo, group=standing.group, counts=counts)


def _these(items: Sequence[str] | dict[str, None]) -> Filter:
    return {"all": [{"ids": list(items)}]}


def _bias(bias: PositionBias, filter_: Filter, *, adjusted: float | None = None) -> PlaceBias:
    first = bias.first
    nan = float("nan")
    share: Measure = measure(*(nan if x is None else x for x in (first.value, first.low, first.high)), n=first.n)
    p = bias.p if adjusted is None else adjusted
    return PlaceBias(share, bias.expected if first.n else None, p if first.n else None, filter_)


def _said_after(tx: Tx, project: int, after: int) -> list[tuple[int, Item, list[Response]]]:
    """The next items that anybody answered, in the order of their keys, each with its answers and their orders shown."""
    rows = tx.run(
        "SELECT n, id, streams FROM items WHERE project = :project AND n > :after AND deleted_at IS NULL AND responses > 0"
        " ORDER BY n LIMIT :limit",
        project=project,
        after=after,
        limit=CHUNK,
    )
    said = _said(tx, project, [row[0] for row in rows])
    return [(n, Item(key=str(id_), streams=_streams.decode(streams)), said[n]) for n, id_, streams in rows]


def _said(tx: Tx, project: int, items: Sequence[int]) -> dict[int, list[Response]]:
    if not items:
        return {}
    names, values = named(items)
    aside = "'consensus', 'import'" if policy_of(tx, project)[1].copies_imports else "'consensus'"
    rows = tx.run(
        "SELECT r.item, a.id, a.type, a.name, v.schema_version, v.annotations, v.extra FROM responses r"
        " JOIN revisions v ON v.response = r.n AND v.revision = r.head JOIN authors a ON a.n = r.author"
        f" WHERE r.item IN ({names}) AND +r.project = :project"
        f" AND r.state = 'submitted' AND r.excluded IS NULL AND a.type NOT IN ({aside}) ORDER BY r.item, r.at, r.n",
        project=project,
        **values,
    )
    found: dict[int, list[Response]] = {n: [] for n in items}
    for item, author, type_, name, version, annotations, extra in rows:
        # Answers of an earlier version of the schema are read by it; what no longer fits was checked when it came in.
        parsed, _ = parse_annotations(annotations.encode(), schema_of(tx, project, version)[1], complete=False)
        who = Author(type=type_, name=name, id=author)
        found[item].append(Response(author=who, annotations=parsed, extra=_extra.decode(extra)))
    return found
