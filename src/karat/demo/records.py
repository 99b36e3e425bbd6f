"""The demo's two data sets as folders that any Karat can import."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec

from karat.demo.messages import message
from karat.demo.people import ANNOTATORS, Annotator, on_message, on_picture
from karat.demo.pictures import scene
from karat.model.ids import stamp
from karat.model.item import Item, Ref, Stream
from karat.model.response import Response

PICTURES = 48
MESSAGES = 240
START = dt.datetime(2026, 11, 9, 8, 0, tzinfo=dt.UTC)


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
        rows.append((item, [on_message(written, who, at=at) for who, at in people]))
    _write(folder / "messages.jsonl", rows)


def _who(number: int, *, all_until: int) -> Iterator[tuple[Annotator, str]]:
    """Everybody for the first items, one person for some of the next, with times that make a fortnight of work."""
    for index, who in enumerate(ANNOTATORS):
        if number < all_until or (number < all_until * 1.2 and index == number % 3):
            yield who, stamp(START + dt.timedelta(hours=number * 288 / all_until / 24 + index * 3, minutes=7 * index))


def _write(path: Path, rows: list[tuple[Item, list[Response]]]) -> None:
    encoder = msgspec.json.Encoder()
    lines = (encoder.encode({"item": item, "responses": responses}) + b"\n" for item, responses in rows)
    path.write_bytes(b"".join(lines))
