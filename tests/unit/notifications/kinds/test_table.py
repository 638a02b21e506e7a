"""Each kind has a sample, and each sample says it well in one line."""

import re
from pathlib import Path

import pytest

from holdfast_cli.kinds import SAMPLES, notification_of
from holdfast_cli.sam import ROOT
from notifications import kinds
from notifications.body import read_body
from notifications.kinds.row import Row
from notifications.kinds.table import KINDS, find
from notifications.line import line
from tests.support.samples.notifications import record

PAIRS = [pytest.param(row, sample, id=sample) for row in KINDS for sample in row.samples]
RIDDLES = re.compile(r"\bNone\b|\bnull\b|\bundefined\b|\bNaN\b|[{}]|\barn:|\[\]")


@pytest.mark.parametrize(("row", "sample"), PAIRS)
def test_a_sample_is_recognised_by_its_row(row: Row, sample: str) -> None:
    assert find(read_body(record((SAMPLES / sample).read_text(encoding="utf-8")))) is row


@pytest.mark.parametrize("sample", [sample for row in KINDS for sample in row.samples])
def test_its_line_says_it_all_and_shows_no_raw_json(sample: str) -> None:
    said = notification_of(SAMPLES / sample)
    assert len(line(said)) <= 300, line(said)
    assert not RIDDLES.search(line(said)), line(said)
    assert said.title
    assert said.summary, "what happened"
    assert not [fact for fact in said.facts if RIDDLES.search(" ".join(fact)) and "arn:" not in fact[1]]


def test_each_sample_belongs_to_one_row_and_each_row_has_one() -> None:
    named = [sample for row in KINDS for sample in row.samples]
    assert sorted(named) == sorted(path.name for path in SAMPLES.iterdir())
    assert not [row.name for row in KINDS if not row.samples]


def test_the_documentation_lists_the_families_of_the_table() -> None:
    page = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([a-z ]+) \| .", page.partition("| family | kinds |")[2], re.MULTILINE)
    modules = {path.stem for path in Path(kinds.__path__[0]).glob("*.py")} - {"__init__", "row", "table"}
    assert {name.replace(" ", "_") for name in listed} == modules
