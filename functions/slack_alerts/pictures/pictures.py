"""Post the graph of each metric alarm below its message, once all records of the invocation have ended.

A picture is extra: each failure is one metric and one log line, and no alert fails or repeats because of it.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aws_events.alarm import Alarm, Trigger
from aws_events.alarm_parsing import parse_alarm
from notifications.models import Kind, Notification, Status
from observability.telemetry import count, log_keys, logger
from retry_policies import Deadline
from retry_policies.deadline import Clock
from slack_alerts.formatting.mrkdwn import clean, one_line
from slack_alerts.models import BotToken, Place
from slack_alerts.pictures.failure import NoPicture, Reason
from slack_alerts.pictures.widget import describe, widget, window_of
from slack_alerts.slack.upload import File

PICTURES_TIME = 6.0
"""Seconds for all pictures of an invocation."""
PER_INVOCATION = 3
CLOSED_FOR = 60.0
"""Seconds without pictures after CloudWatch or Slack has throttled one, unless it asks for a longer wait."""
NAME = "alarm.png"
TITLE_LIMIT = 100
READS_ELSEWHERE = re.compile(r"(?i)\b(LAMBDA|DB_PERF_INSIGHTS)\s*\(|AccountId")
"""The parts of an expression that call a function, read another service or name an account."""

type Draw = Callable[[str, Deadline], bytes]
"""(graph, deadline) -> PNG; raises NoPicture."""
type Upload = Callable[[BotToken, Place, File, Deadline], None]
"""(credentials, message, file, deadline) -> None; raises NoPicture."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture that an alert shall have."""

    credentials: BotToken
    place: Place
    text: str = field(repr=False)
    """The message of the alarm."""
    ids: dict[str, str]
    """The ids of its record, for the log."""


@dataclass(slots=True, kw_only=True)
class Pictures:
    """The pictures of one execution environment; its lanes share them."""

    account: str
    region: str
    draw: Draw
    upload: Upload
    clock: Clock = time.time
    wanted: list[Wanted] = field(default_factory=list)
    closed_until: float = float("-inf")

    def want(self, credentials: BotToken, place: Place, one: Notification) -> None:
        """Note a picture for an alarm that was posted there; an OK and other events have none."""
        if one.kind is Kind.ALARM and one.status is Status.FIRING:
            ids = {"record": one.record.message_id, "sns_message_id": one.record.sns_message_id}
            self.wanted.append(Wanted(credentials, place, one.record.text, ids))

    def post(self, deadline: Deadline) -> None:
        """Draw and upload the pictures that were noted, before the deadline. Never raises."""
        wanted, self.wanted = self.wanted, []
        ends = deadline.at_most(PICTURES_TIME)
        for number, one in enumerate(wanted):
            with log_keys(**one.ids):
                try:
                    self._post(one, ends, is_one_too_many=number >= PER_INVOCATION)
                except NoPicture as failure:
                    self._failed(failure, ends)
                except Exception as error:  # noqa: BLE001 - the alerts are delivered: a picture fails nothing
                    self._failed(NoPicture(Reason.UNEXPECTED, type(error).__name__), ends)

    def _post(self, one: Wanted, ends: Deadline, *, is_one_too_many: bool) -> None:
        alarm = parse_alarm(one.text)
        if alarm.trigger is None:
            return
        self._check(alarm, alarm.trigger)
        if ends.clock() < self.closed_until:
            raise NoPicture(Reason.THROTTLED, "waiting")
        if is_one_too_many:
            raise NoPicture(Reason.NO_TIME, "too_many")
        window = window_of(alarm, alarm.trigger, datetime.fromtimestamp(self.clock(), UTC))
        picture = self.draw(widget(alarm, alarm.trigger, window), ends)
        file = File(NAME, clean(one_line(alarm.name), TITLE_LIMIT), describe(alarm, window), picture)
        self.upload(one.credentials, one.place, file, ends)
        logger.info("picture posted")

    def _check(self, alarm: Alarm, trigger: Trigger) -> None:
        """Raise NoPicture for a metric that the function may not read."""
        accounts = {alarm.account, *(query.account for query in trigger.queries if query.account)}
        reads_elsewhere = any(READS_ELSEWHERE.search(query.expression) for query in trigger.queries)
        if accounts != {self.account} or alarm.region != self.region or reads_elsewhere:
            raise NoPicture(Reason.ELSEWHERE)

    def _failed(self, failure: NoPicture, ends: Deadline) -> None:
        if failure.reason is Reason.THROTTLED and failure.code != "waiting":
            self.closed_until = ends.clock() + max(failure.retry_after, CLOSED_FOR)
        count("PicturesNotPosted", reason=failure.reason.value)
        logger.warning("no picture", extra={"reason": failure.reason.value, "code": failure.code})
