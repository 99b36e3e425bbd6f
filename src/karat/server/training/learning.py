"""What somebody mixes up, and what models say of their answers: for their own page.

It is drawn from practice, and from gold that is given to nobody any more since yesterday or longer: what is shown here is
never again given as gold (`gold.told_at`). What models say is of answers of earlier days only, hidden gold among them, so
that neither a count nor a change of it tells of any one item.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from karat.kinds import KINDS
from karat.model.response import Response
from karat.model.schema import Schema
from karat.quality.differences import differences
from karat.quality.estimate import exact_interval
from karat.quality.measure import measure
from karat.quality.pairing import confusions
from karat.quality.responses import is_instances
from karat.server.access import Actor, Scope, enter_project
from karat.server.database import Tx
from karat.server.gold.keys import Key
from karat.server.gold.scoring import first_said_by, key_of, said_by, said_of
from karat.server.gold.telling import FIRST, told_of
from karat.server.projects.queries import schema_of
from karat.server.training.schemas import Confusion, Learning, ModelResult

MOST = 300
"""Items that are looked at, the newest."""
SHOWN = 3
FEW = frozenset({"choice", "rating"})
"""Kinds whose answers are few, so that one may be mixed up with another."""
LONGEST = 30
"""Rows of the list of confusions."""
Pair = tuple[str, str | None, str | None]


class Looked(msgspec.Struct, frozen=True):
    """The page, and the items that are to be marked as told before it is."""

    page: Learning
    told: tuple[int, ...]


def look(tx: Tx, actor: Actor, project: str) -> Looked:
    """What the actor mixes up; nothing is written."""
    scope = enter_project(tx, actor, "work.see", project=project)
    _, schema = schema_of(tx, scope.project)
    rows = tx.run(
        "SELECT g.item, i.id, g.response, g.revision, g.use, g.hints, g.told_at FROM gold_answers a"
        " JOIN gold g ON g.item = a.item JOIN items i ON i.n = g.item AND i.deleted_at IS NULL"
        " WHERE a.project = :project AND a.author = :author AND (g.use = 'practice' OR (g.state = 'retired'"
        " AND g.retired_at < :today)) AND a.at < :today"
        # Where others are still to say what it is, nobody is told.
        " AND NOT EXISTS (SELECT 1 FROM queue q WHERE q.item = g.item)"
        " AND NOT EXISTS (SELECT 1 FROM assignments s WHERE s.item = g.item AND s.state = 'claimed')"
        " ORDER BY a.at DESC, a.item DESC LIMIT :most",
        project=scope.project,
        author=scope.author,
        today=tx.now()[:10],
        most=MOST,
    )
    counts: Counter[Pair] = Counter()
    examples: defaultdict[Pair, list[str]] = defaultdict(list)
    hints: dict[str, str] = {}
    for item, id_, response, revision, use, told, _ in rows:
        said = (first_said_by if use == "practice" else said_by)(tx, scope.project, item, scope.author)
        if said is None:
            continue
        for pair in _pairs(said, key_of(tx, scope.project, Key(response, revision)), schema):
            counts[pair] += 1
            if pair[1] != pair[2] and id_ not in examples[pair]:
                examples[pair].append(id_)
        hints |= {name: text for name, text in msgspec.json.decode(told, type=dict[str, str]).items() if text}
    page = Learning(items=len(rows), confusions=_confused(counts, examples, hints), models=models(tx, scope, schema))
    return Looked(page, tuple(row[0] for row in rows if row[6] is None))


def mark(tx: Tx, items: Sequence[int]) -> None:
    """Write down that people know what the keys of these items say: they are never given as gold again."""
    tx.many(
        "UPDATE gold SET told_at = :now WHERE item = :item AND told_at IS NULL",
        [{"item": item, "now": tx.now()} for item in items],
    )


def models(tx: Tx, scope: Scope, schema: Schema) -> list[ModelResult]:
    """How each model's answers compare with the actor's, over their last answers of earlier days."""
    rows = tx.run(
        "SELECT r.item, a.id, a.name, a.version, m.n FROM (SELECT item, at FROM responses WHERE project = :project"
        " AND author = :author AND state = 'submitted' AND at < :today ORDER BY at DESC LIMIT :most) r"
        " JOIN responses m ON m.item = r.item AND m.state = 'submitted'"
        " JOIN authors a ON a.n = m.author AND a.type = 'model' ORDER BY a.name, a.id, r.at DESC",
        project=scope.project,
        author=scope.author,
        today=tx.now()[:10],
        most=MOST,
    )
    own: dict[int, Response | None] = {}
    said: defaultdict[tuple[str, str | None], list[Mapping[str, float]]] = defaultdict(list)
    for item, _, name, version, response in rows:
        if item not in own:
            own[item] = said_by(tx, scope.project, item, scope.author)
        mine, theirs = own[item], said_of(tx, scope.project, response)
        if mine is not None and theirs is not None:
            said[name, version].append({one.field: one.distance for one in differences(mine, theirs, schema)})
    told = {who: told_of(fields, schema) for who, fields in said.items() if len(fields) >= FIRST}
    return [
        ModelResult(name=name, version=version, score=one.score, exact=one.exact, fields=one.fields)
        for (name, version), one in told.items()
    ]


def _pairs(said: Response, key: Response, schema: Schema) -> Iterator[Pair]:
    """What stands for what: labels of things at one place, and answers of few words."""
    for found in differences(said, key, schema):
        field = schema.fields[found.field]
        own = [one for one in said.annotations if one.field == field.key]
        known = [one for one in key.annotations if one.field == field.key]
        if is_instances(field) and field.labels:
            for (a, b), n in sorted(confusions(own, known, field, KINDS[field.kind]).items(), key=repr):
                yield from [(field.key, a, b)] * n
        elif field.each is None and not is_instances(field) and field.kind in FEW:
            first, known_first = own[:1], known[:1]
            yield (
                field.key,
                _word(first[0].value if first else None),
                _word(known_first[0].value if known_first else None),
            )


def _word(value: object) -> str | None:
    """An answer as a word; several at once as one, in their order."""
    if isinstance(value, list):
        return ", ".join(sorted(str(one) for one in value))
    return None if value is None else str(value)


def _confused(
    counts: Counter[Pair], examples: Mapping[Pair, Sequence[str]], hints: Mapping[str, str]
) -> list[Confusion]:
    totals: Counter[tuple[str, str | None, bool]] = Counter()
    for (field, said, key), n in counts.items():
        totals[field, said if said is not None else key, said is not None] += n
    found: list[Confusion] = []
    for pair, n in counts.items():
        field, said, key = pair
        if said == key:
            continue
        of = totals[field, said if said is not None else key, said is not None]
        low, high = (float(end) for end in exact_interval(n, of))
        shown = sorted(examples[pair])
        random.Random(repr(pair)).shuffle(shown)  # noqa: S311 - which examples are shown is no secret
        hint = hints.get(f"{field}.{said}", hints.get(field, ""))
        share = measure(n / of, low, high, n=of)
        found.append(
            Confusion(field=field, said=said, key=key, n=n, of=of, share=share, items=shown[:SHOWN], hint=hint)
        )
    return sorted(found, key=lambda one: (-one.n, one.field, one.said or "", one.key or ""))[:LONGEST]
