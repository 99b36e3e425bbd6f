"""The one writer of SQLite goes on whatever becomes of those who asked it for something."""

import threading

import pytest

from karat.model.ids import RealClock
from karat.server.database import connect
from karat.server.settings import Settings


@pytest.fixture
def db(tmp_path):
    db = connect(Settings(data=tmp_path), clock=RealClock())
    db.start() if not db._writer.is_alive() else None
    yield db
    db.close()


def test_a_chunk_that_nobody_waits_for_any_more_is_left_out_and_the_next_is_done(db):
    is_busy, may_go = threading.Event(), threading.Event()
    done = []

    def hold(tx):
        is_busy.set()
        may_go.wait(10)

    held = db.write_bulk(hold)
    assert is_busy.wait(10)
    dropped = db.write_bulk(lambda tx: done.append("dropped"))
    kept = db.write_bulk(lambda tx: done.append("kept"))
    assert dropped.cancel()
    may_go.set()

    held.result(10)
    kept.result(10)
    assert done == ["kept"]
    assert db.write_now(lambda tx: tx.run("SELECT 1")) == [(1,)]


def test_work_that_has_begun_cannot_be_called_off(db):
    is_busy, may_go = threading.Event(), threading.Event()

    def work(tx):
        is_busy.set()
        may_go.wait(10)
        return "done"

    begun = db.write_bulk(work)
    assert is_busy.wait(10)
    assert not begun.cancel()
    may_go.set()
    assert begun.result(10) == "done"


def test_what_people_are_told_is_on_the_disk_and_chunks_of_jobs_do_not_wait_for_it(db):
    def durability(tx):
        return tx.run("PRAGMA synchronous")[0][0]

    full, normal = 2, 1
    assert db.write_bulk(durability).result(10) == normal
    assert db.write_now(durability) == full
    assert db.write_bulk(durability).result(10) == normal


def test_a_statement_that_fails_among_others_spoils_neither_its_error_nor_what_comes_after(server):
    db = server.db
    db.write_now(lambda tx: tx.run("CREATE TABLE once (n int PRIMARY KEY)"))

    def twice(tx):
        tx.put("INSERT INTO once VALUES (1)")
        tx.put("INSERT INTO once VALUES (1)")
        tx.put("INSERT INTO once VALUES (2)")
        return tx.run("SELECT count(*) FROM once")

    def last(tx):
        tx.put("INSERT INTO once VALUES (3)")
        tx.put("INSERT INTO once VALUES (3)")

    # More often than it takes a driver to prepare a statement for its next use.
    for _ in range(8):
        for act in (twice, last):
            with pytest.raises(Exception, match=r"(?i)unique"):
                db.write_now(act)
    assert db.write_now(lambda tx: tx.run("SELECT count(*) FROM once")) == [(0,)]
    assert db.read_now(lambda tx: tx.run("SELECT count(*) FROM once")) == [(0,)]
