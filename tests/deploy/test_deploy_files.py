"""What the files of `deploy` say is what the program does: variables, commands, addresses, users."""

import re
import shutil
import subprocess
from pathlib import Path

import msgspec.structs
import pytest

from karat.server.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
FILES = sorted(path for path in DEPLOY.iterdir() if path.is_file())
# Of the command line alone: where the first link goes.
OTHERS = {"KARAT_LINK_FILE"}


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_variable_that_is_named_is_read(file):
    known = {f"KARAT_{field.name.upper()}" for field in msgspec.structs.fields(Settings)} | OTHERS

    assert set(re.findall(r"KARAT_[A-Z_]+", file.read_text("utf-8"))) <= known


def test_the_image_is_built_from_files_that_are_there_and_never_runs_as_root():
    text = (DEPLOY / "Dockerfile").read_text("utf-8")
    root = DEPLOY.parent

    copied = [words.split()[0] for words in re.findall(r"^COPY (?!--from|\. )(.+)$", text, re.MULTILINE)]
    assert copied and all((root / name).exists() for name in copied)
    assert text.index("USER karat") < text.index("ENTRYPOINT")
    assert "--require-hashes" in text
    assert {".git", ".venv", "**/node_modules"} <= set((root / ".dockerignore").read_text("utf-8").split())


def test_every_package_that_runs_is_pinned_with_a_hash():
    lines = (DEPLOY.parent / "requirements" / "run.txt").read_text("utf-8").splitlines()

    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert pins and all("==" in line for line in pins)
    assert sum("--hash=sha256:" in line for line in lines) >= len(pins)


def test_systemd_finds_nothing_wrong_in_the_unit(tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed on this machine")
    unit = tmp_path / "karat.service"
    # The program is at another place here; everything else is checked as it stands.
    unit.write_text((DEPLOY / "karat.service").read_text("utf-8").replace("/opt/karat/bin/karat", "/bin/true"), "utf-8")

    found = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)

    assert (found.returncode, found.stderr) == (0, "")
