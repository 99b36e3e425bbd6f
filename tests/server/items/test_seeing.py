"""Who sees which item, how much of it, and its content."""

import hashlib
import io
import json

from PIL import Image

from karat.server.media.storing import store


def give(shelf, n, stream):
    """Put a stream in the place of an item's text."""

    def change(tx):
        tx.run("UPDATE items SET streams = :s WHERE id = :id", s=json.dumps({"text": stream}), id=shelf.items[n])

    shelf.team.server.db.write_now(change)


def keep(shelf, tmp_path, data, media_type):
    """Keep content as an import does."""
    app = shelf.team.server.front.api.state.app
    digest = hashlib.sha256(data).hexdigest()
    path = tmp_path / digest
    path.write_bytes(data)
    workspace = app.db.read_now(
        lambda tx: tx.run("SELECT n FROM workspaces WHERE id = :id", id=shelf.team.workspace)[0][0]
    )
    store(app.blobs, workspace, digest, path, move=False)
    app.db.write_now(
        lambda tx: tx.run(
            "INSERT INTO blobs (workspace, sha256, size, media_type, at) VALUES (:w, :s, :n, :t, '')",
            w=workspace,
            s=digest,
            n=len(data),
            t=media_type,
        )
    )
    return digest


def picture(format="PNG", width=800, height=600):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, format)
    return out.getvalue()


def test_an_annotator_sees_only_what_they_were_given_and_only_their_own_answers(shelf):
    annotator = shelf.team.annotator
    task = annotator.post(f"/projects/{shelf.project}/claims", json={"count": 1}).json()["tasks"][0]
    n = shelf.items.index(task["item"]["id"])
    shelf.answer(shelf.team.reviewer, n, "loans")

    mine = annotator.get(f"/items/{shelf.items[n]}").json()
    other = annotator.get(f"/items/{shelf.items[n + 1]}")
    other_stream = annotator.get(f"/items/{shelf.items[n + 1]}/streams/text")
    content = annotator.get(f"/items/{shelf.items[n]}/streams/text")

    hidden = ("key", "state", "stage", "responses_count", "disagreement", "created_at", "changed_at", "split_group")
    assert [mine[name] for name in hidden] == [None] * len(hidden)
    assert mine["responses"] == []
    assert (other.status_code, other_stream.status_code) == (404, 404)
    assert content.text == "My card is lost"


def test_a_reviewer_sees_everything_said(shelf):
    shelf.answer(shelf.team.reviewer, 0, "loans")
    shelf.answer(shelf.team.manager, 0, "cards", note="sure")

    body = shelf.item(0).json()

    assert {(r["author"]["name"], r["annotations"][0]["value"]) for r in body["responses"]} == {
        ("Reviewer", "loans"),
        ("Manager", "cards"),
    }
    assert (body["responses_count"], body["key"]) == (2, "item-0000000")


def test_two_responses_are_compared_field_by_field(shelf):
    a = shelf.answer(shelf.team.reviewer, 0, "loans", note="abcd")
    b = shelf.answer(shelf.team.manager, 0, "cards", note="abcx")

    found = {d["field"]: d for d in shelf.team.reviewer.get(f"/items/{shelf.items[0]}/differences?a={a}&b={b}").json()}
    unknown = shelf.team.reviewer.get(f"/items/{shelf.items[1]}/differences?a={a}&b={b}").status_code

    assert (found["topic"]["distance"], found["note"]["distance"], found["names"]["distance"]) == (1.0, 0.25, 0.0)
    assert unknown == 404


def test_content_is_sent_so_that_nothing_in_it_can_run(shelf, tmp_path):
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    give(shelf, 0, {"kind": "image", "ref": {"blob": keep(shelf, tmp_path, svg, "image/svg+xml")}, "name": "a.svg"})

    sent = shelf.team.reviewer.get(f"/items/{shelf.items[0]}/streams/text")
    text = shelf.team.reviewer.get(f"/items/{shelf.items[1]}/streams/text")

    for answer in (sent, text):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    assert sent.headers["content-type"].startswith("application/octet-stream")
    assert sent.headers["content-disposition"].startswith("attachment")
    assert text.headers["content-type"] == "text/plain; charset=utf-8"


def test_pictures_come_whole_in_part_or_small(shelf, tmp_path):
    data = picture()
    give(shelf, 0, {"kind": "image", "ref": {"blob": keep(shelf, tmp_path, data, "image/png")}})
    url = f"/items/{shelf.items[0]}/streams/text"

    whole = shelf.team.reviewer.get(url)
    part = shelf.team.reviewer.get(url, headers={"range": "bytes=1-3"})
    same = shelf.team.reviewer.get(url, headers={"if-none-match": whole.headers["etag"]})
    small = shelf.team.reviewer.get(f"{url}?size=thumb")
    wrong = shelf.team.reviewer.get(f"{url}?size=huge")

    assert (whole.content, whole.headers["content-type"]) == (data, "image/png")
    assert (part.status_code, part.content) == (206, b"PNG")
    assert same.status_code == 304
    assert Image.open(io.BytesIO(small.content)).size == (320, 240)
    assert wrong.status_code == 422


def test_a_picture_that_no_browser_shows_comes_in_a_form_that_all_do(shelf, tmp_path):
    data = picture("TIFF")
    give(shelf, 0, {"kind": "image", "ref": {"blob": keep(shelf, tmp_path, data, "image/tiff")}})
    url = f"/items/{shelf.items[0]}/streams/text"

    stored = shelf.team.reviewer.get(url)
    shown = shelf.team.reviewer.get(f"{url}?size=screen")

    assert (stored.content, stored.headers["content-type"]) == (data, "application/octet-stream")
    assert (shown.headers["content-type"], shown.headers["x-content-type-options"]) == ("image/png", "nosniff")
    assert Image.open(io.BytesIO(shown.content)).size == Image.open(io.BytesIO(data)).size


def test_what_is_not_there_is_not_there(shelf, tmp_path):
    give(shelf, 0, {"kind": "image", "ref": {"uri": "https://example.org/a.png"}})
    give(shelf, 1, {"kind": "image", "ref": {"blob": "0" * 64}})

    answers = [
        shelf.team.reviewer.get(f"/items/{shelf.items[0]}/streams/text").status_code,
        shelf.team.reviewer.get(f"/items/{shelf.items[1]}/streams/text").status_code,
        shelf.team.reviewer.get(f"/items/{shelf.items[2]}/streams/photo").status_code,
        shelf.team.reviewer.get("/items/nothing").status_code,
        shelf.team.stranger.get(f"/items/{shelf.items[2]}").status_code,
        shelf.team.stranger.get(f"/items/{shelf.items[2]}/streams/text").status_code,
        shelf.team.stranger.get(f"/items/{shelf.items[2]}/differences?a=x&b=y").status_code,
    ]

    assert answers == [409, 404, 404, 404, 404, 404, 404]
