"""Which messages are new, by ids and by depth."""

import random

from hypothesis import given
from hypothesis import strategies as st

from notices.arrivals import LISTED, arrivals, hashed
from notices.models import REPORTED_LIMIT, Arrivals, Cursor, QueuedMessage, Snapshot

NOW = 1_000.0
NONE = Cursor()


def message(number: int, sent_at: float = 0.0) -> QueuedMessage:
    return QueuedMessage(message_id=f"m{number}", sent_at=sent_at, name=f"alarm {number}", reason="")


def looked(
    *numbers: int, cursor: Cursor = NONE, depth: int = 0, is_exhausted: bool = True, sent_at: float = 0.0
) -> Arrivals:
    seen = tuple(message(number, sent_at) for number in numbers)
    look = Snapshot(seen=seen, depth=max(depth, len(seen)), is_exhausted=is_exhausted)
    return arrivals("q", look, cursor, NOW)


def partly(*numbers: int, cursor: Cursor = NONE, depth: int, sent_at: float = 0.0) -> Arrivals:
    """A look that could not see all: a FIFO queue, or one with more than 200 messages."""
    return looked(*numbers, cursor=cursor, depth=depth, is_exhausted=False, sent_at=sent_at)


def test_at_first_every_message_is_new_and_then_none() -> None:
    first = looked(1, 2)
    assert (first.count, first.depth, first.is_minimum) == (2, 2, False)
    assert looked(2, 1, cursor=first.cursor).count == 0


def test_a_message_is_new_beside_those_that_stand_there() -> None:
    second = looked(1, 2, 3, cursor=looked(1, 2).cursor)
    assert (second.count, second.depth) == (1, 3)
    assert [one.message_id for one in second.listed] == ["m3"]


def test_the_same_messages_in_another_order_change_no_id_in_the_cursor() -> None:
    first = looked(*range(100)).cursor
    assert looked(*reversed(range(100)), cursor=first).cursor == first


def test_the_newest_ten_are_listed() -> None:
    seen = [message(number, sent_at=number) for number in range(15)]
    random.Random(1).shuffle(seen)  # noqa: S311 - an order
    found = arrivals("q", Snapshot(seen=tuple(seen), depth=15, is_exhausted=True), Cursor(), NOW)
    assert found.count == 15
    assert [one.message_id for one in found.listed] == [f"m{number}" for number in range(14, 14 - LISTED, -1)]


def test_messages_that_another_reader_holds_are_counted_once_they_are_seen() -> None:
    first = looked(1, depth=3)
    assert (first.count, first.is_minimum) == (1, True)
    assert looked(1, 2, 3, cursor=first.cursor).count == 2


def test_where_not_all_can_be_seen_the_growth_of_the_depth_counts() -> None:
    first = partly(1, 2, depth=30)
    assert (first.count, first.is_minimum, first.cursor.unnamed) == (30, True, 28)
    second = partly(1, 2, cursor=first.cursor, depth=33)
    assert (second.count, second.is_minimum, len(second.listed)) == (3, True, 0)
    assert partly(1, 2, cursor=second.cursor, depth=33).count == 0


def test_messages_reported_by_count_are_not_new_when_they_come_into_sight() -> None:
    first = partly(1, 2, depth=30)
    drained = partly(3, 4, cursor=first.cursor, depth=28)
    assert drained.count == 0
    assert looked(5, 6, 7, cursor=drained.cursor).count == 0


def test_a_message_that_came_into_sight_is_no_longer_among_those_reported_by_count() -> None:
    first = partly(1, 2, depth=30)
    second = partly(*range(3, 13), cursor=first.cursor, depth=30)
    assert (second.count, second.cursor.unnamed) == (0, 18)
    assert looked(*range(13, 32), cursor=second.cursor).count == 1


def test_more_messages_than_were_reported_by_count_are_new() -> None:
    first = partly(1, 2, depth=4)
    found = looked(3, 4, 5, 6, 7, cursor=first.cursor)
    assert found.count == 3


def test_a_message_sent_after_the_last_look_is_new_though_the_depth_is_the_same() -> None:
    first = partly(1, 2, depth=30)
    found = partly(1, 3, cursor=first.cursor, depth=30, sent_at=NOW + 1)
    assert [one.message_id for one in found.listed] == ["m3"]


def test_a_queue_that_was_emptied_counts_from_there() -> None:
    first = partly(1, depth=500)
    empty = looked(cursor=first.cursor)
    assert (empty.count, empty.cursor.depth, empty.cursor.unnamed) == (0, 0, 0)
    assert partly(2, cursor=empty.cursor, depth=20).count == 20


def test_the_cursor_is_bounded_and_keeps_what_was_seen_last() -> None:
    cursor = Cursor()
    for start in range(0, 3_000, 150):
        cursor = looked(*range(start, start + 150), cursor=cursor).cursor
    assert len(cursor.reported) == REPORTED_LIMIT
    assert looked(*range(2_800, 3_000), cursor=cursor).count == 0


@given(st.lists(st.sets(st.integers(0, 40)), max_size=12))
def test_as_long_as_all_is_seen_each_message_is_counted_once(queues: list[set[int]]) -> None:
    cursor, counted = Cursor(), 0
    for numbers in queues:
        found = looked(*numbers, cursor=cursor)
        counted, cursor = counted + found.count, found.cursor
    assert counted == len(set().union(*queues))


@given(st.lists(st.integers(0, 30), max_size=12), st.randoms())
def test_in_a_queue_that_only_grows_the_counts_add_up_whatever_is_seen_of_it(
    sizes: list[int], dice: random.Random
) -> None:
    cursor, counted, standing = Cursor(), 0, 0
    for size in sizes:
        standing += size
        seen = dice.sample(range(standing), min(standing, 10))
        found = partly(*seen, cursor=cursor, depth=standing)
        counted, cursor = counted + found.count, found.cursor
    assert counted == standing


def test_a_hash_is_short_and_its_own() -> None:
    assert len({hashed(f"m{number}") for number in range(1_000)}) == 1_000
    assert len(hashed("m")) == 16
