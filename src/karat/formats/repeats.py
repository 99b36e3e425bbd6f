"""How often a value came before, in 16 to 32 bytes a value however long it is."""

import hashlib
from array import array

import msgspec

FIRST_SLOTS = 1 << 12


class Repeats:
    """Counts equal values of a file by 64 bits of a hash, in an open-addressing table.

    Two different values share a hash about once in 10^19 pairs; the second then counts as a repeat, which costs its key
    a needless `#2`.
    """

    def __init__(self) -> None:
        self.slots = array("Q", bytes(8 * FIRST_SLOTS))
        self.held = 0
        self.again: dict[int, int] = {}

    def nth(self, value: bytes | str) -> int:
        """1 for a value never given before, 2 for the second time, and so on."""
        data = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        return self.nth_hash(int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "little"))

    def nth_hash(self, number: int) -> int:
        """The same for the hash itself, or any number of at most 64 bits that is spread as well."""
        mark = number or 1
        slots = self.slots
        mask = len(slots) - 1
        at = mark & mask
        while (found := slots[at]) and found != mark:
            at = (at + 1) & mask
        if found:
            self.again[mark] = self.again.get(mark, 1) + 1
            return self.again[mark]
        slots[at] = mark
        self.held += 1
        if self.held * 2 > len(slots):
            self._grow()
        return 1

    def _grow(self) -> None:
        old = self.slots
        mask = len(old) * 2 - 1
        slots = array("Q", bytes(8 * (mask + 1)))
        for mark in old:
            if mark:
                at = mark & mask
                while slots[at]:
                    at = (at + 1) & mask
                slots[at] = mark
        self.slots = slots


def digest(value: object) -> str:
    """SHA-256 of a value as canonical JSON, in hex."""
    return hashlib.sha256(msgspec.json.encode(value, order="deterministic")).hexdigest()


def is_content_key(key: str) -> bool:
    """Whether a key is one that Karat made of an item's content, so that reading the content again makes it again."""
    digest, _, nth = key.partition("#")
    return len(digest) == 64 and all(c in "0123456789abcdef" for c in digest) and (not nth or nth.isdigit())
