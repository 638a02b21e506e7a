"""A lane in doubt posts one alert alone, until a post is answered."""

from itertools import count

import pytest

from outcomes.outcome import Delivered, Duplicate, Later, LaterReason, Move, Outcome, Park, ParkReason
from shared_state.rows import Row, State
from shared_state.rows_with_fallback import TABLE_PAUSE, RowsWithFallback
from slack_alerts.delivery.probing import LONGEST_PAUSE, SHORTEST_PAUSE, SPENT, Candidate, find_fresh, find_spent
from tests.support.samples.notifications import record
from tests.support.steps.lane import BAD_BLOCKS, BROKEN, BUSY, GONE, NO_ANSWER, NOT_SENT, ODD, Lane, answered
from tests.support.steps.tables import MemoryTable

DELIVERED = Delivered()
TEN = tuple("abcdefghij")


def candidate(failures: int, *, until: float = 0.0, since: float = 0.0, queued_at: float = 0.0) -> Candidate:
    row = Row(token="t", state=State.FREE, until=until, count=0, expires=1e9, failures=failures, failing_since=since)  # noqa: S106 - a version
    return Candidate(record(queued_at=queued_at), row)


def crashed(failures: int, *, state: State, crashes: int) -> Candidate:
    row = Row(token="t", state=state, until=0.0, count=1, expires=1e9, failures=failures, crashes=crashes)  # noqa: S106 - a version
    return Candidate(record(), row)


NEW = Candidate(record(), None)


def test_the_alert_with_the_fewest_failures_is_found_and_the_oldest_of_several() -> None:
    once, twice, again = candidate(1), candidate(2), candidate(1)
    assert find_fresh([twice, once, again]) is once
    assert find_fresh([twice, once, NEW]) is NEW
    assert find_fresh([candidate(SPENT - 1)]) is not None


def test_no_spent_alert_is_fresh() -> None:
    assert find_fresh([candidate(SPENT), candidate(SPENT + 1)]) is None
    assert find_fresh([]) is None


@pytest.mark.parametrize(
    ("failed_for", "pause"),
    [(0.0, SHORTEST_PAUSE), (120.0, SHORTEST_PAUSE), (4000.0, 4000.0), (90_000.0, LONGEST_PAUSE)],
)
def test_a_spent_alert_is_ready_after_as_long_as_it_has_failed(failed_for: float, pause: float) -> None:
    assert candidate(SPENT, until=100_000.0, since=100_000.0 - failed_for).ready_at == 100_000.0 + pause


def test_an_alert_that_was_never_tried_is_ready() -> None:
    assert NEW.ready_at == 0.0


def test_of_several_spent_alerts_the_one_with_the_most_failures_is_found_and_the_oldest_of_these() -> None:
    least, most, again = candidate(SPENT), candidate(SPENT + 1), candidate(SPENT + 1)
    assert find_spent([least, most, again]) is most


@pytest.mark.parametrize(("state", "crashes"), [(State.FREE, 2), (State.CLAIMED, 1)])
def test_of_several_spent_alerts_the_one_with_the_fewest_crashes_is_found(state: State, crashes: int) -> None:
    killer, other = crashed(SPENT + 9, state=state, crashes=crashes), crashed(SPENT, state=State.FREE, crashes=1)
    assert find_spent([killer, other]) is other
    assert find_spent([killer]) is killer


def test_an_alert_has_turned_if_it_was_queued_after_its_last_try() -> None:
    assert candidate(SPENT, until=100.0, queued_at=100.0).was_moved
    assert not candidate(SPENT, until=100.0, queued_at=99.0).was_moved
    assert not NEW.was_moved


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


@pytest.mark.parametrize("error", [BUSY, NOT_SENT, ODD, answered(429, "", 30.0), answered(404, "<html>")])
def test_other_failures_put_no_lane_in_doubt(lane: Lane, error: Exception) -> None:
    lane.slack.always["team"] = error
    for _ in range(4):
        lane.receive("a", "b", "c")
    assert lane.posts[-1].startswith("team a b c")


def test_one_definite_answer_among_the_attempts_of_a_batch_is_enough(lane: Lane) -> None:
    for _ in range(4):
        lane.slack.answers = [BROKEN, answered(429, "", 30.0)]
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


def test_pauses_grow_to_fifteen_minutes(lane: Lane) -> None:
    lane.slack.always["team"] = NO_ANSWER
    pauses = []
    for number in range(10):
        [(_, outcome)] = lane.receive(f"a{number}")
        pauses.append(outcome.after if isinstance(outcome, Later) else None)
    assert pauses == [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0, 900.0, 900.0]


def test_once_it_is_answered_the_rest_follows_in_the_same_batch(lane: Lane) -> None:
    lane.doubt()
    ends = lane.receive("a", "b", "c", "d")
    assert ends == [(name, DELIVERED) for name in "abcd"]
    assert lane.posts == ["team a", "team b c d"]
    assert lane.slack.began[-1] - lane.slack.began[-2] == 1.0


@pytest.mark.parametrize("answer", [BAD_BLOCKS, answered(400, "no_text")])
def test_an_alert_that_slack_refuses_is_an_answer_too(lane: Lane, answer: Exception) -> None:
    lane.doubt()
    lane.slack.by_name["a"] = answer
    ends = dict(lane.receive("a", "b", "c"))
    assert isinstance(ends["a"], Park)
    assert (ends["b"], ends["c"]) == (DELIVERED, DELIVERED)


def test_a_destination_that_closes_while_in_doubt_moves_all(lane: Lane) -> None:
    lane.doubt()
    lane.slack.always["team"] = GONE
    lane.receive("a", "b", "c")
    assert [(to, name) for to, name, _, _ in lane.sent] == [("default", "a"), ("default", "b"), ("default", "c")]
    assert lane.posts == ["team a"]


def test_a_duplicate_takes_no_probe_from_an_alert_that_could_use_it(lane: Lane) -> None:
    lane.receive("a")
    lane.doubt()
    assert lane.receive("a", "b") == [("a", Duplicate()), ("b", DELIVERED)]


def test_an_alert_held_by_another_invocation_pauses_a_lane_in_doubt(lane: Lane) -> None:
    lane.doubt()
    lane.claim("a")
    assert lane.receive("a", "b") == [("a", Later(LaterReason.IN_PROGRESS, 45.0))]
    assert lane.posts == []


def test_without_time_a_lane_in_doubt_posts_nothing_and_pauses(lane: Lane) -> None:
    lane.doubt()
    assert lane.receive("a", "b", seconds=3.0) == [("a", Later(LaterReason.NOT_ATTEMPTED, 20.0))]
    assert lane.posts == []
    assert lane.queues.hidden == {"a": 20, "b": 0}


def test_a_spent_alert_is_posted_again_after_about_as_long_as_it_has_failed(lane: Lane) -> None:
    lane.slack.always["team"] = NO_ANSWER
    lane.fail("a", times=SPENT, over=3 * SHORTEST_PAUSE)
    lane.doubt()
    last = lane.clock.now
    lane.clock.now += 2.6 * SHORTEST_PAUSE
    [(name, outcome)] = lane.receive("a")
    assert (name, isinstance(outcome, Later), lane.posts) == ("a", True, [])
    lane.clock.now = last + 3 * SHORTEST_PAUSE
    lane.receive("a")
    assert lane.posts == ["team a"]


def test_twelve_hours_of_silence_post_a_lonely_alert_thirteen_times_at_most_and_park_nothing(lane: Lane) -> None:
    lane.slack.always["team"] = NO_ANSWER
    began = lane.clock.now
    while lane.clock.now < began + 12 * 3600:
        [(_, outcome)] = lane.receive("a")
        assert isinstance(outcome, Later)
        lane.clock.now += outcome.after
    assert len(lane.posts) <= 13
    lane.slack.always.clear()
    lane.clock.now += LONGEST_PAUSE
    assert lane.receive("a") == [("a", DELIVERED)]


def test_a_full_batch_of_spent_alerts_moves_to_the_end_once_and_not_again_before_its_next_try(lane: Lane) -> None:
    for name in TEN:
        lane.fail(name, times=SPENT, over=1.0)
    lane.doubt()
    assert lane.receive(*TEN) == [(name, Move("team", "", 0)) for name in TEN]
    assert [name for _, name, _, _ in lane.sent] == list(TEN)
    assert len({one["MessageDeduplicationId"] for one in lane.queues.sent}) == len(TEN)
    moved_at = lane.clock.now
    lane.slack.always["team"] = NO_ANSWER
    for _ in range(10):
        [(name, outcome)] = lane.receive(*TEN, queued_at=moved_at)
        assert (name, isinstance(outcome, Later)) == ("a", True)
        lane.clock.now += 60.0
    assert lane.posts == []
    lane.clock.now += SHORTEST_PAUSE
    [(name, _)] = lane.receive(*TEN, queued_at=moved_at)
    assert lane.posts == ["team a"]
    assert len(lane.sent) == len(TEN)


def test_fresh_alerts_behind_a_full_batch_of_spent_ones_are_reached(lane: Lane) -> None:
    lane.slack.always["team"] = NO_ANSWER
    queue = [(name, -60.0) for name in (*TEN, "good")]
    for name in TEN:
        lane.fail(name, times=SPENT, over=1.0)
        lane.slack.by_name[name] = NO_ANSWER
    lane.doubt()
    lane.slack.always.clear()
    for turn in count():
        batch = [name for name, _ in queue[:10]]
        sent = len(lane.sent)
        ends = dict(lane.receive(*batch))
        moved = [name for _, name, _, _ in lane.sent[sent:]]
        queue = [one for one in queue if one[0] not in ends or isinstance(ends[one[0]], Later)]
        queue += [(name, lane.clock.now) for name in moved]
        if ends.get("good") == DELIVERED:
            break
        assert turn < 3


def test_a_batch_with_a_fresh_alert_does_not_move(lane: Lane) -> None:
    for name in TEN[1:]:
        lane.fail(name, times=SPENT, over=1.0)
    lane.doubt()
    lane.slack.always["team"] = NO_ANSWER
    assert [name for name, _ in lane.receive(*TEN)] == ["a"]
    assert lane.sent == []


def test_the_fifth_post_without_an_answer_parks_only_if_the_lane_is_not_in_doubt(lane: Lane) -> None:
    lane.fail("a", is_answered=False)
    lane.doubt()
    lane.clock.now += SHORTEST_PAUSE
    lane.slack.answers = [NO_ANSWER]
    [(_, outcome)] = lane.receive("a")
    assert outcome == Later(LaterReason.UNANSWERED, outcome.after if isinstance(outcome, Later) else 0.0)
    ends: list[tuple[str, Outcome]] = lane.receive("a", "b", "c")
    assert ends == [
        ("b", DELIVERED),
        ("a", Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")),
        ("c", DELIVERED),
    ]


def test_f7_while_the_table_is_down_one_alert_is_posted_alone_until_the_first_answer() -> None:
    lane = Lane()
    lane.rows = RowsWithFallback(MemoryTable(is_down=True), clock=lane.clock)
    lane.slack.answers = [NO_ANSWER, NO_ANSWER]
    assert [name for name, _ in lane.receive("a", "b", "c")] == ["a"]
    assert [name for name, _ in lane.receive("a", "b", "c")] == ["b"]
    assert lane.receive("a", "b", "c")[0] == ("c", DELIVERED)
    assert lane.posts == ["team a", "team b", "team c", "team a doubtful", "team b doubtful"]
    assert lane.receive("d", "e", "f") == [(name, DELIVERED) for name in "def"]
    assert lane.posts[-1] == "team d e f"
    assert lane.receive("e") == [("e", Duplicate())]


def test_f7_when_the_table_answers_again_the_lane_works_as_before() -> None:
    lane, table = Lane(), MemoryTable(is_down=True)
    lane.rows = RowsWithFallback(table, clock=lane.clock)
    lane.receive("a")
    table.is_down = False
    lane.clock.now += TABLE_PAUSE
    assert lane.receive("b", "c", "d") == [(name, DELIVERED) for name in "bcd"]
    assert lane.posts[-1] == "team b c d"
