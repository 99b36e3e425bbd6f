"""Three invented annotators who see the truth with mistakes of their own."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from karat.demo.messages import SLOTS, Message
from karat.demo.pictures import HEIGHT, WIDTH, Scene, Thing
from karat.model.response import Annotation, Author, On, Response


@dataclass(frozen=True)
class Annotator:
    """How well somebody works: the chance of a slip, and how far the edges of a box wander, in pixels."""

    name: str
    slip: float
    wander: float
    pace_ms: int


ANNOTATORS = (
    Annotator("Ana Kowalski", 0.04, 2.0, 21_000),
    Annotator("Ben Sato", 0.08, 4.0, 16_000),
    Annotator("Chi Mbeki", 0.18, 9.0, 9_000),
)


def on_picture(scene: Scene, who: Annotator, *, at: str) -> Response:
    """What this annotator says of a picture."""
    chance = random.Random(f"{scene.name} {who.name}")  # noqa: S311 - an example, not a secret
    boxes = [_box(t, who, chance, f"b{i}") for i, t in enumerate(scene.things) if chance.random() > who.slip]
    weather = _answer("weather", _slipped(scene.weather, ["clear", "overcast", "night"], who, chance))
    return _response(who, [*boxes, weather], ["objects", "weather"], chance, at)


def on_message(message: Message, who: Annotator, *, at: str) -> Response:
    """What this annotator says of a message."""
    chance = random.Random(f"{message.text} {who.name}")  # noqa: S311 - an example, not a secret
    spans = list(_spans(message, who, chance))
    topic = _answer("topic", _slipped(message.topic, ["delivery", "refund", "damage", "question"], who, chance))
    tone = _answer("tone", _slipped(message.tone, ["calm", "upset"], who, chance))
    return _response(who, [*spans, topic, tone], ["entities", "topic", "tone"], chance, at)


def true_message(message: Message) -> Response:
    """What is true of a message, as a key."""
    sure = Annotator("Gold", 0.0, 0.0, 0)
    said = on_message(message, sure, at="")
    return msgspec.structs.replace(said, author=Author(type="gold", name=sure.name), active_ms=0, at=None)


def _box(thing: Thing, who: Annotator, chance: random.Random, id_: str) -> Annotation:
    def near(value: float, limit: int) -> float:
        return round(min(max(value + chance.gauss(0, who.wander), 0), limit), 1)

    label = _slipped(thing.label, ["car", "bus", "person", "bicycle"], who, chance)
    value = {
        "left": near(thing.left, WIDTH - 8),
        "top": near(thing.top, HEIGHT - 8),
        "right": 0.0,
        "bottom": 0.0,
    }
    value["right"] = max(near(thing.right, WIDTH), value["left"] + 4)
    value["bottom"] = max(near(thing.bottom, HEIGHT), value["top"] + 4)
    attributes: dict[str, object] = {"occluded": "part" if thing.occluded else "none"} if label == "car" else {}
    return Annotation(
        id=id_, field="objects", kind="box", on=On("photo"), label=label, value=value, attributes=attributes
    )


def _spans(message: Message, who: Annotator, chance: random.Random) -> Iterator[Annotation]:
    for index, (label, start, end) in enumerate(message.spans):
        if chance.random() < who.slip:
            continue
        if chance.random() < who.slip and end - start > 4:
            start += 1
        given = _slipped(label, list(SLOTS), who, chance) if chance.random() < 0.5 else label
        yield Annotation(
            id=f"s{index}", field="entities", kind="span", on=On("text"), label=given, value=[[start, end]]
        )


def _answer(field: str, value: str) -> Annotation:
    return Annotation(id=field, field=field, kind="choice", value=value)


def _slipped(truth: str, others: Sequence[str], who: Annotator, chance: random.Random) -> str:
    if chance.random() >= who.slip:
        return truth
    return chance.choice([other for other in others if other != truth])


def _response(
    who: Annotator, annotations: list[Annotation], covered: list[str], chance: random.Random, at: str
) -> Response:
    return Response(
        author=Author(type="person", name=who.name),
        annotations=tuple(annotations),
        covers=dict.fromkeys(covered),
        active_ms=round(who.pace_ms * chance.uniform(0.6, 1.8)),
        at=at,
    )
