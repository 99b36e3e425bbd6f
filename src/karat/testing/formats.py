"""Records that have everything: each kind, several authors, and every part that a format may leave out."""

from collections import Counter
from collections.abc import Iterable, Iterator

from karat.formats.base import Format, Record
from karat.formats.losing import ANNOTATION, ITEM, RESPONSE
from karat.formats.rows import name_of
from karat.kinds import KINDS
from karat.model import candidates, dialogue, tables, trace, tree
from karat.model.item import Item, Ref, Stream
from karat.model.kind import Facts
from karat.model.response import Annotation, Author, Covers, On, Origin, Response, Skip
from karat.model.schema import Schema, read_schema
from karat.testing.examples import Spec, schema_of

TEXT = "Ada Löwe 😀 lives in Kyoto 京都, she said."

DOCUMENT: dict[str, object] = {
    "karat_schema": 1,
    "streams": {
        "text": {"kind": "text"},
        "image": {"kind": "image", "optional": True},
        "document": {"kind": "document", "optional": True},
    },
    "fields": {
        "entities": {"kind": "span", "on": "text", "labels": {"person": {}, "place": {}}},
        "objects": {
            "kind": "box",
            "on": "image",
            "labels": {
                "car": {"attributes": {"crowd": {"kind": "choice", "options": {"no": {}, "yes": {}}}}},
                "dog": {},
            },
        },
        "topic": {"kind": "choice", "options": {"a": {}, "b": {"title": "Bee"}}},
        "tags_of_it": {
            "kind": "choice",
            "options": {"x": {"options": {"x1": {}, "x2": {}}}, "y": {}},
            "multiple": True,
        },
        "note": {"kind": "text", "multiline": True},
    },
}


def schema(document: object = DOCUMENT) -> Schema:
    """A schema with a field of each of the first kinds, or another one."""
    found, problems = read_schema(document, KINDS)
    assert found is not None, problems
    return found


def rich() -> list[Record]:
    """Two items, three answers; every part of the shapes is set somewhere."""
    text = Stream("text", Ref(inline=TEXT), Facts(length=len(TEXT)))
    image = Stream("image", Ref(uri="images/a.jpg"), Facts(width=100, height=50), "a.jpg")
    ann = Author(type="person", name="Ann")
    bert = Author(type="model", name="bert", version="2")
    boxes = (
        Annotation(
            id="b1",
            field="objects",
            kind="box",
            on=On("image"),
            label="car",
            value=box(1.5, 2, 30.25, 40),
            attributes={"crowd": "yes"},
            z=1,
        ),
        Annotation(
            id="b2", field="objects", kind="box", on=On("image"), label="dog", value=box(0, 0, 10, 10), confidence=0.5
        ),
    )
    spans = (
        Annotation(
            id="s1",
            field="entities",
            kind="span",
            on=On("text"),
            label="person",
            value=[[0, 8]],
            probabilities={"person": 0.9},
        ),
        Annotation(
            id="s2",
            field="entities",
            kind="span",
            on=On("text"),
            label="place",
            value=[[20, 25]],
            group="g",
            extra={"why": "map"},
        ),
    )
    answers = (
        Annotation(id="topic", field="topic", kind="choice", value="b", origin=Origin("r0", "topic")),
        Annotation(id="tags_of_it", field="tags_of_it", kind="choice", value=["x1", "y"]),
        Annotation(id="note", field="note", kind="text", value='plain\nand, "quoted"'),
    )
    every: Covers = {"entities": None, "objects": None, "topic": None, "tags_of_it": None, "note": None}
    first = Record(
        Item(
            key="7", streams={"text": text, "image": image}, metadata={"lang": "en", "n": 3, "ok": True, "w": ["p", "q"]}, tags=("t1", "t2"),
            split_group="g1", extra={"source": {"page": 2}}, id="4b1f4f3e-7a0b-4f5e-8d59-5a3c4c7a1111",
        ),
        (
            Response(
                author=ann, annotations=(*spans, *boxes, *answers), covers=every, id="r1", active_ms=1200, at="2026-11-22T04:48:00.000Z", revision=2,
                schema=3, extra={"device": "pen"},
            ),
            Response(author=bert, annotations=(spans[0],), covers={"entities": ["person"]}, cause="import"),
        ),
    )  # fmt: skip
    second = Record(
        Item(
            key="8",
            streams={"text": Stream("text", Ref(inline="Nothing here."), Facts(length=13)), "image": image},
            metadata={"lang": "de"},
        ),
        (
            Response(author=ann, covers=every, excluded={"by": "Bo", "reason": "test"}),
            Response(author=Author(type="person", name="Cy"), state="skipped", skip=Skip("blurred", "too dark")),
            Response(author=Author(type="person", name="Di"), state="withdrawn"),
        ),
    )
    return [first, second]


def box(left: float, top: float, right: float, bottom: float) -> dict[str, float]:
    """The value of a box as plain JSON."""
    return {"left": left, "top": top, "right": right, "bottom": bottom}


def of_kind(name: str, spec: Spec) -> tuple[Schema, list[Record]]:
    """Records with the valid examples of one kind."""
    kind = KINDS[name]
    found = schema_of(kind, spec)
    records: list[Record] = []
    for number, example in enumerate(e for e in spec.valid if e.facts is None):
        field = found.fields[example.field or spec.first]
        streams = {key: _stream(s.kind, spec.facts) for key, s in found.streams.items()}
        annotation = Annotation(
            id=field.key if not field.many else "1",
            field=field.key,
            kind=name,
            version=kind.version,
            on=On(field.on) if field.on else None,
            label=next(iter(field.labels), None),
            value=example.value,
        )
        response = Response(
            author=Author(type="person", name="Ann"),
            annotations=(annotation,),
            covers={field.key: None},
            cause="import",
        )
        records.append(Record(Item(key=f"{name}{number}", streams=streams), (response,)))
    return found, records


def _stream(kind: str, facts: Facts) -> Stream:
    if kind == "text":
        return Stream("text", Ref(inline="x" * (facts.length or 100)), Facts(length=facts.length or 100))
    if kind == "dialogue":
        return Stream(kind, Ref(inline=dialogue.read(["Hi"])), Facts(turns=1))
    if kind == "trace":
        steps = trace.read(["Look.", {"tool": "look", "input": "up", "output": "blue"}])
        return Stream(kind, Ref(inline=steps), trace.facts(steps))
    if kind == "tree":
        text = tree.read(
            [{"id": "a", "role": "user", "content": "Hi"}, {"role": "user", "content": "?", "parent_id": "a"}]
        )
        return Stream(kind, Ref(inline=text), tree.facts(text))
    if kind == "candidates":
        answers = candidates.read([{"key": key, "content": key} for key in facts.parts or ("a", "b")])
        return Stream(kind, Ref(inline=answers), candidates.facts(answers))
    if kind == "table":
        text = tables.read({"name": "Ada", "born": 1815})
        return Stream(kind, Ref(inline=text), tables.facts(text))
    return Stream(kind, Ref(uri="a.jpg"))


def parts(records: Iterable[Record]) -> Counter[str]:
    """How many items, responses and annotations have each part that a format may lose."""
    found: Counter[str] = Counter()
    for record in records:
        item = record.item
        found.update(
            dict(
                zip(
                    ITEM,
                    map(
                        int,
                        ("source" in item.extra, bool(item.tags), item.split_group is not None, bool(item.metadata)),
                    ),
                    strict=True,
                )
            )
        )
        for r in record.responses:
            partial = any(v is not None for v in r.covers.values())
            own = (
                r.state == "skipped",
                r.state == "withdrawn",
                partial,
                "device" in r.extra,
                r.excluded is not None,
                r.active_ms > 0,
                r.at is not None,
            )
            found.update(
                dict(zip(RESPONSE, map(int, (*own, r.author.type != "import" and r.state == "submitted")), strict=True))
            )
            for a in r.annotations:
                own_of = (a.confidence, a.probabilities, a.origin, a.group, a.z)
                facts = (*(part is not None for part in own_of), "why" in a.extra, bool(a.attributes))
                found.update(dict(zip(ANNOTATION, map(int, facts), strict=True)))
    return found


def answers(records: Iterable[Record]) -> Iterator[tuple[str, str, str, object]]:
    """Each annotation as item, author, label and value."""
    for record in records:
        for response in record.responses:
            for a in response.annotations:
                yield record.item.key, name_of(response.author), f"{a.field}:{a.label}", a.value


def writers(formats: dict[str, Format]) -> list[Format]:
    """The formats that go both ways."""
    return [format for format in formats.values() if format.write is not None and format.read is not None]
