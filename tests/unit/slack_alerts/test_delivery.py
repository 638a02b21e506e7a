from collections.abc import Callable

import pytest

from record_batch.outcome import Delivered, Later, LaterReason, Outcome
from retry_policies import Deadline
from retry_policies.presets import SLACK_WEBHOOK
from slack_alerts.delivery import Delivery, classify
from slack_alerts.models import Alert, CredentialsError, SlackMessage, SlackRefused, SlackUnreachable, Webhook
from tests.support.clock import FakeClock
from tests.support.notifications import record

type Answer = Exception | None


class Channel:
    """A destination that answers from a script and remembers what it was sent and with which timeout."""

    def __init__(self, *answers: Answer, clock: FakeClock, takes: float = 0.0) -> None:
        self.answers = list(answers)
        self.clock = clock
        self.takes = takes
        self.sent: list[str] = []
        self.timeouts: list[float] = []

    def post(self, _webhook: Webhook, message: SlackMessage, timeout: float) -> None:
        self.sent.append(message.text)
        self.timeouts.append(timeout)
        self.clock.now += self.takes
        if self.answers and (answer := self.answers.pop(0)) is not None:
            raise answer


def webhook(_destination: str, _deadline: Deadline) -> Webhook:
    return Webhook("https://hooks.slack.com/services/T/B/x")


def deliver(
    channel: Channel,
    count: int = 1,
    *,
    seconds: float = 55.0,
    find: Callable[[str, Deadline], Webhook] = webhook,
) -> list[Outcome]:
    clock = channel.clock
    policy = SLACK_WEBHOOK.with_(classifier=classify, clock=clock, sleep=clock.sleep)
    alerts = [Alert(record(message_id=f"m{number}"), SlackMessage(f"{number}", ())) for number in range(count)]
    delivery = Delivery(find, channel.post, policy)
    return [outcome for _, outcome in delivery.deliver("ops", alerts, Deadline.after(seconds, clock=clock))]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def test_each_alert_is_posted_once_and_in_order(clock: FakeClock) -> None:
    channel = Channel(clock=clock)
    assert deliver(channel, 3) == [Delivered()] * 3
    assert channel.sent == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("error", "attempts", "outcome"),
    [
        (SlackRefused(429, "rate_limited", 30.0), 1, Later(LaterReason.THROTTLED, 30.0)),
        (SlackRefused(429, "rate_limited"), 4, Later(LaterReason.THROTTLED)),
        (SlackRefused(503, "unknown_body", 60.0), 1, Later(LaterReason.THROTTLED, 60.0)),
        (SlackRefused(503, "unknown_body"), 4, Later(LaterReason.UNREACHABLE)),
        (SlackRefused(500, "rollup_error"), 4, Later(LaterReason.UNREACHABLE)),
        (SlackRefused(502, "unknown_body"), 4, Later(LaterReason.UNREACHABLE)),
        (SlackUnreachable(sent=False), 4, Later(LaterReason.UNREACHABLE)),
        (SlackUnreachable(sent=True), 1, Later(LaterReason.UNREACHABLE)),
        (SlackRefused(400, "invalid_blocks"), 1, Later(LaterReason.MESSAGE_REFUSED)),
        (SlackRefused(404, "channel_not_found"), 1, Later(LaterReason.DESTINATION_REFUSED)),
        (SlackRefused(410, "channel_is_archived"), 1, Later(LaterReason.DESTINATION_REFUSED)),
        (SlackRefused(403, "invalid_token"), 1, Later(LaterReason.DESTINATION_REFUSED)),
        (SlackRefused(500, "no_service"), 1, Later(LaterReason.DESTINATION_REFUSED)),
        (SlackRefused(302, "unknown_body"), 1, Later(LaterReason.DESTINATION_REFUSED)),
        (SlackRefused(200, "unknown_body"), 1, Later(LaterReason.MESSAGE_REFUSED)),
    ],
)
def test_an_answer_decides_attempts_and_outcome(
    error: Exception, attempts: int, outcome: Outcome, clock: FakeClock
) -> None:
    channel = Channel(*[error] * 9, clock=clock)
    assert deliver(channel) == [outcome]
    assert len(channel.sent) == attempts


def test_a_passing_failure_ends_in_delivery(clock: FakeClock) -> None:
    channel = Channel(SlackRefused(500, "rollup_error"), SlackRefused(429, "rate_limited", 3.0), clock=clock)
    assert deliver(channel) == [Delivered()]
    assert len(channel.sent) == 3
    assert clock.slept[1] >= 3.0


@pytest.mark.parametrize(
    "error", [SlackRefused(429, "rate_limited", 30.0), SlackUnreachable(sent=True), SlackRefused(404, "no_service")]
)
def test_the_rest_of_the_batch_does_not_knock_on_a_closed_door(
    error: SlackRefused | SlackUnreachable, clock: FakeClock
) -> None:
    channel = Channel(None, error, clock=clock)
    first, second, *rest = deliver(channel, 5)
    assert first == Delivered()
    assert isinstance(second, Later)
    assert rest == [Later(LaterReason.NOT_ATTEMPTED, second.after)] * 3
    assert channel.sent == ["0", "1"]


def test_a_refused_message_does_not_stop_the_next(clock: FakeClock) -> None:
    channel = Channel(SlackRefused(400, "invalid_payload"), clock=clock)
    assert deliver(channel, 2) == [Later(LaterReason.MESSAGE_REFUSED), Delivered()]


def test_without_a_webhook_nothing_is_posted(clock: FakeClock) -> None:
    def missing(_destination: str, _deadline: Deadline) -> Webhook:
        raise CredentialsError("destination ops: ParameterNotFound")

    channel = Channel(clock=clock)
    outcomes = deliver(channel, 2, find=missing)
    assert outcomes == [Later(LaterReason.SECRET_UNAVAILABLE), Later(LaterReason.NOT_ATTEMPTED)]
    assert channel.sent == []


def test_no_post_gets_more_time_than_is_left(clock: FakeClock) -> None:
    channel = Channel(SlackUnreachable(sent=False), clock=clock, takes=3.0)
    deliver(channel, seconds=10.0)
    first, second = channel.timeouts
    assert first == 8.0
    assert 0 < second <= 10.0 - 3.0


def test_no_alert_is_started_without_the_time_for_an_attempt(clock: FakeClock) -> None:
    channel = Channel(clock=clock, takes=3.0)
    assert deliver(channel, 5, seconds=6.2) == [Delivered()] * 2


def test_an_error_of_our_own_making_surfaces(clock: FakeClock) -> None:
    with pytest.raises(TypeError):
        deliver(Channel(TypeError(), clock=clock))
