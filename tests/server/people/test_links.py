"""Links: shown once, read without being spent, spent once, too old after their time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

PASSWORD = "five green kettles"


@pytest.fixture
def invite(team):
    answer = team.owner.post(
        f"/workspaces/{team.workspace}/invites", json={"role": "reviewer", "email": "New@Example.org"}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["url"].rsplit("/", 1)[1]


def test_reading_a_link_does_not_spend_it(team, invite):
    for _ in range(3):
        state = team.server.nobody.get(f"/links/{invite}").json()

    assert state["state"] == "open"
    assert (state["purpose"], state["workspace"], state["email"], state["role"]) == (
        "invite",
        "Gold",
        "new@example.org",
        "reviewer",
    )


def test_an_invite_makes_a_member_and_works_once(team, invite):
    body = {"name": "Nora", "password": PASSWORD}
    joined = team.server.nobody.post(f"/links/{invite}", json=body)
    again = team.server.nobody.post(f"/links/{invite}", json=body)

    assert joined.status_code == 201
    assert joined.json()["workspaces"] == [{"id": team.workspace, "name": "Gold", "role": "reviewer"}]
    assert again.status_code == 410
    state = team.server.nobody.get(f"/links/{invite}").json()
    assert state["state"] == "spent" and "email" not in state


def test_of_many_who_spend_one_link_at_once_one_gets_in(team, invite):
    nobody = team.server.nobody
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(lambda n: nobody.post(f"/links/{invite}", json={"name": f"N{n}", "password": PASSWORD}), range(6))
        )

    assert sorted(a.status_code for a in answers)[0] == 201
    assert [a.status_code for a in answers].count(201) == 1


def test_an_invite_expires_after_a_week(team, invite):
    team.server.clock.move(days=8)

    answer = team.server.nobody.post(f"/links/{invite}", json={"name": "Nora", "password": PASSWORD})

    assert answer.status_code == 410
    assert team.server.nobody.get(f"/links/{invite}").json()["state"] == "expired"


def test_an_invite_can_be_taken_back(team, invite):
    listed = team.manager.get(f"/workspaces/{team.workspace}/invites").json()
    assert "url" not in listed[0]

    assert team.manager.delete(f"/workspaces/{team.workspace}/invites/{listed[0]['id']}").status_code == 204

    assert team.server.nobody.get(f"/links/{invite}").status_code == 404


def test_an_invite_for_one_address_is_no_use_to_another(team, invite):
    answer = team.server.nobody.post(
        f"/links/{invite}", json={"name": "Eve", "email": "eve@example.org", "password": PASSWORD}
    )

    assert answer.status_code == 422
    assert team.server.nobody.get(f"/links/{invite}").json()["state"] == "open"


def test_somebody_with_an_account_joins_with_its_password_only(team, invite):
    team.server.nobody.post(f"/links/{invite}", json={"name": "Nora", "password": PASSWORD})
    other = (
        team.stranger.post(f"/workspaces/{team.other}/invites", json={"role": "annotator"})
        .json()["url"]
        .rsplit("/", 1)[1]
    )

    wrong = team.server.nobody.post(f"/links/{other}", json={"email": "new@example.org", "password": "something else"})
    right = team.server.nobody.post(f"/links/{other}", json={"email": "new@example.org", "password": PASSWORD})

    assert wrong.status_code == 422
    assert right.status_code == 201
    assert sorted(w["name"] for w in right.json()["workspaces"]) == ["Gold", "Silver"]


def test_somebody_who_is_signed_in_joins_without_a_password(team):
    link = (
        team.stranger.post(f"/workspaces/{team.other}/invites", json={"role": "annotator"})
        .json()["url"]
        .rsplit("/", 1)[1]
    )

    joined = team.annotator.post(f"/links/{link}", json={})

    assert joined.status_code == 201
    assert sorted(w["name"] for w in joined.json()["workspaces"]) == ["Gold", "Silver"]


def test_nobody_invites_above_their_own_role(team):
    assert team.manager.post(f"/workspaces/{team.workspace}/invites", json={"role": "owner"}).status_code == 403
    assert team.manager.post(f"/workspaces/{team.workspace}/invites", json={"role": "manager"}).status_code == 201
    assert team.reviewer.post(f"/workspaces/{team.workspace}/invites", json={"role": "annotator"}).status_code == 403


def test_a_reset_link_sets_a_password_and_ends_sessions_and_the_second_factor(team):
    members = team.owner.get(f"/workspaces/{team.workspace}/members").json()
    member = next(m for m in members if m["role"] == "reviewer")["id"]
    link = team.owner.post(f"/workspaces/{team.workspace}/members/{member}/reset").json()["url"].rsplit("/", 1)[1]
    state = team.server.nobody.get(f"/links/{link}").json()
    assert (state["purpose"], state["email"]) == ("reset", team.reviewer.email)

    weak = team.server.nobody.post(f"/links/{link}", json={"password": "short"})
    done = team.server.nobody.post(f"/links/{link}", json={"password": PASSWORD})

    assert weak.status_code == 422
    assert done.status_code == 201 and done.json()["totp"] is False
    assert team.reviewer.get("/me").status_code == 401


def test_a_reset_revokes_the_persons_tokens_and_every_other_reset_link(team):
    member = next(m for m in team.owner.get(f"/workspaces/{team.workspace}/members").json() if m["role"] == "reviewer")[
        "id"
    ]
    token, others = team.reviewer.token("write"), team.annotator.token("write")
    first, second = (
        team.owner.post(f"/workspaces/{team.workspace}/members/{member}/reset").json()["url"].rsplit("/", 1)[1]
        for _ in range(2)
    )

    assert team.server.nobody.post(f"/links/{second}", json={"password": PASSWORD}).status_code == 201

    assert token.get("/me").status_code == 401
    assert others.get("/me").status_code == 200
    assert team.server.nobody.post(f"/links/{first}", json={"password": PASSWORD}).status_code == 410
    names = [e["name"] for e in team.owner.get(f"/workspaces/{team.workspace}/audit").json()["items"]]
    assert "token.revoked" in names


def test_an_owner_cannot_reset_an_account_that_opens_another_workspace(team):
    link = (
        team.owner.post(f"/workspaces/{team.workspace}/invites", json={"role": "annotator"})
        .json()["url"]
        .rsplit("/", 1)[1]
    )
    team.stranger.post(f"/links/{link}", json={})
    members = team.owner.get(f"/workspaces/{team.workspace}/members").json()
    member = next(m for m in members if m["email"] == team.stranger.email)["id"]

    assert team.owner.post(f"/workspaces/{team.workspace}/members/{member}/reset").status_code == 409


def test_asking_by_an_invite_which_addresses_have_an_account_is_slowed_down(team):
    link = (
        team.owner.post(f"/workspaces/{team.workspace}/invites", json={"role": "annotator"})
        .json()["url"]
        .rsplit("/", 1)[1]
    )
    asked = [
        team.server.nobody.post(f"/links/{link}", json={"email": f"p{n}@example.org", "password": PASSWORD}).status_code
        for n in range(62)
    ]

    assert (asked[0], asked[-1]) == (422, 429)
    assert team.server.nobody.get(f"/links/{link}").json()["state"] == "open"


def test_an_unknown_link_is_404(team):
    assert team.server.nobody.get("/links/nothing").status_code == 404
    assert team.server.nobody.post("/links/nothing", json={"password": PASSWORD}).status_code == 404
