"""What is told of an alert while it is on its way."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from demo.ledger import Alert
from demo.slack.memory import Request


@dataclass(frozen=True)
class Event:
    """One thing that happened to an alert; `kind` chooses the colour, `word` says the same."""

    time: float
    kind: str
    word: str
    alert: str
    detail: str = ""


def just_before(new: Sequence[Request], alert: Alert) -> float:
    """Now, but before the requests that it led to since the last look."""
    return min((one.time for one in new if alert.id in one.body), default=time.time())
