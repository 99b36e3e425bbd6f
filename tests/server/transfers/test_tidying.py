"""Media that nobody refers to any more are removed, and nothing else."""

from karat.server.projects.work import empty_bin
from karat.server.transfers.tidying import remove_unused_media

from .test_media import picture

PHOTOS = {
    "karat_schema": 1,
    "streams": {"photo": {"kind": "image"}},
    "fields": {"sort": {"kind": "choice", "options": {"a": {}, "b": {}}}},
}


def prepared(transfers, clock):
    """A project with two pictures, one of them of an item that was deleted for good."""
    project = transfers.team.project(PHOTOS)
    transfers.bring({"a.png": picture(), "b.png": picture(color="red")}, project)
    item = transfers.rows("SELECT id FROM items WHERE key LIKE 'b%'")[0][0]
    assert transfers.team.manager.delete(f"/items/{item}").status_code == 200
    clock.move(days=31)
    empty_bin(transfers.team.server.db)
    return project


def left(transfers):
    app = transfers.team.server.front.app
    return len(list(app.blobs.list("media/"))), len(transfers.rows("SELECT 1 FROM blobs"))


def test_a_purged_items_picture_is_removed_and_the_others_stay(transfers, clock):
    prepared(transfers, clock)
    app = transfers.team.server.front.app

    assert left(transfers) == (2, 2)
    assert remove_unused_media(app.db, app.blobs) == 1
    assert left(transfers) == (1, 1)
    assert remove_unused_media(app.db, app.blobs) == 0


def test_what_was_imported_a_moment_ago_stays(transfers, clock):
    project = prepared(transfers, clock)
    item = transfers.rows("SELECT id FROM items WHERE key LIKE 'a%'")[0][0]
    transfers.team.manager.delete(f"/items/{item}")
    clock.move(days=31)
    empty_bin(transfers.team.server.db)
    transfers.bring({"b.png": picture(color="red")}, project)
    app = transfers.team.server.front.app

    assert remove_unused_media(app.db, app.blobs) == 1
    assert transfers.team.manager.get(f"/projects/{project}/items").json()["items"]
    assert left(transfers) == (1, 1)


def test_nothing_is_removed_while_an_import_waits(transfers, clock, monkeypatch):
    prepared(transfers, clock)
    app = transfers.team.server.front.app
    monkeypatch.setattr(app.jobs, "submit", lambda *_: None)
    upload = transfers.upload({"b.png": picture(color="red")})
    job = transfers.team.manager.post(f"/projects/{transfers.project}/imports", json={"upload": upload}).json()["id"]

    assert remove_unused_media(app.db, app.blobs) == 0
    assert transfers.team.manager.post(f"/jobs/{job}/cancel").status_code == 202
    assert remove_unused_media(app.db, app.blobs) == 1
