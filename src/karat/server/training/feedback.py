"""What came of a practice item, annotation by annotation: what is off, and hints; never the answer.

It is told of the first revision that was handed in, and stays: whoever changes the answer and asks again learns nothing new.
"""

import msgspec

from karat.kinds import KINDS
from karat.model.response import Annotation, Response
from karat.model.schema import Field, Schema
from karat.quality.differences import Difference, differences
from karat.quality.pairing import match_blind
from karat.quality.responses import attribute_answers, is_instances
from karat.server.access import Actor, enter_item, missing
from karat.server.database import Tx
from karat.server.gold.keys import Key
from karat.server.gold.scoring import first_said_by, key_of
from karat.server.labeling.queries.versions import rules_of
from karat.server.projects.queries import schema_of
from karat.server.training.schemas import Feedback, FieldFeedback, Off

BAR = 0.9
"""From which agreement an annotation is right where the course has no test that says so."""


def feedback(tx: Tx, actor: Actor, item: str) -> Feedback:
    """What came of the actor's own first answer to a practice item; of any other item nothing is ever told."""
    scope, n = enter_item(tx, actor, "work.see", item=item)
    rows = tx.run(
        "SELECT g.response, g.revision, g.hints FROM gold g WHERE g.item = :item AND g.use = 'practice'"
        " AND EXISTS (SELECT 1 FROM assignments s WHERE s.item = g.item AND s.author = :author AND s.apart"
        " AND s.state = 'done')",
        item=n,
        author=scope.author,
    )
    answer = first_said_by(tx, scope.project, n, scope.author) if rows else None
    if answer is None:
        raise missing("item", item)
    response, revision, hints = rows[0]
    _, schema = schema_of(tx, scope.project)
    course = rules_of(tx, scope.project).policy.course
    bar = course.test.right if course is not None and course.test is not None else BAR
    told = msgspec.json.decode(hints, type=dict[str, str])
    return compared(answer, key_of(tx, scope.project, Key(response, revision)), schema, bar=bar, hints=told)


def compared(answer: Response, key: Response, schema: Schema, *, bar: float, hints: dict[str, str]) -> Feedback:
    """By field what an answer has right, from an agreement of `bar` on, and what is off; hints by field or `field.label`."""
    fields = [_field(one, answer, key, schema, bar=bar, hints=hints) for one in differences(answer, key, schema)]
    return Feedback([one.field for one in fields if one.right], fields)


def _field(
    found: Difference, answer: Response, key: Response, schema: Schema, *, bar: float, hints: dict[str, str]
) -> FieldFeedback:
    field = schema.fields[found.field]
    own = {one.id: one for one in answer.annotations if one.field == field.key}
    known = {one.id: one for one in key.annotations if one.field == field.key}
    far = 1 - bar + 1e-9
    off = [
        Off(annotation=pair.a, what="place" if is_instances(field) else "answer")
        for pair in found.pairs
        if pair.distance > far
    ]
    is_missing = False
    if is_instances(field):
        named = _renamed([own[i] for i in found.only_a], [known[i] for i in found.only_b], field)
        off += [Off(annotation=i, what="label" if i in named else "extra") for i in found.only_a]
        is_missing = len(found.only_b) > len(named)
        for pair in found.pairs:
            off += _attributes(own[pair.a], known[pair.b], field)
    else:
        off += [Off(annotation=i, what="answer") for i in found.only_a]
        is_missing = bool(found.only_b)
    if not off and not is_missing:
        return FieldFeedback(field=field.key, right=True)
    hint = hints.get(field.key, "")
    hinted = [msgspec.structs.replace(one, hint=_hint(hints, field.key, own[one.annotation])) for one in off]
    return FieldFeedback(field=field.key, right=False, hint=hint, off=hinted, missing=is_missing)


def _renamed(own: list[Annotation], known: list[Annotation], field: Field) -> set[str]:
    """Of annotations without a partner, those where the key has something else at the same place."""
    return {own[i].id for i, _, _ in match_blind(own, known, field, KINDS[field.kind]).pairs}


def _attributes(own: Annotation, known: Annotation, field: Field) -> list[Off]:
    said, wanted = attribute_answers(own, field), attribute_answers(known, field)
    return [
        Off(annotation=own.id, what="attribute", name=name)
        for name in wanted
        if name in said and not _is_like(said[name], wanted[name])
    ]


def _is_like(a: object, b: object) -> bool:
    """Whether two answers to an attribute are the same; what changes along a track is compared as a whole elsewhere."""
    if isinstance(a, dict) or isinstance(b, dict):
        return True
    return a == b


def _hint(hints: dict[str, str], field: str, own: Annotation) -> str:
    """The hint for the label that was said: one for the label that the key says would tell it."""
    return hints.get(f"{field}.{own.label}", "") if own.label is not None else ""
