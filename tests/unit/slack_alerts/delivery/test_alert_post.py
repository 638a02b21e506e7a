"""The result of a post ends the claim of its alert."""

import pytest

from outcomes.outcome import Duplicate, Park, ParkReason
from tests.support.steps.lane import BAD_BLOCKS, BROKEN, BUSY, DELIVERED, NO_ANSWER, NOT_SENT, Lane, answered


@pytest.mark.parametrize(
    ("error", "mark"),
    [(NO_ANSWER, " doubtful"), (BROKEN, " doubtful"), (answered(429, "", 60.0), ""), (NOT_SENT, ""), (BUSY, "")],
)
def test_a_second_post_is_marked_if_the_first_may_have_arrived(lane: Lane, error: Exception, mark: str) -> None:
    lane.slack.always["team"] = error
    lane.receive("a")
    lane.slack.always.clear()
    lane.receive("a")
    assert lane.posts[-1] == f"team a{mark}"


def test_a_parked_alert_is_a_duplicate_until_it_is_redriven(lane: Lane) -> None:
    lane.slack.always["team"] = BAD_BLOCKS
    assert lane.receive("a") == [("a", Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks"))]
    lane.slack.always.clear()
    assert lane.receive("a") == [("a", Duplicate(is_parked=True))]
    assert lane.receive("a", hop=1) == [("a", DELIVERED)]


def test_blocks_that_slack_refused_are_not_tried_again(lane: Lane) -> None:
    lane.slack.answers = [BAD_BLOCKS, BUSY, BUSY, BUSY, BUSY]
    lane.receive("a")
    assert lane.receive("a") == [("a", DELIVERED)]
    assert lane.posts == ["team a", *["team a plain"] * 5]
