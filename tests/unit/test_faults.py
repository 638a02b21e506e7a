"""docs/faults.md names every row of the catalogue, and each test that bears a row's name."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROW = re.compile(
    r"^\| (?P<row>[A-G]\d+b?) \| (?P<fault>[^|]+) \| (?P<outcome>[^|]+) \| (?P<tests>[^|]+) \|$", re.MULTILINE
)
TEST = re.compile(r"^def (?P<name>test_(?P<rows>(?:[a-g]\d+b?_)+)\w+)", re.MULTILINE)
EXPECTED = [
    *(f"A{number}" for number in range(1, 16)),
    *("B1", "B2", "B3", "B3b", "B4", "B5", "B6", "B7", "B8"),
    *(f"C{number}" for number in range(1, 11)),
    *(f"D{number}" for number in range(1, 16)),
    *(f"E{number}" for number in range(1, 13)),
    *(f"F{number}" for number in range(1, 14)),
    *(f"G{number}" for number in range(1, 11)),
]
LATER = {"G2", "G3"}
"""Storms: the only rows that have no test yet."""
SERVED = {row for row in EXPECTED if row[0] in "AB"} | {f"D{n}" for n in range(4, 16)} | {f"F{n}" for n in range(1, 6)}
"""Rows that are answers, networks, bodies and secrets: their tests here are those against the fault server."""
FAULTS = "tests/integration/faults"


def table() -> dict[str, list[str]]:
    """Row -> its tests."""
    page = (ROOT / "docs/faults.md").read_text()
    return {match["row"]: re.findall(r"`(test_\w+)`", match["tests"]) for match in ROW.finditer(page)}


def written(folder: str) -> dict[str, set[str]]:
    """Row -> the tests below this folder that bear its name."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / folder).rglob("test_*.py")):
        for match in TEST.finditer(path.read_text()):
            for row in match["rows"].removesuffix("_").split("_"):
                found.setdefault(row[0].upper() + row[1:], set()).add(match["name"])
    return found


def test_the_table_has_every_row_of_the_catalogue() -> None:
    assert list(table()) == EXPECTED


def test_only_storms_are_left_for_later() -> None:
    assert {row for row, tests in table().items() if not tests} == LATER


def test_the_table_names_the_tests_that_are_there_and_no_others() -> None:
    served, everywhere = written(FAULTS), written("tests")
    for row, tests in table().items():
        expected = served[row] if row in SERVED else everywhere.get(row, set())
        assert set(tests) == expected, row
