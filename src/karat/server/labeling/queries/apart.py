"""Answers that stand apart from the work: to items whose answer is known. Whoever gives them must not see that."""

from karat.server.database import Tx

GOLD = '{"reason":"gold"}'
"""Why an answer that stands apart is left out of everything else."""


def is_apart(tx: Tx, item: int, author: int) -> bool:
    """Whether the item was given to the person apart from the work."""
    rows = tx.run("SELECT apart FROM assignments WHERE item = :item AND author = :author", item=item, author=author)
    return any(apart for (apart,) in rows)


def standin(tx: Tx, response: int) -> int | None:
    """The ordinary item that its author answered last before a response that stands apart: that response is final when
    this one's is. None where there is none, and nothing is final yet."""
    rows = tx.run(
        "SELECT o.item FROM responses r JOIN responses o ON o.project = r.project AND o.author = r.author AND NOT o.apart"
        " AND o.state <> 'withdrawn' AND o.at <= r.at WHERE r.n = :n ORDER BY o.at DESC, o.n DESC LIMIT 1",
        n=response,
    )
    return int(rows[0][0]) if rows else None
