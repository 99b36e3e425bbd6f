"""What annotations owe to others of their response: kinds that refer to others, and kinds that ask something of all values of a field."""

from collections.abc import Iterator

import msgspec

from karat.model.kind import AnyKind
from karat.model.response import Annotation
from karat.testing.examples import Spec, schema_of


def references_are_checked(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Annotations that are about others give exactly the expected problems; rebound to the same names they are the same."""
    if (kind.refs is None) != (not spec.among) or (kind.refs is None) != (kind.role != "link"):
        yield "`refs` and examples `among` others must be given by kinds whose role is link, and by no others"
    refs = kind.refs
    if refs is None:
        return
    schema = schema_of(kind, spec)
    for e in spec.among:
        name = e.field or spec.first
        made = [
            Annotation(
                id=str(i),
                field=name,
                kind=kind.name,
                label=str(a["label"]),
                value=msgspec.convert(a["value"], kind.value),
            )
            for i, a in enumerate(e.annotations)
        ]
        there = {i: Annotation(id=i, field=f, kind="", label=label, value=None) for i, (f, label) in e.siblings.items()}
        found = refs.check(made, schema.fields[name], there)
        got = [{"index": index, "path": p.path, "expected": p.expected} for index, p in found]
        if got != e.problems or not all(p.got and p.do for _, p in found):
            yield f"among, {e.name}: problems {got}, expected {e.problems}"
        for annotation in made:
            names = {i: i for i in refs.ids(annotation.value)}
            if refs.rebind(annotation.value, names) != annotation.value:
                yield f"among, {e.name}: rebound to the same names, {annotation.value!r} changes"


def what_values_owe_is_checked(kind: AnyKind, spec: Spec) -> Iterator[str]:
    """Annotations of one field give exactly the expected problems; settled values owe nothing that `settle` could mend, and
    those without problems stay as they are."""
    if (kind.together is None) != (not spec.together):
        yield "`together` must be given by the kind and by its examples, or by neither"
    together = kind.together
    if together is None:
        return
    schema = schema_of(kind, spec)
    for e in spec.together:
        field = schema.fields[e.field or spec.first]
        values = [msgspec.convert(a["value"], kind.value) for a in e.annotations]
        made = [
            Annotation(id=str(i), field=field.key, kind=kind.name, label=str(a["label"]), value=value)
            for i, (a, value) in enumerate(zip(e.annotations, values, strict=True))
        ]
        found = together.check(made, field)
        got = [{"index": index, "path": p.path, "expected": p.expected} for index, p in found]
        if got != e.problems or not all(p.got and p.do for _, p in found):
            yield f"together, {e.name}: problems {got}, expected {e.problems}"
        settled = together.settle(values, [[(value, 1.0)] for value in values], field)
        if len(settled) != len(values) or (not found and settled != values):
            yield f"together, {e.name}: {values!r} settle to {settled!r}"
        kept = [value for value in settled if value is not None]
        if together.settle(kept, [[(value, 1.0)] for value in kept], field) != kept:
            yield f"together, {e.name}: {kept!r}, once settled, settle to something else"
