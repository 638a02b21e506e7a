import random

from hypothesis import given
from hypothesis import strategies as st

from notices.arrivals import LISTED, arrivals, hashed
from notices.models import REPORTED_LIMIT, Arrivals, Cursor, QueuedMessage, Snapshot

NOW = 1_000.0
NONE = Cursor()


def message(number: int, sent_at: float = 0.0) -> QueuedMessage:
    return QueuedMessage(message_id=f"m{number}", sent_at=sent_at, name=f"alarm {number}", reason="")


def read(
    *numbers: int, cursor: Cursor = NONE, depth: int = 0, is_exhausted: bool = True, sent_at: float = 0.0
) -> Arrivals:
    seen = tuple(message(number, sent_at) for number in numbers)
    return arrivals("q", Snapshot(seen=seen, depth=max(depth, len(seen)), is_exhausted=is_exhausted), cursor, NOW)


def read_part(*numbers: int, depth: int, cursor: Cursor = NONE, sent_at: float = 0.0) -> Arrivals:
    """Read a FIFO queue, or one with more messages than a snapshot has."""
    return read(*numbers, cursor=cursor, depth=depth, is_exhausted=False, sent_at=sent_at)


def test_the_order_of_the_messages_does_not_change_the_cursor() -> None:
    first = read(*range(100)).cursor
    assert read(*reversed(range(100)), cursor=first).cursor == first


def test_the_newest_ten_are_listed() -> None:
    seen = [message(number, sent_at=number) for number in range(15)]
    random.Random(1).shuffle(seen)  # noqa: S311 - an order
    found = arrivals("q", Snapshot(seen=tuple(seen), depth=15, is_exhausted=True), NONE, NOW)
    assert found.count == 15
    assert [one.message_id for one in found.listed] == [f"m{number}" for number in range(14, 14 - LISTED, -1)]


def test_messages_that_another_reader_hides_are_counted_once_they_are_seen() -> None:
    first = read(1, depth=3)
    assert (first.count, first.is_minimum) == (1, True)
    assert read(1, 2, 3, cursor=first.cursor).count == 2


def test_the_growth_of_the_depth_counts_if_not_all_is_seen() -> None:
    first = read_part(1, 2, depth=30)
    assert (first.count, first.is_minimum, first.cursor.unnamed) == (30, True, 28)
    second = read_part(1, 2, cursor=first.cursor, depth=33)
    assert (second.count, second.is_minimum, len(second.listed)) == (3, True, 0)
    assert read_part(1, 2, cursor=second.cursor, depth=33).count == 0


def test_messages_reported_by_count_are_not_new_when_they_are_seen() -> None:
    first = read_part(1, 2, depth=30)
    drained = read_part(3, 4, cursor=first.cursor, depth=28)
    assert drained.count == 0
    assert read(5, 6, 7, cursor=drained.cursor).count == 0
    second = read_part(*range(3, 13), cursor=first.cursor, depth=30)
    assert (second.count, second.cursor.unnamed) == (0, 18)
    assert read(*range(13, 32), cursor=second.cursor).count == 1


def test_more_messages_than_were_reported_by_count_are_new() -> None:
    assert read(3, 4, 5, 6, 7, cursor=read_part(1, 2, depth=4).cursor).count == 3


def test_a_message_sent_after_the_last_reading_is_new_even_at_the_same_depth() -> None:
    first = read_part(1, 2, depth=30)
    found = read_part(1, 3, cursor=first.cursor, depth=30, sent_at=NOW + 1)
    assert [one.message_id for one in found.listed] == ["m3"]


def test_a_queue_that_was_emptied_counts_from_zero() -> None:
    empty = read(cursor=read_part(1, depth=500).cursor)
    assert (empty.count, empty.cursor.depth, empty.cursor.unnamed) == (0, 0, 0)
    assert read_part(2, cursor=empty.cursor, depth=20).count == 20


def test_the_cursor_is_bounded_and_keeps_the_messages_seen_last() -> None:
    cursor = NONE
    for start in range(0, 3_000, 150):
        cursor = read(*range(start, start + 150), cursor=cursor).cursor
    assert len(cursor.reported) == REPORTED_LIMIT
    assert read(*range(2_800, 3_000), cursor=cursor).count == 0


@given(st.lists(st.sets(st.integers(0, 40)), max_size=12))
def test_each_message_is_counted_once_if_all_are_seen(queues: list[set[int]]) -> None:
    cursor, counted = NONE, 0
    for numbers in queues:
        found = read(*numbers, cursor=cursor)
        counted, cursor = counted + found.count, found.cursor
    assert counted == len(set().union(*queues))


@given(st.lists(st.integers(0, 30), max_size=12), st.randoms())
def test_the_counts_of_a_growing_queue_add_up_whichever_messages_are_seen(
    sizes: list[int], dice: random.Random
) -> None:
    cursor, counted, depth = NONE, 0, 0
    for size in sizes:
        depth += size
        found = read_part(*dice.sample(range(depth), min(depth, 10)), cursor=cursor, depth=depth)
        counted, cursor = counted + found.count, found.cursor
    assert counted == depth


def test_a_hash_is_short_and_unique() -> None:
    assert len({hashed(f"m{number}") for number in range(1_000)}) == 1_000
    assert len(hashed("m")) == 16
