from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record_batch.circuit import LONGEST_ASKED, REMEMBERED, Circuits, Passage, circuit_key
from record_batch.memory_rows import MemoryRows
from record_batch.outcome import Later, LaterReason
from tests.support.clock import FakeClock

KEY = circuit_key("team", "1")


class Switchboard:
    """Circuits of several invocations, on one clock."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.rows = MemoryRows()
        self.circuits = Circuits(rows=self.rows, first_pause=30.0, pause_cap=900.0, clock=self.clock)

    def enter(self) -> Passage:
        passage = self.circuits.enter("team", "1")
        assert isinstance(passage, Passage)
        assert passage.probe() is None
        return passage

    def waits(self) -> float:
        """Seconds that the circuit says."""
        later = self.circuits.enter("team", "1")
        assert isinstance(later, Later)
        assert later.reason is LaterReason.CIRCUIT_OPEN
        return later.after


@pytest.fixture
def board() -> Switchboard:
    return Switchboard()


def test_a_destination_that_answers_costs_no_row(board: Switchboard) -> None:
    board.enter().answered()
    assert board.rows.read(KEY) is None


def test_the_pause_doubles_with_each_opening_in_a_row_up_to_the_cap(board: Switchboard) -> None:
    pauses = []
    for _ in range(8):
        pauses.append(board.enter().failed(None))
        assert board.waits() == pauses[-1]
        board.clock.now += pauses[-1]
    assert pauses == [30, 60, 120, 240, 480, 900, 900, 900]


def test_a_definite_answer_starts_the_count_anew(board: Switchboard) -> None:
    for _ in range(5):
        board.clock.now += board.enter().failed(None)
    board.enter().answered()
    assert board.rows.read(KEY) is None
    assert board.enter().failed(None) == 30


@pytest.mark.parametrize(("asked", "pause"), [(10.0, 30.0), (120.0, 120.0), (99_999.0, LONGEST_ASKED)])
def test_retry_after_is_a_lower_bound_up_to_an_hour(board: Switchboard, asked: float, pause: float) -> None:
    assert board.enter().failed(asked) == pause


def test_g5_who_is_busy_gets_what_he_asked_for_and_asking_again_at_once_the_pauses(board: Switchboard) -> None:
    pauses = []
    for _ in range(3):
        pauses.append(board.enter().failed(2.0, is_busy=True))
        board.clock.now += pauses[-1]
    assert pauses == [2, 60, 120]
    board.enter().answered()
    assert board.enter().failed(2.0, is_busy=True) == 2


@pytest.mark.parametrize("asked", [None, 0.0, -1.0])
def test_who_is_busy_and_says_nothing_of_when_gets_the_pause(board: Switchboard, asked: float | None) -> None:
    assert board.enter().failed(asked, is_busy=True) == 30


def test_past_its_end_one_caller_probes_and_the_others_wait(board: Switchboard) -> None:
    board.clock.now += board.enter().failed(None)
    found = [board.circuits.enter("team", "1") for _ in range(5)]
    taken = [one.probe() if isinstance(one, Passage) else one for one in found]
    assert taken == [None, *[Later(LaterReason.CIRCUIT_OPEN, 60.0)] * 4]
    assert board.waits() == 60.0


def test_a_prober_that_died_is_followed_by_another(board: Switchboard) -> None:
    board.clock.now += board.enter().failed(None)
    board.enter()
    board.clock.now += board.waits()
    assert board.enter().failed(None) == 60.0


def test_who_waited_for_a_probe_that_was_answered_passes(board: Switchboard) -> None:
    board.clock.now += board.enter().failed(None)
    late = board.circuits.enter("team", "1")
    board.enter().answered()
    assert isinstance(late, Passage)
    assert late.probe() is None
    assert late.failed(None) == 30.0


def test_two_that_fail_at_once_are_one_opening_and_the_later_end_holds(board: Switchboard) -> None:
    first, second, third = board.enter(), board.enter(), board.enter()
    assert first.failed(None) == 30.0
    assert second.failed(200.0) == 200.0
    assert third.failed(50.0) == 200.0
    board.clock.now += 200
    assert board.enter().failed(None) == 60.0


def test_an_answer_does_not_close_what_another_invocation_has_opened_since(board: Switchboard) -> None:
    board.clock.now += board.enter().failed(None)
    prober = board.enter()
    board.clock.now += board.waits()
    board.enter().failed(None)
    prober.answered()
    assert board.waits() == 60.0


def test_a_new_version_of_the_secret_is_a_new_door(board: Switchboard) -> None:
    board.enter().failed(None)
    assert isinstance(board.circuits.enter("team", "2"), Passage)
    assert isinstance(board.circuits.enter("other", "1"), Passage)


def test_a_row_counts_for_a_day_after_its_end(board: Switchboard) -> None:
    board.clock.now += board.enter().failed(None) + REMEMBERED - 1
    assert board.enter().failed(None) == 60.0
    board.clock.now += 60 + REMEMBERED
    assert board.enter().failed(None) == 30.0


def test_g6_an_end_that_no_clock_could_have_meant_holds_nobody_up(board: Switchboard) -> None:
    board.enter().failed(None)
    row = board.rows.read(KEY)
    assert row is not None
    board.rows.swap(KEY, row, replace(row, token="x", until=board.clock.now + 86_400, expires=1e12))  # noqa: S106 - a version
    assert board.enter().failed(None) == 60.0


@given(
    st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0, 2000), st.none() | st.floats(0, 1e6)), max_size=30)
)
def test_no_pause_is_longer_than_an_hour_or_shorter_than_was_asked(
    steps: list[tuple[bool, bool, float, float | None]],
) -> None:
    board = Switchboard()
    for fails, is_busy, passes, asked in steps:
        found = board.circuits.enter("team", "1")
        if isinstance(found, Passage) and found.probe() is None:
            if fails:
                least = 0.0 if is_busy and asked else 30.0
                pause = found.failed(asked, is_busy=is_busy)
                assert max(least, min(asked or 0.0, LONGEST_ASKED)) <= pause + 1e-6
            else:
                found.answered()
        elif isinstance(found, Later):
            assert 0 < found.after <= LONGEST_ASKED + 1e-6
        board.clock.now += passes


def test_a_probe_has_the_time_of_the_next_pause(board: Switchboard) -> None:
    board.clock.now += board.enter().failed(None)
    board.enter()
    board.clock.now += 59
    assert board.waits() == 1.0
