"""Taking a review back, right after it was given: the item stands where it stood, the fix is a draft again."""

from collections.abc import Sequence

import msgspec

from karat.model.ids import unstamp
from karat.model.problem import Problem, Refused
from karat.policies.flow import JUDGED, Unreviewed
from karat.server.access import Actor, Scope, missing
from karat.server.database import Tx
from karat.server.labeling.actions.claim import until_of
from karat.server.labeling.actions.draft import restore_draft
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.queries.answers import annotations_of
from karat.server.labeling.queries.versions import Rules, rules_of, schema_at
from karat.server.labeling.schemas import Renewed
from karat.server.review.actions import Claim, own_claim
from karat.server.review.schemas import ReviewReceipt
from karat.server.search.index import index_answers, said
from karat.server.tell import tell

GRACE_S = 30


def undo(tx: Tx, actor: Actor, assignment: str) -> Renewed:
    """Take the actor's own judgement back and hold the item for them again.

    Within `GRACE_S` seconds, and only while nobody has built on it: no answer and no other judgement came after it.
    """
    scope, claim = own_claim(tx, actor, assignment)
    lock(tx, claim.item)
    found = tx.run("SELECT receipt FROM judgements WHERE assignment = :id", id=claim.id)
    if not found:
        raise missing("review", assignment)
    receipt = msgspec.json.decode(found[0][0], type=ReviewReceipt)
    rules = rules_of(tx, scope.project)
    fixes = _fixes(tx, claim)
    _refuse(tx, rules, claim, receipt, fixes)
    before = state_of(tx, claim.item)
    back = _take_in_again(tx, scope, rules, claim)
    gone = sum(_withdraw(tx, scope, claim, fix) for fix in fixes)
    until = until_of(tx, rules, claim.stage)
    tx.put("DELETE FROM reviews WHERE assignment = :id", id=claim.id)
    tx.put("DELETE FROM judgements WHERE assignment = :id", id=claim.id)
    tx.put("UPDATE assignments SET state = 'claimed', until = :until WHERE id = :id", until=until, id=claim.id)
    if receipt.counts:
        event = Unreviewed(stage=claim.stage, answers=back - gone)
        move(tx, scope.project, claim.item, before, event, rules=rules, responses=back - gone)
    item = str(tx.run("SELECT id FROM items WHERE n = :item", item=claim.item)[0][0])
    tell(tx, scope, "review.reverted", thing="assignment", id=claim.id, item=item)
    return Renewed(until)


def _fixes(tx: Tx, claim: Claim) -> list[tuple[int, int]]:
    """The answer that was handed in with the judgement: its response and revision. It is the reviewer's own."""
    rows = tx.run("SELECT fix, fix_revision FROM judgements WHERE assignment = :id AND fix IS NOT NULL", id=claim.id)
    return [(row[0], row[1]) for row in rows]


def _refuse(tx: Tx, rules: Rules, claim: Claim, receipt: ReviewReceipt, fixes: Sequence[tuple[int, int]]) -> None:
    stage = rules.policy.stages.get(claim.stage)
    age = (unstamp(tx.now()) - unstamp(receipt.at)).total_seconds()
    after = tx.run(
        "SELECT EXISTS (SELECT 1 FROM responses r JOIN authors a ON a.n = r.author WHERE r.item = :item AND r.at >= :at"
        " AND r.author <> :author AND a.type = 'person')"
        " OR EXISTS (SELECT 1 FROM reviews WHERE item = :item AND assignment <> :id AND at >= :at)"
        " OR EXISTS (SELECT 1 FROM assignments WHERE item = :item AND id <> :id AND at >= :at AND state = 'claimed'"
        " AND author <> :author AND stage = :stage)",
        item=claim.item,
        at=receipt.at,
        author=claim.author,
        id=claim.id,
        stage=receipt.stage
        if stage is not None and receipt.stage != claim.stage and _is_judged(rules, receipt.stage)
        else "",
    )[0][0]
    changed = any(
        tx.run("SELECT 1 FROM responses WHERE n = :n AND head <> :revision", n=n, revision=revision)
        for n, revision in fixes
    )
    if age > GRACE_S or after or changed or stage is None or stage.do not in JUDGED:
        got = f"given {age:.0f} s ago" if age > GRACE_S else "built upon since"
        do = "It is final. Ask a manager to requeue the item if it was wrong."
        raise Refused(
            [Problem("assignment", got, f"a review of the last {GRACE_S} s on which nothing was built", do)],
            status=409,
            title="This review stands",
        )


def _is_judged(rules: Rules, stage: str) -> bool:
    return stage in rules.policy.stages and rules.policy.stages[stage].do in JUDGED


def _take_in_again(tx: Tx, scope: Scope, rules: Rules, claim: Claim) -> int:
    """Let the answers that the judgement left out count again; how many."""
    rows = tx.run(
        "SELECT n, author, head, excluded FROM responses WHERE item = :item AND excluded IS NOT NULL", item=claim.item
    )
    back = [row for row in rows if msgspec.json.decode(row[3]).get("review") == claim.id]
    schema = schema_at(tx, scope.project, rules.schema_version)
    for n, author, head, _ in back:
        tx.put("UPDATE responses SET excluded = NULL WHERE n = :n", n=n)
        if schema is not None:
            annotations = annotations_of(tx, schema, response=n, revision=head)
            index_answers(tx, scope.project, claim.item, author, said(schema, annotations))
    return len(back)


def _withdraw(tx: Tx, scope: Scope, claim: Claim, fix: tuple[int, int]) -> int:
    """Make the fix a draft again; 1 where it took a place that nobody of its author's took before."""
    n, revision = fix
    replaces, annotations, covers, schema = tx.run(
        "SELECT replaces, annotations, covers, schema_version FROM revisions WHERE response = :n AND revision = :revision",
        n=n,
        revision=revision,
    )[0]
    earlier = tx.run("SELECT state FROM revisions WHERE response = :n AND revision = :replaces", n=n, replaces=replaces)
    state = earlier[0][0] if earlier else "withdrawn"
    id_ = tx.run("SELECT id FROM responses WHERE n = :n", n=n)[0][0]
    tx.put("UPDATE responses SET head = :head, state = :state WHERE n = :n", head=replaces, state=state, n=n)
    if state != "submitted":
        index_answers(tx, scope.project, claim.item, scope.author, None)
    restore_draft(tx, scope, claim.item, response=id_, annotations=annotations, covers=covers, schema=schema)
    return int(state != "submitted")
