"""Fields that are answered once for each part of a stream: on which parts they are asked, and what answers to them lack."""

from collections.abc import Mapping, Sequence

from karat.kinds.attributes import holds, is_empty
from karat.model.field import Field, Schema
from karat.model.kind import NO_FACTS, Facts
from karat.model.parts import Parts, id_of
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, On, Response

FEW = 12
"""Parts that a message names; a conversation may have thousands."""
MOST_TOLD = 50


def parts_of(field: Field, facts: Facts) -> tuple[str, ...] | None:
    """The parts on which a field is asked, in the order of the stream; None where they are not known."""
    parts = facts.each.get(field.each or "")
    return None if parts is None else parts.of(field.of)


def problems_of_place(ident: str, on: On | None, field: Field, facts: Mapping[str, Facts]) -> list[Problem]:
    """Whether an answer names a part that is there and is asked about, and has that part in its id."""
    stream = field.on or ""
    if on is None or on.part is None:
        do = f"Say of which {field.each} it speaks, e.g. `on: {{stream: {stream}, part: …}}`."
        return [Problem("on", shown(None if on is None else on.part), f"one {field.each} of `{stream}`", do)]
    parts = facts.get(stream, NO_FACTS).each.get(field.each or "")
    if parts is not None and not parts.has(on.part, field.of):
        known = parts.of(field.of)
        named = ", ".join(known[:FEW]) + (f" … ({len(known)})" if len(known) > FEW else "")
        roles = f" that is {' or '.join(field.of)}" if field.of else ""
        do = f"Name one{roles}." if known else f"Remove it: `{stream}` has no {field.each}{roles}."
        return [Problem("on.part", shown(on.part), f"one of {named}" if known else "no answer", do)]
    if ident != id_of(field, on.part):
        do = f"`{field.key}` has one answer for each {field.each}, whose id is the field's key, a slash and the part."
        return [Problem("id", shown(ident), id_of(field, on.part), do)]
    return []


def text_parts(facts: Facts) -> tuple[str, Parts] | None:
    """The name and the parts of a stream that holds its texts in parts; None where it has no such parts."""
    return next(((name, parts) for name, parts in facts.each.items() if parts.lengths), None)


def facts_of_part(on: On | None, facts: Facts) -> tuple[Facts, list[Problem]]:
    """What is known of the text in which a place lies: of a part, where the stream holds its texts in parts, by its name."""
    found = text_parts(facts)
    if found is None:
        return facts, []
    name, parts = found
    known, part = parts.all(), None if on is None else on.part
    if part is not None and part in known:
        return Facts(length=parts.lengths[known.index(part)]), []
    named = ", ".join(known[:FEW]) + (f" … ({len(known)})" if len(known) > FEW else "")
    do = f"Say in which {name} it lies, and count from the beginning of that."
    return facts, [Problem("on.part", shown(part), f"one of {named}", do)]


def problems_of_parts(
    annotations: Sequence[Annotation], field: Field, schema: Schema, facts: Mapping[str, Facts]
) -> list[Problem]:
    """Parts without an answer that a required field asks for, and answers where it is not asked; the first 50 of them.

    A condition on a field that is asked of each part too is held against the answer on the same part. Paths begin at the list.
    """
    place = {(a.field, a.id): index for index, a in enumerate(annotations) if not is_empty(a.value)}
    known = parts_of(field, facts.get(field.on or "", NO_FACTS))
    if known is None:
        known = tuple(a.on.part for a in annotations if a.field == field.key and a.on and a.on.part is not None)
    found: list[Problem] = []
    for part in known:
        others = {other: place.get((other, id_of(asked, part))) for other, asked in _asked(field, schema).items()}
        said = {other: None if index is None else annotations[index].value for other, index in others.items()}
        asked = all(holds(said[other], wanted) for other, wanted in field.when.items())
        index = place.get((field.key, id_of(field, part)))
        if asked and field.required and index is None:
            since = f", which is asked since {conditions(field.when)}" if field.when else ""
            expected = f"an annotation of the field `{field.key}` on the {field.each} `{part}`"
            found.append(Problem("", shown(None), expected, f"Answer `{id_of(field, part)}`{since}."))
        if not asked and index is not None:
            do = f"Remove it: `{field.key}` is asked only where {conditions(field.when)}."
            found.append(Problem(f"[{index}].field", field.key, "a field that is asked here", do))
        if len(found) == MOST_TOLD:
            break
    return found


def open_parts(response: Response, schema: Schema, facts: Mapping[str, Facts]) -> dict[str, int]:
    """By field that is required of each part, the parts that a response which covers it leaves open; 50 of each at most."""
    if response.state != "submitted":
        return {}
    covered = [f for key, f in schema.fields.items() if f.each is not None and f.required and key in response.covers]
    missing = shown(None)
    counts = {
        f.key: sum(problem.got == missing for problem in problems_of_parts(response.annotations, f, schema, facts))
        for f in covered
    }
    return {key: n for key, n in counts.items() if n}


def _asked(field: Field, schema: Schema) -> dict[str, Field]:
    return {other: schema.fields[other] for other in field.when}


def conditions(when: Mapping[str, str]) -> str:
    """Conditions in words."""
    return " and ".join(f"`{other}` is `{wanted}`" for other, wanted in when.items())
