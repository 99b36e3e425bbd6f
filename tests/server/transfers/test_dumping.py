"""An export that is killed goes on after the last part, and all of it is of one state."""

import time

import pytest

from karat.formats.jsonl import line_of
from karat.server.access import Actor, enter_project
from karat.server.transfers.dumping import Dump
from karat.server.transfers.snapshot import Snapshot, Wish

WISH = Wish(which="all")
ROWS = b"id,text,topic\n" + b"".join(b"%d,text %d,cards\n" % (n, n) for n in range(25))


class KilledError(Exception):
    """The process is gone."""


def dies(items: int) -> None:
    if items >= 15:
        raise KilledError


@pytest.fixture
def killed(transfers, tmp_path):
    """A dump of 25 items in parts of five that broke off after three parts."""
    transfers.bring(
        {"data.csv": ROWS}, mapping={"key": "id", "streams": {"text": "text"}, "fields": {"topic": "topic"}}
    )

    with pytest.raises(KilledError):
        dump(transfers, tmp_path, WISH, dies)
    return transfers


def scope_of(tx, transfers):
    manager = transfers.team.manager
    return enter_project(
        tx, Actor(manager.login, manager.id, manager.name, manager.email), "export", project=transfers.project
    )


def dump(transfers, folder, wish=WISH, told=lambda _items: None):
    def read(tx):
        made = Dump(tx, scope_of(tx, transfers), wish, folder / "parts", part_items=5)
        made.make(told)
        return made

    return transfers.team.server.db.read_now(read)


def state(transfers, wish=WISH):
    def read(tx):
        return b"".join(line_of(record) for _, record in Snapshot(tx, scope_of(tx, transfers), wish).records())

    return transfers.team.server.db.read_now(read)


def item(transfers, key):
    return transfers.rows("SELECT id FROM items WHERE key = :key", key=key)[0][0]


def test_it_goes_on_after_the_last_part(killed, tmp_path):
    again = dump(killed, tmp_path)

    assert again.kept == 15
    assert b"".join(again.records().lines()) == state(killed)
    assert sum(part.items for part in again.parts) == 25


def test_a_part_in_which_something_changed_is_read_anew(killed, tmp_path):
    manager = killed.team.manager
    path = f"/items/{item(killed, '7')}"
    changed = manager.patch(path, json={"tags": ["hard"]}, headers={"if-match": manager.get(path).headers["etag"]})
    assert changed.status_code == 200, changed.text
    assert manager.delete(f"/items/{item(killed, '1')}").status_code == 200

    again = dump(killed, tmp_path)

    assert again.kept == 5
    assert b"".join(again.records().lines()) == state(killed)


def test_a_part_with_a_changed_answer_is_read_anew(killed, tmp_path):
    update = b"id,text,topic\n8,text 8,loans\n30,text 30,cards\n"
    mapping = {"key": "id", "streams": {"text": "text"}, "fields": {"topic": "topic"}}
    assert killed.bring({"data.csv": update}, mapping=mapping, update=True)["result"]["responses_updated"] == 1

    assert b"".join(dump(killed, tmp_path).records().lines()) == state(killed)


def test_a_damaged_part_is_read_anew(killed, tmp_path):
    path = sorted((tmp_path / "parts").glob("*.jsonl"))[0]
    path.write_bytes(path.read_bytes()[:-10])

    again = dump(killed, tmp_path)

    assert again.kept == 10
    assert b"".join(again.records().lines()) == state(killed)


def test_another_wish_starts_over(killed, tmp_path):
    wish = Wish(which="all", filter={"all": [{"key": {"op": "eq", "value": "7"}}]})
    again = dump(killed, tmp_path, wish)

    assert again.kept == 0
    assert b"".join(again.records().lines()) == state(killed, wish)


def test_an_export_of_the_consensus_goes_on_where_nothing_was_merged_meanwhile(killed, tmp_path):
    wish = Wish(which="consensus")
    settled(killed)
    with pytest.raises(KilledError):
        dump(killed, tmp_path, wish, dies)
    again = dump(killed, tmp_path, wish)
    killed.team.server.db.write_now(
        lambda tx: tx.run("UPDATE consensus SET at = :at WHERE item = (SELECT min(item) FROM consensus)", at=tx.now())
    )
    third = dump(killed, tmp_path, wish)

    assert (again.kept, third.kept) == (15, 20)
    assert b"".join(third.records().lines()) == state(killed, wish)


def settled(transfers):
    """Wait until each of the 25 items has a consensus."""
    until = time.monotonic() + 30
    while transfers.rows("SELECT count(DISTINCT item) FROM consensus")[0][0] < 25 and time.monotonic() < until:
        time.sleep(0.05)
    assert transfers.rows("SELECT count(DISTINCT item) FROM consensus") == [(25,)]
