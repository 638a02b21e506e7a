"""A lane's destination: its secret is found, waited for or read again; a closed one moves its alerts."""

import pytest

from outcomes.outcome import Delivered, Later, LaterReason, Move, Park, ParkReason
from slack_alerts.delivery.destinations import PATIENT_FOR
from slack_alerts.models import CredentialsMissing, CredentialsUnavailable
from tests.support.steps.lane import BAD_BLOCKS, BUSY, EXPIRED, GONE, NO_ANSWER, ODD, Lane, answered

DELIVERED = Delivered()
MISSING = CredentialsMissing("destination team: there is no secret")
DENIED = CredentialsUnavailable("destination team: AccessDeniedException")


def move(note: str, hop: int = 0) -> Move:
    return Move("default", f"meant for team: {note}", hop)


@pytest.mark.parametrize("error", [GONE, answered(302), answered(403, "invalid_token"), answered(410, "no_team")])
@pytest.mark.parametrize("names", ["a", "ab", "abcd"])
def test_a_closed_destination_moves_its_alerts_to_the_default_lane_and_commits_none(
    lane: Lane, error: Exception, names: str
) -> None:
    lane.slack.always["team"] = error
    assert lane.receive(*names) == [(name, move("refused")) for name in names]
    assert len(lane.posts) == 1
    assert lane.sent == [("default", name, 0, "meant for team: refused") for name in names]
    assert lane.states(*names) == ["free"] * len(names)
    assert set(lane.told) == {f"Destination team: refused ({error}); its alerts go to default"}
    assert lane.keys.asked_again == ["team"]
    assert lane.queues.hidden == {}


def test_a_moved_alert_keeps_its_hop_and_its_message_replaces_this_one_only(lane: Lane) -> None:
    lane.slack.always["team"] = GONE
    assert lane.receive("a", "a", hop=2)[0] == ("a", move("refused", 2))
    lane.receive("b")
    assert len({one["MessageDeduplicationId"] for one in lane.queues.sent}) == len(lane.queues.sent)


def test_a_closed_destination_that_opens_again_takes_what_is_meant_for_it(lane: Lane) -> None:
    lane.slack.answers = [GONE]
    lane.receive("a")
    assert lane.receive("a", "b") == [("a", DELIVERED), ("b", DELIVERED)]


def test_a_move_that_the_queue_does_not_take_stays_with_its_claim_free(lane: Lane) -> None:
    lane.slack.always["team"] = GONE
    lane.queues.is_full = True
    lane.receive("a", "b", "c")
    assert lane.queues.hidden == {"a": 45, "b": 0, "c": 0}
    assert lane.states("a", "b", "c") == ["free"] * 3


@pytest.mark.parametrize("names", ["a", "abc"])
def test_a_default_destination_that_is_closed_parks_and_operations_are_told(lane: Lane, names: str) -> None:
    lane.slack.always["default"] = GONE
    refused = Park(ParkReason.DESTINATION_REFUSED, "no_service")
    assert lane.receive(*names, to="default") == [(name, refused) for name in names]
    assert len(lane.posts) == 1
    assert lane.states(*names, at="default") == ["parked"] * len(names)
    assert lane.told[0] == "Destination default: refused (no_service). 🔔 Message: name=a"
    assert lane.queues.sent == []


def test_a_secret_that_was_changed_is_read_again_once_and_serves_the_rest_of_the_batch(lane: Lane) -> None:
    lane.slack.always["team"] = GONE
    lane.keys.renewed["team"] = "new"
    assert lane.receive("a", "b") == [("a", DELIVERED), ("b", DELIVERED)]
    assert lane.posts == ["team a", "new a", "new b"]
    assert lane.keys.asked_again == ["team"]


def test_a_changed_secret_serves_a_digest_too(lane: Lane) -> None:
    lane.slack.always["team"] = GONE
    lane.keys.renewed["team"] = "new"
    assert lane.receive("a", "b", "c") == [(name, DELIVERED) for name in "abc"]
    assert lane.posts == ["team a b c", "new a b c"]


def test_a_changed_secret_that_slack_refuses_too_is_closed(lane: Lane) -> None:
    lane.slack.always = {"team": GONE, "new": answered(403, "invalid_token")}
    lane.keys.renewed["team"] = "new"
    assert lane.receive("a", "b") == [("a", move("refused")), ("b", move("refused"))]
    assert lane.posts == ["team a", "new a"]


@pytest.mark.parametrize("names", ["ab", "abc"])
def test_a_secret_that_cannot_be_read_again_may_be_the_old_one_so_nothing_moves(lane: Lane, names: str) -> None:
    lane.slack.always["team"] = GONE
    lane.keys.errors_again["team"] = DENIED
    assert lane.receive(*names) == [("a", Later(LaterReason.SECRET_UNAVAILABLE, 5.0))]
    assert len(lane.posts) == 1
    assert lane.states(*names)[0] == "free"


def test_f1_a_missing_secret_is_waited_for_five_minutes_and_then_its_alerts_move(lane: Lane) -> None:
    lane.keys.errors["team"] = MISSING
    for pause in (5.0, 10.0, 20.0):
        assert lane.receive("a", "b", "c") == [("a", Later(LaterReason.SECRET_MISSING, pause))]
        assert lane.queues.hidden == {"a": pause, "b": 0, "c": 0}
    lane.clock.now += PATIENT_FOR - 1
    assert lane.receive("a", "b", "c") == [("a", Later(LaterReason.SECRET_MISSING, 40.0))]
    lane.clock.now += 1
    assert lane.receive("a", "b", "c") == [(name, move("no secret")) for name in "abc"]
    assert lane.posts == []
    assert set(lane.told) == {"Destination team: no secret (no_secret); its alerts go to default"}


@pytest.mark.parametrize("error", [BUSY, NO_ANSWER])
def test_f1_failures_of_slack_do_not_use_up_the_patience_with_a_missing_secret(lane: Lane, error: Exception) -> None:
    lane.slack.always["team"] = error
    for _ in range(3):
        lane.receive("a")
        lane.clock.now += PATIENT_FOR
    lane.keys.errors["team"] = MISSING
    assert lane.receive("a") == [("a", Later(LaterReason.SECRET_MISSING, 5.0))]
    lane.clock.now += PATIENT_FOR - 1
    assert lane.receive("a") == [("a", Later(LaterReason.SECRET_MISSING, 10.0))]
    lane.clock.now += 1
    assert lane.receive("a") == [("a", move("no secret"))]


def test_f1_a_secret_that_comes_in_time_is_used(lane: Lane) -> None:
    lane.keys.errors["team"] = MISSING
    lane.receive("a")
    lane.keys.errors.clear()
    assert lane.receive("a") == [("a", DELIVERED)]


def test_f1_without_its_own_secret_the_default_lane_waits_for_ever(lane: Lane) -> None:
    lane.keys.errors["default"] = MISSING
    for _ in range(50):
        [(_, outcome)] = lane.receive("a", to="default")
        assert isinstance(outcome, Later)
        assert outcome.reason is LaterReason.SECRET_MISSING
    assert (lane.queues.sent, lane.queues.parked) == ([], [])


def test_f4_a_store_that_is_down_is_waited_for_however_long(lane: Lane) -> None:
    lane.keys.errors["team"] = DENIED
    for _ in range(50):
        [(_, outcome)] = lane.receive("a", "b", "c")
        assert isinstance(outcome, Later)
        assert outcome.reason is LaterReason.SECRET_UNAVAILABLE
    assert (lane.posts, lane.queues.sent) == ([], [])


def test_an_expired_token_is_read_again(lane: Lane) -> None:
    lane.slack.always["team"] = EXPIRED
    lane.keys.renewed["team"] = "new"
    assert lane.receive("a") == [("a", DELIVERED)]
    assert lane.posts == ["team a", "new a"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (EXPIRED, LaterReason.SECRET_EXPIRED),
        (ODD, LaterReason.UNEXPECTED_ANSWER),
        (answered(204), LaterReason.UNEXPECTED_ANSWER),
        (answered(401, "<html>"), LaterReason.UNEXPECTED_ANSWER),
        (answered(403, "<html>"), LaterReason.UNEXPECTED_ANSWER),
        (answered(404, "<html>"), LaterReason.UNEXPECTED_ANSWER),
        (answered(410, ""), LaterReason.UNEXPECTED_ANSWER),
    ],
)
@pytest.mark.parametrize("names", ["a", "abc"])
def test_a11_an_expired_token_or_an_answer_that_is_not_slacks_is_for_later_without_limit_and_told_after_15_minutes(
    lane: Lane, error: Exception, reason: LaterReason, names: str
) -> None:
    lane.slack.always["team"] = error
    began = lane.clock.now
    while lane.clock.now < began + 900:
        assert lane.told == []
        [(_, outcome)] = lane.receive(*names)
        assert isinstance(outcome, Later)
        assert outcome.reason is reason
        lane.clock.now += outcome.after
    for _ in range(100):
        lane.receive(*names)
        lane.clock.now += 60.0
    assert lane.told[0].startswith(f"Destination team: {reason.value} (")
    assert (lane.queues.sent, lane.queues.parked) == ([], [])
    lane.slack.always.clear()
    assert dict(lane.receive(*names)) == dict.fromkeys(names, DELIVERED)


@pytest.mark.parametrize("error", [BUSY, NO_ANSWER, answered(429)])
def test_slacks_own_failures_are_not_told_by_the_lane(lane: Lane, error: Exception) -> None:
    lane.slack.always["team"] = error
    for _ in range(60):
        lane.receive("a")
        lane.clock.now += 60.0
    assert lane.told == []


def test_doubt_goes_with_the_alert_where_its_own_destination_takes_it_again(lane: Lane) -> None:
    lane.slack.answers = [NO_ANSWER, GONE]
    lane.receive("a")
    lane.receive("a")
    lane.receive("a")
    assert lane.posts == ["team a", "team a doubtful", "team a doubtful"]


def test_a_message_that_slack_refuses_closes_nothing(lane: Lane) -> None:
    lane.slack.answers = [BAD_BLOCKS, answered(400, "no_text")]
    assert lane.receive("a", "b") == [("a", Park(ParkReason.MESSAGE_REFUSED, "no_text")), ("b", DELIVERED)]
    assert lane.keys.asked_again == []
