import json
from dataclasses import asdict

import pytest

from shared_state.alarm_threads import (
    CLOSED_FOR,
    FLAPPING_WITHIN,
    OPEN_FOR,
    AlarmThreads,
    Thread,
    destination_of,
    thread_key,
)
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Row, RowsUnavailable
from shared_state.rows_with_fallback import RowsWithFallback
from tests.support.steps.clock import FakeClock
from tests.support.steps.tables import MemoryTable

THREAD = Thread(channel="C1", ts="1.5", status="FIRING", changed_at=5.0, has_fired=True, moments=[5.0])


def test_a_thread_is_read_by_its_destination_and_its_subject() -> None:
    threads = AlarmThreads(rows=MemoryRows())
    one = threads.read("ops", "cpu")
    assert one is not None
    assert one.thread is None
    one.write(THREAD, is_open=True)
    found = [threads.read(*place) for place in (("ops", "cpu"), ("team", "cpu"), ("ops", "disk"))]
    assert [None if row is None else row.thread for row in found] == [THREAD, None, None]


@pytest.mark.parametrize(("is_open", "kept"), [(True, OPEN_FOR), (False, CLOSED_FOR)])
def test_a_row_ends_a_while_after_its_last_change(kept: float, *, is_open: bool) -> None:
    clock = FakeClock()
    threads = AlarmThreads(rows=MemoryRows(), clock=clock)
    for left in (None, THREAD, None):
        one = threads.read("ops", "cpu")
        assert one is not None
        assert one.thread == left
        if left is None:
            one.write(THREAD, is_open=is_open)
            clock.now += kept - 1.0
        else:
            clock.now += 2.0


@pytest.mark.parametrize(
    "changes",
    [
        {"ts": None},
        {"changed_at": "5"},
        {"moments": "5"},
        {"moments": ["5"]},
        {"has_fired": 1},
        {"message": {}},
        {"added": "later"},
    ],
)
def test_h3_the_facts_of_another_version_count_as_none(changes: dict[str, object]) -> None:
    rows = MemoryRows()
    one = AlarmThreads(rows=rows).read("ops", "cpu")
    assert one is not None
    one.write(THREAD, is_open=True)
    assert one.row is not None
    facts = json.dumps(asdict(THREAD) | changes)
    rows.swap(one.key, one.row, Row(**asdict(one.row) | {"token": "other", "facts": facts}))
    again = AlarmThreads(rows=rows).read("ops", "cpu")
    assert again is not None
    assert (again.thread, again.row is None) == (None, False)


class Down(MemoryTable):
    def read(self, key: str) -> Row | None:
        raise RowsUnavailable(key)


def test_h3_while_the_table_is_down_there_is_no_thread() -> None:
    rows = RowsWithFallback(Down(), clock=FakeClock())
    assert AlarmThreads(rows=rows).read("ops", "cpu") is None


@pytest.mark.parametrize("subject", ["cpu", "\udfff", "x" * 10_000])
def test_a_key_names_its_destination_whatever_the_subject(subject: str) -> None:
    assert destination_of(thread_key("ops-1", subject)) == "ops-1"


@pytest.mark.parametrize(
    ("moments", "flaps", "is_flapping"),
    [
        ([], 0, False),
        ([0.0] * 6, 6, False),
        ([0.0] * 7, 7, True),
        ([0.0, *[FLAPPING_WITHIN] * 6], 6, False),
        ([0.1, *[FLAPPING_WITHIN] * 6], 7, True),
    ],
)
def test_an_alarm_flaps_from_seven_changes_in_ten_minutes_on(
    moments: list[float], flaps: int, *, is_flapping: bool
) -> None:
    thread = Thread(**asdict(THREAD) | {"moments": moments})
    assert (thread.flaps, thread.is_flapping) == (flaps, is_flapping)
