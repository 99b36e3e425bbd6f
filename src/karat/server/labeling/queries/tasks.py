"""Items as tasks: everything to draw them and to hand in an answer, and nothing that tells of others."""

import uuid
from collections.abc import Iterator, Mapping

import msgspec

from karat.model.contents import facts_of
from karat.model.durations import seconds
from karat.model.ids import unstamp
from karat.model.item import Stream
from karat.model.kind import Facts
from karat.model.policy import Stage
from karat.server.access import Scope
from karat.server.blinding import blinded, orders_shown
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.labeling.queries.given import given_for
from karat.server.labeling.queries.versions import Rules
from karat.server.labeling.schemas import Answer, Assignment, Draft, Given, NextRevision, Task, TaskItem, TaskStream

_STREAMS = msgspec.json.Decoder(dict[str, Stream])
_FACTS_FOR_DRAWING = ("width", "height", "length", "turns", "parts", "each", "pages", "media_type")

# The state by which an answer is final. A result that the consensus gave within a second of the last answer, and will
# give anew after each change, must not close it: only a person's decision does.
FINALITY = (
    "CASE WHEN i.state = 'done' AND NOT EXISTS (SELECT 1 FROM resolutions z WHERE z.item = i.n AND z.by <> 0)"
    " THEN 'labeled' ELSE i.state END"
)
# Of the answer `r` to it, where there is one. An answer that stands apart is as final as its author's ordinary one before.
OWN_FINALITY = (
    "CASE WHEN r.apart THEN coalesce((SELECT CASE WHEN j.state = 'done' AND NOT EXISTS (SELECT 1 FROM resolutions z"  # noqa: S608 - constants
    " WHERE z.item = j.n AND z.by <> 0) THEN 'labeled' ELSE j.state END FROM responses o JOIN items j ON j.n = o.item"
    " WHERE o.project = r.project AND o.author = r.author AND NOT o.apart AND o.state <> 'withdrawn' AND o.at <= r.at"
    f" ORDER BY o.at DESC, o.n DESC LIMIT 1), 'labeled') ELSE {FINALITY} END"
)

_TASK = f"""
SELECT i.n, i.id, i.revision, i.key, i.streams, i.metadata, {OWN_FINALITY},
  r.id, r.last, r.head, r.state, r.at, v.annotations, v.covers,
  (SELECT a.id FROM authors a WHERE a.n = :author),
  d.response, d.base, d.schema_version, d.seq, d.annotations, d.covers, d.at
FROM items i
LEFT JOIN responses r ON r.item = i.n AND r.author = :author
LEFT JOIN revisions v ON v.response = r.n AND v.revision = r.head
LEFT JOIN drafts d ON d.item = i.n AND d.author = :author
WHERE i.n = :item AND i.project = :project
"""  # noqa: S608 - a constant


def tasks_of(tx: Tx, scope: Scope, rules: Rules, granted: Mapping[int, Assignment | None]) -> Iterator[Task]:
    """The tasks of some items, with the claims that were granted on them."""
    for item, assignment in granted.items():
        for row in tx.run(_TASK, item=item, author=scope.author, project=scope.project):
            given = given_for(tx, scope, rules, item, response=row[7] or row[15] or response_id(row[1], row[14]))
            yield _task(scope, rules, row, assignment, now=tx.now(), given=given)


def response_id(item: str, author: str) -> str:
    """The id under which an author answers an item: always the same, so that an answer that was handed in late, or from
    two machines, never becomes two. It is made of the author's id, which no annotator is told: who could compute another's
    would learn from a conflict that they have answered, or take the id before them.

    >>> item, author = "6f0c3a52-6f55-4a35-9d09-6a0f0a2f6f10", "0199d7c4-8a51-7d3e-9f67-2f6b1c0e4a11"
    >>> response_id(item, author) == response_id(item, author)
    True
    """
    return str(uuid.uuid5(uuid.UUID(item), author))


def is_editable(stage: Stage, *, item_state: str, at: str, now: str) -> bool:
    """Whether an author may still change an answer of this time: until the item is resolved, or for as long as it says."""
    match stage.edit_until:
        case "never":
            return False
        case "reviewed":
            return item_state not in ("review", "done")
        case "resolved":
            return item_state != "done"
        case duration:
            age = (unstamp(now) - unstamp(at)).total_seconds()
            return item_state != "done" and age <= seconds(duration)


def task_streams(item: str, streams: bytes | str, *, author: str) -> dict[str, TaskStream]:
    """An item's streams as a surface draws them for an author: a text as it is, candidates in the author's own order,
    media by address."""
    found = _STREAMS.decode(streams).items()
    return {name: _stream(item, name, blinded(stream, item=item, author=author)) for name, stream in found}


def draft_of(item: str, next_revision: int, row: Row) -> Draft:
    """A draft from its columns: response, base, schema_version, seq, annotations, covers, at."""
    response, base, schema, seq, annotations, covers, at = row
    return Draft(
        item=item,
        response=NextRevision(response, next_revision),
        base=None if base is None else msgspec.json.decode(base),
        schema=schema,
        seq=seq,
        annotations=raw(annotations),
        covers=raw(covers),
        at=at,
    )


def raw(text: str) -> msgspec.Raw:
    """JSON that was stored, sent as it is."""
    return msgspec.Raw(text.encode())


def stream_facts(streams: str) -> dict[str, Facts]:
    """The facts of each stream that an item has."""
    return {name: facts_of(stream) for name, stream in _STREAMS.decode(streams).items()}


def orders_of(streams: str, *, item: str, author: str) -> dict[str, list[str]]:
    """In which order the candidates of each stream stand on this author's screen."""
    return orders_shown(_STREAMS.decode(streams), item=item, author=author)


def _task(
    scope: Scope, rules: Rules, row: Row, assignment: Assignment | None, *, now: str, given: Given | None
) -> Task:
    _n, item, revision, key, streams, metadata, state, response, last, head, said, at, annotations, covers, author = (
        row[:15]
    )
    draft = row[15:]
    stage = rules.policy.stages[rules.policy.start]
    id_ = response or draft[0] or response_id(item, author)
    next_revision = (last or 0) + 1
    return Task(
        assignment=assignment,
        item=TaskItem(
            id=item,
            revision=revision,
            streams=task_streams(item, streams, author=author),
            metadata=raw(metadata),
            key=key if scope.has("items.see") else None,
        ),
        response=NextRevision(id_, next_revision),
        schema=rules.schema_version,
        draft=draft_of(item, next_revision, draft) if draft[0] is not None else None,
        answer=None
        if annotations is None
        else Answer(
            revision=head,
            state=said,
            annotations=raw(annotations),
            covers=raw(covers),
            at=at,
            editable=is_editable(stage, item_state=state, at=at, now=now),
        ),
        given=given if draft[0] is None and annotations is None else None,
    )


def _stream(item: str, name: str, stream: Stream) -> TaskStream:
    known = facts_of(stream)
    facts = Facts(**{key: getattr(known, key) for key in _FACTS_FOR_DRAWING})
    if stream.ref.inline is not None:
        marks = stream.markup.marks if stream.markup is not None else ()
        return TaskStream(stream.kind, facts, text=stream.ref.inline, marks=marks)
    return TaskStream(stream.kind, facts, url=f"items/{item}/streams/{name}")
