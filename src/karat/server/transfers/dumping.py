"""The records of an export on disk, in parts that outlive the process: a run that is killed goes on after the last one.

All parts together are of one state of the database, that of the newest run. A run finds out from the events what has changed
since the one before it, reads the parts anew in which any of that lies, and keeps the others. What cannot be told item by
item, such as a new schema, makes it start over.

    items-<after>.jsonl     the records of the items behind one key, as Karat's own lines
    items-<after>.json      up to which key they go, how many they are, and the file's hash; written last
    since.json              what was asked for, and where the events stood
"""

import hashlib
import shutil
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import msgspec

from karat.formats.base import SkillLine
from karat.formats.jsonl import LineFiles, line_of
from karat.server.access import Scope
from karat.server.changed_items import Place, changed_since, place_now
from karat.server.database import Tx
from karat.server.transfers.snapshot import Snapshot, Wish

PART_ITEMS = 10_000
LINES = 1000
END = 1 << 62
"""Behind every item."""


class Since(msgspec.Struct, frozen=True):
    """What the parts are of. Parts of another wish or of other authors' names are of no use."""

    wish: str
    authors: str
    seq: int
    xid: int


class Part(msgspec.Struct, frozen=True):
    """What a part holds."""

    after: int
    until: int
    items: int
    responses: int
    annotations: int
    by_field: dict[str, int]
    sha256: str
    merged: str = ""
    """Of a consensus what tells whether it has changed, since no event says of which items."""


class Dump:
    """The parts of one export in a folder."""

    def __init__(self, tx: Tx, scope: Scope, wish: Wish, folder: Path, *, part_items: int = PART_ITEMS) -> None:
        self.tx = tx
        self.scope = scope
        self.wish = wish
        self.folder = folder
        self.part_items = part_items
        self.parts: list[Part] = []
        self.kept = 0
        """Items of parts that an earlier run has made."""
        self.skills: list[SkillLine] = []

    def make(self, told: Callable[[int], None]) -> None:
        """Read what is missing; `told` hears after each part how many items there are."""
        snapshot = Snapshot(self.tx, self.scope, self.wish)
        self.skills = snapshot.skills()
        now = _now(self.tx, self.scope, self.wish)
        old = {part.after: part for part in self._usable(now)}
        self.kept = sum(part.items for part in old.values())
        (self.folder / "since.json").write_bytes(msgspec.json.encode(now))
        after = done = 0
        while after < END:
            part = old.get(after)
            if part is None:
                part = self._read(snapshot, after, min((start for start in old if start > after), default=END))
            self.parts.append(part)
            after = part.until
            done += part.items
            told(done)

    def records(self) -> LineFiles:
        """What was read, from the disk."""
        return LineFiles([self.folder / f"items-{part.after}.jsonl" for part in self.parts])

    def _usable(self, now: Since) -> list[Part]:
        """The parts of an earlier run that are still true; the others are removed."""
        try:
            since = msgspec.json.decode((self.folder / "since.json").read_bytes(), type=Since)
        except (FileNotFoundError, msgspec.MsgspecError):
            since = None
        same = since is not None and (since.wish, since.authors) == (now.wish, now.authors)
        touched = (
            changed_since(self.tx, self.scope.project, Place(since.seq, since.xid))
            if same and since is not None
            else None
        )
        if touched is None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder.mkdir(parents=True)
            return []
        good: list[Part] = []
        for path in self.folder.glob("items-*.json"):
            part = self._whole(path)
            stale = part is None or any(part.after < n <= part.until for n in touched) or part.until == END
            if part is None or stale or part.merged != self._merged(part.after, part.until):
                path.unlink()
            else:
                good.append(part)
        return good

    def _merged(self, after: int, until: int) -> str:
        """How many results there are in a part, when the last of them was written down, and of how many answers they are."""
        if self.wish.which != "consensus":
            return ""
        rows = self.tx.run(
            "SELECT count(*), max(at), sum(n) FROM consensus WHERE project = :project AND item > :after AND item <= :until",
            project=self.scope.project,
            after=after,
            until=until,
        )
        return " ".join(str(value) for value in rows[0])

    def _whole(self, path: Path) -> Part | None:
        try:
            part = msgspec.json.decode(path.read_bytes(), type=Part)
            with path.with_suffix(".jsonl").open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except (FileNotFoundError, msgspec.MsgspecError):
            return None
        return part if part.sha256 == digest else None

    def _read(self, snapshot: Snapshot, after: int, until: int) -> Part:
        """The next part, up to one that is there already."""
        path = self.folder / f"items-{after}.jsonl"
        hashed = hashlib.sha256()
        items = responses = annotations = 0
        last = after
        by_field: dict[str, int] = {}
        lines: list[bytes] = []
        with path.open("wb") as file:

            def flush() -> None:
                data = b"".join(lines)
                lines.clear()
                hashed.update(data)
                file.write(data)

            for n, record in islice(snapshot.records(after, until), self.part_items):
                last = n
                items += 1
                responses += len(record.responses)
                for response in record.responses:
                    annotations += len(response.annotations)
                    for annotation in response.annotations:
                        by_field[annotation.field] = by_field.get(annotation.field, 0) + 1
                # Only bytes are held back: records kept for long would make the garbage collector the slowest part of this.
                lines.append(line_of(record))
                if len(lines) >= LINES:
                    flush()
            flush()
        whole = items < self.part_items
        upto = until if whole else last
        part = Part(after, upto, items, responses, annotations, by_field, hashed.hexdigest(), self._merged(after, upto))
        (self.folder / f"items-{after}.json.new").write_bytes(msgspec.json.encode(part))
        (self.folder / f"items-{after}.json.new").replace(self.folder / f"items-{after}.json")
        return part


def _now(tx: Tx, scope: Scope, wish: Wish) -> Since:
    """What this run reads, and up to which event."""
    place = place_now(tx)
    names = tx.run("SELECT n, id, type, name, version FROM authors WHERE workspace = :w ORDER BY n", w=scope.workspace)
    digest = hashlib.sha256(msgspec.json.encode([tuple(row) for row in names])).hexdigest()
    return Since(msgspec.json.encode(wish, order="deterministic").decode(), digest, place.seq, place.xid)
