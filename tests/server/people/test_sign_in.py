"""Signing in: what is right, what is wrong, and what a guesser learns."""

import threading

import pyotp
import pytest

from karat.server.people import actions

PASSWORD = "five green kettles"


@pytest.fixture
def anna(team):
    """The annotator, who has set a password through a reset link."""
    member = next(m for m in team.owner.get(f"/workspaces/{team.workspace}/members").json() if m["role"] == "annotator")
    url = team.owner.post(f"/workspaces/{team.workspace}/members/{member['id']}/reset").json()["url"]
    answer = team.server.nobody.post(f"/links/{url.rsplit('/', 1)[1]}", json={"password": PASSWORD})
    assert answer.status_code == 201, answer.text
    team.annotator.headers["cookie"] = answer.headers["set-cookie"].split(";")[0]
    return team.annotator


def sign_in(team, email, password=PASSWORD, **more):
    return team.server.nobody.post("/session", json={"email": email, "password": password, **more})


def test_the_right_password_gives_a_session(team, anna):
    answer = sign_in(team, anna.email.upper())

    assert answer.status_code == 201
    assert answer.json()["email"] == anna.email
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    me = team.server.nobody.get("/me", headers={"cookie": cookie.split(";")[0]})
    assert me.json()["workspaces"] == [{"id": team.workspace, "name": "Gold", "role": "annotator"}]


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(team, anna):
    wrong = sign_in(team, anna.email, "not the password")
    unknown = sign_in(team, "nobody@example.org", "not the password")

    assert wrong.status_code == unknown.status_code == 401
    assert {**wrong.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}


def test_guessing_is_slowed_down_and_nobody_is_locked_out(team, anna):
    for _ in range(5):
        assert sign_in(team, anna.email, "wrong").status_code == 401
    # Each further one waits longer; the first wait may be over before a slow machine has checked a password.
    tried = (sign_in(team, anna.email, "wrong") for _ in range(6))
    slowed = next(answer for answer in tried if answer.status_code == 429)

    assert sign_in(team, anna.email).status_code == 429
    assert int(slowed.headers["retry-after"]) >= 1
    team.server.clock.move(seconds=int(slowed.headers["retry-after"]) + 1)
    assert sign_in(team, anna.email).status_code == 201


def test_signing_out_ends_the_session(team, anna):
    assert anna.get("/me").status_code == 200

    assert anna.delete("/session").status_code == 204

    assert anna.get("/me").status_code == 401


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(team, anna):
    other = sign_in(team, anna.email).headers["set-cookie"].split(";")[0]

    changed = anna.post("/me/password", json={"current": PASSWORD, "new": "six yellow teapots"})

    assert changed.status_code == 204
    assert team.server.nobody.get("/me", headers={"cookie": other}).status_code == 401
    assert anna.get("/me").status_code == 200
    assert sign_in(team, anna.email).status_code == 401
    assert sign_in(team, anna.email, "six yellow teapots").status_code == 201


@pytest.mark.parametrize(("revokes", "after"), [(False, 200), (True, 401)])
def test_a_new_password_keeps_or_revokes_the_tokens_by_choice(team, anna, revokes, after):
    token = anna.token("write")

    changed = anna.post(
        "/me/password", json={"current": PASSWORD, "new": "six yellow teapots", "revoke_tokens": revokes}
    )

    assert changed.status_code == 204
    assert token.get("/me").status_code == after
    assert anna.get("/me").status_code == 200


def test_a_new_password_ends_open_reset_links(team, anna):
    member = next(m for m in team.owner.get(f"/workspaces/{team.workspace}/members").json() if m["role"] == "annotator")
    link = team.owner.post(f"/workspaces/{team.workspace}/members/{member['id']}/reset").json()["url"].rsplit("/", 1)[1]

    anna.post("/me/password", json={"current": PASSWORD, "new": "six yellow teapots"})

    assert team.server.nobody.post(f"/links/{link}", json={"password": PASSWORD}).status_code == 410


def test_an_unknown_account_costs_the_same_hash_and_no_answer_waits_for_the_audit(team, anna, monkeypatch):
    """A hash of other parameters, or a commit before the answer, would tell which addresses have an account."""
    passwords = team.server.front.app.passwords
    verified, may_note = [], threading.Event()
    real = passwords._hasher.verify

    def verify(password, hashed):
        verified.append(hashed.rsplit("$", 2)[0])
        return real(password, hashed)

    monkeypatch.setattr(passwords._hasher, "verify", verify)
    monkeypatch.setattr(actions, "note_everywhere", lambda *_, **__: may_note.wait(20))
    try:
        answers = [sign_in(team, email, "not the password").status_code for email in (anna.email, "nobody@example.org")]
        waited = may_note.is_set()
    finally:
        may_note.set()

    assert answers == [401, 401] and not waited
    assert len(verified) == 2 and verified[0] == verified[1]


def test_a_new_password_needs_the_old_one_and_some_length(team, anna):
    wrong = anna.post("/me/password", json={"current": "not it", "new": "six yellow teapots"})
    short = anna.post("/me/password", json={"current": PASSWORD, "new": "short"})

    assert wrong.status_code == 422 and wrong.json()["problems"][0]["path"] == "current"
    assert short.status_code == 422 and short.json()["problems"][0]["path"] == "new"


def test_sessions_are_listed_and_each_can_be_ended(team, anna):
    sign_in(team, anna.email)
    listed = anna.get("/me/sessions").json()
    other = next(s for s in listed if not s["current"])

    ended = anna.delete(f"/me/sessions/{other['id']}")

    assert len(listed) == 2 and ended.status_code == 204
    assert [s["current"] for s in anna.get("/me/sessions").json()] == [True]


def test_somebody_elses_session_cannot_be_ended(team, anna):
    theirs = anna.get("/me/sessions").json()[0]["id"]

    assert team.owner.delete(f"/me/sessions/{theirs}").status_code == 404
    assert anna.get("/me").status_code == 200


def test_a_session_ends_after_two_weeks_without_use(team, anna):
    team.server.clock.move(days=15)
    team.server.front.app.sessions.forget()

    assert anna.get("/me").status_code == 401


def test_a_second_factor_is_asked_for_and_each_code_works_once(team, anna):
    secret = anna.post("/me/totp").json()["secret"]
    totp, clock = pyotp.TOTP(secret), team.server.clock
    assert anna.put("/me/totp", json={"code": "000000x"}).status_code == 422
    assert anna.put("/me/totp", json={"code": totp.at(clock.now())}).status_code == 204
    used = sign_in(team, anna.email, code=totp.at(clock.now()))
    clock.move(seconds=60)

    without = sign_in(team, anna.email)
    first = sign_in(team, anna.email, code=totp.at(clock.now()))
    second = sign_in(team, anna.email, code=totp.at(clock.now()))

    assert used.status_code == 401
    assert (without.status_code, without.json()["type"]) == (401, "totp-required")
    assert first.status_code == 201 and first.json()["totp"] is True
    assert second.status_code == 401
    assert anna.delete("/me/totp", json={"password": "not it"}).status_code == 422
    assert anna.delete("/me/totp", json={"password": PASSWORD}).status_code == 204
    assert sign_in(team, anna.email).status_code == 201


def test_a_token_cannot_touch_the_account_that_made_it(team):
    token = team.owner.token("admin")

    assert token.get("/me").status_code == 200
    assert token.get("/me/sessions").status_code == 403
    assert token.post("/me/password", json={"current": "x", "new": "six yellow teapots"}).status_code == 403
    assert token.post("/me/totp").status_code == 403
    assert token.post("/workspaces", json={"name": "Mine"}).status_code == 403


def test_the_audit_trail_tells_of_signing_in_and_has_no_secret(team, anna):
    sign_in(team, anna.email, "wrong password")
    sign_in(team, anna.email)

    text = team.owner.get(f"/workspaces/{team.workspace}/audit?limit=100").text

    assert '"session.failed"' in text and '"session.started"' in text and '"password.changed"' in text
    assert PASSWORD not in text and "argon2" not in text and "wrong password" not in text


def test_own_name_and_settings_change_and_settings_are_merged(team):
    team.annotator.patch("/me", json={"settings": {"theme": "dark", "zoom": 2}})

    me = team.annotator.patch("/me", json={"name": "Anna", "settings": {"zoom": None, "font": "large"}}).json()

    assert me["name"] == "Anna" and me["settings"] == {"theme": "dark", "font": "large"}
    members = team.owner.get(f"/workspaces/{team.workspace}/members").json()
    assert "Anna" in [m["name"] for m in members]
