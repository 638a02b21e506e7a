from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from record_batch.outcome import Delivered, Later, LaterReason, Outcome, Park, ParkReason
from retry_policies import Deadline
from retry_policies.presets import SLACK_WEBHOOK
from slack_alerts.delivery import Delivery, classify
from slack_alerts.models import (
    Alert,
    Credentials,
    CredentialsMissing,
    CredentialsUnavailable,
    SlackMessage,
    SlackRefused,
    SlackUnreachable,
    Webhook,
)
from slack_alerts.slack_answers import judge_webhook
from tests.support.clock import FakeClock
from tests.support.notifications import record


def answered(status: int, body: str = "", retry_after: float | None = None) -> SlackRefused:
    error = judge_webhook(status, body.encode(), retry_after)
    assert error is not None
    return error


NOT_SENT = SlackUnreachable(sent=False)
NO_ANSWER = SlackUnreachable(sent=True)
UNTRUSTED = SlackUnreachable(sent=False, is_untrusted=True)
GONE = answered(404, "no_service")
BAD_BLOCKS = answered(400, "invalid_blocks")
ODD = answered(200, "<html>")


@dataclass
class Slack:
    """Answers each destination from a script, and remembers the posts in their order."""

    clock: FakeClock
    answers: dict[str, list[Exception | None]] = field(default_factory=dict)
    always: dict[str, Exception] = field(default_factory=dict)
    takes: float = 0.0
    posts: list[tuple[str, str]] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)

    def post(self, credentials: Credentials, message: SlackMessage, timeout: float) -> None:
        assert isinstance(credentials, Webhook)
        self.posts.append((credentials.url, message.text))
        self.timeouts.append(timeout)
        self.clock.now += self.takes
        answers = self.answers.get(credentials.url, [])
        answer = answers.pop(0) if answers else self.always.get(credentials.url)
        if answer is not None:
            raise answer


@dataclass
class Keys:
    """A webhook for each destination, its name for URL; errors and new webhooks when told."""

    errors: dict[str, Exception] = field(default_factory=dict)
    renewed: dict[str, str] = field(default_factory=dict)
    asked_again: list[str] = field(default_factory=list)

    def find(self, destination: str, _deadline: Deadline) -> Credentials:
        if destination in self.errors:
            raise self.errors[destination]
        return Webhook(destination)

    def find_again(self, destination: str, _deadline: Deadline) -> Credentials | None:
        self.asked_again.append(destination)
        return Webhook(self.renewed[destination]) if destination in self.renewed else None


@dataclass
class Road:
    """A delivery with a script at each end."""

    slack: Slack
    keys: Keys = field(default_factory=Keys)
    told: list[tuple[str, str]] = field(default_factory=list)

    def deliver(self, *names: str, to: str = "team", receives: int = 1, seconds: float = 55.0) -> list[Outcome]:
        clock = self.slack.clock
        policy = SLACK_WEBHOOK.with_(classifier=classify, clock=clock, sleep=clock.sleep)
        alerts = [
            Alert(
                record(message_id=name, receive_count=receives),
                SlackMessage(name, ({},)),
                SlackMessage(f"plain {name}"),
                f"line {name}",
            )
            for name in names or ("a",)
        ]

        def tell(about: str, line: str, _deadline: Deadline) -> None:
            self.told.append((about, line))

        delivery = Delivery(self.keys, self.slack.post, policy, "default", tell)
        visit = delivery.visit(Deadline.after(seconds, clock=clock))
        return [outcome for _, outcome in visit.deliver(to, alerts)]


@pytest.fixture
def road() -> Road:
    return Road(Slack(FakeClock()))


def test_each_alert_is_posted_once_and_in_order(road: Road) -> None:
    assert road.deliver("a", "b", "c") == [Delivered()] * 3
    assert road.slack.posts == [("team", "a"), ("team", "b"), ("team", "c")]


@pytest.mark.parametrize(
    ("error", "posts", "outcome"),
    [
        (answered(429, "rate_limited", 30.0), 1, Later(LaterReason.THROTTLED, 30.0)),
        (answered(429, "rate_limited"), 4, Later(LaterReason.THROTTLED)),
        (answered(503, "", 60.0), 1, Later(LaterReason.THROTTLED, 60.0)),
        (answered(503), 4, Later(LaterReason.UNREACHABLE)),
        (answered(500, "rollup_error"), 4, Later(LaterReason.UNREACHABLE)),
        (answered(502), 4, Later(LaterReason.UNREACHABLE)),
        (NOT_SENT, 4, Later(LaterReason.UNREACHABLE)),
        (NO_ANSWER, 1, Later(LaterReason.UNANSWERED)),
        (UNTRUSTED, 1, Later(LaterReason.TLS)),
        (ODD, 1, Later(LaterReason.UNEXPECTED_ANSWER)),
    ],
)
def test_what_passes_is_for_later_and_the_rest_does_not_knock(
    road: Road, error: Exception, posts: int, outcome: Later
) -> None:
    road.slack.always["team"] = error
    assert road.deliver("a", "b", "c") == [outcome, *[Later(LaterReason.NOT_ATTEMPTED, outcome.after)] * 2]
    assert road.slack.posts == [("team", "a")] * posts
    assert road.told == []


def test_a_passing_failure_ends_in_delivery(road: Road) -> None:
    road.slack.answers["team"] = [answered(500, "rollup_error"), answered(429, "rate_limited", 3.0)]
    assert road.deliver() == [Delivered()]
    assert road.slack.clock.slept[1] >= 3.0


def test_a_message_refused_as_blocks_goes_once_as_plain_text(road: Road) -> None:
    road.slack.answers["team"] = [BAD_BLOCKS]
    assert road.deliver("a", "b") == [Delivered()] * 2
    assert road.slack.posts == [("team", "a"), ("team", "plain a"), ("team", "b")]


def test_a_message_refused_as_plain_text_too_is_parked_and_stops_nobody(road: Road) -> None:
    road.slack.answers["team"] = [BAD_BLOCKS, answered(400, "no_text")]
    assert road.deliver("a", "b") == [Park(ParkReason.MESSAGE_REFUSED, "no_text"), Delivered()]
    assert len(road.slack.posts) == 3
    assert road.keys.asked_again == []


def test_a_webhook_that_was_changed_heals_by_itself(road: Road) -> None:
    road.slack.always["team"] = GONE
    road.keys.renewed["team"] = "new"
    assert road.deliver() == [Delivered()]
    assert road.slack.posts == [("team", "a"), ("new", "a")]


@pytest.mark.parametrize("error", [GONE, answered(302), answered(403, "invalid_token"), answered(401), answered(410)])
def test_what_a_destination_refuses_goes_to_the_default_without_a_second_knock(road: Road, error: Exception) -> None:
    road.slack.always["team"] = error
    assert road.deliver("a", "b") == [Delivered()] * 2
    note = "meant for team: refused"
    assert road.slack.posts == [("team", "a"), ("default", f"{note}\na"), ("default", f"{note}\nb")]
    assert road.keys.asked_again == ["team"]
    assert road.told == []


def test_where_the_default_refuses_too_it_is_parked_and_operations_are_told(road: Road) -> None:
    road.slack.always = {"team": GONE, "default": answered(410, "channel_is_archived")}
    assert road.deliver("a", "b") == [Park(ParkReason.DESTINATION_REFUSED, "no_service")] * 2
    assert road.slack.posts == [("team", "a"), ("default", "meant for team: refused\na")]
    assert road.told[0] == ("team", "Destination team: refused (no_service). line a")


def test_a_default_that_refuses_parks_at_once(road: Road) -> None:
    road.slack.always["default"] = GONE
    assert road.deliver(to="default") == [Park(ParkReason.DESTINATION_REFUSED, "no_service")]
    assert len(road.slack.posts) == 1


def test_where_the_default_is_for_later_so_is_the_record(road: Road) -> None:
    road.slack.always = {"team": GONE, "default": answered(429, "rate_limited", 40.0)}
    assert road.deliver() == [Later(LaterReason.THROTTLED, 40.0)]


def test_an_odd_answer_to_a_second_receive_counts_as_refused(road: Road) -> None:
    road.slack.always["team"] = ODD
    assert road.deliver(receives=2) == [Delivered()]
    assert [to for to, _ in road.slack.posts] == ["team", "default"]


@pytest.mark.parametrize("receives", [1, 2, 3])
def test_a_missing_secret_is_waited_for_at_first(road: Road, receives: int) -> None:
    road.keys.errors["team"] = CredentialsMissing("destination team: not there")
    assert road.deliver("a", "b", receives=receives) == [Later(LaterReason.SECRET_MISSING)] * 2
    assert road.slack.posts == []


def test_a_secret_missing_for_long_sends_to_the_default_and_tells_operations(road: Road) -> None:
    road.keys.errors["team"] = CredentialsMissing("destination team: not there")
    assert road.deliver(receives=4) == [Delivered()]
    assert road.slack.posts == [("default", "meant for team: no secret\na")]
    assert road.told == [("team", "Destination team: no secret (no_secret). line a")]


def test_without_the_defaults_own_secret_it_stays_for_later(road: Road) -> None:
    road.keys.errors["default"] = CredentialsMissing("destination default: not there")
    assert road.deliver(to="default", receives=20) == [Later(LaterReason.SECRET_MISSING)]


def test_a_secret_store_that_is_down_is_for_later_whatever_the_receive(road: Road) -> None:
    road.keys.errors["team"] = CredentialsUnavailable("ThrottlingException")
    outcomes = road.deliver("a", "b", receives=9)
    assert outcomes == [Later(LaterReason.SECRET_UNAVAILABLE), Later(LaterReason.NOT_ATTEMPTED)]
    assert road.slack.posts == []


def test_no_post_gets_more_time_than_is_left(road: Road) -> None:
    road.slack.always["team"] = NOT_SENT
    road.slack.takes = 3.0
    road.deliver(seconds=10.0)
    assert road.slack.timeouts[0] == 8.0
    assert all(timeout <= 7.0 for timeout in road.slack.timeouts[1:])


def test_no_alert_is_started_without_the_time_for_an_attempt(road: Road) -> None:
    road.slack.takes = 3.0
    assert road.deliver("a", "b", "c", "d", seconds=6.2) == [Delivered()] * 2


@pytest.mark.parametrize("error", [TypeError, ValueError, KeyError])
def test_an_error_of_our_own_making_surfaces(road: Road, error: Callable[[], Exception]) -> None:
    road.slack.always["team"] = error()
    with pytest.raises(type(error())):
        road.deliver()
