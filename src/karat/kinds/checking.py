"""Whether annotations fit a schema: everything that is wrong with them, and what of them can be used."""

from collections.abc import Mapping, Sequence

import msgspec

from karat.kinds import KINDS
from karat.kinds.plan import SchemaPlan, plan_of
from karat.kinds.reader import Envelope, Reader, not_json
from karat.model import strings
from karat.model.kind import AnyKind, Facts
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, Covers, Response
from karat.model.schema import Schema

NO_STREAMS: Mapping[str, Facts] = {}
_ENVELOPES = msgspec.json.Decoder(list[Envelope[msgspec.Raw]])
_RAWS = msgspec.json.Decoder(list[msgspec.Raw])
_ANNOTATIONS = msgspec.json.Encoder()


def parse_annotations(
    given: bytes | msgspec.Raw | Sequence[msgspec.Raw],
    schema: Schema,
    *,
    facts: Mapping[str, Facts] = NO_STREAMS,
    complete: bool,
    path: str = "annotations",
    kinds: Mapping[str, AnyKind] = KINDS,
) -> tuple[tuple[Annotation, ...], list[Problem]]:
    """The annotations that JSON describes and everything that is wrong with them; those at fault are left out.

    `given` is the JSON of a list, or its entries. `facts` are those of the streams that the item has. `complete` asks for
    required fields and attributes and fills in defaults, as on submit; a draft or an import is read without.
    """
    try:
        return _parse(given, plan_of(schema, kinds), facts, complete=complete, path=path)
    except RecursionError:
        return (), [Problem(path, "values within values", "at most a few hundred levels", "Flatten the values.")]


def check_annotations(
    annotations: Sequence[Annotation],
    schema: Schema,
    *,
    facts: Mapping[str, Facts] = NO_STREAMS,
    complete: bool,
    path: str = "annotations",
    kinds: Mapping[str, AnyKind] = KINDS,
) -> tuple[tuple[Annotation, ...], list[Problem]]:
    """The same for annotations whose values are plain JSON values or already of their kinds, as formats make them."""
    reader = Reader(plan_of(schema, kinds), facts, complete=complete, path=path)
    try:
        for index, annotation in enumerate(annotations):
            here = f"{path}[{index}]"
            found = list(strings.problems_of(msgspec.to_builtins(annotation), here))
            reader.problems += found
            if not found:
                reader.read(annotation, annotation.value, here, plain=True)
        return reader.done()
    except RecursionError:
        return (), [Problem(path, "values within values", "at most a few hundred levels", "Flatten the values.")]


def check_covers(covers: Covers, schema: Schema, *, path: str = "covers") -> list[Problem]:
    """Each covered field exists, and so does each label that was looked for."""
    found: list[Problem] = []
    for name, labels in covers.items():
        field = schema.fields.get(name)
        if field is None:
            expected = f"one of {', '.join(schema.fields)}"
            found.append(Problem(f"{path}.{name}", shown(name), expected, "Cover only fields of the schema."))
        elif labels is not None and not field.labels:
            found.append(Problem(f"{path}.{name}", shown(labels), "null", f"A {field.kind} has no labels; write null."))
        elif labels is not None:
            found += [
                Problem(
                    f"{path}.{name}[{i}]",
                    shown(label),
                    f"one of {', '.join(field.labels)}",
                    "Name a label of the field.",
                )
                for i, label in enumerate(labels)
                if label not in field.labels
            ]
    return found


def check_response(
    response: Response, schema: Schema, *, facts: Mapping[str, Facts] = NO_STREAMS, complete: bool = False
) -> tuple[Response, list[Problem]]:
    """A response with its values read by their kinds, and what is wrong with it."""
    annotations, problems = check_annotations(response.annotations, schema, facts=facts, complete=complete)
    return msgspec.structs.replace(response, annotations=annotations), problems + check_covers(response.covers, schema)


def encode_annotations(annotations: Sequence[Annotation]) -> bytes:
    """The JSON of a list of annotations, which `parse_annotations` reads back."""
    return _ANNOTATIONS.encode(annotations)


def _parse(
    given: bytes | msgspec.Raw | Sequence[msgspec.Raw],
    plan: SchemaPlan,
    facts: Mapping[str, Facts],
    *,
    complete: bool,
    path: str,
) -> tuple[tuple[Annotation, ...], list[Problem]]:
    reader = Reader(plan, facts, complete=complete, path=path)
    if not isinstance(given, bytes | msgspec.Raw):
        return reader.read_raws(given)
    whole = bytes(given)
    if not strings.has_nul(whole):
        try:
            return reader.read_all(_ENVELOPES.decode(whole))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass  # read one by one below, which tells every mistake
    try:
        raws = _RAWS.decode(whole)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        return (), not_json(whole, path, error)
    return reader.read_raws(raws)
