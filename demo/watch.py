"""The view of a pipeline from outside: the messages of SNS, the queues of SQS, the requests to Slack."""

import json
import time
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from demo.books import Books
from demo.event import Event, just_before
from demo.ledger import Alert, Ledger
from demo.ministack import QueuedMessage
from demo.queued_alert import alert_of, reason_of
from demo.queues import Queues
from demo.slack.memory import Request
from demo.slack.standin import SlackStandin
from demo.slack.words import state_of
from demo.subscribed_queue import SubscribedQueue
from demo.watched_queue import WatchedQueue
from holdfast_cli.stack import Stack


class Aws(Protocol):
    """The part of the local AWS that is read."""

    @property
    def client(self) -> Any: ...  # noqa: ANN401 - boto3 types its clients by name

    def subscribe_queue(self, topic_arn: str, name: str) -> str: ...
    def peek(self, queue_url: str) -> list[QueuedMessage]: ...


class Watch:
    """An observer of each alert from its publication to its end; it receives no message of the pipeline."""

    def __init__(self, aws: Aws, slack: SlackStandin, stack: Stack, test_alarm_arn: str) -> None:
        self._peek, self._slack, self._stack, self._test_alarm_arn = aws.peek, slack, stack, test_alarm_arn
        self._topic, self._operations = (
            SubscribedQueue(aws.client("sqs"), aws.subscribe_queue(arn, f"{stack.name}-{name}"))
            for arn, name in ((stack.alerts_topic_arn, "published"), (stack.ops_topic_arn, "operations"))
        )
        self._bodies: dict[str, str] = {}  # by SNS id
        self._receives: dict[str, int] = {}
        self._parked = WatchedQueue("parked", reason_of)
        self._dead = WatchedQueue("dead-letter", lambda _: "SQS: no receive left")
        self._shown = len(slack.since(0))
        self.books = Books()
        self.queues = Queues()
        """The queues as of the last read."""

    def poll(self) -> list[Event]:
        """Read everything once; return the events since the last read in their order."""
        # Ends are read first and queues last, so that an end is never read before its cause. LanesQueue is read after
        # AlertsQueue: if intake moves an alert between the reads, it is found in LanesQueue.
        peek, stack = self._peek, self._stack
        parked = peek(stack.parking_queue_url)
        dead, lanes_dead = peek(stack.dead_letter_queue_url), peek(stack.lanes_dead_letter_queue_url)
        notices = self._operations.take()
        new = self._slack.since(self._shown)
        self._shown += len(new)
        published = self._topic.take()
        alerts = peek(stack.alerts_queue_url)
        self.queues = Queues(alerts, peek(stack.lanes_queue_url), parked, dead, lanes_dead)
        for request in new:
            self.books.record(request)
        events = [*self._published_events(published, new), *self._receive_events(new)]
        self.books.read(self.queues.places())
        events += map(self._request_event, new)
        events += [*self._parked.update(parked, new), *self._dead.update([*dead, *lanes_dead], new)]
        events += map(_notice_event, notices)
        return sorted(events, key=lambda event: event.time)

    def requests_since(self, number: int) -> list[Request]:
        """Return the requests after the one of that number, as of the last read."""
        return self._slack.since(number)[: max(0, self._shown - number)]

    def ledger(self) -> Ledger:
        """Return the ledger as of the last read."""
        return self.books.ledger()

    def receives(self, name: str) -> int:
        """Return the highest receive count of an alert of that name."""
        return max((self._receives.get(one, 0) for one in self.ids(name)), default=0)

    def is_in_lane(self, name: str) -> bool:
        """Return whether an alert of that name was in its lane at the last read."""
        return not self.queues.in_lanes().isdisjoint(self.ids(name))

    def is_dead(self, name: str) -> bool:
        """Return whether an alert of that name was in a dead-letter queue at the last read."""
        return any(one.name == name for one in self._dead.alerts.values())

    def answers(self, alert: Alert) -> list[int]:
        """Return Slack's answers to the requests about one alert."""
        return [one.status for one in self.books.requests(alert)]

    def ids(self, name: str) -> list[str]:
        """Return the SNS ids of the alerts of that name."""
        return [one.id for one in self.books.alerts() if one.name == name]

    def envelopes(self, name: str) -> list[str]:
        """Return the SNS envelopes of the alerts of that name."""
        return [self._bodies[one] for one in self.ids(name)]

    def requests(self, name: str) -> list[Request]:
        """Return the requests to Slack about the alerts of that name."""
        return [request for one in self.books.alerts() if one.name == name for request in self.books.requests(one)]

    def _published_events(self, bodies: Sequence[str], new: Sequence[Request]) -> Iterator[Event]:
        for body in bodies:
            alert = alert_of(body, self._test_alarm_arn)
            self._bodies[alert.id] = body
            if self.books.publish(alert) and not alert.is_self_test:
                yield Event(just_before(new, alert), "news", "published", alert.label, "to the topic")

    def _receive_events(self, new: Sequence[Request]) -> Iterator[Event]:
        for message, sns_id in self.queues.in_line():
            before = self._receives.get(sns_id, 0)
            self._receives[sns_id] = max(before, message.receives)
            if message.receives > max(before, 1):
                alert = alert_of(message.body, self._test_alarm_arn)
                detail = f"SQS: receive {message.receives}"
                yield Event(just_before(new, alert), "wait", "redelivered", alert.label, detail)

    def _request_event(self, request: Request) -> Event:
        kind, word = state_of(request)
        labels = [one.label for one in self.books.shown_in(request)] or [request.text[:40]]
        label = labels[0] if len(labels) == 1 else f"digest of {len(labels)}, from {labels[0]}"
        patience = f", Retry-After {request.retry_after} s" if request.retry_after is not None else ""
        return Event(request.time, kind, word, label, f"Slack: {request.status} {request.answer}{patience}")


def _notice_event(body: str) -> Event:
    return Event(time.time(), "news", "told", "operations", str(json.loads(body)["Message"])[:70])
