"""Events of alerts that the demonstration prints."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from demo.ledger import Alert
from demo.slack.memory import Request


@dataclass(frozen=True)
class Event:
    """An event of an alert; `kind` chooses the colour, and `word` says the same without colour."""

    time: float
    kind: str
    word: str
    alert: str
    detail: str = ""


def just_before(new: Sequence[Request], alert: Alert) -> float:
    """Return the present time, or that of the first new request about the alert, which the event caused."""
    return min((one.time for one in new if alert.id in one.body), default=time.time())
