"""Reading annotations one by one, envelope and value, with every mistake told at its full path."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Generic, TypeVar

import msgspec

from karat.kinds.attributes import check_attributes, holds, is_empty
from karat.kinds.parts import conditions, facts_of_part, problems_of_parts, problems_of_place
from karat.kinds.plan import FieldPlan, SchemaPlan
from karat.model import strings
from karat.model.field import CONTROL
from karat.model.kind import NO_FACTS, Facts
from karat.model.parsing import convert_problem, join
from karat.model.problem import Problem, shown
from karat.model.response import Annotation, On, Origin

MAX_ID = 200

T = TypeVar("T")


class Envelope(msgspec.Struct, Generic[T], frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An annotation whose value is still of type T: the kind that says how to read it is inside."""

    id: str
    field: str
    kind: str
    value: T
    version: int = 1
    on: On | None = None
    label: str | None = None
    attributes: dict[str, object] = {}
    confidence: float | None = None
    probabilities: dict[str, float] | None = None
    origin: Origin | None = msgspec.field(default=None, name="from")
    group: str | None = None
    z: int | None = None
    extra: dict[str, object] = {}


_ENVELOPE = msgspec.json.Decoder(Envelope[msgspec.Raw])
_AS_ENVELOPE: Callable[[object], object] = partial(msgspec.convert, type=Envelope[object])


class Reader:
    """Reads annotations one after another and keeps what was wrong."""

    def __init__(self, plan: SchemaPlan, facts: Mapping[str, Facts], *, complete: bool, path: str) -> None:
        self.plan = plan
        self.facts = facts
        self.complete = complete
        self.path = path
        self.annotations: list[Annotation] = []
        self.problems: list[Problem] = []
        self.ids: set[str] = set()
        self.links: dict[str, list[tuple[str, Annotation]]] = {}
        """By field, annotations that are about others, with their paths: they are checked when all are known."""

    def read_all(self, envelopes: Sequence[Envelope[msgspec.Raw]]) -> tuple[tuple[Annotation, ...], list[Problem]]:
        """Read annotations whose envelopes are sound."""
        for index, envelope in enumerate(envelopes):
            self.read(envelope, envelope.value, f"{self.path}[{index}]")
        return self.done()

    def read_raws(self, raws: Sequence[msgspec.Raw]) -> tuple[tuple[Annotation, ...], list[Problem]]:
        """Read annotations whose envelopes may be at fault."""
        for index, raw in enumerate(raws):
            self._read_raw(raw, f"{self.path}[{index}]")
        return self.done()

    def _read_raw(self, raw: msgspec.Raw, path: str) -> None:
        """Read one annotation of which even the envelope may be at fault."""
        given = bytes(raw)
        try:
            envelope = _ENVELOPE.decode(given)
            found = list(strings.problems_of(strings.plain_json(given), path)) if strings.has_nul(given) else []
        except msgspec.ValidationError as error:
            do = "See the annotation's shape in the API reference."
            problem = convert_problem(error, strings.plain_json(given), _AS_ENVELOPE, do=do)
            found = [_moved(problem, path)]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            found = not_json(given, path, error)
        self.problems += found
        if not found:
            self.read(envelope, envelope.value, path)

    def read(self, given: Envelope[msgspec.Raw] | Annotation, raw: object, path: str, *, plain: bool = False) -> None:
        """Read one annotation; `plain` values are JSON values in memory or already of their kind."""
        before = len(self.problems)
        plan = self.plan.fields.get(given.field)
        if plan is None:
            expected = f"one of {', '.join(self.plan.fields)}"
            self._say(f"{path}.field", given.field, expected, "Name a field of the project's schema.")
            return
        self._check_envelope(given, plan, path)
        value = self._value(plan, given, raw, path, plain=plain)
        if value is msgspec.UNSET:
            return
        attributes = given.attributes
        asked = plan.attributes.get(given.label)
        if attributes or asked:
            attributes, found = check_attributes(attributes, asked or {}, complete=self.complete)
            if found:
                self.problems += [_moved(p, f"{path}.attributes") for p in found]
        if len(self.problems) > before:
            return
        made = Annotation(
            id=given.id,
            field=given.field,
            kind=given.kind,
            version=plan.kind.version,
            on=given.on,
            label=given.label,
            value=value,
            attributes=attributes,
            confidence=given.confidence,
            probabilities=given.probabilities,
            origin=given.origin,
            group=given.group,
            z=given.z,
            extra=given.extra,
        )
        self.annotations.append(made)
        if plan.kind.refs is not None:
            self.links.setdefault(given.field, []).append((path, made))

    def _check_envelope(self, given: Envelope[msgspec.Raw] | Annotation, plan: FieldPlan, path: str) -> None:
        field = plan.field
        if given.kind != field.kind:
            self._say(
                f"{path}.kind",
                given.kind,
                field.kind,
                f"The field `{field.key}` holds annotations of kind {field.kind}.",
            )
        if given.id in self.ids:
            self._say(f"{path}.id", given.id, "an id of its own", "Give each annotation of a response its own id.")
        elif field.each is not None:
            self.problems += [_moved(p, path) for p in problems_of_place(given.id, given.on, field, self.facts)]
        elif not 0 < len(given.id) <= MAX_ID or CONTROL.search(given.id):
            self._say(
                f"{path}.id", given.id, f"1 to {MAX_ID} characters, none of them a control character", "Use a UUID."
            )
        elif not field.many and given.id != field.key:
            self._say(
                f"{path}.id", given.id, field.key, f"`{field.key}` has one annotation, whose id is the field's key."
            )
        self.ids.add(given.id)
        if given.label not in plan.attributes:
            self._check_label(given.label, plan, path)
        if given.on is not None and given.on.stream not in plan.streams:
            expected = f"one of {', '.join(sorted(plan.streams))}" if plan.streams else "null"
            self._say(f"{path}.on.stream", given.on.stream, expected, f"Name a stream on which `{field.key}` lies.")
        if given.confidence is not None and not 0 <= given.confidence <= 1:
            self._say(f"{path}.confidence", given.confidence, "0 to 1", "Give the confidence as a probability.")
        if given.probabilities is not None:
            self._check_probabilities(given.probabilities, plan, path)

    def _check_label(self, label: str | None, plan: FieldPlan, path: str) -> None:
        if plan.kind.role == "what":
            self._say(f"{path}.label", label, "null", f"A {plan.kind.name} is an answer and has no label.")
        else:
            expected = f"one of {', '.join(plan.field.labels)}"
            self._say(f"{path}.label", label, expected, "Name a label of the field, or add it to the schema.")

    def _check_probabilities(self, given: Mapping[str, float], plan: FieldPlan, path: str) -> None:
        labels = plan.field.labels
        for label, share in given.items():
            if labels and label not in labels:
                self._say(
                    f"{path}.probabilities.{label}", label, f"one of {', '.join(labels)}", "Name labels of the field."
                )
            elif not 0 <= share <= 1:
                self._say(f"{path}.probabilities.{label}", share, "0 to 1", "Give each label its probability.")

    def _value(
        self, plan: FieldPlan, given: Envelope[msgspec.Raw] | Annotation, raw: object, path: str, *, plain: bool
    ) -> object:
        """The value as its kind has it, checked; UNSET where it cannot be read."""
        kind = plan.kind
        if given.kind != kind.name:
            return msgspec.UNSET  # said by _check_envelope; another kind's value would only give more noise
        stream = plan.field.on if given.on is None else given.on.stream
        if kind.role == "where" and stream in plan.streams and stream not in self.facts and self._absent(stream):
            self._say(
                f"{path}.on", stream, "a stream that this item has", "This item came without it; remove the annotation."
            )
        try:
            if given.version != kind.version:
                value = self._upgraded(plan, given.version, raw, path)
            elif plain or not isinstance(raw, msgspec.Raw):
                value = msgspec.convert(raw, kind.value)
            else:
                value = plan.decode(raw)
        except msgspec.ValidationError as error:
            plain_value = strings.plain_json(bytes(raw)) if isinstance(raw, msgspec.Raw) else msgspec.to_builtins(raw)
            convert = partial(msgspec.convert, type=kind.value)
            problem = convert_problem(error, plain_value, convert, do=f"Give the value the shape of a {kind.name}.")
            self.problems.append(_moved(problem, f"{path}.value"))
            return msgspec.UNSET
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.problems += not_json(bytes(raw) if isinstance(raw, msgspec.Raw) else b"", f"{path}.value", error)
            return msgspec.UNSET
        if value is msgspec.UNSET:
            return value
        facts = NO_FACTS if stream is None else self.facts.get(stream, NO_FACTS)
        if facts.pages is not None and kind.is_drawn:
            facts = self._page(given.on, facts, path)
        if kind.role == "where" and facts.each:
            facts, found = facts_of_part(given.on, facts)
            self.problems += [_moved(p, path) for p in found]
        found = kind.check(value, plan.field, facts)
        if found:
            self.problems += [_moved(p, f"{path}.value") for p in found]
        return value

    def _page(self, on: On | None, facts: Facts, path: str) -> Facts:
        """The facts of the page on which something is drawn."""
        part = None if on is None else on.part
        size = facts.page(part)
        if size is None:
            expected = f"a page from 1 to {len(facts.pages or ())}, as text"
            self._say(f"{path}.on.part", part, expected, "Say on which page of the document it lies.")
            return NO_FACTS
        return Facts(width=size[0], height=size[1])

    def _upgraded(self, plan: FieldPlan, version: int, raw: object, path: str) -> object:
        kind = plan.kind
        if not all(step in kind.upgrade for step in range(version, kind.version)) or version > kind.version:
            self._say(
                f"{path}.version",
                version,
                f"{kind.version} or an older version",
                f"This Karat reads {kind.name} up to version {kind.version}.",
            )
            return msgspec.UNSET
        value = msgspec.json.decode(raw) if isinstance(raw, msgspec.Raw) else msgspec.to_builtins(raw)
        for step in range(version, kind.version):
            value = kind.upgrade[step](value)
        return msgspec.convert(value, kind.value)

    def _absent(self, stream: str) -> bool:
        """Whether the item lacks this stream, which only an optional one may."""
        spec = self.plan.schema.streams.get(stream)
        return spec is not None and spec.optional

    def done(self) -> tuple[tuple[Annotation, ...], list[Problem]]:
        """Everything that was read, and, for a complete response that is otherwise sound, what it lacks."""
        if self.links:
            self._check_links()
        if self.complete and not self.problems:
            self._check_required()
            self._check_together()
        return tuple(self.annotations), self.problems

    def _check_links(self) -> None:
        """Leave out what is about annotations that are not there, or may not be meant."""
        known = {a.id for a in self.annotations}
        siblings = {a.id: a for a in self.annotations if self.plan.fields[a.field].kind.role == "where"}
        at_fault: set[int] = set()
        for field, links in self.links.items():
            plan = self.plan.fields[field]
            refs = plan.kind.refs
            if refs is None:
                continue
            # Where an end is itself at fault, that was said already.
            at_fault |= {id(a) for _, a in links if any(i in self.ids and i not in known for i in refs.ids(a.value))}
            sound = [(path, a) for path, a in links if id(a) not in at_fault]
            for index, problem in refs.check([a for _, a in sound], plan.field, siblings):
                path, annotation = sound[index]
                self.problems.append(_moved(problem, f"{path}.value"))
                at_fault.add(id(annotation))
        self.annotations = [a for a in self.annotations if id(a) not in at_fault]

    def _check_required(self) -> None:
        answers = {a.field: a.value for a in self.annotations if not is_empty(a.value)}
        for name, plan in self.plan.fields.items():
            field = plan.field
            if not (field.required or field.when):
                continue
            if field.each is not None:
                found = problems_of_parts(self.annotations, field, self.plan.schema, self.facts)
                self.problems += [_moved(p, self.path) for p in found]
                continue
            asked = all(holds(answers.get(other), wanted) for other, wanted in field.when.items())
            if asked and field.required and name not in answers:
                do = f"Answer `{name}`" + (
                    "." if not field.when else f", which is asked since {conditions(field.when)}."
                )
                self._say(self.path, None, f"an annotation of the field `{name}`", do)
            if not asked and name in answers:
                index = next(i for i, a in enumerate(self.annotations) if a.field == name)
                do = f"Remove it: `{name}` is asked only where {conditions(field.when)}."
                self._say(f"{self.path}[{index}].field", name, "a field that is asked here", do)

    def _check_together(self) -> None:
        """Leave out what breaks what annotations of a field on one stream or part owe to one another; all were read."""
        at_fault: set[int] = set()
        for name, plan in self.plan.fields.items():
            together = plan.kind.together
            if together is None:
                continue
            places: dict[object, list[int]] = {}
            for index, annotation in enumerate(self.annotations):
                if annotation.field == name:
                    on = annotation.on
                    place = (plan.field.on, None) if on is None else (on.stream, on.part)
                    places.setdefault(place, []).append(index)
            for indices in places.values():
                for own, problem in together.check([self.annotations[i] for i in indices], plan.field):
                    self.problems.append(_moved(problem, f"{self.path}[{indices[own]}].value"))
                    at_fault.add(indices[own])
        self.annotations = [a for index, a in enumerate(self.annotations) if index not in at_fault]

    def _say(self, path: str, got: object, expected: str, do: str) -> None:
        self.problems.append(Problem(path, shown(got), expected, do))


def _moved(problem: Problem, path: str) -> Problem:
    return msgspec.structs.replace(problem, path=join(path, problem.path))


def not_json(given: bytes, path: str, error: Exception) -> list[Problem]:
    """What is wrong with bytes that are no JSON, or JSON of something else than a list."""
    found = strings.problems_in_json(given, path)
    got = given[:60].decode("utf-8", "replace")
    expected = "a list of annotations" if isinstance(error, msgspec.ValidationError) else f"JSON in UTF-8 ({error})"
    return found or [Problem(path, got, expected, "Send what a JSON encoder writes.")]
