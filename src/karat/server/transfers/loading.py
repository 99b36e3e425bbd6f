"""Storing one chunk of an import: the action behind every step of the job. Repeating it adds nothing."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from karat.formats.base import Loss
from karat.model.kind import Facts
from karat.model.problem import Problem
from karat.server.access import Scope
from karat.server.database import Tx
from karat.server.item_ids import mask_of, numbers
from karat.server.labeling.actions.fill import enqueue
from karat.server.media.sniff import IMAGES
from karat.server.search.index import Said, index_items, index_many_answers
from karat.server.tell import tell
from karat.server.transfers import statements
from karat.server.transfers.authors import Known, author_numbers, members_own
from karat.server.transfers.chunks import Chunk, MediaFile, NewItem, NewResponse, Rejected

_Raw = msgspec.Raw
_facts = msgspec.json.Decoder(Facts)
_parts = msgspec.json.Decoder(tuple[int, str, bool, str, str, int, _Raw, _Raw, _Raw, str | None, _Raw]).decode


class Target(msgspec.Struct, frozen=True):
    """Where an import goes."""

    project: str
    schema_version: int
    update: bool
    is_large: Callable[[Facts], bool] = lambda _facts: False
    """Whether a picture is shown in tiles."""


class Added(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a chunk came to; kept with its step and summed up at the end."""

    outputs: int
    rows: int
    items_added: int = 0
    items_skipped: int = 0
    items_updated: int = 0
    responses_added: int = 0
    responses_skipped: int = 0
    responses_updated: int = 0
    rejects: list[Rejected] = []
    losses: list[Loss] = []
    large: list[str] = []
    """SHA-256 of the pictures that are shown in tiles."""


class _Standing(NamedTuple):
    n: int
    hash: str
    revision: int
    id: str = ""


def add_chunk(tx: Tx, scope: Scope, target: Target, chunk: Chunk, known: Known) -> Added:
    """Add what is new, skip what is there, revise what changed if that was asked for, and refuse the rest row by row."""
    _keep_blobs(tx, scope, chunk)
    before = _standing(tx, scope.project, [item.key for item in chunk.items])
    new = [item for item in chunk.items if item.key not in before]
    changed = [item for item in chunk.items if item.key in before and before[item.key].hash != item.hash]
    rejects = [] if target.update else [_other_content(item) for item in changed]
    fresh = _insert(tx, scope, new)
    placed = fresh | {key: found.n for key, found in before.items()}
    if target.update:
        for item in changed:
            _revise(tx, scope, item, before[item.key])
    refused = {item.key for item in changed} if not target.update else set()
    responses = _Responses(tx, scope, target, known, placed, {found.n for found in before.values()})
    responses.add([(chunk.items[r.item], r) for r in chunk.responses if chunk.items[r.item].key not in refused])
    index_items(tx, scope.project, [(fresh[item.key], item.metadata, item.tags) for item in new], fresh=True)
    if target.update and changed:
        index_items(tx, scope.project, [(placed[item.key], item.metadata, item.tags) for item in changed])
    touched = responses.touched.union(fresh.values())
    enqueue(tx, scope.project, sorted(responses.touched), bare=sorted(touched - responses.touched))
    if new:
        # Last, so that on PostgreSQL the project's row is locked for the shortest time.
        tx.run("UPDATE projects SET items = items + :n WHERE n = :project", n=len(new), project=scope.project)
    if touched:
        tell(tx, scope, "items.imported", thing="project", id=target.project, items=len(new), responses=responses.added)
    return Added(
        outputs=chunk.outputs,
        rows=chunk.rows,
        items_added=len(new),
        items_skipped=len(chunk.items) - len(new) - len(changed),
        items_updated=len(changed) if target.update else 0,
        responses_added=responses.added,
        responses_skipped=responses.skipped,
        responses_updated=responses.updated,
        rejects=chunk.rejects + rejects + responses.rejects,
        losses=chunk.losses,
        large=[file.sha256 for file in chunk.media if _is_large(file, target)],
    )


def _is_large(file: MediaFile, target: Target) -> bool:
    return file.media_type in IMAGES and target.is_large(_facts.decode(file.facts))


def _keep_blobs(tx: Tx, scope: Scope, chunk: Chunk) -> None:
    for file in chunk.media:
        tx.run(
            "INSERT INTO blobs (workspace, sha256, size, media_type, facts, at) VALUES (:workspace, :sha256, :size, :type, :facts, :at)"
            # A file that is imported again is no longer old, or it might be removed as one that nobody refers to.
            " ON CONFLICT (workspace, sha256) DO UPDATE SET at = excluded.at",
            workspace=scope.workspace,
            sha256=file.sha256,
            size=file.size,
            type=file.media_type,
            facts=file.facts.decode(),
            at=tx.now(),
        )


def _standing(tx: Tx, project: int, keys: Sequence[str]) -> dict[str, _Standing]:
    if not keys:
        return {}
    rows = tx.run(statements.STANDING[tx.is_sqlite], project=project, keys=msgspec.json.encode(keys).decode())
    return {key: _Standing(n, hash_, revision, id_) for key, n, hash_, revision, id_ in rows}


def _insert(tx: Tx, scope: Scope, new: Sequence[NewItem]) -> dict[str, int]:
    """Insert new items in the order of the file and give their keys; a foreign id that is taken becomes a new one."""
    if not new:
        return {}
    taken = numbers(tx, [item.id for item in new if item.id is not None])
    ns = statements.reserve(tx, "items", len(new))
    ids = mask_of(tx).ids(ns)
    rows = [_row(n, item, id_, taken) for n, item, id_ in zip(ns, new, ids, strict=True)]
    if tx.is_sqlite:
        tx.run(statements.ITEMS, project=scope.project, at=tx.now(), rows=_joined(rows))
    else:
        rest = (scope.project, tx.now(), tx.now())
        tx.copy(statements.COPIED_ITEMS, ((*map(_cell, _parts(row)), *rest) for row in rows))
    return dict(zip([item.key for item in new], ns, strict=True))


def _cell(part: object) -> object:
    return bytes(part).decode() if isinstance(part, msgspec.Raw) else part


def _row(n: int, item: NewItem, id_: str, taken: Mapping[str, int]) -> bytes:
    if item.id is None or item.id in taken:
        return b'[%d,"%s",true,%s]' % (n, id_.encode(), item.row)
    return b'[%d,"%s",false,%s]' % (n, item.id.encode(), item.row)


def _revise(tx: Tx, scope: Scope, item: NewItem, before: _Standing) -> None:
    """Give an item its new content as another revision; answers to the old one stay where they are."""
    tx.run(statements.KEEP_REVISION[tx.is_sqlite], item=before.n, at=tx.now())
    tx.run(statements.REVISE[tx.is_sqlite], item=before.n, project=scope.project, row=_bracketed(item.row), at=tx.now())
    tell(tx, scope, "item.changed", thing="item", id=before.id, revision=before.revision + 1)


def _other_content(item: NewItem) -> Rejected:
    problem = Problem(
        "item",
        f"key {item.key!r} with other content",
        "the content that this key has",
        "Give the row a key of its own, or import with `update: true`.",
    )
    return Rejected(item.source or "", item.line, item.key, (problem,), _bracketed(item.row))


class _Responses:
    """The responses of a chunk on their way in."""

    def __init__(
        self, tx: Tx, scope: Scope, target: Target, known: Known, placed: dict[str, int], old: set[int]
    ) -> None:
        self.tx = tx
        self.scope = scope
        self.target = target
        self.known = known
        self.placed = placed
        self.old = old
        """Items that may have responses already."""
        self.added = self.skipped = self.updated = 0
        self.touched: set[int] = set()
        self.rejects: list[Rejected] = []

    def add(self, given: list[tuple[NewItem, NewResponse]]) -> None:
        """One response of an author and item: new, the same, or another revision."""
        if not given:
            return
        own = members_own(self.tx, self.scope.workspace, [response for _, response in given])
        others = {response.author for _, response in given if response.id not in own}
        authors = author_numbers(self.tx, self.scope.workspace, others, self.known)
        before = self._standing(self.old)
        new: list[tuple[int, int, NewResponse]] = []
        for item, response in given:
            at = self.placed[item.key]
            author = own.get(response.id) or authors[response.author]
            found = before.get((at, author))
            if found is None:
                new.append((at, author, response))
            elif found.hash == response.hash or response.id in own:
                self.skipped += 1
            elif self.target.update:
                self._revise(at, author, response, found)
            else:
                self.rejects.append(_other_answer(item, response))
        self._insert(new)

    def _standing(self, items: set[int]) -> dict[tuple[int, int], _Standing]:
        if not items:
            return {}
        rows = self.tx.run(
            statements.STANDING_RESPONSES[self.tx.is_sqlite], items=msgspec.json.encode(sorted(items)).decode()
        )
        return {(item, author): _Standing(n, hash_, head) for item, author, n, hash_, head in rows}

    def _insert(self, new: list[tuple[int, int, NewResponse]]) -> None:
        if not new:
            return
        tx = self.tx
        ids = msgspec.json.encode([response.id for _, _, response in new]).decode()
        taken = {id_ for (id_,) in tx.run(statements.TAKEN_RESPONSES[tx.is_sqlite], ids=ids)}
        # An id that another project has becomes one derived from it, so that what refers to it can follow.
        renamed = {id_: str(uuid.uuid5(uuid.UUID(self.target.project), id_)) for id_ in taken}
        ns = statements.reserve(tx, "responses", len(new))
        rows = [self._row(n, *entry, renamed) for n, entry in zip(ns, new, strict=True)]
        values = {
            "project": self.scope.project,
            "schema": self.target.schema_version,
            "by": self.scope.author,
            "at": tx.now(),
            "rows": _joined(rows),
        }
        tx.run(statements.RESPONSES[tx.is_sqlite], **values)
        tx.run(statements.REVISIONS[tx.is_sqlite], **values)
        found = [
            (item, author, _said(response))
            for item, author, response in new
            if response.marks or response.answers or response.state == "submitted"
        ]
        index_many_answers(tx, self.scope.project, found, fresh=True)
        self.added += len(new)
        self.touched |= {item for item, _, _ in new}

    def _row(self, n: int, item: int, author: int, response: NewResponse, renamed: dict[str, str]) -> bytes:
        row = response.row
        for old, fresh in renamed.items():
            if old.encode() in row:
                row = row.replace(b'"response":"%s"' % old.encode(), b'"response":"%s"' % fresh.encode())
        id_ = renamed.get(response.id, response.id)
        return b'[%d,"%s",%d,%d,%d,%d,"%s","%s",%s]' % (
            n, id_.encode(), item, author, response.revision, response.item_revision, response.state.encode(), response.hash.encode(), row,
        )  # fmt: skip

    def _revise(self, item: int, author: int, response: NewResponse, before: _Standing) -> None:
        tx = self.tx
        row = self._row(before.n, item, author, msgspec.structs.replace(response, revision=before.revision + 1), {})
        values = {
            "project": self.scope.project,
            "schema": self.target.schema_version,
            "by": self.scope.author,
            "at": tx.now(),
            "rows": _joined([row]),
        }
        tx.run(statements.REVISIONS[tx.is_sqlite], **values)
        tx.run(statements.MOVE_HEAD[tx.is_sqlite], rows=values["rows"], at=values["at"])
        index_many_answers(tx, self.scope.project, [(item, author, _said(response))])
        self.updated += 1
        self.touched.add(item)


def _said(response: NewResponse) -> Said:
    return Said({(field, label): n for field, label, n in response.marks}, dict(response.answers))


def _other_answer(item: NewItem, response: NewResponse) -> Rejected:
    author = response.author
    problem = Problem(
        "responses",
        f"another answer of {author.type} {author.name!r}",
        "the answer that is there",
        "Import with `update: true` to add it as a new revision, or name another author.",
    )
    return Rejected(item.source or "", item.line, item.key, (problem,), response.row.decode())


def _bracketed(row: bytes) -> str:
    return f"[{row.decode()}]"


def _joined(rows: Sequence[bytes]) -> str:
    return (b"[" + b",".join(rows) + b"]").decode()
