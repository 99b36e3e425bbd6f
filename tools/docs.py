"""The docs against the code: every command, kind, format, right, event and setting has its heading, every link its page."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def check() -> list[str]:
    """What the docs lack, and links that lead nowhere."""
    import reference

    stale = [
        f"{path.relative_to(ROOT)} is not what the code says; run `make types` and read the difference"
        for path, text in reference.pages().items()
        if not path.exists() or path.read_text("utf-8") != text
    ]
    return [*stale, *broken_links(), *missing_paths()]


def missing_paths() -> list[str]:
    """Paths of this repository that a page names and that do not exist; `x` stands for a name to be chosen."""
    found = []
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for path in re.findall(r"`((?:bench|deploy|docs|spec|src|tests|tools|web)/[\w./-]+)`", page.read_text("utf-8")):
            if Path(path).stem != "x" and not (ROOT / path).exists():
                found.append(f"{page.relative_to(ROOT)}: there is no {path}")
    return found


def broken_links() -> list[str]:
    """Relative links of Markdown pages whose target does not exist."""
    found = []
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if not (page.parent / target).exists():
                found.append(f"{page.relative_to(ROOT)}: the link to {target} leads nowhere")
    return found
