"""Changing one item or many, and taking that back."""

from karat.server.items import actions, work


def keys_in_queue(shelf):
    rows = shelf.team.server.db.read_now(lambda tx: tx.run("SELECT i.id FROM queue q JOIN items i ON i.n = q.item"))
    return sorted(shelf.items.index(row[0]) for row in rows)


def counts(shelf):
    return shelf.team.manager.get(f"/projects/{shelf.project}").json()["counts"]


def test_an_edit_is_a_new_revision_under_the_one_that_was_read(shelf):
    first = shelf.item(0, shelf.team.manager)
    url, match = f"/items/{shelf.items[0]}", {"if-match": first.headers["etag"]}

    without = shelf.team.manager.patch(url, json={"tags": ["a"]})
    edited = shelf.team.manager.patch(
        url, json={"tags": ["a", "a"], "metadata": {"site": "oslo", "n": 2}, "split_group": "g"}, headers=match
    )
    late = shelf.team.manager.patch(url, json={"tags": []}, headers=match)

    assert (without.status_code, edited.status_code, late.status_code) == (428, 200, 412)
    body = edited.json()
    assert (body["revision"], body["tags"], body["metadata"], body["split_group"]) == (
        2,
        ["a"],
        {"site": "oslo", "n": 2},
        "g",
    )
    assert shelf.numbers({"tag": "a"}) == [0]


def test_bad_metadata_and_tags_are_problems(shelf):
    bad = [
        {"metadata": {"": 1}},
        {"metadata": {"a\nb": 1}},
        {"metadata": {"a": {"b": 1}}},
        {"metadata": {"a": 2**60}},
        {"metadata": {"a": "x" * 70_000}},
        {"metadata": {"a": "\u0000"}},
        {"tags": [""]},
        {"tags": ["x" * 101]},
        {"tags": [1]},
        {"size": 1},
    ]
    etag = {"if-match": shelf.item(0).headers["etag"]}

    answers = [
        shelf.team.manager.patch(f"/items/{shelf.items[0]}", json=body, headers=etag).status_code for body in bad
    ]

    assert answers == [422] * len(bad)


def test_a_deleted_item_is_gone_and_can_be_had_back(shelf):
    shelf.answer(shelf.team.reviewer, 1, "cards")
    before = counts(shelf)

    operation = shelf.team.manager.delete(f"/items/{shelf.items[1]}").json()
    gone = (
        shelf.item(1).status_code,
        counts(shelf),
        shelf.numbers({"label": {"field": "topic", "label": "cards"}}),
        keys_in_queue(shelf),
    )
    undone = shelf.team.manager.post(f"/operations/{operation['id']}/undo").json()

    assert gone == (404, {**before, "items": 6, "open": 6, "responses": 0}, [], [0, 2, 3, 4, 5, 6])
    assert (undone["changed"], undone["kept"]) == (1, 0)
    assert counts(shelf) == before
    assert shelf.numbers({"label": {"field": "topic", "label": "cards"}}) == [1]
    assert keys_in_queue(shelf) == [0, 1, 2, 3, 4, 5, 6]


def test_a_bulk_change_is_one_operation_that_can_be_undone_and_redone(shelf):
    done = shelf.bulk(
        action="tag", filter={"all": [{"key": {"op": "le", "value": "item-0000002"}}]}, value="check"
    ).json()
    tagged = shelf.numbers({"tag": "check"})

    undone = shelf.team.manager.post(f"/operations/{done['id']}/undo").json()
    after_undo = shelf.numbers({"tag": "check"})
    again = shelf.team.manager.post(f"/operations/{done['id']}/undo").status_code
    shelf.team.manager.post(f"/operations/{undone['id']}/undo")

    assert (done["changed"], tagged) == (3, [0, 1, 2])
    assert (undone["undoes"], after_undo, again) == (done["id"], [], 409)
    assert shelf.numbers({"tag": "check"}) == [0, 1, 2]


def test_undo_keeps_what_was_changed_since_and_says_so(shelf):
    done = shelf.bulk(action="metadata", ids=shelf.items[:3], value={"site": "oslo"}).json()
    shelf.edit(1, metadata={"site": "rome"})

    undone = shelf.team.manager.post(f"/operations/{done['id']}/undo").json()

    assert (undone["changed"], undone["kept"], undone["kept_items"]) == (2, 1, [shelf.items[1]])
    assert shelf.item(0).json()["metadata"] == {}
    assert shelf.item(1).json()["metadata"] == {"site": "rome"}


def test_untag_and_metadata_with_null(shelf):
    shelf.edit(0, tags=["a", "b"], metadata={"x": 1, "y": "z"})

    shelf.bulk(action="untag", ids=[shelf.items[0]], value="a")
    shelf.bulk(action="metadata", ids=[shelf.items[0]], value={"x": None, "w": [" "]})

    item = shelf.item(0).json()
    assert (item["tags"], item["metadata"]) == (["b"], {"y": "z", "w": [" "]})


def test_asking_again_is_taken_back_as_any_other_change(shelf, until):
    wanted = "SELECT max(wanted) FROM exceptions"
    requeued = shelf.bulk(action="requeue", ids=[shelf.items[0]], value=2).json()
    asked = shelf.team.server.db.read_now(lambda tx: tx.run(wanted)[0][0])

    undone = shelf.team.manager.post(f"/operations/{requeued['id']}/undo").json()

    job = until(lambda: shelf.team.manager.get(f"/jobs/{undone['job']}").json(), lambda job: job["state"] == "done")
    assert (requeued["changed"], requeued["can_undo"], asked, job["result"]["changed"]) == (1, True, 2, 1)
    assert shelf.team.server.db.read_now(lambda tx: tx.run(wanted)[0][0]) is None
    assert shelf.team.manager.post(f"/operations/{undone['id']}/undo").status_code == 409


def test_more_items_than_one_transaction_holds_are_changed_by_a_job(shelf, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 3)
    monkeypatch.setattr(work, "CHUNK", 3)

    started = shelf.bulk(action="tag", filter={}, value="all")
    job = shelf.wait(started.json()["job"])
    tagged = shelf.numbers({"tag": "all"})
    undo = shelf.team.manager.post(f"/operations/{started.json()['id']}/undo")
    undo_job = shelf.wait(undo.json()["job"])

    assert (started.status_code, undo.status_code) == (202, 202)
    assert (job["state"], job["result"]["changed"], tagged) == ("done", 7, [0, 1, 2, 3, 4, 5, 6])
    assert (undo_job["state"], undo_job["result"]["changed"]) == ("done", 7)
    assert shelf.numbers({"tag": "all"}) == []


def test_a_job_that_untags_what_it_filters_by_passes_over_nothing(shelf, monkeypatch):
    shelf.bulk(action="tag", filter={}, value="all")
    monkeypatch.setattr(actions, "CHUNK", 2)
    monkeypatch.setattr(work, "CHUNK", 2)

    job = shelf.wait(shelf.bulk(action="untag", filter={"all": [{"tag": "all"}]}, value="all").json()["job"])

    assert job["result"]["changed"] == 7
    assert shelf.numbers({"tag": "all"}) == []


def test_bad_bulk_changes_are_problems(shelf):
    bad = [
        {"action": "tag", "value": "a"},
        {"action": "tag", "value": "a", "ids": [], "filter": {}},
        {"action": "tag", "filter": {}},
        {"action": "metadata", "filter": {}, "value": "a"},
        {"action": "metadata", "filter": {}, "value": {"a\u0000": 1}},
        {"action": "delete", "filter": {}, "value": "a"},
        {"action": "requeue", "filter": {}, "value": 0},
        {"action": "paint", "filter": {}},
        {"action": "tag", "filter": {"all": [{"colour": 1}]}, "value": "a"},
    ]

    answers = [shelf.bulk(**body).status_code for body in bad]

    assert answers == [422] * len(bad)
    assert counts(shelf)["items"] == 7


def test_metadata_from_csv_names_lines_and_unknown_keys(shelf):
    url = f"/projects/{shelf.project}/metadata"
    csv = "key,site,score,night\nitem-0000000,Oslo,1.5,true\nitem-0000001,,007,\nnobody,Rome,1,false\n"

    done = shelf.team.manager.post(url, content=csv.encode()).json()
    broken = shelf.team.manager.post(url, content=b"key,site\nitem-0000000\n")
    emptied = shelf.team.manager.post(f"{url}?empty=remove", content=b"key,site\nitem-0000000,\n").json()

    assert (done["changed"], done["unknown"]) == (2, ["nobody"])
    assert shelf.item(1).json()["metadata"] == {"score": "007"}
    assert (broken.status_code, broken.json()["problems"][0]["line"]) == (422, 2)
    assert emptied["changed"] == 1
    assert shelf.item(0).json()["metadata"] == {"score": 1.5, "night": True}


def test_bad_tables_are_problems(shelf):
    url = f"/projects/{shelf.project}/metadata"
    bad = [
        b"",
        b"key\n",
        b"key,a,a\nx,1,2\n",
        b'key,a\nx,"1\n',
        b"key,a\nx,\xff\n",
        b"key,\x00\nx,1\n",
        b"key,a\nx,\x00\n",
    ]

    answers = [shelf.team.manager.post(url, content=body).status_code for body in bad]

    assert answers == [422] * len(bad)


def test_a_large_table_is_a_job(shelf, monkeypatch):
    monkeypatch.setattr(actions, "CHUNK", 3)
    monkeypatch.setattr(work, "CHUNK", 3)
    rows = "".join(f"item-{n:07},{n}\n" for n in range(9))

    started = shelf.team.manager.post(
        f"/projects/{shelf.project}/metadata", content=f"key,score\n{rows}".encode()
    ).json()
    job = shelf.wait(started["job"])

    assert (job["state"], job["result"]["changed"], job["result"]["unknown_keys"]) == (
        "done",
        7,
        ["item-0000007", "item-0000008"],
    )
    assert shelf.numbers({"metadata": {"key": "score", "op": "ge", "value": 5}}) == [5, 6]


def test_only_managers_change_items_and_no_stranger_learns_of_them(shelf):
    item = shelf.items[0]
    operation = shelf.bulk(action="tag", ids=[item], value="a").json()["id"]

    def asked(who):
        return [
            who.patch(f"/items/{item}", json={}, headers={"if-match": '"1"'}).status_code,
            who.delete(f"/items/{item}").status_code,
            shelf.bulk(who=who, action="tag", ids=[item], value="a").status_code,
            who.post(f"/operations/{operation}/undo").status_code,
            who.post(f"/projects/{shelf.project}/metadata", content=b"key,a\nx,1\n").status_code,
        ]

    assert asked(shelf.team.annotator) == [403] * 5
    assert asked(shelf.team.reviewer) == [403] * 5
    assert asked(shelf.team.stranger) == [404] * 5


def test_an_archived_projects_items_stay_as_they_are(shelf):
    shelf.team.manager.post(f"/projects/{shelf.project}/archive")

    assert shelf.bulk(action="tag", filter={}, value="a").status_code == 409
    assert len(shelf.numbers()) == 7
