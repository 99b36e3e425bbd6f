"""Where the schema in force names what a project brought itself, so that it is not taken away under it."""

from collections.abc import Iterable, Iterator, Mapping

from karat.kinds.entity import EntityOptions
from karat.model.field import Field
from karat.model.problem import Problem, Refused
from karat.model.schema import Schema


def of_panel(schema: Schema, module: str) -> tuple[str, ...]:
    """The paths of a schema that show this panel, such as `panels.picker`."""
    return tuple(f"panels.{panel.key}" for panel in schema.panels.values() if panel.module == module)


def of_vocabulary(schema: Schema, name: str) -> tuple[str, ...]:
    """The paths of a schema whose entities are entries of this one, such as `fields.names.labels.place.attributes.is`."""
    return tuple(path for path, vocabulary in _entities(schema.fields, "fields") if vocabulary == name)


def refuse_used(name: str, uses: Iterable[str]) -> None:
    """What the schema names stays: without it, those places could not be answered."""
    do = "Take it out of the schema first; answers keep what they say."
    wrong = [Problem(path, name, "a schema that does not name it", do) for path in uses]
    if wrong:
        raise Refused(wrong, status=409, title="The schema still names it")


def _entities(fields: Mapping[str, Field], at: str) -> Iterator[tuple[str, str]]:
    """(path, vocabulary) of every field and attribute that is an entity."""
    for key, field in fields.items():
        if isinstance(field.options, EntityOptions):
            yield f"{at}.{key}", field.options.vocabulary
        yield from _entities(field.attributes, f"{at}.{key}.attributes")
        for label in field.labels.values():
            yield from _entities(label.attributes, f"{at}.{key}.labels.{label.key}.attributes")
