"""What the routes of questions, rulings and appeals send and are sent."""

from typing import Literal

import msgspec

from karat.model.item import Scalar
from karat.server.items.schemas import Person

ThreadKind = Literal["question", "comment"]
ThreadState = Literal["open", "answered", "ruled", "closed"]
AppealState = Literal["open", "upheld", "overturned"]


class Place(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What of an item is meant; nothing for the whole of it. `region` is x, y, width and height in the stream's pixels,
    `span` the first character and the one behind the last."""

    field: str | None = None
    label: str | None = None
    stream: str | None = None
    annotation: str | None = None
    region: tuple[float, float, float, float] | None = None
    span: tuple[int, int] | None = None


class NewThread(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A question or a comment. `mentions` are ids of authors, for reviewers and above to name somebody."""

    item: str
    text: str
    kind: ThreadKind = "question"
    place: Place = Place()
    mentions: tuple[str, ...] = ()


class NewMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something said in a thread."""

    text: str
    mentions: tuple[str, ...] = ()


class ThreadEdit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Closing a thread, or opening it again."""

    state: Literal["open", "closed"]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was said. `author` is null where an annotator reads what an expert said."""

    id: str
    author: Person | None
    mine: bool
    text: str
    mentions: tuple[Person, ...]
    at: str


class Precedent(msgspec.Struct, frozen=True, kw_only=True):
    """A ruling that holds for all that is like it."""

    id: str
    about: str
    """The question in the expert's words."""
    text: str
    field: str | None
    label: str | None
    clause: str | None
    applies: dict[str, Scalar]
    """Metadata that an item must have for the ruling to concern it; none for every item."""
    item: str | None
    """The example; annotators are told of it where it is shown to all, and done."""
    place: Place
    shown: bool
    by: Person | None
    at: str
    withdrawn_at: str | None
    score: float | None = None
    """How much it has in common with what was asked, where it was looked for."""


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """A question or a comment with what was said on it."""

    id: str
    item: str
    kind: ThreadKind
    state: ThreadState
    place: Place
    author: Person | None
    mine: bool
    messages: tuple[Message, ...]
    ruling: Precedent | None
    at: str
    changed_at: str


class NewRuling(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is decided, for this question and for all that is like it. Annotators read `about` and `text`, never the thread."""

    text: str
    about: str = ""
    field: str | None = None
    label: str | None = None
    clause: str | None = None
    applies: dict[str, Scalar] = {}
    item: str | None = None
    """Of a ruling without a thread: the example."""
    place: Place | None = None
    shown: bool = False
    """Whether everybody may look at the item as an example, once it is done."""


class ToGuideline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where in the guideline a ruling is written down: a clause that is there, or a new one with this title."""

    clause: str
    text: str | None = None
    """The ruling's own text where none is given."""
    title: str = ""
    replaces: bool = False
    must_read: bool = False


class Written(msgspec.Struct, frozen=True):
    """The version of the guideline that says what was ruled."""

    version: int
    clause: str


class Reopening(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which earlier items are opened again: by a filter as the items page has it, or by their ids. Those that a person
    decided stay as they are."""

    filter: dict[str, object] | None = None
    ids: list[str] | None = None
    more: int = 1
    """How many more answers each of them gets."""


class ReopenPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What opening again would come to."""

    items: int
    exact: bool
    """False above 500: there are at least so many."""
    decided: int
    """How many of them stay as they are, since a person decided them."""
    sample: tuple[str, ...]


class Reopened(msgspec.Struct, frozen=True):
    """The operation, to be undone by `POST /operations/{id}/undo`; `job` where it takes a while."""

    operation: str
    items: int
    job: str | None


class NewAppeal(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Against a review's verdict on one's own answer, or a batch of gold scores; the one or the other."""

    reason: str
    review: str | None = None
    gold: str | None = None


class Decision(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What came of an appeal: the verdict is upheld, or overturned; and why."""

    outcome: Literal["upheld", "overturned"]
    reason: str


class Appeal(msgspec.Struct, frozen=True, kw_only=True):
    """An appeal. Its author is not told who decided."""

    id: str
    against: Literal["review", "gold"]
    thing: str
    item: str | None
    author: Person | None
    reason: str
    state: AppealState
    outcome: str
    by: Person | None
    at: str
    decided_at: str | None
