"""The explicit lists that the product grows by: sorted, complete, and the same in Python, TypeScript and the specs."""

import re
import tomllib
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]


def check() -> list[str]:
    """What is out of order or missing."""
    from karat.formats import FORMATS
    from karat.kinds import KINDS
    from karat.server import FEATURES
    from karat.server.access import RIGHTS
    from karat.server.tell import AUDIT, EVENTS

    return [
        *unsorted("karat.kinds.KINDS", list(KINDS)),
        *unsorted(
            "karat.formats.FORMATS",
            [f.name for f in FORMATS.values()] if isinstance(FORMATS, dict) else [f.name for f in FORMATS],
        ),
        *unsorted("karat.server.access.RIGHTS", list(RIGHTS)),
        *unsorted("karat.server.tell.EVENTS", list(EVENTS)),
        *unsorted("karat.server.tell.AUDIT", list(AUDIT)),
        *differences("kinds with a spec", set(KINDS), {p.stem for p in (ROOT / "spec" / "kinds").glob("*.json")}),
        *differences("kinds of the front end", set(KINDS), web_kinds()),
        *differences("kinds of streams on the labeling screen", stream_kinds(), web_streams()),
        *differences("modules of karat.kinds", set(KINDS), kind_modules()),
        *feature_order(FEATURES),
    ]


def unsorted(name: str, given: list[str]) -> list[str]:
    """A sentence if a list is not in order."""
    for a, b in pairwise(given):
        if a >= b:
            return [f"{name} is not sorted: {b!r} stands after {a!r}"]
    return []


def differences(name: str, here: set[str], there: set[str]) -> list[str]:
    """A sentence for what one side has and the other lacks."""
    return [f"{name}: {', '.join(sorted(here ^ there))} stands on one side only"] if here != there else []


def feature_order(features: tuple[str, ...]) -> list[str]:
    """A sentence where the import linter holds the features to another order than the one they are listed in."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    held = next(c["layers"] for c in contracts if c.get("containers") == ["karat.server"])
    same = tuple(reversed(held))[1:] == features  # the lowest layer is what they share
    return (
        []
        if same
        else [f"karat.server.FEATURES is {', '.join(features)}; pyproject.toml holds {', '.join(reversed(held))}"]
    )


def kind_modules() -> set[str]:
    """The modules of karat.kinds that hold a record."""
    folder = ROOT / "src" / "karat" / "kinds"
    return {p.stem for p in folder.glob("*.py") if re.search(r"^[A-Z_]+(: .*)? = Kind\b", p.read_text("utf-8"), re.M)}


def stream_kinds() -> set[str]:
    """The kinds of streams that some kind of annotation lies on, or that stand in the item itself."""
    from karat.kinds import KINDS
    from karat.model.contents import CONTENTS

    return {stream for kind in KINDS.values() for stream in kind.streams} | set(CONTENTS)


def web_streams() -> set[str]:
    """The kinds of streams that the labeling screen shows."""
    text = (ROOT / "web" / "src" / "features" / "labeling" / "streams" / "index.ts").read_text("utf-8")
    return set(re.findall(r"import\('\./([a-z_]+)'\)", text))


def web_kinds() -> set[str]:
    """The kinds that web/src/kinds/index.ts lists."""
    text = (ROOT / "web" / "src" / "kinds" / "index.ts").read_text("utf-8")
    return set(re.findall(r"from '\./([a-z_]+)'", text)) - {"types", "kind"}
