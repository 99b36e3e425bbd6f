"""`make test`: every check and every test, in the order in which they fail fastest."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHROMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def main() -> int:
    """Run the stages; the first that fails ends the run."""
    browser = chrome()
    stages = [
        ("checks", [sys.executable, "tools/check.py"]),
        ("web tests", [sys.executable, "hatch_build.py", "npm", "run", "--silent", "test"]),
        ("python tests", [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", *sys.argv[1:]]),
    ]
    if browser:
        # A tab or a server that a test ends leaves sockets to the collector: said, not failed for.
        # Each file has servers of its own, so that two files can go side by side.
        side_by_side = ["-n", "2", "--dist", "loadfile"]
        stages.append(
            ("browser tests", [sys.executable, "-m", "pytest", "-q", "-W", "default", *side_by_side, "web/e2e"])
        )
    environment = {**os.environ, **({"KARAT_CHROME": browser} if browser else {})}
    for name, command in stages:
        started = time.monotonic()
        print(f"== {name}", flush=True)
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        print(f"== {name}: {'passed' if code == 0 else 'FAILED'} in {time.monotonic() - started:.0f} s", flush=True)
        if code:
            return code
    if not browser:
        print("== browser tests: SKIPPED, since KARAT_NO_BROWSER=1 is set")
    return 0


def chrome() -> str | None:
    """A Chrome to test in: one that is there, else Debian's; None only where KARAT_NO_BROWSER=1 asks for it."""
    if os.environ.get("KARAT_NO_BROWSER") == "1":
        return None
    found = os.environ.get("KARAT_CHROME") or next((p for name in CHROMES if (p := shutil.which(name))), None)
    if found:
        return found
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("== installing Debian's Chromium for the browser tests", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        packages = ["chromium", "fonts-noto-core", "fonts-noto-cjk", "fonts-noto-color-emoji"]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
            check=True,
            env=quiet,
            stdout=subprocess.DEVNULL,
        )
        return shutil.which("chromium")
    sys.exit(
        "The browser tests need a Chrome. Run: sudo apt-get install chromium   (or KARAT_NO_BROWSER=1 make test skips them)"
    )


if __name__ == "__main__":
    sys.exit(main())
