"""The API's document: whole, up to date, and of valid references."""

import json
from pathlib import Path

import pytest

from karat.kinds import KINDS
from karat.server import routing

SPEC = Path(__file__).parents[2] / "spec" / "openapi.json"


@pytest.fixture(scope="module")
def document():
    return json.loads(routing.reference().document)


def test_the_document_in_the_tree_is_the_one_of_the_code():
    assert SPEC.read_text("utf-8") == routing.reference().document, "run: make types"


def test_every_reference_leads_somewhere(document):
    names = set(document["components"]["schemas"])

    assert {ref for ref in _refs(document) if ref.rpartition("/")[2] not in names} == set()


def test_every_kind_has_its_component_and_annotations_are_one_of_them(document):
    schemas = document["components"]["schemas"]

    assert [one["$ref"].rpartition("/")[2] for one in schemas["Annotation"]["oneOf"]] == [
        f"{k.capitalize()}Annotation" for k in KINDS
    ]
    assert schemas["NewRevision"]["properties"]["annotations"]["items"] == {"$ref": "#/components/schemas/Annotation"}
    assert schemas["BoxAnnotation"]["properties"]["value"]["required"] == ["left", "top", "right", "bottom"]


def test_every_operation_has_a_name_of_its_own_a_summary_and_says_who_may(document):
    operations = [o for path in document["paths"].values() for o in path.values()]

    assert len({o["operationId"] for o in operations}) == len(operations)
    assert all(o["summary"] for o in operations)
    assert all(o["security"] == [] or "x-right" in o for o in operations)


def test_every_body_has_a_shape(document):
    without = [
        f"{method} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if not content["schema"]
    ]

    assert without == []


def test_the_reference_is_a_page_without_scripts(team):
    answer = team.server.http.get("/api/v1/docs")

    assert answer.status_code == 200
    assert "<script" not in answer.text and "http://" not in answer.text and "https://" not in answer.text
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "/api/v1/projects/{project}/claims" in routing.reference().page
    assert team.server.http.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"


def _refs(value):
    if isinstance(value, dict):
        return {v for k, v in value.items() if k == "$ref"} | {r for v in value.values() for r in _refs(v)}
    if isinstance(value, list):
        return {r for v in value for r in _refs(v)}
    return set()
