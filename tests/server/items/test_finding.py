"""Finding items by what they are and by what was said on them."""

import json

import pytest

from karat.server.items import find as finding

METADATA = [
    ({"key": "site", "op": "eq", "value": "rome"}, [1, 3, 5]),
    ({"key": "site", "op": "ne", "value": "rome"}, [0, 2, 4, 6]),
    ({"key": "site", "op": "in", "value": ["rome", "lima"]}, [1, 3, 5]),
    ({"key": "site", "op": "starts", "value": "os"}, [0, 2, 4, 6]),
    ({"key": "site", "op": "contains", "value": "OM"}, [1, 3, 5]),
    ({"key": "site", "op": "gt", "value": "oslo"}, [1, 3, 5]),
    ({"key": "score", "op": "ge", "value": 2}, [4, 5]),
    ({"key": "score", "op": "lt", "value": 0.5}, [0]),
    ({"key": "score", "op": "eq", "value": 1}, [2]),
    ({"key": "score", "op": "in", "value": [0, 1.5, "x"]}, [0, 3]),
    ({"key": "score", "op": "exists"}, [0, 1, 2, 3, 4, 5]),
    ({"key": "score", "op": "exists", "value": False}, [6]),
    ({"key": "night", "op": "eq", "value": True}, [3]),
    ({"key": "night", "op": "ne", "value": True}, [0, 1, 2, 4, 5, 6]),
    ({"key": "parts", "op": "eq", "value": "a"}, [0, 1]),
    ({"key": "parts", "op": "exists"}, [0, 1, 2, 3, 4, 5, 6]),
    ({"key": "parts", "op": "gt", "value": "a"}, [0, 1, 2, 3, 4, 5, 6]),
    ({"key": "unheard", "op": "eq", "value": "x"}, []),
    ({"key": "unheard", "op": "ne", "value": "x"}, [0, 1, 2, 3, 4, 5, 6]),
]


def test_metadata(described):
    found = [
        (described.numbers({"metadata": condition}), described.count({"metadata": condition}))
        for condition, _ in METADATA
    ]

    assert found == [(numbers, {"count": len(numbers), "exact": True}) for _, numbers in METADATA]


NEEDLES = [
    ("card", [0]),
    ("CARD", [0]),
    ("ärger", [2]),
    ("karte", [2]),
    ('"no"', [3]),
    ("カード", [4]),
    ("100%", [5]),
    ("0_", []),
    ("text", []),
    ("inline", []),
]


def test_texts_are_searched_without_regard_to_case(shelf):
    found = {needle: shelf.numbers({"text": {"contains": needle}}) for needle, _ in NEEDLES}

    assert found == dict(NEEDLES)


KEYS = [
    ({"op": "eq", "value": "item-0000003"}, [3]),
    ({"op": "starts", "value": "item-"}, [0, 1, 2, 3, 4, 5, 6]),
    ({"op": "contains", "value": "0005"}, [5]),
    ({"op": "gt", "value": "item-0000004"}, [5, 6]),
    ({"op": "in", "value": ["item-0000001", "item-0000009"]}, [1]),
    ({"op": "ne", "value": "item-0000000"}, [1, 2, 3, 4, 5, 6]),
]


def test_keys(shelf):
    found = [shelf.numbers({"key": condition}) for condition, _ in KEYS]

    assert found == [numbers for _, numbers in KEYS]


def test_answers_and_labels_of_all_or_one_author(shelf):
    a, b = shelf.team.reviewer, shelf.team.manager
    shelf.answer(a, 0, "cards", note="urgent", names=["payer", "payee"])
    shelf.answer(b, 0, "loans")
    shelf.answer(a, 1, "loans", note="later")
    author = {
        who["name"]: who["id"] for who in shelf.team.reviewer.get(f"/projects/{shelf.project}/facets").json()["authors"]
    }

    assert shelf.numbers({"label": {"field": "topic", "label": "loans"}}) == [0, 1]
    assert shelf.numbers({"label": {"field": "topic", "label": "loans", "author": author["Manager"]}}) == [0]
    assert shelf.numbers({"label": {"field": "names", "label": "person"}}) == [0]
    assert shelf.numbers({"answer": {"field": "topic", "op": "in", "value": ["cards", "other"]}}) == [0]
    assert shelf.numbers({"answer": {"field": "topic", "op": "ne", "value": "loans"}}) == [2, 3, 4, 5, 6]
    assert shelf.numbers({"answer": {"field": "topic", "op": "exists"}}) == [0, 1]
    assert shelf.numbers({"answer": {"field": "note", "op": "starts", "value": "ur"}}) == [0]
    assert shelf.numbers({"answer": {"field": "names.role", "op": "eq", "value": "payee"}}) == [0]
    assert shelf.numbers({"author": author["Manager"]}) == [0]
    assert shelf.numbers({"not_author": author["Manager"]}) == [1, 2, 3, 4, 5, 6]
    assert shelf.numbers({"responses": {"op": "ge", "value": 1}}) == [0, 1]
    assert shelf.numbers({"responses": {"op": "eq", "value": 0}}) == [2, 3, 4, 5, 6]


def test_a_row_says_what_was_said_and_by_whom(shelf):
    shelf.answer(shelf.team.reviewer, 0, "cards", names=["payer", "payee"])
    shelf.answer(shelf.team.manager, 0, "cards")

    row = shelf.find().json()["items"][0]

    assert row["labels"] == {"topic": {"cards": 2}, "names": {"person": 2}, "names.role": {"payer": 1, "payee": 1}}
    assert {author["name"] for author in row["authors"]} == {"Reviewer", "Manager"}
    assert row["responses"] == 2
    assert row["streams"]["text"]["text"] == "My card is lost"


def test_every_sort_goes_through_all_items_in_both_directions(described):
    described.answer(described.team.reviewer, 2, "cards")
    described.answer(described.team.reviewer, 4, "cards")
    described.answer(described.team.manager, 4, "loans")

    for sort in (
        "created",
        "changed",
        "key",
        "responses",
        "disagreement",
        "meta:score",
        "meta:site",
        "meta:parts",
        "meta:unheard",
    ):
        up = walk(described, sort=sort, descending=False)
        down = walk(described, sort=sort, descending=True)
        assert sorted(up) == sorted(down) == list(range(7)), sort


def test_numbers_sort_as_numbers_and_items_without_a_value_come_last(described):
    assert walk(described, sort="meta:score", descending=True) == [5, 4, 3, 2, 1, 0, 6]
    assert walk(described, sort="meta:score", descending=False) == [0, 1, 2, 3, 4, 5, 6]
    assert walk(described, sort="meta:parts", descending=False)[:2] == [0, 1]


def test_most_answers_first(shelf):
    shelf.answer(shelf.team.reviewer, 2, "cards")
    shelf.answer(shelf.team.reviewer, 4, "cards")
    shelf.answer(shelf.team.manager, 4, "loans")

    assert walk(shelf, sort="responses", descending=True)[:2] == [4, 2]
    assert walk(shelf, sort="responses", descending=False)[-2:] == [2, 4]


@pytest.mark.parametrize("few", [0, 10_000])
def test_walking_and_sorting_find_the_same(described, monkeypatch, few):
    monkeypatch.setattr(finding, "FEW", few)
    monkeypatch.setattr(finding, "FIRST_WINDOW", 2)
    conditions = (
        {"metadata": {"key": "score", "op": "ge", "value": 1}},
        {"metadata": {"key": "site", "op": "eq", "value": "oslo"}},
    )

    for sort in ("created", "changed", "key", "responses", "disagreement", "meta:score", "meta:parts"):
        assert sorted(walk(described, *conditions, sort=sort)) == [2, 4], sort
    assert walk(described, {"text": {"contains": "a"}}, {"key": {"op": "lt", "value": "item-0000004"}}, sort="key") == [
        0,
        1,
        2,
        3,
    ]


def test_what_time_did_not_allow_is_said_and_can_be_gone_on_from(described, monkeypatch):
    monkeypatch.setattr(finding, "FEW", 0)
    monkeypatch.setattr(finding, "FIRST_WINDOW", 2)
    monkeypatch.setattr(finding, "BUDGET_S", -1.0)
    monkeypatch.setattr(finding.find, "__kwdefaults__", {**finding.find.__kwdefaults__, "budget_s": -1.0})

    first = described.find({"metadata": {"key": "score", "op": "eq", "value": 2.5}}).json()
    found, cursor = [], first["next"]
    while cursor:
        page = described.find({"metadata": {"key": "score", "op": "eq", "value": 2.5}}, cursor=cursor).json()
        found += [described.items.index(item["id"]) for item in page["items"]]
        cursor = page["next"]

    assert (first["items"], first["complete"], first["searched_up_to"]) == ([], False, "item-0000001")
    assert found == [5]


MISTAKES = [
    ("{", "filter"),
    ("[]", "filter"),
    ('{"all": {}}', "filter"),
    ('{"any": []}', "filter"),
    ('{"all": [1]}', "filter.all[0]"),
    ('{"all": [{"tag": "a", "state": ["open"]}]}', "filter.all[0]"),
    ('{"all": [{"colour": "red"}]}', "filter.all[0].colour"),
    ('{"all": [{"tag": 1}]}', "filter.all[0].tag"),
    ('{"all": [{"state": []}]}', "filter.all[0].state"),
    ('{"all": [{"state": ["gone"]}]}', "filter.all[0].state[0]"),
    ('{"all": [{"metadata": {"key": "a", "op": "near", "value": 1}}]}', "filter.all[0].metadata.op"),
    ('{"all": [{"metadata": {"key": "a", "op": "in", "value": 1}}]}', "filter.all[0].metadata.value"),
    ('{"all": [{"metadata": {"key": "a", "op": "lt", "value": true}}]}', "filter.all[0].metadata.value"),
    ('{"all": [{"metadata": {"key": "a", "op": "eq"}}]}', "filter.all[0].metadata.value"),
    ('{"all": [{"metadata": {"key": "a", "op": "eq", "value": {}}}]}', "filter.all[0].metadata.value"),
    ('{"all": [{"metadata": {"kez": "a"}}]}', "filter.all[0].metadata"),
    ('{"all": [{"metadata": {"key": "a\\u0000", "op": "exists"}}]}', "filter.all[0].metadata.key"),
    ('{"all": [{"label": {"field": "topik", "label": "cards"}}]}', "filter.all[0].field"),
    ('{"all": [{"answer": {"field": "topic", "op": "lt", "value": "a"}}]}', "filter.all[0].answer.op"),
    ('{"all": [{"author": "nobody"}]}', "filter.all[0].author"),
    ('{"all": [{"responses": {"op": "ge", "value": -1}}]}', "filter.all[0].responses.value"),
    ('{"all": [{"responses": {"op": "ge", "value": 1e400}}]}', "filter"),
    ('{"all": [{"text": {"contains": ""}}]}', "filter.all[0].text.contains"),
    ('{"all": [{"text": {"contains": "a", "stream": "photo"}}]}', "filter.all[0].text.stream"),
    ('{"all": [{"ids": []}]}', "filter.all[0].ids"),
]


def test_a_mistake_in_a_filter_is_named_at_its_place(shelf):
    answers = [
        shelf.team.reviewer.get(f"/projects/{shelf.project}/items", params={"filter": filter_})
        for filter_, _ in MISTAKES
    ]

    assert [answer.status_code for answer in answers] == [422] * len(MISTAKES)
    named = [[p["path"] for p in answer.json()["problems"]] for answer in answers]
    missed = [
        (f, paths)
        for (f, path), paths in zip(MISTAKES, named, strict=True)
        if not any(p.startswith(path) for p in paths)
    ]
    assert missed == []
    assert all(p["do"] for answer in answers for p in answer.json()["problems"])


BAD_QUERIES = [
    {"sort": "size"},
    {"sort": "meta:"},
    {"cursor": "!!"},
    {"cursor": "WzAsImEiXQ"},
    {"cursor": "Wzk5LDFd"},
    {"limit": 0},
    {"limit": 1000},
]


def test_bad_queries_are_problems(shelf):
    answers = [
        shelf.team.reviewer.get(f"/projects/{shelf.project}/items", params=query).status_code for query in BAD_QUERIES
    ]

    assert answers == [422] * len(BAD_QUERIES)


def test_only_reviewers_and_above_list_items_and_no_stranger(shelf):
    asked = {
        who: shelf.find(who=getattr(shelf.team, who)).status_code
        for who in ("annotator", "reviewer", "manager", "owner", "stranger")
    }

    assert asked == {"annotator": 403, "reviewer": 200, "manager": 200, "owner": 200, "stranger": 404}


def test_another_projects_items_are_never_found(shelf):
    other = shelf.team.project()

    found = shelf.team.reviewer.get(
        f"/projects/{other}/items", params={"filter": json.dumps({"all": [{"ids": shelf.items}]})}
    ).json()

    assert found["items"] == []


def test_facets_name_what_a_filter_can_ask_for(described):
    described.answer(described.team.reviewer, 0, "cards")
    described.bulk(action="tag", ids=described.items[:2], value="check")

    facets = described.team.reviewer.get(f"/projects/{described.project}/facets").json()

    keys = {facet["key"]: facet for facet in facets["metadata"]}
    assert keys["site"]["texts"] == ["oslo", "rome"]
    assert (keys["score"]["low"], keys["score"]["high"]) == (0.0, 2.5)
    assert facets["tags"] == ["check"]
    assert [author["name"] for author in facets["authors"]] == ["Reviewer"]
    assert [field["field"] for field in facets["fields"]] == ["topic", "note", "names", "names.role"]


def test_a_long_value_is_found_by_equality(shelf):
    long = "x" * 5000
    shelf.edit(0, metadata={"about": long})

    assert shelf.numbers({"metadata": {"key": "about", "op": "eq", "value": long}}) == [0]
    assert shelf.numbers({"metadata": {"key": "about", "op": "eq", "value": long + "x"}}) == []


def walk(shelf, *conditions, **query):
    """All items by pages of two."""
    found, cursor = [], None
    while True:
        query = {**query, "limit": 2} | ({"cursor": cursor} if cursor else {})
        page = shelf.find(*conditions, **query).json()
        found += [shelf.items.index(item["id"]) for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            return found
