"""Judging: a verdict on each answer to an item, stored and followed in one action."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from karat.model.policy import Stage
from karat.model.problem import Problem, Refused
from karat.model.response import Base
from karat.model.ways import Verdict, way_out
from karat.policies.flow import JUDGED, ItemState, Reviewed
from karat.server.access import Actor, Scope, enter_by_key, missing
from karat.server.database import Tx
from karat.server.labeling.actions.claim import assign
from karat.server.labeling.actions.resolve import resolve
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.actions.submit import checked, save_revision
from karat.server.labeling.queries.sight import sight_of
from karat.server.labeling.queries.standing import FIXED, REJECTED, own_response
from karat.server.labeling.queries.tasks import response_id
from karat.server.labeling.queries.versions import Rules, rules_of
from karat.server.labeling.schemas import NewRevision
from karat.server.review.checks import check
from karat.server.review.comparing import verdicts_of
from karat.server.review.queries import Standing, standing
from karat.server.review.schemas import Fix, Judged, Judgement, ReviewReceipt
from karat.server.search.index import index_answers, said
from karat.server.tell import tell


class Claim(NamedTuple):
    """The claim under which an item is judged."""

    id: str
    item: int
    stage: str
    holds: bool
    author: int


class Fixed(NamedTuple):
    """The reviewer's own answer, stored: the response's key and revision, and whether it stood and counted before."""

    response: int
    revision: int
    counted: bool


def judge(tx: Tx, actor: Actor, assignment: str, given: Judgement, digest: str) -> ReviewReceipt:
    """Store the verdicts of a claimed review, and send the item on. Repeating it gives the same receipt.

    A judgement whose claim ran out still counts while the item waits for one; one that comes after the item has gone on is
    kept and moves nothing.
    """
    scope, claim = own_claim(tx, actor, assignment)
    lock(tx, claim.item)
    repeated = _repeated(tx, claim, digest)
    if repeated:
        return repeated
    rules = rules_of(tx, scope.project)
    before = state_of(tx, claim.item)
    stage = rules.policy.stages.get(claim.stage)
    counts = stage is not None and stage.do in JUDGED and before.state == "review" and before.stage == claim.stage
    counts = counts and (claim.holds or before.claims == 0)
    answers = standing(tx, scope.project, claim.item)
    if stage is None or stage.do not in JUDGED:
        stage = Stage(do="review")
    _refuse(check(given, stage, rules.policy, answers, counts=counts))
    fix = _store_fix(tx, scope, rules, claim.item, given.fix, digest=digest) if given.fix is not None else None
    verdict = _overall(given.verdicts)
    if counts and stage.do == "adjudicate":
        named = {judged.response for judged in given.verdicts}
        also = verdicts_of(tx, scope.project, answers, result=_result(given, answers, fix), but=named)
        given = msgspec.structs.replace(given, verdicts=(*given.verdicts, *also))
    rows = _rows(tx, scope, claim, given, answers, fix, counts=counts)
    _end(tx, claim)
    after = before
    if counts and stage.do == "adjudicate":
        after = _decide(tx, scope, claim, given, answers, fix)
    elif counts and verdict is not None:
        after = _send(tx, scope, rules, claim, before, given, answers, fix, verdict)
    for id_, judged in zip(rows, given.verdicts, strict=True):
        tell(
            tx,
            scope,
            "response.reviewed",
            thing="review",
            id=id_,
            item=_item_id(tx, claim.item),
            verdict=judged.verdict,
        )
    receipt = ReviewReceipt(claim.id, verdict, after.stage, counts, tx.now())
    tx.put(
        "INSERT INTO judgements (assignment, project, item, digest, receipt, fix, fix_revision)"
        " VALUES (:id, :project, :item, :digest, :receipt, :fix, :fix_revision)",
        id=claim.id,
        project=scope.project,
        item=claim.item,
        digest=digest,
        receipt=msgspec.json.encode(receipt).decode(),
        fix=fix.response if fix else None,
        fix_revision=fix.revision if fix else None,
    )
    # What was begun as a fix and not handed in is no part of any answer.
    tx.put("DELETE FROM drafts WHERE item = :item AND author = :author", item=claim.item, author=scope.author)
    return receipt


def own_claim(tx: Tx, actor: Actor, assignment: str) -> tuple[Scope, Claim]:
    """The actor's claim to judge an item, whether it still holds or not."""
    found = tx.run("SELECT project, item, state, stage, author FROM assignments WHERE id = :id", id=assignment)
    if not found:
        raise missing("assignment", assignment)
    project, item, state, stage, author = found[0]
    scope = enter_by_key(tx, actor, "review", project=project, what="assignment", shown=assignment)
    if author != scope.author:
        raise missing("assignment", assignment)
    return scope, Claim(assignment, item, stage, state == "claimed", author)


def _repeated(tx: Tx, claim: Claim, digest: str) -> ReviewReceipt | None:
    rows = tx.run("SELECT digest, receipt FROM judgements WHERE assignment = :id", id=claim.id)
    if not rows:
        return None
    if rows[0][0] == digest:
        return msgspec.json.decode(rows[0][1], type=ReviewReceipt)
    problem = Problem(
        "assignment", claim.id, "a review that was not handed in", "Claim the item again to judge it anew."
    )
    raise Refused([problem], status=409, title="This review was handed in with another body")


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        is_stale = any(problem.path.endswith(".revision") for problem in problems)
        raise Refused(list(problems), status=409 if is_stale else 422, title="The review cannot be taken")


def _overall(verdicts: Sequence[Judged]) -> Verdict | None:
    """The gravest of the verdicts: where the item goes."""
    given = {judged.verdict for judged in verdicts}
    return next((verdict for verdict in ("rejected", "fixed", "accepted") if verdict in given), None)


def _store_fix(tx: Tx, scope: Scope, rules: Rules, item: int, fix: Fix, *, digest: str) -> Fixed:
    id_, streams, item_revision = tx.run("SELECT id, streams, revision FROM items WHERE n = :item", item=item)[0]
    own = own_response(tx, item, scope.author)
    author = tx.run("SELECT id FROM authors WHERE n = :n", n=scope.author)[0][0]
    revision = own.last + 1 if own else 1
    as_given = NewRevision(
        item=id_,
        schema=fix.schema,
        item_revision=fix.item_revision,
        state="submitted",
        annotations=fix.annotations,
        covers=fix.covers,
        base=fix.base,
    )
    annotations, schema, problems = checked(tx, scope, rules, item, as_given, streams, item_revision)
    if problems or schema is None:
        raise Refused([msgspec.structs.replace(one, path=f"fix.{one.path}") for one in problems])
    counted = own is not None and own.counts and not own.surplus
    n = save_revision(
        tx,
        scope,
        item,
        own,
        own.id if own else response_id(id_, author),
        revision,
        as_given,
        annotations,
        shown={},
        digest=digest,
        now=tx.now(),
    )
    tx.put("UPDATE responses SET excluded = NULL, surplus = false WHERE n = :n", n=n)
    index_answers(tx, scope.project, item, scope.author, said(schema, annotations), fresh=own is None)
    return Fixed(n, revision, counted)


def _rows(
    tx: Tx,
    scope: Scope,
    claim: Claim,
    given: Judgement,
    answers: Mapping[str, Standing],
    fix: Fixed | None,
    *,
    counts: bool,
) -> list[str]:
    """Write the verdicts down; the ids of the reviews."""
    drawn = tx.run(
        "SELECT probability FROM routes WHERE item = :item AND way = :stage ORDER BY at DESC, visit DESC LIMIT 1",
        item=claim.item,
        stage=claim.stage,
    )
    ids = [tx.new_id() for _ in given.verdicts]
    now = tx.now()
    tx.many(
        "INSERT INTO reviews (id, project, item, stage, assignment, response, revision, author, reviewer, verdict, defects,"
        " note, fix, fix_revision, probability, counts, active_ms, at) VALUES (:id, :project, :item, :stage, :assignment,"
        " :response, :revision, :author, :reviewer, :verdict, :defects, :note, :fix, :fix_revision, :probability, :counts,"
        " :active_ms, :now)",
        [
            {
                "id": id_,
                "project": scope.project,
                "item": claim.item,
                "stage": claim.stage,
                "assignment": claim.id,
                "response": answers[judged.response].n,
                "revision": judged.revision,
                "author": answers[judged.response].author,
                "reviewer": scope.author,
                "verdict": judged.verdict,
                "defects": msgspec.json.encode(judged.defects).decode(),
                "note": judged.note,
                "fix": fix.response if fix and judged.verdict == "fixed" else None,
                "fix_revision": fix.revision if fix and judged.verdict == "fixed" else None,
                "probability": drawn[0][0] if drawn else 1.0,
                "counts": counts,
                "active_ms": 0 if index else given.active_ms,
                "now": now,
            }
            for index, (id_, judged) in enumerate(zip(ids, given.verdicts, strict=True))
        ],
    )
    return ids


def _end(tx: Tx, claim: Claim) -> None:
    tx.put("UPDATE assignments SET state = 'done' WHERE id = :id", id=claim.id)


def _decide(
    tx: Tx, scope: Scope, claim: Claim, given: Judgement, answers: Mapping[str, Standing], fix: Fixed | None
) -> ItemState:
    """The adjudicator's choice is the result."""
    result = _result(given, answers, fix)
    _count(tx, scope, claim.item, +(fix is not None and not fix.counted))
    resolve(tx, scope, {claim.item: result}, is_decided=True)
    return state_of(tx, claim.item)


def _result(given: Judgement, answers: Mapping[str, Standing], fix: Fixed | None) -> tuple[int, int]:
    """The response that an adjudicator made the result, and its revision."""
    if fix is not None:
        return fix.response, fix.revision
    chosen = given.decision or Base("", 0)
    return answers[chosen.response].n, chosen.revision


def _send(
    tx: Tx,
    scope: Scope,
    rules: Rules,
    claim: Claim,
    before: ItemState,
    given: Judgement,
    answers: Mapping[str, Standing],
    fix: Fixed | None,
    verdict: Verdict,
) -> ItemState:
    """Leave out what was rejected or fixed, and let the item take its way; its authors may have it back."""
    stage = rules.policy.stages[claim.stage]
    sight = sight_of(tx, scope.project, claim.item, claim.stage, rules)
    gone = [answers[judged.response] for judged in given.verdicts if judged.verdict != "accepted"]
    rejected = [answers[judged.response] for judged in given.verdicts if judged.verdict == "rejected"]
    way = way_out(stage.edges, verdict=verdict, sight=sight)
    is_back = way is not None and rules.policy.stages[way.to].do == "label"
    again = [answer for answer in rejected if answer.may_work] if is_back and stage.rework is not None else []
    for answer in gone:
        reason = REJECTED if answer in rejected else FIXED
        excluded = msgspec.json.encode({"by": scope.actor.id, "reason": reason, "review": claim.id}).decode()
        tx.put("UPDATE responses SET excluded = :excluded WHERE n = :n", excluded=excluded, n=answer.n)
        index_answers(tx, scope.project, claim.item, answer.author, None)
    came = int(fix is not None and not fix.counted)
    event = Reviewed(verdict, held=claim.holds, dropped=len(gone) - came, rework=len(again))
    after = move(tx, scope.project, claim.item, before, event, rules=rules, responses=came - len(gone), sight=sight)
    if again and after.state == "open":
        for answer in again:
            assign(
                tx, scope.project, answer.author, claim.item, rules, stage=after.stage, use="rework", hold=stage.rework
            )
    return after


def _count(tx: Tx, scope: Scope, item: int, more: int) -> None:
    """Count an answer that holds no place."""
    if more:
        tx.put("UPDATE items SET responses = responses + :more WHERE n = :item", more=more, item=item)
        tx.put("UPDATE projects SET responses = responses + :more WHERE n = :project", more=more, project=scope.project)


def _item_id(tx: Tx, item: int) -> str:
    return str(tx.run("SELECT id FROM items WHERE n = :item", item=item)[0][0])
