"""Whether the parts of a schema fit one another: conditions, hotkeys, sources, layout."""

from collections.abc import Iterator, Mapping

import msgspec

from karat.model.field import Field, StreamSpec
from karat.model.kind import NO_FACTS, AnyKind
from karat.model.problem import Problem, shown

CARD = "card"
"""The layout in which each item is one card with one question."""
MOST_ON_CARD = 9
FIELD = "a field with one answer, listed before this one"
ATTRIBUTE = "an attribute of the same label, listed before this one"


def problems_of_conditions(fields: Mapping[str, Field], kinds: Mapping[str, AnyKind]) -> list[Problem]:
    """Each condition (`when`) names something that was asked before, and an answer that it can have."""
    found = _among(fields, "fields", FIELD, kinds)
    for key, field in fields.items():
        found += _among(field.attributes, f"fields.{key}.attributes", ATTRIBUTE, kinds)
        for label in field.labels:
            attributes = field.attributes_of(label)
            path = f"fields.{key}.labels.{label}.attributes"
            found += [p for p in _among(attributes, path, ATTRIBUTE, kinds) if _is_own(p, path, field)]
    return found


def problems_of_hotkeys(fields: Mapping[str, Field]) -> list[Problem]:
    """No two labels of a field have one key."""
    found: list[Problem] = []
    for name, field in fields.items():
        taken: dict[str, str] = {}
        for key, label in field.labels.items():
            if label.hotkey and label.hotkey in taken:
                expected = f"a key that `{taken[label.hotkey]}` does not have"
                do = "Give each label of a field its own key."
                found.append(Problem(f"fields.{name}.labels.{key}.key", shown(label.hotkey), expected, do))
            elif label.hotkey:
                taken[label.hotkey] = key
    return found


def problems_of_ends(fields: Mapping[str, Field], kinds: Mapping[str, AnyKind]) -> list[Problem]:
    """Relations are between annotations of fields that are there, that say where something is, and of labels they have."""
    places = {key: field for key, field in fields.items() if kinds[field.kind].role == "where"}
    found: list[Problem] = []
    for name, field in fields.items():
        refs = kinds[field.kind].refs
        if refs is None:
            continue
        if not places:
            do = "Add what the annotations of this field are about, such as boxes or spans."
            found.append(
                Problem(f"fields.{name}", shown(field.kind), "a schema with a field of things that have a place", do)
            )
            continue
        found += [msgspec.structs.replace(p, path=f"fields.{name}.{p.path}") for p in refs.check_field(field)]
        for path, ends in refs.ends(field).items():
            for other, labels in ends.items():
                here = f"fields.{name}.{path}.{other}"
                if other not in places:
                    do = "Name a field of things that have a place."
                    found.append(Problem(here, shown(other), f"one of {', '.join(places)}", do))
                    continue
                expected = f"one of {', '.join(places[other].labels)}"
                found += [
                    Problem(f"{here}[{i}]", shown(label), expected, f"Name labels of `{other}`.")
                    for i, label in enumerate(labels)
                    if label not in places[other].labels
                ]
    return found


def problems_of_sources(
    fields: Mapping[str, Field], streams: Mapping[str, StreamSpec], kinds: Mapping[str, AnyKind]
) -> list[Problem]:
    """What is made from a stream says from which, and an attribute, which lies on none, is made from nothing."""
    found: list[Problem] = []
    for key, field in fields.items():
        wanted = kinds[field.kind].source(field.options)
        if wanted and (field.on is None or streams[field.on].kind not in wanted):
            fitting = [name for name, stream in streams.items() if stream.kind in wanted]
            expected = f"one of {', '.join(fitting)}" if fitting else f"a stream of kind {' or '.join(wanted)}"
            do = "Say by `on` from which stream the answer is made."
            found.append(Problem(f"fields.{key}.on", shown(field.on), expected, do))
        elif wanted and field.each is None and field.on is not None and streams[field.on].kind == "tree":
            do = "Write `each: message`: each message is changed by itself."
            found.append(Problem(f"fields.{key}.each", shown(None), "message", do))
        asked = [(f"fields.{key}.attributes", field.attributes)]
        asked += [(f"fields.{key}.labels.{name}.attributes", label.attributes) for name, label in field.labels.items()]
        for path, attributes in asked:
            found += [
                Problem(f"{path}.{name}", shown(own.kind), "an answer made from nothing", "Make a field of its own.")
                for name, own in attributes.items()
                if kinds[own.kind].source(own.options)
            ]
    return found


def problems_of_layout(
    layout: object, known: set[str], fields: Mapping[str, Field], kinds: Mapping[str, AnyKind]
) -> list[Problem]:
    """The layout names only what there is; cards ask one question, which one key answers."""
    if layout == CARD:
        return _problems_of_card(fields, kinds)
    expected, do = f"one of {', '.join(sorted(known))}", "Name only streams and fields of this schema in the layout."
    return [Problem("layout", shown(name), expected, do) for name in _names(layout) if name not in known]


def _problems_of_card(fields: Mapping[str, Field], kinds: Mapping[str, AnyKind]) -> list[Problem]:
    expected = f"one field with 2 to {MOST_ON_CARD} options, or one of regions that are suggested"
    do = "Ask one question a card, or leave `layout` out."
    [first, *more] = fields.values()
    options = getattr(first.options, "options", None)
    is_choice = kinds[first.kind].role == "what" and isinstance(options, Mapping)
    fits = 2 <= len(options) <= MOST_ON_CARD and not getattr(first.options, "multiple", False) if is_choice else False  # type: ignore[arg-type]  # a mapping by then
    if not more and first.each is None and (fits or kinds[first.kind].role == "where"):
        return []
    return [Problem("layout", CARD, expected, do)]


def _names(layout: object) -> Iterator[str]:
    if isinstance(layout, str):
        yield layout
    elif isinstance(layout, list | tuple):
        for part in layout:
            yield from _names(part)


def _among(fields: Mapping[str, Field], path: str, expected: str, kinds: Mapping[str, AnyKind]) -> list[Problem]:
    found: list[Problem] = []
    before: dict[str, Field] = {}
    for key, field in fields.items():
        for other, answer in field.when.items():
            here = f"{path}.{key}.when"
            if other not in before:
                do = "Name one that is asked before, or change the order."
                found.append(Problem(here, shown(other), expected, do))
            elif not _can_answer(before[other], answer, kinds[before[other].kind]):
                do = "Mend the answer, or add it as an option."
                found.append(Problem(f"{here}.{other}", shown(answer), f"an answer that `{other}` accepts", do))
            elif (by := before[other]).each is not None and (by.each, by.on) != (field.each, field.on):
                expected = f"a field that is answered once an item, as `{key}` is not asked of each {by.each}"
                do = f"Ask `{key}` of each {by.each} too, or name another."
                found.append(Problem(here, shown(other), expected, do))
        if not field.many and not field.labels:
            before[key] = field
    return found


def _is_own(problem: Problem, path: str, field: Field) -> bool:
    """Whether a problem is of the label's own attribute: those of the field were told once already."""
    return problem.path.removeprefix(f"{path}.").split(".")[0] not in field.attributes


def _can_answer(field: Field, answer: str, kind: AnyKind) -> bool:
    for value in (answer, [answer]):
        try:
            parsed = msgspec.convert(value, kind.value, strict=False)
        except msgspec.ValidationError:
            continue
        if not kind.check(parsed, field, NO_FACTS):
            return True
    return False
