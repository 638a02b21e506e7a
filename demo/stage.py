"""The running demonstration: its AWS, its Slack, and the expected end of each alert."""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from demo.event import Event
from demo.ledger import Entry
from demo.metric_alarm import MetricAlarm, unique_name
from demo.platform import LocalAws
from demo.slack.standin import SlackStandin
from demo.timeline import Timeline
from demo.watch import Watch
from holdfast_cli.function_log import FunctionLog
from holdfast_cli.stack import Stack

LOOK_EVERY = 0.1
ACT_ENDS_WITHIN = 45.0
SETTLES_WITHIN = 15.0


class NotDone(Exception):
    """An act did not end in time."""


@dataclass
class Stage:
    """The resources that the acts share."""

    aws: LocalAws
    slack: SlackStandin
    stack: Stack
    watch: Watch
    timeline: Timeline
    look: Callable[[Sequence[Event]], None] = lambda _: None
    """Called with the events of each read."""
    expected: dict[str, str] = field(default_factory=dict)
    """The expected end of each alert, by label."""
    repeated: list[MetricAlarm] = field(default_factory=list)
    """Alarms whose alert should be posted twice."""
    dead: list[MetricAlarm] = field(default_factory=list)
    """Alarms whose alert is in a dead-letter queue."""
    failed_checks: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        functions, logs = self.aws.client("lambda"), self.aws.client("logs")
        names = (self.stack.intake_function_name, self.stack.slack_alerts_function_name)
        self._logs = [FunctionLog(functions, logs, name) for name in names]
        self._began = time.time()

    def alarm(self, prefix: str, description: str, ends: str, *, says_recovery: bool = False) -> MetricAlarm:
        """Create an alarm with a unique name, and note the expected end of its alerts."""
        alarm = MetricAlarm(self.aws.client("cloudwatch"), unique_name(prefix))
        alarm.create(self.stack.alerts_topic_arn, description, says_recovery=says_recovery)
        for state in ("ALARM", "OK") if says_recovery else ("ALARM",):
            self.expected[f"{state} {alarm.name}"] = ends
        return alarm

    def show_news(self) -> None:
        """Print the events since the last call."""
        events = self.watch.poll()
        self.timeline.show(events)
        self.look(events)

    def until(self, done: Callable[[], bool], within: float = ACT_ENDS_WITHIN) -> None:
        """Print events until `done` returns true; raise NotDone when the time is over."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            self.show_news()
            if done():
                return
            time.sleep(LOOK_EVERY)
        raise NotDone

    def has_ended(self, alarm: MetricAlarm, state: str = "ALARM") -> bool:
        """Return whether the alert of an alarm has its end."""
        return self.have_ended([f"{state} {alarm.name}"])

    def have_ended(self, labels: Collection[str]) -> bool:
        """Return whether all these alerts were published and have an end outside the two working queues."""
        settled = {entry.alert.label for entry in self.watch.ledger().entries if _is_settled(entry)}
        return settled.issuperset(labels)

    def settle(self) -> None:
        """Wait until every alert has its end; the ledger shows an alert that has none in time."""
        with suppress(NotDone):
            self.until(lambda: all(map(_is_settled, self.watch.ledger().entries)), SETTLES_WITHIN)

    def trigger_and_wait(self, alarm: MetricAlarm) -> None:
        """Trigger the alarm, and wait until its alert has an end."""
        alarm.trigger()
        self.until(lambda: self.has_ended(alarm))

    def answers(self, alarm: MetricAlarm) -> list[int]:
        """Return Slack's answers to the requests about an alarm."""
        return [one.status for one in self.watch.requests(alarm.name)]

    def outcomes(self, alarm: MetricAlarm) -> list[str]:
        """Return the outcomes of an alarm's alerts in the logs: those of intake, then those of slack_alerts."""
        ids = self.watch.ids(alarm.name)
        return [line.outcome for log in self._logs for one in ids for line in log.about(one, self._began)]

    def deliver_again(self, alarm: MetricAlarm) -> None:
        """Put the alarm's alerts into AlertsQueue again, as SNS does if it gets no answer from SQS."""
        for body in self.watch.envelopes(alarm.name):
            self.aws.client("sqs").send_message(QueueUrl=self.stack.alerts_queue_url, MessageBody=body)

    def check(self, claim: str, *, holds: bool) -> None:
        """Print a claim of an act, and remember it if it does not hold."""
        self.timeline.step(claim if holds else f"NOT true: {claim}")
        if not holds:
            self.failed_checks.append(claim)


def _is_settled(entry: Entry) -> bool:
    return not {"in_flight", "lost"} & set(entry.ends)
