"""An alert that fails alone does not hold its lane."""

import pytest

from outcomes.outcome import Delivered, Duplicate, Later, LaterReason, Move, Park, ParkReason
from tests.support.steps.lane import BAD_BLOCKS, BUSY, NO_ANSWER, Lane, answered

DELIVERED = Delivered()


@pytest.fixture
def lane(lane: Lane) -> Lane:
    """A lane whose first alert has failed five times in ten minutes."""
    lane.fail("a")
    lane.slack.by_name["a"] = BUSY
    return lane


def test_if_only_the_next_one_is_delivered_the_first_moves_to_the_end_of_its_lane(lane: Lane) -> None:
    ends = lane.receive("a", "b", "c")
    assert ends == [("b", DELIVERED), ("a", Move("team", "", 1)), ("c", DELIVERED)]
    assert lane.posts == ["team a", "team b", "team c"]
    assert lane.sent == [("team", "a", 1, "")]
    assert lane.states("a") == ["free"]
    assert (lane.row("a").failures, lane.row("a").hop) == (0, 0)
    assert lane.queues.hidden == {}


def test_the_moved_copy_is_tried_again_and_its_failures_count_from_zero(lane: Lane) -> None:
    lane.receive("a", "b")
    assert lane.receive("a", "c", hop=1) == [("a", Later(LaterReason.UNREACHABLE, 5.0))]
    lane.slack.by_name.clear()
    assert lane.receive("a", "c", hop=1) == [("a", DELIVERED), ("c", DELIVERED)]


def test_after_three_turns_it_is_parked(lane: Lane) -> None:
    for hop in range(3):
        assert lane.receive("a", f"b{hop}", hop=hop)[-1] == ("a", Move("team", "", hop + 1))
        lane.fail("a")
    assert lane.receive("a", "b3", hop=3)[-1] == ("a", Park(ParkReason.KEEPS_FAILING, "3 turns"))
    assert lane.states("a") == ["parked"]
    assert lane.receive("a", hop=3) == [("a", Duplicate(is_parked=True))]


def test_if_the_next_one_fails_too_nothing_moves(lane: Lane) -> None:
    lane.slack.always["team"] = BUSY
    [(name, end)] = lane.receive("a", "b", "c")
    assert (name, isinstance(end, Later)) == ("a", True)
    assert lane.queues.sent == []
    assert lane.states("a", "b", "c") == ["free"] * 3
    assert list(lane.queues.hidden.values())[1:] == [0, 0]


def test_the_longer_pause_of_the_two_is_kept(lane: Lane) -> None:
    lane.slack.by_name["b"] = answered(429, "rate_limited", 300.0)
    assert lane.receive("a", "b") == [("a", Later(LaterReason.UNREACHABLE, 300.0))]


def test_a_next_one_that_slack_refuses_is_parked_and_the_first_stays(lane: Lane) -> None:
    lane.slack.by_name["b"] = BAD_BLOCKS
    parked, (name, end) = lane.receive("a", "b", "c")
    assert parked == ("b", Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks"))
    assert (name, isinstance(end, Later)) == ("a", True)
    assert lane.states("a", "b", "c") == ["free", "parked", "free"]


def test_alone_in_its_lane_it_stays(lane: Lane) -> None:
    assert lane.receive("a") == [("a", Later(LaterReason.UNREACHABLE, 5.0))]
    assert lane.queues.sent == []


def test_a_first_one_that_is_delivered_is_followed_by_the_others_one_by_one(lane: Lane) -> None:
    lane.slack.by_name.clear()
    assert lane.receive("a", "b", "c") == [("a", DELIVERED), ("b", DELIVERED), ("c", DELIVERED)]
    assert lane.posts == ["team a", "team b", "team c"]


@pytest.mark.parametrize(("times", "over"), [(4, 600.0), (5, 599.0)])
def test_fewer_failures_or_less_time_move_nothing(times: int, over: float) -> None:
    lane = Lane()
    lane.fail("a", times=times, over=over)
    lane.slack.by_name["a"] = BUSY
    assert lane.receive("a", "b") == [("a", Later(LaterReason.UNREACHABLE, 5.0))]


def test_a_move_that_the_queue_does_not_take_leaves_it_in_its_place_with_its_claim_free(lane: Lane) -> None:
    lane.queues.is_full = True
    lane.receive("a", "b")
    assert lane.queues.hidden == {"a": 45}
    assert lane.states("a", "b") == ["free", "posted"]
    assert lane.row("a").failures >= 5


def test_an_alert_without_an_answer_is_passed_by_others_and_parked_after_five_posts() -> None:
    lane = Lane()
    lane.slack.by_name["a"] = NO_ANSWER
    for number in range(5):
        assert ("a", Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")) not in lane.receive("a", f"b{number}")
        lane.clock.now += 60.0
    assert lane.receive("a", "c") == [("a", Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")), ("c", DELIVERED)]
    assert sum(post.startswith("team a") for post in lane.posts) == 5


def test_a_crasher_that_has_crashed_alone_too_moves_to_the_end_without_another_try(lane: Lane) -> None:
    lane.crash("a")
    lane.crash("a", is_alone=True)
    lane.journal.clear()
    assert lane.receive("a", "b") == [("b", DELIVERED), ("a", Move("team", "", 1))]
    assert lane.posts == ["team b"]


def test_an_alert_that_crashed_only_while_no_other_was_delivered_is_tried_once_another_is(lane: Lane) -> None:
    """A fault of ours crashes every alert: after the repair each alert is tried, and none is moved."""
    lane.slack.by_name.clear()
    for name in "abc":
        lane.fail(name)
        lane.crash(name)
    assert lane.receive("a", "b", "c", hop=3) == [("a", DELIVERED), ("b", DELIVERED), ("c", DELIVERED)]
    assert lane.sent == []
