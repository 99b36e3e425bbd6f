"""Taking a submit back: the work is a draft again, and its place is held for its author."""

import datetime as dt

from karat.model.ids import stamp, unstamp
from karat.model.problem import Problem, Refused, shown
from karat.policies.flow import Dropped, ItemState, Unskipped, Withdrawn
from karat.server.access import Actor, Scope, enter_response, missing
from karat.server.database import Tx
from karat.server.labeling.actions.draft import restore_draft
from karat.server.labeling.actions.mixing import come_no_more
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.queries.answers import annotations_of
from karat.server.labeling.queries.apart import standin
from karat.server.labeling.queries.own import find_draft
from karat.server.labeling.queries.tasks import is_editable
from karat.server.labeling.queries.versions import Rules, rules_of, schema_at
from karat.server.labeling.schemas import Assignment, Undone
from karat.server.search.index import index_answers, said
from karat.server.tell import tell

# A result that the consensus gave meanwhile does not stand in the way of an undo this soon.
GRACE_S = 30


def undo(tx: Tx, actor: Actor, response: str, revision: int) -> Undone:
    """Move the head back to the revision before, byte for byte, and make a draft of what was handed in."""
    scope, n = enter_response(tx, actor, "label", response=response)
    item, author = tx.run("SELECT item, author FROM responses WHERE n = :n", n=n)[0]
    if author != scope.author:
        raise missing("response", response)
    lock(tx, item)
    head, last, state, excluded, surplus, at, apart, item_id = tx.run(
        "SELECT r.head, r.last, r.state, r.excluded, r.surplus, r.at, r.apart, i.id FROM responses r JOIN items i ON i.n = r.item"
        " WHERE r.n = :n",
        n=n,
    )[0]
    if head != revision:
        problem = Problem(
            "revision", shown(revision), f"{head}, the one that stands", "Only the newest submit can be taken back."
        )
        raise Refused([problem], status=409, title="This revision does not stand")
    rules = rules_of(tx, scope.project)
    before = state_of(tx, item)
    seen = _standin(tx, n) if apart else before
    _refuse_final(rules, seen.state, at=at, now=tx.now(), is_decided=seen.decided)
    replaces, annotations, covers, schema_version = tx.run(
        "SELECT replaces, annotations, covers, schema_version FROM revisions WHERE response = :n AND revision = :head",
        n=n,
        head=head,
    )[0]
    earlier = _earlier(tx, n, replaces)
    counted, stands = state == "submitted" and excluded is None, earlier == "submitted" and excluded is None
    tx.run(
        "UPDATE responses SET head = :head, state = :state, surplus = :surplus WHERE n = :n",
        head=replaces,
        state=earlier,
        surplus=bool(surplus) and stands,
        n=n,
    )
    claim: Assignment | None = None
    if apart and earlier == "withdrawn":
        come_no_more(tx, scope.author, item)
        claim = _hold_again(tx, scope, rules, item)
    elif counted and not stands:
        event = Withdrawn(counted=not surplus) if earlier == "withdrawn" else Dropped(counted=not surplus)
        move(tx, scope.project, item, before, event, rules=rules, responses=-1)
        if earlier == "withdrawn" and not surplus:
            claim = _hold_again(tx, scope, rules, item)
    elif state == "skipped" and earlier == "withdrawn":
        after = move(tx, scope.project, item, before, Unskipped(), rules=rules)
        if after.claims > before.claims:
            claim = _hold_again(tx, scope, rules, item)
    _index(tx, scope, item, n, replaces, stands=stands)
    restore_draft(tx, scope, item, response=response, annotations=annotations, covers=covers, schema=schema_version)
    tell(tx, scope, "response.reverted", thing="response", id=response, revision=revision, item=item_id)
    draft = find_draft(tx, scope, item)
    if draft is None:
        raise AssertionError("restore_draft has just written it")
    return Undone(response, max(head, last) + 1, claim, draft)


def _standin(tx: Tx, response: int) -> ItemState:
    """Where the item stands by which an answer that stands apart is final or not."""
    item = standin(tx, response)
    return ItemState(stage="") if item is None else state_of(tx, item)


def _refuse_final(rules: Rules, item_state: str, *, at: str, now: str, is_decided: bool) -> None:
    is_fresh = (unstamp(now) - unstamp(at)).total_seconds() <= GRACE_S
    stage = rules.policy.stages[rules.policy.start]
    if is_fresh and not is_decided:
        return
    if not is_editable(stage, item_state=item_state, at=at, now=now):
        problem = Problem(
            "revision", "a final answer", "one that may still be changed", "Ask a manager to requeue the item."
        )
        raise Refused([problem], status=409, title="This answer is final")


def _earlier(tx: Tx, response: int, revision: int) -> str:
    found = tx.run(
        "SELECT state FROM revisions WHERE response = :response AND revision = :revision",
        response=response,
        revision=revision,
    )
    return found[0][0] if found else "withdrawn"


def _hold_again(tx: Tx, scope: Scope, rules: Rules, item: int) -> Assignment:
    """Give the author the claim under which they answered, for its whole time."""
    rows = tx.run(
        "SELECT id, stage FROM assignments WHERE item = :item AND author = :author ORDER BY at DESC, id DESC LIMIT 1",
        item=item,
        author=scope.author,
    )
    stage = rows[0][1] if rows else rules.policy.start
    seconds = rules.policy.stages.get(stage, rules.policy.stages[rules.policy.start]).claim_s
    found = Assignment(
        rows[0][0] if rows else tx.new_id(), stamp(tx.clock.now() + dt.timedelta(seconds=seconds)), stage
    )
    tx.run(
        "INSERT INTO assignments (id, project, item, stage, author, until, state, why, at)"
        " VALUES (:id, :project, :item, :stage, :author, :until, 'claimed', '{\"use\":\"chosen\"}', :now)"
        " ON CONFLICT (id) DO UPDATE SET state = 'claimed', until = excluded.until",
        id=found.id,
        project=scope.project,
        item=item,
        stage=stage,
        author=scope.author,
        until=found.until,
        now=tx.now(),
    )
    return found


def _index(tx: Tx, scope: Scope, item: int, response: int, revision: int, *, stands: bool) -> None:
    if not stands:
        index_answers(tx, scope.project, item, scope.author, None)
        return
    schema = schema_at(tx, scope.project, rules_of(tx, scope.project).schema_version)
    if schema is not None:
        annotations = annotations_of(tx, schema, response=response, revision=revision)
        index_answers(tx, scope.project, item, scope.author, said(schema, annotations))
