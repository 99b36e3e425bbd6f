"""Which responses count, what each spoke about, and what it answered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from karat.kinds.attributes import holds, is_empty
from karat.model.parts import id_of
from karat.model.response import Annotation, Author, AuthorType, Response
from karat.model.schema import Field, Schema

PEOPLE: frozenset[AuthorType] = frozenset({"person", "import"})
"""Authors whose agreement is meant when nothing else is said."""
ALL = None
"""What a response covers where every label was looked for."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one author said on one field of one item."""

    author: str
    annotations: tuple[Annotation, ...]
    labels: frozenset[str] | None
    """The labels that were looked for; None for all."""


def author_key(author: Author) -> str:
    """What tells authors apart: the id, or, where an imported one has none, type, name and version.

    >>> author_key(Author(type="model", name="yolo", version="8")), author_key(Author(type="person", name="Ada", id="a1"))
    ('model:yolo@8', 'a1')
    """
    if author.id is not None:
        return author.id
    return f"{author.type}:{author.name}" + (f"@{author.version}" if author.version else "")


def counted(responses: Iterable[Response], *, authors: Collection[AuthorType] = PEOPLE) -> dict[str, Response]:
    """By author, the responses that count: submitted, not excluded, of these types; the last where an author has several."""
    return {
        author_key(r.author): r
        for r in responses
        if r.state == "submitted" and r.excluded is None and r.author.type in authors
    }


def said_on(field: Field, responses: Mapping[str, Response], schema: Schema) -> list[Said]:
    """What each author said on a field. Who did not cover it, or was not asked, is left out: that is missing, no disagreement.

    Annotations outside of the covered labels are left out too. A field with annotations counts as covered.
    """
    found: list[Said] = []
    for author, response in responses.items():
        annotations = tuple(a for a in response.annotations if a.field == field.key)
        if not annotations and field.key not in response.covers:
            continue
        if field.when and not _asked(field, response, schema):
            continue
        given = response.covers.get(field.key)
        labels = ALL if given is None else frozenset(given)
        if labels is not None:
            annotations = tuple(a for a in annotations if a.label in labels)
        found.append(Said(author, annotations, labels))
    return found


@dataclass(frozen=True, slots=True)
class Unit:
    """What is answered once by each author: an item, or one part of it."""

    part: str | None
    said: list[Said]


def units_on(field: Field, responses: Mapping[str, Response], schema: Schema) -> list[Unit]:
    """What each author said on a field, unit by unit: one unit for the item, or one for each part of which anybody spoke.

    Parts come in the order in which they were first spoken of. Who covered the field and left open a part that others
    answered has left it open; who did not cover it, or was not asked about that part, is missing there.
    """
    if field.each is None:
        said = said_on(field, responses, schema)
        return [Unit(None, said)] if said else []
    of_field = {author: [a for a in r.annotations if a.field == field.key] for author, r in responses.items()}
    parts = dict.fromkeys(a.on.part for given in of_field.values() for a in given if a.on and a.on.part is not None)
    found: list[Unit] = []
    for part in parts:
        said = [
            Said(author, tuple(a for a in given if a.on is not None and a.on.part == part), ALL)
            for author, given in of_field.items()
        ]
        said = [s for s in said if s.annotations or field.key in responses[s.author].covers]
        found.append(Unit(part, [s for s in said if _asked(field, responses[s.author], schema, part)]))
    return [unit for unit in found if unit.said]


def answer_of(said: Said) -> object | None:
    """The value of a field that has one annotation; None where the author left it open."""
    value = said.annotations[0].value if said.annotations else None
    return None if is_empty(value) else value


def common_labels(said: Sequence[Said]) -> frozenset[str] | None:
    """The labels that all of them looked for; None for every label."""
    limits = [s.labels for s in said if s.labels is not None]
    return frozenset.intersection(*limits) if limits else ALL


def within(annotations: Sequence[Annotation], labels: frozenset[str] | None) -> Sequence[Annotation]:
    """Those with one of these labels; all where `labels` is None."""
    return annotations if labels is None else [a for a in annotations if a.label in labels]


def is_instances(field: Field) -> bool:
    """Whether a field's annotations have to be paired: labelled regions, or several answers."""
    return field.many or bool(field.labels)


def attribute_answers(annotation: Annotation, field: Field) -> dict[str, object]:
    """What an annotation says on each attribute that is asked of it; None where it is open; defaults stand in."""
    answers: dict[str, object] = {}
    for name, attribute in field.attributes_of(annotation.label).items():
        if not attribute.when or all(holds(answers.get(o), wanted) for o, wanted in attribute.when.items()):
            value = annotation.attributes.get(name, attribute.default)
            value = tuple(value) if isinstance(value, list) else value
            answers[name] = None if is_empty(value) else value
    return answers


def _asked(field: Field, response: Response, schema: Schema, part: str | None = None) -> bool:
    """Whether the conditions hold: what the author said of the item, or, where the other field is asked so too, of the part."""
    if not field.when:
        return True
    answers = {(a.field, a.id): a.value for a in response.annotations if a.field in field.when}
    known = {other: schema.fields.get(other) for other in field.when}
    return all(
        (asked := known[other]) is not None and holds(answers.get((other, id_of(asked, part))), wanted)
        for other, wanted in field.when.items()
    )
