"""The pages show the figures of results.json, and no other."""

import re
from pathlib import Path

import pytest

from benchmarks.pages import PAGES, PART, PLOTS, plots, rendered
from benchmarks.results import Results, read

PERFORMANCE = PAGES[0]
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
RESULTS = read()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_generated_parts_of_a_page_are_those_of_the_results(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert rendered(text, RESULTS) == text


def test_every_number_beside_the_generated_parts_stands_in_one_of_them() -> None:
    text = PERFORMANCE.read_text(encoding="utf-8")
    generated = {number for part in PART.finditer(text) for number in NUMBER.findall(part[0])}
    written = set(NUMBER.findall(PART.sub("", text)))
    assert written <= generated


def test_the_page_shows_every_table() -> None:
    shown = {part["name"] for part in PART.finditer(PERFORMANCE.read_text(encoding="utf-8"))}
    assert shown == {"head", *(table.name for table in RESULTS.tables)}


def test_the_plots_are_those_of_the_results() -> None:
    assert {one.stem: one.read_text(encoding="utf-8") for one in PLOTS.glob("*.svg")} == plots(RESULTS)


def test_a_part_without_results_is_an_error() -> None:
    with pytest.raises(KeyError, match="speed"):
        rendered("<!-- results: speed -->\n<!-- end -->", Results({}, RESULTS.tables))
