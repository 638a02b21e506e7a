from collections.abc import Callable

import pytest

from outcomes.outcome import Delivered, Duplicate, Later, LaterReason, Move, Park, ParkReason
from shared_state.claims import claim_key
from slack_alerts.delivery.suspects import CRASH_PAUSE
from tests.support.steps.lane import (
    BAD_BLOCKS,
    BROKEN,
    BUSY,
    GONE,
    LEASE,
    NO_ANSWER,
    NOT_SENT,
    ODD,
    UNTRUSTED,
    Lane,
    answered,
)

DELIVERED = Delivered()


def test_alerts_are_posted_in_order(lane: Lane) -> None:
    lane.digest_from = 0
    assert lane.receive("a", "b", "c") == [("a", DELIVERED), ("b", DELIVERED), ("c", DELIVERED)]
    assert lane.posts == ["team a", "team b", "team c"]
    assert lane.states("a", "b", "c") == ["posted"] * 3


def test_one_fresh_alert_is_not_held(lane: Lane) -> None:
    lane.receive("a", age=0.5)
    assert (lane.journal, lane.clock.slept) == (["post team a", "delete a"], [])


def test_one_alert_older_than_a_second_holds_its_lane_until_a_second_after_the_post_began(lane: Lane) -> None:
    lane.slack.takes = 0.25
    lane.receive("a", age=1.5)
    assert (lane.journal, lane.clock.slept) == (["post team a", "delete a"], [0.75])


def test_two_alerts_are_posted_a_second_apart_and_hold_their_lane_for_one_more(lane: Lane) -> None:
    lane.slack.takes = 0.25
    lane.receive("a", "b", age=0.5)
    assert lane.journal == ["post team a", "post team b", "delete a b"]
    assert lane.clock.slept == [0.75, 0.75]


def test_a_post_of_more_than_a_second_is_followed_at_once(lane: Lane) -> None:
    lane.slack.takes = 2.0
    lane.receive("a", "b")
    assert lane.clock.slept == []


def test_g1_three_alerts_are_one_message_and_each_has_its_own_claim_and_outcome(lane: Lane) -> None:
    lane.slack.takes = 0.25
    assert lane.receive("a", "b", "c", age=0.5) == [("a", DELIVERED), ("b", DELIVERED), ("c", DELIVERED)]
    assert lane.journal == ["post team a b c", "delete a b c"]
    assert lane.states("a", "b", "c") == ["posted"] * 3
    assert lane.clock.slept == [0.75]
    assert lane.receive("b") == [("b", Duplicate())]


@pytest.mark.parametrize(
    ("digest_from", "posts"),
    [(0, ["team a", "team b", "team c"]), (2, ["team a b c"]), (4, ["team a", "team b", "team c"])],
)
def test_a_digest_begins_at_the_number_of_the_setting(lane: Lane, digest_from: int, posts: list[str]) -> None:
    lane.digest_from = digest_from
    lane.receive("a", "b", "c")
    assert lane.posts == posts


def test_what_is_a_duplicate_is_not_counted_for_a_digest(lane: Lane) -> None:
    lane.receive("a")
    assert lane.receive("a", "b", "c") == [("a", Duplicate()), ("b", DELIVERED), ("c", DELIVERED)]
    assert lane.posts == ["team a", "team b", "team c"]


def test_a_digest_that_slack_refuses_falls_apart_into_single_alerts_then_plain_text_then_parking(lane: Lane) -> None:
    lane.slack.answers = [BAD_BLOCKS, None, BAD_BLOCKS, None, BAD_BLOCKS, answered(400, "no_text"), None]
    ends = lane.receive("a", "b", "c", "d")
    assert lane.posts == ["team a b c d", "team a", "team b", "team b plain", "team c", "team c plain", "team d"]
    assert ends == [
        ("a", DELIVERED),
        ("b", DELIVERED),
        ("c", Park(ParkReason.MESSAGE_REFUSED, "no_text")),
        ("d", DELIVERED),
    ]
    assert lane.states("a", "b", "c", "d") == ["posted", "posted", "parked", "posted"]


def test_after_a_digest_that_may_have_arrived_and_was_refused_then_each_single_alert_says_so(lane: Lane) -> None:
    lane.slack.answers = [BROKEN, BAD_BLOCKS]
    lane.receive("a", "b", "c")
    assert lane.posts[-3:] == ["team a doubtful", "team b doubtful", "team c doubtful"]


def test_a_digest_without_an_answer_counts_for_each_of_its_alerts_and_ends_all_claims(lane: Lane) -> None:
    lane.slack.answers = [NO_ANSWER]
    assert lane.receive("a", "b", "c") == [("a", Later(LaterReason.UNANSWERED, 5.0))]
    assert lane.queues.hidden == {"a": 5, "b": 0, "c": 0}
    assert lane.states("a", "b", "c") == ["free"] * 3
    assert [(lane.row(name).count, lane.row(name).failures) for name in "abc"] == [(1, 1)] * 3


def test_alerts_of_a_digest_whose_earlier_post_may_have_arrived_are_marked_each(lane: Lane) -> None:
    lane.claim("b").fail(is_answered=False)
    lane.receive("a", "b", "c")
    assert lane.posts == ["team a b c doubtful"]


@pytest.mark.parametrize(
    ("error", "posts", "outcome"),
    [
        (answered(429, "rate_limited", 30.0), 1, Later(LaterReason.THROTTLED, 30.0)),
        (answered(429, "rate_limited"), 3, Later(LaterReason.THROTTLED, 5.0)),
        (answered(503, "", 60.0), 1, Later(LaterReason.THROTTLED, 60.0)),
        (answered(429, "", 99_999.0), 1, Later(LaterReason.THROTTLED, 3_600.0)),
        (BUSY, 4, Later(LaterReason.UNREACHABLE, 5.0)),
        (answered(500, "rollup_error"), 4, Later(LaterReason.UNREACHABLE, 5.0)),
        (answered(502), 4, Later(LaterReason.UNREACHABLE, 5.0)),
        (NOT_SENT, 4, Later(LaterReason.UNREACHABLE, 5.0)),
        (NO_ANSWER, 1, Later(LaterReason.UNANSWERED, 5.0)),
        (UNTRUSTED, 1, Later(LaterReason.TLS, 5.0)),
        (ODD, 1, Later(LaterReason.UNEXPECTED_ANSWER, 5.0)),
    ],
)
@pytest.mark.parametrize("names", ["ab", "abc"])
def test_a_failure_that_passes_pauses_the_lane_by_its_head(
    lane: Lane, error: Exception, posts: int, outcome: Later, names: str
) -> None:
    lane.slack.always["team"] = error
    assert lane.receive(*names) == [("a", outcome)]
    assert len(lane.posts) == posts
    assert lane.queues.hidden == {"a": outcome.after, **dict.fromkeys(names[1:], 0)}
    assert lane.states(*names)[0] == "free"
    assert (lane.told, lane.queues.parked, lane.queues.sent) == ([], [], [])


def test_pauses_grow_to_their_cap_and_a_delivery_ends_them(lane: Lane) -> None:
    lane.slack.always["team"] = BUSY
    pauses = []
    for _ in range(6):
        [(_, outcome)] = lane.receive("a")
        pauses.append(outcome.after if isinstance(outcome, Later) else None)
    assert pauses == [5.0, 10.0, 20.0, 40.0, 60.0, 60.0]
    lane.slack.always.clear()
    lane.receive("a")
    lane.slack.always["team"] = BUSY
    assert lane.receive("b") == [("b", Later(LaterReason.UNREACHABLE, 5.0))]


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


def test_the_twin_of_an_alert_that_was_not_delivered_stays_behind_it(lane: Lane) -> None:
    lane.slack.always["team"] = BUSY
    assert lane.receive("a", "b", "b") == [("a", Later(LaterReason.UNREACHABLE, 5.0))]
    assert lane.states("a", "b") == ["free", "free"]


def test_a_claim_that_another_invocation_holds_pauses_the_lane_at_its_record(lane: Lane) -> None:
    lane.claim("b")
    ends = lane.receive("a", "b", "c")
    assert ends == [("a", DELIVERED), ("b", Later(LaterReason.IN_PROGRESS, LEASE))]
    assert lane.posts == ["team a"]
    assert lane.queues.hidden == {"b": LEASE, "c": 0}
    assert lane.states("c") == [""]


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


def test_a_retry_in_the_function_is_marked_too_if_the_attempt_before_may_have_arrived(lane: Lane) -> None:
    lane.slack.answers = [answered(429), BROKEN, answered(429), None]
    assert lane.receive("a") == [("a", DELIVERED)]
    assert lane.posts == ["team a", "team a", "team a doubtful", "team a doubtful"]


def test_statuses_take_back_what_the_claim_counted(lane: Lane) -> None:
    lane.slack.always["team"] = BUSY
    for _ in range(20):
        lane.receive("a")
    assert lane.row().count == 0


def test_suppress_parks_at_the_first_post_without_an_answer(lane: Lane) -> None:
    lane.unanswered_limit = 1
    lane.slack.answers = [NO_ANSWER]
    assert lane.receive("a") == [("a", Park(ParkReason.DELIVERY_UNKNOWN, "unanswered"))]
    assert lane.states("a") == ["parked"]


def test_an_alert_that_suppress_parked_says_when_it_is_redriven_that_it_may_be_a_duplicate(lane: Lane) -> None:
    lane.unanswered_limit = 1
    lane.slack.answers = [NO_ANSWER]
    lane.receive("a")
    assert lane.receive("a", hop=1) == [("a", DELIVERED)]
    assert lane.posts[-1] == "team a doubtful"


def test_suppress_parks_every_alert_of_a_digest_without_an_answer(lane: Lane) -> None:
    lane.unanswered_limit = 1
    lane.slack.answers = [NO_ANSWER]
    unknown = Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    assert lane.receive("a", "b", "c") == [("a", unknown), ("b", unknown), ("c", unknown)]
    assert lane.states("a", "b", "c") == ["parked"] * 3


@pytest.mark.parametrize("names", ["a", "abc"])
def test_e1_suppress_does_not_post_again_what_could_not_be_parked_and_leaves_no_claim_to_lapse(
    lane: Lane, names: str
) -> None:
    lane.unanswered_limit = 1
    lane.slack.answers = [NO_ANSWER]
    lane.queues.is_full = True
    lane.receive(*names)
    assert (len(lane.posts), lane.states(*names)) == (1, ["free"] * len(names))
    lane.queues.is_full = False
    unknown = Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")
    assert lane.receive(*names) == [(name, unknown) for name in names]
    assert len(lane.posts) == 1


def test_what_is_parked_is_a_duplicate_until_a_redriven_copy_comes(lane: Lane) -> None:
    lane.slack.always["team"] = BAD_BLOCKS
    assert lane.receive("a") == [("a", Park(ParkReason.MESSAGE_REFUSED, "invalid_blocks"))]
    lane.slack.always.clear()
    assert lane.receive("a") == [("a", Duplicate(is_parked=True))]
    assert lane.receive("a", hop=1) == [("a", DELIVERED)]


def test_e1_what_cannot_be_parked_stays_with_its_claim_released(lane: Lane) -> None:
    lane.slack.always["team"] = BAD_BLOCKS
    lane.queues.is_full = True
    lane.receive("a", "b")
    assert lane.queues.hidden == {"a": LEASE, "b": 0}
    assert lane.states("a", "b") == ["free", "free"]


def test_no_post_gets_more_time_than_is_left(lane: Lane) -> None:
    lane.slack.always["team"] = NOT_SENT
    lane.slack.takes = 3.0
    lane.receive("a")
    assert lane.slack.timeouts[0] == 8.0
    assert all(timeout <= 7.0 for timeout in lane.slack.timeouts[1:])


@pytest.mark.parametrize("names", ["a", "ab", "abc"])
def test_without_time_nothing_is_posted_all_claims_are_released_and_the_lane_pauses(lane: Lane, names: str) -> None:
    assert lane.receive(*names, seconds=3.9) == [("a", Later(LaterReason.NOT_ATTEMPTED, 5.0))]
    assert lane.posts == []
    assert lane.states(*names) == ["free"] + [""] * (len(names) - 1)  # for another claim there was no time either
    assert lane.row("a").count == 0
    assert lane.queues.hidden == dict.fromkeys(names, 0) | {"a": 5}
    assert lane.receive(*names)[0] == ("a", DELIVERED)


def test_what_the_time_of_the_lane_does_not_suffice_for_comes_back_at_once(lane: Lane) -> None:
    lane.digest_from = 0
    lane.slack.takes = 2.5
    assert lane.receive("a", "b", "c", "d") == [("a", DELIVERED), ("b", DELIVERED), ("c", DELIVERED)]
    assert lane.queues.hidden == {"d": 0}
    assert lane.states("d") == ["free"]


@pytest.mark.parametrize("error", [TypeError, ValueError, RecursionError])
def test_c6_an_error_of_our_own_leaves_the_claim_to_lapse_and_hides_the_lane_as_long(
    lane: Lane, error: Callable[[], Exception]
) -> None:
    lane.slack.answers = [error()]
    assert lane.receive("a", "b") == []
    assert lane.states("a") == ["claimed"]
    assert lane.queues.hidden == {"a": LEASE, "b": 0}
    lane.clock.now += LEASE
    assert dict(lane.receive("a", "b")) == {"a": DELIVERED, "b": DELIVERED}


def test_c3_what_was_claimed_and_never_ended_is_posted_again_with_a_mark(lane: Lane) -> None:
    lane.crash("a")
    assert lane.receive("a") == [("a", DELIVERED)]
    assert lane.posts == ["team a doubtful"]


def test_c5_a_lapsed_lease_forbids_a_digest_and_the_others_are_deleted_before_the_suspect_is_posted(lane: Lane) -> None:
    lane.crash("b")
    assert lane.receive("a", "b", "c", "d") == [(name, DELIVERED) for name in "acdb"]
    assert lane.journal == [
        *("post team a", "post team c", "post team d", "delete a c d"),
        *("post team b doubtful", "delete b"),
    ]
    assert lane.clock.slept == [1.0] * 4


def test_c5_a_crasher_among_good_alerts_takes_nobody_along_and_is_parked_after_five_beside_another(lane: Lane) -> None:
    lane.slack.by_name["x"] = MemoryError()
    left = ["a", "x", "b", "c"]
    for _ in range(6):
        ends = dict(lane.receive(*left))
        left = [name for name in left if not isinstance(ends.get(name), Delivered)]
        lane.clock.now += LEASE
    assert left == ["x"]  # it crashed twice alone, after another was delivered
    for name in "def":
        assert lane.receive("x", name) == [(name, DELIVERED)]
        lane.clock.now += LEASE
    assert lane.receive("x", "g") == [("x", Park(ParkReason.DELIVERY_UNKNOWN, "unanswered")), ("g", DELIVERED)]
    assert lane.states("a", "b", "c", "x") == ["posted", "posted", "posted", "parked"]
    assert sum(post.startswith("team x") for post in lane.posts) == 8  # and once in the digest
    assert [sum(post.startswith(f"team {name}") for post in lane.posts) for name in "bc"] == [1, 1]


def test_c5_a_crasher_alone_in_its_lane_is_tried_every_fifteen_minutes_and_not_parked(lane: Lane) -> None:
    """A fault of ours may crash every alert: nothing is parked for that."""
    lane.slack.by_name["x"] = MemoryError()
    for _ in range(5):
        lane.receive("x")
        lane.clock.now += LEASE
    tries = len(lane.posts)
    assert lane.receive("x") == [("x", Later(LaterReason.UNEXPECTED, CRASH_PAUSE))]
    assert (len(lane.posts), lane.states("x")) == (tries, ["free"])
    lane.clock.now += CRASH_PAUSE
    lane.receive("x")
    assert len(lane.posts) == tries + 1
    lane.clock.now += CRASH_PAUSE + LEASE
    lane.slack.by_name.clear()
    assert lane.receive("x") == [("x", DELIVERED)]


def test_c5_a_full_batch_of_crashers_moves_to_the_end_once_and_is_tried_again_after_its_pause(lane: Lane) -> None:
    for _ in range(6):
        for name in "abcdefghij":
            lane.claim(name)
        lane.clock.now += LEASE
    ends = lane.receive(*"abcdefghij", queued_at=1.0)
    assert ends == [(name, Move("team", "", 0)) for name in "abcdefghij"]
    assert lane.posts == []
    moved_at = lane.clock.now
    [(_, outcome)] = lane.receive(*"abcdefghij", queued_at=moved_at)
    assert outcome == Later(LaterReason.UNEXPECTED, CRASH_PAUSE)
    lane.clock.now += CRASH_PAUSE
    assert lane.receive(*"abcdefghij", queued_at=moved_at) == [(name, DELIVERED) for name in "abcdefghij"]
    assert len(lane.sent) == 10


def test_an_end_that_is_lost_to_another_invocation_is_still_posted_once_more_at_most(lane: Lane) -> None:
    """A lease lapses while its holder still posts: the commit stands although another invocation has the claim."""
    claim = lane.claim("a")
    lane.clock.now += LEASE
    lane.receive("a")
    claim.commit()
    assert lane.receive("a") == [("a", Duplicate())]
    assert lane.rows.read(claim_key("team", "a")) is not None


@pytest.mark.parametrize("answer", [BAD_BLOCKS, GONE, None])
def test_a_definite_answer_ends_the_lanes_failures(lane: Lane, answer: Exception | None) -> None:
    lane.slack.answers = [NO_ANSWER, answer]
    lane.receive("a")
    lane.receive("b")
    lane.slack.always["team"] = NO_ANSWER
    assert lane.receive("c") == [("c", Later(LaterReason.UNANSWERED, 5.0))]
