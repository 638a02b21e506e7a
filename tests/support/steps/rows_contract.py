"""The contract of each implementation of Rows, on which claims and lanes rely."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from shared_state.rows import Conflict, Row, Rows, State

ROW = Row(
    token="t1",  # noqa: S106 - a version
    state=State.CLAIMED,
    until=1_764_000_090.125,
    count=3,
    expires=1_766_592_000.0,
    hop=2,
    is_doubtful=True,
    failures=4,
    failing_since=1_763_999_000.25,
    crashes=2,
    is_alone=True,
    simplified=1,
    facts='{"hop": 7}',
)
OTHER = replace(ROW, token="t2", state=State.POSTED, is_doubtful=False)  # noqa: S106 - a version


class RowsContract:
    """Derive a class that has a fixture `rows`."""

    def test_a_row_is_read_as_it_was_written_and_swapped_by_its_token(self, rows: Rows) -> None:
        assert rows.read("a") is None
        rows.swap("a", None, ROW)
        assert (rows.read("a"), rows.read("b")) == (ROW, None)
        rows.swap("a", replace(ROW, count=99), OTHER)
        assert rows.read("a") == OTHER

    @pytest.mark.parametrize("old", [None, ROW])
    def test_a_row_that_has_changed_is_not_swapped(self, rows: Rows, old: Row | None) -> None:
        rows.swap("a", None, OTHER)
        with pytest.raises(Conflict) as caught:
            rows.swap("a", old, replace(ROW, token="t3"))  # noqa: S106 - a version
        assert caught.value.current == OTHER == rows.read("a")

    def test_a_row_that_is_gone_cannot_be_swapped(self, rows: Rows) -> None:
        with pytest.raises(Conflict) as caught:
            rows.swap("a", ROW, OTHER)
        assert caught.value.current is rows.read("a") is None

    def test_only_an_unchanged_row_is_removed(self, rows: Rows) -> None:
        rows.remove("a", ROW)
        rows.swap("a", None, ROW)
        rows.remove("a", OTHER)
        assert rows.read("a") == ROW
        rows.remove("a", ROW)
        assert rows.read("a") is None

    def test_of_writes_at_the_same_time_one_wins(self, rows: Rows) -> None:
        barrier = Barrier(8)

        def race(number: int) -> bool:
            barrier.wait()
            try:
                rows.swap("a", None, replace(ROW, token=f"t{number}"))
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(race, range(8))) == 1
