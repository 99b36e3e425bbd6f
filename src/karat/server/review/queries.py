# ruff: noqa: S608 - the SQL is put together from constants; every value is a parameter
"""What a reviewer looks at, and what was said in reviews."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

from karat.model.defects import DefectKind
from karat.model.response import Base
from karat.policies.flow import JUDGED
from karat.server.access import Actor, Scope, enter_by_key, enter_item, enter_project, missing
from karat.server.database import Tx
from karat.server.database.base import Row
from karat.server.items.schemas import Person
from karat.server.labeling.actions.slots import COUNTS
from karat.server.labeling.queries.own import is_sent_back
from karat.server.labeling.queries.versions import rules_of
from karat.server.review.schemas import (
    Defect,
    Review,
    ReviewTask,
    SentBack,
    StageWaiting,
    ToReview,
    ToReviewHere,
    Waiting,
)
from karat.server.wire import Page, page

_DEFECTS = msgspec.json.Decoder(tuple[Defect, ...])
_STANDING = (
    "SELECT r.id, r.n, r.head, r.author, a.id, a.name, a.type, v.schema_version, v.annotations, v.covers, r.at, r.active_ms,"
    " EXISTS (SELECT 1 FROM reviews w WHERE w.response = r.n AND w.revision = r.head AND w.verdict = 'accepted' AND w.counts),"
    " a.type = 'person' AND EXISTS (SELECT 1 FROM memberships m WHERE m.author = r.author AND m.active)"
    " FROM responses r JOIN authors a ON a.n = r.author"
    " JOIN revisions v ON v.response = r.n AND v.revision = r.head"
    f" WHERE r.item = :item AND +r.project = :project AND r.state = 'submitted' AND r.excluded IS NULL AND NOT r.surplus AND {COUNTS}"
    " ORDER BY r.at, r.n"
)
_REVIEW = (
    "SELECT w.id, i.id, w.stage, r.id, w.revision, a.id, a.name, a.type, b.id, b.name, b.type, w.verdict, w.defects, w.note,"
    " f.id, w.fix_revision, w.probability, w.counts, w.at, w.n, w.author, w.reviewer FROM reviews w"
    " JOIN items i ON i.n = w.item AND i.deleted_at IS NULL JOIN responses r ON r.n = w.response"
    " JOIN authors a ON a.n = w.author JOIN authors b ON b.n = w.reviewer LEFT JOIN responses f ON f.n = w.fix"
)


class Standing(NamedTuple):
    """An answer that stands and holds a place."""

    id: str
    n: int
    revision: int
    author: int
    person: Person
    schema: int
    annotations: str
    covers: str
    at: str
    active_ms: int
    accepted: bool
    """A reviewer accepted this very revision."""
    may_work: bool
    """Its author is a person who can still work here."""


def standing(tx: Tx, project: int, item: int) -> dict[str, Standing]:
    """The answers to an item that a reviewer judges, by their ids; the first given first."""
    rows = tx.run(_STANDING, item=item, project=project)
    return {row[0]: _standing(row) for row in rows}


def review_task(tx: Tx, actor: Actor, assignment: str) -> ReviewTask:
    """What somebody who has claimed a review looks at; the authors stay unnamed where the stage is blind."""
    found = tx.run("SELECT project, item, stage, author FROM assignments WHERE id = :id", id=assignment)
    if not found:
        raise missing("assignment", assignment)
    project, item, stage, author = found[0]
    scope = enter_by_key(tx, actor, "review", project=project, what="assignment", shown=assignment)
    if author != scope.author:
        raise missing("assignment", assignment)
    rules = rules_of(tx, project)
    policy = rules.policy.stages.get(stage)
    is_blind = policy is None or policy.blind
    do: Literal["review", "adjudicate"] = "adjudicate" if policy and policy.do == "adjudicate" else "review"
    item_id = tx.run("SELECT id FROM items WHERE n = :item", item=item)[0][0]
    merged = tx.run("SELECT field, annotations, score, tie FROM consensus WHERE item = :item ORDER BY field", item=item)
    consensus = {
        field: {"annotations": msgspec.Raw(annotations.encode()), "score": score, "tie": bool(tie)}
        for field, annotations, score, tie in merged
    }
    return ReviewTask(
        item=item_id,
        stage=stage,
        do=do,
        answers=tuple(
            ToReview(
                response=one.id,
                revision=one.revision,
                author=None if is_blind else one.person,
                schema=one.schema,
                annotations=msgspec.Raw(one.annotations.encode()),
                covers=msgspec.Raw(one.covers.encode()),
                at=one.at,
                active_ms=one.active_ms,
                accepted=one.accepted,
            )
            for one in standing(tx, project, item).values()
        ),
        earlier=tuple(
            _review(row, rules.policy.defect_list, is_blind=is_blind)
            for row in tx.run(f"{_REVIEW} WHERE w.item = :item ORDER BY w.at, w.n", item=item)
        ),
        consensus=msgspec.Raw(msgspec.json.encode(consensus)) if merged else None,
        defects=dict(rules.policy.defect_list),
    )


def waiting(tx: Tx, actor: Actor, project: str) -> Waiting:
    """How many items wait at each stage where answers are judged."""
    scope = enter_project(tx, actor, "review", project=project)
    stages = rules_of(tx, scope.project).policy.stages
    found = _waiting(tx, scope.project)
    today = tx.run(
        "SELECT count(DISTINCT assignment) FROM reviews WHERE project = :project AND reviewer = :author AND at >= :day",
        project=scope.project,
        author=scope.author,
        day=tx.now()[:10],
    )[0][0]
    each = tuple(
        StageWaiting(stage=name, do="adjudicate" if stages[name].do == "adjudicate" else "review", items=items)
        for name, items in found.items()
    )
    return Waiting(items=sum(found.values()), today=today, stages=each)


def to_review(tx: Tx, actor: Actor) -> list[ToReviewHere]:
    """The active projects in which items wait for the actor to judge them, the newest project first."""
    rows = tx.run(
        "SELECT p.n, p.id, p.title, p.workspace FROM memberships m"
        " JOIN projects p ON p.workspace = m.workspace AND p.state = 'active'"
        " WHERE m.login = :login AND m.active AND m.role <> 'annotator' ORDER BY p.n DESC",
        login=actor.login,
    )
    found = []
    for n, id_, title, workspace in rows:
        if actor.token_workspace in (None, workspace) and (items := sum(_waiting(tx, n).values())):
            found.append(ToReviewHere(id_, title, items))
    return found


def _waiting(tx: Tx, project: int) -> dict[str, int]:
    """How many items nobody has claimed, by the stage where answers are judged."""
    return {
        name: tx.run(
            "SELECT count(*) FROM queue WHERE project = :project AND stage = :stage", project=project, stage=name
        )[0][0]
        for name, stage in rules_of(tx, project).policy.stages.items()
        if stage.do in JUDGED
    }


def of_item(tx: Tx, actor: Actor, item: str) -> list[Review]:
    """Every verdict on an item's answers, the oldest first."""
    scope, n = enter_item(tx, actor, "responses.see", item=item)
    rows = tx.run(
        f"{_REVIEW} WHERE w.item = :item AND w.project = :project ORDER BY w.at, w.n", item=n, project=scope.project
    )
    known = rules_of(tx, scope.project).policy.defect_list
    return [_review(row, known, is_blind=False) for row in rows]


def of_project(tx: Tx, actor: Actor, project: str, *, limit: int, after: tuple[str, int] | None) -> Page[Review]:
    """The verdicts of a project, the newest first."""
    return _listed(tx, enter_project(tx, actor, "responses.see", project=project), "", limit=limit, after=after)


def on_mine(tx: Tx, actor: Actor, project: str, *, limit: int, after: tuple[str, int] | None) -> Page[Review]:
    """The verdicts on the actor's own answers, the newest first, without who gave them or by what chance."""
    scope = enter_project(tx, actor, "work.see", project=project)
    only = f" AND w.author = :author{_told(tx, scope)}"
    return _listed(tx, scope, only, limit=limit, after=after, author=scope.author)


def on_my_item(tx: Tx, actor: Actor, item: str) -> list[Review]:
    """The verdicts on the actor's own answer to an item, the oldest first, without who gave them or by what chance."""
    scope, n = enter_item(tx, actor, "work.see", item=item)
    rows = tx.run(
        f"{_REVIEW} WHERE w.item = :item AND w.project = :project AND w.author = :author{_told(tx, scope)} ORDER BY w.at, w.n",
        item=n,
        project=scope.project,
        author=scope.author,
    )
    known = rules_of(tx, scope.project).policy.defect_list
    return [_review(row, known, is_blind=False, is_own=True) for row in rows]


def _told(tx: Tx, scope: Scope) -> str:
    """Which verdicts people are told of, as a further condition in SQL. Where there is hidden gold, nobody is told what was
    accepted: where every answer is reviewed, those without a verdict would be the answers to gold."""
    hidden = tx.run("SELECT 1 FROM gold WHERE project = :project AND use = 'hidden' LIMIT 1", project=scope.project)
    return " AND w.verdict <> 'accepted'" if hidden else ""


def sent_back(tx: Tx, actor: Actor) -> list[SentBack]:
    """The items that wait for the actor to do them again, in all active projects; what ends first comes first."""
    only = "" if actor.token_workspace is None else " AND p.workspace = :workspace"
    rows = tx.run(
        "SELECT a.why, p.id, p.title, i.id, a.until FROM memberships m JOIN assignments a ON a.author = m.author"
        " JOIN projects p ON p.n = a.project AND p.workspace = m.workspace AND p.state = 'active'"
        " JOIN items i ON i.n = a.item AND i.deleted_at IS NULL"
        f" WHERE m.login = :login AND m.active AND a.state = 'claimed'{only}"
        " ORDER BY a.until, a.id LIMIT 1000",
        login=actor.login,
        **({} if actor.token_workspace is None else {"workspace": actor.token_workspace}),
    )
    return [SentBack(*row[1:]) for row in rows if is_sent_back(row[0])]


def _listed(
    tx: Tx, scope: Scope, only: str, *, limit: int, after: tuple[str, int] | None, **values: object
) -> Page[Review]:
    behind = "" if after is None else " AND (w.at, w.n) < (:at, :n)"
    rows = tx.run(
        f"{_REVIEW} WHERE w.project = :project{only}{behind} ORDER BY w.at DESC, w.n DESC LIMIT :limit",
        project=scope.project,
        limit=limit + 1,
        **({} if after is None else {"at": after[0], "n": after[1]}),
        **values,
    )
    places = {row[0]: (row[18], row[19]) for row in rows}
    known = rules_of(tx, scope.project).policy.defect_list
    found = [_review(row, known, is_blind=False, is_own=bool(only)) for row in rows]
    return page(found, limit, lambda one: places[one.id])


def _standing(row: Row) -> Standing:
    id_, n, revision, author, person, name, type_, schema, annotations, covers, at, active_ms, accepted, may_work = row
    return Standing(
        id=id_,
        n=n,
        revision=revision,
        author=author,
        person=Person(person, name, type_),
        schema=schema,
        annotations=annotations,
        covers=covers,
        at=at,
        active_ms=active_ms,
        accepted=bool(accepted),
        may_work=bool(may_work),
    )


def _review(row: Row, known: Mapping[str, DefectKind], *, is_blind: bool, is_own: bool = False) -> Review:
    defects = _DEFECTS.decode(row[12])
    return Review(
        id=row[0],
        item=row[1],
        stage=row[2],
        response=row[3],
        revision=row[4],
        author=None if is_blind else Person(*row[5:8]),
        reviewer=None if is_blind or is_own else Person(*row[8:11]),
        verdict=row[11],
        defects=defects,
        titles={one.code: known[one.code].title for one in defects if one.code in known},
        note=row[13],
        fix=None if row[14] is None else Base(row[14], row[15]),
        probability=1.0 if is_own else row[16],
        counts=bool(row[17]),
        at=row[18],
    )
