"""Members: roles, the last owner, leaving, tokens, and the walls between workspaces."""

from concurrent.futures import ThreadPoolExecutor


def members_of(team):
    return {m["role"]: m for m in team.owner.get(f"/workspaces/{team.workspace}/members").json()}


def test_members_are_listed_with_their_roles(team):
    listed = team.manager.get(f"/workspaces/{team.workspace}/members").json()

    assert {m["role"] for m in listed} == {"owner", "manager", "reviewer", "annotator"}
    assert all(m["active"] and m["last_seen_at"] for m in listed)


def test_a_role_changes_at_once(team):
    member = members_of(team)["annotator"]["id"]
    assert team.annotator.get(f"/workspaces/{team.workspace}/members").status_code == 403

    changed = team.owner.patch(f"/workspaces/{team.workspace}/members/{member}", json={"role": "manager"})

    assert changed.json()["role"] == "manager"
    assert team.annotator.get(f"/workspaces/{team.workspace}/members").status_code == 200


def test_the_last_owner_stays_owner(team):
    path = f"/workspaces/{team.workspace}/members/{members_of(team)['owner']['id']}"

    assert team.owner.patch(path, json={"role": "manager"}).status_code == 409
    assert team.owner.patch(path, json={"active": False}).status_code == 409
    assert team.owner.get(f"/workspaces/{team.workspace}/audit").status_code == 200


def test_two_owners_who_demote_each_other_at_once_leave_one(team):
    first, second = team.owner, team.another("owner", "Second")
    ids = {m["person"]: m["id"] for m in first.get(f"/workspaces/{team.workspace}/members").json()}
    jobs = [(first, ids[second.id]), (second, ids[first.id])]
    with ThreadPoolExecutor(2) as pool:
        path = f"/workspaces/{team.workspace}/members"
        answers = list(pool.map(lambda job: job[0].patch(f"{path}/{job[1]}", json={"role": "annotator"}), jobs))

    owners = team.server.db.read_now(
        lambda tx: tx.run(
            "SELECT count(*) FROM memberships m JOIN workspaces w ON w.n = m.workspace WHERE w.id = :w AND m.role = 'owner' AND m.active",
            w=team.workspace,
        )
    )
    assert owners[0][0] == 1
    assert sorted(a.status_code for a in answers)[0] == 200


def test_who_is_deactivated_loses_sessions_and_tokens_and_can_come_back(team):
    token = team.annotator.token("write")
    path = f"/workspaces/{team.workspace}/members/{members_of(team)['annotator']['id']}"

    assert team.owner.patch(path, json={"active": False}).json()["active"] is False

    assert team.annotator.get("/me").status_code == 401
    assert token.get("/me").status_code == 401
    assert team.owner.patch(path, json={"active": True}).json()["active"] is True
    assert token.get("/me").status_code == 401


def test_another_workspace_cannot_be_seen_or_touched(team):
    member = members_of(team)["annotator"]["id"]
    for path in ("", "/members", "/invites", "/tokens", "/audit"):
        assert team.stranger.get(f"/workspaces/{team.workspace}{path}").status_code == 404

    assert (
        team.stranger.patch(f"/workspaces/{team.workspace}/members/{member}", json={"role": "owner"}).status_code == 404
    )
    assert team.stranger.patch(f"/workspaces/{team.other}/members/{member}", json={"role": "owner"}).status_code == 404
    assert team.stranger.post(f"/workspaces/{team.other}/members/{member}/reset").status_code == 404


def test_a_token_is_shown_once_has_its_scope_and_its_workspace(team):
    made = team.owner.post(
        f"/workspaces/{team.workspace}/tokens", json={"name": "ci", "scopes": ["read"], "expires_days": 2}
    ).json()
    asks = {"authorization": f"Bearer {made['token']}", "cookie": ""}
    nobody = team.server.nobody

    listed = team.owner.get(f"/workspaces/{team.workspace}/tokens").json()
    assert [t["name"] for t in listed] == ["ci"] and "token" not in listed[0]
    assert made["token"].startswith("krt_")
    assert nobody.get(f"/workspaces/{team.workspace}/members", headers=asks).status_code == 200
    assert nobody.patch(f"/workspaces/{team.workspace}", json={"name": "X"}, headers=asks).status_code == 403
    team.server.clock.move(days=3)
    team.server.front.app.sessions.forget()
    assert nobody.get("/me", headers=asks).status_code == 401


def test_a_token_opens_its_own_workspace_only(team):
    other = team.server.workspace("Bronze")
    team.server.db.write_now(_join, other, team.owner.login)
    token = team.owner.token("admin")

    assert team.owner.get(f"/workspaces/{other}").status_code == 200
    assert token.get(f"/workspaces/{other}").status_code == 404
    assert [w["id"] for w in token.get("/me").json()["workspaces"]] == [team.workspace]


def test_one_revokes_ones_own_tokens_and_an_owner_revokes_any(team):
    path = f"/workspaces/{team.workspace}/tokens"
    given = {"name": "mine", "scopes": ["write"]}
    mine, second = team.annotator.post(path, json=given).json(), team.annotator.post(path, json=given).json()

    assert team.reviewer.delete(f"{path}/{mine['id']}").status_code == 404
    assert team.annotator.delete(f"{path}/{mine['id']}").status_code == 204
    assert team.owner.delete(f"{path}/{second['id']}").status_code == 204
    assert team.annotator.get(path).json() == []


def test_no_token_makes_tokens(team):
    path = f"/workspaces/{team.workspace}/tokens"

    answer = team.owner.token("admin").post(path, json={"name": "more", "scopes": ["admin"]})

    assert answer.status_code == 403
    assert "Sign in" in answer.json()["detail"]
    assert [t["name"] for t in team.owner.get(path).json()] == ["tests"]


def test_a_token_of_any_scope_revokes_itself_and_no_other(team):
    path = f"/workspaces/{team.workspace}/tokens"
    token = team.annotator.token("read")
    other = team.annotator.post(path, json={"name": "other", "scopes": ["read"]}).json()["id"]
    own = next(t["id"] for t in team.annotator.get(path).json() if t["name"] == "tests")

    assert token.delete(f"{path}/{other}").status_code == 403
    assert token.delete(f"{path}/{own}").status_code == 204
    assert token.get("/me").status_code == 401


def test_the_open_invites_of_a_token_end_with_it(team):
    token = team.owner.token("admin")
    made = token.post(f"/workspaces/{team.workspace}/invites", json={"role": "owner"}).json()
    by_hand = team.owner.post(f"/workspaces/{team.workspace}/invites", json={"role": "owner"}).json()
    own = next(t["id"] for t in team.owner.get(f"/workspaces/{team.workspace}/tokens").json() if t["name"] == "tests")

    team.owner.delete(f"/workspaces/{team.workspace}/tokens/{own}")

    spent = team.server.nobody.post(
        f"/links/{made['url'].rsplit('/', 1)[1]}",
        json={"name": "Eve", "email": "eve@example.org", "password": "five green kettles"},
    )
    assert spent.status_code == 410
    assert [i["id"] for i in team.owner.get(f"/workspaces/{team.workspace}/invites").json()] == [by_hand["id"]]


def test_an_owner_makes_and_renames_workspaces(team):
    assert team.manager.post("/workspaces", json={"name": "Mine"}).status_code == 403

    made = team.owner.post("/workspaces", json={"name": "Copper"}).json()
    renamed = team.owner.patch(f"/workspaces/{made['id']}", json={"name": "Brass"})

    assert renamed.json()["name"] == "Brass"
    names = [e["name"] for e in team.owner.get(f"/workspaces/{made['id']}/audit").json()["items"]]
    assert names == ["workspace.renamed", "member.added", "workspace.created"]


def test_the_audit_trail_is_read_page_by_page(team):
    first = team.owner.get(f"/workspaces/{team.workspace}/audit?limit=3").json()
    second = team.owner.get(f"/workspaces/{team.workspace}/audit", params={"limit": 3, "cursor": first["next"]}).json()

    seqs = [entry["seq"] for entry in first["items"] + second["items"]]
    assert len(seqs) == 6 and seqs == sorted(seqs, reverse=True)


def _join(tx, workspace, login):
    from karat.server.people import actions

    return actions.add_member(tx, workspace, login, "owner")


def test_the_audit_trail_names_the_project_by_its_present_title(team):
    project = team.project()
    etag = team.manager.get(f"/projects/{project}").headers["etag"]
    team.manager.patch(f"/projects/{project}", json={"title": "Night shift"}, headers={"if-match": etag})

    entries = team.owner.get(f"/workspaces/{team.workspace}/audit").json()["items"]
    assert [(e["name"], e["project"]) for e in entries[:2]] == [
        ("project.renamed", {"id": project, "title": "Night shift"}),
        ("project.created", {"id": project, "title": "Night shift"}),
    ]
    assert entries[-1]["project"] is None
