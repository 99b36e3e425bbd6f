"""Projects with items in them: changes that would strand answers, copies, the end."""

import copy

from karat.server.projects import work
from karat.server.search.words import known_words
from tests.server.items.conftest import SCHEMA


def put(shelf, change):
    """The answer to a schema changed by `change(fields)`."""
    schema = copy.deepcopy(SCHEMA)
    change(schema["fields"])
    etag = shelf.team.manager.get(f"/projects/{shelf.project}").headers["etag"]
    return shelf.team.manager.put(
        f"/projects/{shelf.project}/schema", json={"schema": schema}, headers={"if-match": etag}
    )


def refused(shelf, change):
    """The path and remedy of a change that is refused."""
    answer = put(shelf, change)
    assert answer.status_code == 409, answer.text
    return [(p["path"], p["do"]) for p in answer.json()["problems"]]


def test_what_would_strand_answers_is_refused_with_their_number(shelf):
    shelf.answer(shelf.team.reviewer, 0, "cards", note="x", names=["payer"])
    shelf.answer(shelf.team.manager, 0, "cards", note="y", names=["payer"])
    shelf.answer(shelf.team.manager, 1, "loans")

    found = {
        "option": refused(shelf, lambda fields: fields["topic"]["options"].pop("cards")),
        "field": refused(shelf, lambda fields: fields.pop("note")),
        "kind": refused(shelf, lambda fields: fields.update(note={"kind": "choice", "options": {"a": {}}})),
        "multiple": refused(shelf, lambda fields: fields["topic"].update(multiple=True)),
        "label": refused(shelf, lambda fields: fields["names"].update(labels={"place": {}})),
        "attribute": refused(shelf, lambda fields: fields["names"]["labels"]["person"].pop("attributes")),
        "length": refused(shelf, lambda fields: fields["note"].update(max_length=3)),
    }

    assert {name: [path for path, _ in problems] for name, problems in found.items()} == {
        "option": ["fields.topic.options.cards"],
        "field": ["fields.note"],
        "kind": ["fields.note.kind"],
        "multiple": ["fields.topic.multiple"],
        "label": ["fields.names.labels.person"],
        "attribute": ["fields.names.labels.person.attributes.role"],
        "length": ["fields.note.max_length"],
    }
    assert found["option"][0][1].startswith("2 answers would be stranded.")
    assert found["multiple"][0][1].startswith("3 answers would be stranded.")


def test_what_touches_no_answer_is_a_new_version(shelf):
    shelf.answer(shelf.team.reviewer, 0, "cards")

    def change(fields):
        fields["topic"]["options"] = {
            "cards": {"title": "Cards", "key": "1"},
            "loans": {},
            "fees": {},
        }  # nobody chose `other`
        fields["note"].update(multiline=True, title="Remarks")
        fields["names"]["labels"]["place"] = {}
        fields["mood"] = {"kind": "choice", "options": {"good": {}, "bad": {}}, "required": True}

    answer = put(shelf, change)

    assert (answer.status_code, answer.json()["schema_version"]) == (200, 2)


def test_items_keep_their_streams(shelf):
    def changed(streams):
        etag = shelf.team.manager.get(f"/projects/{shelf.project}").headers["etag"]
        body = {"schema": {**SCHEMA, "streams": streams}}
        return shelf.team.manager.put(f"/projects/{shelf.project}/schema", json=body, headers={"if-match": etag})

    added = changed({"text": {"kind": "text"}, "photo": {"kind": "image"}})
    optional = changed({"text": {"kind": "text"}, "photo": {"kind": "image", "optional": True}})
    renamed = changed({"report": {"kind": "text"}})

    assert [answer.status_code for answer in (added, optional, renamed)] == [409, 200, 409]
    assert added.json()["problems"][0]["path"] == "streams.photo.optional"
    assert renamed.json()["problems"][0]["do"].startswith("7 items would be stranded.")


def test_a_lower_overlap_closes_items_and_a_higher_one_opens_them_again(shelf):
    shelf.answer(shelf.team.reviewer, 0, "cards")
    url = f"/projects/{shelf.project}"

    shelf.team.manager.patch(url, json={"overlap": 1}, headers={"if-match": '"1"'})
    closed = shelf.item(0).json()["state"]
    shelf.team.manager.patch(url, json={"overlap": 2}, headers={"if-match": '"2"'})

    assert closed in ("labeled", "done")
    assert shelf.item(0).json()["state"] == "open"


def test_a_clone_has_the_items_and_none_of_the_answers(shelf):
    shelf.edit(0, metadata={"site": "oslo"}, tags=["a"])
    shelf.answer(shelf.team.reviewer, 0, "cards")

    made = shelf.team.manager.post(f"/projects/{shelf.project}/clone", json={"title": "Again", "with_items": True})
    empty = shelf.team.manager.post(f"/projects/{shelf.project}/clone", json={"title": "Empty"}).json()["project"]

    assert made.status_code == 201, made.text
    clone = made.json()["project"]
    items = shelf.team.reviewer.get(f"/projects/{clone['id']}/items").json()["items"]
    assert [item["key"] for item in items] == [f"item-{n:07}" for n in range(7)]
    assert (items[0]["metadata"], items[0]["tags"], items[0]["responses"], items[0]["labels"]) == (
        {"site": "oslo"},
        ["a"],
        0,
        {},
    )
    assert (clone["counts"]["items"], clone["overlap"], clone["schema"]) == (7, 3, empty["schema"])
    assert empty["counts"]["items"] == 0
    assert shelf.team.annotator.post(f"/projects/{clone['id']}/claims", json={"count": 1}).json()["tasks"]


def test_many_items_are_copied_by_a_job(shelf, monkeypatch):
    monkeypatch.setattr(work, "CHUNK", 3)

    made = shelf.team.manager.post(
        f"/projects/{shelf.project}/clone", json={"title": "Again", "with_items": True}
    ).json()
    job = shelf.wait(made["job"])

    assert job["state"] == "done"
    assert shelf.team.manager.get(f"/projects/{made['project']['id']}").json()["counts"]["items"] == 7


def test_the_bin_is_emptied_after_thirty_days_and_not_before(shelf):
    server = shelf.team.server
    other = shelf.team.project()
    shelf.answer(shelf.team.reviewer, 0, "cards")
    shelf.team.manager.delete(f"/projects/{shelf.project}")

    server.clock.move(days=29)
    early = work.empty_bin(server.db)
    server.clock.move(days=2)
    late = work.empty_bin(server.db)

    left = server.db.read_now(
        lambda tx: [
            table
            for table in (
                "items",
                "responses",
                "revisions",
                "marks",
                "facts",
                "queue",
                "words",
                "events",
                "schemas",
                "policies",
                "reports",
            )
            if tx.run(f"SELECT 1 FROM {table} WHERE project NOT IN (SELECT n FROM projects) LIMIT 1")
        ]
    )
    assert (early, late, left) == (0, 1, [])
    assert server.db.read_now(lambda tx: [row[0] for row in tx.run("SELECT id FROM projects")]) == [other]
    assert server.db.read_now(
        lambda tx: [r[0] for r in tx.run("SELECT name FROM audit ORDER BY seq DESC LIMIT 1")]
    ) == ["project.purged"]


def test_deleted_items_go_for_good_after_thirty_days(shelf):
    shelf.answer(shelf.team.reviewer, 0, "cards")
    shelf.team.manager.delete(f"/items/{shelf.items[0]}")

    shelf.team.server.clock.move(days=31)
    work.empty_bin(shelf.team.server.db)

    rows = shelf.team.server.db.read_now(
        lambda tx: tx.run("SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM revisions)")
    )
    assert tuple(rows[0]) == (6, 0)


def test_a_word_of_a_purged_project_is_forgotten(shelf):
    server = shelf.team.server
    shelf.edit(0, tags=["a"])
    key = server.db.read_now(lambda tx: tx.run("SELECT n FROM projects")[0][0])
    shelf.team.manager.delete(f"/projects/{shelf.project}")
    server.clock.move(days=31)

    work.empty_bin(server.db)

    assert server.db.read_now(lambda tx: known_words(tx, key, "tag", ["a"])) == {}
    assert server.db.write_now(lambda tx: known_words(tx, key, "tag", ["a"])) == {}


def test_ids_that_nothing_can_have_are_not_found(shelf):
    manager = shelf.team.manager

    answers = [
        manager.get("/projects/nothing").status_code,
        manager.get("/projects/a%00b").status_code,
        manager.get("/items/a%00b").status_code,
        manager.get(f"/items/{shelf.items[0]}/streams/a%00b").status_code,
        manager.get(f"/workspaces/{shelf.team.other}/projects").status_code,
        manager.post("/operations/a%00b/undo").status_code,
    ]

    assert all(400 <= status < 500 for status in answers), answers


def test_answers_that_search_does_not_find_are_stranded_too(shelf):
    asked = {"kind": "rubric", "criteria": {"clear": {}, "correct": {}}}

    def begin(fields):
        fields["extra"] = asked
        fields["names"]["labels"]["person"]["attributes"]["extra"] = asked

    assert put(shelf, begin).status_code == 200
    shelf.answer(shelf.team.reviewer, 0, "cards", names=["payer"])

    of_field = put(shelf, lambda fields: begin(fields) or fields.pop("extra"))
    of_label = put(
        shelf, lambda fields: begin(fields) or fields["names"]["labels"]["person"]["attributes"].pop("extra")
    )

    assert [answer.status_code for answer in (of_field, of_label)] == [409, 409]
    assert of_field.json()["problems"][0]["do"].startswith("1 answer would be stranded.")
