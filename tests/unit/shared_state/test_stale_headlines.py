import json
from dataclasses import replace

import pytest

from shared_state.index_row import IndexRow
from shared_state.memory_rows import MemoryRows
from shared_state.rows import Conflict, Row, RowsUnavailable, SharedRows
from shared_state.rows_with_fallback import RowsWithFallback
from shared_state.stale_headlines import MOST, StaleHeadlines
from tests.support.steps.clock import FakeClock

KEY = "headlines#stale"


def stale_headlines(rows: SharedRows) -> StaleHeadlines:
    return StaleHeadlines(IndexRow(rows=rows, key=KEY))


def test_keys_are_kept_once_in_their_order_until_they_are_removed() -> None:
    stale = stale_headlines(MemoryRows())
    for keys in (["a", "b"], ["b", "c"], []):
        stale.add(keys)
    assert stale.read() == ["a", "b", "c"]
    stale.remove(["a", "c", "unknown"])
    assert stale.read() == ["b"]


def test_a_storm_does_not_grow_the_row_without_limit() -> None:
    stale = stale_headlines(MemoryRows())
    stale.add([str(number) for number in range(MOST + 10)])
    stale.add(["newest"])
    assert stale.read() == [str(number) for number in range(MOST)]


@pytest.mark.parametrize("facts", ["", "{}", "[5]", "null"])
def test_h3_an_unreadable_row_counts_as_empty(facts: str) -> None:
    rows = MemoryRows()
    stale = stale_headlines(rows)
    stale.add(["a"])
    row = rows.read(KEY)
    assert row is not None
    rows.swap(KEY, row, replace(row, facts=facts))
    assert stale.read() == []
    stale.add(["b"])
    assert stale.read() == ["b"]


class Contested(MemoryRows):
    """Rows that another lane changes before our first attempts."""

    rivals = 0

    def swap(self, key: str, old: Row | None, new: Row) -> None:
        if self.rivals:
            self.rivals -= 1
            current = self.read(key)
            super().swap(key, current, replace(new, token=f"rival-{self.rivals}", facts=json.dumps(["rival"])))
            raise Conflict(self.read(key))
        super().swap(key, old, new)


@pytest.mark.parametrize(("rivals", "keys"), [(2, ["rival", "a"]), (3, ["rival"])])
def test_a_lane_adds_to_the_keys_of_others_and_gives_up_after_three_attempts(rivals: int, keys: list[str]) -> None:
    rows = Contested()
    rows.rivals = rivals
    stale_headlines(rows).add(["a"])
    assert stale_headlines(rows).read() == keys


class Down(MemoryRows):
    def read(self, key: str) -> Row | None:
        raise RowsUnavailable(key)


def test_h3_nothing_is_recorded_while_the_table_is_down() -> None:
    rows = RowsWithFallback(Down(), clock=FakeClock())
    stale = stale_headlines(rows)
    stale.add(["a"])
    assert (stale.read(), rows.memory.read(KEY)) == ([], None)
