"""A project from Python: its items, imports, exports, agreement."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from karat.sdk.errors import KaratError
from karat.sdk.jobs import Job, JobState
from karat.sdk.pay import Pay
from karat.sdk.teamwork import Teamwork
from karat.sdk.values import Agreement, Exclusion, Operation, ProjectState

if TYPE_CHECKING:
    from karat.sdk.http import Connection

Json = dict[str, object]


class Project:
    """One project on the server."""

    def __init__(self, connection: "Connection", state: ProjectState) -> None:
        self._connection = connection
        self.state = state

    def __repr__(self) -> str:
        return f"Project({self.title!r}, id {self.id})"

    @property
    def id(self) -> str:
        """The project's id."""
        return self.state.id

    @property
    def title(self) -> str:
        """The project's title."""
        return self.state.title

    @property
    def team(self) -> Teamwork:
        """What people do here and what they agreed on: people, gold, guideline, questions and rulings."""
        return Teamwork(self._connection, self.id)

    @property
    def pay(self) -> Pay:
        """What work in the project is paid by, and what was paid."""
        return Pay(self._connection, self.id)

    def refresh(self) -> "Project":
        """Ask the server for its present state."""
        self.state = self._connection.get(f"projects/{self.id}", ProjectState)
        return self

    def update(self, **changes: object) -> "Project":
        """Change title, description, overlap, policy, or what answers begin as (`begin`)."""
        _, etag = self._connection.read(f"projects/{self.id}", ProjectState)
        self._connection.patch(f"projects/{self.id}", changes, etag=etag)
        return self.refresh()

    def change_schema(self, yaml: str) -> "Project":
        """Give the project a new version of its schema."""
        _, etag = self._connection.read(f"projects/{self.id}", ProjectState)
        self._connection.put(f"projects/{self.id}/schema", {"yaml": yaml}, etag=etag)
        return self.refresh()

    def add_panel(self, file: str | Path) -> str:
        """Upload a panel, a JavaScript module; what the schema writes as the panel's `module`."""
        text = Path(file).read_text("utf-8")
        answer = self._connection.post_text(f"projects/{self.id}/panels", text, Json, media="text/javascript")
        return str(answer["module"])

    def put_vocabulary(self, name: str, file: str | Path) -> int:
        """Upload a vocabulary (CSV or JSON lines) in the place of the one of this name; how many entries it has."""
        text = Path(file).read_text("utf-8")
        answer = self._connection.put_text(f"projects/{self.id}/vocabularies/{quote(name, safe='')}", text, Json)
        return int(str(answer["entries"]))

    def put_words(self, name: str, file: str | Path) -> int:
        """Upload a list of words with the labels they suggest (CSV or JSON lines) in the place of the one of this name."""
        text = Path(file).read_text("utf-8")
        answer = self._connection.put_text(f"projects/{self.id}/words/{quote(name, safe='')}", text, Json)
        return int(str(answer["words"]))

    def archive(self) -> None:
        """Close it to work; it can still be read and exported."""
        self._connection.post(f"projects/{self.id}/archive")

    def restore(self) -> None:
        """Open it again, from the archive or the bin."""
        self._connection.post(f"projects/{self.id}/restore")

    def clone(self, title: str, *, with_items: bool = False) -> "Project":
        """A new project of the same schema and policy."""
        answer = self._connection.post(f"projects/{self.id}/clone", {"title": title, "with_items": with_items}, Json)
        return Project(self._connection, self._connection.get(f"projects/{answer['id']}", ProjectState))

    def delete(self) -> None:
        """Move it to the bin, from where it can be restored for 30 days."""
        self._connection.delete(f"projects/{self.id}")

    def items(
        self, filter: Mapping[str, object] | None = None, *, sort: str | None = None, descending: bool = False
    ) -> Iterator[Json]:
        """Every item that fits the filter, page after page."""
        return self._connection.pages(
            f"projects/{self.id}/items", Json, filter=filter, sort=sort, descending=descending
        )

    def count(self, filter: Mapping[str, object] | None = None) -> Json:
        """How many items fit: `{"count": n, "exact": bool}`, exact up to 10,000."""
        return self._connection.get(f"projects/{self.id}/items/count", Json, filter=filter)

    def item(self, item: str) -> Json:
        """One item with its responses."""
        return self._connection.get(f"items/{item}", Json)

    def facets(self) -> Json:
        """What a filter can name: metadata with some values, fields with their labels, authors, tags."""
        return self._connection.get(f"projects/{self.id}/facets", Json)

    def change_item(self, item: str, **changes: object) -> Json:
        """Replace an item's metadata, tags or split_group."""
        _, etag = self._connection.read(f"items/{item}", Json)
        return self._connection.patch(f"items/{item}", changes, Json, etag=etag)

    def change_items(
        self,
        action: str,
        value: object = None,
        *,
        filter: Mapping[str, object] | None = None,
        ids: Sequence[str] | None = None,
    ) -> Operation:
        """Change many items: tag, untag, delete, metadata (`value`: an object) or requeue; those of a filter or of `ids`."""
        body = {"action": action, **_given(value=value, filter=filter, ids=None if ids is None else list(ids))}
        return self._done(self._connection.post(f"projects/{self.id}/items/bulk", body, Operation))

    def set_metadata(self, table: str | Path, *, removes_empty: bool = False) -> Operation:
        """Set metadata from a CSV file, or its text: the first column is the item's key, each other one a value."""
        text = table.read_text("utf-8") if isinstance(table, Path) else table
        empty = "remove" if removes_empty else "leave"
        return self._done(
            self._connection.post_text(f"projects/{self.id}/metadata", text, Operation, media="text/csv", empty=empty)
        )

    def responses(
        self, *, author: str | None = None, item: str | None = None, since: str | None = None
    ) -> Iterator[Json]:
        """Everybody's responses, the newest first; with `since` the oldest first from that time on."""
        return self._connection.pages(f"projects/{self.id}/responses", Json, author=author, item=item, since=since)

    def reviews(self) -> Iterator[Json]:
        """The verdicts that reviewers gave, the newest first; `probability` is the chance with which the item was drawn."""
        return self._connection.pages(f"projects/{self.id}/reviews", Json)

    def preview_exclusion(self, author: str) -> Json:
        """What leaving an author's responses out would come to."""
        return self._connection.post(f"projects/{self.id}/exclusions/preview", {"author": author}, Json)

    def exclude(self, author: str, *, reason: str) -> Exclusion:
        """Leave an author's responses out of consensus, quota and release; `Client.undo` takes them in again."""
        done = self._connection.post(f"projects/{self.id}/exclusions", {"author": author, "reason": reason}, Exclusion)
        if done.job:
            self._wait(done.job)
        return done

    def pairs(self, field: str | None = None, label: str | None = None) -> Json:
        """How well everybody agrees with everybody on a field, or looking at one of its labels."""
        return self._connection.get(f"projects/{self.id}/reports/pairs", Json, field=field, label=label)

    def flow(self) -> Json:
        """What stands at each stage and whom it waits for, the forecast, defects, and the weeks."""
        return self._connection.get(f"projects/{self.id}/flow", Json)

    def disagreements(self, field: str | None = None) -> Iterator[Json]:
        """The items whose authors differ most."""
        return self._connection.pages(f"projects/{self.id}/reports/disagreement", Json, field=field)

    def labels(self) -> list[Json]:
        """How often each label and option was given."""
        return self._connection.get(f"projects/{self.id}/reports/labels", list[Json])

    def losses(self, format: str, *, which: str = "all") -> list[Json]:
        """What a format cannot hold of this project."""
        return self._connection.get(f"projects/{self.id}/exports/losses", list[Json], format=format, which=which)

    def agreement(self) -> Agreement:
        """Agreement for each field: percent and Krippendorff's alpha with 95 % intervals."""
        return self._connection.get(f"projects/{self.id}/reports/agreement", Agreement)

    def refresh_reports(self) -> Job:
        """Compute the reports anew."""
        return self._job(f"projects/{self.id}/reports/refresh", {})

    def fairness(self) -> Json:
        """What differs between slices and groups beyond chance, how slices are covered, and what the board said."""
        return self._connection.get(f"projects/{self.id}/fairness", Json)

    def set_slices(self, slices: Sequence[Mapping[str, object]], *, people: int = 5) -> Json:
        """Cut the project by metadata, e.g. `[{"key": "light"}, {"key": "speed", "edges": [30, 80]}]`."""
        return self._connection.put(
            f"projects/{self.id}/fairness/slices", {"slices": list(slices), "people": people}, Json
        )

    def compare_slices(self) -> Job:
        """Make a new report of fairness."""
        started = self._connection.post(f"projects/{self.id}/fairness/reports", {}, Json)
        return Job(self._connection, self._connection.get(f"jobs/{started['running']}", JobState))

    def progress(self) -> Json:
        """Counts by state, day and person."""
        return self._connection.get(f"projects/{self.id}/reports/progress", Json)

    def learned(self) -> Json:
        """What was learned to make the consensus: the skill of each author, and how often each field is expected to be right."""
        return self._connection.get(f"projects/{self.id}/reports/consensus", Json)

    def resolve(self, *, method: str = "default", full: bool = False) -> Job:
        """Make the consensus of the items that have changed, of all where who is how good is learned anew; `full` asks for it."""
        return self._job(f"projects/{self.id}/consensus", {"method": method, "full": full})

    def preview(self, source: str | Path, *, format: str | None = None) -> Json:
        """What an import of this file, folder or URI would bring."""
        return self._connection.post(
            f"projects/{self.id}/imports/preview", {**self._source(source), **_given(format=format)}, Json
        )

    def import_from(
        self,
        source: str | Path,
        *,
        format: str | None = None,
        mapping: Mapping[str, object] | None = None,
        strict: bool = False,
        update: bool = False,
        author: str | None = None,
    ) -> Job:
        """Import a file, a folder, or a URI on a store that the server allows. `author`: who said what the file leaves open."""
        given = _given(format=format, mapping=mapping, author=author)
        body = {**self._source(source), **given, "strict": strict, "update": update}
        return self._job(f"projects/{self.id}/imports", body)

    def export(
        self,
        format: str = "jsonl",
        *,
        which: str = "all",
        author: str | None = None,
        filter: Mapping[str, object] | None = None,
        since: str | None = None,
        media: bool = False,
    ) -> Job:
        """Export: `which` is consensus, author (with `author`) or all; `media` copies pictures and files too."""
        body = {"format": format, "which": which, "media": media, **_given(author=author, filter=filter, since=since)}
        return self._job(f"projects/{self.id}/exports", body)

    def _job(self, path: str, body: Mapping[str, object]) -> Job:
        return Job(self._connection, self._connection.post(path, body, JobState))

    def _done(self, operation: Operation) -> Operation:
        if operation.job:
            self._wait(operation.job)
        return operation

    def _wait(self, job: str) -> None:
        Job(self._connection, self._connection.get(f"jobs/{job}", JobState)).wait()

    def _source(self, source: str | Path) -> Json:
        if isinstance(source, str) and "://" in source:
            return {"uri": source}
        return {"upload": upload(self._connection, f"projects/{self.id}/uploads", Path(source))}


def upload(connection: "Connection", at: str, path: Path) -> str:
    """Send a file or every file of a folder; the upload's id."""
    if not path.exists():
        raise KaratError(f"{path} does not exist; give a file, a folder or a URI")
    files = sorted(p for p in path.rglob("*") if p.is_file() and not p.is_symlink()) if path.is_dir() else [path]
    if not files:
        raise KaratError(f"{path} holds no files")
    root = path if path.is_dir() else path.parent
    answer = connection.post(at, {}, Json)
    for file in files:
        name = file.relative_to(root).as_posix()
        with file.open("rb") as content:
            connection.upload(f"uploads/{answer['id']}/files/{quoted(name)}", content, file.stat().st_size, Json)
    return str(answer["id"])


def quoted(name: str) -> str:
    """A file's name inside an address."""
    return quote(name)


def _given(**values: object) -> Json:
    return {k: v for k, v in values.items() if v is not None}
