"""Two answers are compared by keys alone, blind and in another order for each person, and the order is in the export."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "src" / "karat" / "templates"
AXE = (ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
SCHEMA = """
karat_schema: 1
streams: {prompt: {kind: dialogue}, answers: {kind: candidates}}
fields:
  better: {kind: ranking, on: answers, title: Which is better?, pairwise: true, none_good: true, strengths: 2, required: true}
  why: {kind: text, multiline: true}
"""
SORTED = "Use `sorted`:\n\n```python\nnames = sorted(names, key=str.casefold)\n```\n\n1. It makes a **new** list.\n2. Upper and lower case are the same to it."
LONG = "There are many ways to sort a list.\n\n| way | in place |\n|---|---|\n| `sort` | yes |\n| `sorted` | no |\n\n<img src=x onerror=alert(1)> is text, and [this](javascript:alert(1)) is no link."


def rows():
    for number in range(4):
        prompt = [{"role": "user", "content": f"How do I sort {number + 3} names in Python, whatever their case?"}]
        answers = [
            {"key": "s", "content": SORTED, "source": "small-1"},
            {"key": "l", "content": LONG, "source": "large-2"},
        ]
        yield {"id": f"q{number}", "prompt": prompt, "answers": answers}


def test_answers_are_compared_by_keys(house, surface, watched, pictures, tmp_path):
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    project = house.client.create_project("Sorting", schema=SCHEMA)
    assert project.import_from(tmp_path / "questions.jsonl").wait().result["items_added"] == 4
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    surface(page)
    bar = page.get_by_role("radiogroup", name="Which is better?")
    expect(page.get_by_role("region", name="Answer A")).to_be_visible()
    expect(page.get_by_text("Blinded")).to_be_visible()
    expect(page.get_by_text("small-1")).to_have_count(0)

    # Much better, by two steps: the first; then both bad; then a tie. Each is one key, and Space hands it in.
    for key, says in (("1", "A much better"), ("0", "Both bad"), ("3", "Tie"), ("4", "B better")):
        page.keyboard.press(key)
        expect(bar.get_by_role("radio", name=says)).to_be_checked()
        if key == "1":
            pictures(page, "comparing")
        page.keyboard.press("Space")
        if key != "4":
            expect(bar.get_by_role("radio", name=says)).not_to_be_checked()
    expect(bar).to_have_count(0)

    project.export("jsonl").wait().download(tmp_path / "out")
    records = [json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text().splitlines()]
    said = {}
    for record in records:
        [response] = record["responses"]
        [annotation] = response["annotations"]
        shown = response["extra"]["shown"]["answers"]
        said[json.dumps(annotation["value"])] = shown
        assert sorted(shown) == ["l", "s"]
    much = next(json.loads(value)["order"] for value in said if "strength" in value)
    assert [[key] for key in next(shown for value, shown in said.items() if "strength" in value)] == much


TRACED = """
karat_schema: 1
streams: {trace: {kind: trace}}
fields:
  first_wrong: {kind: step, on: trace, title: First wrong step, required: true}
  right: {kind: choice, on: trace, title: Right?, each: step, of: [thought, call, assistant], options: {"yes": {title: "Yes"}, "no": {title: "No"}}}
"""
STEPS = [
    {"role": "user", "content": "What is the weather in Kyoto, and do I need a coat?"},
    {
        "thought": "I **look it up**.",
        "tool": "weather",
        "input": {"city": "Kyoto", "units": "metric"},
        "output": '{"temperature": 31, "sky": "clear"}',
    },
    {"role": "assistant", "content": "It is 13 degrees: take a coat."},
]


def test_the_first_wrong_step_of_an_agent_is_picked_by_keys(house, surface, watched, pictures, tmp_path):
    (tmp_path / "traces.jsonl").write_text(json.dumps({"id": "t1", "trace": STEPS}) + "\n")
    project = house.client.create_project("Agents", schema=TRACED)
    assert project.import_from(tmp_path / "traces.jsonl").wait().result["items_added"] == 1
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    surface(page)
    expect(page.get_by_role("article", name="Step 3, Call")).to_contain_text('"city": "Kyoto"')

    page.get_by_role("article", name="Step 4, Assistant").click()
    expect(page.get_by_role("radio", name="Step 4")).to_be_visible()
    pictures(page, "trace")
    page.get_by_role("radio", name="Step 4").click()
    expect(page.get_by_role("article", name="Step 4, Assistant, First wrong step")).to_be_visible()
    page.locator(".talk-host").focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Unfold step 3")).to_be_visible()
    pictures(page, "trace-marked")
    page.keyboard.press("Space")
    expect(page.get_by_role("article", name="Step 4, Assistant, First wrong step")).to_have_count(0)

    project.export("trl_stepwise").wait().download(tmp_path / "out")
    [row] = [json.loads(line) for line in (tmp_path / "out" / "stepwise.jsonl").read_text().splitlines()]
    assert row["labels"] == [True, True, False]


def test_every_answer_is_scored_by_a_rubric_with_keys_alone(house, surface, watched, pictures, tmp_path):
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    schema = (TEMPLATES / "rate_answers.yaml").read_text()
    project = house.client.create_project("Scores", schema=schema)
    assert project.import_from(tmp_path / "questions.jsonl").wait().result["items_added"] == 4
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    surface(page)
    first, second = (page.get_by_role("group", name=f"Questions about {letter}") for letter in "AB")
    table = page.get_by_role("table", name="For each answer")
    expect(first.get_by_text("Wrong in what matters")).to_be_visible()

    # Correct 5, complete 4, clear 3; safe; the second answer lacks one score, and handing in goes there.
    for key in ("5", "4", "3", "1", "2", "3"):
        page.keyboard.press(key)
    expect(first.get_by_text("Weighted: 4.33")).to_be_visible()
    page.keyboard.press("Space")
    expect(second.get_by_role("alert")).to_have_text("Clear is not answered yet")
    expect(table.get_by_role("button", name="B, Quality: 2 of 3")).to_be_visible()
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []
    pictures(page, "rubric")
    page.keyboard.press("1")
    with page.expect_response(lambda answer: "/revisions/" in answer.url and answer.ok):
        page.keyboard.press("Space")
    expect(table.get_by_role("button", name="A, Quality: open")).to_be_visible()

    project.export("jsonl").wait().download(tmp_path / "out")
    records = [json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text().splitlines()]
    [response] = [response for record in records for response in record.get("responses", [])]
    shown = response["extra"]["shown"]["answers"]
    scores = {a["on"]["part"]: a["value"]["scores"] for a in response["annotations"] if a["field"] == "quality"}
    assert scores[shown[0]] == {"correct": 5, "complete": 4, "clear": 3}
    assert scores[shown[1]] == {"correct": 2, "complete": 3, "clear": 1}


BRANCHING = {
    "id": "q", "role": "user", "content": "What colour has the sky?", "replies": [
        {"id": "a", "role": "assistant", "content": "Blue, as air scatters short waves most.", "rank": 0},
        {"id": "b", "role": "assistant", "content": "Green.", "rank": 1, "replies": [
            {"id": "r", "role": "user", "content": "Are you sure?", "replies": [
                {"id": "d", "role": "assistant", "content": "Yes, look."},
                {"id": "e", "role": "assistant", "content": "No, it is **blue**."},
            ]},
        ]},
    ],
}  # fmt: skip
STEPS_OF = {"Blue, as air": "5", "Green.": "2", "Yes, look.": "1", "No, it is": "4"}


def test_replies_in_a_tree_are_rated_branch_by_branch_with_keys_alone(house, surface, watched, pictures, tmp_path):
    (tmp_path / "trees.jsonl").write_text(json.dumps({"message_tree_id": "t1", "prompt": BRANCHING}) + "\n")
    project = house.client.create_project("Trees", schema=(TEMPLATES / "judge_tree.yaml").read_text())
    assert project.import_from(tmp_path / "trees.jsonl").wait().result["items_added"] == 1
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    surface(page)
    now = page.locator(".turn.active")
    left = dict(STEPS_OF)

    # One digit a reply: the keyboard goes on to the next, and the path that is shown goes with it.
    for _ in STEPS_OF:
        expect(now).to_have_text(re.compile("|".join(map(re.escape, left))))
        said = now.inner_text()
        key = left.pop(next(words for words in left if words in said))
        page.keyboard.press(key)
    expect(now.get_by_role("radio", name=key, exact=True)).to_be_checked()
    assert left == {}

    page.locator(".talk-host").focus()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(page.get_by_role("article", name="Message 1, User")).to_have_class(re.compile("active"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("article", name="reply 1 of 2").first).to_have_class(re.compile("active"))
    page.keyboard.press("ArrowRight")
    expect(now).to_have_attribute("aria-label", re.compile(r"^Message \d, Assistant, reply 2 of 2$"))
    now.get_by_role("button", name="Previous reply").click()
    expect(now).to_have_attribute("aria-label", "Message 2, Assistant, reply 1 of 2")
    pictures(page, "tree")
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []

    page.keyboard.press("Space")
    expect(page.get_by_role("article")).to_have_count(0)
    project.export("trl_preference").wait().download(tmp_path / "out")
    pairs = [json.loads(line) for line in (tmp_path / "out" / "preference.jsonl").read_text().splitlines()]
    assert sorted((len(pair["prompt"]), pair["chosen"][0]["content"][:4]) for pair in pairs) == [
        (1, "Blue"),
        (3, "No, "),
    ]
