"""Backup and restore: everything, consistent while people work, from either database into either."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from karat.adapters import open_blobs
from karat.model.problem import Refused
from karat.server.access import Actor
from karat.server.backup import backup, restore, verify
from karat.server.database import connect
from karat.server.people import actions
from karat.server.settings import Settings
from karat.server.tables import metadata
from karat.testing.labeling import Work

# What servers note of themselves moves on while a test looks.
LEFT_OUT = {"idempotency", "cursors", "overdue", "counting", "recounting", "rolling", "events"}


def contents(settings):
    """Every row of every table."""
    db = connect(settings)
    try:
        with db.engine().connect() as connection:
            found = {}
            for table in metadata.sorted_tables:
                if table.name not in LEFT_OUT:
                    found[table.name] = sorted(map(tuple, connection.execute(sa.select(table))), key=repr)
            connection.rollback()
            return found
    finally:
        db.close()


@pytest.fixture
def filled(team, settings):
    """An installation with people, a project and a file."""
    project = team.project()
    open_blobs(settings).put("media/1/ab/abc", b"picture" * 300_000)
    open_blobs(settings).put("jobs/1/files/export.jsonl", b"{}")
    return project


@pytest.fixture
def elsewhere(tmp_path):
    return Settings(data=tmp_path / "elsewhere", job_library="threads")


def test_a_restored_installation_has_every_row_and_file(filled, settings, elsewhere, tmp_path):
    backup(settings, tmp_path / "b.tar.zst")

    manifest = restore(elsewhere, tmp_path / "b.tar.zst")

    before, after = contents(settings), contents(elsewhere)
    before["audit"] = [row for row in before["audit"] if "backup.made" not in row]
    assert after == before
    assert b"".join(open_blobs(elsewhere).read("media/1/ab/abc")) == b"picture" * 300_000
    assert manifest.rows["projects"] == 1 and manifest.missing == []


def test_it_goes_into_the_other_database_and_back(filled, settings, elsewhere, tmp_path, database):
    if not database:
        pytest.skip("the way there and back is walked from PostgreSQL")
    back = Settings(data=tmp_path / "back", database=_another(database))
    backup(settings, tmp_path / "first.tar.zst")
    restore(elsewhere, tmp_path / "first.tar.zst")
    backup(elsewhere, tmp_path / "second.tar.zst")

    restore(back, tmp_path / "second.tar.zst")
    restore(back, tmp_path / "second.tar.zst", replace=True)

    before, after = contents(elsewhere), contents(back)
    before["audit"] = after["audit"] = []
    assert after == before
    assert len(after["projects"]) == 1 and len(after["logins"]) == 5


def test_events_go_on_in_order_behind_the_restored_ones(filled, settings, elsewhere, tmp_path):
    backup(settings, tmp_path / "b.tar.zst")
    restore(elsewhere, tmp_path / "b.tar.zst")
    db = connect(elsewhere)

    xids = db.read_now(lambda tx: tx.run("SELECT DISTINCT xid FROM events"))

    assert [tuple(row) for row in xids] in ([(0,)], [])
    db.close()


def test_a_database_in_use_is_not_replaced(filled, settings, tmp_path, database):
    if not database:
        pytest.skip("the embedded database has a lock of its own")
    backup(settings, tmp_path / "b.tar.zst")

    with pytest.raises(Refused, match="other connections"):
        restore(settings, tmp_path / "b.tar.zst", replace=True)


def test_a_restored_installation_goes_on(filled, settings, elsewhere, tmp_path):
    backup(settings, tmp_path / "b.tar.zst")
    restore(elsewhere, tmp_path / "b.tar.zst")
    db = connect(elsewhere)

    made = db.write_now(actions.create_workspace, "New")

    assert made.n > max(row[0] for row in contents(settings)["workspaces"]) - 1
    db.close()


def test_a_backup_is_one_moment_while_people_work(server, settings, elsewhere, tmp_path):
    """Two rows are always written together; no backup has one without the other."""
    stop = threading.Event()

    def both(tx, n):
        tx.run("INSERT INTO workspaces (id, name, created_at) VALUES (:id, 'x', '')", id=f"a{n}")
        tx.run("INSERT INTO logins (id, email, name, created_at) VALUES (:id, :id, 'x', '')", id=f"a{n}")

    def work():
        n = 0
        while not stop.is_set():
            server.db.write_now(both, n)
            n += 1

    writer = threading.Thread(target=work)
    writer.start()
    try:
        manifests = [backup(settings, tmp_path / f"{n}.tar.zst") for n in range(3)]
    finally:
        stop.set()
        writer.join()

    assert all(m.rows["workspaces"] == m.rows["logins"] for m in manifests)
    assert manifests[-1].rows["workspaces"] > manifests[0].rows["workspaces"]


def test_what_was_acknowledged_before_a_backup_is_in_it_while_eight_people_label(team, settings, tmp_path, database):
    people = [team.another(name=f"P{n}") for n in range(8)]
    actors = [Actor(p.login, p.id, p.name, p.email) for p in people]
    place = Work(
        team.server.db, team.project(), actors, Actor(team.manager.login, team.manager.id, "M", ""), team.server.clock
    )
    place.add(2_000)
    target = Settings(
        data=tmp_path / "restored", database=_another(database) if database else "", job_library="threads"
    )
    blobs, stop, acknowledged = open_blobs(settings), threading.Event(), []

    def label(who):
        while not stop.is_set() and (tasks := place.claim(who, 2)):
            for task in tasks:
                acknowledged.append(place.submit(who, task).receipt.response)

    def keep_files():
        # In the order of an import: the file first, then the row that names it.
        n = 0
        while not stop.is_set():
            blobs.put(f"media/1/aa/{n}", b"picture")
            team.server.db.write_now(
                lambda tx, name: tx.run(
                    "INSERT INTO workspaces (id, name, created_at) VALUES (:id, 'file', '')", id=name
                ),
                f"media/1/aa/{n}",
            )
            n += 1

    with ThreadPoolExecutor(9) as pool:
        working = [*(pool.submit(label, who) for who in actors), pool.submit(keep_files)]
        try:
            while len(acknowledged) < 40 and not any(work.done() for work in working):
                stop.wait(0.01)
            before = list(acknowledged)
            backup(settings, tmp_path / "b.tar.zst")
        finally:
            stop.set()
        for work in working:
            work.result()

    manifest = restore(target, tmp_path / "b.tar.zst")

    rows = contents(target)
    responses = metadata.tables["responses"].columns
    kept = {row[list(responses.keys()).index("id")] for row in rows["responses"]}
    named = [row[1] for row in rows["workspaces"] if row[2] == "file"]
    assert len(before) >= 40 and set(before) <= kept <= set(acknowledged)
    assert len(rows["revisions"]) == len(kept)
    assert named and manifest.missing == []
    assert [name for name in named if open_blobs(target).size(name) != 7] == []


def test_an_installation_is_not_overwritten_by_accident(filled, settings, elsewhere, tmp_path):
    backup(settings, tmp_path / "b.tar.zst")
    restore(elsewhere, tmp_path / "b.tar.zst")

    with pytest.raises(Refused, match="holds an installation"):
        restore(elsewhere, tmp_path / "b.tar.zst")
    assert restore(elsewhere, tmp_path / "b.tar.zst", replace=True).rows["projects"] == 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda b: b[: len(b) // 2],
        lambda b: b[:-30],
        lambda b: b"",
        lambda b: b"no backup at all",
        lambda b: b[:200] + b"\x00\x01" + b[202:],
    ],
)
def test_a_damaged_backup_is_refused_and_changes_nothing(filled, settings, elsewhere, tmp_path, harm):
    file = tmp_path / "b.tar.zst"
    backup(settings, file)
    file.write_bytes(harm(file.read_bytes()))

    with pytest.raises(Refused, match=r"whole file"):
        restore(elsewhere, file)

    assert not (elsewhere.data / "karat.db").exists()


def test_only_its_owner_can_read_a_backup(filled, settings, tmp_path):
    backup(settings, tmp_path / "b.tar.zst")

    assert (tmp_path / "b.tar.zst").stat().st_mode & 0o777 == 0o600
    assert verify(tmp_path / "b.tar.zst")[0].karat_backup == 1


def test_a_running_server_is_not_restored_over(server, settings, elsewhere, tmp_path, database):
    if database:
        pytest.skip("only the embedded database is held by one server")
    backup(settings, tmp_path / "b.tar.zst")

    with pytest.raises(Refused, match="running server"):
        restore(settings, tmp_path / "b.tar.zst", replace=True)


def _another(url):
    import os

    import psycopg

    name = f"t{os.urandom(6).hex()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)
