"""Rules of the virtual Slack: its answers and their time, outages, and the limit of one message a second."""

import pytest

from slack_alerts.models import SlackMessage, SlackRefused, SlackUnreachable, Webhook
from tests.support.virtual.slack import VirtualSlack
from tests.support.virtual.slack_behaviours import (
    NO_HANDSHAKE,
    NOT_CONNECTED,
    OK,
    REFUSED_DESTINATION,
    REFUSED_MESSAGE,
    REVOKED,
    UNAVAILABLE,
    UNEXPECTED,
    UNTRUSTED,
    Behaviour,
    broken,
    throttled,
    unanswered,
)
from tests.support.virtual.world import World

HOOK = Webhook("https://hooks.slack.com/services/T000/B000/one")
OTHER = Webhook("https://hooks.slack.com/services/T000/B000/other")
TIMEOUT = 8.0


class Sender:
    """An invocation that posts messages and records how each post ended, and when."""

    def __init__(self) -> None:
        self.world = World()
        self.slack = VirtualSlack(self.world.operations)

    def send(self, *texts: str, to: Webhook = HOOK, at: float = 0.0) -> list[str]:
        """Post one message after the other; return the ends, such as "ok at 0.1"."""
        ends: list[str] = []

        def body() -> None:
            ends.extend(f"{self._post(text, to)} at {self.world.now:g}" for text in texts)

        self.world.at(at, lambda: self.world.scheduler.spawn(body))
        self.world.run()
        return ends

    def _post(self, text: str, to: Webhook) -> str:
        try:
            self.slack.post(to, SlackMessage(text), TIMEOUT)
        except SlackRefused as error:
            kind, retry_after = error.classification.kind, error.classification.retry_after
            return f"{kind.value}, {error.refused.value}, {retry_after}"
        except SlackUnreachable as error:
            return f"{'sent' if error.sent else 'not sent'}{', untrusted' if error.is_untrusted else ''}"
        return "ok"

    @property
    def posted(self) -> str:
        return "".join(post.text for post in self.slack.posts)


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.mark.parametrize(
    ("behaviour", "end", "posts"),
    [
        (OK, "ok at 0.1", True),
        (throttled(60.0), "THROTTLED, for now, 60.0 at 0.1", False),
        (throttled(), "THROTTLED, for now, None at 0.1", False),
        (UNAVAILABLE, "TRANSIENT, for now, None at 0.1", False),
        (broken(posts=False), "AMBIGUOUS, for now, None at 0.1", False),
        (broken(posts=True), "AMBIGUOUS, for now, None at 0.1", True),
        (REFUSED_MESSAGE, "PERMANENT, message, None at 0.1", False),
        (REFUSED_DESTINATION, "PERMANENT, destination, None at 0.1", False),
        (REVOKED, "PERMANENT, destination, None at 0.1", False),
        (UNEXPECTED, "PERMANENT, unexpected, None at 0.1", False),
        (NOT_CONNECTED, "not sent at 0.1", False),
        (UNTRUSTED, "not sent, untrusted at 0.1", False),
        (NO_HANDSHAKE, "not sent at 2.1", False),
        (unanswered(posts=True), "sent at 8", True),
        (unanswered(posts=False), "sent at 8", False),
        (Behaviour(posts=True, seconds=7.0), "ok at 7.1", True),
        (Behaviour(posts=True, seconds=9.0), "sent at 8", True),
    ],
)
def test_an_answer_ends_a_post_as_slack_http_does(sender: Sender, behaviour: Behaviour, end: str, posts: bool) -> None:  # noqa: FBT001 - a table
    sender.slack.script(behaviour)
    assert sender.send("a") == [end]
    assert sender.posted == ("a" if posts else "")
    assert [request.text for request in sender.slack.requests] == ["a"]


def test_a_script_applies_once_and_an_outage_until_its_end(sender: Sender) -> None:
    sender.slack.down(100.0, 200.0, UNAVAILABLE)
    sender.slack.script(UNAVAILABLE)
    sender.send("a", "b")
    sender.send("c", at=199.85)
    sender.send("d", at=199.95)  # it arrives after the outage
    assert sender.posted == "bd"


def test_a_webhook_takes_a_burst_of_five_messages_and_then_one_a_second(sender: Sender) -> None:
    ends = sender.send(*"abcdefgh")
    assert [end.startswith("ok") for end in ends] == [True] * 5 + [False] * 3
    assert all(end.startswith("THROTTLED, for now, 1.0") for end in ends[5:])
    sender.send("i", to=OTHER, at=0.8)
    sender.send("j", at=1.7)
    assert sender.posted == "abcdeij"
    sender.send(*["k"] * 1000, at=10.0)  # 100 s
    assert sender.posted.count("k") == pytest.approx(104, abs=1)
