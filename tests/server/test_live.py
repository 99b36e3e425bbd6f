"""The stream of events: what each role hears, in the order of commits, and nothing of other workspaces."""

import asyncio
import contextlib
import json

import pytest

from karat.server.access import Actor, enter_workspace
from karat.server.database import connect
from karat.server.live import Listener, Live, newest, places, since
from karat.server.people import actions
from karat.server.session import Sessions
from karat.server.tell import tell


class House:
    """A database with two workspaces and people in them, without HTTP."""

    def __init__(self, db):
        self.db = db
        self.first, self.second = (db.write_now(actions.create_workspace, name).id for name in ("Gold", "Silver"))

    def person(self, role, workspace=None):
        login = self.db.write_now(actions.create_login, email=f"{role}{id(role)}{workspace}@example.org", name=role)
        self.db.write_now(actions.add_member, workspace or self.first, login.n, role)
        cookie = self.db.write_now(actions.start_session, login.n, agent="", address="", days=1)
        return Actor(login.n, login.id, role, "", session="s"), {
            "headers": [(b"cookie", f"karat_session={cookie}".encode())],
            "client": None,
        }

    def happen(self, actor, name="item.changed", workspace=None):
        def act(tx):
            scope = enter_workspace(tx, actor, "workspace.see", workspace=workspace or self.first)
            tell(tx, scope, name, thing="item", id="x")

        self.db.write_now(act)


@pytest.fixture
def house(settings):
    db = connect(settings)
    yield House(db)
    db.close()


async def hear(live, person, parts, wanted):
    """Listen until so many topics were heard."""
    stream = live.stream(*person)
    async for part in stream:
        if part.startswith(b"data: "):
            parts.append(json.loads(part[6:]))
            if len(parts) >= wanted:
                break
    await stream.aclose()


def listening(house, person, wanted, act, seconds=10.0):
    """What a person hears while something is done."""

    async def run():
        live = Live(house.db, Sessions(house.db, days=1))
        live.start()
        heard = []
        task = asyncio.create_task(hear(live, person, heard, wanted))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(act)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(task, seconds)
        await live.stop()
        return heard

    return asyncio.run(run())


def test_a_reviewer_hears_of_what_others_do(house):
    annotator, reviewer = house.person("annotator"), house.person("reviewer")

    heard = listening(house, reviewer, 1, lambda: house.happen(annotator[0], "response.submitted"))

    assert heard == [{"seq": 1, "topic": "response.submitted"}]


def test_an_annotator_hears_of_their_own_doing_only(house):
    annotator, other = house.person("annotator"), house.person("manager")

    def act():
        for _ in range(5):
            house.happen(other[0])
        house.happen(annotator[0], "response.skipped")

    assert listening(house, annotator, 1, act) == [{"seq": 1, "topic": "response.skipped"}]


def test_nobody_hears_of_another_workspace(house):
    owner, stranger = house.person("owner"), house.person("owner", house.second)

    heard = listening(house, owner, 1, lambda: house.happen(stranger[0], workspace=house.second), seconds=1.5)

    assert heard == []


def test_pages_of_people_hear_of_members_and_invites(team):
    owner = Actor(team.owner.login, team.owner.id, "Owner", "")
    db = team.server.db
    before = db.read_now(newest)

    made = team.owner.post(f"/workspaces/{team.workspace}/invites", json={"role": "annotator"}).json()
    team.stranger.post(f"/links/{made['url'].rsplit('/', 1)[1]}", json={})
    member = next(m for m in team.owner.get(f"/workspaces/{team.workspace}/members").json() if m["role"] == "reviewer")
    team.owner.patch(f"/workspaces/{team.workspace}/members/{member['id']}", json={"active": False})

    listener = Listener(owner, db.read_now(places, owner))
    names = []
    for event in db.read_now(since, before):
        listener.hear(event)
        names.append(event.name)
    assert names == ["invite.changed", "member.changed", "invite.changed", "member.changed"]
    assert list(listener.waiting) == ["invite.changed", "member.changed"]


def test_many_events_of_one_topic_are_told_once(house):
    owner = house.person("owner")

    def act():
        for _ in range(50):
            house.happen(owner[0])
        house.happen(owner[0], "project.changed")

    heard = listening(house, owner, 51, act, seconds=4.0)

    assert {part["topic"] for part in heard} == {"item.changed", "project.changed"}
    assert len(heard) < 30


def test_a_stream_ends_with_its_session(house, monkeypatch):
    monkeypatch.setattr("karat.server.live.HEARTBEAT_S", 0.2)
    owner = house.person("owner")

    async def run():
        live = Live(house.db, Sessions(house.db, days=1))
        parts = [part async for part in live.stream(*owner)]
        return parts, live.count

    house.db.write_now(lambda tx: tx.run("DELETE FROM sessions"))
    parts, count = asyncio.run(asyncio.wait_for(run(), 10))

    assert parts[0].startswith(b": listening") and count == 0


def test_events_are_read_in_the_order_of_commits(house, database):
    """On PostgreSQL an event with a smaller number may be committed later; it must not be passed over."""
    if not database:
        pytest.skip("SQLite has one writer, so numbers and commits have one order")
    import psycopg

    insert = "INSERT INTO events (id, at, workspace, actor, name, thing, data, xid) VALUES (%s, '', 1, 1, %s, '{}', '{}', pg_current_xact_id()::text::bigint)"
    cursor = house.db.read_now(newest)
    with psycopg.connect(database) as slow, psycopg.connect(database) as quick:
        slow.execute(insert, ("a", "first"))
        quick.execute(insert, ("b", "second"))
        quick.commit()
        before = house.db.read_now(since, cursor)
        slow.commit()
        after = house.db.read_now(since, cursor)

    assert [event.name for event in before] == []
    assert [event.name for event in after] == ["first", "second"]


def test_the_route_streams_and_needs_somebody(team):
    assert team.server.nobody.get("/events").status_code == 401
