"""Schemas to start from: the YAML files in `karat/templates`, in the order of their groups."""

from functools import cache
from importlib.resources import files

from karat.kinds import KINDS
from karat.model.schema import read_schema
from karat.model.yaml import read_yaml
from karat.server.projects.schemas import Template

GROUPS = ("Text", "Images", "Text and images", "Documents", "Conversations")


@cache
def templates() -> tuple[Template, ...]:
    """Every template; a broken one is a mistake of ours and stops the start."""
    found = [
        _template(path.name.removesuffix(".yaml"), path.read_text("utf-8"))
        for path in files("karat.templates").iterdir()
        if path.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda t: (GROUPS.index(t.group), t.title)))


def _template(name: str, text: str) -> Template:
    """A file begins with `# title: …`, `# group: …` and `# about: …`; the rest is the schema as people get it."""
    head, _, body = text.partition("\n\n")
    about = dict(line.removeprefix("# ").split(": ", 1) for line in head.splitlines())
    value, _, problems = read_yaml(body)
    schema, more = read_schema(value, KINDS)
    if schema is None:
        raise ValueError(f"template {name}: {[*problems, *more]}")
    return Template(
        id=name,
        title=about["title"],
        group=about["group"],
        about=about["about"],
        streams=[stream.kind for stream in schema.streams.values()],
        schema_yaml=body,
        schema=schema.document,
    )
