"""A record of a file as the rows that the database takes: checked, with ids, hashes and what search looks for."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from karat.formats.base import LossCounter, Record, Reject, Source, reject
from karat.formats.sources import READ_ERRORS, is_safe
from karat.kinds.checking import check_response
from karat.kinds.parts import open_parts
from karat.model import strings
from karat.model.contents import content_of
from karat.model.dialogue import Unreadable
from karat.model.item import Item, Ref, Stream, content_hash
from karat.model.kind import Facts
from karat.model.parsing import join
from karat.model.problem import Problem, shown
from karat.model.response import Response
from karat.model.schema import Schema
from karat.model.texts import settled
from karat.server.media.places import Places, scheme_of
from karat.server.media.sniff import DOCUMENTS, IMAGES
from karat.server.media.studio import Studio
from karat.server.search.index import said
from karat.server.transfers.chunks import MediaFile, NewAuthor, NewItem, NewResponse
from karat.server.transfers.paging import bundle, keep_layer
from karat.server.transfers.spooling import LARGEST_FILE, Spooled, spool

MAX_KEY = 1000
MAX_TEXT = 64 << 20
MAX_METADATA = 1000
encode = msgspec.json.encode


class Prepared(NamedTuple):
    """A record that can be stored."""

    item: NewItem
    responses: list[NewResponse]
    media: list[MediaFile]


class Bad(NamedTuple):
    """A record that cannot."""

    reject: Reject


class Preparer:
    """Prepares the records of one source."""

    def __init__(
        self,
        schema: Schema,
        project: str,
        source: Source,
        places: Places,
        studio: Studio,
        losses: LossCounter,
        scratch: Path,
    ) -> None:
        self.schema = schema
        self.space = uuid.UUID(project)
        self.source = source
        self.places = places
        self.studio = studio
        self.losses = losses
        self.scratch = scratch
        self._allowed: dict[str, Problem | None] = {}

    def prepare(self, record: Record) -> Prepared | Bad:
        """The rows of a record, or what is wrong with it: a record is taken whole or not at all."""
        problems: list[Problem] = []
        media: list[MediaFile] = []
        item = record.item
        try:
            item = self._item(item, problems, media)
            responses = [] if problems else self._responses(record, item, problems)
            new = None if problems else self._new_item(item, record, media)
        except UnicodeEncodeError:
            new = None
        if new is None or strings.has_nul(new.row):
            problems += strings.problems_of(_plain(record), "")
            for file in media:
                if file.spooled:
                    Path(file.path).unlink(missing_ok=True)
            return Bad(
                reject(
                    record.source or "",
                    problems,
                    line=record.line,
                    key=item.key or None,
                    raw=_raw(record),
                    rows=record.rows,
                )
            )
        return Prepared(new, responses, media)

    def _item(self, item: Item, problems: list[Problem], media: list[MediaFile]) -> Item:
        if not item.key or len(item.key) > MAX_KEY:
            problems.append(
                Problem("item.key", shown(item.key), f"1 to {MAX_KEY} characters", "Give each item a shorter key.")
            )
        if len(item.metadata) > MAX_METADATA:
            problems.append(
                Problem(
                    "item.metadata", f"{len(item.metadata)} keys", f"at most {MAX_METADATA}", "Keep what you slice by."
                )
            )
        streams = {name: self._stream(name, stream, problems, media) for name, stream in item.streams.items()}
        for spec in self.schema.streams.values():
            if not spec.optional and spec.key not in streams:
                problems.append(
                    Problem(
                        f"item.streams.{spec.key}",
                        "null",
                        f"a stream of kind {spec.kind}",
                        "Give every item this stream, or make it optional in the schema.",
                    )
                )
        return replace(item, streams=streams)

    def _stream(self, name: str, stream: Stream, problems: list[Problem], media: list[MediaFile]) -> Stream:
        path = f"item.streams.{name}"
        spec = self.schema.streams.get(name)
        if spec is None:
            problems.append(
                Problem(
                    path,
                    shown(name),
                    f"one of {', '.join(self.schema.streams)}",
                    "Name a stream of the project's schema.",
                )
            )
            return stream
        if spec.kind != stream.kind:
            problems.append(Problem(f"{path}.kind", stream.kind, spec.kind, "Map the right column to this stream."))
            return stream
        ref = stream.ref
        if sum(part is not None for part in (ref.blob, ref.uri, ref.inline)) != 1:
            problems.append(
                Problem(
                    f"{path}.ref", shown(ref), "exactly one of blob, uri, inline", "Say where the content is, once."
                )
            )
            return stream
        if ref.inline is not None and stream.kind == "document":
            return self._pages(stream, ref.inline, path, problems, media)
        if ref.inline is not None:
            return self._inline(stream, ref.inline, path, problems)
        if ref.uri is not None:
            return self._by_uri(stream, ref.uri, path, problems, media)
        return self._by_blob(stream, path, problems, media)

    def _inline(self, stream: Stream, given: str, path: str, problems: list[Problem]) -> Stream:
        if len(given) > MAX_TEXT:
            problems.append(Problem(path, f"{len(given)} characters", f"at most {MAX_TEXT}", "Split the text."))
            return stream
        content = content_of(stream.kind)
        try:
            if stream.markup is not None:
                return settled(stream)
            text = content.read(given)
        except Unreadable as error:
            problems += [replace(problem, path=join(path, problem.path)) for problem in error.problems]
            return stream
        known = content.facts(text)
        facts = replace(stream.facts, length=known.length, turns=known.turns, parts=known.parts, each=known.each)
        return stream if text == given and facts == stream.facts else replace(stream, ref=Ref(inline=text), facts=facts)

    def _by_blob(self, stream: Stream, path: str, problems: list[Problem], media: list[MediaFile]) -> Stream:
        """A lossless export names its media by hash, and brings them as files of that name where it has them."""
        digest = stream.ref.blob or ""
        name = f"media/{digest}"
        if len(digest) != 64 or not digest.isalnum() or not self.source.has(name):
            problems.append(
                Problem(
                    path,
                    shown(digest),
                    "a file of this export",
                    "Export with `media: true`, or upload the files together with their list.",
                )
            )
            return stream
        found = self._file(stream, name, path, problems, media)
        if found.ref.blob != digest and not problems:
            problems.append(
                Problem(
                    path, shown(found.ref.blob), digest, "The file is not the one that was exported; copy it again."
                )
            )
        return replace(found, name=stream.name)

    def _by_uri(self, stream: Stream, uri: str, path: str, problems: list[Problem], media: list[MediaFile]) -> Stream:
        if scheme_of(uri) or uri.startswith("/"):
            problem = self._place(uri)
            if problem is not None:
                problems.append(replace(problem, path=path))
            return stream
        if is_safe(uri) and self.source.has(uri):
            return self._file(stream, uri, path, problems, media)
        if stream.facts.width and stream.facts.height:
            self.losses.add(
                "content of an image",
                becomes="an item whose picture is missing",
                remedy="Upload the images together with the file that lists them.",
            )
            return stream
        problems.append(
            Problem(
                path,
                shown(uri),
                "a file of this upload, or an address",
                "Upload the files together with the list of them; names are relative to it.",
            )
        )
        return stream

    def _place(self, uri: str) -> Problem | None:
        """Whether an address may be read; remembered for its folder, since a list of 100,000 images has few."""
        folder = uri.rsplit("/", 1)[0]
        if folder not in self._allowed or ".." in uri:
            if len(self._allowed) > 10_000:
                self._allowed.clear()
            self._allowed[folder] = self.places.problem_of(uri)
        return self._allowed[folder]

    def _file(self, stream: Stream, name: str, path: str, problems: list[Problem], media: list[MediaFile]) -> Stream:
        """A file of the source, looked into and on its way to the blob store."""
        size = self.source.size(name)
        if size is not None and size > LARGEST_FILE:
            problems.append(Problem(path, f"{size} bytes", f"at most {LARGEST_FILE}", "Make the file smaller."))
            return stream
        try:
            at = spool(self.source, name, self.scratch)
        except READ_ERRORS as error:
            problems.append(
                Problem(path, shown(str(error)), "a file that can be read to its end", "Copy or pack the file again.")
            )
            return stream
        return self._looked_at(stream, at, name, path, problems, media)

    def _pages(self, stream: Stream, given: str, path: str, problems: list[Problem], media: list[MediaFile]) -> Stream:
        """Page images with their words, as one file."""
        at = bundle(given, self.source, self.scratch, path, problems)
        return stream if at is None else self._looked_at(stream, at, "pages", path, problems, media)

    def _looked_at(
        self, stream: Stream, at: Spooled, name: str, path: str, problems: list[Problem], media: list[MediaFile]
    ) -> Stream:
        looked = self.studio.look_at(at.path)
        if isinstance(looked, Problem):
            problems.append(replace(looked, path=path))
        elif stream.kind == "image" and looked.media_type not in IMAGES:
            problems.append(Problem(path, looked.media_type, f"one of {', '.join(IMAGES)}", "Convert the picture."))
        elif stream.kind == "document" and looked.media_type not in DOCUMENTS:
            problems.append(
                Problem(path, looked.media_type, "a PDF, or pages with their words", "Give pictures as `pages`.")
            )
        if problems or isinstance(looked, Problem):
            at.drop()
            return stream
        if looked.layer:
            looked, layer = keep_layer(looked, stream.facts.layer, self.source, self.scratch)
            media.append(layer)
        facts = replace(looked.facts, sha256=at.sha256)
        media.append(MediaFile(at.sha256, at.size, looked.media_type, encode(facts), str(at.path), at.spooled))
        return Stream(stream.kind, Ref(blob=at.sha256), facts, stream.name or name)

    def _responses(self, record: Record, item: Item, problems: list[Problem]) -> list[NewResponse]:
        facts = {name: stream.facts for name, stream in item.streams.items()}
        found: list[NewResponse] = []
        authors: dict[tuple[str, str, str], int] = {}
        for index, given in enumerate(record.responses):
            author = given.author
            name = (author.type, author.name, author.version or "")
            authors[name] = nth = authors.get(name, 0) + 1
            if nth > 1:
                # A response is what one author says about one item; the second is kept as another's, never dropped.
                self.losses.add(
                    "second response of one author to an item",
                    becomes=f"a response of another author, “{author.name} ({nth})”",
                    remedy="Give one answer of each author.",
                )
                author = replace(author, name=f"{author.name} ({nth})", id=None)
            response = self._response(replace(given, author=author), item, facts, f"responses[{index}]", problems)
            if response is not None:
                found.append(response)
        return found

    def _response(
        self, given: Response, item: Item, facts: Mapping[str, Facts], path: str, problems: list[Problem]
    ) -> NewResponse | None:
        response, wrong = check_response(given, self.schema, facts=facts)
        author = response.author
        if not author.name or len(author.name) > MAX_KEY:
            wrong = [
                *wrong,
                Problem("author.name", shown(author.name), f"1 to {MAX_KEY} characters", "Name the author."),
            ]
        if wrong:
            problems += [replace(problem, path=join(path, problem.path)) for problem in wrong]
            return None
        for key, missing in open_parts(response, self.schema, facts).items():
            self.losses.add(
                f"parts without an answer to `{key}`, which is required",
                missing,
                becomes="left open",
                remedy="Give an answer on each part, or leave the field out of `covers`.",
            )
        parts = [
            response.covers,
            response.annotations,
            response.base,
            response.skip,
            # Karat's own records say how they came about; everything else came with this import.
            response.cause if response.id else "import",
            response.active_ms,
            response.at,
            response.extra,
            response.excluded,
        ]
        row = encode(parts)[1:-1]
        if strings.has_nul(row):
            problems += strings.problems_of(msgspec.to_builtins(response), path)
            return None
        found = (
            said(self.schema, response.annotations)
            if response.state == "submitted" and response.excluded is None
            else None
        )
        new = NewAuthor(author.type, author.name, author.version or "", author.id if _is_uuid(author.id) else None)
        given_id = response.id if _is_uuid(response.id) else None
        return NewResponse(
            0,
            given_id
            or str(uuid.uuid5(self.space, "\n".join((item.key, author.type, author.name, author.version or "")))),
            given_id is not None,
            new,
            max(response.revision, 1),
            max(response.item_revision, 1),
            response.state,
            hashlib.sha256(
                encode([response.state, response.covers, response.annotations, response.skip, response.excluded])
            ).hexdigest(),
            row,
            [] if found is None else [(field, label, n) for (field, label), n in found.marks.items()],
            {} if found is None else found.answers,
        )

    def _new_item(self, item: Item, record: Record, media: list[MediaFile]) -> NewItem:
        digest = content_hash(item)
        row = encode(
            [
                item.key,
                digest,
                max(item.revision, 1),
                item.streams,
                item.metadata,
                item.tags,
                item.split_group,
                item.extra,
            ]
        )[1:-1]
        return NewItem(
            item.id if _is_uuid(item.id) else None,
            item.key,
            digest,
            item.metadata,
            item.tags,
            row,
            tuple(file.sha256 for file in media),
            record.line,
            record.source,
        )


def _is_uuid(text: str | None) -> bool:
    """Whether a text is a UUID as Karat writes it."""
    if text is None or len(text) != 36:
        return False
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


def _plain(record: Record) -> object:
    return msgspec.to_builtins(record, enc_hook=repr)


def _raw(record: Record) -> str:
    """A record as JSON, whatever is in it."""
    return json.dumps(_plain(record), ensure_ascii=True)
