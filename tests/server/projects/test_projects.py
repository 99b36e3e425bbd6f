"""Making, changing, archiving and deleting projects over HTTP."""

import pytest

SCHEMA = {
    "karat_schema": 1,
    "streams": {"text": {"kind": "text"}},
    "fields": {"topic": {"kind": "choice", "options": {"cards": {}, "loans": {}, "other": {}}}},
}
YAML = """\
# What customers write about.
karat_schema: 1
streams:
  text: {kind: text}
fields:
  topic:
    kind: choice
    options: {cards: {}, loans: {}, other: {}}
"""


def etag(team, project):
    return team.manager.get(f"/projects/{project}").headers["etag"]


def change(team, project, schema):
    return team.manager.put(
        f"/projects/{project}/schema", json={"schema": schema}, headers={"if-match": etag(team, project)}
    )


def test_yaml_is_kept_as_it_was_written(team):
    made = team.manager.post(f"/workspaces/{team.workspace}/projects", json={"title": "Mail", "schema_yaml": YAML})

    assert made.status_code == 201, made.text
    body = made.json()
    assert body["schema_yaml"] == YAML
    assert body["schema"]["fields"]["topic"]["kind"] == "choice"
    assert made.headers["etag"] == '"1"'
    assert body["overlap"] == 1


def test_a_document_becomes_yaml_that_reads_back(team):
    project = team.manager.get(f"/projects/{team.project()}").json()

    again = team.manager.post("/schemas/check", json={"yaml": project["schema_yaml"]}).json()

    assert again["problems"] == []
    assert again["schema"] == project["schema"]


def test_a_bad_schema_is_refused_with_line_reason_and_remedy(team):
    bad = YAML.replace("kind: choice", "kind: choise")

    answer = team.manager.post(f"/workspaces/{team.workspace}/projects", json={"title": "Mail", "schema_yaml": bad})

    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["path"], problem["line"], problem["got"]) == ("fields.topic.kind", 7, '"choise"')
    assert problem["do"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"title": " ", "schema": SCHEMA}, "title"),
        ({"title": "a\nb", "schema": SCHEMA}, "title"),
        ({"title": "a"}, "schema"),
        ({"title": "a", "schema": SCHEMA, "schema_yaml": YAML}, "schema"),
        ({"title": "a", "schema": SCHEMA, "overlap": 0}, "overlap"),
        ({"title": "a", "schema": SCHEMA, "policy": {"stages": {}}}, "start"),
        ({"title": "a", "schema": SCHEMA, "unknown": 1}, ""),
    ],
)
def test_bad_input_is_refused_at_its_place(team, body, path):
    answer = team.manager.post(f"/workspaces/{team.workspace}/projects", json=body)

    assert answer.status_code == 422, answer.text
    assert any(path in p["path"] for p in answer.json()["problems"]), answer.text


def test_who_may_make_a_project(team):
    body = {"title": "Mail", "schema": SCHEMA}

    answers = {
        role: getattr(team, role).post(f"/workspaces/{team.workspace}/projects", json=body).status_code
        for role in ("annotator", "reviewer", "manager", "owner", "stranger")
    }

    assert answers == {"annotator": 403, "reviewer": 403, "manager": 201, "owner": 201, "stranger": 404}


def test_another_tenants_project_is_not_there(team):
    project = team.project()

    asked = [
        team.stranger.get(f"/projects/{project}"),
        team.stranger.patch(f"/projects/{project}", json={"title": "x"}, headers={"if-match": '"1"'}),
        team.stranger.put(f"/projects/{project}/schema", json={"schema": SCHEMA}, headers={"if-match": '"1"'}),
        team.stranger.post(f"/projects/{project}/archive"),
        team.stranger.post(f"/projects/{project}/clone", json={"title": "x"}),
        team.stranger.delete(f"/projects/{project}"),
    ]

    assert {a.status_code for a in asked} == {404}


def test_an_annotator_learns_nothing_of_others_from_a_project(team):
    project = team.project(overlap=3)

    body = team.annotator.get(f"/projects/{project}").json()
    row = team.annotator.get(f"/workspaces/{team.workspace}/projects").json()["items"][0]

    assert (body["counts"], body["policy"], body["overlap"]) == (None, None, None)
    assert body["skipping"]["rules"] == {"label": {"requeue": "others", "sends": False}}
    assert list(body["skipping"]["reasons"])[:2] == ["unclear", "broken"]
    assert body["schema"]["fields"]
    assert [row[k] for k in ("items", "responses", "labeled", "done", "people", "agreement")] == [None] * 6


def test_a_change_needs_the_version_that_was_read(team):
    project = team.project()

    without = team.manager.patch(f"/projects/{project}", json={"title": "New"})
    first = team.manager.patch(f"/projects/{project}", json={"title": "New"}, headers={"if-match": '"1"'})
    late = team.manager.patch(f"/projects/{project}", json={"title": "Newer"}, headers={"if-match": '"1"'})

    assert (without.status_code, first.status_code, late.status_code) == (428, 200, 412)
    assert first.json()["title"] == "New"
    assert first.headers["etag"] == '"2"'


def test_overlap_is_a_new_version_of_the_policy(team):
    project = team.project()

    body = team.manager.patch(f"/projects/{project}", json={"overlap": 3}, headers={"if-match": '"1"'}).json()

    assert (body["overlap"], body["policy_version"]) == (3, 2)
    assert body["policy"]["stages"]["accept"]["do"] == "resolve"


def test_the_same_policy_again_is_no_new_version(team):
    project = team.project(overlap=2)

    body = team.manager.patch(f"/projects/{project}", json={"overlap": 2}, headers={"if-match": '"1"'}).json()

    assert body["policy_version"] == 1


def test_a_schema_may_grow(team):
    project = team.project()
    more = {**SCHEMA, "fields": {**SCHEMA["fields"], "why": {"kind": "text"}}}
    more["fields"]["topic"] = {
        "kind": "choice",
        "title": "Topic",
        "options": {"cards": {"title": "Cards"}, "loans": {}, "other": {}, "fees": {}},
    }

    answer = change(team, project, more)

    assert answer.status_code == 200, answer.text
    assert answer.json()["schema_version"] == 2
    assert list(answer.json()["schema"]["fields"]) == ["topic", "why"]


def test_an_option_that_nobody_chose_may_go(team):
    project = team.project()
    fewer = {**SCHEMA, "fields": {"topic": {"kind": "choice", "options": {"cards": {}, "loans": {}}}}}

    assert change(team, project, fewer).status_code == 200


def test_an_archived_project_can_be_taken_back(team):
    project = team.project()

    archived = team.manager.post(f"/projects/{project}/archive").json()
    listed = team.manager.get(f"/workspaces/{team.workspace}/projects?state=archived").json()["items"]
    restored = team.manager.post(f"/projects/{project}/restore").json()

    assert (archived["state"], [r["id"] for r in listed], restored["state"]) == ("archived", [project], "active")


def test_a_deleted_project_is_in_the_bin_for_thirty_days(team):
    project = team.project()

    deleted = team.manager.delete(f"/projects/{project}").json()
    seen_by_annotator = team.annotator.get(f"/projects/{project}").status_code
    in_bin = team.manager.get(f"/workspaces/{team.workspace}/projects?state=bin").json()["items"]
    restored = team.manager.post(f"/projects/{project}/restore").json()

    assert deleted["state"] == "bin"
    assert deleted["purged_at"][:10] > deleted["deleted_at"][:10]
    assert seen_by_annotator == 404
    assert [r["id"] for r in in_bin] == [project]
    assert (restored["state"], restored["deleted_at"]) == ("active", None)


def test_an_unknown_state_is_refused(team):
    answer = team.manager.get(f"/workspaces/{team.workspace}/projects?state=gone")

    assert answer.status_code == 422
    assert answer.json()["problems"][0]["path"] == "state"


def test_every_change_is_an_audit_entry(team):
    project = team.project()
    team.manager.patch(f"/projects/{project}", json={"title": "New", "overlap": 2}, headers={"if-match": '"1"'})
    change(team, project, {**SCHEMA, "fields": {**SCHEMA["fields"], "why": {"kind": "text"}}})
    team.manager.post(f"/projects/{project}/archive")
    team.manager.post(f"/projects/{project}/restore")
    team.manager.delete(f"/projects/{project}")

    names = team.server.db.read_now(
        lambda tx: [r[0] for r in tx.run("SELECT name FROM audit WHERE project IS NOT NULL ORDER BY seq")]
    )

    assert names == [
        "project.created",
        "project.renamed",
        "policy.changed",
        "schema.changed",
        "project.archived",
        "project.restored",
        "project.deleted",
    ]


def test_templates_are_schemas_that_make_projects(team):
    templates = team.annotator.get("/templates").json()

    made = [
        team.manager.post(
            f"/workspaces/{team.workspace}/projects", json={"title": t["title"], "schema_yaml": t["schema_yaml"]}
        ).status_code
        for t in templates
    ]

    assert len(templates) >= 12
    assert set(made) == {201}
    assert {t["group"] for t in templates} == {"Text", "Images", "Text and images", "Conversations", "Documents"}


def test_checking_a_schema_names_hotkeys_that_collide(team):
    yaml = (
        YAML.replace("cards: {}", 'cards: {key: "1"}')
        + '  tone:\n    kind: choice\n    options: {good: {key: "1"}, bad: {key: "2"}}\n'
    )

    found = team.annotator.post("/schemas/check", json={"yaml": yaml}).json()

    assert found["problems"] == []
    assert {(h["field"], h["label"]): h["conflicts"] for h in found["hotkeys"]} == {
        ("topic", "cards"): ["tone.good"],
        ("tone", "good"): ["topic.cards"],
        ("tone", "bad"): [],
    }


def test_checking_what_is_no_yaml_names_the_line(team):
    found = team.annotator.post("/schemas/check", json={"yaml": "a: [1\nb: 2"}).json()

    assert found["schema"] is None
    assert found["problems"][0]["line"] in (1, 2)
