"""Appeals: somebody says that a verdict on their answer was wrong; somebody else than the reviewer looks again."""

from karat.model.problem import Problem, Refused, shown
from karat.policies.flow import Added, Submitted
from karat.server.access import Actor, Scope, enter_by_key, enter_project, missing
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.gold.queries import in_batch
from karat.server.gold.schemas import BatchItem
from karat.server.items.schemas import Person
from karat.server.labeling.actions.slots import lock, move, state_of
from karat.server.labeling.queries.answers import annotations_of
from karat.server.labeling.queries.standing import is_left_out_by_review
from karat.server.labeling.queries.versions import rules_of, schema_at
from karat.server.rulings.schemas import Appeal, Decision, NewAppeal
from karat.server.rulings.seeing import sees_all
from karat.server.search.index import index_answers, said
from karat.server.tell import note, tell
from karat.server.wire import Page, page

LONGEST = 5_000
_APPEAL = (
    "SELECT x.n, x.id, x.against, x.thing, i.id, a.id, a.name, a.type, x.reason, x.state, x.outcome, b.id, b.name, b.type, x.at,"
    " x.decided_at FROM appeals x JOIN authors a ON a.n = x.author LEFT JOIN authors b ON b.n = x.by"
    " LEFT JOIN items i ON i.n = x.item"
)


def appeal(tx: Tx, actor: Actor, project: str, given: NewAppeal) -> Appeal:
    """Ask that a verdict on one's own answer, or a batch of gold scores, is looked at again; once for each."""
    scope = enter_project(tx, actor, "appeal", project=project)
    _refuse_text("reason", given.reason)
    if (given.review is None) == (given.gold is None):
        got = "neither" if given.review is None else "both"
        raise Refused([Problem("review", got, "either a review or a batch of gold scores", "Name what you appeal.")])
    item = _rejected_item(tx, scope, given.review) if given.review is not None else None
    if given.gold is not None and in_batch(tx, scope, scope.author, given.gold) is None:
        # A batch that is full but not told yet is none: its name must not say so.
        do = "Name it as your page does."
        raise Refused([Problem("gold", shown(given.gold), "the name of a batch of scores that you were told", do)])
    made = tx.run(
        "INSERT INTO appeals (id, project, author, against, thing, item, reason, state, at) VALUES (:id, :project, :author,"
        " :against, :thing, :item, :reason, 'open', :now) ON CONFLICT DO NOTHING RETURNING n, id",
        id=tx.new_id(),
        project=scope.project,
        author=scope.author,
        against="review" if given.review is not None else "gold",
        thing=given.review or given.gold,
        item=item,
        reason=given.reason.strip(),
        now=tx.now(),
    )
    if not made:
        do = "Wait for its outcome; each verdict is looked at again once."
        raise Refused([Problem("review", "appealed already", "a verdict that was not appealed", do)], status=409)
    tell(tx, scope, "appeal.changed", thing="appeal", id=made[0][1], did="made")
    return _shown(tx.run(f"{_APPEAL} WHERE x.n = :n", n=made[0][0])[0], is_open=sees_all(scope))


def decide(tx: Tx, actor: Actor, id_: str, given: Decision) -> Appeal:
    """Uphold a verdict or overturn it; an overturned rejection lets the answer count again."""
    rows = tx.run("SELECT project, n, against, thing, state, author, item FROM appeals WHERE id = :id", id=id_)
    if not rows:
        raise missing("appeal", id_)
    project, n, against, thing, state, author, item = rows[0]
    scope = enter_by_key(tx, actor, "appeals.decide", project=project, what="appeal", shown=id_)
    _refuse_text("reason", given.reason)
    _refuse_party(tx, scope, author=author, review=thing if against == "review" else None)
    if state != "open":
        raise Refused([Problem("outcome", state, "an appeal that is open", "It was decided already.")], status=409)
    tx.run(
        "UPDATE appeals SET state = :state, outcome = :outcome, by = :by, decided_at = :now WHERE n = :n",
        state=given.outcome,
        outcome=given.reason.strip(),
        by=scope.author,
        now=tx.now(),
        n=n,
    )
    is_lifted = against == "review" and given.outcome == "overturned" and _lift(tx, scope, thing, item)
    note(
        tx,
        "appeal.decided",
        actor=actor,
        workspace=scope.workspace,
        project=scope.project,
        thing={"type": "appeal", "id": id_},
        outcome=given.outcome,
        reason=given.reason.strip()[:500],
        lifted=is_lifted,
    )
    tell(tx, scope, "appeal.changed", thing="appeal", id=id_, did=given.outcome)
    return _shown(tx.run(f"{_APPEAL} WHERE x.n = :n", n=n)[0], is_open=True)


def scored(tx: Tx, actor: Actor, id_: str) -> list[BatchItem]:
    """The answers to gold that an appealed batch is of, the furthest off first: for whoever decides."""
    rows = tx.run("SELECT project, author, against, thing FROM appeals WHERE id = :id", id=id_)
    if not rows:
        raise missing("appeal", id_)
    project, author, against, thing = rows[0]
    scope = enter_by_key(tx, actor, "appeals.decide", project=project, what="appeal", shown=id_)
    return (in_batch(tx, scope, author, thing) or []) if against == "gold" else []


def of_project(
    tx: Tx, actor: Actor, project: str, *, state: str | None, limit: int, after: tuple[str, int] | None
) -> Page[Appeal]:
    """A project's appeals, the newest first: all for those who decide, else one's own."""
    scope = enter_project(tx, actor, "work.see", project=project)
    is_open = sees_all(scope)
    where, values = ("", {}) if is_open else (" AND x.author = :me", {"me": scope.author})
    rows = tx.run(
        f"{_APPEAL} WHERE x.project = :project{where}{' AND x.state = :state' if state else ''}"
        f"{'' if after is None else ' AND (x.at, x.n) < (:at, :n)'} ORDER BY x.at DESC, x.n DESC LIMIT :limit",
        project=scope.project,
        limit=limit + 1,
        **values,
        **({"state": state} if state else {}),
        **({} if after is None else {"at": after[0], "n": after[1]}),
    )
    places = {row[1]: (row[14], row[0]) for row in rows}
    return page([_shown(row, is_open=is_open) for row in rows], limit, lambda one: places[one.id])


def _rejected_item(tx: Tx, scope: Scope, review: str) -> int:
    rows = tx.run(
        "SELECT item, verdict FROM reviews WHERE id = :id AND project = :project AND author = :author",
        id=review,
        project=scope.project,
        author=scope.author,
    )
    if not rows:
        raise missing("review", review)
    item, verdict = rows[0]
    if verdict == "accepted":
        problem = Problem(
            "review", "accepted", "a verdict that rejected or fixed your answer", "Nothing is held against it."
        )
        raise Refused([problem], status=409)
    return int(item)


def _refuse_party(tx: Tx, scope: Scope, *, author: int, review: str | None) -> None:
    """Nobody decides on what they said themselves: neither the author, nor the reviewer whose verdict it is."""
    judged = tx.run("SELECT reviewer FROM reviews WHERE id = :id", id=review) if review is not None else []
    if scope.author == author or (judged and judged[0][0] == scope.author):
        problem = Problem("appeal", "yours", "one on somebody else's words", "Let another reviewer decide.")
        raise Refused([problem], status=403, title="You are a party to this appeal")


def _lift(tx: Tx, scope: Scope, review: str, item: int) -> bool:
    """Let the answer count again whose rejection was overturned; False where it does already, or was changed since."""
    response, revision, author = tx.run("SELECT response, revision, author FROM reviews WHERE id = :id", id=review)[0]
    lock(tx, item)
    head, state, excluded = tx.run("SELECT head, state, excluded FROM responses WHERE n = :n", n=response)[0]
    if head != revision or state != "submitted" or not is_left_out_by_review(excluded):
        return False
    rules = rules_of(tx, scope.project)
    before = state_of(tx, item)
    tx.run("UPDATE responses SET excluded = NULL, surplus = false WHERE n = :n", n=response)
    # Whoever was to do it again holds the item for that: it is as if they had handed in the same once more.
    held = tx.run(
        "UPDATE assignments SET state = 'done' WHERE item = :item AND author = :author AND state = 'claimed' RETURNING 1",
        item=item,
        author=author,
    )
    event = Submitted(held=True) if held else Added()
    after = move(tx, scope.project, item, before, event, rules=rules, responses=1)
    if after.surplus > before.surplus:
        tx.run("UPDATE responses SET surplus = true WHERE n = :n", n=response)
    schema = schema_at(tx, scope.project, rules.schema_version)
    if schema is not None:
        found = said(schema, annotations_of(tx, schema, response=response, revision=head))
        index_answers(tx, scope.project, item, author, found)
    id_ = tx.run("SELECT id FROM items WHERE n = :n", n=item)[0][0]
    tell(tx, scope, "item.changed", thing="item", id=id_)
    return True


def _refuse_text(path: str, text: str) -> None:
    if not 0 < len(text.strip()) <= LONGEST:
        raise Refused([Problem(path, f"{len(text)} characters", f"1 to {LONGEST}", "Say why.")])


def _shown(row: Row, *, is_open: bool) -> Appeal:
    return Appeal(
        id=row[1],
        against=row[2],
        thing=row[3],
        item=row[4],
        author=Person(row[5], row[6], row[7]) if is_open else None,
        reason=row[8],
        state=row[9],
        outcome=row[10],
        by=Person(row[11], row[12], row[13]) if is_open and row[11] else None,
        at=row[14],
        decided_at=row[15],
    )
