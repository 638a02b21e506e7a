import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.outcome import LONGEST_WAIT
from retry_policies.backoff import Uniform
from retry_policies.testing import FakeTime
from shared_state.lane_state import RETENTION, Evidence, LaneState, LaneStates
from shared_state.rows_with_fallback import TABLE_PAUSE, RowsWithFallback
from tests.support.steps.tables import MemoryTable

FIRST, CAP, DOUBT_CAP = 5.0, 60.0, 900.0
KEY = "lane#team"


class Lane:
    """One lane, worked by several batches on one clock; without jitter unless `uniform` is given."""

    def __init__(self, uniform: Uniform = lambda low, _high: low) -> None:
        self.time = FakeTime(1000.0)
        self.table = MemoryTable()
        self.uniform = uniform
        self.states = self.environment()

    def environment(self) -> LaneStates:
        """Return the states as another execution environment sees them."""
        return LaneStates(
            rows=RowsWithFallback(self.table, clock=self.time.clock),
            first_pause=FIRST,
            pause_cap=CAP,
            doubt_pause_cap=DOUBT_CAP,
            clock=self.time.clock,
            uniform=self.uniform,
        )

    def read_state(self) -> LaneState:
        return self.states.read("team")

    def fail(
        self, evidence: Evidence = Evidence.ANSWERED, retry_after: float | None = None, *, has_secret: bool = True
    ) -> float:
        """Let one batch fail; return its pause."""
        return self.read_state().record_failure(retry_after, evidence, has_secret=has_secret)

    def is_in_doubt(self) -> bool:
        return self.read_state().is_in_doubt


@pytest.fixture
def lane() -> Lane:
    return Lane()


def test_a_healthy_lane_has_no_row(lane: Lane) -> None:
    state = lane.read_state()
    assert (state.failures, state.failing_for, state.is_in_doubt) == (0, 0.0, False)
    state.record_answer()
    assert lane.table.inner.read(KEY) is None


@pytest.mark.parametrize("is_down", [True, False])
@pytest.mark.parametrize(
    ("evidence", "pauses"),
    [
        (Evidence.ANSWERED, [5, 10, 20, 40, 60, 60, 60]),
        (Evidence.DOUBTFUL, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900]),
    ],
)
def test_the_pause_doubles_with_each_failed_batch_up_to_a_cap(
    lane: Lane, evidence: Evidence, pauses: list[float], *, is_down: bool
) -> None:
    lane.table.is_down = is_down
    assert [lane.fail(evidence) for _ in pauses] == pauses


def test_each_lane_has_its_own_failures_until_its_first_answer(lane: Lane) -> None:
    for _ in range(5):
        lane.fail()
    assert lane.states.read("other").failures == 0
    lane.read_state().record_answer()
    assert lane.table.inner.read(KEY) is None
    assert lane.fail() == FIRST


def test_equal_pauses_below_the_cap_are_spread_out() -> None:
    assert len({Lane(random.uniform).fail() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        (None, FIRST),
        (0.0, FIRST),
        (3.0, FIRST),
        (30.0, 30.0),
        (LONGEST_WAIT, 3600.0),
        (99_999.0, 3600.0),
        (-1.0, FIRST),
        (float("nan"), FIRST),
        (float("inf"), FIRST),
    ],
)
def test_a_retry_after_is_a_lower_bound_up_to_an_hour(lane: Lane, retry_after: float | None, pause: float) -> None:
    assert lane.fail(retry_after=retry_after) == pause


@given(retry_after=st.floats(0, 1e9), before=st.integers(0, 9), seed=st.integers())
def test_jitter_only_lengthens_a_pause_and_never_beyond_the_cap_or_an_hour(
    retry_after: float, before: int, seed: int
) -> None:
    lane = Lane(random.Random(seed).uniform)  # noqa: S311 - a seed makes it repeatable
    for _ in range(before):
        lane.fail()
    pause = lane.fail(retry_after=retry_after)
    bare = min(CAP, FIRST * 2**before)
    assert max(bare, min(retry_after, LONGEST_WAIT)) <= pause
    assert pause <= max(min(CAP, bare * 1.25), min(retry_after * 1.25, LONGEST_WAIT))


@pytest.mark.parametrize(
    ("batches", "is_in_doubt"),
    [
        ("D", False),
        ("DD", True),
        ("DDA", False),
        ("DDDA", False),
        ("DDDAD", False),
        ("DDDS", False),
        ("DDDSD", False),
        ("NNNNN", False),
        ("NNNNNDN", False),
        ("NNNNNDND", True),
        ("DDN", True),
    ],
)
def test_two_doubtful_batches_without_a_definite_answer_put_a_lane_in_doubt(
    lane: Lane, batches: str, *, is_in_doubt: bool
) -> None:
    evidence = {"D": Evidence.DOUBTFUL, "A": Evidence.ANSWERED, "N": Evidence.NONE}
    for batch in batches:
        if batch == "S":
            lane.read_state().record_answer()
        else:
            lane.fail(evidence[batch])
    assert lane.is_in_doubt() == is_in_doubt


def test_the_failing_time_counts_from_the_first_failure(lane: Lane) -> None:
    lane.fail()
    lane.time.now += 400
    lane.fail()
    lane.time.now += 500
    state = lane.read_state()
    assert (state.failures, state.failing_for) == (2, 900.0)
    state.record_answer()
    lane.fail()
    lane.time.now += 1
    assert lane.read_state().failing_for == 1.0


def test_failures_for_lack_of_a_secret_are_counted_separately(lane: Lane) -> None:
    for _ in range(3):
        lane.fail(Evidence.DOUBTFUL)
        lane.time.now += 100
    assert (lane.read_state().failing_for, lane.read_state().without_secret_for) == (300.0, 0.0)
    assert lane.fail(Evidence.NONE, has_secret=False) == FIRST
    lane.time.now += 50
    assert lane.fail(Evidence.NONE, has_secret=False) == 2 * FIRST
    assert (lane.read_state().without_secret_for, lane.is_in_doubt()) == (50.0, True)
    lane.fail(Evidence.DOUBTFUL)
    lane.time.now += 10
    assert (lane.read_state().failing_for, lane.read_state().without_secret_for) == (10.0, 0.0)


def test_a_row_counts_for_two_days_after_its_last_failure(lane: Lane) -> None:
    lane.fail()
    lane.time.now += RETENTION - 1
    assert lane.fail() == 2 * FIRST
    lane.time.now += RETENTION
    assert lane.fail() == FIRST


@pytest.mark.parametrize("is_success", [True, False])
def test_f7_while_the_table_is_down_a_lane_is_in_doubt_until_the_first_answer_in_this_process(
    lane: Lane, *, is_success: bool
) -> None:
    lane.table.is_down = True
    assert lane.is_in_doubt()
    assert lane.fail(Evidence.NONE) == FIRST
    assert lane.is_in_doubt()
    if is_success:
        lane.read_state().record_answer()
    else:
        lane.fail(Evidence.ANSWERED)
    assert not lane.is_in_doubt()
    assert lane.environment().read("team").is_in_doubt


def test_f7_an_answer_in_one_outage_of_the_table_does_not_count_in_the_next(lane: Lane) -> None:
    lane.table.is_down = True
    lane.read_state().record_answer()
    lane.table.is_down = False
    lane.time.now += TABLE_PAUSE
    assert not lane.is_in_doubt()
    lane.table.is_down = True
    assert lane.is_in_doubt()


def test_an_invocation_that_lost_the_race_keeps_the_others_row_and_can_end_its_failures(lane: Lane) -> None:
    slow, quick = lane.read_state(), lane.read_state()
    quick.record_failure()
    row = lane.table.inner.read(KEY)
    assert slow.record_failure() == FIRST
    assert lane.table.inner.read(KEY) == row
    assert slow.failures == 1
    slow.record_answer()
    assert lane.table.inner.read(KEY) is None


def test_an_answer_does_not_remove_a_row_that_another_invocation_has_changed_since(lane: Lane) -> None:
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


def test_a_row_with_absurd_values_does_not_lengthen_the_pause(lane: Lane) -> None:
    lane.fail()
    row = lane.table.inner.read(KEY)
    assert row is not None
    lane.table.inner.swap(KEY, row, replace(row, failures=10**9, until=1e15, failing_since=1e15))
    assert lane.fail() == CAP
