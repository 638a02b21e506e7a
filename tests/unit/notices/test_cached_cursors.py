from dataclasses import replace

import pytest

from notices.cached_cursors import CachedCursors, merged
from notices.models import Cursor
from retry_policies import Deadline
from tests.support.handlers.notices import NoticesStack
from tests.support.steps.scripted_store import refusal

CURSOR = Cursor(reported=("b", "a"), unnamed=3, depth=5, read_at=4_000_000_000.125)
LATER = Deadline.after(86_400)


@pytest.fixture
def cursors(stack: NoticesStack) -> CachedCursors:
    return stack.steps.cursors


def test_a_cursor_is_kept_while_the_table_is_down_and_written_after_that(
    stack: NoticesStack, cursors: CachedCursors, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.dynamodb.failing = dict.fromkeys(("get_item", "put_item"), refusal("AccessDeniedException"))
    assert cursors.read("q", LATER) is None
    cursors.write("q", CURSOR, LATER)
    assert cursors.read("q", LATER) == CURSOR
    assert capsys.readouterr().out.count("NoticesFailed") >= 3
    stack.dynamodb.failing.clear()
    assert cursors.read("q", LATER) == CURSOR
    cursors.write("q", replace(CURSOR, read_at=CURSOR.read_at + 300), LATER)
    assert cursors.table.read("q", LATER).reported == CURSOR.reported


def test_an_unchanged_cursor_is_not_written(stack: NoticesStack, cursors: CachedCursors) -> None:
    for later in range(3):
        cursors.write("q", replace(CURSOR, read_at=float(later)), LATER)
        cursors.read("q", LATER)
    assert stack.dynamodb.calls["put_item"] == 1


def test_the_later_cursor_counts_with_the_ids_of_both() -> None:
    older = Cursor(reported=("a", "b"), depth=9, unnamed=4, read_at=1.0)
    newer = Cursor(reported=("b", "c"), depth=2, unnamed=1, read_at=2.0)
    expected = Cursor(reported=("a", "b", "c"), depth=2, unnamed=1, read_at=2.0)
    assert merged(older, newer) == merged(newer, older) == expected
