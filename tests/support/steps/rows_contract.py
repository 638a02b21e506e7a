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
    """Derive a class with a fixture `rows`."""

    def test_what_was_written_is_read_as_it_was(self, rows: Rows) -> None:
        assert rows.read("a") is None
        rows.swap("a", None, ROW)
        assert rows.read("a") == ROW
        assert rows.read("b") is None

    def test_a_row_is_swapped_by_its_token(self, rows: Rows) -> None:
        rows.swap("a", None, ROW)
        rows.swap("a", replace(ROW, count=99), OTHER)
        assert rows.read("a") == OTHER

    def test_nothing_is_written_where_something_stands(self, rows: Rows) -> None:
        rows.swap("a", None, ROW)
        with pytest.raises(Conflict) as caught:
            rows.swap("a", None, OTHER)
        assert caught.value.current == ROW
        assert rows.read("a") == ROW

    def test_nothing_is_written_over_what_was_changed_meanwhile(self, rows: Rows) -> None:
        rows.swap("a", None, ROW)
        rows.swap("a", ROW, OTHER)
        with pytest.raises(Conflict) as caught:
            rows.swap("a", ROW, replace(ROW, token="t3"))  # noqa: S106 - a version
        assert caught.value.current == OTHER

    def test_nothing_is_written_over_what_is_gone(self, rows: Rows) -> None:
        with pytest.raises(Conflict) as caught:
            rows.swap("a", ROW, OTHER)
        assert caught.value.current is None
        assert rows.read("a") is None

    def test_only_the_row_that_is_meant_is_removed(self, rows: Rows) -> None:
        rows.remove("a", ROW)
        rows.swap("a", None, ROW)
        rows.remove("a", OTHER)
        assert rows.read("a") == ROW
        rows.remove("a", ROW)
        assert rows.read("a") is None

    def test_of_many_that_write_at_once_one_wins(self, rows: Rows) -> None:
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
