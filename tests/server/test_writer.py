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
