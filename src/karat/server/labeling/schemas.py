"""What labeling sends and is sent."""

from typing import Literal

import msgspec

from karat.markup import Mark
from karat.model.kind import Facts
from karat.model.problem import Problem
from karat.model.response import Base, Covers, Skip


class ClaimRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many items somebody would like to be given."""

    count: int = 1
    exclude: tuple[str, ...] = ()
    """Items not to be given now, e.g. those whose answer still waits for the network."""
    do: Literal["label", "review"] = "label"
    """For which work: to answer items, or to judge what others answered."""
    held: bool = False
    """Whether those that the person holds already come first, reserved anew: for a page of items that is opened again."""


class OpenRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Items that somebody chooses to answer."""

    items: tuple[str, ...]


class Assignment(msgspec.Struct, frozen=True):
    """A reservation of an item; without one an answer is welcome but holds no place."""

    id: str
    until: str
    stage: str


class TaskStream(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part of an item as a surface draws it."""

    kind: str
    facts: Facts
    text: str | None = None
    url: str | None = None
    """Relative to `/api/v1/`."""
    marks: tuple[Mark, ...] = ()
    """The styles of a text that was written in markup: start, end, style, level, number."""


class TaskItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The item of a task. `key` is there for reviewers and above only: a caller's key may say that an item is gold."""

    id: str
    revision: int
    streams: dict[str, TaskStream]
    metadata: msgspec.Raw
    key: str | None = None


class NextRevision(msgspec.Struct, frozen=True):
    """Under which id and number the answer is handed in."""

    id: str
    revision: int


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """Unfinished work, kept on the server."""

    item: str
    response: NextRevision
    base: Base | None
    schema: int
    seq: int
    annotations: msgspec.Raw
    covers: msgspec.Raw
    at: str


class Task(msgspec.Struct, frozen=True):
    """Everything that is needed to draw an item and to hand in an answer."""

    assignment: Assignment | None
    item: TaskItem
    response: NextRevision
    schema: int
    draft: Draft | None
    answer: "Answer | None" = None
    given: "Given | None" = None
    """What the answer begins as, where the workflow says so and nothing was said yet."""


class Answer(msgspec.Struct, frozen=True):
    """The person's own answer that stands."""

    revision: int
    state: str
    annotations: msgspec.Raw
    covers: msgspec.Raw
    at: str
    editable: bool


class Given(msgspec.Struct, frozen=True):
    """A copy of what a file or a model said of the item. Each annotation says in `from` what it is a copy of, and in
    `extra.given` that nobody has looked at it."""

    base: Base
    annotations: msgspec.Raw


class Tasks(msgspec.Struct, frozen=True):
    """The items that were given; none when nothing is left."""

    tasks: tuple[Task, ...]


class Renewed(msgspec.Struct, frozen=True):
    """Until when the item stays reserved."""

    until: str


class Op(msgspec.Struct, frozen=True):
    """One change of a draft; `n` counts up for each client, so that applying it twice applies it once."""

    n: int
    op: Literal["put", "drop", "cover"]
    annotation: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    id: str = ""
    field: str = ""


class DraftPatch(msgspec.Struct, frozen=True):
    """Changes of a draft, in the order of `n`."""

    client: str
    response: str
    ops: tuple[Op, ...]
    base: Base | None = None
    schema: int | None = None


class Seq(msgspec.Struct, frozen=True):
    """The draft's number after the changes, also its ETag."""

    seq: int


class NewRevision(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it is handed in. Annotations are read in a second step, by their kinds."""

    item: str
    item_revision: int
    schema: int
    state: Literal["submitted", "skipped"]
    covers: Covers = {}
    annotations: msgspec.Raw = msgspec.field(default_factory=lambda: msgspec.Raw(b"[]"))
    assignment: str | None = None
    skip: Skip | None = None
    base: Base | None = None
    active_ms: int = 0
    client_at: str | None = None


class Receipt(msgspec.Struct, frozen=True):
    """What was stored. A repeat of the request tells the same, and `withdrawn` where it was taken back meanwhile."""

    response: str
    revision: int
    at: str
    next_revision: int
    state: Literal["submitted", "skipped", "withdrawn"]


class Undone(msgspec.Struct, frozen=True):
    """A submit was taken back: the work is a draft again."""

    response: str
    next_revision: int
    assignment: Assignment | None
    draft: Draft


class Entry(msgspec.Struct, frozen=True):
    """One of many answers: its response and number, and what would be the body of handing it in alone."""

    response: str
    revision: int
    answer: msgspec.Raw


class Entries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answers that are handed in together; each is judged by itself."""

    responses: tuple[Entry, ...]


class Handed(msgspec.Struct, frozen=True):
    """A response and the number of its revision."""

    response: str
    revision: int


class Takeback(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answers that are taken back together."""

    responses: tuple[Handed, ...]


class RefusedEntry(msgspec.Struct, frozen=True):
    """Why one of many was not stored, in the words it would have got alone."""

    response: str
    revision: int
    status: int
    title: str
    problems: tuple[Problem, ...]


class Receipts(msgspec.Struct, frozen=True):
    """What came of many: the answers that are stored now, and those that are not."""

    receipts: tuple[Receipt, ...]
    refused: tuple[RefusedEntry, ...]


class TakenBack(msgspec.Struct, frozen=True):
    """What came of taking many back."""

    undone: tuple[Undone, ...]
    refused: tuple[RefusedEntry, ...]


class Mine(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the person's recent items."""

    item: str
    response: str
    revision: int
    state: str
    at: str
    preview: str
    editable: bool
    key: str | None = None


class Progress(msgspec.Struct, frozen=True):
    """The person's own progress. `left`: whether something can be claimed now."""

    today: int
    total: int
    median_ms: int | None
    left: bool


class HomeProject(msgspec.Struct, frozen=True):
    """A project as its annotators find it."""

    id: str
    title: str
    description: str
    waiting: bool
    mine_today: int
    mine_total: int
    streams: list[str]
    """What its items bring, by kind: text, image."""
