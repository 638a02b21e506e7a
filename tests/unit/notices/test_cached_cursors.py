"""Cursors in a row and in this process; test_app.py has what an outage of the table changes."""

from notices.cached_cursors import merged
from notices.models import Cursor


def test_the_later_cursor_counts_with_the_ids_of_both() -> None:
    older = Cursor(reported=("a", "b"), depth=9, unnamed=4, read_at=1.0)
    newer = Cursor(reported=("b", "c"), depth=2, unnamed=1, read_at=2.0)
    expected = Cursor(reported=("a", "b", "c"), depth=2, unnamed=1, read_at=2.0)
    assert merged(older, newer) == merged(newer, older) == expected
