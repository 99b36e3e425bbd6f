"""Whether a wrong answer repeats the one before: what the order of the items, or a paste, leaves in somebody's errors."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from karat.quality.annotators.repeats import FAR
from karat.quality.sums import Sums
from karat.server.database import Tx
from karat.server.team.giving import ALWAYS, Answer, Compared, Key

WRONG = 0.5
"""A choice is wrong from here downward: nearer than half is another option below the same one."""


class _One(msgspec.Struct):
    id: str
    value: object


_ones = msgspec.json.Decoder(list[_One])


def repeats(
    tx: Tx,
    project: int,
    answers: Sequence[Answer],
    compared: Sequence[Compared],
    said: Mapping[int, Mapping[str, str]],
) -> Iterator[tuple[Key, Sums]]:
    """Of each wrong choice: whether it is what the author chose just before, and of how many of five far earlier answers."""
    at = {one.author: one.at for one in answers}
    for one in compared:
        value = said.get(one.author, {}).get(one.field)
        if value is None or one.right > WRONG:
            continue
        earlier = _earlier(tx, project, one.author, at[one.author], one.field)
        if len(earlier) > max(FAR):
            far = sum(earlier[place] == value for place in FAR)
            yield (one.author, "repeated", ALWAYS), Sums.of(float(earlier[0] == value))
            yield (one.author, "repeatable", ALWAYS), Sums.of(float(far))


def _earlier(tx: Tx, project: int, author: int, at: str, field: str) -> list[object]:
    """What the author said of a field before, the latest first."""
    rows = tx.run(
        "SELECT v.annotations FROM responses r JOIN revisions v ON v.response = r.n AND v.revision = r.head"
        " WHERE r.project = :project AND r.author = :author AND r.at < :at AND r.state = 'submitted'"
        " ORDER BY r.at DESC LIMIT :limit",
        project=project,
        author=author,
        at=at,
        limit=max(FAR) + 1,
    )
    return [next((one.value for one in _ones.decode(body) if one.id == field), None) for (body,) in rows]
