"""Each kind has a sample, each sample says it well in one line, and no damage to a sample makes parsing fail."""

import json
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast_cli.kinds import SAMPLES, notification_of
from holdfast_cli.sam import ROOT
from notifications import kinds
from notifications.body import read_body
from notifications.kinds.row import Row
from notifications.kinds.table import KINDS, find
from notifications.line import line
from notifications.parsing import parse
from tests.support.samples.notifications import record

PAIRS = [pytest.param(row, sample, id=sample) for row in KINDS for sample in row.samples]
JSON_SAMPLES = sorted(path for path in SAMPLES.glob("*.json"))
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


WRONG: st.SearchStrategy[object] = st.sampled_from(
    [None, "", 0, -1.5, True, [], {}, "text", ["a", 1], {"a": None}, [None, {"b": []}]]
).map(deepcopy)  # a damage may change an earlier one


def _paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from _paths(one, (*path, key))


def _damage(value: Any, path: Sequence[Any], wrong: object) -> None:  # noqa: ANN401 - JSON of any shape
    for key in path[:-1]:
        value = value[key]
        if not isinstance(value, dict | list):
            return
    if isinstance(value, dict) and wrong == "drop":
        value.pop(path[-1], None)
    elif (isinstance(value, dict) and path[-1] in value) or (isinstance(value, list) and int(path[-1]) < len(value)):
        value[path[-1]] = wrong


@pytest.mark.parametrize("sample", JSON_SAMPLES, ids=lambda path: path.name)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_damaged_sample_still_makes_a_message(sample: Path, data: st.DataObject) -> None:
    value = json.loads(sample.read_text(encoding="utf-8"))
    paths = list(_paths(value))
    for path in data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=6)):
        try:
            _damage(value, path, data.draw(WRONG | st.just("drop")))
        except (KeyError, IndexError, TypeError, ValueError):
            continue  # an earlier damage took the place away
    said = parse(record(json.dumps(value)))
    assert said.title or said.reason or said.summary


def test_the_documentation_lists_the_families_of_the_table() -> None:
    page = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([a-z ]+) \| .", page.partition("| family | kinds |")[2], re.MULTILINE)
    modules = {path.stem for path in Path(kinds.__path__[0]).glob("*.py")} - {"__init__", "row", "table"}
    assert {name.replace(" ", "_") for name in listed} == modules
