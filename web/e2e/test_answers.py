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
    changes = page.get_by_role("region", name="Changes from the original")
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
