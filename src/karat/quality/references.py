"""Annotations that are about others, such as relations, made comparable: their ends by what several authors matched.

Each author gives its annotations ids of its own, so relations of two authors never name the same ends. Here the ends are
matched first, by the distance of their kind, and every reference is renamed to what its end was matched to.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from karat.kinds import KINDS
from karat.model.kind import AnyKind
from karat.model.response import Annotation, Response
from karat.model.schema import Field, Schema
from karat.quality.clusters import clustered
from karat.quality.pairing import match_blind

Names = dict[str, str]
"""Ids of one author's annotations to the names of what they stand for."""


def is_link(field: Field, kinds: Mapping[str, AnyKind] = KINDS) -> bool:
    """Whether a field's annotations are about others."""
    return kinds[field.kind].refs is not None


def bound_together(
    responses: Mapping[str, Response], schema: Schema, *, kinds: Mapping[str, AnyKind] = KINDS, item: str = ""
) -> Mapping[str, Response]:
    """The responses of several authors to one item, by author, with one name for all that stands for the same thing.

    Things are matched whatever they are called: who names an end otherwise may still have seen the same relation. `item`
    becomes part of the names, so that ends of different items are different.
    """
    if not _any_links(responses.values(), schema, kinds):
        return responses
    names: dict[str, Names] = {author: {} for author in responses}
    authors = list(responses)
    for field in _places(schema, kinds):
        given = [_of_field(responses[author].annotations, field) for author in authors]
        for group, members in enumerate(clustered(given, field, kinds[field.kind])):
            for author, index in members:
                names[authors[author]][given[author][index].id] = f"{item}/{field.key}/{group}"
    return {author: _renamed(response, names[author], schema, kinds) for author, response in responses.items()}


def bound_to(
    responses: Mapping[str, Response],
    annotations: Sequence[Annotation],
    schema: Schema,
    *,
    kinds: Mapping[str, AnyKind] = KINDS,
) -> Mapping[str, Response]:
    """The responses of several authors, with every reference to the one of these annotations that it stands for.

    A reference to what none of them is matched to is gone, and so is what means nothing without it.
    """
    if not _any_links(responses.values(), schema, kinds):
        return responses
    found: dict[str, Response] = {}
    for author, response in responses.items():
        names: Names = {}
        for field in _places(schema, kinds):
            mine, there = _of_field(response.annotations, field), _of_field(annotations, field)
            matched = match_blind(mine, there, field, kinds[field.kind])
            names |= {mine[i].id: there[j].id for i, j, _ in matched.pairs}
        found[author] = _renamed(response, names, schema, kinds)
    return found


def _renamed(response: Response, names: Names, schema: Schema, kinds: Mapping[str, AnyKind]) -> Response:
    kept: list[Annotation] = []
    for annotation in response.annotations:
        field = schema.fields.get(annotation.field)
        refs = None if field is None else kinds[field.kind].refs
        if refs is None:
            kept.append(annotation)
            continue
        value = refs.rebind(annotation.value, names)
        if value is not None:
            kept.append(msgspec.structs.replace(annotation, value=value))
    # Who drew relations has spoken of them, even where none of them is left.
    spoken = {a.field: None for a in response.annotations if a.field not in response.covers}
    return msgspec.structs.replace(response, annotations=tuple(kept), covers={**response.covers, **spoken})


def _any_links(responses: Iterable[Response], schema: Schema, kinds: Mapping[str, AnyKind]) -> bool:
    links = {key for key, field in schema.fields.items() if is_link(field, kinds)}
    return bool(links) and any(a.field in links for response in responses for a in response.annotations)


def _places(schema: Schema, kinds: Mapping[str, AnyKind]) -> list[Field]:
    return [field for field in schema.fields.values() if kinds[field.kind].role == "where"]


def _of_field(annotations: Sequence[Annotation], field: Field) -> list[Annotation]:
    return [a for a in annotations if a.field == field.key]
