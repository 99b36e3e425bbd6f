"""Items that a manager has answered and made gold."""


def keyed(place, team):
    """Let every item of the place be gold, answered `cards` by the manager; their ids."""
    entries = []
    for item in place.items:
        task = team.manager.post(f"/projects/{place.project}/items/{item}/open").json()
        answer = {
            "item": item,
            "item_revision": 1,
            "schema": 1,
            "state": "submitted",
            "covers": {"topic": None},
            "annotations": [{"id": "topic", "field": "topic", "kind": "choice", "version": 1, "value": "cards"}],
            "active_ms": 900,
        }
        response = task["response"]["id"]
        assert team.manager.put(f"/responses/{response}/revisions/1", json=answer).status_code == 201
        entries.append({"item": item, "response": response, "revision": 1})
    made = team.manager.post(f"/projects/{place.project}/gold", json={"items": entries, "source": "response"})
    assert len(made.json()["made"]) == len(entries), made.text
    return set(place.items)
