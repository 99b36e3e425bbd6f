"""Answers are edited with a diff beside them, by keys; the value is plain text and says which answer it was made from."""

import json

from playwright.sync_api import expect

SCHEMA = """
karat_schema: 1
streams: {prompt: {kind: dialogue}, answers: {kind: candidates}}
fields:
  better: {kind: text, on: answers, title: A better answer, edits: true, required: true}
  why: {kind: text}
"""


FORMULAS = r"""
Is $\frac{1}{2} + x_1^2$ more than $5 or $10, if
$$\begin{pmatrix} a & b \\ c & d \end{pmatrix} \cdot \sum_{i=1}^{n} \sqrt{i} = \int_0^1 e^{-t^2}\,dt$$
And $\href{javascript:alert(1)}{x}$, $\label{main} y$, $\def\a{\a\a}\a$?"""


def rows():
    for number in range(2):
        prompt = [{"role": "user", "content": f"Which is the capital of Australia? ({number}) {FORMULAS}"}]
        answers = [
            {"key": "a", "content": "The capital of Australia is Sydney.\n\nThe rest is arithmetic."},
            {"key": "b", "content": "It is Sydney, of course.\n\nThe rest is arithmetic."},
        ]
        yield {"id": f"q{number}", "prompt": prompt, "answers": answers}


def test_an_answer_is_edited_with_what_changed_beside_it(house, surface, watched, pictures, tmp_path):
    (tmp_path / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    project = house.client.create_project("Capitals", schema=SCHEMA)
    assert project.import_from(tmp_path / "questions.jsonl").wait().result["items_added"] == 2
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    surface(page)
    expect(page.get_by_role("button", name="Edit Answer A")).to_be_visible()
    # Formulas are set where they can be; prices are prices, and what asks for more than a formula may is its own source.
    turn = page.get_by_role("article", name="Turn 1, User")
    expect(turn.locator("math")).to_have_count(3)
    expect(turn.get_by_text("more than $5 or $10")).to_be_visible()
    expect(turn.get_by_text("javascript:alert(1)")).to_be_visible()
    assert turn.locator("math a, math [id], math [href]").count() == 0

    # One key chooses the answer and puts the caret into it.
    page.keyboard.press("Shift+2")
    box = page.get_by_role("textbox", name="A better answer")
    expect(box).to_be_focused()
    expect(page.get_by_text("nothing changed")).to_be_visible()
    said = box.input_value()
    box.fill(said.replace("Sydney", "Canberra"))
    changes = page.get_by_role("group", name="Changes from the original")
    expect(changes.get_by_role("insertion")).to_contain_text("Canberra")
    expect(changes.get_by_role("deletion")).to_contain_text("Sydney")
    expect(page.get_by_text("1 word in, 1 out")).to_be_visible()
    pictures(page, "editing")
    page.emulate_media(color_scheme="dark")
    pictures(page, "editing-dark")
    page.emulate_media(color_scheme="light")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Edit Answer A")).to_be_visible()

    # An answer that is left as it is counts only once somebody says so.
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+1")
    expect(box).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_role("button", name="Good as it is").click()
    page.keyboard.press("Control+Enter")
    expect(box).to_have_count(0)

    project.export("jsonl").wait().download(tmp_path / "out")
    records = [json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text().splitlines()]
    said = [
        (response["extra"]["shown"]["answers"], annotation)
        for record in records
        for response in record.get("responses", [])
        for annotation in response["annotations"]
    ]
    edited, kept = sorted(said, key=lambda one: "Sydney" in one[1]["value"])
    assert "Canberra" in edited[1]["value"]
    assert edited[1]["on"] == {"stream": "answers", "part": edited[0][1]}
    assert kept[1]["on"] == {"stream": "answers", "part": kept[0][0]}


EACH = """
karat_schema: 1
streams: {answers: {kind: candidates}}
fields:
  better: {kind: text, on: answers, each: answer, title: Better, edits: true}
"""


def test_answers_of_one_endless_line_from_the_right_are_edited_in_parts(house, watched, tmp_path):
    said = "هذه هي الجملة رقم " * 12_000
    answers = [{"key": key, "content": said} for key in "ab"]
    (tmp_path / "long.jsonl").write_text(json.dumps({"id": "1", "answers": answers}))
    project = house.client.create_project("Endless lines", schema=EACH)
    assert project.import_from(tmp_path / "long.jsonl").wait().result["items_added"] == 1
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")

    page.get_by_role("group", name="Questions about A").get_by_role("button", name="Next part").click()
    box = page.get_by_role("textbox", name="Better, part 2 of 22")
    expect(box).to_be_visible()
    with page.expect_response(lambda got: got.request.method == "PATCH" and got.ok) as sent:
        box.press("Control+Home")
        box.press_sequentially("new ")

    first = page.get_by_role("group", name="Changes from the original").first
    expect(first.get_by_role("insertion")).to_contain_text("new")
    value = json.loads(sent.value.request.post_data)["ops"][-1]["annotation"]["value"]
    assert value.replace("new ", "") == said
    assert said.startswith(value[: value.index("new")])


COMMENTED = """
karat_schema: 1
streams: {chat: {kind: dialogue, veil: true}, answers: {kind: candidates}}
fields:
  faults:
    kind: span
    on: answers
    labels:
      wrong: {title: Wrong, attributes: {comment: {kind: text, multiline: true, title: Comment}}}
      vague: {title: Vague}
  topics: {kind: span, on: chat, labels: {topic: {title: Topic}}}
"""


def test_words_of_answers_and_turns_are_commented_by_keys(house, surface, watched, pictures, tmp_path):
    row = next(rows())
    (tmp_path / "questions.jsonl").write_text(json.dumps({"id": "1", "chat": row["prompt"], "answers": row["answers"]}))
    project = house.client.create_project("Comments", schema=COMMENTED)
    assert project.import_from(tmp_path / "questions.jsonl").wait().result["items_added"] == 1
    page = watched.page(house.context(house.owner).new_page())
    page.goto(f"/p/{project.id}/label")
    answer = page.get_by_role("textbox", name="Answer B")
    expect(answer).to_be_visible()
    # What may disturb is covered, also to screen readers, until a key lifts the veil.
    asked = page.get_by_text("Which is the capital of Australia?").first
    expect(page.get_by_role("group", name="Covered, since it may disturb")).to_be_visible()
    expect(asked).to_have_count(0)
    pictures(page, "veil")
    page.keyboard.press("Shift+U")
    expect(asked).to_be_visible()
    expect(page.get_by_role("textbox", name="Conversation of 1 turn")).to_be_focused()
    second = answer.inner_text().startswith("It is")

    # By keys alone: to the second answer, a caret, a word marked, its label, its comment.
    page.get_by_role("textbox", name="Answer A").focus()
    page.keyboard.press("ArrowRight")
    expect(answer).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Shift+ArrowRight")
    page.keyboard.press("1")
    comment = page.get_by_role("textbox", name="Comment").first
    expect(comment).to_be_focused()
    comment.fill("No verb")
    pictures(page, "commenting")
    page.emulate_media(color_scheme="dark")
    pictures(page, "commenting-dark")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No verb").first).to_be_visible()
    # Once more, and Esc leaves it as it was.
    page.keyboard.press("Enter")
    expect(comment).to_be_focused()
    comment.fill("Something else")
    page.keyboard.press("Escape")
    expect(answer).to_be_focused()
    pictures(page, "commented")

    asked.dblclick(position={"x": 4, "y": 12})
    expect(page.get_by_role("button", name="Topic").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(answer).to_have_count(0)

    project.export("jsonl").wait().download(tmp_path / "out")
    [record] = [json.loads(line) for line in (tmp_path / "out" / "items.jsonl").read_text().splitlines()]
    [response] = record["responses"]
    said = {a["field"]: a for a in response["annotations"]}
    key = response["extra"]["shown"]["answers"][1]
    assert said["faults"]["on"] == {"stream": "answers", "part": key}
    assert said["faults"]["attributes"] == {"comment": "No verb"}
    assert said["faults"]["value"] == [[0, 2 if second else 3]]
    assert said["topics"]["on"] == {"stream": "chat", "part": "0"}
    assert said["topics"]["value"] == [[0, 5]]
