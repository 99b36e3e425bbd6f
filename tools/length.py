"""Files of code that have grown too long to be read at one sitting."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
MOST = 400
FOLDERS = ("src", "tests", "tools", "bench", "web/src", "web/e2e")
GENERATED = ("/migrations/versions/", ".gen.ts")


def check() -> list[str]:
    """A sentence for each file of more lines than anyone wants to read; split it by what its parts are for."""
    listed = subprocess.run(["git", "ls-files", *FOLDERS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [f for f in listed.split() if f.endswith((".py", ".ts", ".tsx")) and not any(g in f for g in GENERATED)]
    counts = {f: len((ROOT / f).read_bytes().splitlines()) for f in files if (ROOT / f).exists()}
    return [f"{f} has {n} lines; the most is {MOST}" for f, n in counts.items() if n > MOST]
