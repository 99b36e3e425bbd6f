"""One answer of several by their kind's `merge`, and whether it hangs in the balance; the attributes of a merged annotation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from karat.kinds.averages import ALIKE
from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.model.schema import Field
from karat.quality.responses import attribute_answers


@dataclass(frozen=True, slots=True)
class Vote:
    """A merged value; None where most left the question open."""

    value: object | None
    tie: bool


def merged_answer(answers: Sequence[object | None], share: Sequence[float], field: Field, kind: AnyKind) -> Vote:
    """The answers' merge, or None where at least half of the weight left the question open."""
    if all(a == answers[0] for a in answers):
        return Vote(answers[0], tie=False)
    total = sum(share)
    left_open = sum(s for a, s in zip(answers, share, strict=True) if a is None) / total if total > 0 else 0.0
    if left_open >= 0.5 - ALIKE:
        return Vote(None, tie=left_open <= 0.5 + ALIKE)
    given = [(a, s) for a, s in zip(answers, share, strict=True) if a is not None]
    values, votes = [a for a, _ in given], [s for _, s in given]
    merged = kind.merge(values, votes, field)
    return Vote(merged, tie=_is_tie(merged, values, votes, field, kind))


def _is_tie(merged: object, values: Sequence[object], share: Sequence[float], field: Field, kind: AnyKind) -> bool:
    """Whether another order of the answers merges to something else: `merge` takes the first of equally good results."""
    for index in range(1, len(values)):
        turned = [*values[index:], *values[:index]]
        if values[index] != values[0] and kind.merge(turned, [*share[index:], *share[:index]], field) != merged:
            return True
    return False


def merged_attributes(
    given: Sequence[Annotation], share: Sequence[float], field: Field, kinds: Mapping[str, AnyKind]
) -> tuple[dict[str, object], bool]:
    """Each attribute by the votes of those on whom it was asked, in the order of the schema."""
    answers = [attribute_answers(a, field) for a in given]
    merged: dict[str, object] = {}
    tie = False
    for name, attribute in field.attributes_of(given[0].label).items():
        votes = [(a[name], s) for a, s in zip(answers, share, strict=True) if name in a]
        asked = sum(s for _, s in votes) / sum(share) if sum(share) > 0 else 0.0
        if not votes or asked <= 0.5:
            continue  # most gave an answer under which this is not asked
        vote = merged_answer([v for v, _ in votes], [s for _, s in votes], attribute, kinds[attribute.kind])
        tie = tie or vote.tie
        if vote.value is not None:
            merged[name] = vote.value
    return merged, tie
