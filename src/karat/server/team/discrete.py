"""Answers that are one of a few options: whose errors can be told from chance."""

from collections.abc import Iterator, Mapping

from karat.model.response import Response
from karat.model.schema import Schema

Options = Mapping[str, tuple[str, ...]]
"""By field of which one option is chosen, what there is to choose from."""


def options_of(schema: Schema) -> Options:
    """The fields of which one option is chosen; options of a tree are laid flat."""
    found: dict[str, tuple[str, ...]] = {}
    for key, field in schema.fields.items():
        options = tuple(_flat(getattr(field.options, "options", None)))
        if len(options) > 1 and not field.many and not getattr(field.options, "multiple", False):
            found[key] = options
    return found


def chosen(response: Response, options: Options) -> dict[str, str]:
    """What a response chose in the fields of one option, where it is not asked part by part."""
    return {
        one.field: one.value
        for one in response.annotations
        if isinstance(one.value, str) and one.value in options.get(one.field, ()) and one.id == one.field
    }


def _flat(options: object) -> Iterator[str]:
    for key, option in options.items() if isinstance(options, Mapping) else ():
        yield key
        yield from _flat(getattr(option, "options", None))
