"""Label Studio tasks as records: data keys as streams and metadata, annotations and predictions as responses."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import cast
from urllib.parse import parse_qs, urlsplit

import msgspec

from karat.formats.base import ReadContext, Record, Reject, Source, reject
from karat.formats.cells import is_empty
from karat.formats.finding import Finder
from karat.formats.jsonstream import Part
from karat.formats.label_studio_plan import KARAT_KEY, Survey
from karat.formats.label_studio_results import KEPT, Results
from karat.formats.propose import key_of
from karat.formats.repeats import Repeats
from karat.formats.rows import LARGEST
from karat.model.ids import stamp
from karat.model.item import Item, Ref, Scalar, Stream, content_key
from karat.model.kind import Facts
from karat.model.problem import Problem, shown
from karat.model.response import Author, Covers, Response, Skip
from karat.model.schema import Schema, StreamSpec

UPLOADED = re.compile(r"^[0-9a-f]{8}-")
ANSWERS = ("annotations", "completions")
LONGEST_TIME_S = 10 * 365 * 86400
TURN = ("author", "speaker", "role")


class Tasks:
    """Makes records of the tasks of one file after another."""

    def __init__(self, source: Source, schema: Schema, context: ReadContext) -> None:
        self.schema = schema
        self.context = context
        self.finder = Finder(source)
        self.results = Results(schema, context.mapping, context.kinds, context.losses)
        self.repeats = Repeats()
        self.author = Author(type="import", name=context.default_author)
        self.name = ""
        self.covers: Covers = {}
        self.keys: dict[str, tuple[str, str]] = {}
        """Stream to its data key and the tag of its object."""

    def enter(self, name: str, survey: Survey, covered: Mapping[str, None]) -> None:
        """Begin a file."""
        self.name = name
        self.covers = dict.fromkeys(covered)
        self.keys = {}
        mapped = self.context.mapping.streams if self.context.mapping else {}
        tags = {key: tag for tag, key in survey.config.objects.values()}
        known = {**survey.strings, **survey.pictures, **survey.others}
        for stream in self.schema.streams.values():
            found = mapped.get(stream.key) or next(
                (k for k in known if k == stream.key or key_of(k) == stream.key), None
            )
            found = found or self._likely(stream, survey)
            if found is not None:
                self.keys[stream.key] = (found, tags.get(found, ""))

    def read(self, task: dict[str, object], part: Part) -> Iterator[Record | Reject]:
        """One task; rejects of single results come before it."""
        data = task.get("data")
        if not isinstance(data, dict):
            problem = Problem(
                "data", shown(data), "an object with what is labeled", "Export the tasks with their data."
            )
            yield reject(self.name, [problem], line=part.line, raw=part.raw)
            return
        problems: list[Problem] = []
        extra = {
            k: v for k, v in task.items() if k not in ("data", *ANSWERS, "predictions") and v not in (None, [], {})
        }
        streams = self._streams(data, problems, extra)
        metadata = self._metadata(data, problems, extra)
        if problems:
            yield reject(self.name, problems, line=part.line, key=_key(task), raw=part.raw)
            return
        self._count(task)
        responses: list[Response] = []
        for kind in (*ANSWERS, "predictions"):
            given = task.get(kind)
            for answer in given if isinstance(given, list) else []:
                made = self._response(answer, kind, streams, part)
                if isinstance(made, Response):
                    responses.append(made)
                else:
                    extra.setdefault(kind, [])
                    cast(list[object], extra[kind]).append(answer)  # just made
                yield from self.rejects
        key = _own_key(extra) or _key(task)
        if key is None:
            key = content_key(streams, metadata)
            nth = self.repeats.nth_hash(int(key[:16], 16))
            key = key if nth == 1 else f"{key}#{nth}"
        item = Item(key=key, streams=streams, metadata=metadata, extra={"label_studio": extra} if extra else {})
        yield Record(item, tuple(responses), part.line, self.name)

    def _likely(self, stream: StreamSpec, survey: Survey) -> str | None:
        if stream.kind == "image":
            return next(iter(survey.pictures), None)
        longest = max(survey.strings, key=lambda key: survey.strings[key], default=None)
        return longest or next(iter({**survey.others, **survey.pictures}), None)

    def _streams(
        self, data: Mapping[str, object], problems: list[Problem], extra: dict[str, object]
    ) -> dict[str, Stream]:
        found: dict[str, Stream] = {}
        for stream in self.schema.streams.values():
            key, tag = self.keys.get(stream.key, (stream.key, ""))
            value = data.get(key)
            if is_empty(value):
                if not stream.optional:
                    problems.append(
                        Problem(
                            f"data.{key}",
                            shown(value),
                            f"{stream.kind} for `{stream.key}`",
                            "Fill it in, or map another key of the data.",
                        )
                    )
                continue
            if key != stream.key:
                cast(dict[str, str], extra.setdefault("names", {}))[stream.key] = key  # ours: stream to data key
            if stream.kind != "text":
                found[stream.key] = Stream(stream.kind, self._file(value if isinstance(value, str) else shown(value)))
                continue
            if not isinstance(value, str):
                cast(dict[str, object], extra.setdefault("data", {}))[key] = value  # ours: data key to what it held
            if tag not in ("", "text"):
                self.context.losses.add(f"{tag} objects", becomes="text", remedy="The content itself stays in extra.")
            text = as_text(value)
            found[stream.key] = Stream("text", Ref(inline=text), Facts(length=len(text)))
        return found

    def _file(self, address: str) -> Ref:
        """A picture by its address: a file of the source if it is there, even under the name that an upload gave it."""
        if address.startswith(("http://", "https://", "s3://", "gs://", "azure-blob://")):
            return Ref(uri=address)
        parts = urlsplit(address) if "?" in address else None
        asked = parse_qs(parts.query).get("d", [""])[0] if parts else ""
        path = asked or address
        last = path.rsplit("/", 1)[-1]
        for name in (path.lstrip("/"), last, UPLOADED.sub("", last)):
            found = self.finder.find(name, self.name) if name else None
            if found is not None:
                return Ref(uri=found)
        self.context.losses.add(
            "pictures",
            becomes="missing: the file is not in the upload",
            remedy="Upload the pictures together with the tasks.",
        )
        return Ref(uri=address)

    def _metadata(
        self, data: Mapping[str, object], problems: list[Problem], extra: dict[str, object]
    ) -> dict[str, Scalar]:
        used = {key for stream, (key, _tag) in self.keys.items() if stream in self.schema.streams}
        found: dict[str, Scalar] = {}
        for key, value in data.items():
            if key in used:
                continue
            if isinstance(value, int) and abs(value) > LARGEST:
                problems.append(
                    Problem(f"data.{key}", shown(value), "a number of at most 64 bits", "Write it as text.")
                )
            elif key and (
                isinstance(value, str | int | float)
                or (isinstance(value, list) and all(isinstance(e, str) for e in value))
            ):
                found[key] = cast(Scalar, value)  # just tested
            else:
                cast(dict[str, object], extra.setdefault("data", {}))[key] = value  # ours: data key to what it held
        return found

    def _count(self, task: Mapping[str, object]) -> None:
        drafts = task.get("drafts")
        if isinstance(drafts, list):
            self.context.losses.add("drafts", len(drafts), becomes=KEPT)

    def _response(self, answer: object, kind: str, streams: Mapping[str, Stream], part: Part) -> Response | None:
        """One annotation or prediction; predictions may be no more than their ids."""
        self.rejects: list[Reject] = []
        if not isinstance(answer, dict):
            self.context.losses.add(f"{kind} without results", becomes=KEPT)
            return None
        made = self.results.read(answer.get("result"), streams)
        self.rejects = [
            reject(self.name, [p], line=part.line, key=_key({"id": answer.get("id")}), raw=raw)
            for p, raw in made.problems
        ]
        extra = {k: v for k, v in answer.items() if k != "result"}
        if made.left:
            extra["results"] = made.left
        cancelled = answer.get("was_cancelled") is True
        answered = {a.field: None for a in made.annotations}
        return Response(
            author=self._author(answer, kind),
            annotations=tuple(made.annotations),
            covers={} if cancelled else {**self.covers, **answered},
            state="skipped" if cancelled else "submitted",
            skip=Skip("cancelled in Label Studio") if cancelled else None,
            cause="import",
            active_ms=_milliseconds(answer.get("lead_time")),
            at=_time(answer.get("updated_at")) or _time(answer.get("created_at")),
            extra={"label_studio": extra} if extra else {},
        )

    def _author(self, answer: Mapping[str, object], kind: str) -> Author:
        if kind == "predictions":
            version = answer.get("model_version")
            return Author(type="model", name=str(version) if version not in (None, "") else "model")
        by = answer.get("completed_by")
        if isinstance(by, dict):
            by = by.get("email") or by.get("username") or by.get("id")
        if isinstance(by, str | int) and not isinstance(by, bool) and by != "":
            return Author(type="person", name=str(by)[:200])
        return self.author


def as_text(value: object) -> str:
    """What a data key holds as text: turns of a dialogue as lines, other lists and objects as JSON."""
    if isinstance(value, str):
        return value
    if (
        isinstance(value, list)
        and value
        and all(isinstance(turn, dict) and isinstance(turn.get("text"), str) for turn in value)
    ):
        return "\n".join(_turn(turn) for turn in value)
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _turn(turn: Mapping[str, object]) -> str:
    who = next((str(turn[name]).rstrip(":") for name in TURN if isinstance(turn.get(name), str)), "")
    return f"{who}: {turn['text']}" if who else str(turn["text"])


def _key(task: Mapping[str, object]) -> str | None:
    given = task.get("id")
    if isinstance(given, bool) or not isinstance(given, str | int) or given == "":
        return None
    return str(given)[:1000]


def _own_key(extra: dict[str, object]) -> str | None:
    """The key that Karat wrote, taken out of the task's `meta`."""
    meta = extra.get("meta")
    if not isinstance(meta, dict) or not isinstance(meta.get(KARAT_KEY), str) or not meta[KARAT_KEY]:
        return None
    rest = {name: value for name, value in meta.items() if name != KARAT_KEY}
    extra.pop("meta")
    if rest:
        extra["meta"] = rest
    return str(meta[KARAT_KEY])[:1000]


def _milliseconds(seconds: object) -> int:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < LONGEST_TIME_S:
        return 0
    return round(seconds * 1000)


def _time(given: object) -> str | None:
    """A time as Karat writes it; None if it is none."""
    if not isinstance(given, str) or len(given) > 64:
        return None
    try:
        at = dt.datetime.fromisoformat(given)
        return stamp(at if at.tzinfo else at.replace(tzinfo=dt.UTC))
    except (ValueError, OverflowError):
        return None
