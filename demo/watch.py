"""Watches the road from outside: what SNS published, what SQS holds, what Slack was asked and answered."""

import json
import time
from collections.abc import Iterator, Sequence

from demo.event import Event, just_before
from demo.kept import Kept
from demo.ledger import Alert, Ledger, balance
from demo.ministack import QueuedMessage
from demo.platform import LocalAws
from demo.queued_alert import alert_of, reason_of, sns_id_of
from demo.slack.memory import Request
from demo.slack.page import state_of
from demo.slack.standin import SlackStandin
from demo.witness import subscribe_witness
from holdfast_cli.stack import Stack
from notifications.self_tests import HEARTBEAT


class Watch:
    """Sees every alert from publication to its end and touches none."""

    def __init__(self, aws: LocalAws, slack: SlackStandin, stack: Stack) -> None:
        self._aws, self._slack, self._stack = aws, slack, stack
        self._witness_url = subscribe_witness(aws, stack.alerts_topic_arn, f"{stack.name}-witness")
        self._operations_url = subscribe_witness(aws, stack.ops_topic_arn, f"{stack.name}-operations")
        self._published: dict[str, Alert] = {}
        self._receives: dict[str, int] = {}
        self._parked = Kept("parked", reason_of)
        self._dead = Kept("dead-letter", lambda _: "SQS: no receive left, kept there")
        self._told: set[str] = set()
        self._in_flight: set[str] = set()
        self._in_lanes: set[str] = set()
        self._shown = 0

    def poll(self) -> list[Event]:
        """Look once -> what is new since the last look, in its order."""
        # Ends are read first and queues last, so that no end is seen before its cause. LanesQueue is read after
        # AlertsQueue: intake may move an alert meanwhile, and it must be seen in one of the two.
        stack = self._stack
        parked = self._aws.peek(stack.parking_queue_url)
        dead = [*self._aws.peek(stack.dead_letter_queue_url), *self._aws.peek(stack.lanes_dead_letter_queue_url)]
        told = self._aws.peek(self._operations_url)
        requests = self._slack.messages()
        new, self._shown = requests[self._shown :], len(requests)
        witnessed = self._aws.peek(self._witness_url)
        queued = self._aws.peek(stack.alerts_queue_url)
        in_lanes = self._aws.peek(stack.lanes_queue_url)
        self._in_lanes = set(map(sns_id_of, in_lanes))
        queued += in_lanes
        self._in_flight = set(map(sns_id_of, queued))
        events = [*self._see_published(witnessed, new), *self._see_receives(queued, new)]
        events += map(self._see_request, new)
        events += self._see_ends(parked, dead, told, new)
        return sorted(events, key=lambda event: event.time)

    def ledger(self) -> Ledger:
        """The books as of the last look."""
        posts = [one.body for one in self._slack.messages(accepted=True)]
        return balance(
            [*self._published.values()],
            posts=posts,
            dead_lettered=self._dead.alerts,
            in_flight=self._in_flight,
            parked=self._parked.alerts,
        )

    def receives(self, name: str) -> int:
        """Return how often SQS has delivered an alert of that name from one queue, at most."""
        return max((self._receives.get(one.id, 0) for one in self._published.values() if one.name == name), default=0)

    def is_in_lane(self, name: str) -> bool:
        """Return whether an alert of that name stood in its lane at the last look."""
        return any(one.name == name and one.id in self._in_lanes for one in self._published.values())

    def is_dead(self, name: str) -> bool:
        """Return whether an alert of that name stood in a dead-letter queue at the last look."""
        return any(one.name == name for one in self._dead.alerts.values())

    def answers(self, alert: Alert) -> list[int]:
        """What Slack answered to the requests about one alert."""
        return [one.status for one in self._slack.messages() if alert.id in one.body]

    def ids(self, name: str) -> list[str]:
        """The SNS ids of the alerts of that name."""
        return [one.id for one in self._published.values() if one.name == name]

    def envelopes(self, name: str) -> list[str]:
        """The alerts of that name, as SNS hands them to a queue."""
        return [one.body for one in self._aws.peek(self._witness_url) if alert_of(one).name == name]

    def requests(self, name: str) -> list[Request]:
        """What Slack was asked about the alerts of that name."""
        ids = self.ids(name)
        return [one for one in self._slack.messages() if any(known in one.body for known in ids)]

    def _see_published(self, witnessed: list[QueuedMessage], new: Sequence[Request]) -> Iterator[Event]:
        for message in witnessed:
            alert = alert_of(message)
            if alert.name != HEARTBEAT and alert.id not in self._published:  # a heartbeat has no end to wait for
                self._published[alert.id] = alert
                yield Event(just_before(new, alert), "news", "published", alert.label, "by CloudWatch to the topic")

    def _see_receives(self, queued: list[QueuedMessage], new: Sequence[Request]) -> Iterator[Event]:
        for message in queued:
            alert = alert_of(message)
            before = self._receives.get(alert.id, 0)
            self._receives[alert.id] = max(before, message.receives)
            if message.receives > max(before, 1):
                detail = f"SQS: receive {message.receives}"
                yield Event(just_before(new, alert), "wait", "redelivered", alert.label, detail)

    def _see_request(self, request: Request) -> Event:
        kind, word = state_of(request)
        labels = [one.label for one in self._published.values() if one.id in request.body] or [request.text[:40]]
        label = labels[0] if len(labels) == 1 else f"digest of {len(labels)}, from {labels[0]}"
        patience = f", Retry-After {request.retry_after} s" if request.retry_after is not None else ""
        return Event(request.time, kind, word, label, f"Slack: {request.status} {request.answer}{patience}")

    def _see_ends(
        self,
        parked: list[QueuedMessage],
        dead: list[QueuedMessage],
        told: list[QueuedMessage],
        new: Sequence[Request],
    ) -> Iterator[Event]:
        yield from self._parked.see(parked, new)
        yield from self._dead.see(dead, new)
        yield from self._see_told(told)

    def _see_told(self, messages: list[QueuedMessage]) -> Iterator[Event]:
        for message in messages:
            if message.id not in self._told:
                self._told.add(message.id)
                yield Event(time.time(), "news", "told", "operations", str(json.loads(message.body)["Message"])[:70])
