"""What people are told about the formats is the list of formats."""

import inspect
import re
from pathlib import Path
from typing import get_args

from karat.cli import data
from karat.formats import FORMATS

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "export.md"
WRITTEN = {name for name, format in FORMATS.items() if format.write is not None}


def test_the_command_line_names_every_format_that_is_written():
    option = get_args(inspect.signature(data.export, eval_str=True).parameters["format"].annotation)[1]

    assert set(re.findall(r"\w+", option.help)) - {"or"} == WRITTEN


def test_the_guide_names_every_format_that_is_written():
    row = next(line for line in GUIDE.read_text("utf-8").splitlines() if line.startswith("| `format` |"))

    assert set(re.findall(r"`(\w+)`", row)) - {"format"} == WRITTEN
