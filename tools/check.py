"""`make check`: style, types, import directions, sorted lists, docs, and the two halves' agreement. Every rule has a check."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
sys.path.insert(0, str(ROOT / "tools"))

import length  # noqa: E402
import lists  # noqa: E402

import docs  # noqa: E402


def ruff() -> list[str]:
    """The linter's findings."""
    return ran(str(BIN / "ruff"), "check", "--quiet", "--output-format=concise", ".")


def layout() -> list[str]:
    """Files that the formatter would change; `ruff format .` mends them."""
    return ran(str(BIN / "ruff"), "format", "--check", "--quiet", ".")


def mypy() -> list[str]:
    """The type checker's findings, strict."""
    return ran(str(BIN / "mypy"))


def imports() -> list[str]:
    """Imports against the directions of ARCHITECTURE.md."""
    return ran(str(BIN / "lint-imports"), "--no-cache")


def web() -> list[str]:
    """TypeScript's types and the front end's import boundaries."""
    return ran(sys.executable, "hatch_build.py", "npm", "run", "--silent", "check")


CHECKS: list[Callable[[], list[str]]] = [ruff, layout, mypy, imports, lists.check, length.check, docs.check, web]


def ran(*command: str) -> list[str]:
    """What a command printed if it failed."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return [] if result.returncode == 0 else [(result.stdout + result.stderr).strip()]


def main() -> int:
    """Run every check and print what each found."""
    failed = 0
    for check in CHECKS:
        found = check()
        name = check.__name__ if check.__module__ == "__main__" else check.__module__
        print(f"{'FAILED' if found else 'ok':<7} {name}", flush=True)
        for line in found:
            print(line)
        failed += bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
