"""What the team of the demo has agreed on: a guideline, a ruling, questions, and a workflow in which a fifth is reviewed."""

from karat.sdk.projects import Project

POLICY = {
    "start": "label",
    "stages": {
        "label": {
            "do": "label",
            "overlap": 3,
            "next": [
                {"when": {"differ": {"below": 0.5}}, "to": "decide"},
                {"share": 0.2, "to": "review"},
                {"to": "accept"},
            ],
        },
        "review": {"do": "review", "next": {"accepted": "accept", "fixed": "accept", "rejected": "label"}},
        "decide": {"do": "adjudicate", "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus"},
    },
    "rules": [
        {"when": {"measure": "pace", "below": 0.6}, "do": "raise_review", "share": 0.5},
        {"when": {"measure": "guessing"}, "do": "pause"},
        {"when": {"measure": "copying"}, "do": "notify"},
    ],
}
"""Where people differ an expert decides; of the rest a fifth is reviewed, and half of what somebody says who is in a hurry."""

SLICES: tuple[tuple[dict[str, object], ...], ...] = (
    ({"key": "weather"}, {"key": "camera", "expected": {"C1": 0.25, "C2": 0.25, "C3": 0.25, "C4": 0.25}}),
    ({"key": "channel", "expected": {"mail": 0.5, "chat": 0.3, "form": 0.2}}, {"key": "length", "edges": [60, 90]}),
)
"""By what the pictures and the messages are cut."""
GUIDELINE = """\
# Topic

Read the whole message and ask what the customer wants us to *do*. One message, one topic.

- **Damage** wins over **refund**: a broken thing that should be paid back is damage.
- A parcel that went to a neighbour is **delivery**, whether or not the customer complains.

# Tone

**Upset** is what the words say, not what you would feel: threats, reproaches, "the third time". An emoji alone is not enough.

# Entities

Mark the thing itself, without the article: *kettle*, not *the kettle*. Dates keep their preposition: *on 3 March*.

## Order numbers

The number only. A letter in front belongs to it: *A-20481*.
"""
DEFINITIONS = (
    {"field": "topic", "label": "damage", "text": "Something arrived broken or stopped working."},
    {"field": "topic", "label": "delivery", "text": "Where a parcel is, or how it should come."},
    {"field": "entities", "label": "product", "text": "The thing that was bought, without the article."},
)


def tell(messages: Project) -> None:
    """Write the guideline of the messages, ask two questions and decide one of them."""
    team = messages.team
    team.write_guideline(GUIDELINE, definitions=DEFINITIONS, note="First version, after the pilot")
    found = {str(item["key"]): str(item["id"]) for item in messages.items(sort="key")}
    keys = sorted(found)
    broken = team.ask(found[keys[6]], "Broken, and the money back: damage or refund?", place={"field": "topic"})
    team.rule(
        str(broken["id"]),
        text="Damage wins: what is broken decides, the refund is only what follows from it.",
        about="A broken thing that should be paid back",
        field="topic",
        label="damage",
    )
    team.ask(found[keys[13]], "Is the emoji part of the product's name?", place={"field": "entities"})
    team.ask(found[keys[40]], "Greeting cut off by the shop's form; nothing to mark.", kind="comment")
