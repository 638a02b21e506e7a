"""A digest is one message; each of its alerts has its own claim and outcome."""

from outcomes.outcome import Later, LaterReason, Park, ParkReason
from tests.support.steps.lane import BAD_BLOCKS, BROKEN, DELIVERED, NO_ANSWER, Lane, answered


def test_the_alerts_of_a_refused_digest_are_posted_one_by_one_then_as_plain_text_then_parked(lane: Lane) -> None:
    lane.slack.answers = [BAD_BLOCKS, None, BAD_BLOCKS, None, BAD_BLOCKS, answered(400, "no_text"), None]
    ends = lane.receive("a", "b", "c", "d")
    assert lane.posts == ["team a b c d", "team a", "team b", "team b plain", "team c", "team c plain", "team d"]
    parked = Park(ParkReason.MESSAGE_REFUSED, "no_text")
    assert ends == [("a", DELIVERED), ("b", DELIVERED), ("c", parked), ("d", DELIVERED)]
    assert lane.states("a", "b", "c", "d") == ["posted", "posted", "parked", "posted"]


def test_the_alerts_of_a_digest_that_may_have_arrived_are_marked(lane: Lane) -> None:
    lane.slack.answers = [BROKEN, BAD_BLOCKS]
    lane.receive("a", "b", "c")
    assert lane.posts[-3:] == ["team a doubtful", "team b doubtful", "team c doubtful"]
    lane.claim("e").fail(is_answered=False)
    lane.receive("d", "e", "f")
    assert lane.posts[-1] == "team d e f doubtful"


def test_a_digest_without_an_answer_counts_for_each_of_its_alerts_and_ends_all_claims(lane: Lane) -> None:
    lane.slack.answers = [NO_ANSWER]
    assert lane.receive("a", "b", "c") == [("a", Later(LaterReason.UNANSWERED, 5.0))]
    assert lane.queues.hidden == {"a": 5, "b": 0, "c": 0}
    assert lane.states("a", "b", "c") == ["free"] * 3
    assert [(lane.row(name).count, lane.row(name).failures) for name in "abc"] == [(1, 1)] * 3
