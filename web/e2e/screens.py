"""Labeling screens of every surface and way of asking: a schema and one item for each, to be looked at."""

import json
from pathlib import Path

import yaml

from karat.demo.pictures import scene
from karat.testing.pdf import pdf_of

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "src" / "karat" / "templates"
PANELS = ROOT / "docs" / "panels"
TALK = [
    {"role": "user", "content": "Can you stop the parcel? It goes to my old address."},
    {"role": "assistant", "content": "Yes. Which is the *new* one?\n\n```python\nstop(parcel=17)\n```"},
]
TREE = [
    {"id": "a", "role": "user", "text": "Which is the capital of Australia?"},
    {"id": "b", "role": "assistant", "text": "Canberra.", "parent_id": "a"},
    {"id": "c", "role": "assistant", "text": "Sydney.", "parent_id": "a"},
]
TRACE = [
    {"thought": "The parcel is on its way, so the depot has to know."},
    {"tool": "stop_parcel", "input": {"number": 17}, "output": "stopped"},
    {"role": "assistant", "content": "It is stopped."},
]
ANSWERS = [
    {"key": "a", "content": "Use `sorted`:\n\n1. It makes a **new** list.", "source": "small"},
    {"key": "b", "content": "| way | in place |\n|---|---|\n| `sort` | yes |", "source": "large"},
    {"key": "c", "content": "Sort them by hand.", "source": "other"},
]
CONTENT = {
    "text": "Marie Curie came to Paris in 1891. She studied physics at the Sorbonne.",
    "dialogue": TALK,
    "tree": TREE,
    "trace": TRACE,
    "candidates": ANSWERS,
    "table": [{"product": f"Lamp {n}", "sold": n * 7, "note": "came back"} for n in range(40)],
}
FILES = {"image": "street.png", "document": "bill.pdf"}
EMPTY = "karat_schema: 1\nstreams: {text: {kind: text}}\nfields: {any: {kind: text}}\n"
OWN = {
    "cards": "streams: {text: {kind: text}}\n"
    "fields: {spam: {kind: choice, title: Spam or not, options: {a: {title: Spam}, b: {title: Not spam}}}}\nlayout: card",
    "table": "streams: {sales: {kind: table}}\n"
    "fields: {right: {kind: choice, title: Right row, on: sales, each: row, options: {a: {title: Right}, b: {}}}}",
    "entity": "streams: {text: {kind: text}}\n"
    "fields:\n  names: {kind: span, on: text, labels: {place: {attributes: {is: {kind: entity, vocabulary: places}}}}}\n"
    "  about: {kind: entity, title: About, vocabulary: places}",
    "rubric": "streams: {prompt: {kind: dialogue}, answers: {kind: candidates}}\n"
    "fields:\n  how: {kind: rubric, title: Quality, on: answers, each: answer, criteria: {right: {title: Right},"
    " short: {title: Short}}}",
}


# Each way of showing or asking once; those that are templates by the template's name.
SCREENS = (
    "agent_trace",
    "compare_answers",
    "coreference",
    "documents",
    "edit_answer",
    "image_taxonomy",
    "judge_tree",
    "judge_turns",
    "masks",
    "rank_answers",
    "rate_answers",
    "safety_review",
    *OWN,
    "panel",
)


def open_screens(house, folder):
    """A project with one item for each screen, by its name."""
    made = {name: house.client.create_project(f"Screen {name}", schema=EMPTY) for name in SCREENS}
    jobs = []
    for name, project in made.items():
        schema = _schema_of(name, project, folder)
        project.change_schema(schema)
        jobs.append(project.import_from(_item_of(name, schema, folder / name)))
    assert all(job.wait().result["items_added"] == 1 for job in jobs)
    return made


def _schema_of(name, project, folder):
    if name == "entity":
        (folder / "places.csv").write_text("id,title\nQ90,Paris\nQ64,Berlin\n")
        project.put_vocabulary("places", folder / "places.csv")
    if name == "panel":
        return (PANELS / "colour.yaml").read_text("utf-8").replace("MODULE", project.add_panel(PANELS / "colour.js"))
    if name in OWN:
        return f"karat_schema: 1\n{OWN[name]}\n"
    return (TEMPLATES / f"{name}.yaml").read_text("utf-8")


def _item_of(name, schema, folder):
    """A folder with one item that has every stream of the schema."""
    folder.mkdir()
    row = {"id": name}
    for stream, how in yaml.safe_load(schema)["streams"].items():
        if how["kind"] == "image":
            (folder / "street.png").write_bytes(scene(1).png)
        elif how["kind"] == "document":
            (folder / "bill.pdf").write_bytes(
                pdf_of([[(40, 340, "Invoice number"), (200, 340, "4711")]], size=(300, 400))
            )
        row[stream] = FILES.get(how["kind"]) or CONTENT[how["kind"]]
    (folder / "items.jsonl").write_text(json.dumps(row) + "\n")
    return folder
