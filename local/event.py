"""What is told of an alert while it is on its way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One thing that happened to an alert; `kind` chooses the colour, `word` says the same."""

    time: float
    kind: str
    word: str
    alert: str
    detail: str = ""
