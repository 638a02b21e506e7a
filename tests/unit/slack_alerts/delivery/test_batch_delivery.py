"""The time and the claims of a lane in one batch."""

import pytest

from outcomes.outcome import Duplicate, Later, LaterReason
from slack_alerts.delivery.batch_delivery import BatchDelivery
from slack_alerts.delivery.claimed_alert import ClaimedAlert
from tests.support.samples.notifications import record
from tests.support.steps.lane import BUSY, DELIVERED, LEASE, NOT_SENT, Lane


@pytest.mark.parametrize(
    ("names", "age", "takes", "slept"),
    [
        ("a", 0.5, 0.0, []),  # one fresh alert does not hold its lane
        ("a", 1.5, 0.25, [0.75]),
        ("ab", 0.5, 0.25, [0.75, 0.75]),
        ("ab", 0.5, 2.0, []),
        ("abc", 0.5, 0.25, [0.75]),  # a digest is one post
    ],
)
def test_posts_are_a_second_apart_and_the_lane_is_held_until_the_next(
    lane: Lane, names: str, age: float, takes: float, slept: list[float]
) -> None:
    lane.slack.takes = takes
    lane.receive(*names, age=age)
    assert lane.time.slept == slept
    assert lane.journal[-1] == " ".join(["delete", *names])


def test_no_post_gets_more_time_than_is_left(lane: Lane) -> None:
    lane.slack.always["team"] = NOT_SENT
    lane.slack.takes = 3.0
    lane.receive("a")
    assert lane.slack.timeouts[0] == 8.0
    assert all(timeout <= 7.0 for timeout in lane.slack.timeouts[1:])


def test_after_two_failed_batches_a_post_has_one_attempt(lane: Lane) -> None:
    lane.slack.always["team"] = BUSY
    attempts = []
    for _ in range(4):
        lane.journal.clear()
        lane.receive("a")
        attempts.append(len(lane.posts))
    assert attempts == [4, 4, 1, 1]


def test_after_an_answer_a_post_has_all_attempts_again(lane: Lane) -> None:
    lane.digest_from = 0
    lane.slack.answers = [BUSY] * 8
    lane.receive("a")
    lane.receive("a")
    lane.slack.answers = [None, BUSY, BUSY, BUSY]
    assert lane.receive("a", "b") == [("a", DELIVERED), ("b", DELIVERED)]


@pytest.mark.parametrize("names", ["a", "ab", "abc"])
def test_without_time_nothing_is_posted_all_claims_are_released_and_the_lane_pauses(lane: Lane, names: str) -> None:
    assert lane.receive(*names, seconds=3.9) == [("a", Later(LaterReason.NOT_ATTEMPTED, 5.0))]
    assert lane.posts == []
    assert lane.states(*names) == ["free"] + [""] * (len(names) - 1)  # for another claim there was no time either
    assert lane.row("a").count == 0
    assert lane.queues.hidden == dict.fromkeys(names, 0) | {"a": 5}
    assert lane.receive(*names)[0] == ("a", DELIVERED)


def test_alerts_that_do_not_fit_into_the_time_of_the_lane_return_at_once(lane: Lane) -> None:
    lane.digest_from = 0
    lane.slack.takes = 2.5
    assert lane.receive("a", "b", "c", "d") == [(name, DELIVERED) for name in "abc"]
    assert (lane.queues.hidden, lane.states("d")) == ({"d": 0}, ["free"])


@pytest.mark.parametrize("error", [TypeError, RecursionError])
def test_c6_an_error_of_our_own_leaves_the_claim_to_lapse_and_hides_the_lane_as_long(
    lane: Lane, error: type[Exception]
) -> None:
    lane.slack.answers = [error()]
    assert lane.receive("a", "b") == []
    assert lane.states("a") == ["claimed"]
    assert lane.queues.hidden == {"a": LEASE, "b": 0}
    lane.time.now += LEASE
    assert dict(lane.receive("a", "b")) == {"a": DELIVERED, "b": DELIVERED}


def test_open_claims_are_released_untried_and_taken_ones_are_not(lane: Lane) -> None:
    batch = BatchDelivery(lane.services(), "team", lane.time.deadline(25))
    first, second = (batch.claim(record("x", message_id=name)) for name in "ab")
    assert isinstance(first, ClaimedAlert)
    assert isinstance(second, ClaimedAlert)
    batch.take(first).commit()
    batch.release_all()
    assert lane.states("a", "b") == ["posted", "free"]
    assert lane.row("b").until == 0.0
    assert batch.claim(first.record) == Duplicate()
