"""The gallery's table: each set of real data, how it comes in, what is edited, where it goes, and what its picture shows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import gallery_items as own
from gallery_desk import Desk
from gallery_stages import Stage, part, whole

TEMPLATES = Path(__file__).parents[1] / "src" / "karat" / "templates"


@dataclass(frozen=True)
class Row:
    """One set: `schema` is YAML, a template's name, or None for what is proposed; `own` makes what may be shown of it."""

    name: str
    title: str
    source: str
    about: str
    command: str
    stage: Stage
    edit: Callable[[Desk, "Spot"], None]
    spot: "Spot"
    formats: tuple[str, ...] = ()
    schema: str | None = None
    opens: str = ""
    own: Callable[[Path], Path] | None = None
    own_spot: "Spot" = ()
    credit: str = ""
    dark: bool = False


Spot = tuple[tuple[float, float], ...] | tuple[str, ...]
"""Where the edit is made: a word and the key of its label, or two corners on the first page, in widths of it."""


def word(desk: Desk, spot: Spot) -> None:
    """A double click on a word, and the key of its label."""
    text, key = spot
    desk.double(str(text))
    desk.press(str(key))


def tag(desk: Desk, spot: Spot) -> None:
    """A word that has a tag gets another one."""
    text, key = spot
    desk.click(str(text))
    desk.press(str(key))


def paper(desk: Desk, spot: Spot) -> None:
    """A region around some words, whose text comes with it."""
    desk.press("b", "4")
    desk.page_drag(*spot)


SLOTS = """
karat_schema: 1
streams: {conversation: {kind: dialogue}}
fields:
  slots:
    title: Slots
    kind: span
    on: conversation
    labels:
      city: {title: City, key: "1"}
      date: {title: Date, key: "2"}
      event: {title: Event, key: "3"}
  services: {title: Service, kind: choice, options: {Events_1: {title: Events}}, multiple: true}
"""

ROWS = [
    Row(
        "receipts",
        "Receipts",
        "documents/receipts_sroie",
        "Scans with the words that an OCR read on them, in the layout of SROIE. Words are marked as on a text; a region takes "
        "the words that lie in it.",
        "karat import Receipts receipts/",
        whole,
        paper,
        ((0.05, 0.05), (0.9, 0.35)),
        schema="documents.yaml",
        own=own.receipt,
        own_spot=((0.06, 0.4), (0.94, 0.66)),
    ),
    Row(
        "ud-arabic",
        "Arabic words",
        "text/ud_pud_arabic",
        "Universal Dependencies in Arabic, from right to left, with parts of speech on the words and dependencies above them. "
        "One word was given another part of speech.",
        'karat import "Arabic words" ar_pud-ud-test.conllu',
        part("ar_pud-ud-test.conllu"),
        tag,
        ("الكثير", "2"),
        ("conllu",),
        credit="Sentences: UD Arabic-PUD, CC BY-SA 3.0.",
    ),
    Row(
        "dialogue-sgd",
        "Booking talks",
        "text/dialogue_sgd",
        "A task dialogue of the Schema-Guided Dialogue set: who speaks is known from the file. A word inside a turn was marked "
        "as a slot, beside the question about the whole conversation.",
        'karat import "Booking talks" dialogues_007.json',
        part("dev/dialogues_007.json"),
        word,
        ("Anaheim", "1"),
        schema=SLOTS,
        credit="Dialogue: Google Schema-Guided Dialogue, CC BY-SA 4.0.",
        dark=True,
    ),
]
