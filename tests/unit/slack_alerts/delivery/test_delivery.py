"""The alerts of a lane are claimed in order, and each is posted once."""

import pytest

from outcomes.outcome import Duplicate, Later, LaterReason, Park, ParkReason
from tests.support.steps.lane import BAD_BLOCKS, BUSY, DELIVERED, GONE, LEASE, NO_ANSWER, Lane

UNKNOWN = Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")


@pytest.mark.parametrize(
    ("digest_from", "posts"),
    [
        (0, ["team a", "team b", "team c"]),
        (2, ["team a b c"]),
        (3, ["team a b c"]),
        (4, ["team a", "team b", "team c"]),
    ],
)
def test_alerts_are_posted_in_order_and_as_a_digest_from_the_number_of_the_setting(
    lane: Lane, digest_from: int, posts: list[str]
) -> None:
    lane.digest_from = digest_from
    assert lane.receive("a", "b", "c") == [(name, DELIVERED) for name in "abc"]
    assert lane.posts == posts
    assert lane.states("a", "b", "c") == ["posted"] * 3


def test_a_duplicate_does_not_count_for_a_digest(lane: Lane) -> None:
    lane.receive("a")
    assert lane.receive("a", "b", "c") == [("a", Duplicate()), ("b", DELIVERED), ("c", DELIVERED)]
    assert lane.posts == ["team a", "team b", "team c"]


def test_one_destination_that_fails_does_not_pause_another(lane: Lane) -> None:
    lane.slack.always["team"] = BUSY
    lane.receive("a")
    assert lane.receive("b", to="other") == [("b", DELIVERED)]


def test_d1_a_second_copy_is_a_duplicate_at_the_same_destination_only(lane: Lane) -> None:
    assert lane.receive("a", "a") == [("a", DELIVERED), ("a", Duplicate())]
    assert lane.receive("a") == [("a", Duplicate())]
    assert lane.receive("a", to="other") == [("a", DELIVERED)]
    assert lane.posts == ["team a", "other a"]


def test_d1_twins_in_a_digest_are_one_line_of_it(lane: Lane) -> None:
    ends = lane.receive("a", "b", "a", "c")
    assert lane.posts == ["team a b c"]
    assert sorted(name for name, end in ends if end == DELIVERED) == ["a", "b", "c"]
    assert ends[-1] == ("a", Duplicate())


def test_the_copy_of_an_alert_that_was_not_delivered_stays_behind_it(lane: Lane) -> None:
    lane.slack.always["team"] = BUSY
    assert lane.receive("a", "b", "b") == [("a", Later(LaterReason.UNREACHABLE, 5.0))]
    assert lane.states("a", "b") == ["free", "free"]


def test_a_claim_that_another_invocation_holds_pauses_the_lane_at_its_record(lane: Lane) -> None:
    lane.claim("b")
    ends = lane.receive("a", "b", "c")
    assert ends == [("a", DELIVERED), ("b", Later(LaterReason.IN_PROGRESS, LEASE))]
    assert lane.posts == ["team a"]
    assert (lane.queues.hidden, lane.states("c")) == ({"b": LEASE, "c": 0}, [""])


def test_an_alert_without_an_answer_is_passed_by_others_and_parked_after_five_posts(lane: Lane) -> None:
    lane.slack.by_name["a"] = NO_ANSWER
    for number in range(5):
        assert ("a", UNKNOWN) not in lane.receive("a", f"b{number}")
        lane.time.now += 60.0
    assert lane.receive("a", "c") == [("a", UNKNOWN), ("c", DELIVERED)]
    assert sum(post.startswith("team a") for post in lane.posts) == 5


@pytest.mark.parametrize("answer", [BAD_BLOCKS, GONE, None])
def test_a_definite_answer_ends_the_failures_of_the_lane(lane: Lane, answer: Exception | None) -> None:
    lane.slack.answers = [NO_ANSWER, answer]
    lane.receive("a")
    lane.receive("b")
    lane.slack.always["team"] = NO_ANSWER
    assert lane.receive("c") == [("c", Later(LaterReason.UNANSWERED, 5.0))]
