"""The team's side of a project from Python: people, gold, guideline, questions and rulings."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from karat.sdk.http import Connection

Json = dict[str, object]


class Teamwork:
    """What people do in one project, and what they agreed on."""

    def __init__(self, connection: "Connection", project: str) -> None:
        self._connection = connection
        self._at = f"projects/{project}"

    def people(self) -> Json:
        """Everybody who answers here: items, time, accuracy with intervals, charts."""
        return self._connection.get(f"{self._at}/team", Json)

    def actions(self) -> list[Json]:
        """What rules and managers did about people, on what evidence, the newest first."""
        return self._connection.get(f"{self._at}/team/actions", list[Json])

    def flow(self) -> Json:
        """Where the items stand, the forecast, and the defect rate with its bound."""
        return self._connection.get(f"{self._at}/flow", Json)

    def gold(self, *, use: str | None = None, state: str | None = None) -> Iterator[Json]:
        """The gold items: `use` is hidden, practice or test; `state` active or retired."""
        return self._connection.pages(f"{self._at}/gold", Json, use=use, only=state)

    def make_gold(
        self, items: Sequence[str | Mapping[str, object]], *, use: str = "hidden", source: str = "result"
    ) -> Json:
        """Make items gold: their ids, or objects that also name `response`, `revision` and `hints`. What was made, and what was
        left out and why. `source` says where the keys are from: result, response or import."""
        keys = [{"item": item} if isinstance(item, str) else dict(item) for item in items]
        return self._connection.post(f"{self._at}/gold", {"items": keys, "use": use, "source": source}, Json)

    def retire_gold(self, gold: str, *, reason: str = "manager") -> None:
        """Give a gold item to nobody any more; `reason` is leaked, disputed, shown or manager."""
        self._connection.post(f"gold/{gold}/retire", {"reason": reason})

    def gold_scores(self) -> list[Json]:
        """How everybody does on gold, with intervals."""
        return self._connection.get(f"{self._at}/gold/scores", list[Json])

    def guideline(self, version: int | None = None) -> Json:
        """The guideline: its newest version, or another."""
        return self._connection.get(f"{self._at}/guideline", Json, version=version)

    def write_guideline(
        self,
        text: str,
        *,
        definitions: Sequence[Mapping[str, object]] = (),
        examples: Sequence[Mapping[str, object]] = (),
        note: str = "",
        must_read: bool = False,
    ) -> Json:
        """Put a new version in force; `text` is Markdown, each heading a clause. With `must_read` everybody confirms it first."""
        _, etag = self._connection.read(f"{self._at}/guideline", Json)
        body = {
            "text": text,
            "definitions": list(definitions),
            "examples": list(examples),
            "note": note,
            "must_read": must_read,
        }
        return self._connection.put(f"{self._at}/guideline", body, Json, etag=etag)

    def threads(self, *, state: str | None = None, kind: str | None = None) -> Iterator[Json]:
        """Questions and comments: `state` is open, answered, ruled or closed; `kind` question or comment."""
        return self._connection.pages(f"{self._at}/threads", Json, thread_state=state, kind=kind)

    def ask(self, item: str, text: str, *, kind: str = "question", place: Mapping[str, object] | None = None) -> Json:
        """Ask about an item, or comment on it; `place` names a field, label, annotation, region or span of it."""
        body = {"item": item, "text": text, "kind": kind, "place": dict(place or {})}
        return self._connection.post(f"{self._at}/threads", body, Json)

    def reply(self, thread: str, text: str) -> Json:
        """Say something in a thread."""
        return self._connection.post(f"threads/{thread}/messages", {"text": text}, Json)

    def rule(self, thread: str | None = None, **ruling: object) -> Json:
        """Decide a question, or without one what holds from now on: a precedent (`text`, `label`, `clause` …)."""
        return self._connection.post(f"threads/{thread}/ruling" if thread else f"{self._at}/precedents", ruling, Json)

    def precedents(self) -> Iterator[Json]:
        """What was ruled."""
        return self._connection.pages(f"{self._at}/precedents", Json)
