"""Messages to a shop, written from patterns, so that the true topic and the true spans are known."""

import random
import re
from dataclasses import dataclass

SLOTS = {
    "product": [
        "kettle",
        "desk lamp",
        "rain jacket",
        "USB-C charger",
        "folding bike",
        "coffee grinder",
        "Zelt für zwei",
        "wool blanket 🐑",
    ],
    "order": ["A-20481", "A-20977", "B-11620", "B-11958", "C-30019"],
    "date": ["last Tuesday", "on 3 March", "two weeks ago", "yesterday", "am Montag"],
    "place": ["Leeds", "São Paulo", "Graz", "Nairobi", "京都", "Tromsø"],
    "amount": ["€ 49.90", "$120", "£18.50", "2 300 kr"],
}
PATTERNS = {
    "delivery": [
        "My {product} was due {date} and still has not arrived in {place}. The order is {order}.",
        "The tracking page for {order} has said {place} since {date}. Where is my {product}?",
        "You delivered the {product} of order {order} to my neighbour. Please leave it at the door next time 🙏",
    ],
    "refund": [
        "I sent the {product} back {date} and have not seen the {amount} yet.",
        "Order {order}: you charged {amount} twice. Please refund one of them.",
        "The {product} is not what I expected. How do I get my {amount} back?",
    ],
    "damage": [
        "The {product} from order {order} came with a crack in it.",
        "After one use in {place} the {product} stopped working. I bought it {date}.",
        "Half of order {order} was soaked when it arrived {date} 😤",
    ],
    "question": [
        "Does the {product} ship to {place}?",
        "Is the {product} still on sale for {amount}?",
        "Can I pick up order {order} in {place}?",
    ],
}
TONES = {
    "calm": ["", "Hello, ", "Good morning. "],
    "upset": ["This is the third time I write. ", "Really? ", "I am losing patience. "],
}


@dataclass(frozen=True)
class Message:
    """A text with its true topic, tone and spans in code points."""

    text: str
    topic: str
    tone: str
    spans: tuple[tuple[str, int, int], ...]


def message(number: int) -> Message:
    """The message of this number; the same number gives the same message."""
    chance = random.Random(f"message {number}")  # noqa: S311 - an example, not a secret
    topic = chance.choice(list(PATTERNS))
    tone = "upset" if chance.random() < 0.3 else "calm"
    text = chance.choice(TONES[tone])
    spans: list[tuple[str, int, int]] = []
    for part in re.split(r"(\{\w+\})", chance.choice(PATTERNS[topic])):
        slot = part.strip("{}")
        if slot in SLOTS and part.startswith("{"):
            word = chance.choice(SLOTS[slot])
            spans.append((slot, len(text), len(text) + len(word)))
            text += word
        else:
            text += part
    return Message(text, topic, tone, tuple(spans))
