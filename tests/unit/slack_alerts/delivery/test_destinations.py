"""A lane's destination: its secret is found, waited for or read again; a closed one moves its alerts."""

import pytest

from outcomes.outcome import Later, LaterReason, Move, Park, ParkReason
from slack_alerts.delivery.destinations import PATIENT_FOR
from slack_alerts.models import CredentialsMissing, CredentialsUnavailable
from tests.support.steps.lane import BUSY, DELIVERED, EXPIRED, GONE, NO_ANSWER, ODD, Lane, answered

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
    assert set(lane.ops_lines) == {f"Destination team: refused ({error}); its alerts go to default"}
    assert lane.secrets.read_again == ["team"]
    assert lane.queues.hidden == {}


def test_a_closed_destination_keeps_the_note_of_a_mute(lane: Lane) -> None:
    lane.slack.always["team"], lane.note = GONE, "muted until noon"
    assert lane.receive() == [("a", Move("default", "muted until noon; meant for team: refused", 0))]


def test_a_moved_alert_keeps_its_hop_and_its_message_replaces_this_one_only(lane: Lane) -> None:
    lane.slack.always["team"] = GONE
    assert lane.receive("a", "a", hop=2)[0] == ("a", move("refused", 2))
    lane.receive("b")
    assert len({one["MessageDeduplicationId"] for one in lane.queues.sent}) == len(lane.queues.sent)


@pytest.mark.parametrize("names", ["a", "abc"])
def test_a_closed_default_destination_parks_and_operations_are_notified(lane: Lane, names: str) -> None:
    lane.slack.always["default"] = GONE
    refused = Park(ParkReason.DESTINATION_REFUSED, "no_service")
    assert lane.receive(*names, to="default") == [(name, refused) for name in names]
    assert len(lane.posts) == 1
    assert lane.states(*names, at="default") == ["parked"] * len(names)
    assert lane.ops_lines[0] == "Destination default: refused (no_service). 🔔 Message: name=a"
    assert lane.queues.sent == []


@pytest.mark.parametrize("refusal", [GONE, EXPIRED])
def test_a_changed_secret_is_read_again_once_and_serves_the_rest_of_the_batch(lane: Lane, refusal: Exception) -> None:
    lane.slack.always["team"] = refusal
    lane.secrets.newer["team"] = "new"
    assert lane.receive("a", "b") == [("a", DELIVERED), ("b", DELIVERED)]
    assert lane.receive("c", "d", "e") == [(name, DELIVERED) for name in "cde"]
    assert lane.posts == ["team a", "new a", "new b", "team c d e", "new c d e"]
    assert lane.secrets.read_again == ["team", "team"]


def test_a_changed_secret_that_slack_refuses_too_closes_the_destination(lane: Lane) -> None:
    lane.slack.always = {"team": GONE, "new": answered(403, "invalid_token")}
    lane.secrets.newer["team"] = "new"
    assert lane.receive("a", "b") == [("a", move("refused")), ("b", move("refused"))]
    assert lane.posts == ["team a", "new a"]
    lane.slack.always.clear()
    assert lane.receive("a") == [("a", DELIVERED)]


@pytest.mark.parametrize(
    ("to", "error", "reason"),
    [("default", MISSING, LaterReason.SECRET_MISSING), ("team", DENIED, LaterReason.SECRET_UNAVAILABLE)],
)
def test_f1_f4_the_default_lane_waits_without_limit_for_its_secret_and_any_lane_for_the_store(
    lane: Lane, to: str, error: Exception, reason: LaterReason
) -> None:
    lane.secrets.errors[to] = error
    for _ in range(50):
        [(_, outcome)] = lane.receive("a", "b", "c", to=to)
        assert isinstance(outcome, Later)
        assert outcome.reason is reason
    assert (lane.posts, lane.queues.sent, lane.queues.parked) == ([], [], [])
    lane.secrets.errors.clear()
    assert lane.receive("a", to=to) == [("a", DELIVERED)]


@pytest.mark.parametrize("errors", ["errors", "errors_again"])
def test_f4_a_wait_that_the_store_asks_for_is_the_least_pause_of_the_lane(lane: Lane, errors: str) -> None:
    lane.slack.always["team"] = GONE
    getattr(lane.secrets, errors)["team"] = CredentialsUnavailable("ThrottlingException", 120.0)
    assert lane.receive("a") == [("a", Later(LaterReason.SECRET_UNAVAILABLE, 120.0))]


@pytest.mark.parametrize("names", ["ab", "abc"])
def test_if_the_secret_cannot_be_read_again_nothing_moves(lane: Lane, names: str) -> None:
    lane.slack.always["team"] = GONE
    lane.secrets.errors_again["team"] = DENIED
    assert lane.receive(*names) == [("a", Later(LaterReason.SECRET_UNAVAILABLE, 5.0))]
    assert len(lane.posts) == 1
    assert lane.states(*names)[0] == "free"


def test_f1_a_missing_secret_is_waited_for_five_minutes_and_then_its_alerts_move(lane: Lane) -> None:
    lane.secrets.errors["team"] = MISSING
    for pause in (5.0, 10.0, 20.0):
        assert lane.receive("a", "b", "c") == [("a", Later(LaterReason.SECRET_MISSING, pause))]
        assert lane.queues.hidden == {"a": pause, "b": 0, "c": 0}
    lane.time.now += PATIENT_FOR - 1
    assert lane.receive("a", "b", "c") == [("a", Later(LaterReason.SECRET_MISSING, 40.0))]
    lane.time.now += 1
    assert lane.receive("a", "b", "c") == [(name, move("no secret")) for name in "abc"]
    assert lane.posts == []
    assert set(lane.ops_lines) == {"Destination team: no secret (no_secret); its alerts go to default"}


@pytest.mark.parametrize("error", [BUSY, NO_ANSWER])
def test_f1_failures_of_slack_do_not_use_up_the_patience_with_a_missing_secret(lane: Lane, error: Exception) -> None:
    lane.slack.always["team"] = error
    for _ in range(3):
        lane.receive("a")
        lane.time.now += PATIENT_FOR
    lane.secrets.errors["team"] = MISSING
    assert lane.receive("a") == [("a", Later(LaterReason.SECRET_MISSING, 5.0))]
    lane.time.now += PATIENT_FOR - 1
    assert lane.receive("a") == [("a", Later(LaterReason.SECRET_MISSING, 10.0))]
    lane.time.now += 1
    assert lane.receive("a") == [("a", move("no secret"))]


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
    began = lane.time.now
    while lane.time.now < began + 900:
        assert lane.ops_lines == []
        [(_, outcome)] = lane.receive(*names)
        assert isinstance(outcome, Later)
        assert outcome.reason is reason
        lane.time.now += outcome.after
    for _ in range(100):
        lane.receive(*names)
        lane.time.now += 60.0
    assert lane.ops_lines[0].startswith(f"Destination team: {reason.value} (")
    assert (lane.queues.sent, lane.queues.parked) == ([], [])
    lane.slack.always.clear()
    assert dict(lane.receive(*names)) == dict.fromkeys(names, DELIVERED)


@pytest.mark.parametrize("error", [BUSY, NO_ANSWER, answered(429)])
def test_operations_are_not_notified_of_slacks_own_failures(lane: Lane, error: Exception) -> None:
    lane.slack.always["team"] = error
    for _ in range(60):
        lane.receive("a")
        lane.time.now += 60.0
    assert lane.ops_lines == []
