"""The acts of the demonstration: an alarm that rings and recovers, and the faults that an alert must survive."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from local.ledger import Entry
from local.metric_alarm import MetricAlarm, unique_name
from local.platform import LocalAws
from local.slack_standin import SlackStandin
from local.stack import Stack
from local.timeline import Timeline
from local.watch import Watch

LOOK_EVERY = 0.1
ACT_ENDS_WITHIN = 45.0
SETTLES_WITHIN = 15.0


class NotDone(Exception):  # noqa: N818 - the name says what it is
    """An act did not come to its end in time."""


@dataclass
class Stage:
    """What the acts are played on; `expected` collects how each alert should end."""

    aws: LocalAws
    slack: SlackStandin
    stack: Stack
    watch: Watch
    timeline: Timeline
    expected: dict[str, str] = field(default_factory=dict)

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
        """Tell whether an alert was published, has left the queue and stands somewhere."""
        return any(
            _is_settled(one) for one in self.watch.ledger().entries if one.alert.label == f"{state} {alarm.name}"
        )

    def settle(self) -> None:
        """Wait until every alert has its end; what has none in time shows in the ledger."""
        with suppress(NotDone):
            self.until(lambda: all(map(_is_settled, self.watch.ledger().entries)), SETTLES_WITHIN)


def play_all(stage: Stage) -> None:
    """Play the acts one after the other: they share one destination, and its faults must not mix."""
    for act in (rings_and_recovers, throttled, fails_twice, outage, missing_channel):
        stage.timeline.act(str(act.__doc__))
        try:
            act(stage)
        except NotDone:
            stage.timeline.step("this did not come to its end in time; the books say what is missing")
            return


def rings_and_recovers(stage: Stage) -> None:
    """An alarm rings and recovers: both arrive."""
    alarm = stage.alarm("checkout-errors", "More than 60 % of checkouts fail.", "delivered", says_recovery=True)
    _ring_and_wait(stage, alarm)
    alarm.recover()
    stage.until(lambda: stage.has_ended(alarm, "OK"))


def throttled(stage: Stage) -> None:
    """Slack asks for patience (429, Retry-After 3): nothing is sent before that."""
    alarm = stage.alarm("queue-age", "The oldest order waits too long.", "delivered")
    stage.slack.script([{"status": 429, "retry_after": 3}], match=alarm.name)
    _ring_and_wait(stage, alarm)


def fails_twice(stage: Stage) -> None:
    """Slack fails twice (500): the function tries again, at growing random intervals."""
    alarm = stage.alarm("database-cpu", "The database is busy.", "delivered")
    stage.slack.script([{"status": 500}, {"status": 500}], match=alarm.name)
    _ring_and_wait(stage, alarm)


def outage(stage: Stage) -> None:
    """Slack is down for longer than one invocation (503): SQS delivers the alert again."""
    alarm = stage.alarm("disk-full", "A disk is nearly full.", "delivered")
    stage.slack.outage()
    alarm.ring()
    # It ends when SQS has handed the alert out a second time: one whole invocation has failed by then.
    stage.until(lambda: stage.watch.receives(alarm.name) > 1)
    stage.slack.outage(0)
    stage.timeline.step("Slack is back")
    stage.until(lambda: stage.has_ended(alarm))


def missing_channel(stage: Stage) -> None:
    """Slack knows no such channel (404): one request each time, then the dead-letter queue keeps the alert."""
    alarm = stage.alarm("payments-down", "No payment for five minutes.", "dead_lettered")
    stage.slack.script([{"body": "channel_not_found"}], match=alarm.name, repeat=True)
    _ring_and_wait(stage, alarm)


def _ring_and_wait(stage: Stage, alarm: MetricAlarm) -> None:
    alarm.ring()
    stage.until(lambda: stage.has_ended(alarm))


def _is_settled(entry: Entry) -> bool:
    return not {"in_flight", "lost"} & set(entry.ends)
