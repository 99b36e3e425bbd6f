"""Ids of items that lead the server to their rows, and tell nobody else anything.

An item's id is a random UUID, so that it does not show when the item was made. An index of a million random texts costs an
import as much as all else together: each new entry is written to another place. So the id of an imported item holds the
item's key `n`, masked by a secret of this installation: the row is found by its key, `masked` items stand in no index of ids,
and without the secret such an id looks like any other. Items that came with an id of their own are found by the index.

    mask_of(tx).ids([7, 8])            new ids for items with these keys
    guess(tx, id)                      the key that an id would hold; the row says whether it does
    FOUND                              SQL for the key of the item :id, given :guess
    numbers(tx, ids) -> {id: n}        the keys of many items

The secret is made with the first import, stands in `secrets` and moves with every backup.
"""

import hashlib
import os
import secrets
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from karat.server.database import Tx, named

HEAD = 24
"""Characters before the last group; what they hold is random."""
RANDOM_DIGITS = 19
NAME = "items"
AT_ONCE = 500

FOUND = (
    "(SELECT n FROM items WHERE n = :guess AND id = :id"
    " UNION ALL SELECT n FROM items WHERE id = :id AND NOT masked LIMIT 1)"
)


class Mask:
    """Makes ids of keys, and keys of ids."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def ids(self, numbers: Sequence[int]) -> list[str]:
        """An id for each key.

        >>> mask = Mask(b"secret")
        >>> ids = mask.ids([7, 8])
        >>> [mask.number(id) for id in ids], ids[0][14]
        ([7, 8], '4')
        """
        digits = os.urandom(10 * len(numbers)).hex()
        return [
            self._id(n, digits[at : at + RANDOM_DIGITS])
            for n, at in zip(numbers, range(0, len(digits), 20), strict=True)
        ]

    def number(self, id_: str) -> int:
        """The key that an id holds, or any number where it holds none."""
        try:
            return int(id_[HEAD:], 16) ^ self._pad(id_[:HEAD])
        except ValueError:
            return 0

    def _id(self, n: int, r: str) -> str:
        head = f"{r[:8]}-{r[8:12]}-4{r[12:15]}-{VARIANT[r[15]]}{r[16:19]}-"
        return f"{head}{n ^ self._pad(head):012x}"

    def _pad(self, head: str) -> int:
        return int.from_bytes(hashlib.blake2b(head.encode(), key=self._secret, digest_size=6).digest(), "big")


VARIANT = {digit: "89ab"[value % 4] for value, digit in enumerate("0123456789abcdef")}
_known: WeakKeyDictionary[sa.Engine, Mask] = WeakKeyDictionary()


def mask_of(tx: Tx) -> Mask:
    """The mask of this installation; its secret is made where there is none."""
    mask = _mask(tx)
    if mask is None:
        tx.run(
            "INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING",
            name=NAME,
            value=secrets.token_hex(32),
        )
        # Not remembered before the commit: a secret that was rolled back would mask nothing that can be found again.
        mask = Mask(_secret(tx) or b"")
    return mask


def guess(tx: Tx, id_: str) -> int:
    """The key that an id would hold; 0 where no item has been imported yet."""
    mask = _mask(tx)
    return 0 if mask is None or len(id_) != 36 else mask.number(id_)


def numbers(tx: Tx, ids: Iterable[str]) -> dict[str, int]:
    """The keys of those items that are there, of whatever project."""
    wanted = dict.fromkeys(ids)
    guesses = {n for id_ in wanted if (n := guess(tx, id_)) > 0}
    found = {id_: n for id_, n in _rows(tx, "n", guesses) if id_ in wanted}
    return found | dict(_rows(tx, "NOT masked AND id", wanted.keys() - found.keys()))


def _rows(tx: Tx, column: str, wanted: Iterable[object]) -> list[tuple[str, int]]:
    listed = list(wanted)
    found: list[tuple[str, int]] = []
    for start in range(0, len(listed), AT_ONCE):
        names, values = named(listed[start : start + AT_ONCE])
        found += [(id_, n) for id_, n in tx.run(f"SELECT id, n FROM items WHERE {column} IN ({names})", **values)]  # noqa: S608 - names of parameters only
    return found


def _mask(tx: Tx) -> Mask | None:
    mask = _known.get(tx.connection.engine)
    if mask is None and (secret := _secret(tx)) is not None:
        mask = Mask(secret)
        engine = tx.connection.engine
        if tx.writes:
            tx.after(lambda: _known.__setitem__(engine, Mask(secret)))
        else:
            _known[engine] = mask
    return mask


def _secret(tx: Tx) -> bytes | None:
    rows = tx.run("SELECT value FROM secrets WHERE name = :name", name=NAME)
    return bytes.fromhex(rows[0][0]) if rows else None
