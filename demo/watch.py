"""The view of a pipeline from outside: the messages of SNS, the queues of SQS, the requests to Slack."""

import json
import time
from collections.abc import Iterator, Sequence

from demo.event import Event, just_before
from demo.ledger import Alert, Ledger, balance
from demo.ministack import QueuedMessage
from demo.platform import LocalAws
from demo.queued_alert import alert_of, reason_of, sns_id_of
from demo.slack.memory import Request
from demo.slack.page import state_of
from demo.slack.standin import SlackStandin
from demo.watched_queue import WatchedQueue
from holdfast_cli.stack import Stack
from notifications.self_tests import HEARTBEAT


class Watch:
    """An observer of each alert from its publication to its end; it receives no message."""

    def __init__(self, aws: LocalAws, slack: SlackStandin, stack: Stack) -> None:
        self._aws, self._slack, self._stack = aws, slack, stack
        self._published_url = aws.subscribe_queue(stack.alerts_topic_arn, f"{stack.name}-published")
        self._operations_url = aws.subscribe_queue(stack.ops_topic_arn, f"{stack.name}-operations")
        self._published: dict[str, Alert] = {}
        self._receives: dict[str, int] = {}
        self._parked = WatchedQueue("parked", reason_of)
        self._dead = WatchedQueue("dead-letter", lambda _: "SQS: no receive left")
        self._notices: set[str] = set()
        self._in_flight: set[str] = set()
        self._in_lanes: set[str] = set()
        self._shown = 0

    def poll(self) -> list[Event]:
        """Read everything once; return the events since the last read in their order."""
        # Ends are read first and queues last, so that an end is never read before its cause. LanesQueue is read after
        # AlertsQueue: if intake moves an alert between the reads, it is found in LanesQueue.
        stack = self._stack
        parked = self._aws.peek(stack.parking_queue_url)
        dead = [*self._aws.peek(stack.dead_letter_queue_url), *self._aws.peek(stack.lanes_dead_letter_queue_url)]
        notices = self._aws.peek(self._operations_url)
        requests = self._slack.messages()
        new, self._shown = requests[self._shown :], len(requests)
        published = self._aws.peek(self._published_url)
        queued = self._aws.peek(stack.alerts_queue_url)
        in_lanes = self._aws.peek(stack.lanes_queue_url)
        self._in_lanes = set(map(sns_id_of, in_lanes))
        queued += in_lanes
        self._in_flight = set(map(sns_id_of, queued))
        events = [*self._published_events(published, new), *self._receive_events(queued, new)]
        events += map(self._request_event, new)
        events += [*self._parked.update(parked, new), *self._dead.update(dead, new), *self._notice_events(notices)]
        return sorted(events, key=lambda event: event.time)

    def ledger(self) -> Ledger:
        """Return the ledger as of the last read."""
        posts = [one.body for one in self._slack.messages(accepted=True)]
        return balance(
            [*self._published.values()],
            posts=posts,
            dead_lettered=self._dead.alerts,
            in_flight=self._in_flight,
            parked=self._parked.alerts,
        )

    def receives(self, name: str) -> int:
        """Return the highest receive count of an alert of that name."""
        return max((self._receives.get(one.id, 0) for one in self._published.values() if one.name == name), default=0)

    def is_in_lane(self, name: str) -> bool:
        """Return whether an alert of that name was in its lane at the last read."""
        return any(one.name == name and one.id in self._in_lanes for one in self._published.values())

    def is_dead(self, name: str) -> bool:
        """Return whether an alert of that name was in a dead-letter queue at the last read."""
        return any(one.name == name for one in self._dead.alerts.values())

    def answers(self, alert: Alert) -> list[int]:
        """Return Slack's answers to the requests about one alert."""
        return [one.status for one in self._slack.messages() if alert.id in one.body]

    def ids(self, name: str) -> list[str]:
        """Return the SNS ids of the alerts of that name."""
        return [one.id for one in self._published.values() if one.name == name]

    def envelopes(self, name: str) -> list[str]:
        """Return the SNS envelopes of the alerts of that name."""
        return [one.body for one in self._aws.peek(self._published_url) if alert_of(one).name == name]

    def requests(self, name: str) -> list[Request]:
        """Return the requests to Slack about the alerts of that name."""
        ids = self.ids(name)
        return [one for one in self._slack.messages() if any(known in one.body for known in ids)]

    def _published_events(self, messages: list[QueuedMessage], new: Sequence[Request]) -> Iterator[Event]:
        for message in messages:
            alert = alert_of(message)
            if alert.name != HEARTBEAT and alert.id not in self._published:  # a heartbeat has no end
                self._published[alert.id] = alert
                yield Event(just_before(new, alert), "news", "published", alert.label, "by CloudWatch to the topic")

    def _receive_events(self, queued: list[QueuedMessage], new: Sequence[Request]) -> Iterator[Event]:
        for message in queued:
            alert = alert_of(message)
            before = self._receives.get(alert.id, 0)
            self._receives[alert.id] = max(before, message.receives)
            if message.receives > max(before, 1):
                detail = f"SQS: receive {message.receives}"
                yield Event(just_before(new, alert), "wait", "redelivered", alert.label, detail)

    def _request_event(self, request: Request) -> Event:
        kind, word = state_of(request)
        labels = [one.label for one in self._published.values() if one.id in request.body] or [request.text[:40]]
        label = labels[0] if len(labels) == 1 else f"digest of {len(labels)}, from {labels[0]}"
        patience = f", Retry-After {request.retry_after} s" if request.retry_after is not None else ""
        return Event(request.time, kind, word, label, f"Slack: {request.status} {request.answer}{patience}")

    def _notice_events(self, messages: list[QueuedMessage]) -> Iterator[Event]:
        for message in messages:
            if message.id not in self._notices:
                self._notices.add(message.id)
                yield Event(time.time(), "news", "told", "operations", str(json.loads(message.body)["Message"])[:70])
