"""docs/faults.md names every row of the catalogue that is in scope, and tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(
    r"^\| (?P<row>[A-G]\d+b?) \| (?P<fault>[^|]+) \| (?P<outcome>[^|]+) \| (?P<tests>[^|]+) \|$", re.MULTILINE
)
TEST = re.compile(r"^def (?P<name>test_(?P<row>[a-g]\d+b?)_\w+)", re.MULTILINE)
EXPECTED = [
    *(f"A{number}" for number in range(1, 16)),
    *("B1", "B2", "B3", "B3b", "B4", "B5", "B6", "B7", "B8"),
    *(f"D{number}" for number in range(4, 16)),
    *(f"F{number}" for number in range(1, 6)),
]


def table() -> dict[str, list[str]]:
    """Row -> its tests."""
    page = (ROOT / "docs/faults.md").read_text()
    return {match["row"]: re.findall(r"`(\w+)`", match["tests"]) for match in ROW.finditer(page)}


def written() -> dict[str, list[str]]:
    """Row -> the tests that bear its name."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests/integration/faults").glob("test_*.py")):
        for match in TEST.finditer(path.read_text()):
            row = match["row"][0].upper() + match["row"][1:]
            found.setdefault(row, []).append(match["name"])
    return found


def test_the_table_has_every_row_in_scope() -> None:
    assert list(table()) == EXPECTED


def test_the_table_names_the_tests_that_are_there_and_no_others() -> None:
    assert table() == written()
