"""An alert that crashes the function, or fails alone, does not block its lane."""

import pytest

from outcomes.outcome import Duplicate, Later, LaterReason, Move, Park, ParkReason
from slack_alerts.delivery.suspects import CRASH_PAUSE
from tests.support.steps.lane import BAD_BLOCKS, BUSY, DELIVERED, LEASE, Lane, answered

UNREACHABLE = Later(LaterReason.UNREACHABLE, 5.0)


@pytest.fixture
def failing(lane: Lane) -> Lane:
    """Return a lane whose first alert has failed five times in ten minutes."""
    lane.fail("a")
    lane.slack.by_name["a"] = BUSY
    return lane


def test_if_only_the_next_alert_is_delivered_the_first_moves_to_the_end_of_its_lane(failing: Lane) -> None:
    ends = failing.receive("a", "b", "c")
    assert ends == [("b", DELIVERED), ("a", Move("team", "", 1)), ("c", DELIVERED)]
    assert failing.posts == ["team a", "team b", "team c"]
    assert failing.sent == [("team", "a", 1, "")]
    assert (failing.states("a"), failing.row("a").failures, failing.row("a").hop) == (["free"], 0, 0)
    assert failing.queues.hidden == {}
    assert failing.receive("a", "d", hop=1) == [("a", UNREACHABLE)]  # failures count from zero


def test_after_three_moves_it_is_parked(failing: Lane) -> None:
    for hop in range(3):
        assert failing.receive("a", f"b{hop}", hop=hop)[-1] == ("a", Move("team", "", hop + 1))
        failing.fail("a")
    assert failing.receive("a", "b3", hop=3)[-1] == ("a", Park(ParkReason.KEEPS_FAILING, "3 moves"))
    assert failing.states("a") == ["parked"]
    assert failing.receive("a", hop=3) == [("a", Duplicate(is_parked=True))]


def test_if_the_next_alert_fails_too_or_there_is_none_nothing_moves(failing: Lane) -> None:
    failing.slack.by_name["b"] = answered(429, "rate_limited", 300.0)
    assert failing.receive("a", "b", "c") == [("a", Later(LaterReason.UNREACHABLE, 300.0))]  # the longer pause
    assert (failing.queues.sent, failing.states("a", "b", "c")) == ([], ["free"] * 3)
    assert failing.queues.hidden == {"a": 300, "b": 0, "c": 0}
    assert isinstance(failing.receive("a")[0][1], Later)
    assert failing.queues.sent == []


def test_if_slack_refuses_the_next_alert_that_is_parked_and_the_first_stays(failing: Lane) -> None:
    failing.slack.by_name["b"] = BAD_BLOCKS
    parked = Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks")
    assert failing.receive("a", "b", "c") == [("b", parked), ("a", UNREACHABLE)]
    assert failing.states("a", "b", "c") == ["free", "parked", "free"]


def test_if_the_first_alert_is_delivered_the_others_follow_one_by_one(failing: Lane) -> None:
    failing.slack.by_name.clear()
    assert failing.receive("a", "b", "c") == [(name, DELIVERED) for name in "abc"]
    assert failing.posts == ["team a", "team b", "team c"]


def test_two_neighbours_that_fail_alone_do_not_hold_their_lane(lane: Lane) -> None:
    lane.fail("a")
    lane.fail("b")
    lane.slack.by_name = {"a": BUSY, "b": BUSY}
    assert lane.receive("a", "b", "c")[:2] == [("c", DELIVERED), ("a", Move("team", "", 1))]


def test_without_time_a_failing_alert_is_not_tried(failing: Lane) -> None:
    assert failing.receive("a", seconds=3.9) == [("a", Later(LaterReason.NOT_ATTEMPTED, 5.0))]
    assert failing.posts == []


@pytest.mark.parametrize(("times", "over"), [(4, 600.0), (5, 599.0)])
def test_fewer_failures_or_less_time_move_nothing(lane: Lane, times: int, over: float) -> None:
    lane.fail("a", times=times, over=over)
    lane.slack.by_name["a"] = BUSY
    assert lane.receive("a", "b") == [("a", UNREACHABLE)]


def test_an_alert_whose_move_the_queue_refuses_stays_in_its_place_with_its_claim_free(failing: Lane) -> None:
    failing.queues.is_full = True
    failing.receive("a", "b")
    assert failing.queues.hidden == {"a": LEASE}
    assert failing.states("a", "b") == ["free", "posted"]
    assert failing.row("a").failures >= 5


def test_c5_a_lapsed_lease_forbids_a_digest_and_the_others_are_deleted_before_the_suspect_is_posted(lane: Lane) -> None:
    lane.crash("b")
    assert lane.receive("a", "b", "c", "d") == [(name, DELIVERED) for name in "acdb"]
    assert lane.journal == [
        *("post team a", "post team c", "post team d", "delete a c d"),
        *("post team b doubtful", "delete b"),
    ]
    assert lane.time.slept == [1.0] * 4


def test_c5_a_full_batch_of_crashers_moves_to_the_end_once_and_is_tried_again_after_its_pause(lane: Lane) -> None:
    for _ in range(6):
        for name in "abcdefghij":
            lane.claim(name)
        lane.time.now += LEASE
    ends = lane.receive(*"abcdefghij", queued_at=1.0)
    assert ends == [(name, Move("team", "", 0)) for name in "abcdefghij"]
    assert lane.posts == []
    moved_at = lane.time.now
    [(_, outcome)] = lane.receive(*"abcdefghij", queued_at=moved_at)
    assert outcome == Later(LaterReason.UNEXPECTED, CRASH_PAUSE)
    lane.time.now += CRASH_PAUSE
    assert lane.receive(*"abcdefghij", queued_at=moved_at) == [(name, DELIVERED) for name in "abcdefghij"]
    assert len(lane.sent) == 10


def test_a_crasher_that_has_crashed_alone_too_moves_to_the_end_without_another_try(failing: Lane) -> None:
    failing.crash("a")
    failing.crash("a", is_alone=True)
    failing.journal.clear()
    assert failing.receive("a", "b") == [("b", DELIVERED), ("a", Move("team", "", 1))]
    assert failing.posts == ["team b"]


def test_an_alert_that_crashed_only_while_no_other_was_delivered_is_tried_once_another_is(lane: Lane) -> None:
    """A bug of ours crashes every alert: after its repair each alert is tried, and none is moved."""
    for name in "abc":
        lane.fail(name)
        lane.crash(name)
    assert lane.receive("a", "b", "c", hop=3) == [("a", DELIVERED), ("b", DELIVERED), ("c", DELIVERED)]
    assert lane.sent == []
