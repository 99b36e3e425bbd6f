"""Handing in an answer: checked, stored as a revision that never changes, and counted, all in one action."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from karat.kinds.checking import check_covers, encode_annotations, parse_annotations
from karat.model.contents import content_of
from karat.model.problem import Problem, Refused, shown
from karat.model.response import Annotation, Base
from karat.model.schema import Schema
from karat.policies.flow import JUDGED, Dropped, Event, Freed, Skipped, Submitted
from karat.server import vocabularies
from karat.server.access import Actor, Scope, enter_item, missing
from karat.server.blinding import author_id
from karat.server.database import Tx
from karat.server.labeling.actions.draft import keep_draft
from karat.server.labeling.actions.mixing import come_again, come_no_more
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.queries.apart import GOLD
from karat.server.labeling.queries.given import types_given
from karat.server.labeling.queries.standing import Own, own_response
from karat.server.labeling.queries.tasks import OWN_FINALITY, is_editable, orders_of, stream_facts
from karat.server.labeling.queries.versions import Rules, rules_of, schema_at
from karat.server.labeling.schemas import NewRevision, Receipt
from karat.server.search.index import index_answers, said
from karat.server.tell import tell

LONGEST_NOTE = 2_000
SHOWN_TO_ALL = frozenset({"model", "rule"})
"""Types of authors whose answers people are shown as suggestions."""
_ITEM = (
    f"SELECT i.streams, {OWN_FINALITY}, i.revision FROM items i"  # noqa: S608 - a constant
    " LEFT JOIN responses r ON r.item = i.n AND r.author = :author WHERE i.n = :item"
)


class Submitting(NamedTuple):
    """What a submit came to: a receipt, or why the answer is a draft again."""

    receipt: Receipt | None
    is_new: bool = False
    problems: tuple[Problem, ...] = ()


def submit(tx: Tx, actor: Actor, response: str, revision: int, given: NewRevision, digest: str) -> Submitting:
    """Store a revision of the actor's own response. Repeating it gives the same receipt.

    What does not fit the schema is kept as a draft and comes back with its problems; nothing is ever lost. An answer whose
    claim has ended is stored too: it takes a free place, or is surplus.
    """
    scope, item = enter_item(tx, actor, "label", item=given.item)
    lock(tx, item, queue=given.assignment is None)
    own = own_response(tx, item, scope.author)
    if own is None:
        _refuse_taken_id(tx, response)
    elif own.id != response:
        raise _conflict(
            "response", response, own.id, "You have answered this item under that id; hand in its next revision."
        )
    repeated = _repeated(tx, own, revision, digest)
    if repeated:
        return Submitting(repeated)
    last = own.last if own else 0
    if revision != last + 1:
        raise _conflict(
            "revision", shown(revision), str(last + 1), "Number the revisions of a response one after another."
        )
    rules = rules_of(tx, scope.project)
    held, apart = _held(tx, scope, rules, item, own)
    if own and own.is_judged and held is not None:
        own = own.taken_up()
        tx.put("UPDATE responses SET excluded = NULL WHERE n = :n", n=own.n)
    streams, item_state, item_revision = tx.run(_ITEM, item=item, author=scope.author)[0]
    if own and (own.counts or (own.apart and own.state == "submitted")):
        _refuse_closed(tx, rules, own, item_state)
    annotations, schema, problems = checked(tx, scope, rules, item, given, streams, item_revision)
    if problems or schema is None:
        keep_draft(tx, scope, item, given, response=response)
        return Submitting(None, problems=tuple(problems))
    if held is None and not tx.is_sqlite:
        lock(tx, item)
    before = state_of(tx, item)
    now = tx.now()
    requeue = rules.policy.stages[rules.policy.start].skip.requeue
    event = None if apart else _event(given, own, held=held is not None)
    if isinstance(event, Skipped):
        event = _counted_skip(tx, rules, item, before.stage, event, author=scope.author)
    orders = orders_of(streams, item=given.item, author=author_id(tx, scope)) if _shuffles(schema) else {}
    n = save_revision(
        tx, scope, item, own, response, revision, given, annotations, shown=orders, digest=digest, now=now
    )
    if held is not None:
        _end_claim(tx, held, "done" if given.state == "submitted" else "skipped")
    if apart:
        _set_apart(tx, scope, item, n, skips=given.state == "skipped" and requeue == "me")
    stood = own is not None and own.counts
    stands = given.state == "submitted" and not apart and not (own and own.excluded)
    if event is not None or stood != stands:
        after = move(tx, scope.project, item, before, event, rules=rules, responses=stands - stood) if event else before
        if stands and after.surplus > before.surplus:
            tx.put("UPDATE responses SET surplus = true WHERE n = :n", n=n)
    else:
        tx.put("UPDATE items SET changed_at = :now WHERE n = :item", now=now, item=item)
    if stands:
        index_answers(tx, scope.project, item, scope.author, said(schema, annotations), fresh=own is None)
    elif own is not None:
        index_answers(tx, scope.project, item, scope.author, None)
    tx.put("DELETE FROM drafts WHERE item = :item AND author = :author", item=item, author=scope.author)
    tell(tx, scope, f"response.{given.state}", thing="response", id=response, revision=revision, item=given.item)
    return Submitting(Receipt(response, revision, now, revision + 1, given.state), is_new=True)


def digest_of(body: bytes) -> str:
    """What tells a repeat from another body under the same number."""
    return hashlib.sha256(body).hexdigest()


def _refuse_taken_id(tx: Tx, response: str) -> None:
    if tx.run("SELECT 1 FROM responses WHERE id = :id", id=response):
        # Said in the same words whoever's it is: an id of another tenant must not be told from a mistake.
        raise _conflict("response", response, "a new id, or that of your own response to this item", "Make a new UUID.")


def _repeated(tx: Tx, own: Own | None, revision: int, digest: str) -> Receipt | None:
    if own is None or revision > own.last:
        return None
    found = tx.run(
        "SELECT body_hash, at, state FROM revisions WHERE response = :n AND revision = :revision",
        n=own.n,
        revision=revision,
    )
    if found and found[0][0] == digest:
        stood = _stood(tx, own, revision)
        return Receipt(own.id, revision, found[0][1], own.last + 1, found[0][2] if stood else "withdrawn")
    do = "Hand in the change as the next revision."
    raise _conflict(
        "revision", shown(revision), str(own.last + 1), do, title="This revision was handed in with another body"
    )


def _stood(tx: Tx, own: Own, revision: int) -> bool:
    """Whether a revision stands, or was replaced by one that does; one that was taken back is in no such line."""
    return revision == own.head or bool(
        tx.run(
            "WITH RECURSIVE line(revision) AS (SELECT head FROM responses WHERE n = :n UNION ALL SELECT v.replaces FROM line l"
            " JOIN revisions v ON v.response = :n AND v.revision = l.revision WHERE v.replaces >= :revision)"
            " SELECT 1 FROM line WHERE revision = :revision",
            n=own.n,
            revision=revision,
        )
    )


def _held(tx: Tx, scope: Scope, rules: Rules, item: int, own: Own | None) -> tuple[str | None, bool]:
    """The actor's claim on the item to answer it, if it stands, and whether the answer stands apart. Who was never given the item has nothing to say on it, unless they choose."""
    rows = tx.run(
        "SELECT id, state, stage, apart FROM assignments WHERE item = :item AND author = :author",
        item=item,
        author=scope.author,
    )
    if not rows and own is None and not scope.has("label.any"):
        raise missing("item", "that you were given")
    judged = {name for name, stage in rules.policy.stages.items() if stage.do in JUDGED}
    held = next((id_ for id_, state, stage, _ in rows if state == "claimed" and stage not in judged), None)
    return held, own.apart if own is not None else any(apart for _, _, _, apart in rows)


def _refuse_closed(tx: Tx, rules: Rules, own: Own, item_state: str) -> None:
    stage = rules.policy.stages[rules.policy.start]
    if not is_editable(stage, item_state=item_state, at=own.at, now=tx.now()):
        problem = Problem(
            "revision", "a change", "an answer that may still be changed", "Ask a manager to requeue the item."
        )
        raise Refused([problem], status=409, title="This answer is final")


def checked(
    tx: Tx, scope: Scope, rules: Rules, item: int, given: NewRevision, streams: str, item_revision: int
) -> tuple[tuple[Annotation, ...], Schema | None, list[Problem]]:
    """The annotations under the schema that holds now, under whichever version they were made."""
    schema = schema_at(tx, scope.project, rules.schema_version)
    if schema is None or not 1 <= given.schema <= rules.schema_version:
        expected = f"1 to {rules.schema_version}"
        return (
            (),
            None,
            [Problem("schema", shown(given.schema), expected, "Send the version under which the item was drawn.")],
        )
    problems = [*_checked_envelope(given, item_revision), *_checked_base(tx, scope, item, given.base)]
    annotations, found = parse_annotations(
        given.annotations, schema, facts=stream_facts(streams), complete=given.state == "submitted"
    )
    if given.state == "submitted" and not found:
        found = [*vocabularies.problems_of(tx, scope.project, schema, annotations)]
    return annotations, schema, [*problems, *found, *check_covers(given.covers, schema)]


def _checked_base(tx: Tx, scope: Scope, item: int, base: Base | None) -> list[Problem]:
    """What an answer was made from must be a revision on the item that its author can see, or naming one would tell of it."""
    if base is None:
        return []
    # A number that no column holds names nothing either.
    rows = (
        []
        if not 1 <= base.revision < 1 << 31
        else tx.run(
            "SELECT r.author, a.type FROM responses r JOIN authors a ON a.n = r.author"
            " JOIN revisions v ON v.response = r.n AND v.revision = :revision WHERE r.id = :id AND r.item = :item",
            id=base.response,
            revision=base.revision,
            item=item,
        )
    )
    if rows and (rows[0][0] == scope.author or rows[0][1] in SHOWN_TO_ALL or scope.has("responses.see")):
        return []
    if rows and rows[0][1] in types_given(rules_of(tx, scope.project)):
        return []
    do = "Name the answer that was shown, or null where none was."
    return [Problem("base", f"{base.response} revision {base.revision}", "a revision of an answer to this item", do)]


def _checked_envelope(given: NewRevision, item_revision: int) -> list[Problem]:
    found: list[Problem] = []
    if not 1 <= given.item_revision <= item_revision:
        do = "Send the revision of the item that was drawn."
        found.append(Problem("item_revision", shown(given.item_revision), f"1 to {item_revision}", do))
    if given.state == "skipped" and (given.skip is None or not given.skip.reason.strip()):
        found.append(Problem("skip", shown(given.skip), "a reason", "Say why, e.g. `{reason: unclear}`."))
    if given.skip is not None and max(len(given.skip.reason), len(given.skip.note)) > LONGEST_NOTE:
        found.append(Problem("skip", "a long text", f"at most {LONGEST_NOTE} characters", "Say it in fewer words."))
    if not 0 <= given.active_ms <= 7 * 86_400_000:
        found.append(
            Problem(
                "active_ms", shown(given.active_ms), "0 to a week", "Send the time that was spent, in milliseconds."
            )
        )
    return found


def _shuffles(schema: Schema) -> bool:
    """Whether parts of the items stand in an order of each person's own, which is kept with the answer."""
    return any(content_of(stream.kind).is_shuffled for stream in schema.streams.values())


def _event(given: NewRevision, own: Own | None, *, held: bool) -> Event | None:
    """What happened to the item; None where an answer that counts, or one that is left out, was only changed."""
    if own is not None and own.excluded:
        return Freed() if held else None
    if given.state == "submitted":
        return None if own is not None and own.counts else Submitted(held=held)
    if own is not None and own.counts:
        return Dropped(counted=not own.surplus)
    return Skipped(held=held)


def _counted_skip(tx: Tx, rules: Rules, item: int, stage: str, event: Skipped, *, author: int) -> Skipped:
    """The skip with what the item's stage says of it, and how many people have skipped the item where that matters."""
    skip = rules.policy.stages.get(stage, rules.policy.stages[rules.policy.start]).skip
    if skip.after is None:
        return msgspec.structs.replace(event, requeue=skip.requeue)
    others = tx.run(
        "SELECT count(*) FROM responses WHERE item = :item AND author <> :author AND state = 'skipped'",
        item=item,
        author=author,
    )[0][0]
    return msgspec.structs.replace(event, requeue=skip.requeue, skips=others + 1)


def save_revision(
    tx: Tx,
    scope: Scope,
    item: int,
    own: Own | None,
    response: str,
    revision: int,
    given: NewRevision,
    annotations: tuple[Annotation, ...],
    *,
    shown: Mapping[str, Sequence[str]],
    digest: str,
    now: str,
) -> int:
    """Write down a revision as the one that stands; the response's key."""
    if own is None:
        n = tx.run(
            "INSERT INTO responses (id, project, item, author, head, last, state, active_ms, at)"
            " VALUES (:id, :project, :item, :author, :revision, :revision, :state, :active_ms, :now) RETURNING n",
            id=response,
            project=scope.project,
            item=item,
            author=scope.author,
            revision=revision,
            state=given.state,
            active_ms=given.active_ms,
            now=now,
        )[0][0]
    else:
        n = own.n
        surplus = "surplus" if given.state == "submitted" and own.counts else "false"
        tx.put(
            "UPDATE responses SET head = :revision, last = :revision, state = :state, at = :now,"  # noqa: S608 - one of two constants
            f" active_ms = active_ms + :active_ms, surplus = {surplus} WHERE n = :n",
            revision=revision,
            state=given.state,
            active_ms=given.active_ms,
            now=now,
            n=n,
        )
    tx.put(
        "INSERT INTO revisions (response, revision, project, replaces, item_revision, schema_version, guideline, state, covers,"
        " annotations, base, skip, cause, active_ms, at, by, extra, body_hash) VALUES (:n, :revision, :project, :replaces,"
        " :item_revision, :schema, (SELECT max(version) FROM guidelines WHERE project = :project), :state, :covers, :annotations, :base, :skip, 'author', :active_ms, :now, :by, :extra, :digest)",
        n=n,
        revision=revision,
        project=scope.project,
        replaces=own.head if own else 0,
        item_revision=given.item_revision,
        schema=given.schema,
        state=given.state,
        covers=msgspec.json.encode(given.covers).decode(),
        annotations=encode_annotations(annotations).decode(),
        base=None if given.base is None else msgspec.json.encode(given.base).decode(),
        skip=None if given.skip is None else msgspec.json.encode(given.skip).decode(),
        active_ms=given.active_ms,
        now=now,
        by=scope.author,
        extra=msgspec.json.encode(_extra(given, shown)).decode(),
        digest=digest,
    )
    return int(n)


def _extra(given: NewRevision, shown: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """What is kept beside an answer: the clock it was given by, and in which order candidates stood."""
    clock = {} if given.client_at is None else {"client_at": given.client_at[:40]}
    return {**clock, **({"shown": shown} if shown else {})}


def _set_apart(tx: Tx, scope: Scope, item: int, response: int, *, skips: bool) -> None:
    """Leave an answer out of everything that is counted; one that was skipped for later comes again as others do."""
    tx.put("UPDATE responses SET apart = true, excluded = :gold WHERE n = :n", gold=GOLD, n=response)
    if skips:
        stage = rules_of(tx, scope.project).policy.start
        why = tx.run(
            "SELECT why FROM assignments WHERE item = :item AND author = :author ORDER BY at DESC LIMIT 1",
            item=item,
            author=scope.author,
        )[0][0]
        come_again(tx, scope.project, scope.author, item, stage=stage, why=why, is_later=True)
    else:
        come_no_more(tx, scope.author, item)


def _end_claim(tx: Tx, assignment: str, state: str) -> None:
    tx.put("UPDATE assignments SET state = :state WHERE id = :id AND state = 'claimed'", state=state, id=assignment)


def _conflict(path: str, got: str, expected: str, do: str, *, title: str = "This is not the next revision") -> Refused:
    return Refused([Problem(path, got, expected, do)], status=409, title=title)
