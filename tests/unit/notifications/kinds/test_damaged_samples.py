"""A message that Slack accepts goes out for each damage of a sample: dropped, null, mistyped or strange values."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from demo.slack.limits import read_posting
from holdfast_cli.kinds import SAMPLES
from notifications.body import read_bodies
from notifications.kinds.table import find
from notifications.line import line
from notifications.parsing import parse
from slack_alerts.formatting.message import format_message
from slack_alerts.models import Alert
from tests.support.samples.notifications import record

JSON_SAMPLES, TEXT_SAMPLES = sorted(SAMPLES.glob("*.json")), sorted(SAMPLES.glob("*.txt"))
DEEP: object = "deep"
for _ in range(60):
    DEEP = [DEEP]
ORDINARY: list[object] = [
    None,
    "",
    0,
    -1.5,
    True,
    False,
    [],
    {},
    "text",
    ["a", 1],
    {"a": None},
    [None, {"b": []}],
    [[]],
]
NUMBERS: list[object] = [10**30, -(10**30), 10**400, 1e308, math.nan, math.inf, -math.inf]
STRANGE: list[object] = [*NUMBERS, "x" * 5000, "\ud83d", "\x00<!channel>", DEEP, {"a": DEEP}]
WRONG: st.SearchStrategy[object] = st.sampled_from([*ORDINARY, *STRANGE]).map(deepcopy)  # a damage may change it again
FRAGMENT = re.compile(r": :|,,|\( |\b(?:is|of|on) [(:]|\b(?:by|from|to|for|with) [(,:]")
"""A word or a mark in a line that needs another one after it."""
DROP, WRAP, TWICE = "drop", "wrap", "twice"


def _paths(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in pairs:
        yield from _paths(one, (*path, key))


def _damage(value: Any, path: Sequence[Any], wrong: object) -> None:  # noqa: ANN401 - JSON of any shape
    """Drop, wrap, repeat or replace the value at the path; nothing if an earlier damage took the place away."""
    for key in path[:-1]:
        value = _at(value, key)
    key, old = path[-1], _at(value, path[-1])
    if value is None or (old is None and not isinstance(value, dict)):
        return
    if wrong is DROP:
        value.pop(key, None) if isinstance(value, dict) else value.pop(key)
    elif wrong is TWICE and isinstance(value, list):
        value.append(deepcopy(old))
    else:
        value[key] = [old] if wrong is WRAP else None if wrong is TWICE else wrong


def _at(value: Any, key: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, dict):
        return value.get(key)
    return value[key] if isinstance(value, list) and isinstance(key, int) and key < len(value) else None


def goes_out(text: str) -> str:
    """Return the line. Fail if a parser raises, if the line is empty, or if Slack would refuse the message."""
    for body in read_bodies(record(text)):
        if row := find(body):
            row.load()(body)
    said = parse(record(text))
    assert line(said).strip()
    assert read_posting(json.dumps(format_message(Alert(said)).content).encode()).error == ""
    return line(said)


@pytest.mark.parametrize("sample", JSON_SAMPLES, ids=lambda path: path.name)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_damaged_sample_still_makes_a_message(sample: Path, data: st.DataObject) -> None:
    value = json.loads(sample.read_text(encoding="utf-8"))
    paths = list(_paths(value))
    damages = st.tuples(st.sampled_from(paths), st.sampled_from([DROP, WRAP, TWICE]) | WRONG)
    for path, wrong in data.draw(st.lists(damages, min_size=1, max_size=6)):
        _damage(value, path, wrong)
    goes_out(json.dumps(value))


@pytest.mark.parametrize("sample", TEXT_SAMPLES, ids=lambda path: path.name)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_a_damaged_text_still_makes_a_message(sample: Path, data: st.DataObject) -> None:
    lines = sample.read_text(encoding="utf-8").splitlines()
    kept = data.draw(
        st.lists(st.sampled_from([*lines, "", "x" * 5000, "StackId='", "\x00\ud83d: y"]), max_size=2 * len(lines))
    )
    text = "\n".join(kept)
    goes_out(text[: data.draw(st.integers(0, len(text)))] or "x")


@pytest.mark.parametrize("sample", JSON_SAMPLES, ids=lambda path: path.name)
def test_each_value_alone_may_be_missing(sample: Path) -> None:
    whole = json.loads(sample.read_text(encoding="utf-8"))
    for path in _paths(whole):
        value = deepcopy(whole)
        _damage(value, path, DROP)
        assert not FRAGMENT.search(goes_out(json.dumps(value))), path
