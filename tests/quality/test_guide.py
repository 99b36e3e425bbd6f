"""The guide's quick start says what comes out."""

import doctest
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "guide"


def test_the_way_from_a_table_to_numbers_is_as_the_guide_says():
    found = doctest.testfile(str(GUIDE / "quality-table.md"), module_relative=False)

    assert found.attempted > 25
    assert found.failed == 0
