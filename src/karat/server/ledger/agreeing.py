# ruff: noqa: S608 - the SQL is put together from names of parameters; every value is a parameter
"""How far people agree with the others on the items drawn for them, as these stood at the end of a period."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from karat.kinds.checking import parse_annotations
from karat.model.response import Author, Covers, Response
from karat.policies.pay.line import PPM
from karat.policies.pay.tally import Own, Work, stands
from karat.quality.differences import agreement_with
from karat.server.database import Database, Tx, named
from karat.server.ledger.gathering import Sources, work_on
from karat.server.projects.queries import schema_of

AT_ONCE = 50
MOST = 8
"""With at most so many others an answer is compared, as the people's page does."""
Shared = dict[int, tuple[int, int]]
_covers = msgspec.json.Decoder(Covers)


class Standing(NamedTuple):
    """An answer as it stood: whose, and which revision."""

    author: int
    response: int
    revision: int


def agreement_of(
    db: Database, project: int, people: Mapping[int, Own], sources: Sources, *, end: str
) -> Iterator[tuple[int, Shared]]:
    """By author (compared items, the sum of agreement in millionths), chunk by chunk; with how many items were looked at."""
    drawn: defaultdict[int, list[int]] = defaultdict(list)
    for author, own in people.items():
        for _, item in own.sample:
            drawn[item].append(author)
    items = sorted(drawn)
    for start in range(0, len(items), AT_ONCE):
        chunk = items[start : start + AT_ONCE]
        yield len(chunk), db.read_now(compared, project, chunk, drawn, sources, end)


def compared(
    tx: Tx, project: int, items: Sequence[int], drawn: Mapping[int, Sequence[int]], sources: Sources, end: str
) -> Shared:
    """The agreement on these items of those for whom they were drawn."""
    _, schema = schema_of(tx, project)
    work = [one for item in items for one in work_on(tx, project, [item], sources, end=end)]
    found: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    for item, of_item in groupby(work, key=lambda one: one.item):
        said = _said(tx, project, _standing(list(of_item), sources, end))
        for author in drawn[item]:
            value = agreement_with(str(author), _with_some(author, said), schema) if author in said else None
            if value is not None:
                found[author][0] += 1
                found[author][1] += round(value * PPM)
    return {author: (n, total) for author, (n, total) in found.items()}


def _standing(work: Sequence[Work], sources: Sources, end: str) -> list[Standing]:
    found = []
    for response, said in groupby(work, key=lambda one: one.response):
        revisions = list(said)
        revision = stands(revisions, sources.back.get(response, ()), before=end)
        if revision and not revisions[0].apart:
            found.append(Standing(revisions[0].author, response, revision))
    return found


def _said(tx: Tx, project: int, standing: Sequence[Standing]) -> dict[int, Response]:
    if len(standing) < 2:
        return {}
    names, values = named([one.response for one in standing])
    rows = tx.run(
        "SELECT response, revision, schema_version, covers, annotations FROM revisions"
        f" WHERE response IN ({names}) AND project = :project",
        project=project,
        **values,
    )
    stored = {(row[0], row[1]): row[2:] for row in rows}
    found: dict[int, Response] = {}
    for one in standing:
        version, covers, annotations = stored[one.response, one.revision]
        # What no longer fits its own schema version cannot be compared; it was checked when it came in.
        parsed, _ = parse_annotations(annotations.encode(), schema_of(tx, project, version)[1], complete=False)
        who = Author(type="person", name=str(one.author), id=str(one.author))
        found[one.author] = Response(
            author=who, annotations=parsed, covers=_covers.decode(covers), id=str(one.response)
        )
    return found


def _with_some(author: int, said: Mapping[int, Response]) -> dict[str, Response]:
    """One's own answer with those of the first few others."""
    others = sorted(other for other in said if other != author)[:MOST]
    return {str(one): said[one] for one in (author, *others)}
