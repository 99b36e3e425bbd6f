"""Elements of a file that refer to one another in any order, put on disk so that each can be found by what it belongs to."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

BATCH = 2000


class Owner(NamedTuple):
    """An element that others refer to."""

    identity: str
    line: int
    raw: bytes
    repeated: bool
    """An earlier one has the same id."""


class Spool:
    """Owners in the order they came, and the things that belong to each; memory does not grow with either."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self.database = database
        self.owners: list[tuple[str, str, int, bytes]] = []
        self.things: list[tuple[str, int, bytes]] = []
        for statement in (
            "PRAGMA journal_mode=OFF",
            "PRAGMA synchronous=OFF",
            "PRAGMA cache_size=-16000",
            "BEGIN",
            "CREATE TABLE owners (number INTEGER PRIMARY KEY, id TEXT, key TEXT, line INTEGER, raw BLOB)",
            "CREATE TABLE things (number INTEGER PRIMARY KEY, owner TEXT, line INTEGER, raw BLOB)",
        ):
            database.execute(statement)

    def add_owner(self, identity: str, key: str, line: int, raw: bytes) -> None:
        """One element that others refer to by its id; those with one key are about the same thing."""
        self.owners.append((identity, key, line, raw))
        if len(self.owners) >= BATCH:
            self._flush()

    def add_thing(self, owner: str, line: int, raw: bytes) -> None:
        """One element that refers to another."""
        self.things.append((owner, line, raw))
        if len(self.things) >= BATCH:
            self._flush()

    def index(self) -> None:
        """Make everything findable, once all of it is in."""
        self._flush()
        self.database.execute("CREATE INDEX by_owner ON things (owner, number)")
        self.database.execute("CREATE INDEX by_id ON owners (id, number)")
        self.database.execute("CREATE INDEX by_key ON owners (key, number)")

    def groups(self) -> Iterator[list[Owner]]:
        """Owners of one key together, in the order of their first ones."""
        firsts = self.database.execute(
            "SELECT key FROM owners WHERE NOT EXISTS"
            " (SELECT 1 FROM owners AS o WHERE o.key = owners.key AND o.number < owners.number) ORDER BY number"
        )
        for (key,) in firsts:
            yield [
                Owner(identity, line, raw, bool(repeated))
                for identity, line, raw, repeated in self.database.execute(
                    "SELECT id, line, raw, EXISTS (SELECT 1 FROM owners AS o WHERE o.id = owners.id AND o.number < owners.number)"
                    " FROM owners WHERE key = ? ORDER BY number",
                    (key,),
                )
            ]

    def things_of(self, owner: str) -> list[tuple[int, bytes]]:
        """Line and bytes of what belongs to an owner, in order."""
        return list(self.database.execute("SELECT line, raw FROM things WHERE owner = ? ORDER BY number", (owner,)))

    def strays(self) -> Iterator[tuple[str, int, bytes]]:
        """Owner, line and bytes of what refers to no owner."""
        yield from self.database.execute(
            "SELECT owner, line, raw FROM things WHERE NOT EXISTS (SELECT 1 FROM owners WHERE owners.id = things.owner) ORDER BY number"
        )

    def _flush(self) -> None:
        self.database.executemany("INSERT INTO owners (id, key, line, raw) VALUES (?, ?, ?, ?)", self.owners)
        self.database.executemany("INSERT INTO things (owner, line, raw) VALUES (?, ?, ?)", self.things)
        self.owners, self.things = [], []


@contextmanager
def spool(scratch: Path | None) -> Iterator[Spool]:
    """A spool in a temporary folder, gone when it is left."""
    with (
        TemporaryDirectory(dir=scratch, prefix="karat-") as folder,
        closing(sqlite3.connect(Path(folder) / "spool", isolation_level=None)) as database,
    ):
        yield Spool(database)
