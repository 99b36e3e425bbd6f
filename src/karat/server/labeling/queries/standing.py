"""How an author's answer to an item stands before they hand in the next, and why one is left out."""

from typing import NamedTuple

import msgspec

from karat.server.database import Tx

REJECTED, FIXED = "rejected", "fixed"
"""Why an answer is left out that a reviewer sent back, or said something else instead of."""


class Own(NamedTuple):
    """An author's response to an item as it stands before."""

    n: int
    id: str
    head: int
    last: int
    state: str
    excluded: bool
    surplus: bool
    at: str
    is_judged: bool = False
    """Left out by a reviewer: where its author is given the item again, their next revision takes it up again."""
    apart: bool = False
    """Given to an item whose answer is known: it is left out of everything, and its author sees nothing of that."""

    def taken_up(self) -> "Own":
        """The same without its exclusion: as if its author had taken it back."""
        return self._replace(excluded=False, is_judged=False, state="withdrawn")

    @property
    def counts(self) -> bool:
        """Whether it is an answer that stands."""
        return self.state == "submitted" and not self.excluded


def own_response(tx: Tx, item: int, author: int) -> Own | None:
    """The author's response to the item, if there is one."""
    rows = tx.run(
        "SELECT n, id, head, last, state, excluded, surplus, at, apart FROM responses WHERE item = :item AND author = :author",
        item=item,
        author=author,
    )
    if not rows:
        return None
    n, id_, head, last, state, excluded, surplus, at, apart = rows[0]
    is_judged = is_left_out_by_review(excluded)
    return Own(n, id_, head, max(head, last), state, excluded is not None, bool(surplus), at, is_judged, bool(apart))


def is_left_out_by_review(excluded: str | None) -> bool:
    """Whether an answer is left out by a reviewer's verdict, not by a manager."""
    return excluded is not None and "review" in msgspec.json.decode(excluded)
