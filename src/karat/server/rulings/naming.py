"""Naming people in messages: who may be named, and what is left of a name for those who are not told names.

A message names somebody by `@{id of the author}` in its text. Only reviewers and above name people, and only such who may
read the thread: other reviewers, whoever is in the thread already, and whoever has answered the item, for whom the thread
cannot be a hint any more. Annotators read `@{me}` or `@{someone}` in the place of an id.
"""

import re
from collections.abc import Sequence

from karat.model.problem import Problem, Refused, shown
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.items.schemas import Person

TOKEN = re.compile(r"@\{([0-9a-f-]{36})\}")
MOST_NAMED = 20
MOST_PEOPLE = 1_000
_READERS = (
    "SELECT a.n, a.id, a.name, a.type FROM memberships m JOIN authors a ON a.n = m.author WHERE m.workspace = :workspace"
    " AND m.active AND (m.role <> 'annotator'"
    " OR EXISTS (SELECT 1 FROM thread_people o WHERE o.thread = :thread AND o.author = m.author)"
    " OR EXISTS (SELECT 1 FROM responses r WHERE r.item = :item AND r.author = m.author AND r.state <> 'withdrawn'))"
)


def people_to_name(tx: Tx, scope: Scope, *, thread: int | None, item: int | None) -> list[Person]:
    """Whom one may name in a thread, or in a new one on an item; for annotators nobody."""
    if not scope.has("responses.see"):
        return []
    rows = tx.run(
        f"{_READERS} AND m.author <> :me ORDER BY a.name, a.id LIMIT {MOST_PEOPLE}",
        workspace=scope.workspace,
        thread=thread,
        item=item,
        me=scope.author,
    )
    return [Person(*row[1:]) for row in rows]


def named(tx: Tx, scope: Scope, ids: Sequence[str], *, thread: int | None, item: int) -> list[int]:
    """The keys of those who are named. Annotators name nobody: they are not told who else is here."""
    if not ids:
        return []
    if not scope.has("responses.see") or len(ids) > MOST_NAMED:
        expected = f"at most {MOST_NAMED}" if scope.has("responses.see") else "nobody"
        raise Refused([Problem("mentions", shown(list(ids)), expected, "Ask without naming anybody; experts read it.")])
    found: list[int] = []
    for id_ in dict.fromkeys(ids):
        rows = tx.run(f"{_READERS} AND a.id = :id", workspace=scope.workspace, thread=thread, item=item, id=id_)
        if not rows:
            do = "Choose a person again: an annotator who has not answered the item would learn what others say of it."
            raise Refused([Problem("mentions", shown(id_), "somebody who may read the thread", do)])
        found.append(rows[0][0])
    return found


def without_names(text: str, own: str | None = None) -> str:
    """A message as it is told to somebody who learns no names; `own` is their id as an author.

    >>> ann, bob = "0199d7c4-8a51-7d3e-9f67-2f6b1c0e4a11", "0199d7c4-8a51-7d3e-9f67-2f6b1c0e4a12"
    >>> without_names(f"@{{{ann}}}, ask @{{{bob}}}", ann)
    '@{me}, ask @{someone}'
    """
    return TOKEN.sub(lambda found: "@{me}" if found[1] == own else "@{someone}", text)


def said_plainly(text: str) -> str:
    """Words that everybody reads, such as a ruling, without anybody's name in them.

    >>> said_plainly("@{0199d7c4-8a51-7d3e-9f67-2f6b1c0e4a11} is this a bus?")
    'is this a bus?'
    """
    return re.sub(r"[ \t]{2,}", " ", TOKEN.sub("", text)).strip()
