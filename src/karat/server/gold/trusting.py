"""Whether a wrong suggestion on a gold item was handed in as it was: what came of planted ones, and of the model's own."""

from collections.abc import Mapping, Sequence

import msgspec

from karat.model.response import Response
from karat.model.schema import Schema
from karat.quality.differences import Difference, differences
from karat.server.database import Tx

NEAR = 1e-9


def settle(
    tx: Tx, item: int, author: int, schema: Schema, *, answer: Response, key: Response, suggested: Response | None
) -> bool:
    """Write down what became of what somebody was suggested on a gold item; whether it was planted."""
    rows = tx.run("SELECT planted FROM plants WHERE item = :item AND author = :author", item=item, author=author)
    if not rows:
        return False
    planted = None if rows[0][0] is None else msgspec.json.decode(rows[0][0], type=dict[str, dict[str, str]])
    if planted is not None:
        wrong, taken = True, _holds(answer, planted)
    elif suggested is None:
        return False
    else:
        fields = [one.field for one in differences(suggested, key, schema) if one.distance > NEAR]
        wrong = bool(fields)
        taken = wrong and _same(differences(answer, suggested, schema), fields)
    tx.put(
        "UPDATE plants SET wrong = :wrong, taken = :taken WHERE item = :item AND author = :author",
        wrong=wrong,
        taken=taken,
        item=item,
        author=author,
    )
    return planted is not None


def _holds(answer: Response, planted: Mapping[str, Mapping[str, str]]) -> bool:
    """Whether all that was planted stands in the answer, as a copy of the suggestion's annotation."""
    for id_, change in planted.items():
        own = [
            one
            for one in answer.annotations
            if one.id == id_ or (one.origin is not None and one.origin.annotation == id_)
        ]
        if not any(all(getattr(one, name) == said for name, said in change.items()) for one in own):
            return False
    return True


def _same(apart: Sequence[Difference], fields: Sequence[str]) -> bool:
    near = {one.field: one.distance for one in apart}
    return all(near.get(field, 1.0) <= NEAR for field in fields)
