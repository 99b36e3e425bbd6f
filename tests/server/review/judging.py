"""Policies with a review, and what reviewers do."""

POLICY = {
    "start": "label",
    "stages": {
        "label": {"do": "label", "next": [{"to": "review"}]},
        "review": {"do": "review", "next": {"accepted": "accept", "fixed": "accept", "rejected": "label"}},
        "accept": {"do": "resolve", "by": "consensus"},
    },
}
ADJUDICATED = {
    "start": "label",
    "stages": {
        "label": {
            "do": "label",
            "overlap": 2,
            "next": [{"when": {"differ": {"below": 0.9}}, "to": "decide"}, {"to": "accept"}],
        },
        "decide": {"do": "adjudicate", "next": [{"to": "accept"}]},
        "accept": {"do": "resolve", "by": "consensus"},
    },
}


def claim(person, place):
    tasks = person.post(f"/projects/{place.project}/claims", json={"do": "review"}).json()["tasks"]
    return tasks[0] if tasks else None


def judged(person, task, verdict, *, fix=None, decision=None, assignment=None, **more):
    id_ = assignment or task["assignment"]["id"]
    shown = person.get(f"/assignments/{id_}/review").json()
    verdicts = [
        {"response": one["response"], "revision": one["revision"], "verdict": verdict, **more}
        for one in shown["answers"]
    ]
    return person.post(
        f"/assignments/{id_}/review",
        json={"verdicts": [] if decision or verdict is None else verdicts, "fix": fix, "decision": decision},
    )


def a_fix(value="loans"):
    annotation = {"id": "topic", "field": "topic", "kind": "choice", "version": 1, "value": value}
    return {"schema": 1, "item_revision": 1, "annotations": [annotation], "covers": {"topic": None}}
