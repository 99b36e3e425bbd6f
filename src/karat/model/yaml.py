"""YAML 1.2 core as plain values with the line of each, so that a problem can say where it stands."""

from collections.abc import Mapping
from io import StringIO
from itertools import accumulate

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from karat.model.problem import Problem, shown

MAX_DEPTH = 100
MAX_CHARACTERS = 1_000_000

Lines = Mapping[str, int]
"""Path such as `fields.topic.kind` to its line, counted from 1."""


def read_yaml(text: str) -> tuple[object, Lines, list[Problem]]:
    """Plain values, their lines, and the problem if the text is not YAML. Aliases are refused: they can be made to explode."""
    if len(text) > MAX_CHARACTERS:
        return None, {}, [Problem("", f"{len(text)} characters", f"at most {MAX_CHARACTERS}", "Split the file.")]
    if any(depth > MAX_DEPTH for depth in accumulate((c in "[{") - (c in "]}") for c in text)):
        # The reader's time grows with the square of the depth: 20,000 brackets would hold it for minutes.
        return (
            None,
            {},
            [
                Problem(
                    "", "brackets within brackets", f"at most {MAX_DEPTH} deep", "Write the schema with indentation."
                )
            ],
        )
    try:
        aliased = next(
            (e for e in YAML(typ="safe", pure=True).parse(StringIO(text)) if isinstance(e, AliasEvent)), None
        )
        if aliased is not None:
            line = aliased.start_mark.line + 1
            return None, {}, [Problem("", f"*{aliased.anchor}", "no aliases", "Write the value out in full.", line)]
        value = _loader().load(StringIO(text))
        node = YAML(typ="safe", pure=True).compose(StringIO(text))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        reason = getattr(error, "problem", None) or str(error)
        return (
            None,
            {},
            [
                Problem(
                    "",
                    shown(_line(text, line)),
                    f"YAML ({reason})",
                    "Mend the indentation or the quotes at this line.",
                    line,
                )
            ],
        )
    except (ValueError, RecursionError) as error:
        return (
            None,
            {},
            [Problem("", shown(text), f"YAML ({error})", "Write plain keys, texts, numbers, lists and mappings.")],
        )
    lines: dict[str, int] = {}
    if node is not None:
        _note(node, "", lines)
    return value, lines, []


def with_lines(problems: list[Problem], lines: Lines) -> list[Problem]:
    """The same problems, each with the line of its path or of the nearest parent that has one."""
    return [p if p.line else msgspec.structs.replace(p, line=_nearest(p.path, lines)) for p in problems]


class _Core(SafeConstructor):
    """YAML 1.2's core schema: it has no dates, so `2026-11-22` stays text."""


_Core.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def _loader() -> YAML:
    loader = YAML(typ="safe", pure=True)
    loader.Constructor = _Core
    return loader


def _note(node: Node, path: str, lines: dict[str, int]) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode):
                inner = f"{path}.{key.value}" if path else str(key.value)
                lines[inner] = key.start_mark.line + 1
                _note(value, inner, lines)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            _note(value, f"{path}[{index}]", lines)


def _nearest(path: str, lines: Lines) -> int | None:
    while path:
        if path in lines:
            return lines[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get("")


def _line(text: str, line: int | None) -> str:
    rows = text.splitlines()
    return rows[line - 1] if line and line <= len(rows) else text
