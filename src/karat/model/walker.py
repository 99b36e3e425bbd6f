"""Walking a document of plain JSON or YAML values."""

from collections.abc import Iterator, Mapping

import msgspec

from karat.model.field import KEY, MAX_KEY
from karat.model.parsing import join
from karat.model.problem import Problem, shown


class Walker:
    """Takes values out of a document, collects every problem and never stops at the first."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def key(self, key: object, path: str) -> bool:
        """Whether this may be the key of a stream or a field."""
        if isinstance(key, str) and KEY.fullmatch(key) and len(key) <= MAX_KEY:
            return True
        self.say(
            path,
            key,
            "a key of a-z, 0-9 and _, starting with a letter",
            "Rename the key; people see `title`, which may be anything.",
        )
        return False

    def entries(self, given: object, path: str, *, optional: bool = False) -> Iterator[tuple[str, object]]:
        """The entries of a mapping; one without a value is empty."""
        if given is None and optional:
            return
        if isinstance(given, Mapping):
            yield from ((k, {} if v is None else v) for k, v in given.items())
        else:
            self.say(
                path,
                given,
                "a mapping from key to definition",
                f"Write `{path.split('.')[-1]}:` and the entries indented below it.",
            )

    def mapping(self, given: object, path: str, known: set[str] | None) -> Mapping[str, object] | None:
        """A mapping, whose keys are told where they are not among the known ones."""
        if not isinstance(given, Mapping):
            self.say(path, given, "a mapping", "Write keys and values, e.g. `kind: choice`.")
            return None
        if known is not None:
            for name in sorted(str(k) for k in given if k not in known):
                self.say(
                    join(path, name),
                    given.get(name),
                    f"one of {', '.join(sorted(known))}",
                    f"Remove `{name}` or mend its name.",
                )
        return given

    def flag(self, value: Mapping[str, object], name: str, path: str, *, default: bool) -> bool:
        """A value that is true or false."""
        given = value.get(name, default)
        if isinstance(given, bool):
            return given
        self.say(
            f"{path}.{name}",
            given,
            "true or false",
            "YAML 1.2 reads only `true` and `false` as such; `yes` and `no` stay text.",
        )
        return default

    def text(self, value: Mapping[str, object], name: str, path: str) -> str:
        """A value that is text; empty where there is none."""
        given = value.get(name, "")
        if isinstance(given, str):
            return given
        self.say(f"{path}.{name}", given, "text", "Put it in quotes.")
        return ""

    def add(self, problems: list[Problem], path: str) -> None:
        """Keep problems whose paths are relative to this one."""
        self.problems += [msgspec.structs.replace(p, path=join(path, p.path)) for p in problems]

    def say(self, path: str, got: object, expected: str, do: str) -> None:
        """Keep a problem."""
        self.problems.append(Problem(path=path, got=shown(got), expected=expected, do=do))
