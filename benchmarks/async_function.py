"""A function that SNS invokes asynchronously, in virtual time: Lambda runs it at most three times for each alert."""

from collections import deque
from dataclasses import dataclass, field
from functools import partial

from benchmarks.notifiers import Notifier
from slack_alerts.models import SlackMessage, Webhook
from tests.support.virtual.alert_messages import DEFAULT, webhook
from tests.support.virtual.function import End, Handler, Invocation, VirtualFunction
from tests.support.virtual.slack import VirtualSlack
from tests.support.virtual.world import World

TIMEOUT = 30.0
POST_TIMEOUT = 8.0
CONCURRENCY = 1_000
"""An account's default. Further events wait for a free place."""
RETRY_AFTER = (60.0, 120.0)
"""Seconds from a failed run to the next one; after the last the event is dropped."""


@dataclass
class AsyncFunction:
    """`notifier` posts each alert to the default destination."""

    world: World
    notifier: Notifier
    running: int = 0
    waiting: deque[tuple[str, int]] = field(default_factory=deque)
    """Alerts without a place, with the number of their earlier runs."""

    def __post_init__(self) -> None:
        self.slack = VirtualSlack(self.world.operations)
        self.function = VirtualFunction(self.world.scheduler, self.world.wall, self._environment, TIMEOUT)

    def publish(self, number: int, at: float) -> str:
        """Publish an alert at that instant; return its token."""
        token = f"alert-{number}"
        self.world.at(at, partial(self._start, token, 0))
        return token

    def _start(self, token: str, runs: int) -> None:
        if self.running >= CONCURRENCY:
            self.waiting.append((token, runs))
            return
        self.running += 1
        self.function.invoke(token, partial(self._end, token, runs))

    def _end(self, token: str, runs: int, invocation: Invocation) -> None:
        self.running -= 1
        if invocation.end is not End.RETURNED and runs < len(RETRY_AFTER):
            self.world.at(self.world.now + RETRY_AFTER[runs], partial(self._start, token, runs + 1))
        if self.waiting:
            self._start(*self.waiting.popleft())

    def _environment(self) -> Handler:
        return lambda token, _context: self.notifier(partial(self._post, token), self.world.sleep)

    def _post(self, token: str) -> None:
        self.slack.post(Webhook(webhook(DEFAULT)), SlackMessage(token), POST_TIMEOUT)
