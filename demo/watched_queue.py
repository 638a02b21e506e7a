"""The alerts in a parking queue or dead-letter queue, and the changes between two reads of it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from demo.event import Event, just_before
from demo.ledger import Alert
from demo.ministack import QueuedMessage
from demo.queued_alert import alert_of, sns_id_of
from demo.slack.memory import Request


@dataclass(frozen=True)
class WatchedQueue:
    """A queue; `alerts` has the alerts of the last read by SNS id."""

    word: str
    """The word for an alert that arrives."""
    detail: Callable[[QueuedMessage], str]
    alerts: dict[str, Alert] = field(default_factory=dict)

    def update(self, messages: Sequence[QueuedMessage], new: Sequence[Request]) -> Iterator[Event]:
        """Yield the changes since the last read; `new` are the requests to Slack since then."""
        for gone in self.alerts.keys() - set(map(sns_id_of, messages)):
            alert = self.alerts.pop(gone)
            detail = "by redrive: back to intake or to its lane"
            yield Event(just_before(new, alert), "news", "redriven", alert.label, detail)
        for message in messages:
            sns_id = sns_id_of(message)
            if sns_id not in self.alerts:
                alert = self.alerts[sns_id] = alert_of(message.body)
                yield Event(time.time(), "bad", self.word, alert.label, self.detail(message))
