"""What the acts of the demonstration are played on: both ends of the road, and what each alert should come to."""

import time
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field

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
    """An act did not come to its end in time."""


@dataclass
class Stage:
    """`expected` collects how each alert should end, `broken` what an act should have shown and did not.

    `repeated` are the alarms whose alert is posted twice, and should be; `redriven` those whose alert died on the way.
    """

    aws: LocalAws
    slack: SlackStandin
    stack: Stack
    watch: Watch
    timeline: Timeline
    expected: dict[str, str] = field(default_factory=dict)
    repeated: list[MetricAlarm] = field(default_factory=list)
    redriven: list[MetricAlarm] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        functions, logs = self.aws.client("lambda"), self.aws.client("logs")
        names = (self.stack.intake_function_name, self.stack.function_name)
        self._logs = [FunctionLog(functions, logs, name) for name in names]
        self._began = time.time()

    def alarm(self, what: str, description: str, ends: str, *, says_recovery: bool = False) -> MetricAlarm:
        """Create an alarm of a name of its own, and note how its alerts should end."""
        alarm = MetricAlarm(self.aws.client("cloudwatch"), unique_name(what))
        alarm.create(self.stack.alerts_topic_arn, description, says_recovery=says_recovery)
        for state in ("ALARM", "OK") if says_recovery else ("ALARM",):
            self.expected[f"{state} {alarm.name}"] = ends
        return alarm

    def look(self) -> None:
        """Show what is new."""
        self.timeline.show(self.watch.poll())

    def until(self, done: Callable[[], bool], within: float = ACT_ENDS_WITHIN) -> None:
        """Show what happens until it is done; raises NotDone when the time is over."""
        ends = time.monotonic() + within
        while time.monotonic() < ends:
            self.look()
            if done():
                return
            time.sleep(LOOK_EVERY)
        raise NotDone

    def has_ended(self, alarm: MetricAlarm, state: str = "ALARM") -> bool:
        """Return whether an alert was published, has left both queues and has an end."""
        return self.have_ended([f"{state} {alarm.name}"])

    def have_ended(self, labels: Collection[str]) -> bool:
        """Return whether all these alerts were published, have left both queues and have an end."""
        settled = {entry.alert.label for entry in self.watch.ledger().entries if _is_settled(entry)}
        return settled.issuperset(labels)

    def settle(self) -> None:
        """Wait until every alert has its end; what has none in time shows in the ledger."""
        with suppress(NotDone):
            self.until(lambda: all(map(_is_settled, self.watch.ledger().entries)), SETTLES_WITHIN)

    def ring_and_wait(self, alarm: MetricAlarm) -> None:
        """Ring it, and wait until its alert has an end."""
        alarm.ring()
        self.until(lambda: self.has_ended(alarm))

    def answers(self, alarm: MetricAlarm) -> list[int]:
        """What Slack answered to the requests about an alarm."""
        return [one.status for one in self.watch.requests(alarm.name)]

    def outcomes(self, alarm: MetricAlarm) -> list[str]:
        """Return the outcomes of its alerts in the logs: those of intake, then those of slack_alerts."""
        known = self.watch.ids(alarm.name)
        return [line.outcome for log in self._logs for one in known for line in log.about(one, self._began)]

    def deliver_again(self, alarm: MetricAlarm) -> None:
        """Put its alerts into the queue once more, as SNS does when it does not hear that SQS has them."""
        for body in self.watch.envelopes(alarm.name):
            self.aws.client("sqs").send_message(QueueUrl=self.stack.alerts_queue_url, MessageBody=body)

    def check(self, what: str, *, holds: bool) -> None:
        """Say what this act has shown, or that it has not."""
        self.timeline.step(what if holds else f"NOT as it should be: {what}")
        if not holds:
            self.broken.append(what)


def _is_settled(entry: Entry) -> bool:
    return not {"in_flight", "lost"} & set(entry.ends)
