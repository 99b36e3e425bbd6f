"""What of an item, a response and an annotation a format leaves out, counted by name."""

from collections.abc import Iterable

from karat.formats.base import Loss, LossCounter
from karat.model.item import Item
from karat.model.response import Annotation, Response
from karat.model.schema import Schema

REMEDY = "Export JSON lines, which hold everything."
LEFT_OUT = "left out"

ITEM = ("extra of items", "tags", "split groups", "metadata")
RESPONSE = (
    "skipped responses",
    "withdrawn responses",
    "answers that cover some labels only",
    "extra of responses",
    "exclusions",
    "time spent",
    "time of answering",
    "authors",
)
ANNOTATION = (
    "confidence",
    "probabilities",
    "origins of copied annotations",
    "groups",
    "stacking order",
    "extra of annotations",
    "attributes",
)


class Losing:
    """Counts what a format that holds only `held` leaves out."""

    def __init__(self, counter: LossCounter, held: Iterable[str] = ()) -> None:
        self.kept = frozenset(held)
        self.counter = counter

    def item(self, item: Item, *, own: tuple[str, ...] = ()) -> None:
        """Count what is lost of an item beside its streams; entries of `extra` that are the format's `own` are not."""
        extra = _others(item.extra, own)
        if extra or item.tags or item.split_group is not None or item.metadata:
            self._count(ITEM, (extra, item.tags, item.split_group is not None, item.metadata))

    def response(self, response: Response, *, own: tuple[str, ...] = ()) -> None:
        """Count what is lost of a response beside its annotations."""
        partial = any(labels is not None for labels in response.covers.values())
        facts = (
            response.state == "skipped",
            response.state == "withdrawn",
            partial,
            _others(response.extra, own),
            response.excluded is not None,
            response.active_ms > 0,
            response.at is not None,
            response.author.type != "import" and response.state == "submitted",
        )
        self._count(RESPONSE, facts)

    def annotation(self, annotation: Annotation, *, own: tuple[str, ...] = ()) -> None:
        """Count what is lost of an annotation that is written."""
        facts = (
            annotation.confidence is not None,
            annotation.probabilities is not None,
            annotation.origin is not None,
            annotation.group is not None,
            annotation.z is not None,
            _others(annotation.extra, own),
            annotation.attributes,
        )
        if any(facts):
            self._count(ANNOTATION, facts)

    def add(self, what: str, count: int = 1, *, becomes: str = LEFT_OUT) -> None:
        """Count something else; 0 is nothing."""
        self.counter.add(what, count, becomes=becomes, remedy=REMEDY)

    def _count(self, names: tuple[str, ...], facts: tuple[object, ...]) -> None:
        for name, fact in zip(names, facts, strict=True):
            if fact and name not in self.kept:
                self.counter.add(name, becomes=LEFT_OUT, remedy=REMEDY)


def _others(extra: dict[str, object], own: tuple[str, ...]) -> bool:
    return bool(extra) and any(key not in own for key in extra)


def static_losses(schema: Schema, held: Iterable[str], kinds: Iterable[str] | None = None) -> list[Loss]:
    """What a project of this schema can lose: the parts that are not held, and the fields of kinds that are not."""
    kept = set(held)
    parts = [name for name in (*ITEM, *RESPONSE, *ANNOTATION) if name not in kept]
    if "attributes" in parts and not _has_attributes(schema):
        parts.remove("attributes")
    found = [Loss(name, 0, LEFT_OUT, REMEDY) for name in parts]
    unheld = (
        [] if kinds is None else [f for f in schema.fields.values() if f.kind not in set(kinds) or f.each is not None]
    )
    return [*(Loss(field_loss(f.key), 0, LEFT_OUT, REMEDY) for f in unheld), *found]


def field_loss(key: str) -> str:
    """The name under which answers to a field are counted that a format cannot hold."""
    return f"answers to `{key}`"


def _has_attributes(schema: Schema) -> bool:
    return any(f.attributes or any(label.attributes for label in f.labels.values()) for f in schema.fields.values())
