"""A lane in doubt posts one alert alone, until a post is answered."""

from itertools import pairwise
from typing import Any

import pytest

from outcomes.outcome import Duplicate, Later, LaterReason, Move, Park, ParkReason
from shared_state.rows import Row, State
from shared_state.rows_with_fallback import RowsWithFallback
from slack_alerts.delivery.probing import (
    LONGEST_PAUSE,
    SHORTEST_PAUSE,
    SPENT,
    Candidate,
    find_fresh,
    find_spent,
    pause_left,
)
from tests.support.samples.notifications import record
from tests.support.steps.lane import BAD_BLOCKS, BROKEN, BUSY, DELIVERED, GONE, NO_ANSWER, NOT_SENT, ODD, Lane, answered
from tests.support.steps.tables import MemoryTable

TEN = tuple("abcdefghij")


def candidate(failures: int, *, queued_at: float = 0.0, **row: Any) -> Candidate:  # noqa: ANN401 - fields of a row
    fields: dict[str, Any] = {"token": "t", "state": State.FREE, "until": 0.0, "count": 0, "expires": 1e9} | row
    return Candidate(record(queued_at=queued_at), Row(failures=failures, **fields))


NEW = Candidate(record(), None)


def test_the_alert_with_the_fewest_failures_is_fresh_and_the_oldest_of_several() -> None:
    once, twice, again = candidate(1), candidate(2), candidate(1)
    assert find_fresh([twice, once, again]) is once
    assert find_fresh([twice, once, NEW]) is NEW
    assert find_fresh([candidate(SPENT - 1)]) is not None
    assert find_fresh([candidate(SPENT), candidate(SPENT + 1)]) is None


@pytest.mark.parametrize(
    ("failed_for", "pause"),
    [(0.0, SHORTEST_PAUSE), (120.0, SHORTEST_PAUSE), (4000.0, 4000.0), (90_000.0, LONGEST_PAUSE)],
)
def test_a_spent_alert_is_ready_after_as_long_as_it_has_failed(failed_for: float, pause: float) -> None:
    assert candidate(SPENT, until=100_000.0, failing_since=100_000.0 - failed_for).ready_at == 100_000.0 + pause
    assert NEW.ready_at == 0.0


def test_of_the_spent_alerts_the_one_that_was_tried_longest_ago_is_found() -> None:
    older, newer = candidate(SPENT + 9, until=100.0, crashes=1), candidate(SPENT, until=200.0)
    assert find_spent([newer, older]) is older


def test_the_last_of_all_tries_decides_the_pause_unless_its_clock_was_wrong() -> None:
    early, late, future = (candidate(SPENT, until=until, failing_since=until) for until in (100.0, 500.0, 90_000.0))
    assert pause_left([early, late, future], 600.0) == 500.0 + SHORTEST_PAUSE - 600.0
    assert pause_left([future], 600.0) == 0.0


def test_suppress_posts_no_alert_again_that_a_crashed_invocation_may_have_posted(lane: Lane) -> None:
    lane.put_in_doubt()
    lane.unanswered_limit = 1
    lane.crash("a")
    assert lane.receive("a", "b") == [("a", Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")), ("b", DELIVERED)]
    assert lane.posts == ["team b"]


@pytest.mark.parametrize("error", [NO_ANSWER, BROKEN, answered(502), answered(504)])
def test_after_two_batches_without_a_definite_answer_one_attempt_is_made_of_one_alert(
    lane: Lane, error: Exception
) -> None:
    lane.slack.always["team"] = error
    lane.receive("a", "b", "c")
    lane.receive("a", "b", "c")
    lane.journal.clear()
    [(name, outcome)] = lane.receive("a", "b", "c")
    assert (name, isinstance(outcome, Later)) == ("a", True)
    assert lane.posts == ["team a doubtful"]
    assert lane.states("a", "b", "c") == ["free"] * 3


@pytest.mark.parametrize(
    "errors",
    [
        [BUSY] * 4,
        [NOT_SENT] * 4,
        [ODD],
        [answered(429, "", 30.0)],
        [answered(404, "<html>")],
        [BROKEN, answered(429, "", 30.0)],
    ],
)
def test_other_failures_or_one_definite_answer_put_no_lane_in_doubt(lane: Lane, errors: list[Exception]) -> None:
    for _ in range(4):
        lane.slack.answers = list(errors)
        lane.receive("a", "b", "c")
    assert lane.posts[-1].startswith("team a b c")


def test_the_alert_with_the_fewest_failures_is_posted_and_the_oldest_of_several(lane: Lane) -> None:
    lane.slack.always["team"] = NO_ANSWER
    lane.receive("a")
    lane.receive("a")
    lane.journal.clear()
    for _ in range(5):
        lane.receive("a", "b", "c")
    assert [post.split()[1] for post in lane.posts] == ["b", "c", "b", "c", "a"]


def test_after_an_answer_the_others_follow_in_the_same_batch(lane: Lane) -> None:
    lane.put_in_doubt()
    ends = lane.receive("a", "b", "c", "d")
    assert ends == [(name, DELIVERED) for name in "abcd"]
    assert lane.posts == ["team a", "team b c d"]
    assert lane.slack.posted_at[-1] - lane.slack.posted_at[-2] == 1.0


@pytest.mark.parametrize("answer", [BAD_BLOCKS, answered(400, "no_text")])
def test_the_refusal_of_an_alert_is_an_answer_too(lane: Lane, answer: Exception) -> None:
    lane.put_in_doubt()
    lane.slack.by_name["a"] = answer
    ends = dict(lane.receive("a", "b", "c"))
    assert isinstance(ends["a"], Park)
    assert (ends["b"], ends["c"]) == (DELIVERED, DELIVERED)


def test_a_destination_that_closes_while_in_doubt_moves_all(lane: Lane) -> None:
    lane.put_in_doubt()
    lane.slack.always["team"] = GONE
    lane.receive("a", "b", "c")
    assert [(to, name) for to, name, _, _ in lane.sent] == [("default", "a"), ("default", "b"), ("default", "c")]
    assert lane.posts == ["team a"]


def test_after_a_duplicate_the_next_alert_is_the_probe(lane: Lane) -> None:
    lane.receive("a")
    lane.put_in_doubt()
    assert lane.receive("a", "b") == [("a", Duplicate()), ("b", DELIVERED)]


def test_an_alert_held_by_another_invocation_pauses_a_lane_in_doubt(lane: Lane) -> None:
    lane.put_in_doubt()
    lane.claim("a")
    assert lane.receive("a", "b") == [("a", Later(LaterReason.IN_PROGRESS, 45.0))]
    assert lane.posts == []


def test_without_time_a_lane_in_doubt_posts_nothing_and_pauses(lane: Lane) -> None:
    lane.put_in_doubt()
    assert lane.receive("a", "b", seconds=3.0) == [("a", Later(LaterReason.NOT_ATTEMPTED, 20.0))]
    assert lane.posts == []
    assert lane.queues.hidden == {"a": 20, "b": 0}


def test_a_spent_alert_is_posted_again_after_about_as_long_as_it_has_failed(lane: Lane) -> None:
    lane.slack.always["team"] = NO_ANSWER
    lane.fail("a", times=SPENT, over=3 * SHORTEST_PAUSE)
    lane.put_in_doubt()
    last = lane.time.now
    lane.time.now += 2.6 * SHORTEST_PAUSE
    [(name, outcome)] = lane.receive("a")
    assert (name, isinstance(outcome, Later), lane.posts) == ("a", True, [])
    lane.time.now = last + 3 * SHORTEST_PAUSE
    lane.receive("a")
    assert lane.posts == ["team a"]


def test_spent_alerts_take_turns_and_share_the_pause(lane: Lane) -> None:
    lane.slack.always["team"] = NO_ANSWER
    for name in ("a", "b", "c"):
        lane.fail(name, times=SPENT, over=3 * SHORTEST_PAUSE)
    lane.put_in_doubt()
    for _ in range(150):
        lane.receive("a", "b", "c")
        lane.time.now += SHORTEST_PAUSE / 2
    assert [post.split()[1] for post in lane.posts[:6]] == ["a", "b", "c"] * 2
    assert min(later - one for one, later in pairwise(lane.slack.posted_at[-6:])) >= 3 * SHORTEST_PAUSE


def test_a_full_batch_of_spent_alerts_moves_to_the_end_once_and_not_again_before_its_next_try(lane: Lane) -> None:
    for name in TEN:
        lane.fail(name, times=SPENT, over=1.0)
    lane.put_in_doubt()
    assert lane.receive(*TEN) == [(name, Move("team", "", 0)) for name in TEN]
    assert [name for _, name, _, _ in lane.sent] == list(TEN)
    assert len({one["MessageDeduplicationId"] for one in lane.queues.sent}) == len(TEN)
    moved_at = lane.time.now
    lane.slack.always["team"] = NO_ANSWER
    for _ in range(10):
        [(name, outcome)] = lane.receive(*TEN, queued_at=moved_at)
        assert (name, isinstance(outcome, Later)) == ("a", True)
        lane.time.now += 60.0
    assert lane.posts == []
    lane.time.now += SHORTEST_PAUSE
    [(name, _)] = lane.receive(*TEN, queued_at=moved_at)
    assert lane.posts == ["team a"]
    assert len(lane.sent) == len(TEN)


def test_fresh_alerts_behind_a_full_batch_of_spent_ones_are_reached(lane: Lane) -> None:
    for name in TEN:
        lane.fail(name, times=SPENT, over=1.0)
        lane.slack.by_name[name] = NO_ANSWER
    lane.put_in_doubt()
    assert len(lane.receive(*TEN)) == len(lane.sent) == len(TEN)
    assert lane.receive("good", *TEN[1:], queued_at=lane.time.now)[0] == ("good", DELIVERED)


def test_an_unanswered_post_of_a_lane_in_doubt_exhausts_no_alert(lane: Lane) -> None:
    lane.slack.always["team"] = NO_ANSWER
    lane.fail("a", times=SPENT, is_answered=False)
    lane.put_in_doubt()
    for _ in range(6):
        lane.time.now += LONGEST_PAUSE
        lane.receive("a")
    assert len(lane.posts) == 6
    del lane.slack.always["team"]
    assert lane.receive("b", "a") == [("b", DELIVERED), ("a", DELIVERED)]


def test_the_fifth_post_without_an_answer_parks_only_if_the_lane_is_not_in_doubt(lane: Lane) -> None:
    lane.fail("a", is_answered=False)
    lane.put_in_doubt()
    lane.time.now += SHORTEST_PAUSE
    lane.slack.answers = [NO_ANSWER]
    assert isinstance(lane.receive("a")[0][1], Later)
    parked = Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    assert lane.receive("a", "b", "c") == [("b", DELIVERED), ("a", parked), ("c", DELIVERED)]


def test_f7_while_the_table_is_down_one_alert_is_posted_alone_until_the_first_answer() -> None:
    lane = Lane()
    lane.rows = RowsWithFallback(MemoryTable(is_down=True), clock=lane.time.clock)
    lane.slack.answers = [NO_ANSWER, NO_ANSWER]
    assert [name for name, _ in lane.receive("a", "b", "c")] == ["a"]
    assert [name for name, _ in lane.receive("a", "b", "c")] == ["b"]
    assert lane.receive("a", "b", "c")[0] == ("c", DELIVERED)
    assert lane.posts == ["team a", "team b", "team c", "team a doubtful", "team b doubtful"]
    assert lane.receive("d", "e", "f") == [(name, DELIVERED) for name in "def"]
    assert lane.posts[-1] == "team d e f"
    assert lane.receive("e") == [("e", Duplicate())]
