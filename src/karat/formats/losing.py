"""What of an item, a response and an annotation a format leaves out, counted by name."""

from collections.abc import Callable, Iterable

from karat.formats.base import Loss, LossCounter
from karat.model.item import Item
from karat.model.response import Annotation, Response
from karat.model.schema import Schema

REMEDY = "Export JSON lines, which hold everything."
LEFT_OUT = "left out"

ITEM: dict[str, Callable[[Item], bool]] = {
    "extra of items": lambda item: bool(item.extra),
    "tags": lambda item: bool(item.tags),
    "split groups": lambda item: item.split_group is not None,
    "metadata": lambda item: bool(item.metadata),
}
RESPONSE: dict[str, Callable[[Response], bool]] = {
    "skipped responses": lambda response: response.state == "skipped",
    "withdrawn responses": lambda response: response.state == "withdrawn",
    "answers that cover some labels only": lambda response: any(labels is not None for labels in response.covers.values()),
    "extra of responses": lambda response: bool(response.extra),
    "exclusions": lambda response: response.excluded is not None,
    "time spent": lambda response: response.active_ms > 0,
    "time of answering": lambda response: response.at is not None,
    "authors": lambda _response: True,
}
ANNOTATION: dict[str, Callable[[Annotation], bool]] = {
    "confidence": lambda annotation: annotation.confidence is not None,
    "probabilities": lambda annotation: annotation.probabilities is not None,
    "origins of copied annotations": lambda annotation: annotation.origin is not None,
    "groups": lambda annotation: annotation.group is not None,
    "stacking order": lambda annotation: annotation.z is not None,
    "extra of annotations": lambda annotation: bool(annotation.extra),
    "attributes": lambda annotation: bool(annotation.attributes),
}


class Losing:
    """Counts what a format that holds only `held` leaves out."""

    def __init__(self, counter: LossCounter, held: Iterable[str] = ()) -> None:
        kept = set(held)
        self.counter = counter
        self.item_parts = [(name, has) for name, has in ITEM.items() if name not in kept]
        self.response_parts = [(name, has) for name, has in RESPONSE.items() if name not in kept]
        self.annotation_parts = [(name, has) for name, has in ANNOTATION.items() if name not in kept]

    def item(self, item: Item) -> None:
        """Count what is lost of an item beside its streams."""
        for name, has in self.item_parts:
            if has(item):
                self.add(name)

    def response(self, response: Response) -> None:
        """Count what is lost of a response beside its annotations."""
        for name, has in self.response_parts:
            if has(response):
                self.add(name)

    def annotation(self, annotation: Annotation) -> None:
        """Count what is lost of an annotation that is written."""
        for name, has in self.annotation_parts:
            if has(annotation):
                self.add(name)

    def add(self, what: str, count: int = 1, *, becomes: str = LEFT_OUT) -> None:
        """Count something else."""
        self.counter.add(what, count, becomes=becomes, remedy=REMEDY)


def static_losses(schema: Schema, held: Iterable[str], kinds: Iterable[str] | None = None) -> list[Loss]:
    """What a project of this schema can lose: the parts that are not held, and the fields of kinds that are not."""
    kept = set(held)
    parts = [name for name in (*ITEM, *RESPONSE, *ANNOTATION) if name not in kept]
    if "attributes" in parts and not _has_attributes(schema):
        parts.remove("attributes")
    found = [Loss(name, 0, LEFT_OUT, REMEDY) for name in parts]
    unheld = [] if kinds is None else [f for f in schema.fields.values() if f.kind not in set(kinds)]
    return [*(Loss(field_loss(f.key), 0, LEFT_OUT, REMEDY) for f in unheld), *found]


def field_loss(key: str) -> str:
    """The name under which answers to a field are counted that a format cannot hold."""
    return f"answers to `{key}`"


def _has_attributes(schema: Schema) -> bool:
    return any(f.attributes or any(label.attributes for label in f.labels.values()) for f in schema.fields.values())
