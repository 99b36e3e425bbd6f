"""Guidelines: versions, what changed, and reading before the next item is given."""

import pytest

TEXT = "# Cards {#cards}\nAnything about a card.\n\n# Loans {#loans}\nMoney that is lent.\n"


@pytest.fixture
def place(work):
    return work(items=3, people=1)


def put(person, place, text=TEXT, *, match="0", **more):
    body = {"text": text, **more}
    return person.put(f"/projects/{place.project}/guideline", json=body, headers={"if-match": f'"{match}"'})


def test_a_version_is_made_from_the_one_that_was_read(team, place):
    made = put(team.manager, place)

    assert made.status_code == 200, made.text
    assert [clause["id"] for clause in made.json()["clauses"]] == ["cards", "loans"]
    assert put(team.manager, place, "other").status_code == 412
    assert put(team.reviewer, place, "other", match="1").status_code == 403
    seen = team.annotator.get(f"/projects/{place.project}/guideline").json()
    assert (seen["version"], seen["by"], seen["to_read"]) == (1, None, None)


def test_what_must_be_read_is_read_before_the_next_item(team, place, refused):
    [ada] = place.people
    put(team.manager, place, must_read=True)

    assert refused(lambda: place.claim(ada)) == 409
    place.db.write_now(_read, ada, place.project, 1)
    [task] = place.claim(ada)
    put(team.manager, place, f"{TEXT}\nA cheque is neither.", match="1")
    place.submit(ada, task, "cards")

    assert place.one("SELECT guideline FROM revisions") == 2
    put(team.manager, place, f"{TEXT}\nA cheque is a card.", match="2", must_read=True)
    assert refused(lambda: place.claim(ada)) == 409


def test_what_changed_since_it_was_read(team, place):
    put(team.manager, place)
    team.annotator.post(f"/projects/{place.project}/guideline/read", json={"version": 1})
    put(
        team.manager,
        place,
        TEXT.replace("lent", "borrowed"),
        match="1",
        note="Clearer",
        definitions=[{"field": "topic", "label": "loans", "text": "A sum that is paid back", "clause": "loans"}],
    )

    changes = team.annotator.get(f"/projects/{place.project}/guideline/changes").json()

    assert (changes["since"], changes["until"], changes["notes"]) == (1, 2, ["Clearer"])
    told = [(line["op"], line["text"]) for line in changes["lines"] if line["op"] != "same"]
    assert ("removed", "Money that is lent.") in told
    assert ("added", "topic / loans: A sum that is paid back") in told
    found = team.annotator.get(f"/projects/{place.project}/guideline/search?q=borrowed money").json()
    assert found[0]["clause"] == "loans"


def test_mistakes_are_named_where_they_are(team, place):
    answer = put(
        team.manager,
        place,
        "# A {#x}\n# B {#x}\n",
        definitions=[{"field": "nope", "text": "", "clause": "y"}],
        examples=[{"verdict": "do", "item": place.items[0], "annotation": "a"}],
    )

    assert answer.status_code == 422
    assert {one["path"] for one in answer.json()["problems"]} == {
        "text",
        "definitions[0].text",
        "definitions[0].clause",
        "definitions[0].field",
        "examples[0].annotation",
    }


def test_an_example_is_for_everybody_without_whose_answer_it_was(team, place):
    [ada], grace = place.people, team.another()
    [task] = place.claim(ada)
    place.submit(ada, task, "cards")
    response, annotation = place.rows("SELECT id, 'topic' FROM responses")[0]
    given = {"verdict": "dont", "item": task.item.id, "response": response, "annotation": annotation, "field": "topic"}
    assert grace.get(f"/items/{task.item.id}").status_code == 404

    made = put(team.manager, place, examples=[given])

    assert made.json()["examples"][0]["response"] == response
    [seen] = grace.get(f"/projects/{place.project}/guideline").json()["examples"]
    assert (seen["response"], seen["drawn"]["value"]) == (None, "cards")
    assert grace.get(f"/items/{task.item.id}").json()["responses"] == []
    put(team.manager, place, match="1")
    assert grace.get(f"/items/{task.item.id}").status_code == 404


def _read(tx, actor, project, version):
    from karat.server.guidelines.actions import confirm
    from karat.server.guidelines.schemas import Read

    return confirm(tx, actor, project, Read(version))
