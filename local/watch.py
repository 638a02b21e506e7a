"""Watches the road from outside: what SNS published, what SQS holds, what Slack was asked and answered."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from local.ledger import Alert, Ledger, balance
from local.ministack import QueuedMessage
from local.platform import LocalAws
from local.slack_memory import Request
from local.slack_page import state_of
from local.slack_standin import SlackStandin
from local.stack import Stack


@dataclass(frozen=True)
class Event:
    """One thing that happened to an alert; `kind` chooses the colour, `word` says the same."""

    time: float
    kind: str
    word: str
    alert: str
    detail: str = ""


class Watch:
    """Sees every alert from publication to its end and touches none."""

    def __init__(self, aws: LocalAws, slack: SlackStandin, stack: Stack) -> None:
        self._aws, self._slack, self._stack = aws, slack, stack
        self._witness_url = _subscribe_witness(aws, stack)
        self._published: dict[str, Alert] = {}
        self._receives: dict[str, int] = {}
        self._dead: set[str] = set()
        self._in_flight: set[str] = set()
        self._shown = 0

    def poll(self) -> list[Event]:
        """Look once -> what is new since the last look, in its order."""
        requests = self._slack.messages()
        new, self._shown = requests[self._shown :], len(requests)
        witnessed = self._aws.peek(self._witness_url)
        queued = self._aws.peek(self._stack.alerts_queue_url)
        dead = self._aws.peek(self._stack.dead_letter_queue_url)
        self._in_flight = {_sns_id(message) for message in queued}
        events = [*self._see_published(witnessed, new), *self._see_receives(queued, new)]
        events += [*map(self._see_request, new), *self._see_dead(dead)]
        return sorted(events, key=lambda event: event.time)

    def ledger(self) -> Ledger:
        """The books as of the last look."""
        posts = [one.body for one in self._slack.messages(accepted=True)]
        return balance([*self._published.values()], posts=posts, dead_lettered=self._dead, in_flight=self._in_flight)

    def receives(self, name: str) -> int:
        """How often SQS has handed out an alert of that name, at most."""
        return max((self._receives.get(one.id, 0) for one in self._published.values() if one.name == name), default=0)

    def answers(self, alert: Alert) -> list[int]:
        """What Slack answered to the requests about one alert."""
        return [one.status for one in self._slack.messages() if alert.id in one.body]

    def _see_published(self, witnessed: list[QueuedMessage], new: Sequence[Request]) -> Iterator[Event]:
        for message in witnessed:
            alert = _alert(message)
            if alert.id not in self._published:
                self._published[alert.id] = alert
                yield Event(_before(new, alert), "news", "published", alert.label, "by CloudWatch to the topic")

    def _see_receives(self, queued: list[QueuedMessage], new: Sequence[Request]) -> Iterator[Event]:
        for message in queued:
            alert = _alert(message)
            before = self._receives.get(alert.id, 0)
            self._receives[alert.id] = max(before, message.receives)
            if message.receives > max(before, 1):
                detail = f"SQS: receive {message.receives}"
                yield Event(_before(new, alert), "wait", "redelivered", alert.label, detail)

    def _see_request(self, request: Request) -> Event:
        kind, word = state_of(request)
        label = next((one.label for one in self._published.values() if one.id in request.body), request.text[:40])
        patience = f", Retry-After {request.retry_after} s" if request.retry_after is not None else ""
        return Event(request.time, kind, word, label, f"Slack: {request.status} {request.answer}{patience}")

    def _see_dead(self, dead: list[QueuedMessage]) -> Iterator[Event]:
        for message in dead:
            alert = _alert(message)
            if alert.id not in self._dead:
                self._dead.add(alert.id)
                yield Event(
                    time.time(),
                    "bad",
                    "dead-letter",
                    alert.label,
                    "SQS: no receive left, kept in the dead-letter queue",
                )


def _subscribe_witness(aws: LocalAws, stack: Stack) -> str:
    """Make a queue that gets a copy of all that SNS publishes -> its URL: what was published is not our own claim."""
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=f"{stack.name}-witness")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": stack.alerts_topic_arn}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    aws.client("sns").subscribe(TopicArn=stack.alerts_topic_arn, Protocol="sqs", Endpoint=arn)
    return url


def _before(new: Sequence[Request], alert: Alert) -> float:
    """Now, but before the requests that it led to since the last look."""
    return min((one.time for one in new if alert.id in one.body), default=time.time())


def _sns_id(message: QueuedMessage) -> str:
    return str(json.loads(message.body)["MessageId"])


def _alert(message: QueuedMessage) -> Alert:
    """SNS envelope -> alert; what is no alarm goes by its first words."""
    envelope = json.loads(message.body)
    try:
        alarm = json.loads(envelope["Message"])
        return Alert(envelope["MessageId"], str(alarm["AlarmName"]), str(alarm["NewStateValue"]))
    except (ValueError, TypeError, KeyError):
        return Alert(envelope["MessageId"], str(envelope.get("Subject") or envelope["Message"])[:40], "")
