"""The demo's pictures, messages and invented people."""

import msgspec

from karat.demo import records, schemas
from karat.demo.messages import message
from karat.demo.pictures import HEIGHT, WIDTH, scene
from karat.kinds import KINDS
from karat.model.schema import read_schema
from karat.model.yaml import read_yaml


def test_the_same_number_gives_the_same_picture_and_message():
    assert scene(3).png == scene(3).png
    assert message(3) == message(3)


def test_every_thing_lies_on_its_picture():
    for thing in (t for number in range(6) for t in scene(number).things):
        assert 0 <= thing.left < thing.right <= WIDTH
        assert 0 <= thing.top < thing.bottom <= HEIGHT


def test_every_span_of_a_message_is_the_text_of_its_slot():
    for written in map(message, range(100)):
        for label, start, end in written.spans:
            assert written.text[start:end].strip() == written.text[start:end] != "", (label, written.text)


def test_the_schemas_are_right():
    for text in (schemas.STREET, schemas.MESSAGES):
        _, problems = read_schema(read_yaml(text)[0], KINDS)

        assert problems == []


def test_half_of_the_messages_are_answered_by_three_people(tmp_path):
    records.write_messages(tmp_path)

    rows = [msgspec.json.decode(line) for line in (tmp_path / "messages.jsonl").read_bytes().splitlines()]
    assert len(rows) == records.MESSAGES
    people = [[one for one in row["responses"] if one["author"]["type"] == "person"] for row in rows]
    assert sum(len(said) == 3 for said in people) == records.MESSAGES // 2
