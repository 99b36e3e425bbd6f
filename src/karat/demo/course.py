"""The demo's course: practice with hints, a test and a pilot, and hidden gold among the messages that were answered."""

from karat.sdk import Client
from karat.sdk.projects import Json, Project

HIDDEN, PRACTICE, TEST = range(24), range(200, 206), range(206, 236)
"""By their numbers, the messages whose true answer is imported, and what they are used for."""
KEYED = frozenset([*HIDDEN, *PRACTICE, *TEST])
HINTS = {
    "topic": "What does the writer want to happen? Read on where something is broken.",
    "entities": "Mark the thing without its article, and the date with its preposition.",
    "entities.product": "Only what was bought is a product.",
    "entities.date": "The preposition belongs to the date: last Tuesday, on 3 March.",
}
COURSE = {
    "practice": 5,
    "test": {"good": 0.9, "bad": 0.6, "most": 15, "right": 0.8, "tries": 2},
    "pilot": {"items": 10, "agree": 0.7},
    "renew": "test",
}


def teach(client: Client, project: Project) -> None:
    """Make gold of the messages whose key was imported, and put a course before the work."""
    keyed = client.connection.get(f"projects/{project.id}/gold/candidates", Json, source="import", limit=200)
    ids = {one["key"]: one["item"] for one in keyed["items"]}  # type: ignore[attr-defined]  # the list of the route
    for use, numbers, hints in (("hidden", HIDDEN, {}), ("practice", PRACTICE, HINTS), ("test", TEST, {})):
        items = [{"item": ids[key], "hints": hints} for n in numbers if (key := f"M-{n + 1:04d}") in ids]
        body = {"use": use, "source": "import", "items": items}
        client.connection.post(f"projects/{project.id}/gold", body)
    policy = project.refresh().state.policy
    project.update(policy={**(policy or {}), "gold": {"rate": 0.05, "uses": 50}, "course": COURSE})
