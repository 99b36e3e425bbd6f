"""What somebody with bad intentions tries. On SQLite alone: none of it depends on the database."""

import uuid

import pyotp
import pytest

from karat.formats import FORMATS
from karat.formats.base import Record, WriteContext
from karat.formats.sinks import FolderSink
from karat.model.item import Item, Ref, Stream
from karat.server.access import Actor
from karat.server.media.places import is_public
from karat.testing.formats import schema as a_schema
from karat.testing.labeling import Work

PASSWORD = "five green kettles"
DIGEST = "SELECT request, body FROM idempotency"


@pytest.fixture
def database() -> str:
    return ""


@pytest.fixture
def work(team):
    """A project whose items two people answer: the annotator and one more, whom the work knows as `ann` and `bob`."""
    bob = team.another(name="Bob")
    actors = [Actor(p.login, p.id, p.name, p.email) for p in (team.annotator, bob, team.manager)]
    made = Work(team.server.db, team.project(overlap=1), actors[:2], actors[2], team.server.clock)
    made.add(1)
    return made, bob


def member(team, role):
    return next(m for m in team.owner.get(f"/workspaces/{team.workspace}/members").json() if m["role"] == role)


def reset(team, person, role, workspace=None):
    return person.post(f"/workspaces/{workspace or team.workspace}/members/{member(team, role)['id']}/reset")


def secret_of(answer):
    assert answer.status_code == 201, answer.text
    return answer.json()["url"].rsplit("/", 1)[1]


def answer_to(task, value="cards"):
    return {
        "item": task["item"]["id"],
        "item_revision": task["item"]["revision"],
        "schema": task["schema"],
        "state": "submitted",
        "covers": {"topic": None},
        "annotations": [
            {"id": "topic", "field": "topic", "kind": "choice", "version": 1, "label": None, "value": value}
        ],
        "active_ms": 1000,
    }


def claim(person, project):
    return person.post(f"/projects/{project}/claims", json={"count": 1}).json()["tasks"][0]


def submit(person, task, response=None, **more):
    return person.put(f"/responses/{response or task['response']['id']}/revisions/1", json={**answer_to(task), **more})


def test_the_id_of_an_answer_cannot_be_computed_from_what_an_annotator_knows(team, work):
    made, _ = work
    task = claim(team.annotator, made.project)
    authors = team.server.db.read_now(lambda tx: [n for (n,) in tx.run("SELECT n FROM authors")])

    computed = {str(uuid.uuid5(uuid.UUID(task["item"]["id"]), str(n))) for n in (*authors, *range(200))}

    assert task["response"]["id"] not in computed


def test_the_id_of_an_answer_stays_the_same_until_it_is_handed_in(team, work):
    made, _ = work
    task = claim(team.annotator, made.project)

    again = team.annotator.post(f"/projects/{made.project}/items/{task['item']['id']}/open", json={}).json()

    assert again["response"] == task["response"]


def test_an_annotator_does_not_learn_that_they_were_surplus_or_left_out(team, work):
    made, bob = work
    task = claim(team.annotator, made.project)
    team.server.clock.move(hours=2)
    other = claim(bob, made.project)
    assert other["item"]["id"] == task["item"]["id"]
    assert submit(bob, other).status_code == 201
    late = submit(team.annotator, task).json()["response"]
    shown = team.reviewer.get(f"/responses/{late}").json()
    assert shown["surplus"] is True
    left_out = {"author": shown["author"]["id"], "reason": "careless"}
    assert team.manager.post(f"/projects/{made.project}/exclusions", json=left_out).status_code in (200, 202)

    own = team.annotator.get(f"/responses/{late}").json()

    assert team.reviewer.get(f"/responses/{late}").json()["excluded"]["reason"] == "careless"
    assert (own["surplus"], own["excluded"]) == (False, None)


def test_asking_for_the_code_does_not_forgive_the_guesses_before(team):
    link = secret_of(reset(team, team.owner, "annotator"))
    team.annotator.headers["cookie"] = (
        team.server.nobody.post(f"/links/{link}", json={"password": PASSWORD}).headers["set-cookie"].split(";")[0]
    )
    secret = team.annotator.post("/me/totp").json()["secret"]
    code = pyotp.TOTP(secret).at(team.server.clock.now())
    assert team.annotator.put("/me/totp", json={"code": code}).status_code == 204
    mine = {"email": team.annotator.email, "password": PASSWORD}

    answers = []
    for _ in range(8):
        answers.append(team.server.nobody.post("/session", json={**mine, "code": "000000"}).status_code)
        answers.append(team.server.nobody.post("/session", json=mine).status_code)

    assert 429 in answers[:12]


def test_a_token_cannot_take_over_an_account_by_a_reset_link(team):
    token = team.owner.token("admin")

    assert reset(team, token, "owner").status_code == 403
    assert reset(team, token, "annotator").status_code == 403
    assert reset(team, team.owner, "annotator").status_code == 201


def test_whoever_is_put_out_does_not_come_back_by_their_own_invite(team):
    second = team.another("owner", "Second")
    invites = [
        second.post(f"/workspaces/{team.workspace}/invites", json={"role": role}) for role in ("owner", "annotator")
    ]
    links = [secret_of(answer) for answer in (*invites, reset(team, second, "manager"))]
    kept = secret_of(team.owner.post(f"/workspaces/{team.workspace}/invites", json={"role": "owner"}))
    row = next(m for m in team.owner.get(f"/workspaces/{team.workspace}/members").json() if m["name"] == "Second")
    assert (
        team.owner.patch(f"/workspaces/{team.workspace}/members/{row['id']}", json={"active": False}).status_code == 200
    )

    new = {"name": "Back", "email": "back@example.org", "password": PASSWORD}
    tried = [team.server.nobody.post(f"/links/{link}", json=new).status_code for link in links]

    assert tried == [410, 410, 410]
    assert team.server.nobody.post(f"/links/{kept}", json=new).status_code == 201


def test_whoever_is_demoted_keeps_the_links_that_they_could_still_make(team):
    second = team.another("owner", "Second")
    above, within = (
        secret_of(second.post(f"/workspaces/{team.workspace}/invites", json={"role": r})) for r in ("owner", "reviewer")
    )
    row = next(m for m in team.owner.get(f"/workspaces/{team.workspace}/members").json() if m["name"] == "Second")
    assert (
        team.owner.patch(f"/workspaces/{team.workspace}/members/{row['id']}", json={"role": "manager"}).status_code
        == 200
    )

    assert team.server.nobody.get(f"/links/{above}").json()["state"] == "expired"
    assert team.server.nobody.get(f"/links/{within}").json()["state"] == "open"


def test_a_reset_link_made_before_its_person_joined_another_workspace_does_not_open_it(team):
    link = secret_of(reset(team, team.owner, "reviewer"))
    joined = secret_of(team.stranger.post(f"/workspaces/{team.other}/invites", json={"role": "manager"}))
    assert team.reviewer.post(f"/links/{joined}", json={}).status_code == 201

    assert team.server.nobody.post(f"/links/{link}", json={"password": PASSWORD}).status_code == 410


def test_not_even_a_hash_of_a_password_is_kept_for_repeating_a_request(team):
    link = secret_of(reset(team, team.owner, "annotator"))
    key = {"idempotency-key": "a"}
    cookie = team.server.nobody.post(f"/links/{link}", json={"password": PASSWORD}).headers["set-cookie"].split(";")[0]
    team.annotator.headers["cookie"] = cookie
    changed = team.annotator.post("/me/password", json={"current": PASSWORD, "new": "six blue kettles"}, headers=key)
    assert changed.status_code == 204
    signed = {"email": team.annotator.email, "password": "six blue kettles"}
    assert team.annotator.post("/session", json=signed, headers=key).status_code == 201

    assert team.server.db.read_now(lambda tx: tx.run(DIGEST)) == []


def test_a_bulk_change_takes_its_key_together_with_what_it_does(team, work):
    made, _ = work
    item = team.manager.get(f"/projects/{made.project}/items").json()["items"][0]["id"]
    taken = []
    real = team.server.db.write

    async def spy(action, /, *args, **kwargs):
        taken.append(action.__name__)
        return await real(action, *args, **kwargs)

    team.server.db.write = spy
    body = {"action": "requeue", "ids": [item], "value": 1}
    team.manager.post(f"/projects/{made.project}/items/bulk", json=body, headers={"idempotency-key": "once"})

    assert "_taking" in taken


def test_the_header_of_a_table_is_no_formula(tmp_path):
    schema = a_schema(
        {
            "karat_schema": 1,
            "streams": {"text": {"kind": "text"}},
            "fields": {"topic": {"kind": "choice", "options": {"a": {}}}},
        }
    )
    item = Item(key="1", streams={"text": Stream("text", Ref(inline="fine"))}, metadata={"=HYPERLINK(1)": "x"})

    FORMATS["csv"].write(FolderSink(tmp_path), [Record(item, ())], WriteContext(schema=schema))

    header = next(tmp_path.glob("*.csv")).read_text("utf-8").splitlines()[0].split(",")
    assert [name for name in header if name.startswith("=")] == []
    assert "'=HYPERLINK(1)" in header


@pytest.mark.parametrize(
    "address",
    ["::7f00:1", "::ffff:127.0.0.1", "fec0::1", "fd00::1", "64:ff9b::7f00:1", "2002:7f00:1::", "0.0.0.0", "100.64.0.1"],
)
def test_an_address_of_this_machine_or_network_is_not_public_however_it_is_written(address):
    assert not is_public(address)


def test_a_filter_with_more_values_than_a_database_takes_is_the_askers_mistake(team, work):
    made, _ = work
    many = [f"v{n}" for n in range(10_000)]
    all_of = [
        {"metadata": {"key": "site", "op": "in", "value": many}},
        {"key": {"op": "in", "value": many}},
        {"ids": many},
    ]

    answer = team.manager.post(
        f"/projects/{made.project}/items/bulk", json={"action": "tag", "value": "x", "filter": {"all": all_of}}
    )

    assert answer.status_code == 422


def test_brackets_without_end_do_not_hold_the_reader_of_schemas(team):
    assert (
        team.annotator.post("/schemas/check", json={"yaml": "[" * 20_000}).json()["problems"][0]["got"]
        == "brackets within brackets"
    )


def test_a_range_of_five_thousand_digits_is_the_askers_mistake(team):
    upload = team.manager.post(f"/projects/{team.project()}/uploads", json={}).json()["id"]

    answer = team.manager.put(
        f"/uploads/{upload}/files/a", content=b"x", headers={"content-range": "bytes 0-0/" + "9" * 5000}
    )

    assert answer.status_code == 422
