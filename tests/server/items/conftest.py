"""A project with items that have metadata, tags and answers."""

import json
from dataclasses import dataclass

import pytest

from karat.server.search.index import index_item
from karat.testing.items import fill_items

SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {
        "topic": {"kind": "choice", "options": {"cards": {}, "loans": {}, "other": {}}},
        "note": {"kind": "text"},
        "names": {
            "kind": "span",
            "labels": {"person": {"attributes": {"role": {"kind": "choice", "options": {"payer": {}, "payee": {}}}}}},
        },
    },
}
TEXTS = [
    "My card is lost",
    "A loan for a house",
    "Ärger mit der Karte",
    'He said "no"',
    "日本語のカード",
    "100% of it",
    "nothing",
]


@dataclass
class Shelf:
    """A project, its items, and who asks."""

    team: object
    project: str
    items: list[str]

    def find(self, *conditions, who=None, **query):
        """The answer to a list of items; `keys` of it are the items' numbers."""
        query = {**query, "filter": json.dumps({"all": conditions})} if conditions else query
        return (who or self.team.reviewer).get(f"/projects/{self.project}/items", params=query)

    def numbers(self, *conditions, **query):
        """The numbers of the items that a filter finds, in order."""
        answer = self.find(*conditions, **query)
        assert answer.status_code == 200, answer.text
        assert answer.json()["complete"]
        return [self.items.index(item["id"]) for item in answer.json()["items"]]

    def count(self, *conditions):
        """How many items a filter finds."""
        query = {"filter": json.dumps({"all": conditions})} if conditions else {}
        return self.team.reviewer.get(f"/projects/{self.project}/items/count", params=query).json()

    def bulk(self, who=None, **body):
        """A bulk change."""
        return (who or self.team.manager).post(f"/projects/{self.project}/items/bulk", json=body)

    def item(self, n, who=None):
        """One item."""
        return (who or self.team.reviewer).get(f"/items/{self.items[n]}")

    def edit(self, n, **body):
        """Change an item as it stands."""
        etag = self.item(n).headers["etag"]
        answer = self.team.manager.patch(f"/items/{self.items[n]}", json=body, headers={"if-match": etag})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def answer(self, who, n, topic, note=None, names=()):
        """Let somebody open an item and hand in an answer."""
        task = who.post(f"/projects/{self.project}/items/{self.items[n]}/open").json()
        annotations = [{"id": "topic", "field": "topic", "kind": "choice", "value": topic}]
        annotations += [{"id": "note", "field": "note", "kind": "text", "value": note}] if note is not None else []
        annotations += [
            {
                "id": f"s{i}",
                "field": "names",
                "kind": "span",
                "label": "person",
                "value": [[i, i + 1]],
                "attributes": {"role": role},
            }
            for i, role in enumerate(names)
        ]
        response, revision = task["response"]["id"], task["response"]["revision"]
        body = {
            "item": self.items[n],
            "item_revision": task["item"]["revision"],
            "assignment": (task["assignment"] or {}).get("id"),
            "schema": task["schema"],
            "state": "submitted",
            "covers": {"topic": None, "note": None, "names": None},
            "annotations": annotations,
            "active_ms": 1000,
        }
        answer = who.put(f"/responses/{response}/revisions/{revision}", json=body)
        assert answer.status_code in (200, 201), answer.text
        return response

    def wait(self, job, who=None):
        """The job once it has ended."""
        import time

        until = time.monotonic() + 30
        while time.monotonic() < until:
            found = (who or self.team.manager).get(f"/jobs/{job}").json()
            if found["state"] in ("done", "failed", "cancelled"):
                return found
            time.sleep(0.05)
        raise AssertionError(f"the job did not end: {found}")


@pytest.fixture
def shelf(team) -> Shelf:
    """Seven items without answers; overlap is 3."""
    project = team.project(SCHEMA, overlap=3)
    return Shelf(team, project, fill_items(team.server.db, project, TEXTS))


@pytest.fixture
def described(shelf) -> Shelf:
    """The same with metadata: site, score (0 to 6 but the last), list of parts, whether at night."""

    def describe(tx):
        for n, item in enumerate(shelf.items):
            metadata = {"site": ("oslo", "rome")[n % 2], "parts": ["a", "b"] if n < 2 else ["b", "c"], "night": n == 3}
            metadata |= {"score": n / 2} if n < 6 else {}
            key, project = tx.run("SELECT n, project FROM items WHERE id = :id", id=item)[0]
            tx.run("UPDATE items SET metadata = :m WHERE n = :n", m=json.dumps(metadata), n=key)
            index_item(tx, project, key, metadata)

    shelf.team.server.db.write_now(describe)
    return shelf
