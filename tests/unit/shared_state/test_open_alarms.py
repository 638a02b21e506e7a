import json
from dataclasses import replace

import pytest

from shared_state.index_row import IndexRow
from shared_state.memory_rows import MemoryRows
from shared_state.open_alarms import MOST, Due, OpenAlarms
from shared_state.rows import SharedRows
from tests.support.steps.clock import FakeClock

KEY = "reminders#open"


def open_alarms(rows: SharedRows) -> OpenAlarms:
    return OpenAlarms(IndexRow(rows=rows, key=KEY, clock=FakeClock(100.0)))


def test_an_alarm_is_noted_once_while_it_is_open() -> None:
    alarms = open_alarms(MemoryRows())
    alarms.note("a", 60.0, is_open=True)
    alarms.put("a", Due(500.0, 60.0))
    alarms.note("a", 60.0, is_open=True)
    alarms.note("b", 30.0, is_open=True)
    assert alarms.read() == {"a": Due(500.0, 60.0), "b": Due(130.0, 30.0)}
    alarms.note("a", 60.0, is_open=False)
    alarms.note("a", 60.0, is_open=False)
    assert alarms.read() == {"b": Due(130.0, 30.0)}


def test_the_row_does_not_grow_without_limit() -> None:
    rows = MemoryRows()
    alarms = open_alarms(rows)
    alarms.put("first", Due(1.0, 1.0))
    row = rows.read(KEY)
    assert row is not None
    rows.swap(KEY, row, replace(row, token="2", facts=json.dumps({str(at): [1.0, 1.0] for at in range(MOST)})))  # noqa: S106 - a version
    alarms.put("newest", Due(1.0, 1.0))
    assert len(alarms.read()) == MOST


@pytest.mark.parametrize("facts", ["", "[]", '{"a": 5}', '{"a": [1]}', '{"a": ["1", 2]}', '{"a": [1, 2, 3]}'])
def test_h3_an_unreadable_row_counts_as_empty(facts: str) -> None:
    rows = MemoryRows()
    alarms = open_alarms(rows)
    alarms.put("a", Due(1.0, 1.0))
    row = rows.read(KEY)
    assert row is not None
    rows.swap(KEY, row, replace(row, token="2", facts=facts))  # noqa: S106 - a version
    assert alarms.read() == {}
