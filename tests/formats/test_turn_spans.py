"""Spans that files have within the turns of a conversation: slots of the Schema-Guided Dialogue set, and their like."""

import msgspec

from karat.formats import FORMATS
from karat.formats.base import ReadContext, Record
from karat.formats.preview import propose_schema
from karat.testing.formats import schema as schema_from
from karat.testing.reading import MemorySource

TURNS = [
    {"speaker": "USER", "utterance": "Find events.", "frames": [{"service": "Events_1", "slots": []}]},
    {
        "speaker": "USER",
        "utterance": "Anaheim, and I like 🏀 Baseball.",
        "frames": [
            {
                "slots": [
                    {"slot": "city", "start": 0, "exclusive_end": 7},
                    {"slot": "sport", "start": 22, "exclusive_end": 30},
                    {"slot": "city", "start": 40, "exclusive_end": 45},
                ]
            }
        ],
    },
]
FILE = {"talks.jsonl": msgspec.json.encode({"dialogue_id": "1", "turns": TURNS}) + b"\n"}


def read(labels):
    document = {
        "karat_schema": 1,
        "streams": {"talk": {"kind": "dialogue"}},
        "fields": {"slots": {"kind": "span", "on": "talk", "labels": {key: {} for key in labels}}},
    }
    context = ReadContext(schema=schema_from(document))
    [record] = FORMATS["jsonl"].read(MemorySource(FILE), context)
    assert isinstance(record, Record)
    return record.responses, {loss.what: loss.count for loss in context.losses.losses()}


def test_slots_within_turns_are_spans_of_their_turns_counted_in_code_points():
    [response], lost = read(["city", "sport"])

    assert [(a.label, a.on.part, a.value) for a in response.annotations] == [
        ("city", "1", [[0, 7]]),
        ("sport", "1", [[22, 30]]),
    ]
    assert TURNS[1]["utterance"][22:30] == "Baseball"
    assert response.covers == {"slots": None}
    assert lost == {"spans that reach out of their turns": 1}


def test_slots_that_the_schema_has_no_label_for_are_counted():
    [response], lost = read(["city"])

    assert [a.label for a in response.annotations] == ["city"]
    assert lost["spans within turns whose label the schema lacks"] == 1


def test_a_file_with_slots_is_proposed_with_a_field_of_spans():
    fields = propose_schema(MemorySource(FILE)).schema["fields"]

    assert fields["spans"]["kind"] == "span"
    assert list(fields["spans"]["labels"]) == ["city", "sport"]
