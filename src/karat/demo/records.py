"""The demo's two data sets as folders that any Karat can import."""

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import msgspec

from karat.demo.course import KEYED
from karat.demo.messages import message
from karat.demo.people import ANNOTATORS, Annotator, on_message, on_picture, true_message
from karat.demo.pictures import scene
from karat.model.ids import stamp
from karat.model.item import Item, Ref, Stream
from karat.model.response import Response

PICTURES = 48
MESSAGES = 240
DAYS = 12
"""How long the three people have been at it, up to yesterday."""


def write_street(folder: Path) -> None:
    """Pictures and what three people said of two thirds of them."""
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(PICTURES):
        drawn = scene(number)
        (folder / "pictures" / drawn.name).write_bytes(drawn.png)
        item = Item(
            key=drawn.name,
            streams={"photo": Stream("image", Ref(uri=f"pictures/{drawn.name}"))},
            metadata={"weather": drawn.weather, "camera": f"C{number % 4 + 1}"},
        )
        people = _who(number, all_until=PICTURES * 2 // 3)
        rows.append((item, [on_picture(drawn, who, at=at) for who, at in people]))
    _write(folder / "street.jsonl", rows)


def write_messages(folder: Path) -> None:
    """Messages and what three people said of half of them."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number in range(MESSAGES):
        written = message(number)
        item = Item(
            key=f"M-{number + 1:04d}",
            streams={"text": Stream("text", Ref(inline=written.text))},
            metadata={"channel": ["mail", "chat", "form"][number % 3], "length": len(written.text)},
        )
        people = _who(number, all_until=MESSAGES // 2)
        said = [on_message(written, who, at=at) for who, at in people]
        rows.append((item, [*said, *([true_message(written)] if number in KEYED else [])]))
    _write(folder / "messages.jsonl", rows)


def _who(number: int, *, all_until: int) -> Iterator[tuple[Annotator, str]]:
    """Everybody for the first items, one person for some of the next, spread over the days before today."""
    began = dt.datetime.now(dt.UTC).replace(hour=8, minute=0, second=0, microsecond=0) - dt.timedelta(days=DAYS + 1)
    # No two days are alike: who began when is drawn, the same way each time.
    chance = random.Random(f"day {number}")  # noqa: S311 - an example, not a secret
    day = round(min(max(DAYS * number / (all_until * 1.2) + chance.gauss(0, 1.3), 0), DAYS))
    for index, who in enumerate(ANNOTATORS):
        if number < all_until or (number < all_until * 1.2 and index == number % 3):
            yield who, stamp(began + dt.timedelta(days=day, minutes=index * 151 + number % 60))


def _write(path: Path, rows: list[tuple[Item, list[Response]]]) -> None:
    encoder = msgspec.json.Encoder()
    lines = (encoder.encode({"item": item, "responses": responses}) + b"\n" for item, responses in rows)
    path.write_bytes(b"".join(lines))
