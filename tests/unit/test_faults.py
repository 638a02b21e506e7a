"""Each row of docs/faults.md has tests that begin with its name."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([A-H]\d+b?) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)
TEST = re.compile(r"^def test_((?:[a-h]\d+b?_)+)", re.MULTILINE)
LENGTHS = {"A": 15, "B": 8, "C": 10, "D": 15, "E": 12, "F": 13, "G": 10, "H": 24}
ROWS = [f"{letter}{number}" for letter, length in LENGTHS.items() for number in range(1, length + 1)]
ROWS.insert(ROWS.index("B4"), "B3b")
SERVED = {row for row in ROWS if row[0] in "AB"} | {f"D{n}" for n in range(4, 16)} | {f"F{n}" for n in range(1, 6)}
"""Rows about answers, networks, bodies and secrets: they need a test against the fault server."""


def rows_with_tests(folder: str) -> set[str]:
    paths = (ROOT / folder).rglob("test_*.py")
    names = [name for path in paths for name in TEST.findall(path.read_text())]
    return {row[0].upper() + row[1:] for name in names for row in name.removesuffix("_").split("_")}


def test_the_page_has_every_row_of_the_catalogue() -> None:
    assert ROW.findall((ROOT / "docs/faults.md").read_text()) == ROWS


@pytest.mark.parametrize(("folder", "rows"), [("tests/integration/faults", SERVED), ("tests", set(ROWS))])
def test_each_row_has_a_test(folder: str, rows: set[str]) -> None:
    assert rows <= rows_with_tests(folder)


def test_each_test_of_a_fault_names_a_row() -> None:
    assert rows_with_tests("tests") <= set(ROWS)
