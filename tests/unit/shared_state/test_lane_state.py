import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.outcome import LONGEST_WAIT
from retry_policies.backoff import Uniform
from shared_state.lane_state import RETENTION, Evidence, LaneState, LaneStates
from shared_state.rows_with_fallback import TABLE_PAUSE, RowsWithFallback
from tests.support.steps.clock import FakeClock
from tests.support.steps.tables import MemoryTable

FIRST, CAP, DOUBT_CAP = 5.0, 60.0, 900.0
KEY = "lane#team"


class Lane:
    """One lane, worked by several batches on one clock; without jitter unless `uniform` is given."""

    def __init__(self, uniform: Uniform = lambda low, _high: low) -> None:
        self.clock = FakeClock()
        self.table = MemoryTable()
        self.uniform = uniform
        self.states = self.environment()

    def environment(self) -> LaneStates:
        """Return the states as another execution environment sees them."""
        return LaneStates(
            rows=RowsWithFallback(self.table, clock=self.clock),
            first_pause=FIRST,
            pause_cap=CAP,
            doubt_pause_cap=DOUBT_CAP,
            clock=self.clock,
            uniform=self.uniform,
        )

    def read_state(self) -> LaneState:
        return self.states.read("team")

    def fail(
        self, evidence: Evidence = Evidence.ANSWERED, asked: float | None = None, *, has_secret: bool = True
    ) -> float:
        """Let one batch fail; return its pause."""
        return self.read_state().record_failure(asked, evidence, has_secret=has_secret)

    def is_in_doubt(self) -> bool:
        return self.read_state().is_in_doubt


@pytest.fixture
def lane() -> Lane:
    return Lane()


def test_a_healthy_lane_costs_no_row(lane: Lane) -> None:
    state = lane.read_state()
    assert (state.failures, state.failing_for, state.is_in_doubt) == (0, 0.0, False)
    state.record_answer()
    assert lane.table.inner.read(KEY) is None


def test_the_pause_doubles_with_each_failed_batch_up_to_the_cap(lane: Lane) -> None:
    assert [lane.fail() for _ in range(7)] == [5, 10, 20, 40, 60, 60, 60]


def test_the_pauses_of_a_lane_in_doubt_grow_to_a_cap_of_their_own(lane: Lane) -> None:
    assert [lane.fail(Evidence.DOUBTFUL) for _ in range(10)] == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]


def test_an_answered_post_starts_the_count_anew(lane: Lane) -> None:
    for _ in range(5):
        lane.fail()
    lane.read_state().record_answer()
    assert lane.table.inner.read(KEY) is None
    assert lane.fail() == FIRST


def test_lanes_fail_each_for_itself(lane: Lane) -> None:
    lane.fail()
    assert lane.states.read("other").failures == 0


@pytest.mark.parametrize("batches", [1, 3, 8])
@given(seed=st.integers())
def test_jitter_only_lengthens_a_pause_and_never_beyond_the_cap(batches: int, seed: int) -> None:
    lane = Lane(random.Random(seed).uniform)  # noqa: S311 - a test's dice
    pause = [lane.fail() for _ in range(batches)][-1]
    bare = min(CAP, FIRST * 2 ** (batches - 1))
    assert bare <= pause <= min(CAP, bare * 1.25)


def test_equal_pauses_below_the_cap_are_spread_out() -> None:
    assert len({Lane(random.uniform).fail() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("asked", "pause"),
    [(None, 5.0), (0.0, 5.0), (3.0, 5.0), (30.0, 30.0), (LONGEST_WAIT, 3600.0), (99_999.0, 3600.0), (-1.0, 5.0)],
)
def test_retry_after_is_a_lower_bound_up_to_an_hour(lane: Lane, asked: float | None, pause: float) -> None:
    assert lane.fail(asked=asked) == pause


@pytest.mark.parametrize("asked", [float("nan"), float("inf")])
def test_a_retry_after_that_is_no_length_of_time_is_ignored(lane: Lane, asked: float) -> None:
    assert lane.fail(asked=asked) == FIRST


@given(asked=st.floats(0, 1e9), before=st.integers(0, 9), seed=st.integers())
def test_no_pause_is_shorter_than_was_asked_or_longer_than_an_hour(asked: float, before: int, seed: int) -> None:
    lane = Lane(random.Random(seed).uniform)  # noqa: S311 - a test's dice
    for _ in range(before):
        lane.fail()
    assert min(asked, LONGEST_WAIT) <= lane.fail(asked=asked) <= max(CAP, min(asked * 1.25, LONGEST_WAIT))


def test_two_batches_without_an_answer_put_the_lane_in_doubt(lane: Lane) -> None:
    lane.fail(Evidence.DOUBTFUL)
    assert not lane.is_in_doubt()
    lane.fail(Evidence.DOUBTFUL)
    assert lane.is_in_doubt()


@pytest.mark.parametrize("is_success", [True, False])
def test_a_definite_answer_ends_the_doubt(lane: Lane, *, is_success: bool) -> None:
    for _ in range(3):
        lane.fail(Evidence.DOUBTFUL)
    if is_success:
        lane.read_state().record_answer()
    else:
        lane.fail(Evidence.ANSWERED)
    assert not lane.is_in_doubt()
    lane.fail(Evidence.DOUBTFUL)
    assert not lane.is_in_doubt()


def test_a_batch_that_sent_nothing_neither_makes_nor_ends_doubt(lane: Lane) -> None:
    for _ in range(5):
        lane.fail(Evidence.NONE)
    assert not lane.is_in_doubt()
    lane.fail(Evidence.DOUBTFUL)
    lane.fail(Evidence.NONE)
    assert not lane.is_in_doubt()
    lane.fail(Evidence.DOUBTFUL)
    assert lane.is_in_doubt()
    lane.fail(Evidence.NONE)
    assert lane.is_in_doubt()


def test_the_state_tells_since_when_the_lane_fails(lane: Lane) -> None:
    lane.fail()
    lane.clock.now += 400
    lane.fail()
    lane.clock.now += 500
    state = lane.read_state()
    assert (state.failures, state.failing_for) == (2, 900.0)
    state.record_answer()
    lane.fail()
    lane.clock.now += 1
    assert lane.read_state().failing_for == 1.0


def test_failures_for_want_of_a_secret_are_counted_apart_from_others(lane: Lane) -> None:
    for _ in range(3):
        lane.fail(Evidence.DOUBTFUL)
        lane.clock.now += 100
    assert (lane.read_state().failing_for, lane.read_state().without_secret_for) == (300.0, 0.0)
    assert lane.fail(Evidence.NONE, has_secret=False) == FIRST
    lane.clock.now += 50
    assert lane.fail(Evidence.NONE, has_secret=False) == 2 * FIRST
    assert (lane.read_state().without_secret_for, lane.is_in_doubt()) == (50.0, True)
    lane.fail(Evidence.DOUBTFUL)
    lane.clock.now += 10
    assert (lane.read_state().failing_for, lane.read_state().without_secret_for) == (10.0, 0.0)


def test_a_row_counts_for_two_days_after_its_last_failure(lane: Lane) -> None:
    lane.fail()
    lane.clock.now += RETENTION - 1
    assert lane.fail() == 2 * FIRST
    lane.clock.now += RETENTION
    assert lane.fail() == FIRST


def test_f7_while_the_table_is_down_a_lane_is_in_doubt_until_the_first_answer_of_this_process(lane: Lane) -> None:
    lane.table.is_down = True
    assert lane.is_in_doubt()
    assert lane.fail(Evidence.NONE) == FIRST
    assert lane.is_in_doubt()
    lane.read_state().record_answer()
    assert not lane.is_in_doubt()
    assert lane.environment().read("team").is_in_doubt


def test_f7_while_the_table_is_down_a_refusal_is_an_answer_too(lane: Lane) -> None:
    lane.table.is_down = True
    lane.fail(Evidence.ANSWERED)
    assert not lane.is_in_doubt()
    assert lane.fail(Evidence.ANSWERED) == 2 * FIRST


def test_f7_while_the_table_is_down_the_pauses_of_this_process_grow(lane: Lane) -> None:
    lane.table.is_down = True
    assert [lane.fail(Evidence.DOUBTFUL) for _ in range(9)] == [5, 10, 20, 40, 80, 160, 320, 640, 900]


def test_f7_an_answer_of_a_former_outage_of_the_table_proves_nothing_in_the_next(lane: Lane) -> None:
    lane.table.is_down = True
    lane.read_state().record_answer()
    lane.table.is_down = False
    lane.clock.now += TABLE_PAUSE
    assert not lane.is_in_doubt()
    lane.table.is_down = True
    assert lane.is_in_doubt()


def test_what_another_invocation_wrote_meanwhile_stays(lane: Lane) -> None:
    slow, quick = lane.read_state(), lane.read_state()
    quick.record_failure()
    current = lane.table.inner.read(KEY)
    assert slow.record_failure() == FIRST
    assert lane.table.inner.read(KEY) == current
    assert slow.failures == 1


def test_a_late_answer_ends_the_failures_that_another_invocation_wrote_before_it(lane: Lane) -> None:
    slow, quick = lane.read_state(), lane.read_state()
    quick.record_failure()
    slow.record_failure()
    slow.record_answer()
    assert lane.table.inner.read(KEY) is None


def test_an_answer_does_not_remove_what_another_invocation_has_written_since(lane: Lane) -> None:
    lane.fail()
    slow = lane.read_state()
    lane.fail()
    slow.record_answer()
    assert lane.read_state().failures == 2


def test_a_row_that_is_gone_at_the_write_is_no_failure(lane: Lane) -> None:
    lane.fail()
    state = lane.read_state()
    lane.read_state().record_answer()
    assert state.record_failure() == 2 * FIRST
    assert not lane.is_in_doubt()


def test_a_row_with_a_time_that_no_clock_meant_makes_no_endless_pause(lane: Lane) -> None:
    lane.fail()
    row = lane.table.inner.read(KEY)
    assert row is not None
    lane.table.inner.swap(KEY, row, replace(row, failures=10**9, until=1e15, failing_since=1e15))
    assert lane.fail() == CAP
