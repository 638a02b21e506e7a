import pytest

from retry_policies import ErrorKind
from slack_alerts.delivery.posting import classify
from slack_alerts.models import Refused, SlackMessage, SlackRefused, SlackUnreachable, Webhook
from tests.support.virtual.slack import VirtualSlack
from tests.support.virtual.slack_behaviours import (
    NO_HANDSHAKE,
    NOT_CONNECTED,
    REFUSED_DESTINATION,
    REFUSED_MESSAGE,
    REVOKED,
    UNAVAILABLE,
    Behaviour,
    broken,
    throttled,
    unanswered,
)
from tests.support.virtual.world import World
from tests.unit.support.virtual.roads import HOOK

OTHER = Webhook("https://hooks.slack.com/services/T000/B000/other")


class Sender:
    """Posts as an invocation does, and notes what came of it and when."""

    def __init__(self) -> None:
        self.world = World()
        self.slack = VirtualSlack(self.world.operations)
        self.ends: list[tuple[float, Exception | None]] = []

    def send(self, *texts: str, to: Webhook = HOOK, at: float = 0.0) -> list[Exception | None]:
        """One after the other -> what each raised."""

        def body() -> None:
            for text in texts:
                error: Exception | None = None
                try:
                    self.slack.post(to, SlackMessage(text), 8.0)
                except (SlackRefused, SlackUnreachable) as raised:
                    error = raised
                self.ends.append((self.world.now, error))

        self.ends.clear()
        self.world.at(at, lambda: self.world.scheduler.spawn(body))
        self.world.run()
        return [error for _, error in self.ends]

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.slack.posts]


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.mark.parametrize(
    ("behaviour", "kind", "refused", "retry_after"),
    [
        (throttled(60.0), ErrorKind.THROTTLED, Refused.FOR_NOW, 60.0),
        (throttled(), ErrorKind.THROTTLED, Refused.FOR_NOW, None),
        (UNAVAILABLE, ErrorKind.TRANSIENT, Refused.FOR_NOW, None),
        (broken(posts=False), ErrorKind.AMBIGUOUS, Refused.FOR_NOW, None),
        (REFUSED_MESSAGE, ErrorKind.PERMANENT, Refused.MESSAGE, None),
        (REFUSED_DESTINATION, ErrorKind.PERMANENT, Refused.DESTINATION, None),
        (REVOKED, ErrorKind.PERMANENT, Refused.DESTINATION, None),
        (Behaviour(200, b"<html>"), ErrorKind.PERMANENT, Refused.UNEXPECTED, None),
    ],
)
def test_an_answer_raises_what_slack_http_raises(
    sender: Sender, behaviour: Behaviour, kind: ErrorKind, refused: Refused, retry_after: float | None
) -> None:
    sender.slack.script(behaviour)
    [error] = sender.send("a")
    assert isinstance(error, SlackRefused)
    assert (error.classification.kind, error.classification.retry_after) == (kind, retry_after)
    assert error.refused is refused
    assert sender.texts == []
    assert [request.text for request in sender.slack.requests] == ["a"]


def test_a_post_takes_time_and_stands_in_the_channel(sender: Sender) -> None:
    assert sender.send("a") == [None]
    [post] = sender.slack.posts
    assert (post.at, post.destination, post.text) == (0.1, HOOK.url, "a")
    assert sender.ends == [(0.1, None)]


@pytest.mark.parametrize("posts", [True, False])
def test_an_answer_that_never_comes_takes_the_whole_timeout(sender: Sender, posts: bool) -> None:  # noqa: FBT001 - a table
    sender.slack.script(unanswered(posts=posts))
    [error] = sender.send("a")
    assert isinstance(error, SlackUnreachable)
    assert error.sent
    assert sender.ends[0][0] == 8.0
    assert sender.texts == (["a"] if posts else [])


@pytest.mark.parametrize(("behaviour", "seconds"), [(NOT_CONNECTED, 0.1), (NO_HANDSHAKE, 2.1)])
def test_no_connection_means_not_sent(sender: Sender, behaviour: Behaviour, seconds: float) -> None:
    sender.slack.script(behaviour)
    [error] = sender.send("a")
    assert isinstance(error, SlackUnreachable)
    assert not error.sent
    assert sender.ends[0][0] == seconds
    assert classify(error) is not None


def test_a_slow_answer_is_one_only_within_the_timeout(sender: Sender) -> None:
    sender.slack.script(Behaviour(posts=True, seconds=7.0), Behaviour(posts=True, seconds=9.0))
    first, second = sender.send("a", "b")
    assert first is None
    assert isinstance(second, SlackUnreachable)
    assert sender.texts == ["a", "b"]


def test_a_500_may_have_posted(sender: Sender) -> None:
    sender.slack.script(broken(posts=True), broken(posts=False))
    sender.send("a", "b")
    assert sender.texts == ["a"]


def test_a_script_is_played_once_and_an_outage_lasts(sender: Sender) -> None:
    sender.slack.down(100.0, 200.0, UNAVAILABLE)
    sender.slack.script(UNAVAILABLE)
    assert [error is None for error in sender.send("a", "b")] == [False, True]
    assert sender.send("c", at=199.85) != [None]
    assert sender.send("d", at=199.95) == [None]  # it arrives when all is over
    assert sender.texts == ["b", "d"]


def test_an_outage_can_be_one_webhooks_own(sender: Sender) -> None:
    sender.slack.down(0.0, 100.0, REFUSED_DESTINATION, destination=HOOK.url)
    assert sender.send("a") != [None]
    assert sender.send("b", to=OTHER) == [None]


def test_a_revoked_webhook_refuses_until_it_is_given_back(sender: Sender) -> None:
    sender.slack.revoked.add(HOOK.url)
    assert sender.send("a") != [None]
    sender.slack.revoked.clear()
    assert sender.send("b") == [None]


def test_one_message_can_be_refused_for_good(sender: Sender) -> None:
    sender.slack.refuse = lambda message: REFUSED_MESSAGE if message.text == "b" else None
    assert [error is None for error in sender.send("a", "b", "c")] == [True, False, True]


def test_a_webhook_takes_a_few_at_once_and_one_a_second(sender: Sender) -> None:
    errors = sender.send(*"abcdefgh")
    assert [error is None for error in errors] == [True] * 5 + [False] * 3
    for error in errors[5:]:
        assert isinstance(error, SlackRefused)
        assert error.classification.retry_after == 1.0
    assert sender.send("other", to=OTHER, at=0.8) == [None]
    assert sender.send("again", at=1.7) == [None]


def test_in_the_long_run_a_webhook_takes_one_message_a_second(sender: Sender) -> None:
    sender.send(*map(str, range(1000)))  # 100 s of knocking
    assert len(sender.slack.posts) == pytest.approx(104, abs=1)
