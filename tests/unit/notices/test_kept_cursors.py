"""The copy of the cursors in the process, while the table is down and after."""

from dataclasses import dataclass, field, replace

import pytest

from notices.cursor import CursorsUnavailable, MemoryCursors
from notices.kept_cursors import KeptCursors, merged
from notices.models import Cursor
from retry_policies import Deadline

CURSOR = Cursor(told=("b", "a"), unnamed=3, depth=5, looked_at=1_764_000_090.125)


@pytest.fixture
def deadline() -> Deadline:
    return Deadline.after(60)


@dataclass
class Flaky(MemoryCursors):
    is_down: bool = False
    writes: list[str] = field(default_factory=list)

    def read(self, queue: str, deadline: Deadline) -> Cursor:
        self._answer()
        return MemoryCursors.read(self, queue, deadline)

    def write(self, queue: str, cursor: Cursor, deadline: Deadline) -> None:
        self._answer()
        self.writes.append(queue)
        MemoryCursors.write(self, queue, cursor, deadline)

    def _answer(self) -> None:
        if self.is_down:
            raise CursorsUnavailable("AccessDeniedException")


def test_while_the_store_is_down_the_process_keeps_the_cursor(
    deadline: Deadline, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Flaky(is_down=True)
    cursors = KeptCursors(store)
    assert cursors.recall("q", deadline) is None
    cursors.remember("q", CURSOR, deadline)
    assert cursors.recall("q", deadline) == CURSOR
    assert capsys.readouterr().out.count("NoticesFailed") >= 3


def test_a_cursor_from_an_outage_is_written_once_the_store_answers(deadline: Deadline) -> None:
    store = Flaky(is_down=True)
    cursors = KeptCursors(store)
    cursors.remember("q", CURSOR, deadline)
    store.is_down = False
    recalled = cursors.recall("q", deadline)
    assert recalled == CURSOR
    cursors.remember("q", replace(CURSOR, looked_at=CURSOR.looked_at + 300), deadline)
    assert store.read("q", deadline).told == CURSOR.told


def test_an_unchanged_cursor_is_not_written(deadline: Deadline) -> None:
    store = Flaky()
    cursors = KeptCursors(store)
    for later in range(3):
        cursors.recall("q", deadline)
        cursors.remember("q", replace(CURSOR, looked_at=float(later)), deadline)
    cursors.recall("q", deadline)
    assert store.writes == ["q"]


def test_a_cursor_that_was_written_is_not_written_again_though_it_cannot_be_read(deadline: Deadline) -> None:
    store = Flaky()
    cursors = KeptCursors(store)
    for _ in range(2):
        cursors.remember("q", CURSOR, deadline)
    assert store.writes == ["q"]


def test_the_later_cursor_counts_with_the_ids_of_both() -> None:
    older = Cursor(told=("a", "b"), depth=9, unnamed=4, looked_at=1.0)
    newer = Cursor(told=("b", "c"), depth=2, unnamed=1, looked_at=2.0)
    expected = Cursor(told=("a", "b", "c"), depth=2, unnamed=1, looked_at=2.0)
    assert merged(older, newer) == merged(newer, older) == expected
