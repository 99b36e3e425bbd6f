"""Repeating a POST with the same key: done once, answered the same."""

from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def make(team):
    """Makes a project with a key."""

    def post(key, title="Topics", who=None):
        body = {
            "title": title,
            "schema_yaml": "karat_schema: 1\nstreams: {text: {kind: text}}\nfields: {note: {kind: text}}\n",
        }
        return (who or team.manager).post(
            f"/workspaces/{team.workspace}/projects", json=body, headers={"idempotency-key": key}
        )

    return post


def count(team):
    return len(team.manager.get(f"/workspaces/{team.workspace}/projects").json()["items"])


def test_a_repeat_gives_the_first_answer_and_does_nothing(team, make):
    first, second = make("k1"), make("k1")

    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second.headers["idempotent-replay"] == "true"
    assert count(team) == 1


def test_the_same_key_with_another_body_is_refused(team, make):
    make("k1")

    answer = make("k1", title="Other")

    assert answer.status_code == 422 and answer.json()["problems"][0]["path"] == "Idempotency-Key"
    assert count(team) == 1


def test_keys_belong_to_their_person(team, make):
    assert make("k1").status_code == make("k1", who=team.owner).status_code == 201
    assert count(team) == 2


def test_of_many_at_once_one_is_done(team, make):
    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(answer.status_code for answer in pool.map(lambda _: make("k1"), range(6)))

    assert count(team) == 1
    assert set(statuses) <= {201, 409}
    assert make("k1").status_code == 201


def test_a_refused_request_may_be_tried_again_with_its_key(team, make):
    refused = team.manager.post(
        f"/workspaces/{team.workspace}/projects", json={"title": "x"}, headers={"idempotency-key": "k1"}
    )

    assert refused.status_code == 422
    assert make("k1").status_code == 201


def test_a_key_is_forgotten_after_a_day(team, make):
    make("k1")
    team.server.clock.move(hours=25)

    assert make("k1").status_code == 201
    assert count(team) == 2


def test_an_answer_with_a_secret_is_not_kept(team):
    path = f"/workspaces/{team.workspace}/tokens"
    body = {"name": "ci", "scopes": ["read"]}
    first = team.owner.post(path, json=body, headers={"idempotency-key": "k1"})
    second = team.owner.post(path, json=body, headers={"idempotency-key": "k1"})

    assert first.status_code == 201 and second.status_code == 409
    kept = team.server.db.read_now(lambda tx: tx.run("SELECT body FROM idempotency"))
    assert all(first.json()["token"] not in row[0] for row in kept)
    assert len(team.owner.get(path).json()) == 1
