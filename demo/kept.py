"""A queue that nothing reads by itself, looked at again and again: what has come, and what was redriven."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from demo.event import Event, just_before
from demo.ledger import Alert
from demo.ministack import QueuedMessage
from demo.queued_alert import alert_of, sns_id_of
from demo.slack.memory import Request


@dataclass(frozen=True)
class Kept:
    """A parking or dead-letter queue; `alerts` has the alerts in it at the last look, by SNS id."""

    word: str
    why: Callable[[QueuedMessage], str]
    alerts: dict[str, Alert] = field(default_factory=dict)

    def see(self, messages: Sequence[QueuedMessage], new: Sequence[Request]) -> Iterator[Event]:
        """What has changed since the last look; `new` is what Slack was asked meanwhile."""
        for gone in self.alerts.keys() - set(map(sns_id_of, messages)):
            alert = self.alerts.pop(gone)
            yield Event(
                just_before(new, alert), "news", "redriven", alert.label, "by redrive: back to intake or to its lane"
            )
        for message in messages:
            alert = alert_of(message)
            if alert.id not in self.alerts:
                self.alerts[alert.id] = alert
                yield Event(time.time(), "bad", self.word, alert.label, self.why(message))
