"""Panels that a project brings: who may upload them, and the document in which they can reach nothing."""

import base64
import hashlib

MODULE = "karat.start({show: ({answers}) => karat.set('topic', answers.topic ?? 'cards')})\n"


def upload(person, project, content=MODULE):
    return person.post(f"/projects/{project}/panels", content=content)


def schema_with(module):
    return {
        "karat_schema": 1,
        "streams": {"text": {"kind": "text"}},
        "fields": {"topic": {"kind": "choice", "options": {"cards": {}, "loans": {}}}},
        "panels": {"picker": {"module": module, "streams": ["text"], "fields": ["topic"]}},
    }


def change(team, project, schema):
    etag = team.manager.get(f"/projects/{project}").headers["etag"]
    return team.manager.put(f"/projects/{project}/schema", json={"schema": schema}, headers={"if-match": etag})


def test_the_same_file_twice_is_one_panel_known_by_its_hash(team):
    project = team.project()

    first, again = upload(team.manager, project).json(), upload(team.manager, project, "\ufeff" + MODULE).json()

    assert first["module"] == hashlib.sha256(MODULE.encode()).hexdigest()
    assert again == first
    assert team.manager.get(f"/projects/{project}/panels").json() == [first]


def test_only_who_manages_the_project_uploads(team):
    project = team.project()

    asked = [upload(person, project).status_code for person in (team.annotator, team.reviewer, team.stranger)]

    assert asked == [403, 403, 404]
    assert team.manager.get(f"/projects/{project}/panels").json() == []


def test_the_document_runs_its_two_scripts_in_an_opaque_origin_and_reaches_nothing(team):
    project = team.project()
    module = upload(team.manager, project).json()["module"]

    page = team.annotator.get(f"/projects/{project}/panels/{module}")

    prelude = page.text.split("<script>")[1].split("</script>")[0]
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in (prelude, MODULE)
    )
    assert page.headers["content-security-policy"] == (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:;"
        " media-src data: blob:; connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self';"
        " sandbox allow-scripts"
    )
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert f'<script type="module">{MODULE}</script></body></html>' in page.text


def test_a_panel_of_another_project_is_not_found(team):
    module = upload(team.manager, team.project()).json()["module"]

    assert team.manager.get(f"/projects/{team.project()}/panels/{module}").status_code == 404


def test_what_could_not_stand_in_a_page_is_refused_with_the_remedy(team):
    bad = [
        "const end = '</SCRIPT>'",
        "const comment = '<!-- '",
        "const begin = '<script>'",
        " \n",
        "a\x00",
        b"\xff\xfe",
    ]
    project = team.project()

    answers = [upload(team.manager, project, content) for content in bad]

    assert [answer.status_code for answer in answers] == [422] * len(bad)
    assert all(answer.json()["problems"][0]["do"] for answer in answers)


def test_a_panel_has_at_most_a_megabyte(team):
    answer = upload(team.manager, team.project(), "//" + "x" * 999_999)

    assert answer.status_code == 413
    assert answer.json()["problems"][0]["got"] == "1000001 bytes"


def test_a_schema_names_only_panels_of_its_project_and_a_clone_brings_them(team):
    project = team.project()

    unknown = change(team, project, schema_with("0" * 64))
    module = upload(team.manager, project).json()["module"]
    known = change(team, project, schema_with(module))
    clone = team.manager.post(f"/projects/{project}/clone", json={"title": "Again"}).json()["project"]["id"]

    assert (unknown.status_code, unknown.json()["problems"][0]["path"]) == (422, "panels.picker.module")
    assert known.json()["schema"]["panels"]["picker"]["height"] == 240
    assert team.annotator.get(f"/projects/{clone}/panels/{module}").status_code == 200


def test_a_panel_that_the_schema_shows_is_not_deleted(team):
    project = team.project()
    module, spare = (upload(team.manager, project, text).json()["module"] for text in (MODULE, MODULE * 2))
    change(team, project, schema_with(module))
    used = {row["module"]: row["used_by"] for row in team.manager.get(f"/projects/{project}/panels").json()}
    assert used == {module: ["panels.picker"], spare: []}

    refused = team.manager.delete(f"/projects/{project}/panels/{module}")
    assert refused.status_code == 409
    assert refused.json()["problems"][0]["path"] == "panels.picker"

    assert team.manager.delete(f"/projects/{project}/panels/{spare}").status_code == 200
    assert team.manager.delete(f"/projects/{project}/panels/{spare}").status_code == 404
